"""Holds a case against the rules: as it is written, and if that cannot be, with whatever else may have happened."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace as changed
from os import PathLike
from typing import Final

from sim.policies.regime import Regime
from sim.policies.statute import Span
from sim.procedures.conditions import StepId
from sim.procedures.schema import Kind
from sim.replay.answer import Answer, Failure, Needed, Page, Replay, ReplayedStep
from sim.replay.barred import Barred
from sim.replay.case import Case, read_case
from sim.replay.config import Config, Goal, Happening, Stand
from sim.replay.known import Known
from sim.replay.ordinary import Ordinary
from sim.replay.rules import Rules
from sim.replay.search import Search, Stage, Trace
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
    return _Attempt(case, law).result()


NARROW: Final = 1_500
FEW: Final = 3_000
WIDE: Final = 4_000
"""How many configurations are looked at: near the events; on one or two tracks; on all."""


class _Attempt:
    """One case under one regime."""

    def __init__(self, case: Case, law: Rules) -> None:
        self.case, self.law = case, law
        self.known = Known(law, case.facts)
        self.teller = Teller(law, self.known)
        self.explainer = Explainer(law, self.known, self.teller)
        self.barred = next(filter(None, map(self._barred_by_itself, range(len(case.events)))), None)
        self.stages = tuple(self._stages())
        self.ordinary = Ordinary(law, self.known)
        self.kept = self._kept()

    # ---- what must happen ----

    def _barred_by_itself(self, number: int) -> tuple[int, Why] | None:
        """Return an event that cannot happen whatever else does, and why: a step unknown here, or against the facts."""
        event = self.case.events[number]
        for step in filter(None, (event.step, event.outcome)):
            if step not in self.law.track_of:
                return number, self.explainer.unknown_step(step)
            if step in self.known.excluded:
                return number, self.explainer.against_facts(step)
        return self._barred_for_good(number)

    def _barred_for_good(self, number: int) -> tuple[int, Why] | None:
        """Return an event that earlier ones of the case bar for good, and why: a permit bars each later transfer."""
        event = self.case.events[number]
        config = Config.blank(self.known)
        for place, earlier in enumerate(self.case.events[:number]):
            if earlier.date < event.date and earlier.step in self.law.track_of:
                when = Span(self.law.day(earlier.date), self.law.day(earlier.date))
                config = config.at(Stand(earlier.step, when), Happening(earlier.step, when, place, "start"))
        config = config.forgetting(frozenset(range(len(self.law.tracks))))
        track, day = self.law.track_of[event.step], self.law.day(event.date)
        goal = Goal(event.step, track, day, number=number)
        block = Barred(self.law, self.known).block(goal, config)
        why = self.explainer.out_of_reach(goal) if block is None else self.explainer.closed(block, goal)
        return None if why is None else (number, why)

    def _stages(self) -> Iterator[Stage]:
        """Give what must happen, up to the first event that cannot."""
        end = len(self.case.events) if self.barred is None else self.barred[0]
        for number, event in enumerate(self.case.events[:end]):
            track, day = self.law.track_of[event.step], self.law.day(event.date)
            goal = Goal(event.step, track, day, event.outcome, self._is_waited_at(event.step), number)
            yield Stage(goal)
            if event.outcome is not None:
                yield Stage(goal._replace(step=event.outcome, outcome=None), self._next_on_track(track, number, end))

    def _is_waited_at(self, step: str) -> bool:
        """Return whether the day of an event may be a later one than that on which the step was entered."""
        if step in self.law.dating_steps:
            return False
        kind = self.law.kind[step]
        if kind is Kind.CLOCK:
            term = self.law.term(step, self.law.texts(step)[0].step)
            return term is not None and term.binds == "practice" and term.within is None
        return kind in (Kind.QUEUE, Kind.GATE)

    def _next_on_track(self, track: int, number: int, end: int) -> int:
        later = self.case.events[number + 1 : end]
        days = [self.law.day(event.date) for event in later if self.law.track_of[event.step] == track]
        return min(days, default=self.law.horizon)

    def _kept(self) -> frozenset[int]:
        """Return the tracks that are followed.

        They are those of the events and of what holds, and of the same procedures those to which they look or listen.
        That something does not hold excludes steps, which needs no track to be followed.
        """
        facts = {track for track, _, value in self.known.fixed.values() if value}
        procedures = {StepId(stage.goal.step).procedure for stage in self.stages}
        about = {track for track, name in enumerate(self.law.tracks) if StepId(name).procedure in procedures} | facts
        kept: set[int] = set()
        edge = {stage.goal.track for stage in self.stages} | facts
        while edge:
            kept |= edge
            edge = {track for of in edge for track in self.law.bears_on(of) if track in about} - kept
        return frozenset(kept)

    # ---- the answer ----

    def result(self) -> Replay:
        """Return the answer."""
        narrow = self._search(self.kept, NARROW)
        if narrow.course is not None and not narrow.course.odd:
            return self._found(narrow.course, narrow.as_written)
        refuted = self._refuted(narrow.as_written)
        if refuted is not None:
            return refuted
        wide = self._search(self.kept, WIDE, wide=True)
        if wide.course is None and narrow.course is None and not wide.exhausted:
            wide = self._search(
                self.kept, WIDE, wide=True, everywhere=True
            )  # what is far from the events is left to try
        as_written = max(narrow.as_written, wide.as_written, key=lambda trace: trace.stage)
        found = next((search.course for search in (wide, narrow) if search.course is not None), None)
        if found is not None:
            return self._found(found, as_written)
        return self._without_course("undecided" if wide.exhausted else "impossible", as_written)

    def _found(self, course: Config, as_written: Trace) -> Replay:
        """Return the answer where there is a course, up to the first event that the case itself excludes."""
        if self.barred is not None:
            return self._told("impossible", course, self._failure(*self.barred))
        if course.odd:
            return self._told("possible_only_if", course, self._failure_at(as_written))
        return self._told("possible", course, None)

    def _without_course(self, answer: Answer, trace: Trace) -> Replay:
        """Return the answer where no course was found."""
        return self._told(answer, self._furthest(trace), self._failure_at(trace))

    def _search(self, kept: frozenset[int], most: int, *, wide: bool = False, everywhere: bool = False) -> Search:
        stages = self.stages
        return Search(self.law, self.known, self.ordinary, stages, kept, most, wide=wide, everywhere=everywhere)

    def _refuted(self, as_written: Trace) -> Replay | None:
        """Return the answer if what is told of one track, or of two, is impossible whatever all others do.

        To look at one or two tracks is quick, and mostly all ways can be tried. The tracks are those of the event at
        which the chronology fails as it is written, and each of the others.
        """
        own = self.stages[as_written.stage].goal.track
        for other in sorted(self.kept, key=lambda track: (track != own, track)):
            search = self._search(frozenset((own, other)), FEW, wide=True, everywhere=True)
            if search.course is None and not search.exhausted:
                place = self.stages.index(search.stages[search.as_written.stage])
                later = place > as_written.stage
                trace = changed(search.as_written, stage=place) if later else as_written
                return self._without_course("impossible", trace)
            if search.exhausted and other == own:
                return None  # with one track more there are more ways
        return None

    def _furthest(self, trace: Trace) -> Config:
        return min(trace.explored, key=lambda config: (config.odd, config.assumed))

    def _failure_at(self, trace: Trace) -> Failure:
        """Return what stood in the way of a stage."""
        stage = self.stages[trace.stage]
        number = stage.goal.number
        if stage.limit is None:
            return self._failure(number, self.explainer.why_not(stage.goal, trace))
        event = self.case.events[number]
        return self._failure(number, self.explainer.why_no_outcome(event, stage.goal._replace(step=event.step), trace))

    def _failure(self, number: int, why: Why) -> Failure:
        event = self.case.events[number]
        return Failure(number, event.step, event.date, *dataclasses.astuple(why))

    def _told(self, answer: Answer, course: Config, failure: Failure | None) -> Replay:
        """Return the answer, told."""
        steps = tuple(self._steps(course.story))
        conditions = tuple(self._conditions(course.story)) if answer == "possible_only_if" else ()
        text = Page(self.case, self.law.regime, self.teller, answer, steps, failure, conditions).whole()
        return Replay(self.case, self.law.regime.name, answer, steps, failure, conditions, text)

    def _conditions(self, story: tuple[Happening, ...]) -> Iterator[Needed]:
        """Give what must have happened that the chronology does not mention and the rules do not imply."""
        for place, happening in enumerate(story):
            if happening.odd:
                yield Needed(
                    happening.step,
                    self.teller.title(happening.step),
                    self._date(happening.when.first),
                    self.law.date(happening.when.last),
                    self.explainer.why_odd(story, place),
                )

    def _date(self, day: int) -> dt.date | None:
        return self.law.date(day) if day > 0 else None

    def _steps(self, story: tuple[Happening, ...]) -> Iterator[ReplayedStep]:
        """Give the course of events, without what is only assumed of tracks that the case is not about."""
        shown = {self.law.track_of[event.step] for event in self.case.events if event.step in self.law.track_of}
        shown |= {track for track, _, _ in self.known.fixed.values()}
        for place, happening in enumerate(story):
            hidden = happening.cause == "start" or self.law.track_of[happening.step] not in shown
            if hidden and not happening.odd:
                continue
            if not happening.mentioned and not happening.odd and self._is_the_same_stay(story, place):
                continue
            yield ReplayedStep(
                happening.step,
                self.teller.title(happening.step),
                self._date(happening.when.first),
                self.law.date(happening.when.last),
                happening.event,
                self._rule(story, place),
                bool(happening.odd),
            )

    def _is_the_same_stay(self, story: tuple[Happening, ...], place: int) -> bool:
        """Return whether the next step on the track is a day of this stay that the case mentions."""
        track = self.law.track_of[story[place].step]
        later = (h for h in story[place + 1 :] if self.law.track_of[h.step] == track)
        following = next(later, None)
        return following is not None and following.cause == "stays" and following.step == story[place].step

    def _rule(self, story: tuple[Happening, ...], place: int) -> str:
        """Return which amendment led to a step, if one did."""
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
