"""The state of one run: a row of bytes for each person and each network, and the queues around them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, layout
from sim.engine.codes import days_of_coming
from sim.engine.columns import NEVER, Floats, Ints
from sim.engine.elementary import exp_each
from sim.engine.held import ROWS, Take, fresh
from sim.engine.layout import Arrays
from sim.engine.morning import Morning, begin
from sim.engine.tables import Catalogue, Tables
from sim.procedures.traits import LEVELS

NOBODY = np.zeros(0, np.int32)
SHARED: Final = tuple(name for name in Morning._fields if name in Arrays._fields)
"""The arrays of the first morning that a run has too."""


class Entities(NamedTuple):
    """Persons, then networks, as a population gives them; N rows. Frozen: a run copies what it changes."""

    key: NDArray[np.uint64]
    flags: NDArray[np.uint32]
    level: NDArray[np.float32]  # [N, LEVELS]
    group: NDArray[np.uint8]
    network: Ints  # row of the network of a person; -1: none
    arrival: NDArray[np.int16]  # day index
    persons: int
    member_start: Ints  # [networks + 1]: CSR of the members of each network
    member: Ints
    contact_start: Ints = NOBODY  # [persons + 1]: CSR of the contacts whom each person tells; empty: no word of mouth
    contact: Ints = NOBODY


def persons_of(entities: Entities, rows: NDArray[Any], persons: int) -> Entities:
    """Return some of the persons, without networks and contacts.

    Parameters
    ----------
    rows
        Rows of the persons.
    persons
        The first row of networks, among those with whom they are from now on.
    """
    e, none = entities, np.zeros(1, np.int32)
    network = np.where(e.network[rows] >= 0, e.network[rows] - e.persons + persons, -1).astype(np.int32)
    return Entities(e.key[rows], e.flags[rows], e.level[rows], e.group[rows], network, e.arrival[rows], rows.size,
                    none, NOBODY)  # fmt: skip


def some_of(entities: Entities, rows: NDArray[Any]) -> Entities:
    """Return some of the persons, in the same order, and all networks; without contacts.

    Parameters
    ----------
    rows
        Rows of the persons, ascending.
    """
    e, some = entities, persons_of(entities, rows, rows.size)
    start, member = members_of(some.network - rows.size, e.key.size - e.persons)
    parts = ("key", "flags", "level", "group", "network", "arrival")
    joined: dict[str, Any] = {
        part: np.concatenate([getattr(some, part), getattr(e, part)[e.persons :]]) for part in parts
    }
    return some._replace(**joined, member_start=start, member=member)


def members_of(of_person: NDArray[Any], networks: int) -> tuple[Ints, Ints]:
    """Return where the members of each network begin, and the members.

    Parameters
    ----------
    of_person
        Number of the network of each person; negative: none.
    networks
        Number of networks.
    """
    members = np.flatnonzero(of_person >= 0)
    members = members[np.argsort(of_person[members], kind="stable")]
    sizes = np.bincount(of_person[members], minlength=networks)
    return np.r_[0, np.cumsum(sizes)].astype(np.int32), members.astype(np.int32)


class State:
    """The state of one run.

    Attributes
    ----------
    arrays
        What the kernel gets.
    rows
        One record for each entity, ``[N]``, with the parts of ``sim.engine.layout`` as fields in their own shapes.
    persons
        Number of persons; networks follow.
    places
        Rows for which there is space.
    made_from
        The arguments with which it was made.
    turns
        What had been summed of the pools on some evenings: day to ``[P, POOL_SUMS]``.
    """

    def __init__(
        self,
        tables: Tables,
        catalogue: Catalogue,
        entities: Entities,
        space: int = 1,
        at_once: int = layout.USUAL_AT_ONCE,
        take: Take = fresh,
        log: str = "log",
        places: int | None = None,
    ) -> None:
        """Create the state on the morning of day 0: everybody still has to arrive.

        Parameters
        ----------
        tables, catalogue
            The compiled world.
        entities
            Persons and networks; not changed.
        space
            Multiplies the space for the log and the queues; a run that fills it is repeated with more.
        at_once
            Hazards that can run at the same time for one person; a run in which more do is repeated with more.
        take
            Gives the arrays; by default they are new.
        log
            Name of the log among them: it stays as it is while the other arrays serve the next run.
        places
            Rows for which there is space, where rows come and go (`sim.engine.turnover`); those of the entities by
            default.
        """
        self.made_from = (tables, catalogue, entities, space, at_once)
        self.turns: dict[int, Floats] = {}
        rows, days, pools = entities.key.size, int(tables.t[columns.DAYS]), int(tables.t[columns.POOLS])
        n = self.places = rows if places is None else places
        # A run writes the sizes at the head of the table only: those below, and in the first morning.
        # Each world has a table of its own, which need not be written again; of many people that is little time.
        t = take(f"t of {log}" if places is None else "t", tables.t.shape, np.int32, tables.t)
        t[columns.AT_ONCE] = at_once
        many = space * (4 * n + 4096)
        parts = row_parts(t, catalogue)
        # A spare row at the end, so that the array of each part is one of whole rows.
        everything = take(ROWS, ((n + 1) * parts.itemsize,), np.uint8)
        self._bytes, self.persons, self.rows = everything, entities.persons, np.ndarray((rows,), parts, everything)
        self.arrays = Arrays(
            t=t,
            f=tables.f,
            u=tables.u,
            **_whole_rows(everything, parts, n),
            after=take("after", (n + days,), np.int32),
            before=take("before", (n + days,), np.int32),
            member_start=np.asarray(entities.member_start, np.int32),
            member=np.asarray(entities.member, np.int32),
            contact_start=np.asarray(entities.contact_start, np.int32),
            contact=np.asarray(entities.contact, np.int32),
            queue=take("queue", (pools + 1, layout.QUEUE_PARTS), np.int64),
            node=take("node", (space * n // 4 + 4096, layout.NODE_PARTS), np.int32),
            sums=take("sums", (pools, layout.POOL_SUMS), np.float64),
            counter=take("counter", (layout.COUNTERS,), np.int64),
            bits=take("bits", (n // 32 + 1,), np.int64),
            today=take("today", (n,), np.int32),
            ending=take("ending", (n,), np.int32),
            touched=take("touched", (n,), np.int32),
            moved=take("moved", (many,), np.int32),
            work=take("work", (8 * n + 4096, layout.WORK_PARTS), np.int32),
            news=take("news", (many if t[columns.BELIEFS] else 0, layout.NEWS_PARTS), np.int32),
            log=take(log, (space * (130 * n + 5000), layout.LOG_PARTS), np.int32),
        )
        begin(self.morning(entities), entities.persons, at_once, len(catalogue.hazards), catalogue.arrival_slot)

    def morning(self, who: Entities) -> Morning:
        """Return what writes the rows of persons and networks into this state."""
        return Morning(
            who_key=np.ascontiguousarray(who.key, np.uint64),
            who_flags=np.ascontiguousarray(who.flags, np.uint32).view(np.int32),
            who_level=np.ascontiguousarray(who.level, np.float32),
            who_group=np.ascontiguousarray(who.group, np.uint8),
            who_network=np.ascontiguousarray(who.network, np.int32),
            who_arrival=np.ascontiguousarray(who.arrival, np.int16),
            start_state=self.made_from[0].start_state,
            blank=blank_row(self.rows.dtype),
            rows=self.words,
            **{name: getattr(self.arrays, name) for name in SHARED},
        )

    @property
    def words(self) -> NDArray[np.uint64]:
        """The rows as words, those for which there is space among them, ``[places + 1, words]``."""
        return np.ndarray((self.places + 1, self.rows.itemsize // 8), np.uint64, self._bytes)

    def resize(self, persons: int, networks: int) -> None:
        """Have another number of rows from now on; what they hold is for the caller to write."""
        self.persons, t = persons, self.arrays.t
        t[columns.ENTITIES], t[columns.PERSONS] = persons + networks, persons
        self.rows = np.ndarray((persons + networks,), self.rows.dtype, self._bytes)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy or another process needs: the inputs of the state, and what a run wrote.

        Rows are stored once, not once for each part, and logs and queues only as far as they are used.
        """
        return {"made_from": self.made_from, "rows": self.rows, "written": self.written, "turns": self.turns}

    @property
    def written(self) -> dict[str, NDArray[Any]]:
        """Return what a run wrote beside the rows, by name: logs and queues as far as they are used."""
        a = self.arrays
        taken = np.flatnonzero(a.node[:, layout.NODE_NEXT] != np.arange(1, a.node.shape[0] + 1))
        used = {
            "node": int(taken[-1]) + 1 if taken.size else 0,
            "log": int(a.counter[layout.LOGGED]),
            "news": int(a.counter[layout.TOLD]),
            "touched": int(a.counter[layout.TOUCHED]),
        }
        used |= dict.fromkeys(("after", "before"), self.rows.size + int(a.t[columns.DAYS]))
        written = {name: getattr(a, name) for name in ("counter", "queue", "sums")}
        return written | {name: getattr(a, name)[:size] for name, size in used.items()}

    def blocks(self) -> Iterator[tuple[slice, NDArray[Any]]]:
        """Yield the rows of persons, then of networks: which, and their table."""
        for some in (slice(0, self.persons), slice(self.persons, self.rows.size)):
            yield some, self.rows[some]

    @property
    def told(self) -> int:
        """Number of news."""
        return int(self.arrays.counter[layout.TOLD])

    def __setstate__(self, kept: dict[str, Any]) -> None:
        """Create the state of the first morning, and write into it what the run had written."""
        self.__init__(*kept["made_from"])  # type: ignore[misc]
        self.rows[:], self.turns = kept["rows"], kept["turns"]
        for name, values in kept["written"].items():
            getattr(self.arrays, name)[: len(values)] = values

    @property
    def due(self) -> NDArray[np.int16]:
        """Day on which each step ends, as ``sim.engine.layout`` has it, ``[N, tracks]``."""
        return np.asarray(self.rows["due"])

    @property
    def waits_since(self) -> NDArray[np.int16]:
        """Day since which a person queues on each track; -1: does not queue; ``[N, tracks]``."""
        return days_of_coming(self.due)

    @property
    def step(self) -> NDArray[np.uint8]:
        """Step on each track, ``[N, tracks]``."""
        return np.asarray(self.rows["step"])

    @property
    def level(self) -> NDArray[np.float32]:
        """Traits on a scale, ``[N, LEVELS]``."""
        return np.asarray(self.rows["level"])

    @property
    def draws_used(self) -> NDArray[np.uint8]:
        """How often each draw was used, to 255, ``[N, draws]``; networks have their own draws in the same places."""
        return np.asarray(self.rows["used"])

    @property
    def belief(self) -> NDArray[np.float32]:
        """What each person believes from what was told, as on the day of the last event, ``[N, beliefs]``."""
        return np.asarray(self.rows["belief"])

    def believed(self, day: int, rows: NDArray[np.int64] | slice = slice(None)) -> Floats:
        """Return what people believe in the evening of a day: ``belief``, faded until then, ``[rows, beliefs]``."""
        idle = np.maximum(day - self.rows["day"][rows, layout.UPDATED].astype(np.int64), 0)
        if not self.arrays.t[columns.BELIEFS]:
            return np.zeros((idle.size, 0))
        kept = exp_each(-self.arrays.f[columns.NEWS_NUMBERS + columns.STORY_FADES] * idle)
        return np.asarray(self.belief[rows] * kept[:, None])

    @property
    def ruled(self) -> NDArray[np.uint8]:
        """1: a rule made a difference, against the reference of the world, ``[N]``."""
        return self.arrays.small[: self.rows.size, layout.RULED]

    @property
    def at_once(self) -> int:
        """Hazards that can run at the same time for one person."""
        return int(self.arrays.t[columns.AT_ONCE])

    @property
    def day(self) -> int:
        """The last day that has passed; -1 before the first."""
        return int(self.arrays.counter[layout.TODAY])

    @property
    def pool_sums(self) -> Floats:
        """Sums of each pool, ``[P, POOL_SUMS]``."""
        return self.arrays.sums

    @property
    def pools(self) -> NDArray[np.int64]:
        """WAITING and IN_USE of each pool, ``[P, QUEUE_PARTS]``."""
        return self.arrays.queue[:-1]

    @property
    def logged(self) -> Ints:
        """The rows of the log so far, ``[moves, LOG_PARTS]``."""
        return self.arrays.log[: self.arrays.counter[layout.LOGGED]]

    @property
    def bytes_per_entity(self) -> float:
        """Bytes of state for each row: the row, the calendar queue and the queues of the pools; not the log."""
        a = self.arrays
        held = self.rows.nbytes + a.after.nbytes + a.before.nbytes + a.node.nbytes
        return float(held / max(self.rows.size, 1))


