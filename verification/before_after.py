"""Each published figure beside the model without a history, dated capacities and acceptance by state, and with them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.calibration.targets import Target, load_targets, measures_of
from sim.files.place import Place
from sim.runs.loading import asked_of
from sim.runs.replicate import period_of
from sim.runs.session import Session
from sim.runs.world import make_world
from sim.scenarios.scenario import Scenario
from sim.studies.readings import readings_of
from verification.report import table

REGIME = "historical"
REPLICATES = 1
EARLY = "surge_2019"
"""The scenario in which people act before August 2019."""
OF_YEARS = ("ind.asylum_ratio_", "dtv.transfers_ratio_", "om.prosecutions_ratio_")
"""Prefixes of the ratios by which a capacity of a year differs, where something is published."""
ACCEPTED = 0.7
"""Of all requests of 2016 to 2020: 34,910 of 49,940; the number of every state before each had its own."""

FEWEST_IN_WHOLE = 10.0
"""From this published value on figures are shown as whole numbers."""


def before(scenario: Scenario) -> Scenario:
    """Return a scenario that starts with nobody, with one capacity for all years, and one acceptance for all states."""
    names = list(scenario.parameter_values())
    same = {name: 1.0 for name in names if name.startswith(OF_YEARS)}
    same |= {name: ACCEPTED for name in names if name.startswith("dublin.accepted_")}
    return scenario.replace(history_from="start", parameters={**same, "leaves.hiding_per_year": 0.0})


def worlds() -> dict[str, Scenario]:
    """Return the scenarios that the table compares, by the heads of their columns."""
    shipped = Scenario.load("netherlands")
    return {"before": before(shipped), "as shipped": shipped, f"`{EARLY}` (fitted)": Scenario.load(EARLY)}


def figures(scenario: Scenario, targets: Mapping[str, Target], replicates: int = REPLICATES) -> dict[str, float]:
    """Return the value of the model for each published figure: the mean over some replicates."""
    asked = asked_of(scenario, (REGIME,))
    names, groups = measures_of(targets.values())
    world = make_world(asked.scenario, asked.regimes[0])
    wanted = readings_of(
        names, groups, world.catalogue.pools, period_of(asked.scenario), asked.scenario.own, Place(None, "figures")
    )
    session = Session.of(asked, references=False, measures=wanted.measures, groups=wanted.groups)
    found = session.readings(replicates)
    values = np.stack([reading.values[0] for reading in found])  # [replicates, measures, groups]
    columns = {
        (label.name, label.world, group): values[:, m, g]
        for m, label in enumerate(session.labels)
        for g, group in enumerate(session.groups)
    }
    return {name: float(target.model(columns).mean()) for name, target in targets.items()}


def section() -> str:
    """Run the three scenarios; return the section."""
    targets = load_targets()
    return written(targets, {name: figures(scenario, targets) for name, scenario in worlds().items()})


def written(targets: Mapping[str, Target], given: Mapping[str, Mapping[str, float]]) -> str:
    """Return the section with the values of each scenario."""
    rows = [
        (
            target.document.title.en,
            f"{target.bound} (`{target.source}`)",
            *(_cell(of_world[name], whole=target.value >= FEWEST_IN_WHOLE) for of_world in given.values()),
            _use(target),
        )
        for name, target in targets.items()
    ]
    return TEXT.format(replicates=REPLICATES, regime=REGIME) + table(("", "published", *given, "used"), rows)


def _cell(value: float, *, whole: bool) -> str:
    return f"{value:,.{0 if whole else 2}f}"


def _use(target: Target) -> str:
    if target.document.feeds is not None:
        return "input"
    return "may be fitted" if target.fitted else "held out"


TEXT = """Each published figure that corresponds to a measure, under the rules as they followed each other (`{regime}`);
{replicates} replicate of the whole country. *Before*: nobody is there in 2017, every capacity is
one number for all years, every state accepts the same share of requests, nobody acts before August 2019. *As
shipped*: a history, dated capacities, acceptance by state. The last scenario adds people who act early; its numbers
were picked by hand. No number of the first two was fitted to these figures, but for the capacity of the return service
in 2020 (*input*).

"""
