"""What a study keeps of each run: measures for groups, in the simulated and the recorded world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.files.errors import InputError
from sim.files.place import Place
from sim.outcomes.groups import RULE_GROUPS, Groups
from sim.outcomes.measures import Measures, labels
from sim.outcomes.pairing import MeasureLabel
from sim.outcomes.recorded import Period
from sim.policies.own import Own

USUAL: Final = (
    "b8_granted", "victims_recognised", "wish_to_report", "reports", "report_wait_days", "networks_with_lead",
    "networks_convicted", "dublin_transferred", "left_unknown", "protected_days", "queue_avim.report",
)  # fmt: skip
"""Measures of a study that names none: detection, protection, reporting, tracing and workload."""


@dataclass(frozen=True)
class Readings:
    """The measures and groups of a study.

    Attributes
    ----------
    measures
        Those that must be counted for them.
    groups
        Those that must be made.
    labels
        Measure and world of each reading, along the first axis of the values of a run.
    rows
        Where they are among the labels of ``measures`` with ``pools``.
    pools
        The pools of all regimes.
    """

    measures: Measures
    groups: Groups
    labels: tuple[MeasureLabel, ...]
    rows: NDArray[np.int64]
    pools: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many numbers one run gives."""
        return len(self.labels) * len(self.groups.names)


def readings_of(
    names: Sequence[str], groups: Sequence[str], pools: tuple[str, ...], period: Period, own: Own, place: Place
) -> Readings:
    """Find the measures and groups that a study names; a measure in each world that has it.

    Raises
    ------
    InputError
        When there is no such measure or group, with the nearest one.
    """
    everything = Measures(measure={**Measures.load(own).measure, **Measures.dated().measure})
    all_groups = Groups.load(own)
    known = labels(everything, pools, period)
    of_name = dict.fromkeys(label.name for label in known)
    for i, name in enumerate(names):
        if name not in of_name:
            raise place.at(f"study.measures[{i}]").unknown("measure", name, of_name)
        _once(names, i, place.at(f"study.measures[{i}]"))
    for i, name in enumerate(groups):
        where = place.at(f"study.groups[{i}]")
        if name in RULE_GROUPS:
            raise where.error("a group of one pair of regimes, which b8sim compare shows", value=name,
                              accepted=all_groups.names)  # fmt: skip
        if name not in all_groups.names:
            raise where.unknown("group", name, all_groups.names)
        _once(groups, i, where)
    counted = Measures(measure={name: everything.measure[name] for name in names if name in everything.measure})
    found = labels(counted, pools, period)
    wanted = [i for name in names for i, label in enumerate(found) if label.name == name]
    kept = Groups({name: all_groups.tables[name] for name in groups}, all_groups.conditions)
    return Readings(counted, kept, tuple(found[i] for i in wanted), np.array(wanted, np.int64), pools)


def _once(names: Sequence[str], i: int, place: Place) -> None:
    if names[i] in names[:i]:
        raise InputError("named twice", file=place.file, key=place.key, value=names[i])
