"""Attribution: to which of several drivers a difference belongs, as Shapley values.

Every combination of drivers, on or off, is run on the same people with the same random draws. A driver's contribution
is its Shapley value: what switching it on adds, averaged over all orders in which the drivers can be switched on. The
sum of them is the difference between all on and all off. They depend on the assumptions of the scenario, as every
result does.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, field_validator
from scipy.stats import t as student

from sim.files.document import Document, as_tuple
from sim.files.errors import B8simError, InputError
from sim.files.toml import read_toml, validate
from sim.policies.regime import Regime
from sim.runs.single import single_run
from sim.runs.world import make_world, people_of
from sim.scenarios.scenario import Scenario

LISTS = ("shocks", "programmes")
"""What drivers share: all that is named by the drivers that are on is on, and nothing else."""
TABLES = ("inflow", "parameters")
Floats = NDArray[np.float64]


class Setting(Document):
    """What a scenario is like with a driver on, or off."""

    regime: str | None = None
    shocks: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    inflow: dict[str, Any] = Field(default_factory=dict)
    parameters: dict[str, float] = Field(default_factory=dict)

    _tuples = field_validator("shocks", "programmes", mode="before")(as_tuple)


class Driver(Document):
    """A change that can be on or off."""

    title: str
    off: Setting = Setting()
    on: Setting = Setting()


class Explained(Document):
    """What is explained: a measure, or the difference of two."""

    title: str
    name: str
    less: str | None = None
    world: str = "simulated"
    group: str = "all"


class Plan(Document):
    """The shape of ``attribution.toml``."""

    scenario: str
    replicates: int = Field(ge=2)
    regime: str = "vc_2018"
    driver: dict[str, Driver] = Field(min_length=1)
    measure: tuple[Explained, ...] = Field(min_length=1)

    _tuples = field_validator("measure", mode="before")(as_tuple)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a plan.

        Raises
        ------
        InputError
            If the file is not as it should be.
        """
        return validate(cls, read_toml(path), path)


@dataclass(frozen=True)
class Attribution:
    """Result of an experiment.

    Attributes
    ----------
    values
        Of each measure in each combination, ``[replicates, combinations, measures]``.
    combinations
        Which drivers are on, in the order of ``values``.
    shares
        One row for each measure and driver: see ``share_table``.
    """

    values: Floats
    combinations: tuple[tuple[str, ...], ...]
    shares: pd.DataFrame


