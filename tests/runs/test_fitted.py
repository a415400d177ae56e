"""The range over fitted sets stands beside an interval only where it answers the same question."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from fitted_today import KEPT, fitted_today

import sim
from sim.report.phrases import Difference, range_sentence, range_text
from sim.runs.comparison import Comparison
from sim.runs.fitted import fitted_ranges
from sim.runs.loading import asked_of
from sim.scenarios.scenario import Scenario

REGIMES = ["vc_2018", "vc_2019_08"]


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fitted sets of the country as it ships."""
    return fitted_today(tmp_path_factory.mktemp("today") / "sets")


@pytest.mark.parametrize("name", ["netherlands", "netherlands_drawn"])
def test_it_holds_for_the_country_that_was_fitted(name: str, sets: Path) -> None:
    fitted = fitted_ranges(asked_of(Scenario.load(name), regimes=REGIMES, replicates=3, seed=1), sets)
    assert fitted is not None
    assert fitted.receipt["sets"] == json.loads((sets / "receipt.json").read_text())["camps"]["free"]["accepted"]
    ranges = fitted.ranges.set_index(["measure", "world", "group"])
    of_camps = pd.read_csv(sets / "ranges.csv").set_index(["camp", "measure", "world", "group"])
    given = of_camps.loc[("free", "b8_granted", "simulated", "dublin")]
    assert tuple(ranges.loc[("b8_granted", "simulated", "dublin"), ["range_low", "range_high"]]) == (
        given.low,
        given.high,
    )


@pytest.mark.parametrize(
    ("changes", "regimes"),
    [
        ({"inflow": {"scale": 0.1}}, REGIMES),
        ({"parameters": {"report.base": 2.0}}, REGIMES),
        ({"readings": {"U1": "none"}}, REGIMES),
        ({"end": "2020-12-31"}, REGIMES),
        ({"history_from": 2005}, REGIMES),
        ({"inflow": {"applicants_from": 2010}}, REGIMES),
        ({}, REGIMES[::-1]),
        ({}, ["vc_2018", "historical"]),
    ],
)
def test_it_holds_for_no_other_question(changes: dict[str, object], regimes: list[str], sets: Path) -> None:
    scenario = Scenario.load("netherlands").replace(**changes)
    assert fitted_ranges(asked_of(scenario, regimes=regimes), sets) is None


def test_without_sets_that_fit_there_is_no_range(tmp_path: Path, sets: Path) -> None:
    asked = asked_of(Scenario.load("netherlands"), regimes=REGIMES)
    assert fitted_ranges(asked, tmp_path) is None
    shutil.copytree(sets, tmp_path / "none")
    receipt = json.loads((sets / "receipt.json").read_text())
    receipt["camps"]["free"]["accepted"] = 0
    (tmp_path / "none" / "receipt.json").write_text(json.dumps(receipt))
    assert fitted_ranges(asked, tmp_path / "none") is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("country", {}),
        ("behaviour_hash", "of another behaviour"),
        ("regime_hashes", ["", "", ""]),
        ("parameters_hashes", ["", "", ""]),
    ],
)
def test_sets_that_were_fitted_to_something_else_answer_nothing(
    key: str, value: object, sets: Path, tmp_path: Path
) -> None:
    """The country, a rule, the behaviour or a number changed after the sets were fitted: the receipt tells."""
    shutil.copytree(sets, tmp_path / "before")
    receipt = json.loads((sets / "receipt.json").read_text()) | {key: value}
    (tmp_path / "before" / "receipt.json").write_text(json.dumps(receipt))
    asked = asked_of(Scenario.load("netherlands"), regimes=REGIMES)
    assert fitted_ranges(asked, sets) is not None
    assert fitted_ranges(asked, tmp_path / "before") is None


def test_shipped_sets_answer_for_what_ships() -> None:
    """If not: `b8sim calibrate` and `make validation` again, as docs/calibration.md says."""
    assert fitted_ranges(asked_of(Scenario.load("netherlands"), regimes=REGIMES)) is not None


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A comparison of a small country, with sets that claim to be of that country."""
    folder = tmp_path_factory.mktemp("fitted")
    scenario = folder / "small.toml"
    scenario.write_text(
        'extends = "netherlands"\n[scenario]\ntitle = "Small"\nreplicates = 2\n[inflow]\npersons = 400\n',
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.runs.fitted.FOLDER", fitted_today(folder / "sets", str(scenario)))
        patch.setattr("sim.runs.fitted.is_whole", lambda scenario: scenario.document.inflow.persons == 400)
        return sim.compare(scenario, regimes=REGIMES)


def test_a_comparison_has_both_and_says_what_each_covers(comparison: Comparison, tmp_path: Path) -> None:
    rows = comparison.differences.set_index(["measure", "world", "group"])
    given = pd.read_csv(KEPT / "ranges.csv").set_index(["camp", "measure", "world", "group"])
    expected = given.loc[("free", "left_unknown", "simulated", "all")]
    assert tuple(rows.loc[("left_unknown", "simulated", "all"), ["range_low", "range_high"]]) == (
        expected.low,
        expected.high,
    )
    assert rows.loc[("strategic_claims", "simulated", "all")][["range_low", "range_high"]].isna().all()
    assert comparison.receipt["fitted_range"]["camp"] == "free"
    comparison.save(tmp_path / "out")
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Range over fitted sets" in report
    assert "sets of assumptions that fit what was published before 1 August 2019 (camp free; none" in report
    assert {"range_low", "range_high"} <= set(pd.read_csv(tmp_path / "out" / "differences.csv"))


def test_the_screen_shows_the_range(comparison: Comparison, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.cli.screen import print_headlines

    print_headlines(comparison)
    shown = capsys.readouterr().out
    assert "Range" in shown
    assert "(camp free; none of them with other readings" in shown
    print_headlines(comparison, "nl")
    shown = capsys.readouterr().out
    assert "(kamp free; geen ervan met andere lezingen" in shown
    assert "†: het verschil valt erbuiten" in shown


def test_a_range_has_no_more_digits_than_its_width_asks() -> None:
    row = Difference("a", "b", 3.0, 1.0, 5.0, "days", 1, 0, 0, 2, range_low=-95.422, range_high=-0.008)
    assert range_text(row._replace(difference=-3.0)) == "−95 to 0"
    assert range_text(row._replace(difference=0.0, range_low=0.0, range_high=0.0)) == "0 to 0"


def test_a_difference_outside_its_range_is_marked_and_the_mark_explained(comparison: Comparison) -> None:
    row = Difference("a", "b", 3.0, 1.0, 5.0, "days", 1, 0, 0, 2, range_low=-95.422, range_high=-0.008)
    assert range_text(row) == "−95 to 0 †"
    assert range_text(row._replace(range_high=3.0)) == "−95 to +3"
    assert "†: the difference lies outside it" in range_sentence(comparison.receipt)
