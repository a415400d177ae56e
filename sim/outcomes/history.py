"""The transition log of one run reduced to histories: first days, entries, days, sequences, spells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import NEVER
from sim.engine.compiled import on_arrays
from sim.engine.log import Log
from sim.engine.tables import Catalogue
from sim.outcomes.opening import Opening

MOST_SEQUENCES: Final = 64
"""Each sequence has one bit of a number for each person."""
STILL_THERE: Final = -1


class Sequence(NamedTuple):
    """Steps in order: the first of ``steps``, at any time later one of ``then``, and none of ``not_before`` first."""

    steps: tuple[str, ...]
    then: tuple[str, ...]
    not_before: tuple[str, ...] = ()


class Spells(NamedTuple):
    """Every spell in the watched steps, one row each, in the order in which they ended; open spells last.

    After a history: the spells that ended in the period that is measured, or are open on its last day.

    Attributes
    ----------
    entity, step
        Row of the entity, and number of the step.
    days
        Days from entering to leaving, or to the last day of the scenario.
    to
        Number of the step that came next; -1: still there on the last day.
    done
        Whether the step ended by one of its branches, and not by a signal or a hazard.
    earlier
        Whether the spell began before the period.
    """

    entity: NDArray[np.int32]
    step: NDArray[np.int32]
    days: NDArray[np.int32]
    to: NDArray[np.int32]
    done: NDArray[np.bool_]
    earlier: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_] | slice) -> Spells:
        """Return some of the spells."""
        entity, step, days, to, done, earlier = self
        return Spells(entity[chosen], step[chosen], days[chosen], to[chosen], done[chosen], earlier[chosen])


@dataclass(frozen=True)
class Wanted:
    """What a history must keep.

    Attributes
    ----------
    steps, sequences, spells
        Steps, sequences of steps, and the steps whose spells are kept.
    remembered
        Steps that are asked for however long ago they were entered.
    lasting
        Steps in which days count: who is in one of them is measured without moving.
    """

    steps: tuple[str, ...]
    sequences: tuple[Sequence, ...] = ()
    spells: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """The history of each entity in the period that is measured; ``[N, columns]``, a column for each step in ``steps``.

    After a scenario's history only those have a row who are measured: they come in the period, move in it, or spend
    days of it in a step whose days count.

    Attributes
    ----------
    first_day
        Day of the first entry; 32767: never.
    entries
        Number of entries (255: 255 or more).
    days
        Days spent, up to and including the last day of the scenario.
    last_state
        Step of everybody on each track at the end, ``[all, tracks]``.
    followed
        For each sequence a bit, ``[N]``: the whole sequence happened.
    spells
        Every spell in the watched steps.
    numbers
        Number of each step of the regime.
    rows
        Which persons and networks have a row, in order; None: all.
    opening
        What the scenario's history left behind; None: there was none.
    """

    steps: tuple[str, ...]
    first_day: NDArray[np.int16]
    entries: NDArray[np.uint8]
    days: NDArray[np.int16]
    last_state: NDArray[np.uint8]
    column: dict[str, int]
    sequences: tuple[Sequence, ...]
    followed: NDArray[np.uint64]
    spells: Spells
    numbers: dict[str, int]
    rows: NDArray[np.int64] | None = None
    opening: Opening | None = None

    def persons(self, persons: int) -> NDArray[np.int64]:
        """Return the rows of the persons who are measured, of all ``persons``."""
        return np.arange(persons) if self.rows is None else self.rows[self.rows < persons]

    def before(self, *steps: str) -> NDArray[np.int16]:
        """Return the first day before the period on which one of the steps was entered, of everybody; 32767: never.

        Raises
        ------
        KeyError
            When a step of this regime was not to be remembered.
        """
        if self.opening is None:
            return np.full(self.last_state.shape[0], NEVER, np.int16)
        return self.opening.first_day(*(step for step in steps if step in self.numbers))

    def ever(self, *steps: str) -> NDArray[np.bool_]:
        """Return which entities entered one of the steps, in the period or before."""
        return np.asarray(self.first_ever(*steps) < NEVER)

    def first_ever(self, *steps: str) -> NDArray[np.int16]:
        """Return the first day on which one of the steps was entered, in the period or before; 32767: never."""
        if self.rows is None:
            return self.first(*steps)
        return np.minimum(self.first(*steps), self.before(*steps)[self.rows])

    def ever_of_all(self, *steps: str) -> NDArray[np.bool_]:
        """Return who entered one of the steps, in the period or before, ``bool[all]``."""
        if self.rows is None:
            return self.entered(*steps)
        out = self.before(*steps) < NEVER
        out[self.rows] |= self.entered(*steps)
        return np.asarray(out)

    def happened(self, sequence: Sequence) -> NDArray[np.bool_]:
        """Return the entities to which a sequence happened, ``bool[N]``; the log orders the moves of a day."""
        bit = np.uint64(1 << self.sequences.index(sequence))
        return np.asarray(self.followed & bit != 0)

    def spells_in(self, *steps: str) -> Spells:
        """Return the spells in some steps; a step that this regime does not have has none."""
        numbers = [self.numbers[step] for step in steps if step in self.numbers]
        return self.spells.where(np.isin(self.spells.step, numbers))

    def entered(self, *steps: str) -> NDArray[np.bool_]:
        """Return which entities entered one of the steps; a step that this regime does not have is never entered."""
        out = np.zeros(self.first_day.shape[0], bool)
        for step in steps:
            if step in self.column:
                out |= self.first_day[:, self.column[step]] < NEVER
        return out

    def first(self, *steps: str) -> NDArray[np.int16]:
        """Return the first day on which one of the steps was entered; 32767: never."""
        out = np.full(self.first_day.shape[0], NEVER, np.int16)
        for step in steps:
            if step in self.column:
                np.minimum(out, self.first_day[:, self.column[step]], out=out)
        return out

    def total(self, what: str, *steps: str) -> NDArray[np.float64]:
        """Return the sum of ``entries`` or ``days`` over steps."""
        table: NDArray[Any] = getattr(self, what)
        out = np.zeros(table.shape[0])
        for step in steps:
            if step in self.column:
                out += table[:, self.column[step]]
        return out


def history(
    log: Log,
    catalogue: Catalogue,
    slots: NDArray[np.int32],
    state: NDArray[np.uint8],
    end_day: int,
    wanted: Wanted,
    opening: Opening | None = None,
    arrival: NDArray[np.int16] | None = None,
) -> History:
    """Return the history of each entity from the log of the period.

    Parameters
    ----------
    slots
        Track number of each step.
    state
        Step on each track at the end, ``[N, tracks]``.
    end_day
        Last day of the scenario.
    wanted
        What to keep.
    opening
        What the scenario's history left behind, with ``wanted.remembered``; None: there was none.
    arrival
        Day of arrival of each person, where there was one.
    """
    if len(wanted.sequences) > MOST_SEQUENCES:
        raise ValueError(f"{len(wanted.sequences)} sequences, at most {MOST_SEQUENCES} are kept")
    numbers = {step: number for number, step in enumerate(catalogue.steps)}
    kept = tuple(step for step in wanted.steps if step in numbers)
    column = np.full(len(catalogue.steps), -1, np.int32)
    for i, step in enumerate(kept):
        column[numbers[step]] = i
    bits = np.zeros((3, len(catalogue.steps)), np.uint64)
    for i, sequence in enumerate(wanted.sequences):
        for role, steps in enumerate(sequence):
            for step in steps:
                if step in numbers:
                    bits[role, numbers[step]] |= np.uint64(1 << i)
    watched = np.zeros(len(catalogue.steps), np.bool_)
    watched[[numbers[step] for step in wanted.spells if step in numbers]] = True
    everybody, waiting, rows = state, 0, None
    # The days of a spell begin before the period; days spent in the period do not.
    since = np.full(state.shape, -1, np.int16)
    if opening is not None:
        assert arrival is not None
        lasting = [numbers[step] for step in {*wanted.lasting, *wanted.spells} if step in numbers]
        rows = _measured(log, opening, arrival, end_day, lasting)
        place = np.zeros(state.shape[0], np.int32)
        place[rows] = np.arange(rows.size)
        log, state, since = log._replace(entity=place[log.entity]), state[rows], opening.since[rows]
        waiting = int((watched[opening.step[rows]] & (since >= 0)).sum())
    first = 0 if opening is None else opening.day
    spells = _no_spells(int(watched[log.to_step].sum()) + waiting)
    n = state.shape[0]
    # A step is contiguous over all persons, as measures read it.
    first_day = np.full((len(kept), n), NEVER, np.int16).T
    entries = np.zeros((len(kept), n), np.uint8).T
    days = np.zeros((len(kept), n), np.int16).T
    followed = np.zeros((3, n), np.uint64)
    if opening is not None and rows is not None:
        _begun_before(wanted.sequences, opening, numbers, rows, followed)
    _reduce(log, slots, column, state, end_day, np.where(since >= 0, np.int16(first), since), first_day, entries, days)
    _follow(log, bits, followed)
    ended = _collect(log, slots, watched, state, end_day, first, since, spells)
    return History(
        steps=kept,
        first_day=first_day,
        entries=entries,
        days=days,
        last_state=everybody,
        column={step: i for i, step in enumerate(kept)},
        sequences=wanted.sequences,
        followed=followed[1] & ~followed[2],
        spells=spells.where(slice(ended)),
        numbers=numbers,
        rows=rows,
        opening=opening,
    )


def _measured(
    log: Log, opening: Opening, arrival: NDArray[np.int16], end_day: int, lasting: list[int]
) -> NDArray[np.int64]:
    """Return the rows of the persons who are measured, and of all networks."""
    mine = np.ones(opening.step.shape[0], bool)
    mine[: arrival.size] = (arrival >= opening.day) & (arrival <= end_day)
    mine[log.entity] = True
    mine |= (np.isin(opening.step, lasting) & (opening.since >= 0)).any(axis=1)
    return np.flatnonzero(mine)


def _begun_before(
    sequences: tuple[Sequence, ...],
    opening: Opening,
    numbers: Mapping[str, int],
    rows: NDArray[np.int64],
    followed: NDArray[np.uint64],
) -> None:
    """Set the bits of the sequences that began, or were excluded, before the period; on one day they began first."""

    def soonest(steps: tuple[str, ...]) -> NDArray[np.int16]:
        return opening.first_day(*(step for step in steps if step in numbers))[rows]

    for i, sequence in enumerate(sequences):
        bit, begun = np.uint64(1 << i), soonest(sequence.steps)
        followed[0] |= np.where(begun < NEVER, bit, np.uint64(0))
        followed[2] |= np.where(soonest(sequence.not_before) < begun, bit, np.uint64(0))


def _no_spells(size: int) -> Spells:
    entity, step, days, to = (np.zeros(size, np.int32) for _ in range(4))
    return Spells(entity, step, days, to, np.zeros(size, np.bool_), np.zeros(size, np.bool_))


@on_arrays
def _follow(log: Log, bits: NDArray[np.uint64], followed: NDArray[np.uint64]) -> None:
    """Set the bits of each sequence: begun, completed, and excluded by an earlier step."""
    for row in range(log.day.size):
        e, to = log.entity[row], log.to_step[row]
        followed[1, e] |= bits[1, to] & followed[0, e]
        followed[2, e] |= bits[2, to] & ~followed[0, e]
        followed[0, e] |= bits[0, to]


@on_arrays
def _collect(
    log: Log,
    slots: NDArray[np.int32],
    watched: NDArray[np.bool_],
    state: NDArray[np.uint8],
    end_day: int,
    first: int,
    since: NDArray[np.int16],
    spells: Spells,
) -> int:
    """Write every spell in a watched step; return how many there are."""
    count = 0
    for row in range(log.day.size):
        e, to, old, day = log.entity[row], log.to_step[row], log.from_step[row], log.day[row]
        slot = slots[to]
        if watched[old] and since[e, slot] >= 0:
            spells.entity[count] = e
            spells.step[count] = old
            spells.days[count] = day - since[e, slot]
            spells.to[count] = to
            spells.done[count] = log.via[row] >= 0
            spells.earlier[count] = since[e, slot] < first
            count += 1
        since[e, slot] = day
    for e in range(state.shape[0]):
        for slot in range(state.shape[1]):
            if watched[state[e, slot]] and since[e, slot] >= 0:
                spells.entity[count] = e
                spells.step[count] = state[e, slot]
                spells.days[count] = end_day - since[e, slot]
                spells.to[count] = STILL_THERE
                spells.earlier[count] = since[e, slot] < first
                count += 1
    return count


@on_arrays
def _reduce(
    log: Log,
    slots: NDArray[np.int32],
    column: NDArray[np.int32],
    state: NDArray[np.uint8],
    end_day: int,
    since: NDArray[np.int16],
    first_day: NDArray[np.int16],
    entries: NDArray[np.uint8],
    days: NDArray[np.int16],
) -> None:
    for row in range(log.day.size):
        e, to, old, day = log.entity[row], log.to_step[row], log.from_step[row], log.day[row]
        slot = slots[to]
        kept = column[old]
        if kept >= 0 and since[e, slot] >= 0:
            days[e, kept] += day - since[e, slot]
        since[e, slot] = day
        kept = column[to]
        if kept >= 0:
            if first_day[e, kept] == NEVER:
                first_day[e, kept] = day
            if entries[e, kept] < 255:
                entries[e, kept] += 1
    for e in range(state.shape[0]):
        for slot in range(state.shape[1]):
            kept = column[state[e, slot]]
            if kept >= 0 and since[e, slot] >= 0:
                days[e, kept] += end_day + 1 - since[e, slot]