def row_parts(t: Ints, catalogue: Catalogue) -> np.dtype[Any]:
    """Return the parts of a row: names as in ``Arrays``, types, sizes; whole words of 8 bytes."""
    return _row_parts(
        at_once=int(t[columns.AT_ONCE]),
        hazards=_places(len(catalogue.hazards), int(t[columns.NETWORK_HAZARDS])),
        beliefs=int(t[columns.BELIEFS]),
        tracks=int(t[columns.TRACKS]),
        references=int(t[columns.REFERENCES]),
        draws=_places(len(catalogue.draws), int(t[columns.NETWORK_DRAWS])),
    )


@lru_cache(maxsize=64)
def _row_parts(at_once: int, hazards: int, beliefs: int, tracks: int, references: int, draws: int) -> np.dtype[Any]:
    parts: list[tuple[str, Any, tuple[int]]] = [
        ("key", np.uint64, (1,)),
        ("trait", np.int32, (layout.TRAIT_PARTS,)),
        ("level", np.float32, (len(LEVELS),)),
        ("pace", np.float32, (at_once,)),
        ("clock", np.float32, (hazards,)),
        ("belief", np.float32, (beliefs,)),
        ("day", np.int16, (layout.DAY_PARTS,)),
        ("due", np.int16, (tracks,)),
        ("entered", np.int16, (references,)),
        ("since", np.int16, (at_once,)),
        ("fires", np.int16, (at_once,)),
        ("small", np.uint8, (layout.SMALL_PARTS,)),
        ("active", np.uint8, (at_once,)),
        ("step", np.uint8, (tracks,)),
        ("used", np.uint8, (draws,)),
    ]
    return np.dtype([*parts, ("spare", np.uint8, (-np.dtype(parts).itemsize % 8,))])


