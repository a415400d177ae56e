"""A state carried from one world to another, in which the same people lived the same lives until now.

Two worlds number steps, hazards, draws and remembered days by themselves. `Carriage` has the numbers of the one for
those of the other; the rows of a state are then copied part by part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns as tb
from sim.engine import layout
from sim.engine.codes import BY_SIGNAL, hazard_of, unpacked_moves
from sim.engine.columns import Ints
from sim.engine.state import Entities, State
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
    """

    steps: Map
    hazards: Map
    branches: Map
    entered: Map
    evers: tuple[tuple[int, int], ...]
    draws: tuple[Map, Map]
    clocks: tuple[Map, Map]

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
        hazards = {name: i for i, name in enumerate(other.hazards)}
        return cls(
            steps=steps,
            hazards=np.array([hazards.get(name, NONE) for name in one.hazards] or [NONE], np.int64),
            branches=_branches(t, u, steps, shared, len(one.branches)),
            entered=entered,
            evers=pairs,
            draws=_places(one.draws, other.draws, int(t[tb.NETWORK_DRAWS]), int(u[tb.NETWORK_DRAWS])),
            clocks=_places(one.hazards, other.hazards, int(t[tb.NETWORK_HAZARDS]), int(u[tb.NETWORK_HAZARDS])),
        )

    def state(
        self, state: State, tables: Tables, catalogue: Catalogue, entities: Entities, marks: bool = False
    ) -> State:
        """Return the state of the target on the evening of the last day of a state of the origin.

        Parameters
        ----------
        marks
            Whether to whom a rule made a difference is carried too: both worlds look at the same reference. If not, it
            has made none to anybody yet.
        """
        *_, space, at_once = state.made_from
        carried = State(tables, catalogue, entities, space, at_once)
        old, new, persons = state.rows, carried.rows, state.persons
        for part in ("key", "level", "rate", "belief", "day", "due"):
            new[part] = old[part]
        new["trait"][:, layout.EVER_ENTERED] = self._evers(old["trait"][:, layout.EVER_ENTERED])
        new["step"] = self.steps[old["step"]]
        new["small"] = old["small"]
        if not marks:
            new["small"][:, layout.RULED] = 0
        comes = old["day"][:, layout.HAZARD_DAY] < tb.NEVER
        new["small"][:, layout.NEXT_HAZARD] = 0
        new["small"][comes, layout.NEXT_HAZARD] = self.hazards[old["small"][comes, layout.NEXT_HAZARD]]
        held = np.arange(at_once) < old["small"][:, layout.ACTIVE_COUNT, None]
        new["active"][held] = self.hazards[old["active"][held]]
        _take(new["entered"], old["entered"], self.entered)
        for rows, draws, clocks in zip((slice(persons), slice(persons, None)), self.draws, self.clocks, strict=True):
            _take(new["used"][rows], old["used"][rows], draws)
            _take(new["clock"][rows], old["clock"][rows], clocks)
        self._carry_arrays(state, carried)
        return carried

    def _evers(self, bits: Ints) -> Ints:
        out = np.zeros_like(bits)
        for old, new in self.evers:
            out |= (bits >> old & 1) << new
        return out

    def _carry_arrays(self, state: State, carried: State) -> None:
        a, b = state.arrays, carried.arrays
        for name in ("after", "before", "queue", "node", "sums", "counter"):
            getattr(b, name)[:] = getattr(a, name)
        told = int(a.counter[layout.TOLD])
        b.news[:told] = a.news[:told]
        b.news[:told, layout.NEWS_STEP] = self.steps[a.news[:told, layout.NEWS_STEP]]
        moves = state.logged
        b.log[: len(moves)] = moves
        b.log[: len(moves), layout.LOG_MOVE] = self._moves(moves[:, layout.LOG_MOVE])

    def _moves(self, moves: Ints) -> NDArray[np.int64]:
        old, to, cause = unpacked_moves(moves)
        via: Map = cause.astype(np.int64)
        by_branch, by_a_hazard = via >= 0, via < BY_SIGNAL
        via[by_branch] = self.branches[via[by_branch]]
        # The encoding of a hazard is its own inverse; ``by_hazard`` is for the kernel only.
        via[by_a_hazard] = hazard_of(self.hazards[hazard_of(via[by_a_hazard])])
        return np.asarray(self.steps[old] + 256 * self.steps[to] + 65536 * via)


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


def _take(new: NDArray[np.generic], old: NDArray[np.generic], places: Map) -> None:
    """Copy columns to their new places; a column without a place stays as it is on the first morning."""
    there = np.flatnonzero(places != NONE)
    new[:, there] = old[:, places[there]]
