"""What `b8sim check` takes (`sim.cli.checking`): files, names of what ships, measures beside the user's own regime."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command import B8sim, refused
from own_files import HYPOTHESIS, REGIME, REGIME_WITH_A_STEP, SCENARIO, behaviour_text, with_regimes, written

import sim
from sim.cli.checking import check
from sim.files.errors import InputError
from sim.policies import library
from sim.runs.world import people_of

PROJECT = Path(__file__).resolve().parents[2]
MEASURES = """
[measure.my_measure]
area  = "protection"
title = "Went through my step"
kind  = "persons"
steps = ["b8.my_step"]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(written(tmp_path, scenario=SCENARIO, reform=REGIME, own=REGIME_WITH_A_STEP, measures=MEASURES))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("vc_2018", "a regime"),
        ("R2", "a regime"),
        ("vc_2019_08+c_66_21+U1=ninety_days", "a regime"),
        ("reform.toml+U1=ninety_days", "a regime"),
        ("c_66_21", "a court layer"),
        ("H5", "a hypothesis"),
        ("word_of_mouth", "a hypothesis"),
    ],
)
def test_names_of_what_ships(name: str, what: str) -> None:
    assert check([name]) == [f"{name}: {what}: ok"]


def test_a_calibration_is_known_by_its_table(tmp_path: Path) -> None:
    text = (PROJECT / "experiments" / "calibration.toml").read_text(encoding="utf-8")
    assert check([str(PROJECT / "experiments" / "calibration.toml")])[0].endswith("calibration.toml: a calibration: ok")
    (tmp_path / "bad.toml").write_text(text.replace('"leaves.onward_per_year"', '"leaves.onward_a_year"'))
    with pytest.raises(InputError, match="onward_a_year") as caught:
        check(["bad.toml"])
    assert "leaves.onward_per_year" in str(caught.value)


def test_a_scenario_by_name_says_how_many_people() -> None:
    scenario = sim.Scenario.load("netherlands")
    listed = len(people_of(scenario.replace(history_from="start")).names)
    earlier = len(people_of(scenario).names) - listed
    begins = f"{scenario.first_day} (first applicants from {scenario.document.inflow.applicants_from})"
    history = f"history from {begins}: {earlier:,} people who came before"
    said = check(["netherlands"])
    assert said[0] == "netherlands: a scenario: ok"
    assert said[1].startswith(f"netherlands: {listed:,} people in each replicate; {history}")


@pytest.mark.parametrize(
    ("name", "near"), [("nederlands", "netherlands"), ("vc_2081", "vc_2018"), ("word_of_mout", "word_of_mouth")]
)
def test_a_name_of_nothing(name: str, near: str) -> None:
    with pytest.raises(InputError, match="no such file, and nothing of this name is shipped") as caught:
        check([name])
    assert caught.value.nearest == near


def test_a_name_with_a_wrong_reading() -> None:
    with pytest.raises(InputError, match="unknown legal question"):
        check(["vc_2018+U99=x"])


@pytest.mark.parametrize("order", [("own.toml", "measures.toml"), ("measures.toml", "own.toml")])
def test_a_measure_of_a_step_of_ones_own_regime(order: tuple[str, str]) -> None:
    kinds = {"own.toml": "a regime", "measures.toml": "measures"}
    assert check(order) == [f"{file}: {kinds[file]}: ok" for file in order]


def test_a_scenario_that_names_the_regime_brings_its_steps_too(here: Path) -> None:
    written(here, scenario=with_regimes("vc_2018", "own.toml"))
    assert "measures.toml: measures: ok" in check(["measures.toml", "scenario.toml"])


def test_a_measure_of_a_step_that_nobody_has(here: Path) -> None:
    for given in (["measures.toml"], ["measures.toml", "reform.toml"]):
        with pytest.raises(InputError, match=r"measure\.my_measure: unknown step") as caught:
            check(given)
        assert "b8sim check measures.toml my_regime.toml" in str(caught.value)
    written(here, measures=MEASURES.replace("my_step", "reprot"))
    with pytest.raises(InputError) as caught:
        check(["measures.toml", "own.toml"])
    assert caught.value.nearest == "b8.report"


def test_what_has_no_effect_is_said_beside_the_file(here: Path) -> None:
    text = with_regimes("vc_2018", "vc_2023") + '[parameters]\n"strategic.share" = 0.9\n'
    written(here, scenario=text)
    first, second = check(["scenario.toml"])
    assert first == "scenario.toml: a scenario: ok"
    people = len(people_of(sim.Scenario.load("scenario.toml")).names)
    assert second == (
        f"scenario.toml: {people} people in each replicate; "
        "vc_2023 is not in force in this period (it holds from 2023-05-19; the last day is 2020-02-29); "
        "strategic.share = 0.9 is outside its plausible range, 0 to 0.2"
    )


def test_every_kind_of_file(here: Path) -> None:
    written(here, mine=behaviour_text(), explanation=HYPOTHESIS)
    said = check(["mine.toml", Path("explanation.toml"), "reform.toml"])
    assert said == ["mine.toml: behaviour: ok", "explanation.toml: a hypothesis: ok", "reform.toml: a regime: ok"]


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        check(["nix.toml", "netherlands", "nederlands"])
    assert [problem.file for problem in caught.value.problems] == ["nix.toml", "nederlands"]


def test_check_takes_a_court_layer(b8sim: B8sim, tmp_path: Path) -> None:
    """A layer alone is no regime, but a file that can be right or wrong."""
    text = (library.POLICIES / "c_66_21.toml").read_text()
    (tmp_path / "mine.toml").write_text(text)
    assert b8sim("check", "mine.toml") == (0, "mine.toml: a court layer: ok\n", "")
    (tmp_path / "mine.toml").write_text(re.sub(r"step +=.*", 'step = "b8.reprot"', text))
    assert "mine.toml: amend[0].step: unknown step" in refused(b8sim, tmp_path, "check", "mine.toml")


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("scenarios/netherlands.toml", "a scenario: ok"),
        ("sim/policies/vc_2019_08.toml", "a regime: ok"),
        ("sim/policies/c_66_21.toml", "a court layer: ok"),
        ("sim/procedures/b8.toml", "a procedure: ok"),
        ("sim/procedures/conditions.toml", "named conditions: ok"),
        ("sim/agents/behaviour.toml", "behaviour: ok"),
        ("sim/agents/authorities.toml", "authorities: ok"),
        ("sim/evidence/parameters.toml", "parameters: ok"),
        ("tests/cases/rbdha_2020_13035.toml", "a dated case: ok"),
    ],
)
def test_a_file_is_what_it_says_it_is(tmp_path: Path, file: str, what: str) -> None:
    copy = tmp_path / "mine.toml"
    copy.write_bytes((PROJECT / file).read_bytes())
    line = check([copy])[0]
    assert line.startswith(f"{copy}: ")
    assert what.removesuffix(": ok") in line
    assert line.endswith("ok")


def test_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text("title = 1\n")
    (tmp_path / "two.toml").write_text('[scenario]\ntitel = "x"\n')
    with pytest.raises(InputError) as caught:
        check([tmp_path / "one.toml", PROJECT / "scenarios" / "netherlands.toml", tmp_path / "two.toml"])
    assert {Path(str(problem.file)).name for problem in caught.value.problems} == {"one.toml", "two.toml"}
    assert "not a file that b8sim knows" in str(caught.value)
    assert "[scenario], [study], [calibration], [hypothesis]" in str(caught.value)
