"""The statute as a chronology meets it: when a term binds, which steps follow from which, what can be reached at all.

Days are whole numbers, indices of a calendar. What is not dated in a case lies in a `Span` of days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from sim.engine.calendar import Calendar
from sim.policies.regime import Regime, StepVersion
from sim.policies.statute import Span, Statute
from sim.procedures.conditions import At, Criterion, Ever, StepId, named
from sim.procedures.schema import Binds, Condition, Kind, Step

YEARS_AROUND: Final = 8


class Term(NamedTuple):
    """How a step's own time binds.

    ``exact``: it ends on its last day, not before. ``at_most``: who acts may act sooner, and at the latest on its
    last day. ``practice``: no rule says how long, and anything from nothing on; ``within`` is the term of which it
    is a part.
    """

    parameter: str
    binds: Binds
    within: str | None = None
    rule: str = "none"


class Rules:
    """The statute of a regime, prepared for one case.

    Parameters
    ----------
    regime
        The regime.
    first, last
        The days of the first and last event.

    Attributes
    ----------
    statute
        The law.
    tracks
        Names of the tracks, of the person and of the person's network; a track is known by its place here.
    track_of
        Step -> place of its track.
    kind
        Step -> what it is.
    accepts
        Step -> the steps from which a signal can lead to it, in any of its texts.
    dating_steps
        Steps whose day decides under which text a person falls, or from which a term is counted.
    remembered
        Those that a text in force asks for, and steps that one asks whether they have ever been entered.
    """

    def __init__(self, regime: Regime, first: dt.date, last: dt.date) -> None:
        margin = dt.timedelta(days=366 * YEARS_AROUND)
        self.calendar = Calendar(first - margin, last + margin)
        self.statute = Statute(regime, calendar=self.calendar)
        self.regime, self.parameters = regime, self.statute.parameters
        self.conditions = self.statute.conditions
        self.tracks = tuple(self.statute.tracks)
        self.start = tuple(track.start for track in self.statute.tracks.values())
        places = {name: place for place, name in enumerate(self.tracks)}
        self.track_of: dict[str, int] = {name: places[self.statute.track(name)] for name in self.statute.steps}
        self.kind: dict[str, Kind] = {name: self.statute.kind(name) for name in self.statute.steps}
        self.accepts = self.statute.accepts
        self.decisions, self.hazards = self.statute.behaviour.decision, self.statute.hazards
        self.dating_steps = self.statute.dating_steps
        self.remembered = self._remembered()
        self._turning_days: dict[tuple[str, ...], frozenset[int]] = {}
        self._days_of_change: dict[str, frozenset[int]] = {}
        self._can_move: dict[tuple[str, str], bool] = {}
        self._onward: dict[str, frozenset[str]] = {}
        self._looked_at: dict[str, frozenset[int]] = {}
        self._senders: dict[str, frozenset[str]] = {}
        self._distances: dict[str, Mapping[str, int]] = {}
        self._causes: dict[str, Mapping[str, int]] = {}
        self._decided_on: dict[int, bool] = {}
        self._own_way: dict[str, frozenset[str]] = {}
        self._hazards_at: dict[str, tuple[str, ...]] = {}
        self._ends: dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.int32]]] = {}

    @staticmethod
    def of(regime: Regime, first: dt.date, last: dt.date) -> Rules:
        """Return the rules for events between two days."""
        return Rules(regime, first, last)

    def day(self, date: dt.date) -> int:
        """Return the number of a date."""
        return self.calendar.day_of(date)

    def date(self, day: int) -> dt.date:
        """Return the date of a day."""
        return self.calendar.date_of(day)

    @property
    def horizon(self) -> int:
        """The last day that is looked at."""
        return self.calendar.end_day

    def texts(self, step: str) -> tuple[StepVersion, ...]:
        """Return all texts of a step, earliest first."""
        return self.statute.texts(step)

    def passes(self, step: str) -> bool:
        """Say whether one passes through a step on the day on which it is entered."""
        return self.kind[step] is Kind.PASSED

    def steps_of(self, track: int) -> list[str]:
        """Return the steps of a track."""
        return [name for name, place in self.track_of.items() if place == track]

    def _remembered(self) -> frozenset[StepId]:
        """Return the steps on whose day something depends, or whether they have ever been entered."""
        texts = [text for step in self.statute.steps for text in self.texts(step)]
        asked = [criterion for text in texts for criterion in text.step.asks]
        asked += [criterion for hazard in self.hazards.values() for criterion in hazard.when]
        conditions = [self.conditions[name] for name in named(asked) if name in self.conditions]
        steps: set[StepId | None] = {step for condition in conditions for step in (*condition.ever, condition.since)}
        steps |= {criterion.subject.step for criterion in asked if isinstance(criterion.subject, Ever)}
        steps |= {text.applies_to for text in texts} | {text.step.counted_from for text in texts}
        return frozenset(step for step in steps if step is not None)

    # ---- texts by date ----

    def cut(self, span: Span, days: Iterable[int]) -> Iterator[Span]:
        """Cut a span at days; each piece but the first begins on one."""
        first = span.first
        for day in sorted(days):
            if first < day <= span.last:
                yield Span(first, day - 1)
                first = day
        yield Span(first, span.last)

    def turning_days(self, *steps: str) -> frozenset[int]:
        """Return the days on which a text, fact or condition changes that one meets on entering steps."""
        if steps not in self._turning_days:
            entered = {to for step in steps for to in self.enters_at_once[step]}
            self._turning_days[steps] = frozenset().union(*map(self.days_of_change, sorted(entered)))
        return self._turning_days[steps]

    def days_of_change(self, step: str) -> frozenset[int]:
        """Return the days on which a text of a step, or the answer to what it asks, can change by itself."""
        if step not in self._days_of_change:
            dates: set[dt.date | None] = {text.in_force for text in self.texts(step)}
            dates |= self._dates_asked(criterion for text in self.texts(step) for criterion in text.step.asks)
            for name in self.hazards_at(step):
                dates |= self._dates_asked(self.hazards[name].when)
            self._days_of_change[step] = frozenset(self.statute.day_of(date) for date in dates if date is not None)
        return self._days_of_change[step]

    def _dates_asked(self, criteria: Iterable[Criterion]) -> set[dt.date | None]:
        """Return the dates on which the answer to criteria can change by itself."""
        names = set(named(criteria))
        dates = {self.conditions[name].from_date for name in names & self.conditions.keys()}
        return dates | {
            date for fact in self.statute.facts if fact.name in names for date in (fact.in_force, fact.until)
        }

    # ---- terms ----

    def term(self, name: str, step: Step) -> Term | None:
        """Return how the time of a step binds; None when it takes none, or as long as an authority takes."""
        if step.takes is None or step.by is not None:
            return None
        binds = step.binds or self._guessed(step)
        if binds != "practice":
            return Term(step.takes, binds, rule=step.term)
        # A part of a term that is counted from here ends with that term at the latest.
        for branch in step.next:
            later = self.texts(branch.to)[0].step
            if later.counted_from == name and later.takes is not None:
                return Term(step.takes, "practice", within=later.takes, rule=later.term)
        return Term(step.takes, "practice")

    def _guessed(self, step: Step) -> Binds:
        """Return how a time binds of which the law file does not say it: a published term binds, all else does not."""
        assert step.takes is not None
        passport = self.parameters.passport(step.takes)
        if passport.varies != "fixed" or passport.grade != "official":
            return "practice"
        who = {self.decisions[name].who for name in self.statute.asked(step)}
        return "at_most" if step.actor in who else "exact"

    def ends(self, parameter: str, rule: str, day: int) -> int:
        """Return the last day of a term that starts on a day."""
        key = parameter, rule
        if key not in self._ends:
            self._ends[key] = self.statute.term_ends(parameter, rule)
        return int(self._ends[key][day])

    def due(self, term: Term | None, entered: Span, counted: Span | None) -> Span | None:
        """Return when a term that began in a span can end; None when nothing binds it.

        Parameters
        ----------
        term
            The term.
        entered
            When the step began.
        counted
            When the step from which the term is counted began; the same as ``entered`` where it is not.
        """
        if term is None or counted is None:
            return None
        if term.binds == "practice" and term.within is None:
            return None
        parameter = term.within or term.parameter
        last = max(self.ends(parameter, term.rule, counted.last), entered.last)
        if term.binds != "exact":
            return Span(entered.first, last)
        return Span(max(self.ends(parameter, term.rule, counted.first), entered.first), last)

    def term_is_over(self, condition: Condition, since: Span, now: Span) -> bool | None:
        """Say whether the term of a named condition has passed; None: it depends on days that are not known."""
        first, last = (self._condition_ends(condition, day) for day in since)
        if now.first > last:
            return True
        return False if now.last <= first else None

    def days_that_matter(self, condition: Condition, since: Span) -> tuple[int, int]:
        """Return the days after the earliest and the latest end of the term of a named condition."""
        return self._condition_ends(condition, since.first) + 1, self._condition_ends(condition, since.last) + 1

    def looked_at(self, step: str) -> frozenset[int]:
        """Return the tracks whose present step the branches of a step look at, in any text."""
        if step not in self._looked_at:
            steps = (subject.step for subject in self.statute.asks(step) if isinstance(subject, At))
            self._looked_at[step] = frozenset(self.track_of[name] for name in steps)
        return self._looked_at[step]

    def _condition_ends(self, condition: Condition, day: int) -> int:
        assert condition.over is not None
        return self.ends(condition.over, "none", day)

    # ---- which steps follow from which ----

    @cached_property
    def _at_once(self) -> Mapping[str, frozenset[str]]:
        """Step -> the steps that its entry sets off, and those to which one goes on at once."""
        onward: dict[str, frozenset[str]] = {}
        for name in self.statute.steps:
            following = {to for text in self.texts(name) for to in text.step.sets_off}
            if self.kind[name] is Kind.PASSED:
                following |= {to for way in self.statute.ways_out(name) for to in way.entered}
            onward[name] = frozenset(following)
        return onward

    def _closed(self, steps: Iterable[str]) -> frozenset[str]:
        reached = set(steps)
        waiting = list(reached)
        while waiting:
            more = self._at_once[waiting.pop()] - reached
            reached |= more
            waiting += more
        return frozenset(reached)

    @cached_property
    def same_day(self) -> Mapping[str, frozenset[str]]:
        """Step -> the steps that can be entered on the day on which something moves out of it, if all goes so."""
        return {
            name: self._closed(entered for way in self.statute.ways_out(name) for entered in way.entered)
            for name in self.statute.steps
        }

    @cached_property
    def enters_at_once(self) -> Mapping[str, frozenset[str]]:
        """Step -> itself, and the steps that can be entered on the same day because it is."""
        return {name: self._closed((name,)) for name in self.statute.steps}

    @cached_property
    def sets_going(self) -> Mapping[str, frozenset[int]]:
        """Step -> the tracks that can move on the day on which it is entered, because it is."""
        return {
            name: frozenset(self.track_of[to] for to in self._closed(self._at_once[name]))
            for name in self.statute.steps
        }

    def sets_going_on_leaving(self, step: str) -> frozenset[int]:
        """Return the tracks that can move on the day on which something moves out of a step."""
        return frozenset(self.track_of[to] for to in self.same_day[step])

    @cached_property
    def _bearing(self) -> Mapping[int, frozenset[int]]:
        found: dict[int, set[int]] = {track: set() for track in range(len(self.tracks))}
        for name in self.statute.steps:
            asked = {
                self.track_of[subject.step] for subject in self.statute.asks(name) if isinstance(subject, At | Ever)
            }
            found[self.track_of[name]] |= asked
            for track in self.sets_going_on_leaving(name) | self.sets_going[name]:
                found[track].add(self.track_of[name])
        return {track: frozenset(others - {track}) for track, others in found.items()}

    def bears_on(self, track: int) -> frozenset[int]:
        """Return the tracks that a track looks at, or from which it can take a signal."""
        return self._bearing[track]

    def can_move(self, sender: str, receiver: str) -> bool:
        """Say whether a track that is at one step, or moves on from it, can take another one away from its step."""
        pair = sender, receiver
        if pair not in self._can_move:
            self._can_move[pair] = any(
                receiver in self.accepts[to] for step in self.onward(sender) for to in self.same_day[step]
            )
        return self._can_move[pair]

    def senders(self, receiver: str) -> frozenset[str]:
        """Return the steps out of which a move, with what follows on the same day, can take a track from its step."""
        if receiver not in self._senders:
            takers = {to for to, origins in self.accepts.items() if receiver in origins}
            self._senders[receiver] = frozenset(step for step, to in self.same_day.items() if not takers.isdisjoint(to))
        return self._senders[receiver]

    def same_or_next(self, step: str) -> frozenset[str]:
        """Return a step and, if one passes through it, the steps that can be entered on the same day."""
        return self.same_day[step] | {step} if self.passes(step) else frozenset((step,))

    def onward(self, step: str) -> frozenset[str]:
        """Return a step and the steps that can follow on its track; what rests is not followed further."""
        if step not in self._onward:
            track, found, edge = self.track_of[step], {step}, [step]
            while edge:
                name = edge.pop()
                if self.kind[name] is Kind.RESTING and name != step:
                    continue
                following: set[str] = {to for way in self.statute.ways_out(name) for to in way.entered}
                following |= {to for to, origins in self.accepts.items() if name in origins}
                more = {to for to in following if self.track_of[to] == track} - found
                found |= more
                edge += more
            self._onward[step] = frozenset(found)
        return self._onward[step]

    def is_decided_on(self, track: int) -> bool:
        """Say whether somebody decides on a track, and it is not a clock or a period that follows from others."""
        if track not in self._decided_on:
            steps = self.steps_of(track)
            self._decided_on[track] = any(self.statute.asked(text.step) for step in steps for text in self.texts(step))
        return self._decided_on[track]

    def own_way(self, step: str) -> frozenset[str]:
        """Return the steps to which a track can get from a step by its own branches and hazards."""
        if step not in self._own_way:
            track, found, edge = self.track_of[step], {step}, [step]
            while edge:
                ways = self.statute.ways_out(edge.pop())
                more = {to for way in ways for to in way.entered if self.track_of[to] == track} - found
                found |= more
                edge += more
            self._own_way[step] = frozenset(found)
        return self._own_way[step]

    def hazards_at(self, step: str) -> tuple[str, ...]:
        """Return the names of the hazards that can strike at a step."""
        if step not in self._hazards_at:
            self._hazards_at[step] = tuple(name for name, hazard in self.hazards.items() if step in hazard.at)
        return self._hazards_at[step]

    def causes(self, target: str) -> Mapping[str, int]:
        """Return how many steps, of any track, lie between each step and a target that it can bring about.

        On the track of the target as in `distances`; on others only what leads to it on the same day.
        """
        if target not in self._causes:
            self._causes[target] = self._causes_of(target)
        return self._causes[target]

    def _causes_of(self, target: str) -> Mapping[str, int]:
        found = dict(self.distances(target))
        edge = [target]
        while edge:
            nearer = edge.pop(0)
            for cause in self._brings_about(nearer):
                if cause not in found:
                    found[cause] = found[nearer] + 1
                    edge.append(cause)
        return found

    def _brings_about(self, step: str) -> Iterator[str]:
        """Give the steps whose entry sets a step off or, where one passes through, leads to it on the same day."""
        for name in self.statute.steps:
            for text in self.texts(name):
                if step in text.step.sets_off:
                    yield name
                for branch in text.step.next:
                    if step in branch.enters:
                        yield branch.to
                        if self.passes(name):
                            yield name

    def distances(self, target: str) -> Mapping[str, int]:
        """Return how many steps each step of a track lies from a target, by any text."""
        if target not in self._distances:
            self._distances[target] = self._distances_to(target)
        return self._distances[target]

    def _distances_to(self, target: str) -> Mapping[str, int]:
        before: dict[str, set[str]] = {}
        track = self.track_of[target]
        for name in self.steps_of(track):
            for way in self.statute.ways_out(name):
                for step in way.entered:
                    before.setdefault(step, set()).add(name)
            before.setdefault(name, set()).update(self.accepts[name])
        found, edge = {target: 0}, [target]
        while edge:
            nearer = edge.pop(0)
            for name in before.get(nearer, ()):
                if name not in found and self.track_of[name] == track:
                    found[name] = found[nearer] + 1
                    edge.append(name)
        return found
