"""A state carried from one world to another, in which the same people lived the same lives until now.

Two worlds number steps, hazards, draws and remembered days by themselves. `Carriage` has the numbers of the one for
those of the other; the rows of a state are then copied part by part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns as tb
from sim.engine import layout
from sim.engine.codes import BY_SIGNAL, by_hazard, packed_move
from sim.engine.columns import Ints
from sim.engine.compiled import int64, on_arrays
from sim.engine.held import Take, fresh
from sim.engine.packed import Packed
from sim.engine.state import Entities, State, row_parts
from sim.engine.tables import Catalogue, Tables

Map = NDArray[np.int64]
NONE = -1


@dataclass(frozen=True)
class Carriage:
    """The way from the numbers of one world to those of another.

    Attributes
    ----------
    steps, hazards, branches
        For each number of the origin that of the target; -1: the target does not have it.
    entered
        For each remembered day of the target the place in the origin; -1: of a step that only the target has.
    evers
        Pairs of bits, origin and target.
    draws, clocks
        For persons and for networks: for each place in a row of the target the place in the origin; -1: new.
    in_place
        For persons and for networks: whether all draws and clocks stay where they are, so that whole rows are copied.
    renumbered
        Whether steps or hazards have other numbers.
    """

    steps: Map
    hazards: Map
    branches: Map
    entered: Map
    evers: tuple[tuple[int, int], ...]
    draws: tuple[Map, Map]
    clocks: tuple[Map, Map]
    in_place: tuple[bool, bool]
    renumbered: bool

    @classmethod
    def between(cls, origin: tuple[Tables, Catalogue], target: tuple[Tables, Catalogue]) -> Carriage | None:
        """Return the way between two worlds; None where the origin does not remember what the target needs."""
        (t, one), (u, other) = (origin[0].t, origin[1]), (target[0].t, target[1])
        if one.tracks != other.tracks or one.pools != other.pools or one.beliefs != other.beliefs:
            return None
        number = {name: i for i, name in enumerate(other.steps)}
        steps = np.array([number.get(name, NONE) for name in one.steps], np.int64)
        shared = np.flatnonzero(steps != NONE)
        entered = _entered(t, u, steps, shared, int(u[tb.REFERENCES]))
        evers = {name: bit for bit, name in enumerate(one.evers)}
        if entered is None or any(name in one.steps and name not in evers for name in other.evers):
            return None
        pairs = tuple((evers[name], bit) for bit, name in enumerate(other.evers) if name in evers)
        number = {name: i for i, name in enumerate(other.hazards)}
        hazards = np.array([number.get(name, NONE) for name in one.hazards] or [NONE], np.int64)
        draws = _places(one.draws, other.draws, int(t[tb.NETWORK_DRAWS]), int(u[tb.NETWORK_DRAWS]))
        clocks = _places(one.hazards, other.hazards, int(t[tb.NETWORK_HAZARDS]), int(u[tb.NETWORK_HAZARDS]))
        alike = row_parts(t, one) == row_parts(u, other) and NONE not in entered
        return cls(
            steps=steps,
            hazards=hazards,
            branches=_branches(t, u, steps, shared, len(one.branches)),
            entered=entered,
            evers=pairs,
            draws=draws,
            clocks=clocks,
            in_place=(
                alike and _stay(draws[0]) and _stay(clocks[0]),
                alike and _stay(draws[1]) and _stay(clocks[1]),
            ),
            renumbered=not (_stay(steps) and _stay(hazards)),
        )

    def state(
        self,
        source: State | Packed,
        tables: Tables,
        catalogue: Catalogue,
        entities: Entities,
        marks: bool = False,
        take: Take = fresh,
        log: str = "log",
    ) -> State:
        """Return the state of the target on the evening of the last day of a state of the origin.

        Parameters
        ----------
        marks
            Whether to whom a rule made a difference is carried too: both worlds look at the same reference. If not, it
            has made none to anybody yet.
        take, log
            As those of ``State``; they may be the arrays from which a packed state was packed.
        """
        *_, space, at_once = source.made_from
        carried = State(tables, catalogue, entities, space, at_once, take, log, source.places)
        carried.turns = dict(source.turns)
        evers = np.array(self.evers, np.int64).reshape(-1, 2)
        may_meet = carried.rows["trait"][:, layout.MAY_MEET].copy()
        # Rows that are copied whole are unpacked where they belong.
        packed = isinstance(source, Packed)
        blocks = source.blocks(carried.rows, self.in_place) if isinstance(source, Packed) else source.blocks()
        for some, old in blocks:
            new, kind = carried.rows[some], int(some.start >= source.persons)
            in_place = self.in_place[kind]
            if in_place:
                if not packed:
                    _words(new)[:] = _words(old)
                new["trait"][:, layout.MAY_MEET] = may_meet[some]
            else:
                for part in ("level", "pace", "since", "fires", "belief", "day", "due"):
                    new[part] = old[part]
                _carry_columns(old["used"], new["used"], self.draws[kind])
                _carry_columns(old["clock"], new["clock"], self.clocks[kind])
            if self.renumbered or not in_place:
                _carry_steps(old["step"], new["step"], self.steps)
                _carry_hazards(old["day"], old["small"], new["small"], old["active"], new["active"], self.hazards)
            _carry_evers(old["trait"], new["trait"], evers)
            _carry_columns(old["entered"].copy() if in_place else old["entered"], new["entered"], self.entered)
            if not marks:
                new["small"][:, layout.RULED] = 0
        # The words of a packed state were read: what holds them takes no memory until it is the log.
        take(log, (0,), np.int32)
        self._carry_arrays(source, carried)
        return carried

    def _carry_arrays(self, source: State | Packed, carried: State) -> None:
        a, b = source.written, carried.arrays
        for name in ("after", "before", "queue", "node", "sums", "counter"):
            getattr(b, name)[: len(a[name])] = a[name]
        told = source.told
        b.news[:told] = a["news"]
        b.news[:told, layout.NEWS_STEP] = self.steps[a["news"][:, layout.NEWS_STEP]]
        moves = source.logged
        b.log[: len(moves), layout.LOG_DAY] = moves[:, layout.LOG_DAY]
        b.log[: len(moves), layout.LOG_WHO] = moves[:, layout.LOG_WHO]
        _carry_moves(moves, b.log, self.steps, self.hazards, self.branches)


def _words(rows: NDArray[Any]) -> NDArray[np.uint64]:
    """Return rows as words."""
    return rows.view(np.uint64).reshape(rows.size, -1)


def _stay(places: Map) -> bool:
    """Return whether everything keeps its number."""
    return np.array_equal(places, np.arange(places.size))


@on_arrays
def _carry_steps(old: NDArray[np.uint8], new: NDArray[np.uint8], steps: Map) -> None:
    """Write the steps of the target."""
    for e in range(old.shape[0]):
        for slot in range(old.shape[1]):
            new[e, slot] = steps[old[e, slot]]


@on_arrays
def _carry_evers(old: Ints, new: Ints, evers: Map) -> None:
    """Write the bits of steps ever entered, and of hazards to look at."""
    for e in range(old.shape[0]):
        bits = np.int64(old[e, layout.EVER_ENTERED])
        out = np.int64(0)
        for pair in range(evers.shape[0]):
            out |= (bits >> evers[pair, 0] & 1) << evers[pair, 1]
        new[e, layout.EVER_ENTERED] = out
        new[e, layout.LOOK_AT] = old[e, layout.LOOK_AT]  # in the evening none, or all of somebody who did not come yet


@on_arrays
def _carry_hazards(
    day: NDArray[np.int16],
    old: NDArray[np.uint8],
    new: NDArray[np.uint8],
    active: NDArray[np.uint8],
    new_active: NDArray[np.uint8],
    hazards: Map,
) -> None:
    """Write the hazards that run and the one that comes next, and copy the other small parts."""
    for e in range(old.shape[0]):
        for part in range(old.shape[1]):
            new[e, part] = old[e, part]
        comes = day[e, layout.HAZARD_DAY] < tb.NEVER
        new[e, layout.NEXT_HAZARD] = hazards[old[e, layout.NEXT_HAZARD]] if comes else 0
        for place in range(old[e, layout.ACTIVE_COUNT]):
            new_active[e, place] = hazards[active[e, place]]


@on_arrays
def _carry_columns(old: NDArray[Any], new: NDArray[Any], places: Map) -> None:
    """Copy columns to their new places; one without a place stays as it is on the first morning."""
    for e in range(new.shape[0]):
        for place in range(places.size):
            if places[place] != NONE:
                new[e, place] = old[e, places[place]]


@on_arrays
def _carry_moves(old: Ints, new: Ints, steps: Map, hazards: Map, branches: Map) -> None:
    """Write the moves of a log: from and to which step, and why."""
    for row in range(old.shape[0]):
        move = int64(old[row, layout.LOG_MOVE])
        via = move >> 16
        if via >= 0:
            via = int64(branches[via])
        elif via < BY_SIGNAL:
            via = by_hazard(int64(hazards[-2 - via]))
        new[row, layout.LOG_MOVE] = packed_move(int64(steps[move & 0xFF]), int64(steps[move >> 8 & 0xFF]), via)


def _entered(t: Ints, u: Ints, steps: Map, shared: Map, size: int) -> Map | None:
    """Return the places of remembered days; None where one has no place, or two, in the origin."""
    places = np.full(size, NONE, np.int64)
    for step in shared.tolist():
        old, new = int(t[tb.STEP_REF + step]), int(u[tb.STEP_REF + int(steps[step])])
        if new < 0:
            continue
        if old < 0 or places[new] not in (NONE, old):
            return None
        places[new] = old
    return places


def _branches(t: Ints, u: Ints, steps: Map, shared: Map, size: int) -> Map:
    """Return the branches of the texts that both worlds have, version by version."""
    branches = np.full(max(size, 1), NONE, np.int64)
    for step in shared.tolist():
        versions = [t[tb.STEP_VERSIONS + 2 * step :][:2], u[tb.STEP_VERSIONS + 2 * int(steps[step]) :][:2]]
        for one, other in zip(range(*versions[0].tolist()), range(*versions[1].tolist()), strict=False):
            mine = range(*t[tb.VER_BRANCHES + 2 * one :][:2].tolist())
            its = range(*u[tb.VER_BRANCHES + 2 * other :][:2].tolist())
            for old, new in zip(mine, its, strict=False):
                branches[old] = new
    return branches


def _places(one: tuple[str, ...], other: tuple[str, ...], networks: int, its_networks: int) -> tuple[Map, Map]:
    """Return for persons and for networks: for each name of the other world its place in a row of the one; -1: none."""

    def among(names: tuple[str, ...], new_names: tuple[str, ...]) -> Map:
        places = {name: i for i, name in enumerate(names)}
        return np.array([places.get(name, NONE) for name in new_names], np.int64)

    return among(one[:networks], other[:its_networks]), among(one[networks:], other[its_networks:])
