"""Goes through the events of a case, one after the other, until one cannot happen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from os import PathLike

from sim.policies.regime import Regime
from sim.procedures.schema import Kind
from sim.replay.answer import Failure, Page, Replay, ReplayedStep
from sim.replay.case import Case, Event, read_case
from sim.replay.config import Config, Goal, Happening
from sim.replay.known import Known
from sim.replay.rules import Rules
from sim.replay.search import Search
from sim.replay.teller import Teller
from sim.replay.why import Explainer, Why


def replay(path: str | PathLike[str], regime: str | PathLike[str] | Regime | None = None) -> Replay:
    """Hold a dated chronology against the rules.

    Parameters
    ----------
    path
        The case file.
    regime
        A regime, or its name as `Regime.load` takes it. By default the one that the case names, else the calendar
        of the law.

    Raises
    ------
    InputError
        If the case or the name of the regime is not as it should be.
    """
    case, rules = read_case(path, regime)
    law = Rules(rules, case.events[0].date, case.events[-1].date)
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

    def __init__(self, case: Case, law: Rules, known: Known, *, wide: bool = False) -> None:
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
        if kind is Kind.CLOCK:
            term = self.law.term(step, self.law.texts(step)[0].step)
            return term is not None and term.binds == "open" and term.within is None
        return kind in (Kind.QUEUE, Kind.GATE)

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
        text = Page(self.case, self.law.regime, self.teller, steps, failure).whole()
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
        return f"{self.teller.text(text)}: {self.teller.why_of(text)}"
