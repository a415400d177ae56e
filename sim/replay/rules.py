"""The statute as a chronology meets it: when a term binds, which texts meet a move.

Days are whole numbers, indices of a calendar. What is not dated in a case lies in a `Span` of days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np

from sim.engine.calendar import Calendar
from sim.policies.library import readings
from sim.policies.regime import Regime
from sim.policies.statute import Span, Statute
from sim.procedures.conditions import Criterion, Ever, named
from sim.procedures.schema import Binds, Condition, Step
from sim.replay.graph import Graph

YEARS_AROUND: Final = 8


class Term(NamedTuple):
    """How a step's own time binds.

    ``exact``: it ends on its last day, not before. ``at_most``: who acts may act sooner, and at the latest on its
    last day. ``at_least``: not before it, and any time after. ``practice``: no rule says how long, and anything from
    nothing on; ``within`` is the term of which it is a part.
    """

    parameter: str
    binds: Binds
    within: str | None = None
    rule: str = "none"


@lru_cache(maxsize=4)
def _calendar(first: dt.date, last: dt.date) -> Calendar:
    """Return the days of a case, which other regimes are asked about too."""
    return Calendar(first, last)


class Rules(Graph):
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
    dating_steps
        Steps whose day decides under which text a person falls, or from which a term is counted.
    remembered
        The steps that matter later, and what of their days does; see `memory`.
    """

    def __init__(self, regime: Regime, first: dt.date, last: dt.date) -> None:
        margin = dt.timedelta(days=366 * YEARS_AROUND)
        self.calendar = _calendar(first - margin, last + margin)
        super().__init__(Statute(regime, calendar=self.calendar))
        self.regime, self.parameters = regime, self.statute.parameters
        self.conditions = self.statute.conditions
        self.decisions = self.statute.behaviour.decision
        self.dating_steps = self.statute.dating_steps
        self.remembered = self._remembered()
        self._turning_days: dict[tuple[str, ...], frozenset[int]] = {}
        self._days_of_change: dict[str, frozenset[int]] = {}
        self._past_at: dict[str, frozenset[str]] = {}
        self._settled: dict[str, tuple[tuple[Span, bool | None], ...]] = {}
        self._ends: dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.int32]]] = {}

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

    def _remembered(self) -> Mapping[str, tuple[int, ...] | None]:
        """Return what of the day of a step matters later: by step the days before or after which it makes a difference.

        Of a step from which a term is counted the day itself matters: None. Of one of which texts ask only whether it
        has ever been entered no day does.
        """
        steps: dict[str, tuple[int, ...] | None] = {}
        for name in self.statute.steps:
            for event, days in self._looked_back_on(name):
                known = steps.get(event, ())
                steps[event] = None if days is None or known is None else tuple(sorted({*known, *days}))
        return steps

    def _looked_back_on(self, step: str) -> Iterator[tuple[str, tuple[int, ...] | None]]:
        """Give the steps on which the texts of a step, and the hazards at it, look back; and which days matter."""
        texts = self.texts(step)
        asked = [criterion for text in texts for criterion in text.step.asks]
        asked += [criterion for name in self.hazards_at(step) for criterion in self.hazards[name].when]
        yield from ((criterion.subject.step, ()) for criterion in asked if isinstance(criterion.subject, Ever))
        for condition in (self.conditions[name] for name in named(asked) if name in self.conditions):
            yield from ((event, ()) for event in condition.ever)
            if condition.since is not None:
                yield condition.since, None
        for text in texts:
            if text.applies_to is not None:
                yield text.applies_to, (self.statute.day_of(text.in_force),)
            if text.step.counted_from is not None:
                yield text.step.counted_from, None

    def looks_back_on(self, tracks: frozenset[int]) -> frozenset[str]:
        """Return the steps on whose days something depends that can move one of some tracks."""
        steps = [
            name
            for name in self.statute.steps
            if self.track_of[name] in tracks or (self.passes(name) and self.sets_going_on_leaving(name) & tracks)
        ]
        return frozenset(event for name in steps for event, _ in self._looked_back_on(name))

    def is_unusual(self, step: str) -> bool:
        """Return whether the law file says that nobody may take it for granted that a step was entered."""
        return any(text.step.unusual for text in self.texts(step))

    def memory(self, step: str, entered: Span) -> Span:
        """Return as much of the days of a step as matters later, so that what differs in nothing else is the same."""
        turns = self.remembered[step]
        if turns is None:
            return entered
        first, last = (max((turn for turn in turns if turn <= day), default=0) for day in entered)
        return Span(first, last)

    def is_past(self, event: str, present: str | None) -> bool:
        """Return whether the day of a step makes no difference any more where its track is now."""
        if event not in self._past_at:
            self._past_at[event] = self._no_longer_read_at(event)
        return present in self._past_at[event]

    def _no_longer_read_at(self, event: str) -> frozenset[str]:
        """Return the steps of its track from which it must come again before something looks back on it."""
        track = self.track_of[event]
        names = map(str, self.statute.steps)
        reading = {name for name in names if any(event == past for past, _ in self._looked_back_on(name))}
        if any(self.track_of[step] != track for step in reading):
            return frozenset()
        own = frozenset(self.steps_of(track))
        read, edge = set(reading), set(reading)
        while edge:
            edge = {step for step in own - read if step != event and self._next_on_track(step) & (read - {event})}
            read |= edge
        return own - read - {event}

    def _next_on_track(self, step: str) -> frozenset[str]:
        """Return the steps to which a step can lead on its track, by its own ways or by a signal."""
        ways = {to for way in self.statute.ways_out(step) for to in way.entered}
        return frozenset(ways | {to for to, origins in self.accepts.items() if step in origins})

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
        settled = [self._answers(name) for name in names & self.decisions.keys()]
        turns = [days.first for texts in settled if any(answer is not None for _, answer in texts) for days, _ in texts]
        dates = {self.date(day) for day in turns} | {
            self.conditions[name].from_date for name in names & self.conditions.keys()
        }
        return dates | {
            date for fact in self.statute.facts if fact.name in names for date in (fact.in_force, fact.until)
        }

    # ---- decisions that an open question answers ----

    def settled(self, decision: str, now: Span) -> bool | None:
        """Return what a reading answers to a decision throughout a span; None: it leaves it open.

        A reading answers a decision where it sets its chance to 0 or to 1. That a chance is 0 because nothing is known
        of it answers nothing.
        """
        met = {answer for days, answer in self._answers(decision) if days.first <= now.last and days.last >= now.first}
        return met.pop() if len(met) == 1 else None

    def _answers(self, decision: str) -> tuple[tuple[Span, bool | None], ...]:
        """Return the days of each text of a decision, with the answer of a reading."""
        if decision not in self._settled:
            self._settled[decision] = tuple(self._answers_by_text(decision))
        return self._settled[decision]

    def _answers_by_text(self, decision: str) -> Iterator[tuple[Span, bool | None]]:
        texts = self.statute.decisions[decision]
        ends = [self.statute.day_of(text.in_force) - 1 for text in texts[1:]] + [self.horizon]
        for text, last in zip(texts, ends, strict=True):
            chance, by_group = text.decision.chance, text.decision.chance_by
            named = {chance} if chance is not None else set((by_group or {}).values())
            values = {self._set_by_reading.get(name, (None, ""))[0] for name in named}
            value = values.pop() if len(values) == 1 else None
            yield Span(self.statute.day_of(text.in_force), last), bool(value) if value in (0, 1) else None

    def reading_of(self, decision: str) -> str:
        """Return the reading that answers a decision, as it is written behind the name of a regime."""
        named = {name for text in self.statute.decisions[decision] for _, name in text.decision.parameters()}
        return next(reading for name, (_, reading) in self._set_by_reading.items() if name in named)

    @cached_property
    def _set_by_reading(self) -> Mapping[str, tuple[float, str]]:
        """The values of parameters that answers to open questions set, by default or as chosen, with the answer."""
        chosen = {question: reading.options[self.regime.readings[question]] for question, reading in readings().items()}
        return {
            name: (value, f"{question}={self.regime.readings[question]}")
            for question, option in chosen.items()
            for name, value in option.set.items()
        }

    # ---- terms ----

    def term(self, name: str, step: Step) -> Term | None:
        """Return how the time of a step binds, as the law file says it; None when it takes none.

        A step that does not say how its time binds binds nothing.
        """
        if step.takes is None:
            return None
        binds = step.binds or "practice"
        if binds == "practice" and step.takes_at_most is not None and step.by is None:
            binds = "at_most"
        if binds != "practice":
            return Term(step.takes_at_most or step.takes, binds, rule=step.term)
        # A part of a term that is counted from here ends with that term at the latest.
        for branch in step.next:
            later = self.texts(branch.to)[0].step
            if later.counted_from == name and later.takes is not None:
                return Term(step.takes, "practice", within=later.takes, rule=later.term)
        return Term(step.takes, "practice")

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
        first = max(self.ends(parameter, term.rule, counted.first), entered.first)
        if term.binds == "at_least":
            return Span(first, self.horizon)
        if term.binds != "exact":
            return Span(entered.first, last)
        return Span(first, last)

    def term_is_over(self, condition: Condition, since: Span, now: Span) -> bool | None:
        """Return whether the term of a named condition has passed; None: it depends on days that are not known."""
        first, last = (self._condition_ends(condition, day) for day in since)
        if now.first > last:
            return True
        return False if now.last <= first else None

    def days_that_matter(self, condition: Condition, since: Span) -> tuple[int, int]:
        """Return the days after the earliest and the latest end of the term of a named condition."""
        return self._condition_ends(condition, since.first) + 1, self._condition_ends(condition, since.last) + 1

    def _condition_ends(self, condition: Condition, day: int) -> int:
        assert condition.over is not None
        return self.ends(condition.over, condition.term, day)
