"""What is counted in one world, compiled once from the specifications of measures and groups to small arrays."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import NEVER, Ints
from sim.engine.draws import name_key
from sim.engine.tables import Catalogue
from sim.evidence.parameters import Parameters
from sim.outcomes import tally
from sim.outcomes.groups import EXIT_STEPS_OF, OUTCOMES, STANDS
from sim.outcomes.measures import DAYS_PER_WEEK, OF_SPELLS, WORKING_DAYS_PER_WEEK, Measure, Measures
from sim.outcomes.opening import Opening, begin_sequences
from sim.outcomes.recorded import NOTIFIERS, STEPS, Days, chance_of, measured_years, nearest_known, parameters_read
from sim.outcomes.registers import QUESTIONS
from sim.procedures.traits import FLAG_BIT
from sim.procedures.traits import GROUPS as NATIONALITIES

MOST_SEQUENCES: Final = 64
"""Each sequence has one bit of a number for each person."""
KINDS: Final = {
    "persons": tally.KIND_PERSONS,
    "entries": tally.KIND_ENTRIES,
    "days": tally.KIND_DAYS,
    "mean_days": tally.KIND_MEAN_DAYS,
    "restricted_mean_days": tally.KIND_RESTRICTED,
    "share": tally.KIND_SHARE,
    "ratio": tally.KIND_RATIO,
    "within": tally.KIND_WITHIN,
    "networks": tally.KIND_NETWORKS,
    "together": tally.KIND_TOGETHER,
}
MOST_PLANS: Final = 64
"""Plans that are kept."""
_kept: OrderedDict[tuple[Any, ...], tuple[Measures, Catalogue, Plan]] = OrderedDict()
_lock = Lock()


class Plan:
    """What is counted in one world.

    Parameters
    ----------
    measures
        The measures.
    groups
        Names of the groups.
    catalogue
        The numbers of the steps of the world.
    days
        The days that are simulated.

    Attributes
    ----------
    arrays
        The parts of ``sim.outcomes.tally.Tally`` that stay the same from run to run.
    tables, days_together
        Number of restricted means, and of measures of kind together.
    rows
        Number of measures of persons and networks, those of the registers included.
    tracks
        Number of tracks.
    reads
        The parameters from which ``numbers`` follow.
    """

    def __init__(self, measures: Measures, groups: Sequence[str], catalogue: Catalogue, days: Days) -> None:
        self._measures, self._numbers = measures, {step: number for number, step in enumerate(catalogue.steps)}
        self._list: list[int] = []
        self._sequences = list(dict.fromkeys(m.sequence for m in measures.measure.values() if m.sequence is not None))
        if len(self._sequences) > MOST_SEQUENCES:
            raise ValueError(f"{len(self._sequences)} sequences, at most {MOST_SEQUENCES} are kept")
        self.days, self.tables, self.days_together = days, 0, 0
        self.years = measured_years(days.years)
        place = {year: number for number, year in enumerate(self.years)}
        steps, every = len(catalogue.steps), list(measures.measure.values())
        of_spells = [row for row, m in enumerate(every) if m.kind in OF_SPELLS]
        parts = np.array([self._parts(m) for m in every], np.int32).reshape(len(every), tally.MEASURE_PARTS)
        asking_start, asking = self._asking(every, steps)
        exits = [self._range(listed) for listed in EXIT_STEPS_OF.values()]
        row = self._rows(len(every))
        self.rows = int(row[tally.ROWS_END])
        stand_of, stand_outcome = self._stands(steps)
        watched = np.zeros(steps, np.uint8)
        for m in every:
            watched[self._of(*(m.steps if m.kind in OF_SPELLS else ()), *(m.per if m.per_done else ()))] = 1
        lasting = watched.copy()
        lasting[self._of(*(step for m in every if m.kind == "days" for step in m.steps))] = 1
        limits = [m.limit for m in every if m.limit is not None]
        self.reads = frozenset([*limits, *parameters_read({nearest_known(year) for year in self.years})])
        self._numbered: tuple[Parameters, dict[str, Any]] | None = None
        self.arrays: dict[str, NDArray[Any]] = {
            "slot": np.array(catalogue.slots, np.int32),
            "measure": parts,
            "step_list": np.array([*self._list, 0], np.int32),
            "asking_start": asking_start,
            "asking": asking,
            "sequence": self._sequence_bits(steps),
            "watched": watched,
            "lasting": lasting,
            "spell_measure": np.array(of_spells, np.int32),
            "spell_steps": self._matrix([every[m].steps for m in of_spells], steps),
            "spell_ends": self._matrix([every[m].per for m in of_spells], steps),
            "networks_of": np.array([_networks_of(name) for name in groups], np.int32),
            "exit_start": np.array([exits[0][0], *(end for _, end in exits)], np.int32),
            "exit_step": np.array([*self._list, 0], np.int32),
            "stand_of": stand_of,
            "stand_outcome": stand_outcome,
            "row": row,
            "contact": np.array([self._numbers.get(step, -1) for step in STEPS], np.int32),
            "year_of_day": np.array(
                [place[year] if year in place else place[nearest_known(year)] for year in days.year.tolist()], np.int32
            ),
            "in_period": np.isin(self.years, list(days.years)).astype(np.uint8),
            "asked": np.array([name_key(question) for question in QUESTIONS], np.uint64),
        }
        edges = [steps for edges in self.begun_by for steps in edges]
        self._begun_start = np.cumsum([0, *map(len, edges)]).astype(np.int32)
        self._begun_steps = np.array([step for steps in edges for step in steps], np.int32)
        self.tracks = int(self.arrays["slot"].max(initial=0)) + 1
        self._unopened: dict[str, NDArray[Any]] = {
            "opened_since": np.zeros((0, self.tracks), np.int16),
            "opened_step": np.zeros((0, self.tracks), np.uint8),
            "before": np.zeros((0, 0), np.int16),
            "before_row": np.full(steps, -1, np.int32),
        }

    def numbers(self, parameters: Parameters) -> dict[str, Any]:
        """Return the parts of the arrays that follow from parameters; the same ones while none of these changes."""
        numbered = self._numbered
        if numbered is None or not parameters.agree(numbered[0], self.reads):
            numbered = self._numbered = parameters, self._numbers_of(parameters)
        return numbered[1]

    def _numbers_of(self, parameters: Parameters) -> dict[str, Any]:
        limits = [m.limit for m in self._measures.measure.values()]
        shares = [parameters.value(f"recording.notifier_share_{name}") for name in NOTIFIERS]
        known = {nearest_known(year) for year in self.years}
        chances = {(name, year): chance_of(name, year, parameters) for name in NOTIFIERS for year in known}
        return {
            "limit": np.array([0.0 if name is None else _calendar_days(parameters.value(name)) for name in limits]),
            "chance": np.array([[chances[name, nearest_known(year)] for year in self.years] for name in NOTIFIERS]),
            "bound": np.cumsum(shares) / sum(shares),
            "kept_twice": np.array([parameters.value("recording.duplicates_kept")]),
        }

    @property
    def begun_by(self) -> list[tuple[list[int], list[int]]]:
        """The numbers of the steps with which each sequence begins, and of those that must not come before."""
        return [(self._of(*sequence[0]), self._of(*sequence[2])) for sequence in self._sequences]

    def opened(self, opening: Opening | None, begun: NDArray[np.uint64]) -> dict[str, NDArray[Any]]:
        """Return the parts of the arrays that a history leaves behind; without rows if there was none.

        Parameters
        ----------
        begun
            Gets the sequences that began in the history, and those that began with another step, as bits.
        """
        if opening is None:
            return self._unopened
        row = np.full(len(self._numbers), -1, np.int32)
        for name, place in opening.remembered.items():
            row[self._numbers[name]] = place
        begin = row[self._begun_steps]
        assert (begin >= 0).all(), "a history remembers the steps with which sequences begin"
        begin_sequences(opening.first, self._begun_start, begin, begun)
        return {
            "opened_since": opening.since,
            "opened_step": opening.step,
            "before": opening.first,
            "before_row": row,
        }

    def _of(self, *steps: str) -> list[int]:
        """Return the numbers of steps; a step that this regime does not have is never entered."""
        return [self._numbers[step] for step in steps if step in self._numbers]

    def _range(self, steps: Sequence[str]) -> tuple[int, int]:
        """Add steps to the list; return their range."""
        first = len(self._list)
        self._list += self._of(*steps)
        return first, len(self._list)

    def _parts(self, m: Measure) -> list[int]:
        must = sum(FLAG_BIT[str(c.subject)] for c in m.among if not c.negated)
        must_not = sum(FLAG_BIT[str(c.subject)] for c in m.among if c.negated)
        table, kind, between = 0, KINDS[m.kind], (0, NEVER - 1)
        if m.between is not None:
            date, dates = self.days.date, np.array(m.between, "datetime64[D]")
            between = tuple((dates - date[0]).astype(int).tolist())
            if not (between[0] >= self.days.first and dates[1] <= date[-1]):
                kind = tally.KIND_NONE
        if kind == tally.KIND_RESTRICTED:
            table, self.tables = self.tables, self.tables + 1
        elif kind == tally.KIND_TOGETHER:
            table, self.days_together = self.days_together, self.days_together + 1
        ranges = [edge for steps in (m.steps, m.not_steps, m.per) for edge in self._range(steps)]
        sequence = -1 if m.sequence is None else self._sequences.index(m.sequence)
        dated = int(m.between is not None)
        return [kind, must, must_not, *ranges, int(m.per_done), sequence, table, m.horizon_days or 0, *between, dated]

    def _asking(self, measures: Sequence[Measure], steps: int) -> tuple[Ints, Ints]:
        """Return the measures of persons that each step can make count a person: ranges, and rows of measures."""
        found: list[list[int]] = [[] for _ in range(steps)]
        for row, m in enumerate(measures):
            if m.kind not in (*OF_SPELLS, "networks"):
                # A sequence is complete with one of its later steps; a share is of those who entered its second list.
                above = () if m.kind == "share" else m.steps if m.sequence is None else m.sequence[1]
                for step in dict.fromkeys(self._of(*above, *m.per)):
                    found[step].append(row)
        start = np.r_[0, np.cumsum([len(rows) for rows in found])].astype(np.int32)
        return start, np.array([*(row for rows in found for row in rows), 0], np.int32)

    def _rows(self, measures: int) -> Ints:
        """Return the first row of each measure of the registers, in the order of ``labels``."""
        row, years = np.zeros(tally.ROWS_END + 1, np.int32), len(self.years)
        at = measures
        for name, size in (
            (tally.CAME, 1 + years),
            (tally.REGISTERED, 1),
            (tally.NOTIFIED_BY, len(NOTIFIERS)),
            (tally.REGISTERED_TWICE, 1),
            (tally.REGISTERED_IN, years),
            (tally.VICTIMS_REGISTERED, 1 + years),
            (tally.SIGNALLED_IN, years),
            (tally.LEFT, 1),
            (tally.ROWS_END, 0),
        ):
            row[name] = at
            at += size
        return row

    def _sequence_bits(self, steps: int) -> NDArray[np.uint64]:
        bits = np.zeros((3, steps), np.uint64)
        for number, sequence in enumerate(self._sequences):
            for role, names in enumerate(sequence):
                bits[role, self._of(*names)] |= np.uint64(1 << number)
        return bits

    def _matrix(self, lists: Sequence[Sequence[str]], steps: int) -> NDArray[np.uint8]:
        matrix = np.zeros((len(lists), steps), np.uint8)
        for row, names in enumerate(lists):
            matrix[row, self._of(*names)] = 1
        return matrix

    def _stands(self, steps: int) -> tuple[NDArray[np.uint8], Ints]:
        """Return the rank of the outcome that each step means, and the outcome of each rank."""
        rank = np.full(steps, tally.NEVER_STANDS, np.uint8)
        for place, names in reversed(list(enumerate(STANDS.values()))):
            rank[self._of(*names)] = place
        return rank, np.array([OUTCOMES.index(name) for name in (*STANDS, "in_procedure")], np.int32)


def plan_of(measures: Measures, groups: Sequence[str], catalogue: Catalogue, days: Days) -> Plan:
    """Return the plan of a world, made once for the same measures, groups, steps and days."""
    key = (id(measures), tuple(groups), id(catalogue), id(days))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key][2]
    plan = Plan(measures, groups, catalogue, days)
    with _lock:
        # What the key names by its address is kept with it, so that no other object gets the address.
        _kept[key] = (measures, catalogue, plan)
        if len(_kept) > MOST_PLANS:
            _kept.popitem(last=False)
    return plan


def _calendar_days(working_days: float) -> float:
    return working_days * DAYS_PER_WEEK / WORKING_DAYS_PER_WEEK


def _networks_of(group: str) -> int:
    """Return which networks belong to a group: all, those that work in a nationality group, or none."""
    if group == "all":
        return tally.ALL_NETWORKS
    return NATIONALITIES.index(group) if group in NATIONALITIES else tally.NO_NETWORKS
