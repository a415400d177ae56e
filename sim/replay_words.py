"""Says in words why an event of a chronology cannot happen, which rule forbids it, and what could happen instead."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sim.policies.library import shipped, shipped_regimes
from sim.policies.regime import Regime, StepVersion
from sim.policies.words import Words, sources
from sim.procedures.schema import Branch
from sim.replay_case import Event
from sim.replay_config import Block, Config, Goal
from sim.replay_known import Known
from sim.replay_law import Law, Span
from sim.replay_search import Search

WIDTH = 100
MOST_LISTED = 4


@dataclass(frozen=True)
class Why:
    """The reason of a failure, and what could have happened instead, each in sentences."""

    reason: str
    instead: tuple[str, ...] = ()


class Teller:
    """Puts one case under one regime into words."""

    def __init__(self, law: Law, known: Known) -> None:
        self.law, self.known = law, known
        self.regime: Regime = law.regime
        self.words = Words(self.regime.final_steps, self.regime.conditions, law.parameters)

    # ---- parts of sentences ----

    def title(self, step: str) -> str:
        """Return the title of a step in English and Dutch; of a step of another regime too."""
        if step in self.regime.versions:
            title = self.regime.final_steps[step].title
        else:
            title = next(source.file.step[step].title for source in shipped() if step in source.file.step)
        return f"{title.en} ({title.nl})"

    def quoted(self, step: str) -> str:
        """Return the title of a step, in quotation marks, with its id."""
        return f'"{self.words.step(step)}" ({step})'

    def track(self, step: str) -> str:
        """Return the name of the track of a step."""
        title = self.regime.tracks[self.law.tracks[self.law.track_of[step]]].title.en
        return title if title[:2].isupper() else title[0].lower() + title[1:]

    def day(self, day: int) -> str:
        """Return a date."""
        return self.law.date(min(day, self.law.calendar.days - 1)).isoformat()

    def text(self, version: StepVersion) -> str:
        """Say which text of a step that is."""
        layer = next(layer for layer in self.regime.layers if layer.name == version.layer)
        if version.in_force is None:
            return f"text of {layer.name}"
        return f"text of {layer.name} ({layer.instrument}), in force from {version.in_force}"

    def law_of(self, step: str, version: StepVersion) -> str:
        """Return the sources of a text of a step, with those of the amendment that made it."""
        reasons = [r for r in self.regime.reasons if (r.layer, r.kind, r.name) == (version.layer, "step", step)]
        keys = [key for reason in reasons for key in reason.law] or list(version.step.law)
        article = f"{version.step.article}; " if version.step.article else ""
        return f"{article}{sources(keys)} [{version.step.status}]"

    def why_of(self, step: str, version: StepVersion) -> str:
        """Return why a layer amended the ways on from a step."""
        reasons = [
            reason.why
            for reason in self.regime.reasons
            if (reason.layer, reason.kind, reason.name) == (version.layer, "step", step)
            and {"next", "repeal", "replace", "require", "lift"} & set(reason.keys)
        ]
        return "; ".join(dict.fromkeys(reasons))

    def item(self, item: str, config: Config, now: int) -> str:
        """Say that an item of ``when`` does not hold, and how one knows."""
        negated, bare = item.startswith("not "), item.removeprefix("not ")
        condition = self.regime.conditions.get(bare)
        says = self.words.item(bare)
        if self.known.is_decision(bare):
            truth = "yes" if self.known.facts.get(bare, negated) else "no"
            return f"{says}: {truth}" + (", says the case" if bare in self.known.facts else "")
        it_is = f"it is so that: {says}" if negated else f"it is not so that: {says}"
        if condition is not None and condition.at:
            where = self._where({self.law.track_of[step] for step in condition.at}, config)
            if where:
                return f"{it_is} ({where})"
        if bare in self.known.facts:
            return f"{it_is} (a fact of the case: {bare} = {str(self.known.facts[bare]).lower()})"
        if condition is not None and condition.since is not None:
            since = config.entered(condition.since)
            if since is not None:
                ends = self.law.days_that_matter(condition, since)[1] - 1
                return f"{it_is} (the term ends on {self.day(ends)})"
        if condition is not None and condition.from_date is not None:
            return f"{it_is} (from {condition.from_date})"
        if bare in self.law.facts:
            return f"{it_is} (the rules on {self.day(now)})"
        return it_is

    def _where(self, tracks: Iterable[int], config: Config) -> str:
        stands = [stand for track in tracks if (stand := config.stands[track]) is not None]
        return "; ".join(
            f"{self.track(stand.step)} at {self.quoted(stand.step)} since {self.since(stand.entered)}"
            for stand in stands
        )

    def since(self, span: Span) -> str:
        """Return when a step was entered, as far as known."""
        if span.first == span.last:
            return self.day(span.first)
        return f"some day before {self.day(span.last)}" if span.first == 0 else f"{self.day(span.first)} or later"

    # ---- why not ----

    def unknown_step(self, event: Event) -> Why:
        """Explain that a regime does not have a step."""
        return Why(f"{self.regime.name} does not have this step at all.{self._elsewhere(event.step)}")

    def against_facts(self, step: str) -> Why:
        """Explain that a fact of the case excludes a step."""
        for name, value in self.known.facts.items():
            condition = self.regime.conditions.get(name)
            if condition is not None and not value and step in (*condition.at, *condition.ever):
                excluded = f"{self.quoted(step)} is excluded by the case itself"
                return Why(f"{excluded}: {name} = false ({condition.title}).")
        raise AssertionError("no fact excludes this step")

    def why(self, event: Event, goal: Goal, search: Search) -> Why:
        """Explain why the search found no way to an event."""
        if goal.step not in self.known.reached(goal.day):
            return self._never(event, goal)
        nearest = self._blocks(search, goal)
        for block in nearest:
            if block.kind == "early":
                return self._early(block, goal)
        for block in (*self._passed(search, goal), *nearest):
            if block.kind == "condition":
                return self._condition(block, goal)
        for block in nearest:
            if block.kind == "fact":
                return self.against_facts(block.to)
            if block.kind == "denied":
                return self._denied(block, search)
            if block.kind == "outcome":
                return self._other_outcome(block)
            if block.kind == "late":
                return self._late(block)
        return self._no_way(goal, search)

    def why_no_outcome(self, event: Event, goal: Goal, search: Search) -> Why:
        """Explain why what is said to have followed cannot follow."""
        assert event.outcome is not None
        following = goal._replace(step=event.outcome, outcome=None)
        for block in (*self._blocks(search, following), *self._passed(search, following)):
            if block.kind == "condition" and block.to == event.outcome and block.step == event.step:
                return self._condition(block, following)
        ways = self._ways_on(event.step, search.configs)
        then = f"From it follows: {ways}." if ways else "Nothing follows from it."
        return Why(f"{self.quoted(event.outcome)} does not follow from this step. {then}")

    def _never(self, event: Event, goal: Goal) -> Why:
        """Explain that no text in force leads to a step."""
        later = [
            text.in_force
            for name, texts in self.regime.versions.items()
            for text in texts
            if text.in_force is not None
            and self.law.since(text.in_force) > goal.day
            and any(goal.step in (branch.to, *branch.signals) for branch in text.step.next)
            and name in self.known.reached(self.law.horizon)
        ]
        reason = f"No rule of {self.regime.name} that was in force by {event.date} leads to this step"
        if goal.step in self.known.reached(self.law.horizon) and later:
            return Why(f"{reason}; from {min(later)} on one does.", self._usual_way(goal))
        facts = " for a person of whom the case says this" if self._without_facts(goal) else ""
        return Why(f"{reason}{facts}.{self._elsewhere(goal.step)}", self._usual_way(goal))

    def _without_facts(self, goal: Goal) -> bool:
        return goal.step in Known(self.law, {}).reached(goal.day)

    def _elsewhere(self, step: str) -> str:
        """Say which shipped regimes lead to a step."""
        leading = []
        for name in shipped_regimes():
            regime = Regime.load(name)
            if name == self.regime.name or step not in regime.versions:
                continue
            law = Law(regime, self.law.date(0), self.law.date(self.law.horizon))
            if step in Known(law, self.known.facts).reached(law.horizon):
                leading.append(name)
        return f" Regimes that lead to it: {', '.join(leading)}." if leading else ""

    def _usual_way(self, goal: Goal) -> tuple[str, ...]:
        """Say what follows instead from the steps that lead to this one under another regime."""
        origins = {
            name
            for other in map(Regime.load, shipped_regimes())
            for name, texts in other.versions.items()
            for text in texts
            if any(branch.to == goal.step for branch in text.step.next)
        }
        found = []
        for origin in sorted(origins & self.regime.versions.keys()):
            text = self._in_force(origin, goal.day)
            taken = [
                branch
                for place, branch in enumerate(text.step.next)
                if self.known.can_take(text.step.next, place, None, Span(goal.day, goal.day))[0]
            ]
            if taken:
                ways = "; ".join(self.quoted(branch.to) for branch in taken)
                found.append(f"After {self.quoted(origin)} follows: {ways} (source: {self.law_of(origin, text)}).")
        return tuple(found[:MOST_LISTED])

    def _in_force(self, step: str, day: int) -> StepVersion:
        return self.law.texts_in_force(step, day, lambda event: None)[0]

    def _blocks(self, search: Search, goal: Goal) -> list[Block]:
        """Return what stood in the way nearest to the event; what is known before what is only possible."""
        reached = [block for block in search.blocks if block.to in search.distances]
        least = min((search.distances[block.to] for block in reached), default=0)
        nearest = [block for block in reached if search.distances[block.to] == least]
        near = {(b.kind, b.step, b.to, b.day, b.items): b for b in nearest}

        def begun(block: Block) -> bool:
            return any(h.step == block.step and h.cause == "start" for h in block.config.story)

        return sorted(near.values(), key=lambda block: (begun(block), len(block.items)))

    def _passed(self, search: Search, goal: Goal) -> Iterator[Block]:
        """Give the steps of the story from which the event could have followed, under this text or another one."""
        for config in search.explored[:1]:
            past = [h for h in config.story if self.law.track_of[h.step] == goal.track]
            for happening in reversed(past):
                step, now = happening.step, happening.when.last
                leads = any(b.to == goal.step for text in self.law.texts(step) for b in text.step.next)
                if not leads or step == config.step_on(goal.track):
                    continue
                text = self._text_then(config, step, now)
                items = self._items(text, goal.step, config, now)
                yield Block("condition", step, goal.step, now, config, text, items)

    def _text_then(self, config: Config, step: str, day: int) -> StepVersion:
        return self.law.texts_in_force(step, day, config.entered)[0]

    def _items(self, text: StepVersion, to: str, config: Config, day: int) -> tuple[str, ...]:
        for place, branch in enumerate(text.step.next):
            if branch.to == to:
                possible, items = self.known.can_take(text.step.next, place, config, Span(day, day))
                return () if possible else tuple(items)
        return ()

    # ---- the kinds of reasons ----

    def _early(self, block: Block, goal: Goal) -> Why:
        stand = block.config.stands[self.law.track_of[block.step]]
        assert stand is not None
        assert stand.due is not None
        step = self._text_then(block.config, block.step, stand.entered.first).step
        counted = f", counted from {self.quoted(step.counted_from)}" if step.counted_from else ""
        reason = (
            f"{self.quoted(block.step)} began on {self.since(stand.entered)} and takes "
            f"{self.words.parameter(step.takes)}{counted}: its last day is {self.day(stand.due.first)}, so it was not "
            f"over on {self.day(goal.day)}. Source: {self.law_of(block.step, self._last(block.step))}."
        )
        return Why(reason, (f"{self.quoted(block.to)} on {self.day(stand.due.first)}.",))

    def _last(self, step: str) -> StepVersion:
        return self.law.texts(step)[-1]

    def _late(self, block: Block) -> Why:
        assert block.text is not None
        step = block.text.step
        ways = "; ".join(self._branch(branch) for branch in step.next)
        return Why(
            f"The term of {self.quoted(block.step)} ended on {self.day(block.day)}; then follows: {ways}. "
            f"Source: {self.law_of(block.step, block.text)}.",
            tuple(f"{self.quoted(branch.to)} on {self.day(block.day)}." for branch in step.next),
        )

    def _branch(self, branch: Branch) -> str:
        also = f", and with it: {self.words.signals(branch.signals)}" if branch.signals else ""
        return f"{self.words.step(branch.to)}{also}"

    def _condition(self, block: Block, goal: Goal) -> Why:
        assert block.text is not None
        config, text = block.config, block.text
        reasons = [self.item(item, config, block.day) for item in dict.fromkeys(block.items)]
        when = f"on {self.day(block.day)}" if block.day else f"by {self.day(goal.day)}"
        leads = any(branch.to == block.to for branch in text.step.next)
        if reasons and leads:
            middle = f"does not lead to {self.quoted(block.to)} {when}, because " + "; and ".join(reasons) + "."
        else:
            middle = f"does not lead to {self.quoted(block.to)} {when}."
        why = self.why_of(block.step, text)
        parts = [
            f"{self.quoted(block.step)} {middle}",
            f"Rule: {self.words.ways_on(text.step.next)} ({self.text(text)}).",
            f"{why}." if why else "",
            self._left_out(block.step, text, config, block.day),
            f"Source: {self.law_of(block.step, text)}.",
        ]
        return Why(" ".join(part for part in parts if part), self._alternatives(block.step, text, config, block))

    def _left_out(self, step: str, text: StepVersion, config: Config, day: int) -> str:
        """Say which later texts of a step were in force, but not for this person."""
        texts = self.law.texts(step)
        sentences = []
        for later in texts[texts.index(text) + 1 :]:
            event = None if later.applies_to is None else config.entered(later.applies_to)
            if later.applies_to is None or event is None or self.law.since(later.in_force) > day:
                continue
            sentences.append(
                f"The {self.text(later)}, is not for those whose {self.quoted(later.applies_to)} was before that day: "
                f"here it was on {self.since(event)}."
            )
        return " ".join(sentences)

    def _alternatives(self, step: str, text: StepVersion, config: Config, block: Block) -> tuple[str, ...]:
        now = Span(block.day, block.day)
        taken = [
            branch.to
            for place, branch in enumerate(text.step.next)
            if branch.to != block.to and self.known.can_take(text.step.next, place, config, now)[0]
        ]
        if taken:
            return tuple(f"{self.quoted(to)} after {self.quoted(step)}." for to in dict.fromkeys(taken))
        return (f"It stays at {self.quoted(step)} until that changes.",)

    def _denied(self, block: Block, search: Search) -> Why:
        decisions = "; ".join(
            f"{self.words.item(name)}: {'yes' if value else 'no'}"
            for name, value in self.known.facts.items()
            if self.known.is_decision(name)
        )
        return Why(
            f"A decision of the case has said no to it ({decisions}), and no later event of the case, such as an "
            f"objection, undoes that.",
            self._now_at(search, self.law.track_of[block.to]),
        )

    def _other_outcome(self, block: Block) -> Why:
        wanted = dict(block.config.outcomes)[self.law.track_of[block.to]]
        return Why(f"The case says that {self.quoted(wanted)} came of the event before it.")

    def _no_way(self, goal: Goal, search: Search) -> Why:
        """Explain that from where things stood no step leads there."""
        more = " (the search ended at its bound)" if search.exhausted else ""
        at = self._standing(search, goal.track)
        if at is None:
            return Why(f"No rule in force on {self.day(goal.day)} leads to this step{more}.")
        leading = [
            name
            for name in self.law.steps_of(goal.track)
            if any(goal.step in entered for _, entered in self.law.ways_out(name))
        ]
        ways = "; ".join(self.quoted(name) for name in leading[:MOST_LISTED])
        hint = f" It follows from: {ways}." if ways else ""
        return Why(f"From {self.quoted(at)} no rule leads there{more}.{hint}", self._now_at(search, goal.track))

    def _standing(self, search: Search, track: int) -> str | None:
        return next((step for config in search.explored if (step := config.step_on(track))), None)

    def _now_at(self, search: Search, track: int) -> tuple[str, ...]:
        at = self._standing(search, track)
        if at is None:
            return ()
        ways = self._ways_on(at, search.explored[:1])
        return (f"From {self.quoted(at)}: {ways}." if ways else f"It rests at {self.quoted(at)}.",)

    def _ways_on(self, step: str, configs: Iterable[Config]) -> str:
        """Return what can follow from a step."""
        for config in configs:
            day = next((h.when.last for h in reversed(config.story) if h.step == step), 0)
            text = self._text_then(config, step, day)
            taken = [
                branch.to
                for place, branch in enumerate(text.step.next)
                if self.known.can_take(text.step.next, place, config, Span(day, day))[0]
            ]
            return "; ".join(self.quoted(to) for to in dict.fromkeys(taken))
        return ""


def wrapped(text: str, indent: str, first: str | None = None) -> str:
    """Return a paragraph at the width of a page, indented."""
    start = indent if first is None else first
    return textwrap.fill(
        text, WIDTH, initial_indent=start, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
