"""Can a dated chronology happen under these rules? If not: the first step that cannot, and why.

    result = replay("case.toml", "vc_2018")
    result.possible, result.failure, result.text

A case is a TOML file: a table ``[case]`` with title, source, regime and facts, and ``[[event]]`` tables, each a step
of the procedures on a day; see `sim.replay_case`. What the case does not say may have happened in any way that the
rules allow; how far that goes stands in `sim.replay_search`.

The day of an event is the day on which the step is entered. For steps at which one waits (for an authority, for a
gate to open, or for as long as somebody takes) it may also be a later day on which one is still there: the day on
which a court or the prosecution dealt with the file.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike

from sim.policies.regime import Regime
from sim.replay_case import PLACES, Case, Event, read_case
from sim.replay_config import Config, Goal, Happening
from sim.replay_known import Known
from sim.replay_law import CLOCK, GATE, QUEUE, Law
from sim.replay_search import Search
from sim.replay_why import Explainer, Why
from sim.replay_words import Teller, wrapped

__all__ = ["Failure", "Replay", "ReplayedStep", "read_case", "replay"]


@dataclass(frozen=True)
class ReplayedStep:
    """One step of the course of events that was found.

    Attributes
    ----------
    step
        Its id.
    title
        In English, and in Dutch in brackets.
    earliest, latest
        The day; two days where it lies somewhere between them, None where nothing bounds it.
    event
        Its place in the case, from 0; None where it was assumed.
    rule
        Where a layer of the regime, and not the base text, led to it: which, and why. Else empty.
    """

    step: str
    title: str
    earliest: dt.date | None
    latest: dt.date
    event: int | None
    rule: str = ""


@dataclass(frozen=True)
class Failure:
    """The first event that cannot happen.

    Attributes
    ----------
    event
        Its place in the case, from 0.
    step, date
        What it is, and when it should have been.
    reason, rule, source
        What stands in the way; the text that says so, in words; where it comes from.
    instead
        What could have happened instead.
    """

    event: int
    step: str
    date: dt.date
    reason: str
    rule: str
    source: str
    instead: tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """The answer.

    Attributes
    ----------
    case, regime
        The case; the name of the regime.
    possible
        Whether the chronology can happen.
    steps
        A course of events in which it does, as far as it does.
    failure
        The first event that cannot happen; None if all can.
    text
        All this, to be read at 100 columns.
    """

    case: Case
    regime: str
    possible: bool
    steps: tuple[ReplayedStep, ...]
    failure: Failure | None
    text: str


def replay(path: str | PathLike[str], regime: str | None = None) -> Replay:
    """Hold a dated chronology against the rules.

    Parameters
    ----------
    path
        The case file.
    regime
        A regime as `Regime.load` takes it. By default the one that the case names, else the calendar of the law.

    Raises
    ------
    InputError
        If the case or the name of the regime is not as it should be.
    """
    case, rules = read_case(path, regime)
    law = Law(rules, case.events[0].date, case.events[-1].date)
    known = Known(law, case.facts)
    attempt = _Attempt(case, law, known)
    attempt.run()
    if attempt.why is not None and attempt.others_may_be_the_reason:
        wide = _Attempt(case, law, known, wide=True)
        wide.run()
        attempt = wide if wide.done > attempt.done else attempt
    return attempt.result()


class _Attempt:
    """One go through the events of a case."""

    def __init__(self, case: Case, law: Law, known: Known, *, wide: bool = False) -> None:
        self.case, self.law, self.known = case, law, known
        steps = [event.step for event in case.events if event.step in law.track_of]
        self.search = Search(law, known, steps, wide=wide)
        self.teller = Teller(law, known)
        self.explainer = Explainer(law, known, self.teller)
        self.done = 0
        self.why: Why | None = None
        self.last = self.search.configs[0]

    @property
    def others_may_be_the_reason(self) -> bool:
        """Whether the events on the track of the failure can happen by themselves, with nothing said of the others."""
        failed = self.case.events[self.done]
        track = self.law.track_of.get(failed.step)
        events = [event for event in self.case.events[: self.done] if self.law.track_of[event.step] == track]
        if track is None or len(events) == self.done:
            return False
        alone = _Attempt(dataclasses.replace(self.case, events=(*events, failed)), self.law, self.known)
        alone.run()
        return alone.why is None

    def run(self) -> None:
        """Go through the events until one cannot happen."""
        for event in self.case.events:
            self.why = self._why_not(event)
            if self.why is not None:
                return
            self.done += 1
            self.last = min(self.search.configs, key=self._assumed)

    def _assumed(self, config: Config) -> int:
        return sum(not happening.mentioned for happening in config.story)

    def _why_not(self, event: Event) -> Why | None:
        """Let an event happen; return why it cannot."""
        if event.step not in self.law.track_of:
            return self.explainer.unknown_step(event.step)
        if event.step in self.known.excluded:
            return self.explainer.against_facts(event.step)
        goal = Goal(
            event.step,
            self.law.track_of[event.step],
            self.law.day(event.date),
            event.outcome,
            self._is_waited_at(event.step),
            self.done,
        )
        if not self.search.event(goal):
            return self.explainer.why_not(goal, self.search)
        if event.outcome is None:
            return None
        if event.outcome not in self.law.track_of:
            return self.explainer.unknown_step(event.outcome)
        limit = self._next_on_track(goal.track)
        if self.search.outcome_can_follow(goal, limit):
            return None
        return self.explainer.why_no_outcome(event, goal, self.search)

    def _is_waited_at(self, step: str) -> bool:
        """Say whether the day of an event may be a later one than that on which the step was entered."""
        if step in self.law.dating_steps:
            return False
        kind = self.law.kind[step]
        if kind == CLOCK:
            term = self.law.term(step, self.law.texts(step)[0].step)
            return term is not None and term.binds == "open" and term.within is None
        return kind in (QUEUE, GATE)

    def _next_on_track(self, track: int) -> int:
        later = (event for event in self.case.events[self.done + 1 :] if event.step in self.law.track_of)
        days = [self.law.day(event.date) for event in later if self.law.track_of[event.step] == track]
        return min(days, default=self.law.horizon)

    # ---- the answer ----

    def result(self) -> Replay:
        """Return the answer."""
        failure = None
        if self.why is not None:
            event = self.case.events[self.done]
            failure = Failure(self.done, event.step, event.date, *dataclasses.astuple(self.why))
        steps = tuple(self._steps())
        text = _Text(self.case, self.law.regime, self.teller, steps, failure).whole()
        return Replay(self.case, self.law.regime.name, failure is None, steps, failure, text)

    def _steps(self) -> Iterator[ReplayedStep]:
        """Give the course of events, without what is only assumed of tracks that the case is not about."""
        story = self.last.story
        shown = {self.law.track_of[event.step] for event in self.case.events[: self.done]}
        shown |= {track for track, _, _ in self.known.fixed.values()}
        for place, happening in enumerate(story):
            if happening.cause == "start" or self.law.track_of[happening.step] not in shown:
                continue
            if not happening.mentioned and self._is_the_same_stay(story, place):
                continue
            span = happening.when
            yield ReplayedStep(
                happening.step,
                self.teller.title(happening.step),
                self.law.date(span.first) if span.first > 0 else None,
                self.law.date(span.last),
                happening.event,
                self._rule(story, place),
            )

    def _is_the_same_stay(self, story: tuple[Happening, ...], place: int) -> bool:
        """Say whether the next step on the track is a day of this stay that the case mentions."""
        track = self.law.track_of[story[place].step]
        later = (h for h in story[place + 1 :] if self.law.track_of[h.step] == track)
        following = next(later, None)
        return following is not None and following.cause == "stays" and following.step == story[place].step

    def _rule(self, story: tuple[Happening, ...], place: int) -> str:
        """Say which amendment led to a step, if one did."""
        happening = story[place]
        if happening.cause == "stays":
            entered = [i for i in range(place) if story[i].step == happening.step]
            return self._rule(story, entered[-1]) if entered and story[entered[-1]].cause != "start" else ""
        before = [h for h in story[:place] if self.law.track_of[h.step] == self.law.track_of[happening.step]]
        if happening.cause != "branch" or not before:
            return ""
        origin = before[-1].step
        texts = self.law.texts(origin)
        text = next((t for t in texts if t.layer == happening.layer), texts[0])
        base = [(branch.to, branch.when) for branch in texts[0].step.next]
        if text is texts[0] or any(
            branch.to == happening.step and (branch.to, branch.when) in base for branch in text.step.next
        ):
            return ""
        return f"{self.teller.text(text)}: {self.teller.why_of(origin, text)}"


class _Text:
    """The answer as a page."""

    def __init__(
        self, case: Case, regime: Regime, teller: Teller, steps: tuple[ReplayedStep, ...], failure: Failure | None
    ) -> None:
        self.case, self.regime, self.teller = case, regime, teller
        self.steps, self.failure = steps, failure

    def whole(self) -> str:
        """Return the page."""
        answer = "Possible" if self.failure is None else "Not possible"
        lines = [
            wrapped(f"{answer} under {self.regime.name}: {self.regime.title.en}", "  ", ""),
            "",
            wrapped(self.case.title, "          ", "  case    "),
            wrapped(self.case.cited, "          ", "  source  "),
        ]
        if self.case.facts:
            lines.append(wrapped(self._facts(), "          ", "  facts   "))
        return "\n".join([*lines, "", *self._course(), *self._end()])

    def _facts(self) -> str:
        """Return the facts as the case gives them."""
        place = next((f"exploited = {p}" for p in PLACES if self.case.facts.get(f"exploited_{p}")), "")
        others = (
            f"{name} = {str(value).lower()}"
            for name, value in self.case.facts.items()
            if not (place and name.startswith("exploited_"))
        )
        return ", ".join([*others, *([place] if place else [])])

    def _course(self) -> Iterator[str]:
        """Give the events in their order, with what was assumed before each."""
        assumed: list[ReplayedStep] = []
        for step in sorted(self.steps, key=self._order):
            if step.event is None:
                assumed.append(step)
                continue
            yield from self._assumed(assumed)
            yield self._event(step.event, step.title, "✓")
            yield from self._rules([step])
            assumed = []
        yield from self._assumed(assumed)
        if self.failure is not None:
            yield self._event(self.failure.event, self.teller.title(self.failure.step), "✗")

    def _order(self, step: ReplayedStep) -> float:
        """Put what was assumed right before the event after which it is told."""
        place = self.steps.index(step)
        later = (other.event for other in self.steps[place:] if other.event is not None)
        return next(later, len(self.case.events)) - (0.5 if step.event is None else 0)

    def _assumed(self, steps: list[ReplayedStep]) -> Iterator[str]:
        if not steps:
            return
        first = [step.earliest for step in steps]
        days = f"{first[0]}" if first == [step.latest for step in steps] else f"by {steps[-1].latest}"
        titles = "; ".join(self.teller.words.step(step.step) for step in steps)
        yield wrapped(f"unmentioned, {days}: {titles}", " " * 20, " " * 18 + "· ")
        yield from self._rules(steps)

    def _rules(self, steps: list[ReplayedStep]) -> Iterator[str]:
        for rule in dict.fromkeys(step.rule for step in steps if step.rule):
            yield wrapped(rule, " " * 20, " " * 18 + "§ ")

    def _event(self, number: int, title: str, mark: str) -> str:
        event = self.case.events[number]
        outcome = f" → {self.teller.title(event.outcome)}" if event.outcome else ""
        return wrapped(f"{title}  [{event.step}]{outcome}", " " * 18, f"  {mark} {number + 1:>2} {event.date} ")

    def _end(self) -> Iterator[str]:
        if self.failure is None:
            return
        yield ""
        yield wrapped(self.failure.reason, " " * 10, "  why     ")
        if self.failure.rule:
            yield wrapped(self.failure.rule, " " * 10, "  rule    ")
        if self.failure.source:
            yield wrapped(self.failure.source, " " * 10, "  source  ")
        for place, instead in enumerate(self.failure.instead):
            yield wrapped(instead, " " * 10, " " * 10 if place else "  instead ")
