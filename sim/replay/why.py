"""Why an event of a chronology cannot happen: which rule forbids it, and what could happen instead.

The trace of a search has whatever stood in the way. From that the reason is chosen that lies nearest to the event, in
this order: what the case itself excludes; a step that the rules do not lead to; what another step no longer sets off; a
term; a condition; a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.policies.library import shipped_regimes
from sim.policies.regime import Regime, StepVersion
from sim.policies.statute import Span
from sim.procedures.conditions import Name
from sim.replay.case import Event
from sim.replay.config import Block, Config, Goal, Happening
from sim.replay.elsewhere import regimes_with
from sim.replay.known import Known
from sim.replay.moves import SUPPOSED
from sim.replay.noted import Noted
from sim.replay.ordinary import AGAIN, CUT_SHORT, DENIED, HAZARD, UNUSUAL
from sim.replay.rules import Rules
from sim.replay.search import Trace
from sim.replay.teller import Teller

MOST_LISTED = 3


@dataclass(frozen=True)
class Why:
    """The reason of a failure, in sentences.

    Attributes
    ----------
    reason
        What stands in the way.
    rule
        The text that says so, in words; empty where there is no single one.
    source
        Where it comes from.
    instead
        What could have happened instead.
    """

    reason: str
    rule: str = ""
    source: str = ""
    instead: tuple[str, ...] = ()


class Explainer:
    """Explains the failures of one case under one regime."""

    def __init__(self, law: Rules, known: Known, teller: Teller) -> None:
        self.law, self.known, self.teller = law, known, teller
        self.noted = Noted(law, known)
        self.regime = law.regime

    # ---- what the case itself excludes, and what is not there ----

    def unknown_step(self, step: str) -> Why:
        """Explain that a regime does not have a step."""
        return Why(f"{self.regime.name} does not have this step at all.{regimes_with(step, self.law, self.known)}")

    def against_facts(self, step: str) -> Why:
        """Explain that a fact of the case excludes a step."""
        for name, value in self.known.facts.items():
            condition = self.law.statute.condition(name)
            if condition is not None and not value and step in (*condition.at, *condition.ever):
                excluded = f"{self.teller.quoted(step)} is excluded by the case itself"
                return Why(f"{excluded}: {name} = false ({condition.title}).")
        raise AssertionError("no fact excludes this step")

    def closed(self, block: Block, goal: Goal) -> Why:
        """Explain what closes a way to an event for good."""
        return self._early(block, goal) if block.kind == "early" else self._condition(block, goal)

    def why_not(self, goal: Goal, trace: Trace) -> Why:
        """Explain why the search found no way to an event."""
        return self.out_of_reach(goal) or next(self._reasons(goal, trace))

    def out_of_reach(self, goal: Goal) -> Why | None:
        """Explain that no rule in force by its day leads to an event, whatever the case says; None: one does."""
        if any(goal.step in known.reached(goal.day) for known in (self.known, Known(self.law, {}))):
            return None
        return next(self._reading_says_no(goal), None) or self._never(goal)

    def _reasons(self, goal: Goal, trace: Trace) -> Iterator[Why]:
        """Give the reasons why an event cannot happen, that which decides first."""
        yield from self._no_longer_set_off(goal, trace)
        yield from self._came_already(goal, trace)
        yield from self._case_says_no(goal)
        near = self.noted.nearest(goal, trace)
        early = [block for block in near if block.kind == "early" and self.noted.is_at_hand(block, goal)]
        on_the_day = [*self.noted.passed(trace, goal), *self.noted.by_another_text(trace, goal)]
        yield from (self._condition(block, goal) for block in self.noted.set_off_on_the_day(trace, goal))
        yield from (self._early(block, goal) for block in early if block.to == goal.step)
        yield from (self._early(block, goal) for block in early if self.noted.is_told(block))
        yield from (self._condition(block, goal) for block in on_the_day)
        yield from (self._early(block, goal) for block in early)
        conditions = [block for block in near if block.kind == "condition" and self.noted.is_close(block, goal)]
        late = [block for block in trace.blocks if block.kind == "late"]
        if late and not any(block.to == goal.step for block in conditions):
            yield self._late(late, goal)
        yield from (self._condition(block, goal) for block in conditions)
        for block in near:
            if block.kind == "fact":
                yield self.against_facts(block.to)
            if block.kind == "denied":
                yield self._denied(block, trace)
            if block.kind == "outcome":
                wanted = dict(block.config.outcomes)[self.law.track_of[block.to]]
                yield Why(f"The case says that {self.teller.quoted(wanted)} came of the event before it.")
        yield from self._not_from_here(goal, trace)
        yield self._no_way(goal, trace)

    def why_no_outcome(self, event: Event, goal: Goal, trace: Trace) -> Why:
        """Explain why what is said to have followed cannot follow."""
        assert event.outcome is not None
        following = goal._replace(step=event.outcome, outcome=None)
        found = [*self.noted.nearest(following, trace), *self.noted.passed(trace, following)]
        conditions = [b for b in found if (b.kind, b.step, b.to) == ("condition", event.step, event.outcome)]
        if conditions:
            return self._condition(conditions[0], following)
        config = next(iter(trace.explored), None)
        ways = self._ways_on(event.step, config) if config is not None else ()
        then = f"From it follows: {'; '.join(map(self.teller.short, ways))}." if ways else "Nothing follows from it."
        return Why(f"{self.teller.quoted(event.outcome)} does not follow from this step. {then}")

    # ---- rules that do not lead there at all ----

    def _never(self, goal: Goal) -> Why:
        """Explain that no text in force leads to a step."""
        date = self.law.date(goal.day)
        reason = f"No rule of {self.regime.name} that was in force by {date} leads to this step"
        if goal.step in self.known.reached(self.law.horizon):
            later = [layer for layer in self.regime.layers if layer.in_force is not None and layer.in_force > date]
            for layer in [*(layer for layer in later if layer.name in self.noted.leading(goal.step)), *later]:
                enters = f"{layer.name} ({layer.instrument}) comes into force on {layer.in_force}"
                return Why(f"{reason}; {enters}.", instead=tuple(self._usual_ways(goal)))
        return Why(f"{reason}.{regimes_with(goal.step, self.law, self.known)}", instead=tuple(self._usual_ways(goal)))

    def _usual_ways(self, goal: Goal) -> Iterator[str]:
        """Return what follows, under this regime, from the steps that lead to this one under another."""
        origins = {
            name
            for other in map(Regime.load, shipped_regimes())
            for name, texts in other.versions.items()
            if any(branch.to == goal.step for text in texts for branch in text.step.next)
        }
        for origin in sorted(origins & set(self.law.statute.steps))[:MOST_LISTED]:
            text = self.law.statute.text_on(origin, goal.day, lambda event: None)
            ways = self.noted.open_ways(text, None, goal.day)
            if ways:
                listed = "; ".join(map(self.teller.quoted, ways))
                yield f"After {self.teller.short(origin)}: {listed}. {self.teller.law_of(text)}"

    # ---- what must be told ----

    def why_odd(self, story: tuple[Happening, ...], place: int) -> str:
        """Return why what happened must be told at a place of a course of events."""
        happening = story[place]
        track = self.law.track_of[happening.step]
        before = next((h for h in reversed(story[:place]) if self.law.track_of[h.step] == track), None)
        then = f"after {self.teller.short(before.step)}" if before is not None else ""
        said = {
            HAZARD: "a choice or a chance, which no rule implies",
            UNUSUAL: "it is not the usual course",
            AGAIN: f"a second time, {then}, which is not mentioned either",
            DENIED: f"{then}, though a decision of the case had said no",
            SUPPOSED: "the way taken is open only then",
            CUT_SHORT: "it cuts short what was running",
        }
        return said[happening.odd]

    # ---- what the search noted ----

    def _case_says_no(self, goal: Goal) -> Iterator[Why]:
        """Give what the case itself says against an event: facts without which a rule would lead there."""
        if goal.step not in self.known.reached(goal.day):
            yield from (self._condition(block, goal._replace(step=block.to)) for block in self._closed(goal))

    def _reading_says_no(self, goal: Goal) -> Iterator[Why]:
        """Give what a reading answers to a decision without which no rule leads to an event."""
        now = Span(goal.day, goal.day)
        for block in self._closed(goal):
            names = [item.name for item in block.items if item.name in self.law.decisions]
            if any(self.law.settled(name, now) is not None for name in names):
                yield self._condition(block, goal._replace(step=block.to))

    def _closed(self, goal: Goal) -> Iterator[Block]:
        """Give what closes the ways from what can be reached to an event that cannot, the nearest first."""
        blank, causes, reached = Config.blank(self.known), self.law.causes(goal.step), self.known.reached(goal.day)
        for target in sorted(causes.keys() - reached.keys(), key=causes.__getitem__):
            for name in sorted(reached, key=reached.__getitem__):
                for text in self.law.texts(name):
                    items = self.noted.items(text, target, None, goal.day)
                    if items and self.law.statute.day_of(text.in_force) <= goal.day:
                        yield Block("condition", name, target, goal.day, blank, text, items)

    def _came_already(self, goal: Goal, trace: Trace) -> Iterator[Why]:
        """Give the earlier day of the chronology on which the event followed at once from another one."""
        for config in trace.explored[:1]:
            for event, sender in self.noted.came_already(goal, config):
                yield self._set_off_by(event, sender, goal, config)

    def _set_off_by(self, event: Happening, sender: Happening, goal: Goal, config: Config) -> Why:
        """Explain that an event followed at once from an earlier one of the chronology."""
        day = self.teller.day(event.when.last)
        text = self.noted.text_then(config, sender.step, event.when.last)
        return Why(
            f"{self.teller.quoted(goal.step)} came on {day} already, at once with {self.teller.quoted(event.step)}: "
            f"not on {self.teller.day(goal.day)}.",
            f"{self.teller.short(sender.step)} sets off {self.teller.short(goal.step)}. ({self.teller.text(text)})",
            self.teller.law_of(text),
            (f"{self.teller.quoted(goal.step)} on {day}.",),
        )

    def _not_from_here(self, goal: Goal, trace: Trace) -> Iterator[Why]:
        """Give what sets the event off on its day, though not from where its track is."""
        for config in trace.explored[:1]:
            stand = config.stands[goal.track]
            for happening in reversed(config.story):
                sets_off = goal.step in self.law.enters_at_once[happening.step]
                if stand is None or not sets_off or happening.when != Span(goal.day, goal.day):
                    continue
                text = self.noted.text_then(config, stand.step, goal.day)
                yield Why(
                    f"{self.teller.quoted(happening.step)} does not set off {self.teller.quoted(goal.step)} where the "
                    f"{self.teller.track(stand.step)} is at {self.teller.quoted(stand.step)}, as it is since "
                    f"{self.teller.since(stand.entered)}.",
                    self._it_follows_from(goal),
                    self.teller.law_of(text),
                    self._from_here(trace, goal.track),
                )

    def _no_longer_set_off(self, goal: Goal, trace: Trace) -> Iterator[Why]:
        """Give the steps of the story that set the event off under another text, but not under the one in force."""
        for config in trace.explored[:1]:
            for happening in reversed(config.story):
                step, day = happening.step, happening.when.last
                signals = [text.step.sets_off for text in self.law.texts(step)]
                if not any(goal.step in some for some in signals):
                    continue
                text = self.noted.text_then(config, step, day)
                if goal.step not in text.step.sets_off:
                    why = self.teller.why_of(text, "signals")
                    then = f"does not set off {self.teller.quoted(goal.step)}"
                    yield Why(
                        f"{self.teller.quoted(step)} on {self.teller.day(day)} {then}.",
                        f"{self.teller.text(text)}. {why}.",
                        self.teller.law_of(text, "signals"),
                        (f"{self.teller.short(step)} without it.",),
                    )

    # ---- the kinds of reasons ----

    def _early(self, block: Block, goal: Goal) -> Why:
        """Explain that a term was not over."""
        stand = block.config.stands[self.law.track_of[block.step]]
        assert stand is not None
        assert stand.due is not None
        text = self.noted.text_then(block.config, block.step, stand.entered.first)
        track = self.law.track_of[block.step]
        own = [happening.step for happening in block.config.story if self.law.track_of[happening.step] == track]
        assumed = track == goal.track and not block.config.is_mentioned(track) and len(own) > 1
        first = f"First comes what follows {self.teller.short(own[-2])}: " if assumed else ""
        counted = f", counted from {self.teller.short(text.step.counted_from)}" if text.step.counted_from else ""
        last = self.teller.day(stand.due.first)
        return Why(
            f"{first}{self.teller.quoted(block.step)} began on {self.teller.since(stand.entered)}. Its last day is "
            f"{last}: it was not over on {self.teller.day(goal.day)}.",
            f"It takes {self.teller.words.parameter(text.step.takes)}{counted}.",
            self.teller.law_of(text),
            (f"{self.teller.quoted(block.to)} on {last}.",),
        )

    def _late(self, blocks: list[Block], goal: Goal) -> Why:
        """Explain that a term ended before: one of another track that ends this one, if there is one."""
        track = goal.track
        ends_it = [
            block
            for block in blocks
            if block.text is not None
            and any(self.law.track_of[to] == track for branch in block.text.step.next for to in branch.enters)
        ]
        elsewhere = [block for block in ends_it if self.law.track_of[block.step] != track]
        block = min(elsewhere or ends_it or blocks, key=lambda b: (len(b.config.story), b.day))
        assert block.text is not None
        ways = "; or ".join(self.teller.branch(branch) for branch in block.text.step.next)
        return Why(
            f"The term of {self.teller.quoted(block.step)} ended on {self.teller.day(block.day)} at the latest.",
            f"It takes {self.teller.words.parameter(block.text.step.takes)}; then follows: {ways}.",
            self.teller.law_of(block.text),
            tuple(f"On {self.teller.day(block.day)}: {self.teller.branch(branch)}." for branch in block.text.step.next),
        )

    def _condition(self, block: Block, goal: Goal) -> Why:
        """Explain that conditions of a branch do not hold, or that another branch comes first."""
        assert block.text is not None
        config, text, day = block.config, block.text, block.day
        signalled = any(goal.step in branch.enters[1:] for branch in text.step.next)
        target, leads = (goal.step, "set off") if signalled else (block.to, "lead to")
        items = self.noted.items(text, target, config, day)
        because = f", because {self.teller.items(items, config, day)}" if items else ""
        when = f" on {self.teller.day(day)}" if day else ""
        reason = f"{self.teller.quoted(block.step)} does not {leads} {self.teller.quoted(target)}"
        why = self.teller.why_of(text)
        rule = [
            f"After {self.teller.short(block.step)}: {self.teller.words.ways_on(text.step.next)}.",
            f"({self.teller.text(text)})",
            f"{why}." if why else "",
            self._left_out(block.step, text, config, day),
        ]
        instead = [to for to in self.noted.open_ways(text, config, day) if to != target]
        stays = f"It stays at {self.teller.short(block.step)} until that changes."
        return Why(
            f"{reason}{when}{because}.",
            " ".join(part for part in rule if part),
            self.teller.law_of(text),
            tuple(f"{self.teller.quoted(to)}." for to in instead) or (stays,),
        )

    def _left_out(self, step: str, text: StepVersion, config: Config, day: int) -> str:
        """Return which later texts of a step were in force, but not for this person."""
        texts = self.law.texts(step)
        sentences = []
        for later in texts[texts.index(text) + 1 :]:
            event = None if later.applies_to is None else config.told_of(later.applies_to)
            if later.applies_to is None or event is None or self.law.statute.day_of(later.in_force) > day:
                continue
            sentences.append(
                f"Not for this person: {self.teller.text(later)}, since {self.teller.short(later.applies_to)} was "
                f"before that day, on {self.teller.since(event)}."
            )
        return " ".join(sentences)

    def _denied(self, block: Block, trace: Trace) -> Why:
        """Explain that a decision of the case turned it down."""
        decisions = "; ".join(
            f"{self.teller.words.subject(Name(name))}: {'yes' if value else 'no'}"
            for name, value in self.known.facts.items()
            if name in self.law.decisions
        )
        return Why(
            f"A decision of the case has turned it down ({decisions}), and no later event of the case, such as an "
            "objection, undoes that.",
            instead=self._from_here(trace, self.law.track_of[block.to]),
        )

    def _no_way(self, goal: Goal, trace: Trace) -> Why:
        """Explain that from where things stood no step leads there."""
        stand = self.noted.standing(trace, goal.track)
        if stand is None:
            return Why(f"No rule in force on {self.teller.day(goal.day)} leads to this step.")
        text = self.noted.text_then(trace.explored[0], stand.step, stand.entered.last)
        ends = " It is the end of it." if text.step.final else ""
        return Why(
            f"From {self.teller.quoted(stand.step)} no rule leads there. ({self.teller.track(stand.step)}: there "
            f"since {self.teller.since(stand.entered)}.{ends})",
            self._it_follows_from(goal),
            self.teller.law_of(text) if ends else "",
            self._from_here(trace, goal.track),
        )

    def _it_follows_from(self, goal: Goal) -> str:
        """Return from which steps an event follows, and which set it off, by the rules of any day."""
        leading: list[str] = []
        setting_off: list[str] = []
        for name in self.law.statute.steps:
            texts = [text.step for text in self.law.texts(name)]
            if any(branch.to == goal.step for step in texts for branch in step.next):
                leading.append(name)
            if any(signal.step == goal.step for step in texts for signal in step.all_signals()):
                setting_off.append(name)
        told = (("It follows from", leading), ("It is set off by", setting_off))
        return " ".join(f"{how}: {self._first(steps)}." for how, steps in told if steps)

    def _first(self, steps: list[str]) -> str:
        """Return the first steps of a list, and how many more there are."""
        more = f"; and {len(steps) - MOST_LISTED} more" if len(steps) > MOST_LISTED else ""
        return "; ".join(map(self.teller.short, steps[:MOST_LISTED])) + more

    def _from_here(self, trace: Trace, track: int) -> tuple[str, ...]:
        stand = self.noted.standing(trace, track)
        if stand is None:
            return ()
        ways = self._ways_on(stand.step, trace.explored[0])
        return tuple(f"{self.teller.quoted(to)}." for to in ways) or (f"It rests at {self.teller.short(stand.step)}.",)

    def _ways_on(self, step: str, config: Config) -> tuple[str, ...]:
        """Return what can follow from a step."""
        day = next((h.when.last for h in reversed(config.story) if h.step == step), 0)
        return self.noted.open_ways(self.noted.text_then(config, step, day), config, day)
