"""What can be said about a change (`sim.runs.kinds`)."""

from __future__ import annotations

import pytest

import sim
from sim.files.errors import InputError
from sim.runs.kinds import is_whole, kind_of, moves_queues
from sim.runs.world import make_world
from verification.small_worlds import netherlands

SMALL = netherlands(0.01)
QUEUES = moves_queues([make_world(SMALL, sim.Regime.load("vc_2019_08", SMALL.readings))])


@pytest.mark.parametrize(
    "name",
    ["inflow.hidden_victims_per_year", "inflow.victim_share_NGA", "avim.reports_per_working_day", "capacity.om.triage"],
)
def test_who_comes_and_how_much_is_handled_move_queues(name: str) -> None:
    assert kind_of((name,), QUEUES, SMALL) == "direction only"
    assert kind_of(("report.base", name), QUEUES, SMALL) == "direction only"


def test_how_long_places_are_held_moves_queues() -> None:
    statute = make_world(SMALL, sim.Regime.load("vc_2018")).statute
    stays = [statute.first_text(name) for name in statute.steps]
    held = {step.takes for step in stays if step.by == "coa.reception" and step.takes is not None}
    assert held <= QUEUES


@pytest.mark.parametrize("name", ["report.base", "om.needed_base", "leaves.transfer_per_year"])
def test_what_people_and_authorities_decide_is_a_preview(name: str) -> None:
    assert kind_of((name,), QUEUES, SMALL) == "preview"
    session = sim.Session(SMALL, ["vc_2018"], seed=1)
    assert session.kind_of_change(name) == "preview"
    assert session.kind_of_change("capacity.avim.report") == "direction only"
    with pytest.raises(InputError, match="unknown parameter"):
        session.kind_of_change(f"{name}s")


def test_of_the_whole_country_everything_is_computed() -> None:
    whole = sim.Scenario.load("netherlands")
    assert is_whole(whole)
    assert not is_whole(SMALL)
    assert not is_whole(whole.replace(inflow={"scale": None, "persons": 9}))
    assert kind_of(("capacity.avim.report",), QUEUES, whole) == "computed"
