"""Scenario files: every key does what the manual says; hash, text and changed copies (`sim.scenarios.scenario`)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scenario_files import GOOD, load, write

import sim
from sim.files.errors import InputError
from sim.procedures.traits import FLAG_BIT, GROUPS
from sim.runs.world import make_world, people_of, population_of
from sim.scenarios.scenario import Scenario


def capacity(scenario: Scenario, pool: str, date: dt.date) -> float:
    world = make_world(scenario, sim.Regime.load("vc_2018"))
    return world.capacity(world.catalogue.pools.index(pool), (date - scenario.start).days)


# ---- every key ----


def test_header(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    header = scenario.document.scenario
    assert (scenario.name, scenario.title, header.description) == ("mine", "A test", "Small.")
    assert (scenario.start, scenario.end) == (dt.date(2019, 1, 1), dt.date(2020, 12, 31))
    assert scenario.regimes == ("vc_2018", "vc_2019_08")
    assert (header.replicates, header.seed) == (3, 11)
    result = sim.compare(scenario)
    assert result.regimes == ["vc_2018", "vc_2019_08"]
    receipt = result.receipt
    assert (receipt["replicates"], receipt["seed"], receipt["period"]) == (3, 11, "2019-01-01 to 2020-12-31")


def test_inflow(tmp_path: Path) -> None:
    small, large = (load(tmp_path, GOOD.replace("0.01", scale)) for scale in ("0.01", "0.1"))
    assert len(people_of(large).names) == pytest.approx(10 * len(people_of(small).names), rel=0.1)
    assert not people_of(large).drawn_by_rule.any()
    responding = load(
        tmp_path, GOOD.replace("0.01", "0.1").replace("rule = false", "rule = true\nresponds_from = 2019-08-01")
    )
    extra = people_of(responding)
    assert extra.drawn_by_rule.any()
    assert (extra.month_start[extra.drawn_by_rule] >= (dt.date(2019, 8, 1) - dt.date(2019, 1, 1)).days).all()
    others = [name for name, drawn in zip(extra.names, extra.drawn_by_rule, strict=True) if not drawn]
    assert others == people_of(large).names
    nobody = load(tmp_path, GOOD.replace("0.01", "0"))
    assert people_of(nobody).names == []
    assert sim.run(nobody, "vc_2018").transitions.empty


def test_without_inflow_table_everybody_comes(tmp_path: Path) -> None:
    text = GOOD.replace("[inflow]\nscale            = 0.01\nresponds_to_rule = false\n", "")
    assert len(people_of(load(tmp_path, text)).names) > 35_000


def test_shocks_hold_on_their_days_if_they_are_on(tmp_path: Path) -> None:
    """No transfer while transfers are stopped; the same event switched off changes nothing."""
    text = GOOD.replace("0.01", "0.3")
    stop = (dt.date(2020, 3, 15) - dt.date(2019, 1, 1)).days, (dt.date(2020, 6, 30) - dt.date(2019, 1, 1)).days
    on = sim.run(load(tmp_path, text), "vc_2018").transitions
    off = sim.run(load(tmp_path, text.replace('status = "read"', 'status = "read"\non = false')), "vc_2018")
    found = []
    for transitions in (on, off.transitions):
        days = (transitions.date[transitions.to == "dublin.transferred"] - np.datetime64("2019-01-01")).dt.days
        found.append(((days < stop[0]).sum(), days.between(*stop).sum(), (days == stop[1] + 1).sum()))
    assert found[0][0] == found[1][0] > 50
    assert found[0][1] == 0
    assert found[1][1] > 10
    assert found[0][2] > 5, "on the first day after the stop everybody who waited goes"
    assert load(tmp_path, text).document.shock[1].on is False


def test_capacity(tmp_path: Path) -> None:
    """One number throughout; a list from its days on, in any order, and the parameter before."""
    scenario = load(tmp_path, GOOD)
    default = scenario.parameter_values().value("ind.asylum_cases_per_working_day")
    assert capacity(scenario, "avim.report", dt.date(2019, 1, 1)) == 4
    assert capacity(scenario, "avim.report", dt.date(2020, 12, 31)) == 4
    dated = [(2019, 1, 1), (2019, 2, 28), (2019, 3, 1), (2019, 12, 31), (2020, 1, 1), (2020, 12, 31)]
    found = [capacity(scenario, "ind.asylum", dt.date(*day)) for day in dated]
    assert found == [default, default, 2, 2, 9.5, 9.5]
    assert capacity(scenario, "ind.b8", dt.date(2019, 1, 1)) == scenario.parameter_values().value(
        "ind.b8_decisions_per_working_day"
    )


def test_parameters_and_readings(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    assert scenario.parameter_values().value("dublin.accepted_other") == 0.5
    assert scenario.readings == {"U7": "wish_date"}
    world = make_world(scenario, sim.Regime.load("vc_2019_08", scenario.readings))
    assert {layer.applies_to for layer in world.regime.layers} == {None, "b8.wish_to_report"}
    result = sim.compare(scenario.replace(replicates=1))
    changed = result.assumptions.set_index("parameter").loc["dublin.accepted_other"]
    assert (changed.value, changed.grade) == (0.5, "assumption")
    assert result.receipt["readings"][0]["U7"] == "wish_date"


def test_a_reading_sets_a_parameter_unless_the_scenario_does(tmp_path: Path) -> None:
    text = GOOD.replace('U7 = "wish_date"', 'U10 = "fifty"')
    name = "shelter.specialised_places"
    for body, expected in ((text, 50), (text.replace("[parameters]", f'[parameters]\n"{name}" = 8'), 8)):
        scenario = load(tmp_path, body)
        regime = sim.Regime.load("vc_2018", scenario.readings)
        assert make_world(scenario, regime).parameters.value(name) == expected
        assert capacity_of(scenario, regime) == expected


def capacity_of(scenario: Scenario, regime: sim.Regime) -> float:
    world = make_world(scenario, regime)
    return world.capacity(world.catalogue.pools.index("shelter.specialised"), 0)


def test_extends_merges_tables_and_replaces_lists(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "parent.toml")
    child = 'extends = "parent"\n[scenario]\ntitle = "A child"\nend = 2019-12-31\nregimes = ["vc_2023"]\n'
    child += '[capacity]\n"avim.report" = 7\n'
    scenario = load(tmp_path, child.replace("end = 2019-12-31", "end = 2020-06-30"))
    assert (scenario.title, scenario.start, scenario.end) == ("A child", dt.date(2019, 1, 1), dt.date(2020, 6, 30))
    assert scenario.regimes == ("vc_2023",)
    assert set(scenario.document.capacity) == {"avim.report", "ind.asylum"}
    assert scenario.document.capacity["avim.report"] == 7
    assert len(scenario.document.shock) == 2
    shipped = load(tmp_path, 'extends = "netherlands"\n[inflow]\nscale = 0.5\n')
    assert shipped.start == Scenario.load("netherlands").start
    assert shipped.document.inflow.scale == 0.5
    by_path = load(tmp_path, 'extends = "parent.toml"\n[inflow]\nscale = 0.5\n')
    assert by_path.title == "A test"


def test_an_earlier_end_leaves_later_events_out(tmp_path: Path) -> None:
    """The shipped events of 2020 are no mistake in a scenario that ends before them, or in one that starts later."""
    child = 'extends = "netherlands"\n[scenario]\n{}\n[inflow]\nscale = 0.01\n'
    for period in ("end = 2019-12-31", "start = 2021-08-01"):
        assert len(sim.run(load(tmp_path, child.format(period)), "vc_2019_08").transitions) > 500


def test_every_group_comes(tmp_path: Path) -> None:
    """The inflow has people of each group in each year."""
    people = people_of(load(tmp_path, GOOD.replace("0.01", "0.3")))
    years = {(int(group), name.split("-")[1]) for group, name in zip(people.group, people.names, strict=True)}
    assert {(group, year) for group in range(len(GROUPS)) for year in ("2019", "2020")} <= years


def test_networks_without_skew_have_victims_too() -> None:
    """A power next to 0 makes every draw next to 1."""
    scenario = Scenario.load("netherlands").replace(
        inflow={"scale": 0.02}, parameters={"network.size_skew": 1e-300}, end=dt.date(2017, 12, 31)
    )
    entities = population_of(scenario, people_of(scenario), 1, 0).entities
    victims = entities.flags[: entities.persons] & np.uint32(FLAG_BIT["victim"]) != 0
    assert victims.sum() > 10
    assert (entities.network[: entities.persons][victims] >= 0).all()


# ---- what it hashes and writes ----


def test_hash_is_of_the_content(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    assert Scenario.load(write(tmp_path, GOOD, "other.toml")).hash() == scenario.hash()
    assert load(tmp_path, GOOD.replace("A test", "Another title")).hash() == scenario.hash()
    changes = ("2019-01-01", "2019-01-02"), ("seed        = 11", "seed = 12"), ("= 4", "= 5"), ("0.5", "0.6")
    hashes = [load(tmp_path, GOOD.replace(*change, 1)).hash() for change in changes]
    assert len({scenario.hash(), *hashes}) == 5


def test_text_is_the_scenario_as_it_was_run(tmp_path: Path) -> None:
    """Written out and read again, parent and changes merged, it is the same scenario."""
    write(tmp_path, GOOD, "parent.toml")
    scenario = load(tmp_path, 'extends = "parent"\n[inflow]\nscale = 0.02\n').replace(capacity={"avim.intake": 3})
    again = load(tmp_path, scenario.text())
    assert again.hash() == scenario.hash()
    assert again.title == scenario.title
    assert Scenario.load(write(tmp_path, Scenario.load("netherlands").text())).hash() == (
        Scenario.load("netherlands").hash()
    )


def test_replace(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    changed = scenario.replace(
        title="B",
        start=dt.date(2018, 1, 1),
        seed=1,
        capacity={"avim.intake": 1},
        parameters={"dublin.appeals": 0.1},
        readings={"U1": "ninety_days"},
        inflow={"scale": 2},
        shocks=["fewer_controls"],
    )
    document = changed.document
    assert (changed.title, changed.start, document.scenario.seed) == ("B", dt.date(2018, 1, 1), 1)
    assert set(document.capacity) == {"avim.report", "ind.asylum", "avim.intake"}
    assert document.parameters == {"dublin.accepted_other": 0.5, "dublin.appeals": 0.1}
    assert changed.readings == {"U7": "wish_date", "U1": "ninety_days"}
    assert (document.inflow.scale, document.inflow.responds_to_rule) == (2, False)
    assert [(event.name, event.on) for event in document.shock] == [
        ("transfers_stopped", False),
        ("fewer_controls", True),
    ]
    assert scenario.hash() == load(tmp_path, GOOD).hash(), "the scenario itself stays as it is"
    assert scenario.replace().hash() == scenario.hash()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"capacty": {}}, ["capacty: unknown change", "nearest: capacity"]),
        ({"capacity": 3}, ["capacity: not a table", "given: 3"]),
        ({"capacity": {"avim.report": -1}}, ["capacity.avim.report", "given: -1"]),
        ({"capacity": {"avim.reports": 1}}, ["capacity.avim.reports: unknown pool", "nearest: avim.report"]),
        ({"parameters": {"dublin.accepted_other": 1.5}}, ["parameters.dublin.accepted_other", "given: 1.5", "0 to 1"]),
        ({"shocks": ["transfers_stoped"]}, ["shocks: unknown shock", "nearest: transfers_stopped"]),
        ({"end": dt.date(2018, 1, 1)}, ["scenario.end", "before it starts"]),
        ({"end": "01-01-2020"}, ["scenario.end: not a date", "2019-08-01"]),
        ({"seed": True}, ["scenario.seed", "wrong type"]),
        ({"replicates": 0}, ["scenario.replicates", "given: 0"]),
        ({"inflow": {"scal": 1}}, ["inflow.scal: unknown key", "nearest: scale"]),
    ],
)
def test_replace_refuses_what_a_file_would(tmp_path: Path, changes: dict[str, Any], told: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD).replace(**changes)
    for text in told:
        assert text in str(caught.value)
