"""The measures of one run, counted: vectors over persons, summed for any set of groups."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.columns import NEVER
from sim.evidence.parameters import Parameters
from sim.outcomes.history import History, Spells
from sim.outcomes.measures import Measure, Measures
from sim.outcomes.recorded import Days, counterpart_values, recorded_values
from sim.outcomes.spells import restricted_mean, within
from sim.procedures.traits import GROUPS as NATIONALITIES

Floats = NDArray[np.float64]
WORKING_DAYS_PER_WEEK, DAYS_PER_WEEK = 5, 7


class Counted:
    """Values of all measures of one run, for any set of groups.

    Numerators and denominators are vectors over persons; a group's value is their sum over its members. A restricted
    mean is taken from the spells of the members.
    """

    def __init__(
        self,
        measures: Measures,
        history: History,
        population: Population,
        parameters: Parameters,
        days: Days,
    ) -> None:
        self.mine = history.persons(population.entities.persons)
        population = population if history.rows is None else population.only(self.mine)
        self.date_of_day, self.first_day = days.date, days.first
        self.measures, self.history, self.population, self.parameters = measures, history, population, parameters
        self.persons = population.entities.persons
        registers = counterpart_values(population, days)
        registers += recorded_values(history, population, parameters, days)
        self.top = np.zeros((len(measures.measure) + len(registers), self.persons))
        self.below: dict[int, NDArray[Any]] = {}
        self.restricted: dict[int, tuple[Spells, int]] = {}
        for row, measure in enumerate(measures.measure.values()):
            if not self._simulated(measure.between):
                self.top[row] = np.nan
                continue
            if measure.kind == "restricted_mean_days":
                assert measure.horizon_days is not None
                self.restricted[row] = self._spells(measure, begun=True), measure.horizon_days
                continue
            self.top[row], below = self._vectors(measure)
            if below is not None:
                self.below[row] = below
        for row, vector in enumerate(registers, start=len(measures.measure)):
            self.top[row] = vector

    def _simulated(self, between: tuple[dt.date, dt.date] | None) -> bool:
        """Return whether all days of a measure are measured."""
        if between is None:
            return True
        first, last = np.array(between, "datetime64[D]")
        return bool(self.date_of_day[self.first_day] <= first and last <= self.date_of_day[-1])

    def values(self, members: NDArray[np.bool_]) -> Floats:
        """Return ``float64[measures, groups]`` for ``members[groups, persons]``; NaN for a share of no persons."""
        members = members[:, self.mine]
        group = members.astype(np.float64).T
        values = self.top @ group
        with np.errstate(divide="ignore", invalid="ignore"):
            for row, below in self.below.items():
                size = below @ group
                values[row] = np.where(size > 0, values[row] / size, np.nan)
        for row, (spells, horizon) in self.restricted.items():
            values[row] = [restricted_mean(spells.where(own[spells.entity]), horizon) for own in members]
        return values

    def network_values(self, groups: tuple[str, ...]) -> dict[int, Floats]:
        """Return the measures of networks: of all, and by the group a network works in."""
        out = {}
        works_in = np.array(NATIONALITIES)[self.population.network_group]
        mine = [np.ones(works_in.size, bool) if name == "all" else works_in == name for name in groups]
        for i, measure in enumerate(self.measures.measure.values()):
            if measure.kind == "networks":
                entered = self.history.entered(*measure.steps)[self.persons :]
                out[i] = np.array([entered[own].sum() if own.any() else np.nan for own in mine])
        return out

    def _vectors(self, m: Measure) -> tuple[NDArray[Any], NDArray[Any] | None]:
        """Return the numerators and denominators, to be summed over persons."""
        h, size = self.history, self.persons
        among = self._among(m)
        # A sequence counts where it is complete: its first step may lie before the period.
        entered = among & (h.happened(m.sequence)[:size] if m.sequence else self._entered(m, m.steps))
        if m.sequence and m.between is not None:
            entered &= self._entered(m, m.steps)
        if m.not_steps:
            entered &= ~self._entered(m, m.not_steps, from_the_first_day=True)
        per = among & self._entered(m, m.per) if m.per else None
        if per is not None and m.per_done:
            spells = h.spells_in(*m.per)
            per &= np.isin(np.arange(size), spells.entity[spells.done])
        if m.kind == "entries":
            return h.total("entries", *m.steps)[:size] * among, None
        if m.kind == "days":
            return h.total("days", *m.steps)[:size] * among, None
        if m.kind == "ratio":
            return h.total("entries", *m.steps)[:size] * among, h.total("entries", *m.per)[:size] * among
        if m.kind == "mean_days":
            ended = [h.numbers[step] for step in m.per if step in h.numbers]
            spells = self._spells(m)
            spells = spells.where(np.isin(spells.to, ended))
            return self._sum(spells, spells.days), self._sum(spells, np.ones(spells.days.size))
        if m.kind == "within":
            assert m.limit is not None
            limit = self.parameters.value(m.limit) * DAYS_PER_WEEK / WORKING_DAYS_PER_WEEK
            spells = self._spells(m, begun=True)
            met, known = within(spells, limit)
            return self._sum(spells, met), self._sum(spells, known)
        if m.kind == "together":
            network = self.population.entities.network[:size]
            of_network = among & (network >= 0) & self._entered(m, m.steps)
            return _together(network, h.first(*m.steps)[:size], of_network), of_network
        if m.kind == "share":
            assert per is not None
            return entered & per, per
        return entered, None

    def _entered(self, m: Measure, steps: tuple[str, ...], *, from_the_first_day: bool = False) -> NDArray[np.bool_]:
        """Return the persons who entered one of some steps in the period; ``from_the_first_day``: or before.

        With ``between``: those who did so for the first time in the period on one of its days, or until the last one.
        """
        if m.between is None:
            entered = self.history.ever(*steps) if from_the_first_day else self.history.entered(*steps)
            return entered[: self.persons]
        first = self.history.first(*steps)[: self.persons]
        low, high = np.searchsorted(self.date_of_day, np.array(m.between, "datetime64[D]"))
        in_time: NDArray[np.bool_] = (first <= high) & ((first >= low) | from_the_first_day)
        return in_time

    def _among(self, m: Measure) -> NDArray[np.bool_]:
        """Return the persons that a measure covers."""
        among = np.ones(self.persons, bool)
        for criterion in m.among:
            has = self.population.flag(str(criterion.subject))
            among &= ~has if criterion.negated else has
        return among

    def _spells(self, m: Measure, begun: bool = False) -> Spells:
        """Return the spells that a measure covers.

        Parameters
        ----------
        begun
            Only those that began in the period: of those of before, the short ones are missing.
        """
        spells = self.history.spells_in(*m.steps)
        spells = spells.where((spells.entity < self.persons) & ~(spells.earlier & begun))
        return spells.where(self._among(m)[spells.entity])

    def _sum(self, spells: Spells, weight: NDArray[Any]) -> Floats:
        """Return the sum of a weight over the spells of each person."""
        out = np.zeros(self.persons)
        np.add.at(out, spells.entity, weight)
        return out


def _together(network: NDArray[np.int32], day: NDArray[np.int16], who: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of ``who`` have the same network and day as another of them."""
    key = network.astype(np.int64) * (NEVER + 1) + day
    _, inverse, count = np.unique(key[who], return_inverse=True, return_counts=True)
    out = np.zeros(who.size, bool)
    out[who] = count[inverse] > 1
    return out
