"""Who might come: every group keeps its share at any scale, a number of persons is met, capacities can follow."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.agents.behaviour import Authorities
from sim.agents.candidates import BY_RULE, FIRST_APPLICANTS, HIDDEN, MARKS, Candidates, Flows, candidates, flows
from sim.agents.inflow import first_applications
from sim.policies.regime import Regime
from sim.procedures.traits import GROUPS
from sim.runs.world import make_world, people_of
from sim.scenarios.scenario import Scenario

NETHERLANDS = Scenario.load("netherlands").replace(history_from="start")
NEW_RULE = dt.date(2019, 8, 1)


def listed(people: Candidates, flow: Flows) -> NDArray[np.int64]:
    """Count who is listed; ``[kind, month, group]``."""
    counts = np.zeros(flow.persons.shape, np.int64)
    months = {str(month): i for i, month in enumerate(flow.months)}
    for name in people.names:
        group, year, month, number = name.split("-")
        kind = MARKS.index(number.rstrip("0123456789"))
        counts[kind, months[f"{year}-{month}"], GROUPS.index(group)] += 1
    return counts


def flow_of(scenario: Scenario, *, responds: bool = False) -> Flows:
    inflow = scenario.document.inflow
    return flows(
        scenario.start,
        scenario.end,
        scenario.parameter_values(),
        responds_from=NEW_RULE if responds else None,
        level=inflow.level,
    )


@pytest.mark.parametrize("scale", [0.003, 0.02, 0.1, 0.37, 1.0, 2.5])
@pytest.mark.parametrize("responds", [False, True])
@pytest.mark.parametrize("level", ["published", "as_in_2018"])
def test_each_group_keeps_its_share_in_every_stretch_of_months(scale: float, responds: bool, level: str) -> None:
    scenario = NETHERLANDS.replace(inflow={"scale": scale, "responds_to_rule": responds, "level": level})
    flow = flow_of(scenario, responds=responds)
    missed = np.cumsum(listed(people_of(scenario), flow) - flow.persons * scale, axis=1)
    assert np.abs(missed).max() <= 0.5 + 1e-6
    assert bool(flow.persons[BY_RULE].sum() > 0) is responds


def test_at_scale_1_first_applicants_are_those_who_were_published() -> None:
    flow = flow_of(NETHERLANDS)
    counts = listed(people_of(NETHERLANDS), flow)
    assert np.array_equal(counts[FIRST_APPLICANTS], first_applications(flow.months))
    a_year = NETHERLANDS.parameter_values().value("inflow.hidden_victims_per_year")
    assert counts[HIDDEN].sum() == pytest.approx(5 * a_year, abs=len(GROUPS))


def test_small_scales_lose_no_group() -> None:
    people = people_of(NETHERLANDS.replace(inflow={"scale": 0.005}))
    assert set(people.group.tolist()) == set(range(len(GROUPS)))
    first = {name.split("-")[0] for name in people.names if "-H" not in name}
    assert first == set(GROUPS)


@pytest.mark.parametrize("persons", [0, 1, 7, 2000, 101_190, 150_001])
def test_so_many_persons_are_listed(persons: int) -> None:
    scenario = NETHERLANDS.replace(inflow={"persons": persons})
    people, flow = people_of(scenario), flow_of(scenario)
    assert len(people.names) == persons
    missed = np.cumsum(listed(people, flow) - flow.persons * (persons / flow.total), axis=1)
    assert np.abs(missed).max() < 1.5


def test_persons_count_whole_months_and_not_those_whom_the_rule_draws() -> None:
    part = {"start": dt.date(2019, 7, 20), "end": dt.date(2019, 10, 10)}
    scenario = NETHERLANDS.replace(**part, inflow={"persons": 800})
    people = people_of(scenario)
    assert len(people.names) == 800
    assert {name.split("-", 1)[1][:7] for name in people.names} == {"2019-07", "2019-08", "2019-09", "2019-10"}
    arrived = len(sim.run(scenario, "vc_2018").persons)
    assert 0.6 < arrived / 800 < 0.95, "those who come before the first day or after the last never arrive"
    responding = people_of(scenario.replace(inflow={"responds_to_rule": True}))
    on_top = [name for name in responding.names if "-R" in name]
    assert on_top
    assert [name for name in responding.names if "-R" not in name] == people.names
    flow = flow_of(scenario, responds=True)
    assert len(on_top) == pytest.approx(800 / flow.total * flow.persons[BY_RULE].sum(), abs=len(GROUPS))


def written(tmp_path: Path, inflow: str, parent: str = "netherlands") -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "{parent}"\n[scenario]\ntitle = "mine"\n[inflow]\n{inflow}\n')
    return path


def test_a_size_takes_the_place_of_the_other(tmp_path: Path) -> None:
    child = Scenario.load(written(tmp_path, "persons = 900"))
    assert (child.document.inflow.persons, child.document.inflow.scale) == (900, None)
    again = tmp_path / "again.toml"
    again.write_text(child.text())
    assert Scenario.load(again).document.inflow == child.document.inflow
    assert Scenario.load(again).hash() == child.hash()
    (tmp_path / "parent.toml").write_text(child.text())
    grandchild = Scenario.load(written(tmp_path, "scale = 0.02", "parent"))
    assert (grandchild.document.inflow.persons, grandchild.document.inflow.scale) == (None, 0.02)
    assert child.replace(inflow={"scale": 0.5}).document.inflow.persons is None
    assert child.replace(inflow={"level": "as_in_2018"}).document.inflow.persons == 900
    assert child.hash() != child.replace(inflow={"persons": 901}).hash()


@pytest.mark.parametrize(
    ("inflow", "told"),
    [
        ("scale = 0.1\npersons = 100", "inflow: takes scale or persons, not both"),
        ("persons = -1", "inflow.persons: too small"),
        ("persons = 1.5", "inflow.persons: wrong type"),
        ("persons = true", "inflow.persons: wrong type"),
        ("persons = 99_999_999", "inflow.persons: too large"),
        ('capacities = "proportional"', "inflow.capacities: not one of the accepted values"),
        ('responds_from = "2019-08-01"', "inflow.responds_from: "),
        ("responds_to_rule = true\nresponds_from = 2023-01-01", "inflow.responds_from: after the last day"),
    ],
)
def test_mistakes(tmp_path: Path, inflow: str, told: str) -> None:
    path = written(tmp_path, inflow)
    with pytest.raises(sim.InputError) as caught:
        Scenario.load(path)
    assert str(caught.value).startswith(f"{path}: {told}")


def test_a_response_to_the_rule_needs_its_day(tmp_path: Path) -> None:
    path = tmp_path / "alone.toml"
    path.write_text(NETHERLANDS.text().replace("responds_from = 2019-08-01\n", "responds_to_rule = true\n"))
    with pytest.raises(sim.InputError, match="responds_to_rule needs responds_from"):
        Scenario.load(path)


def test_persons_where_nobody_comes_is_a_mistake() -> None:
    flow = flow_of(NETHERLANDS)
    empty = Flows(flow.months, flow.persons * 0, flow.drawn_months)
    with pytest.raises(sim.InputError, match="the period has no inflow"):
        candidates(empty, NETHERLANDS.start, persons=10)
    assert candidates(empty, NETHERLANDS.start, persons=0).names == []


def test_the_response_begins_on_its_day() -> None:
    responding = NETHERLANDS.replace(inflow={"scale": 0.3, "responds_to_rule": True})
    for day, first in ((NEW_RULE, "2019-08"), (dt.date(2020, 2, 2), "2020-03")):
        people = people_of(responding.replace(inflow={"responds_from": day}))
        drawn = [name for name in people.names if "-R" in name]
        assert min(name.split("-", 1)[1][:7] for name in drawn) == first
    off = responding.replace(inflow={"responds_to_rule": False})
    assert not people_of(off).drawn_by_rule.any()


# ---- capacities ------------------------------------------------------------------------------------------------------


def capacities(scenario: Scenario, day: int = 900) -> dict[str, float]:
    world = make_world(scenario, Regime.load("vc_2018", scenario.readings))
    return {pool: world.capacity(i, day) for i, pool in enumerate(world.catalogue.pools)}


def test_capacities_in_proportion() -> None:
    scenario = NETHERLANDS.replace(
        capacity={
            "ind.asylum": [{"from": dt.date(2017, 1, 1), "value": 70.0}, {"from": dt.date(2019, 1, 1), "value": 90.0}],
            "avim.intake": 3.3,
            "om.prosecution": 0,
            "shelter.specialised": 44,
            "police.investigation": 7,
        },
        programmes=["national_approach"],
    )
    whole = capacities(scenario)
    small = capacities(scenario.replace(inflow={"scale": 0.05, "capacities": "in_proportion"}))
    assert capacities(scenario.replace(inflow={"scale": 0.05})) == whole
    assert whole["ind.asylum"] == 90
    for pool, document in Authorities.load().pool.items():
        if document.kind == "staff":
            assert small[pool] == pytest.approx(0.05 * whole[pool], rel=1e-12)
        else:
            assert small[pool] == {0: 0, 44: 2, 7: 1}.get(whole[pool], round(0.05 * whole[pool]))
            assert (small[pool] > 0) == (whole[pool] > 0)
    flow = flow_of(scenario)
    by_persons = capacities(
        scenario.replace(inflow={"persons": round(0.05 * flow.total), "capacities": "in_proportion"})
    )
    assert by_persons["avim.intake"] == pytest.approx(0.05 * 3.3, rel=1e-3)


def test_in_proportion_keeps_the_queues() -> None:
    """With a fifth of the people, capacities in proportion keep the police as busy; as they are, they idle."""
    short = NETHERLANDS.replace(start=dt.date(2019, 1, 1), end=dt.date(2020, 12, 31))

    def busy(**inflow: object) -> float:
        table = sim.run(short.replace(inflow=inflow), "vc_2018").measures
        row = table[(table.measure == "utilisation_ind.asylum") & (table.group == "all")]
        return float(row.value.iloc[0])

    whole = busy(scale=1.0)
    assert busy(scale=0.2, capacities="in_proportion") == pytest.approx(whole, rel=0.1)
    assert busy(scale=0.2) < 0.5 * whole


def test_a_history_of_hidden_victims_begins_before_that_of_applicants() -> None:
    """Months before have hidden victims only, and the people of the period stay the same."""
    scenario = Scenario.load("netherlands").replace(inflow={"scale": 0.05}, end="2018-06-30")
    assert scenario.document.inflow.applicants_from == dt.date(2007, 1, 1)
    names = people_of(scenario).names
    applicants = [name for name in names if name.split("-")[3].isdigit()]
    hidden = [name for name in names if MARKS[HIDDEN] in name.split("-")[3]]
    assert min(int(name.split("-")[1]) for name in applicants) == 2007
    assert min(int(name.split("-")[1]) for name in hidden) == 2003
    assert len(hidden) == pytest.approx(0.05 * 1000 * 15.5, rel=0.01)
    alone = people_of(scenario.replace(history_from="start")).names
    assert [name for name in names if int(name.split("-")[1]) >= 2017] == alone
    everybody = people_of(scenario.replace(inflow={"applicants_from": 2003})).names
    published_2003_to_2006 = 13_400 + 9_780 + 12_345 + 14_465
    assert len(everybody) == pytest.approx(len(names) + 0.05 * published_2003_to_2006, abs=20)
