"""The rules as a chronology meets them: which text holds on a day, when a term ends, what can be reached at all.

Days are whole numbers, indices of a calendar. What is not dated in a case lies in a `Span` of days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.agents.behaviour import Hazard
from sim.engine.calendar import Calendar
from sim.evidence.parameters import Parameters
from sim.policies.library import shipped_behaviour
from sim.policies.regime import Regime, StepVersion
from sim.procedures.rulebook import step_kind
from sim.procedures.schema import Condition, Step

PASSED_THROUGH: Final = "step passed through"
RESTING: Final = "resting place"
QUEUE: Final = "queue"
GATE: Final = "gate"
CLOCK: Final = "clock"
YEARS_AROUND: Final = 8


class Span(NamedTuple):
    """From one day to another, both included."""

    first: int
    last: int


class Term(NamedTuple):
    """How a step's own time binds.

    ``exact``: it ends on its last day, not before. ``most``: who acts may act sooner, and at the latest on its
    last day. ``open``: practice, not law, and anything from nothing on; ``within`` is the term of which it is a
    part.
    """

    parameter: str
    binds: Literal["exact", "most", "open"]
    within: str | None = None
    rule: str = "none"


@dataclass(frozen=True)
class Way:
    """One way into a step: out of ``origin``, by a branch (its place, from 0) or by a hazard (its name)."""

    origin: str
    branch: int = -1
    hazard: str = ""


class Law:
    """A regime, prepared for one case.

    Parameters
    ----------
    regime
        The rules.
    first, last
        The days of the first and last event.

    Attributes
    ----------
    tracks
        Names of the tracks, of the person and of the person's network; a track is known by its place here.
    track_of
        Step -> place of its track.
    kind
        Step -> what it is; see `sim.procedures.schema`.
    accepts
        Step -> the steps from which a signal can lead to it, in any of its texts.
    hazards
        The hazards as they are under this regime.
    dating_steps
        Steps whose day decides under which text one falls, or from which a term is counted.
    remembered
        Those, and steps that a rule asks whether they have ever been entered.
    """

    def __init__(self, regime: Regime, first: dt.date, last: dt.date) -> None:
        self.regime = regime
        margin = dt.timedelta(days=366 * YEARS_AROUND)
        self.calendar = Calendar(first - margin, last + margin)
        self.parameters = Parameters.load().replace(dict(regime.parameter_values))
        self.tracks = tuple(regime.tracks)
        self.start = tuple(track.start for track in regime.tracks.values())
        places = {name: place for place, name in enumerate(self.tracks)}
        self.track_of = {name: places[texts[0].step.track] for name, texts in regime.versions.items()}
        self.kind = {name: step_kind(texts[0].step) for name, texts in regime.versions.items()}
        self.accepts = {
            name: frozenset(origin for text in texts for origin in text.step.from_)
            for name, texts in regime.versions.items()
        }
        behaviour = shipped_behaviour()
        self.decisions = behaviour.decision
        self.hazards: dict[str, Hazard] = {
            name: regime.hazards[name][-1].hazard if name in regime.hazards else hazard
            for name, hazard in behaviour.hazard.items()
        }
        self.facts = {fact.name: fact for fact in regime.facts}
        self.dating_steps = self._dating_steps()
        self.remembered = self.dating_steps | self._asked_for_ever()
        self._law_days = self._days_of_change()
        self._can_move: dict[tuple[str, str], bool] = {}
        self._onward: dict[str, frozenset[str]] = {}
        self._looked_at: dict[str, frozenset[int]] = {}
        self._senders: dict[str, frozenset[str]] = {}
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

    def texts(self, step: str) -> tuple[StepVersion, ...]:
        """Return all texts of a step, earliest first."""
        return self.regime.versions[step]

    def passes(self, step: str) -> bool:
        """Say whether one passes through a step on the day on which it is entered."""
        return self.kind[step] == PASSED_THROUGH

    def steps_of(self, track: int) -> list[str]:
        """Return the steps of a track."""
        return [name for name, place in self.track_of.items() if place == track]

    def _dating_steps(self) -> frozenset[str]:
        texts = [text for texts in self.regime.versions.values() for text in texts]
        events = {text.applies_to for text in texts} | {text.step.counted_from for text in texts}
        events |= {condition.since for condition in self.regime.conditions.values()}
        return frozenset(event for event in events if event is not None)

    def _asked_for_ever(self) -> set[str]:
        """Return the steps that a rule asks whether they have ever been entered."""
        steps = {step for condition in self.regime.conditions.values() for step in condition.ever}
        for texts in self.regime.versions.values():
            asked = (word for text in texts for word in words(text.step))
            steps |= {word.removeprefix("ever ") for word in asked if word.startswith("ever ")}
        return steps

    # ---- texts by date ----

    def _days_of_change(self) -> list[int]:
        """Return the days on which some rule begins or ends."""
        dates = {text.in_force for texts in self.regime.versions.values() for text in texts}
        dates |= {date for fact in self.regime.facts for date in (fact.in_force, fact.until)}
        dates |= {condition.from_date for condition in self.regime.conditions.values()}
        return sorted(self.since(date) for date in dates if date is not None)

    def since(self, date: dt.date | None) -> int:
        """Return the day from which a date of entry counts: 0 for None, and for what lies before the calendar."""
        if date is None:
            return 0
        return min(max((date - self.calendar.start).days, 0), self.calendar.days)

    def pieces(self, span: Span, more: Iterable[int] = ()) -> Iterator[Span]:
        """Cut a span at the days on which a rule changes, and at more days; each piece begins on such a day."""
        first = span.first
        for day in sorted({*self._law_days, *more}):
            if first < day <= span.last:
                yield Span(first, day - 1)
                first = day
        yield Span(first, span.last)

    def texts_in_force(self, step: str, day: int, decided: Callable[[str], Span | None]) -> list[StepVersion]:
        """Return the texts that can hold for a person on a day; more than one where a deciding day is not known.

        Parameters
        ----------
        step
            The step.
        day
            The day.
        decided
            Gives, for the event of a transitional rule, when it happened; None: it did not.
        """
        texts = self.texts(step)
        found: list[StepVersion] = []
        for text in reversed(texts[1:]):
            in_force = self.since(text.in_force)
            if in_force > day:
                continue
            event = None if text.applies_to is None else decided(text.applies_to)
            if event is None or event.first >= in_force:
                return [*found, text]
            if event.last >= in_force:
                found.append(text)
        return [*found, texts[0]]

    # ---- terms ----

    def term(self, name: str, step: Step) -> Term | None:
        """Return how the time of a step binds; None when it takes none, or as long as an authority takes."""
        if step.takes is None or step.by is not None:
            return None
        passport = self.parameters.passport(step.takes)
        if passport.varies == "fixed" and passport.grade == "official":
            who = {self.decisions[word].who for word in words(step) if word in self.decisions}
            return Term(step.takes, "most" if step.actor in who else "exact", rule=step.term)
        # A part of a term that is counted from here ends with that term at the latest.
        for branch in step.next:
            later = self.texts(branch.to)[0].step
            if later.counted_from == name and later.takes is not None:
                return Term(step.takes, "open", within=later.takes, rule=later.term)
        return Term(step.takes, "open")

    def ends(self, parameter: str, rule: str, day: int) -> int:
        """Return the last day of a term that starts on a day."""
        key = parameter, rule
        if key not in self._ends:
            value, unit = int(self.parameters.value(parameter)), self.parameters.passport(parameter).unit
            self._ends[key] = self.calendar.term_table(value, unit, rule)
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
        if term.binds == "open" and term.within is None:
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
            tracks: set[int] = set()
            for text in self.texts(step):
                for word in words(text.step):
                    condition = self.regime.conditions.get(word)
                    steps = condition.at if condition is not None else ()
                    steps = (word.removeprefix("at "),) if word.startswith("at ") else steps
                    tracks |= {self.track_of[name] for name in steps}
            self._looked_at[step] = frozenset(tracks)
        return self._looked_at[step]

    def _condition_ends(self, condition: Condition, day: int) -> int:
        assert condition.over is not None
        return self.ends(condition.over, "none", day)

    # ---- which steps follow from which ----

    def ways_out(self, step: str) -> Iterator[tuple[Way, list[str]]]:
        """Give every way out of a step in any text, with the steps that it enters at once: its target, its signals."""
        for text in self.texts(step):
            for place, branch in enumerate(text.step.next):
                yield Way(step, place), [branch.to, *map(plain, branch.signals)]
            if text.step.on_start:
                yield Way(step), [plain(signal) for signal in text.step.on_start]
        for name, hazard in self.hazards.items():
            if step in hazard.at:
                yield Way(step, hazard=name), [hazard.to]

    @cached_property
    def same_day(self) -> Mapping[str, frozenset[str]]:
        """Step -> the steps that can be entered on the day on which something moves out of it, if all goes so."""
        onward: dict[str, set[str]] = {name: set() for name in self.regime.versions}
        for name, texts in self.regime.versions.items():
            for text in texts:
                onward[name].update(map(plain, text.step.signals))
            if self.kind[name] == PASSED_THROUGH:
                for _, entered in self.ways_out(name):
                    onward[name].update(entered)
        closed: dict[str, frozenset[str]] = {}
        for name in self.regime.versions:
            reached = {entered for _, targets in self.ways_out(name) for entered in targets}
            waiting = list(reached)
            while waiting:
                more = onward[waiting.pop()] - reached
                reached |= more
                waiting += more
            closed[name] = frozenset(reached)
        return closed

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
                if self.kind[name] == RESTING and name != step:
                    continue
                following = {to for _, entered in self.ways_out(name) for to in entered}
                following |= {to for to, origins in self.accepts.items() if name in origins}
                more = {to for to in following if self.track_of[to] == track} - found
                found |= more
                edge += more
            self._onward[step] = frozenset(found)
        return self._onward[step]

    def causes(self, target: str) -> Mapping[str, int]:
        """Return how many steps, of any track, lie between each step and a target that it can bring about.

        On the track of the target as in `distances`; on others only what leads to it on the same day.
        """
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
        for name in self.regime.versions:
            for text in self.texts(name):
                if step in map(plain, text.step.signals):
                    yield name
                for branch in text.step.next:
                    if step == branch.to or step in map(plain, branch.signals):
                        yield branch.to
                        if self.passes(name):
                            yield name

    def distances(self, target: str) -> Mapping[str, int]:
        """Return how many steps each step of a track lies from a target, by any text."""
        before: dict[str, set[str]] = {}
        track = self.track_of[target]
        for name in self.steps_of(track):
            for _, entered in self.ways_out(name):
                for step in entered:
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


def words(step: Step) -> list[str]:
    """Return what the branches of a step ask for, without ``not``."""
    return [item.removeprefix("not ") for branch in step.next for item in branch.when]


def plain(signal: str) -> str:
    """Return the step of a signal, without its address."""
    return signal.rpartition(":")[2]
