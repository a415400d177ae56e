"""The people whose lives a rule changes: one replicate of a comparison, read person by person.

A comparison keeps small arrays. Of one replicate this module keeps the lives of those to whom the text of a regime made
a difference, and how many people were at each step at the end of each month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.codes import BY_SIGNAL, hazard_of, unpacked_moves
from sim.outcomes.count import Counts
from sim.outcomes.groups import arrived
from sim.outcomes.parting import count_changes
from sim.policies.wording import LANGUAGES, Words, sources
from sim.procedures.schema import Title
from sim.runs.lives import Lives
from sim.runs.naming import distinct
from sim.runs.world import World

MOST_LIVES: Final = 1500
"""People whose lives are kept move by move; of more, the first ones by day of arrival. The counts are always of all."""


class StepWords(NamedTuple):
    """A step for readers: its title, track, who acts, where it is written and how far that was read."""

    name: str
    title: Title
    track: str
    by: str
    article: str
    law: str
    status: str


class Cause(NamedTuple):
    """Why a move happened, in both languages: by a branch of a text (``layer``), a signal, or an event (a hazard)."""

    kind: str
    words: str
    words_nl: str
    layer: str
    law: str
    status: str

    def as_data(self) -> dict[str, Any]:
        """Return it as texts, the words by language."""
        words = {"en": self.words, "nl": self.words_nl}
        return {"kind": self.kind, "words": words, "layer": self.layer, "law": self.law, "status": self.status}


Move = tuple[int, int, int]
"""Day since the start, position of the step entered, position of the cause."""


@dataclass(frozen=True)
class Life:
    """The life of one person under the baseline.

    Attributes
    ----------
    key
        The name of the person for ``b8sim follow``.
    month, number
        Month of arrival (``2019-03``) and number among those who arrive in it, from 1: a neutral name.
    groups
        Positions of the groups that the person belongs to.
    outcome
        Position in ``OUTCOMES``.
    moves
        All moves, in order.
    """

    key: str
    month: str
    number: int
    groups: tuple[int, ...]
    outcome: int
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class OtherLife:
    """The life of the same person under a reform: how many first moves are those of the baseline, and the others."""

    person: int
    outcome: int
    shared: int
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Reform:
    """The people to whom one reform makes a difference.

    Attributes
    ----------
    name
        The regime.
    lives
        One for each person kept, in the order of ``Parting.lives``.
    people, elsewhere
        How many there are in all, and how many of them end elsewhere.
    elsewhere_by_others
        How many other people end elsewhere, because of queues, places or what they hear.
    """

    name: str
    lives: tuple[OtherLife, ...]
    people: int
    elsewhere: int
    elsewhere_by_others: int


@dataclass(frozen=True)
class Parting:
    """One replicate, read person by person.

    Attributes
    ----------
    replicate, people
        Its number, and how many people arrive in it.
    steps, tracks
        What the positions in moves mean; ``tracks``: name and title.
    causes
        As ``steps``.
    lives
        Those who part under at least one reform, in order of arrival.
    reforms
        For each reform, who parts.
    months
        Days since the start of the evenings on which people are counted.
    present
        ``int[regime, month, step]``: people at each step then.
    """

    replicate: int
    people: int
    steps: tuple[StepWords, ...]
    tracks: tuple[tuple[str, Title], ...]
    causes: tuple[Cause, ...]
    lives: tuple[Life, ...]
    reforms: tuple[Reform, ...]
    months: tuple[int, ...]
    present: NDArray[np.int64]

    def as_data(self) -> dict[str, Any]:
        """Return it as lists and texts that JSON can hold; the moves of a life are one flat list."""
        return {
            "replicate": self.replicate,
            "people": self.people,
            "steps": [{**step._asdict(), "title": step.title.model_dump()} for step in self.steps],
            "tracks": [{"name": name, "title": title.model_dump()} for name, title in self.tracks],
            "causes": [cause.as_data() for cause in self.causes],
            "months": list(self.months),
            "present": self.present.tolist(),
            "persons": [
                {
                    "key": life.key,
                    "month": life.month,
                    "number": life.number,
                    "groups": list(life.groups),
                    "outcome": life.outcome,
                    "moves": _flat(life.moves),
                }
                for life in self.lives
            ],
            "reforms": [
                {
                    "regime": reform.name,
                    "people": reform.people,
                    "elsewhere": reform.elsewhere,
                    "elsewhere_by_others": reform.elsewhere_by_others,
                    "lives": [
                        {
                            "person": life.person,
                            "outcome": life.outcome,
                            "shared": life.shared,
                            "moves": _flat(life.moves),
                        }
                        for life in reform.lives
                    ],
                }
                for reform in self.reforms
            ],
        }


def parting_of(
    replicate: int,
    lived: Sequence[Lives],
    counted: Sequence[Counts],
    changed: Sequence[NDArray[np.bool_]],
    groups: NDArray[np.bool_],
) -> Parting:
    """Return whose lives part in one replicate of a comparison, and where.

    Parameters
    ----------
    replicate
        The number of the replicate.
    lived, counted
        The lives in each world, baseline first, and what is counted of them.
    changed
        For each reform to whom a rule makes a difference, in the world of the reform or in that of the baseline.
    groups
        Who belongs to which group, ``bool[groups, persons]``.
    """
    population, end_day = lived[0].population, lived[0].world.end_day
    here = arrived(population, end_day)
    base, *read = [
        _Read(lives, counts.outcome.astype(np.int64), groups & counts.measured, here & counts.measured)
        for lives, counts in zip(lived, counted, strict=True)
    ]
    marked = [both & (one if one is read[0] else base).here for one, both in zip(read, changed, strict=True)]
    names = distinct([lives.world.regime.name for lives in lived])
    return _Reader(population).parting(replicate, base, read, marked, names)


@dataclass(frozen=True)
class _Read:
    """One world after its run: how people end, their groups, who is measured, and their moves."""

    lives: Lives
    stand: NDArray[np.int64]
    groups: NDArray[np.bool_]
    here: NDArray[np.bool_]

    @property
    def world(self) -> World:
        return self.lives.world


class _Reader:
    """Reads runs of one population."""

    def __init__(self, population: Population) -> None:
        self.population, self.persons = population, population.entities.persons
        self.steps: dict[str, int] = {}
        self.causes: dict[Cause, int] = {}

    def parting(
        self, replicate: int, base: _Read, read: Sequence[_Read], changed: Sequence[NDArray[np.bool_]], names: list[str]
    ) -> Parting:
        """Return the parting of one replicate."""
        for one in (base, *read):
            for name in one.world.catalogue.steps:
                self.steps.setdefault(name, len(self.steps))
        parted = np.logical_or.reduce(changed)
        rows = np.flatnonzero(parted)[:MOST_LIVES]
        place = {int(row): at for at, row in enumerate(rows)}
        moves = self._moves(base, rows)
        self.here = (read[0] if len(read) == 1 else base).here
        lives = tuple(self._life(base, int(row), moves[int(row)]) for row in rows)
        reforms = []
        for one, marked, name in zip(read, changed, names[1:], strict=True):
            theirs = self._moves(one, rows[marked[rows]])
            elsewhere = one.stand != base.stand
            own = tuple(_other(place[row], int(one.stand[row]), moves[row], theirs[row]) for row in sorted(theirs))
            counts = (marked.sum(), (marked & elsewhere).sum(), (~marked & elsewhere & self.here).sum())
            reforms.append(Reform(name, own, *map(int, counts)))
        months = _month_ends(base.world)
        return Parting(
            replicate=replicate,
            people=int(self.here.sum()),
            steps=self._step_words((base, *read)),
            tracks=tuple((name, track.title) for name, track in base.world.statute.tracks.items()),
            causes=tuple(self.causes),
            lives=lives,
            reforms=tuple(reforms),
            months=months,
            present=np.stack([self._present(one, months) for one in (base, *read)]),
        )

    def _life(self, base: _Read, row: int, moves: tuple[Move, ...]) -> Life:
        arrival = self.population.entities.arrival[: self.persons]
        date = base.world.calendar.date_of(int(arrival[row]))
        first = (date.replace(day=1) - base.world.calendar.start).days
        # People are in order of arrival.
        number = row - int(np.searchsorted(arrival, max(first, 0))) + 1
        groups = tuple(np.flatnonzero(base.groups[:, row]).tolist())
        return Life(self.population.name(row), f"{date:%Y-%m}", number, groups, int(base.stand[row]), moves)

    def _moves(self, read: _Read, rows: NDArray[np.int64]) -> dict[int, tuple[Move, ...]]:
        """Return the moves of some people, by row."""
        moves, first = read.lives.moves, read.world.start_day
        number = np.array([self.steps[name] for name in read.world.catalogue.steps])
        causes = _Causes(read.world, self.causes)
        found: dict[int, tuple[Move, ...]] = {}
        for row in rows.tolist():
            own = slice(moves.start[row], moves.start[row + 1])
            _, to, via = unpacked_moves(moves.move[own])
            columns = (moves.day[own] - first).tolist(), number[to].tolist(), map(causes.of, via.tolist())
            found[row] = tuple(zip(*columns, strict=True))
        return found

    def _present(self, read: _Read, months: Sequence[int]) -> NDArray[np.int64]:
        """Return how many people are at each step on some evenings; ``int[months, steps]``."""
        size, number = len(self.steps), np.array([self.steps[name] for name in read.world.catalogue.steps], np.int64)
        change = np.zeros((len(months) + 1, size), np.int64)
        # Everybody begins in the first step of each track before the first move; after a history, where it left them.
        slots, opening = np.array(read.world.catalogue.slots), read.lives.opening
        for track in read.world.statute.tracks.values():
            if track.entity == "person" and opening is None:
                change[0, self.steps[track.start]] += self.here.sum()
            elif track.entity == "person" and opening is not None:
                start = read.world.catalogue.step(track.start)
                at, came = np.full(self.persons, start), opening.step[: self.persons, slots[start]]
                at[: came.size] = came
                change[0] += np.bincount(number[at[self.here]], minlength=size)
        days = np.searchsorted(np.array(months), np.arange(read.world.measured_days))
        count_changes(read.lives.moves, self.persons, read.world.start_day, days, number, change)
        return change[:-1].cumsum(axis=0)

    def _step_words(self, read: Iterable[_Read]) -> tuple[StepWords, ...]:
        words: dict[str, StepWords] = {}
        for one in read:
            for name, step in one.world.statute.last_texts().items():
                by = step.by or step.actor
                said = StepWords(name, step.title, step.track, by, step.article, sources(step.law), step.status)
                words.setdefault(name, said)
        return tuple(words[name] for name in self.steps)


class _Causes:
    """The causes of moves in one world, as positions in a list that all worlds share."""

    def __init__(self, world: World, shared: dict[Cause, int]) -> None:
        self.world, self.shared = world, shared
        self.words = [Words.of(world.statute, language) for language in LANGUAGES]
        self.known: dict[int, int] = {}

    def of(self, via: int) -> int:
        """Return the position of a cause."""
        if via not in self.known:
            self.known[via] = self.shared.setdefault(self._cause(via), len(self.shared))
        return self.known[via]

    def _cause(self, via: int) -> Cause:
        if via == BY_SIGNAL:
            return Cause("signal", "", "", "", "", "")
        catalogue, statute = self.world.catalogue, self.world.statute
        if via < 0:
            name = catalogue.hazards[hazard_of(via)]
            english, dutch = (words.name(name) for words in self.words)
            return Cause("event", english, dutch, "", "", "")
        step, position = catalogue.branches[via]
        layer = catalogue.branch_layer[via]
        text = next(text for text in statute.texts(step) if text.layer == layer).step
        branch = text.next[position]
        law = sources(branch.law or text.law)
        english, dutch = (words.all_of(branch.when) for words in self.words)
        return Cause("branch", english, dutch, layer, law, text.status)


def _other(person: int, outcome: int, base: tuple[Move, ...], moves: tuple[Move, ...]) -> OtherLife:
    shared = 0
    for one, other in zip(base, moves, strict=False):
        if one[:2] != other[:2]:
            break
        shared += 1
    return OtherLife(person, outcome, shared, moves[shared:])


def _month_ends(world: World) -> tuple[int, ...]:
    """Return the last day of each month, and the last day of the scenario."""
    start, days = world.scenario.start, []
    for day in range(world.measured_days):
        date = start + dt.timedelta(days=day)
        if (date + dt.timedelta(days=1)).day == 1 or day == world.measured_days - 1:
            days.append(day)
    return tuple(days)


def _flat(moves: Iterable[Move]) -> list[int]:
    return [number for move in moves for number in move]