def combinations_of(drivers: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """List all sets of drivers, from none to all; bit ``i`` of a place says if driver ``i`` is on."""
    return tuple(tuple(name for i, name in enumerate(drivers) if place >> i & 1) for place in range(1 << len(drivers)))


def shapley(values: Floats) -> Floats:
    """Return what each driver contributes.

    Parameters
    ----------
    values
        ``[..., 2**n]``: a value for each combination, in the order of ``combinations_of``.

    Returns
    -------
    Floats
        ``[..., n]``; the sum over drivers is the value with all on less that with none.
    """
    size = values.shape[-1]
    n = size.bit_length() - 1
    if size != 1 << n or n == 0:
        raise ValueError(f"{size} values are not those of all combinations of some drivers")
    out = np.zeros((*values.shape[:-1], n))
    for place, i in itertools.product(range(size), range(n)):
        if not place >> i & 1:
            before = place.bit_count()
            weight = math.factorial(before) * math.factorial(n - before - 1) / math.factorial(n)
            out[..., i] += weight * (values[..., place | 1 << i] - values[..., place])
    return out


def with_drivers(scenario: Scenario, plan: Plan, on: Sequence[str]) -> tuple[Scenario, str]:
    """Return the scenario with some drivers on and all others off, and the regime."""
    regime = plan.regime
    lists: dict[str, list[str]] = {key: [] for key in LISTS}
    tables: dict[str, dict[str, Any]] = {key: {} for key in TABLES}
    for name, driver in plan.driver.items():
        setting = driver.on if name in on else driver.off
        regime = setting.regime or regime
        for key in LISTS:
            lists[key] += getattr(setting, key)
        for key in TABLES:
            tables[key] |= getattr(setting, key)
    # What no driver speaks of stays as the scenario has it.
    spoken = {
        key: wanted
        for key, wanted in lists.items()
        if any(getattr(s, key) for driver in plan.driver.values() for s in (driver.off, driver.on))
    }
    return scenario.replace(**spoken, **{key: table for key, table in tables.items() if table}), regime


def attribute(scenario: Scenario, plan: Plan, *, replicates: int | None = None, seed: int | None = None) -> Attribution:
    """Run every combination and share the difference out.

    Raises
    ------
    InputError
        When the plan names something that does not exist.
    """
    seed = scenario.document.scenario.seed if seed is None else seed
    replicates = plan.replicates if replicates is None else replicates
    if replicates < 2:
        raise InputError("too few for an interval", key="replicates", value=replicates, accepted="2 or more")
    combinations = combinations_of(tuple(plan.driver))
    values = np.empty((replicates, len(combinations), len(plan.measure)))
    for place, on in enumerate(combinations):
        changed, regime = with_drivers(scenario, plan, on)
        world, people = make_world(changed, Regime.load(regime, changed.readings)), people_of(changed)
        for replicate in range(replicates):
            table = single_run(world, people, seed, replicate, {}).measures
            values[replicate, place] = _explained(table, plan)
    return Attribution(values, combinations, share_table(values, plan))


def _explained(table: pd.DataFrame, plan: Plan) -> list[float]:
    """Return the value of each measure of a plan in one run."""
    known = table.set_index(["measure", "world", "group"])["value"]
    out = []
    for wanted in plan.measure:
        total = 0.0
        for name, sign in ((wanted.name, 1), (wanted.less, -1)):
            if name is not None:
                key = (name, wanted.world, wanted.group)
                if key not in known.index:
                    raise InputError("no such measure", key="measure", value=f"{name} ({wanted.world}, {wanted.group})")
                total += sign * float(known[key])
        out.append(total)
    return out


def share_table(values: Floats, plan: Plan) -> pd.DataFrame:
    """Return one row for each measure and driver, and one for all drivers together.

    Columns: ``measure``, ``driver``, ``contribution`` with ``low`` and ``high`` (95% t-interval over replicates), and
    ``share`` of the whole difference with ``share_low`` and ``share_high`` (jackknife over replicates; empty where the
    interval of the whole difference holds 0, since a share of nothing means nothing), ``replicates``.
    """
    parts = shapley(np.moveaxis(values, 1, -1))  # [replicates, measures, drivers]
    whole = parts.sum(axis=-1)
    replicates = values.shape[0]
    reach = float(student.ppf(0.975, replicates - 1))
    rows = []
    for m, measure in enumerate(plan.measure):
        _, low, high = _interval(whole[:, m], reach)
        meaningful = low > 0 or high < 0
        columns = [(name, parts[:, m, i]) for i, name in enumerate(plan.driver)]
        for name, part in [*columns, ("all", whole[:, m])]:
            share = _share(part, whole[:, m], reach) if meaningful else (math.nan,) * 3
            rows.append((measure.title, name, *_interval(part, reach), *share, replicates))
    names = ["measure", "driver", "contribution", "low", "high", "share", "share_low", "share_high", "replicates"]
    return pd.DataFrame(rows, columns=names)


def _interval(sample: Floats, reach: float) -> tuple[float, float, float]:
    mean, error = float(sample.mean()), float(sample.std(ddof=1)) / math.sqrt(sample.size)
    return mean, mean - reach * error, mean + reach * error


def _share(part: Floats, whole: Floats, reach: float) -> tuple[float, float, float]:
    """Return the ratio of two means and its jackknife interval."""
    n = part.size
    left_out = (part.sum() - part) / (whole.sum() - whole)
    error = math.sqrt((n - 1) / n * float(((left_out - left_out.mean()) ** 2).sum()))
    share = float(part.sum() / whole.sum())
    return share, share - reach * error, share + reach * error


def main(plan_file: Path, arguments: Sequence[str] | None = None) -> int:
    """Run the attribution of a plan, with options from the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m experiments.attribution", description=__doc__.split("\n")[0])
    parser.add_argument("--plan", type=Path, default=plan_file, help="drivers and measures")
    parser.add_argument("--scenario", help="another scenario than that of the plan")
    parser.add_argument("--hypothesis", default="", help="presets over the scenario, separated by commas")
    parser.add_argument("--replicates", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--out", type=Path, help="folder for shares.csv and combinations.csv")
    given = parser.parse_args(arguments)
    try:
        plan = Plan.load(given.plan)
        scenario = Scenario.load(given.scenario or plan.scenario)
        if given.hypothesis:
            scenario = scenario.under(*given.hypothesis.split(","))
        result = attribute(scenario, plan, replicates=given.replicates, seed=given.seed)
    except B8simError as error:
        print(error, file=sys.stderr)
        return 2
    print(result.shares.round(3).to_string(index=False))
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        result.shares.to_csv(given.out / "shares.csv", index=False)
        combination_table(result, plan).to_csv(given.out / "combinations.csv", index=False)
    return 0


def combination_table(result: Attribution, plan: Plan) -> pd.DataFrame:
    """Return the value of each measure in each combination and replicate: what the shares come from."""
    rows = [
        (" + ".join(on) or "none", replicate, measure.title, result.values[replicate, place, m])
        for place, on in enumerate(result.combinations)
        for replicate in range(result.values.shape[0])
        for m, measure in enumerate(plan.measure)
    ]
    return pd.DataFrame(rows, columns=["on", "replicate", "measure", "value"])
