"""What is measured in one run: the measures of ``measures.toml`` by group, simulated and as registers would show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from sim.agents.population import Population
from sim.engine.columns import NEVER
from sim.evidence.parameters import Parameters
from sim.files.document import Document, as_tuple
from sim.files.toml import read_toml, validate
from sim.outcomes.history import History
from sim.outcomes.pairing import MeasureLabel
from sim.outcomes.recorded import RECORDED, TRUE_COUNTERPARTS, recorded_values, true_counterparts

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
POOL_MEASURES: Final = {
    "queue": ("cases", "Mean number waiting: {}"),
    "wait": ("days", "Mean days waited until served: {}"),
    "utilisation": ("share", "Capacity used: {}"),
}
WORKING_DAYS_PER_WEEK, DAYS_PER_WEEK = 5, 7


class Measure(Document):
    """One measure; see the head of ``measures.toml`` for the kinds."""

    area: str
    title: str
    kind: Literal["persons", "entries", "days", "mean_days", "share", "ratio", "within", "networks", "together"]
    steps: tuple[str, ...] = Field(min_length=1)
    among: tuple[str, ...] = ()
    not_steps: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    limit: str | None = None

    _tuples = field_validator("steps", "among", "not_steps", "then", "per", mode="before")(as_tuple)

    @property
    def unit(self) -> str:
        """Unit of the value."""
        units = {
            "entries": "cases",
            "days": "days",
            "mean_days": "days",
            "share": "share",
            "within": "share",
            "ratio": "ratio",
            "networks": "networks",
            "together": "share",
        }
        return units.get(self.kind, "persons")


class Measures(Document):
    """The file of measures."""

    measure: dict[str, Measure]

    @classmethod
    def load(cls) -> Self:
        """Read the shipped measures."""
        path = Path(__file__).parent / "measures.toml"
        return validate(cls, read_toml(path), path)

    def steps(self) -> tuple[str, ...]:
        """Return all steps that the history must keep."""
        names: dict[str, None] = {}
        for measure in self.measure.values():
            names |= dict.fromkeys((*measure.steps, *measure.not_steps, *measure.then, *measure.per))
        return tuple(names)


def labels(measures: Measures, pools: tuple[str, ...]) -> list[MeasureLabel]:
    """Return name, world and unit of every measure, in the order of ``measure_values``."""
    out = [MeasureLabel(name, "simulated", measure.unit) for name, measure in measures.measure.items()]
    out += [MeasureLabel(name, "simulated", unit) for name, (unit, _) in TRUE_COUNTERPARTS.items()]
    out += [MeasureLabel(name, "recorded", unit) for name, (unit, _) in RECORDED.items()]
    for kind, (unit, _) in POOL_MEASURES.items():
        out += [MeasureLabel(f"{kind}_{pool}", "simulated", unit) for pool in pools]
    return out


def catalogue_table(measures: Measures, pools: dict[str, str]) -> pd.DataFrame:
    """Return measure, world, area, title, unit, meaning of every measure; ``pools``: name -> title."""
    import pandas as pd

    rows = [(name, "simulated", m.area, m.title, m.unit, _meaning(m)) for name, m in measures.measure.items()]
    for name, (unit, title) in TRUE_COUNTERPARTS.items():
        rows.append((name, "simulated", "detection", title, unit, "by year of arrival; the same under every regime"))
    for name, (unit, title) in RECORDED.items():
        rows.append((name, "recorded", "detection", title, unit, "what the registers would show"))
    for kind, (unit, title) in POOL_MEASURES.items():
        for pool, pool_title in pools.items():
            rows.append(
                (
                    f"{kind}_{pool}",
                    "simulated",
                    "workload",
                    title.format(pool_title),
                    unit,
                    "over the whole period",
                )
            )
    return pd.DataFrame(rows, columns=["measure", "world", "area", "title", "unit", "meaning"])


def _meaning(m: Measure) -> str:
    """Say in words how a measure is counted."""
    parts = [f"{m.kind}: {', '.join(m.steps)}"]
    for word, names in (
        ("and later", m.then),
        ("but not", m.not_steps),
        ("for each", m.per),
        ("among", m.among),
    ):
        if names:
            parts.append(f"{word} {', '.join(names)}")
    return "; ".join(parts)


class Counted:
    """Values of all measures of one run, for any set of groups.

    Numerators and denominators are vectors over persons; a group's value is their sum over its members.
    """

    def __init__(
        self,
        measures: Measures,
        history: History,
        population: Population,
        parameters: Parameters,
        pool_sums: Floats,
        days: int,
        start_year_of_day: NDArray[np.int64],
    ) -> None:
        self.measures, self.history, self.population = measures, history, population
        self.parameters, self.pool_sums, self.days = parameters, pool_sums, days
        self.persons = population.entities.persons
        registers = true_counterparts(population, start_year_of_day)
        registers += recorded_values(history, population, parameters, start_year_of_day)
        self.top = np.empty((len(measures.measure) + len(registers), self.persons))
        self.below: dict[int, NDArray[Any]] = {}
        for row, measure in enumerate(measures.measure.values()):
            self.top[row], below = self._vectors(measure)
            if below is not None:
                self.below[row] = below
        for row, vector in enumerate(registers, start=len(measures.measure)):
            self.top[row] = vector

    def values(self, members: NDArray[np.bool_]) -> Floats:
        """Return ``float64[measures, groups]`` for ``members[groups, persons]``; NaN where a share is of nobody."""
        group = members.astype(np.float64).T
        values = self.top @ group
        with np.errstate(divide="ignore", invalid="ignore"):
            for row, below in self.below.items():
                size = below @ group
                values[row] = np.where(size > 0, values[row] / size, np.nan)
        return values

    def network_values(self, groups: tuple[str, ...]) -> dict[int, Floats]:
        """Return values of the measures about networks: for everybody, and by the group a network works in."""
        out = {}
        works_in = np.array([name.split("-")[1] for name in self.population.network_names])
        mine = [np.ones(works_in.size, bool) if name == "all" else works_in == name for name in groups]
        for i, measure in enumerate(self.measures.measure.values()):
            if measure.kind == "networks":
                entered = self.history.entered(*measure.steps)[self.persons :]
                out[i] = np.array([entered[own].sum() if own.any() else np.nan for own in mine])
        return out

    def pool_values(self) -> Floats:
        """Return queue, wait and utilisation of each pool, in the order of ``labels``."""
        _, waited, served, queue_days, used, offered = self.pool_sums.T
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.concatenate([queue_days / self.days, waited / served, used / offered])

    def _vectors(self, m: Measure) -> tuple[NDArray[Any], NDArray[Any] | None]:
        """Return what is summed over persons and what it is divided by."""
        h, size = self.history, self.persons
        among = np.ones(size, bool)
        for flag in m.among:
            has = self.population.flag(flag.removeprefix("not "))
            among &= ~has if flag.startswith("not ") else has
        entered = among & h.entered(*m.steps)[:size]
        if m.not_steps:
            entered &= ~h.entered(*m.not_steps)[:size]
        if m.then:
            later = h.first(*m.then)[:size]
            entered &= h.entered(*m.then)[:size] & (later >= h.first(*m.steps)[:size])
        per = among & h.entered(*m.per)[:size] if m.per else None
        if m.kind == "entries":
            return h.total("entries", *m.steps)[:size] * among, None
        if m.kind == "days":
            return h.total("days", *m.steps)[:size] * among, None
        if m.kind == "mean_days":
            assert per is not None
            return h.total("days", *m.steps)[:size] * per, per
        if m.kind == "ratio":
            return h.total("entries", *m.steps)[:size] * among, h.total("entries", *m.per)[:size] * among
        if m.kind == "within":
            assert m.limit is not None
            limit = self.parameters.value(m.limit) * DAYS_PER_WEEK / WORKING_DAYS_PER_WEEK
            return entered & (h.total("days", *m.steps)[:size] <= limit), entered
        if m.kind == "together":
            network = self.population.entities.network[:size]
            of_network = among & (network >= 0) & h.entered(*m.steps)[:size]
            return _together(network, h.first(*m.steps)[:size], of_network), of_network
        if m.kind == "share":
            assert per is not None
            return entered & per, per
        return entered, None


def _together(network: NDArray[np.int32], day: NDArray[np.int16], who: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of ``who`` have the same network and day as another of them."""
    key = network.astype(np.int64) * (NEVER + 1) + day
    _, inverse, count = np.unique(key[who], return_inverse=True, return_counts=True)
    out = np.zeros(who.size, bool)
    out[who] = count[inverse] > 1
    return out
