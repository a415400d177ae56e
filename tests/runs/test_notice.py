"""What to know before a run (`sim.runs.notice`): how many people, and what has no effect."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from own_files import SCENARIO, written

import sim
from sim.files.errors import InputWarning
from sim.runs.notice import Notice, brief
from sim.runs.world import population_of

PROGRAMME = """
[[programme]]
name = "more_police"
from = {}
on = {}
capacity_times = {{ "avim.report" = "national_approach.reports_ratio" }}
law = "kst165"
status = "assumed"
"""


@pytest.fixture
def small(tmp_path: Path) -> sim.Scenario:
    return sim.Scenario.load(written(tmp_path, mine=SCENARIO) / "mine.toml")


def notice(scenario: sim.Scenario, *regimes: str, throughout: bool = False) -> Notice:
    heard: list[Notice] = []
    sim.compare(scenario, regimes, replicates=1, throughout=throughout, heed=heard.append)
    (only,) = heard
    return only


def test_a_rule_that_enters_after_the_last_day(small: sim.Scenario) -> None:
    said = notice(small, "vc_2018", "vc_2019_08", "vc_2023")
    told = "vc_2023 is not in force in this period (it holds from 2023-05-19; the last day is 2020-02-29)"
    assert said.not_in_force == (told,)
    assert notice(small.replace(end="2023-05-19"), "vc_2018", "vc_2023").not_in_force == ()


def test_a_court_layer_and_a_proposal_but_not_what_a_calendar_brings(small: sim.Scenario) -> None:
    (layer,) = notice(small, "vc_2018", "vc_2019_08+c_66_21").not_in_force
    assert layer.startswith("c_66_21 is not in force")
    assert notice(small, "vc_2018", "historical").not_in_force == ()
    early = small.replace(start="2019-01-01", end="2019-06-30")
    assert len(notice(early, "vc_2018", "vc_2019_08", "recognition_panel").not_in_force) == 2


def test_throughout_every_rule_holds(small: sim.Scenario) -> None:
    assert notice(small, "vc_2018", "vc_2023", throughout=True).not_in_force == ()


def test_events_of_the_user_outside_the_period(tmp_path: Path, small: sim.Scenario) -> None:
    said = {}
    for name, text in {
        "later": PROGRAMME.format("2021-01-01", "true"),
        "off": PROGRAMME.format("2021-01-01", "false"),
        "within": PROGRAMME.format("2020-02-29", "true"),
    }.items():
        said[name] = notice(
            sim.Scenario.load(written(tmp_path, mine=SCENARIO + text) / "mine.toml"), "R0", "R2"
        ).no_effect
    assert said == {
        "later": ("outside the period, so without effect: more_police (2021-01-01 on)",),
        "off": (),
        "within": (),
    }
    assert notice(small, "R0", "R2").no_effect == (), "what ships is history that a shorter period leaves out"
    (switched_on,) = notice(small.replace(programmes=["coordination_centre"], end="2019-12-31"), "R0", "R2").no_effect
    assert "coordination_centre" in switched_on


def test_parameters_outside_their_range(small: sim.Scenario) -> None:
    assert notice(small, "R0", "R2").outside_range == ()
    said = notice(small.replace(parameters={"strategic.share": 0.9, "dublin.accepted_italy": 0.9}), "R0", "R2")
    assert said.outside_range == ("strategic.share = 0.9 is outside its plausible range, 0 to 0.2",)


@pytest.mark.parametrize(("start", "end"), [("2019-07-01", "2020-02-29"), ("2019-07-15", "2019-10-10")])
def test_the_head_count_is_that_of_a_replicate(small: sim.Scenario, start: str, end: str) -> None:
    """Exactly, over whole months; else on average, since the day within a month is drawn."""
    scenario = small.replace(start=start, end=end, inflow={"scale": 0.2})
    run = sim.run(scenario, "vc_2018")
    assert run.receipt["people"] == pytest.approx(len(run.persons), rel=0 if end == "2020-02-29" else 0.03)
    assert population_of(scenario, run.population.people, 1, 0).entities.persons >= len(run.persons)


def test_people_whom_the_rule_attracts_are_counted_apart(small: sim.Scenario) -> None:
    responding = small.replace(inflow={"scale": 0.2, "responds_to_rule": True})
    said, without = notice(responding, "R0", "R2"), notice(small.replace(inflow={"scale": 0.2}), "R0", "R2")
    assert said.people == without.people
    assert said.drawn_by_rule > 0 == without.drawn_by_rule
    assert (
        said.line()
        == f"{said.people:,} people in each replicate (and {said.drawn_by_rule:,} more if the rule attracts them)"
    )


def test_one_line_says_all() -> None:
    said = Notice(1234, 0, ("a is not in force",), ("outside: b",), ("c = 9",))
    assert said.line() == "1,234 people in each replicate; a is not in force; outside: b; c = 9"
    assert said.line(people=False) == "a is not in force; outside: b; c = 9"
    assert Notice(0, 0, (), (), ()).line(people=False) == ""
    assert brief([]) == ""
    assert len(brief(["x" * 30] * 100)) < 210


def test_in_python_what_has_no_effect_is_a_warning(small: sim.Scenario) -> None:
    for call in (
        lambda: sim.compare(small, ["vc_2018", "vc_2023"], replicates=1),
        lambda: sim.run(small, "vc_2023"),
    ):
        with pytest.warns(InputWarning, match="vc_2023 is not in force") as caught:
            result = call()
        assert caught[0].filename == __file__
        assert "vc_2023 is not in force" in repr(result)
        assert result.receipt["notice"] == [str(caught[0].message)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sim.run(small.replace(parameters={"strategic.share": 0.9}), "vc_2018").receipt["notice"]