def _places(all_of_them: int, of_persons: int) -> int:
    """Return how many values a row needs for the larger of two kinds: persons and networks."""
    return max(of_persons, all_of_them - of_persons)


def _whole_rows(rows: NDArray[np.uint8], parts: np.dtype[Any], size: int) -> dict[str, NDArray[Any]]:
    """Return for each part all rows but the spare last one, as an array that begins at this part of the first."""
    return {
        name: np.ndarray((size, parts.itemsize // kind.itemsize), kind, rows, first)
        for name, kind, first in _places_in(parts)
    }


@lru_cache(maxsize=64)
def _places_in(parts: np.dtype[Any]) -> tuple[tuple[str, np.dtype[Any], int], ...]:
    """Return type and first byte of each part of a row that ``Arrays`` has."""
    fields: Any = parts.fields
    return tuple((name, fields[name][0].base, fields[name][1]) for name in Arrays._fields if name in fields)


@lru_cache(maxsize=64)
def blank_row(parts: np.dtype[Any]) -> NDArray[np.uint64]:
    """Return the words that all rows have on the morning of day 0: no clock drawn, nothing due. Do not change them."""
    row = np.zeros(1, parts)
    row["clock"] = np.nan
    row["trait"][:, layout.LOOK_AT] = -1
    row["day"][:, layout.HAZARD_DAY] = NEVER
    row["day"][:, layout.UPDATED] = -1
    row["due"] = NEVER
    row["entered"] = -1
    return row.view(np.uint64)
