"""The transition log of one run, and what each history comes to: first days, entries, days, sequences, spells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import NEVER
from sim.engine.compiled import on_arrays
from sim.engine.log import Log
from sim.engine.tables import Catalogue

MOST_SEQUENCES: Final = 64
"""Bits of a number: each sequence has one in every person's row."""
STILL_THERE: Final = -1


class Sequence(NamedTuple):
    """One thing and, at any time later, another: the first of ``steps``, then ``then``, with none of ``not_before``."""

    steps: tuple[str, ...]
    then: tuple[str, ...]
    not_before: tuple[str, ...] = ()


class Spells(NamedTuple):
    """Every stay in the steps that were asked for, a row for each, in the order in which they ended; then those open.

    Attributes
    ----------
    entity, step
        Who, and the number of the step.
    days
        Days from entering to leaving, or to the last day of the scenario.
    to
        Number of the step that came next; -1: still there on the last day.
    done
        Whether the step came to its own end (by a branch), and was not left for something else.
    """

    entity: NDArray[np.int32]
    step: NDArray[np.int32]
    days: NDArray[np.int32]
    to: NDArray[np.int32]
    done: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_] | slice) -> Spells:
        """Return some of the spells."""
        return Spells(self.entity[chosen], self.step[chosen], self.days[chosen], self.to[chosen], self.done[chosen])


@dataclass(frozen=True)
class Wanted:
    """What a history must keep: steps, sequences of steps, and the steps whose every spell is looked at."""

    steps: tuple[str, ...]
    sequences: tuple[Sequence, ...] = ()
    spells: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """What each entity went through; ``[N, columns]``, one column for each step in ``steps``.

    Attributes
    ----------
    first_day
        Day of the first entry; 32767: never.
    entries
        Number of entries (255 stands for 255 or more).
    days
        Days spent, up to and including the last day of the scenario.
    last_state
        Step on each track at the end, ``[N, tracks]``.
    followed
        For each sequence a bit, ``[N]``: the whole sequence happened.
    spells
        Every stay in the steps that were asked for.
    numbers
        Number of each step of the regime.
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

    def happened(self, sequence: Sequence) -> NDArray[np.bool_]:
        """Return to whom a sequence happened, ``bool[N]``; moves of one day count in the order of the log."""
        bit = np.uint64(1 << self.sequences.index(sequence))
        return np.asarray(self.followed & bit != 0)

    def spells_in(self, *steps: str) -> Spells:
        """Return the spells in some steps; a step that this regime does not have has none."""
        numbers = [self.numbers[step] for step in steps if step in self.numbers]
        return self.spells.where(np.isin(self.spells.step, numbers))

    def entered(self, *steps: str) -> NDArray[np.bool_]:
        """Return who ever entered one of the steps; a step that this regime does not have counts as never entered."""
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
        """Sum ``entries`` or ``days`` over steps."""
        table: NDArray[Any] = getattr(self, what)
        out = np.zeros(table.shape[0])
        for step in steps:
            if step in self.column:
                out += table[:, self.column[step]]
        return out


def history(log: Log, catalogue: Catalogue, slots: NDArray[np.int32], state: NDArray[np.uint8], end_day: int,
            wanted: Wanted) -> History:  # fmt: skip
    """Reduce a log to the history of each entity.

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
    spells = _no_spells(int(watched[log.to_step].sum()))
    n = state.shape[0]
    # One step of everybody lies together: that is how measures read it.
    first_day = np.full((len(kept), n), NEVER, np.int16).T
    entries = np.zeros((len(kept), n), np.uint8).T
    days = np.zeros((len(kept), n), np.int16).T
    followed = np.zeros((3, n), np.uint64)
    _reduce(log, slots, column, state, end_day, first_day, entries, days)
    _follow(log, bits, followed)
    ended = _collect(log, slots, watched, state, end_day, spells)
    return History(
        steps=kept,
        first_day=first_day,
        entries=entries,
        days=days,
        last_state=state,
        column={step: i for i, step in enumerate(kept)},
        sequences=wanted.sequences,
        followed=followed[1] & ~followed[2],
        spells=spells.where(slice(ended)),
        numbers=numbers,
    )


def _no_spells(size: int) -> Spells:
    entity, step, days, to = (np.zeros(size, np.int32) for _ in range(4))
    return Spells(entity, step, days, to, np.zeros(size, np.bool_))


@on_arrays
def _follow(log: Log, bits: NDArray[np.uint64], followed: NDArray[np.uint64]) -> None:
    """Note of each sequence that it began, that it went on, and that what must not come before it came before."""
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
    spells: Spells,
) -> int:
    """Write every spell in a watched step; return how many there are."""
    since = np.full(state.shape, -1, np.int16)
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
            count += 1
        since[e, slot] = day
    for e in range(state.shape[0]):
        for slot in range(state.shape[1]):
            if watched[state[e, slot]] and since[e, slot] >= 0:
                spells.entity[count] = e
                spells.step[count] = state[e, slot]
                spells.days[count] = end_day - since[e, slot]
                spells.to[count] = STILL_THERE
                count += 1
    return count


@on_arrays
def _reduce(
    log: Log,
    slots: NDArray[np.int32],
    column: NDArray[np.int32],
    state: NDArray[np.uint8],
    end_day: int,
    first_day: NDArray[np.int16],
    entries: NDArray[np.uint8],
    days: NDArray[np.int16],
) -> None:
    since = np.full(state.shape, -1, np.int16)
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
