"""A condition that asks for a trait while an external event goes on: a stop of transfers to one state."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sim.policies.regime import Regime
from sim.runs.world import make_world, people_of, population_of, run_world
from sim.scenarios.scenario import Scenario

STATES = ("receiving_italy", "receiving_germany")
SCENARIO = """extends = "netherlands"
[scenario]
history_from = "start"
end = 2018-12-31
[inflow]
scale = 0.5
[[shock]]
name   = "{}"
from   = 2018-01-01
until  = 2018-06-30
law    = "aida_nl_2024"
status = "read"
"""


def transfers(folder: Path, event: str) -> Counter[tuple[str, bool]]:
    """Count transfers by receiving state, and whether they were carried out while the event went on."""
    file = folder / "stop.toml"
    file.write_text(SCENARIO.format(event), encoding="utf-8")
    scenario = Scenario.load(file)
    world = make_world(scenario, Regime.load("vc_2018"))
    people = population_of(scenario, people_of(scenario), 1, 0)
    log = run_world(world, people).log
    step = world.catalogue.steps.index("dublin.transferred")
    first, last = (
        world.calendar.day_of(day) for day in (scenario.start.replace(year=2018), scenario.end.replace(month=6, day=30))
    )
    found: Counter[tuple[str, bool]] = Counter()
    for state in STATES:
        has = people.flag(state)
        for day, entity in zip(log.day[log.to_step == step], log.entity[log.to_step == step], strict=True):
            if has[entity]:
                found[state, bool(first <= day <= last)] += 1
    return found


@pytest.mark.parametrize(
    ("event", "closed"),
    [
        ("fewer_controls", set()),
        ("transfers_to_italy_stopped", {"receiving_italy"}),
        ("transfers_stopped", set(STATES)),
    ],
)
def test_a_stop_bars_the_transfers_to_its_state_while_it_lasts(tmp_path: Path, event: str, closed: set[str]) -> None:
    found = transfers(tmp_path, event)
    assert {state for state in STATES if not found[state, True]} == closed
    assert all(found[state, False] for state in STATES)
