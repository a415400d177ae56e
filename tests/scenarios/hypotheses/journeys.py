"""What the tests of rival explanations read from runs: public tables only, never parameters.

A test looks for the signature of a preset with the preset on, and for its absence under the plain scenario or a rival.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

import sim
from sim.runs.single import Run
from sim.scenarios.scenario import Scenario

OLD, NEW = "vc_2018", "vc_2019_08"
RULE_CHANGE = pd.Timestamp(2019, 8, 1)
DECIDED = ("dublin.appeal", "dublin.transfer_preparation")
"""Steps that follow a transfer decision."""


@functools.cache
def netherlands(scale: float = 0.5, start: str = "2018-07-01", end: str = "2020-06-30") -> Scenario:
    """Return the plain scenario, with fewer people and a shorter time around the change of the rule."""
    period = {"start": dt.date.fromisoformat(start), "end": dt.date.fromisoformat(end)}
    return Scenario.load("netherlands").replace(history_from="start", inflow={"scale": scale}, **period)


def reflecting(scenario: Scenario) -> Scenario:
    """Return the scenario with the reading that Dublin claimants keep three months to reflect under the new rule too.

    Who may reflect is asked more often; the tests that ask if people answer to the permit keep that apart.
    """
    return scenario.replace(readings={"U1": "ninety_days"})


@dataclass(frozen=True)
class Journeys:
    """One run; its tables are made when they are asked for."""

    run: Run

    @cached_property
    def moves(self) -> pd.DataFrame:
        """One row for each move."""
        return self.run.transitions

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row for each person, by name."""
        return self.run.persons.set_index("person")

    @cached_property
    def measures(self) -> pd.Series:
        """Value by measure, world and group."""
        return self.run.measures.set_index(["measure", "world", "group"])["value"].sort_index()

    def first(self, *steps: str) -> pd.Series:
        """Return the day on which each person first came into one of the steps."""
        return self.moves[self.moves["to"].isin(steps)].groupby("person")["date"].first()

    def ever(self, *steps: str) -> pd.Series:
        """Return for each person in the table of people whether he or she was ever in one of the steps."""
        return pd.Series(self.people.index.isin(self.first(*steps).index), index=self.people.index)

    def measure(self, name: str, group: str = "all") -> float:
        """Return a measure of the true world."""
        return float(self.measures[name, "simulated", group])


@functools.cache
def journeys(scenario: Scenario, regime: str, *, throughout: bool = False, replicate: int = 0) -> Journeys:
    """Run a scenario once; the seed is always the same."""
    return Journeys(sim.run(scenario, regime, seed=1, replicate=replicate, throughout=throughout))


def change(scenario: Scenario, replicates: int = 3) -> pd.DataFrame:
    """Compare the old and the new rule, each from the first day; return one row for each measure and group.

    Columns: ``before`` and ``after`` (means over replicates), ``difference``, ``low``, ``high``.
    """
    result = sim.compare(scenario, [OLD, NEW], replicates, seed=1, throughout=True)
    keys = ["measure", "group"]
    levels = result.measures[result.measures.world == "simulated"].pivot_table(
        index=keys, columns="regime", values="mean"
    )
    table = levels.rename(columns={OLD: "before", NEW: "after"})
    differences = result.differences[result.differences.world == "simulated"].set_index(keys)
    return table.join(differences[["difference", "low", "high"]])


def fall(before: pd.Series, after: pd.Series) -> float:
    """Return by which share the number of persons falls."""
    return 1 - float(after.sum()) / float(before.sum())
