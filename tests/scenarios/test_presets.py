"""Rival explanations as presets: found by name, number or file, combined, refused with the reason, noted in results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.cli.checking import check
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.scenarios.presets import Hypothesis, hypotheses_dir, shipped_hypotheses
from sim.scenarios.scenario import Scenario

NUMBERS = [f"H{i}" for i in range(1, 10)] + ["H10a", "H10b", "H10c", "H10d"] + [f"H{i}" for i in range(11, 17)]
SMALL = {"inflow": {"scale": 0.01}, "replicates": 1}
HEAD = """
[hypothesis]
id        = "X1"
title     = "Nobody is told anything"
holder    = ["a test"]
mechanism = "x"
signature = "x"
fails     = ["x"]
law       = ["ckm_2018"]
"""


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_every_number_of_the_dispute_has_a_preset() -> None:
    assert [preset.document.hypothesis.id for preset in shipped_hypotheses()] == NUMBERS


@pytest.mark.parametrize("preset", shipped_hypotheses(), ids=lambda preset: preset.name)
def test_a_preset_changes_something_within_the_plausible_range(preset: Hypothesis) -> None:
    scenario = Scenario.load("netherlands")
    changed = scenario.under(preset.name)
    assert changed.hash() != scenario.hash() or preset.name == "other_causes"
    assert changed.hypotheses == {preset.name: preset.document.hypothesis.title}
    assert changed.parameter_values().outside_range == Parameters.load().outside_range
    words = " ".join([*preset.document.hypothesis.fails, preset.document.hypothesis.title, preset.name]).lower()
    assert not any(word in words for word in ("bogus", "fake", "abuse", "illegal", "fraud"))
    assert check([preset.file])[0].endswith("a hypothesis: ok")


def test_the_number_the_name_and_the_file_are_the_same_preset() -> None:
    by_number, by_name = Hypothesis.load("H5"), Hypothesis.load("deterred_victims")
    by_file = Hypothesis.load(hypotheses_dir() / "deterred_victims.toml")
    assert by_number.document == by_name.document == by_file.document


def test_two_presets_together_change_what_each_changes() -> None:
    scenario = Scenario.load("netherlands")
    both = scenario.under("H5", "H11")
    assert both.hash() == scenario.under("H11", "H5").hash()
    assert both.hash() not in {scenario.under("H5").hash(), scenario.under("H11").hash()}
    assert list(both.hypotheses) == ["deterred_victims", "word_of_mouth"]
    assert both.replace(replicates=3).hypotheses == both.hypotheses


def test_presets_that_want_different_values_are_refused(tmp_path: Path) -> None:
    one = written(tmp_path, "one.toml", HEAD + '[parameters]\n"heard.weight" = 0.2\n')
    other = written(tmp_path, "other.toml", HEAD + '[parameters]\n"heard.weight" = 0.4\n')
    same = written(tmp_path, "same.toml", HEAD + '[parameters]\n"heard.weight" = 0.2\n')
    scenario = Scenario.load("netherlands")
    own = scenario.document.parameters
    assert scenario.under(one, same).document.parameters == {**own, "heard.weight": 0.2}
    with pytest.raises(InputError) as mistake:
        scenario.under(one, other)
    assert str(mistake.value) == (
        f"{other}: parameters.heard.weight: one and other do not go together\n"
        "  given: 0.4\n"
        "  accepted: 0.2, as one says; or one of the two alone"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + '[parameters]\n"heard.wieght" = 0.2\n', "parameters.heard.wieght: unknown parameter"),
        (HEAD + "[switches]\nword_of_moth = true\n", "switches.word_of_moth"),
        (
            HEAD + '[curves]\ninvestigation_finds_suspect = "linkages"\n',
            "curves.investigation_finds_suspect: unknown form",
        ),
        (HEAD + '[curves]\nasks_to_report = "linkage"\n', "curves.asks_to_report: this decision has no other forms"),
        (HEAD.replace("ckm_2018", "ckm_2081"), "hypothesis.law: unknown source"),
        ("shocks = ['covid']\n" + HEAD, "shocks: unknown shock"),
        (HEAD + "[capacity]\nx = 1\n", "capacity: unknown key"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path, "mine.toml", text)
    with pytest.raises(InputError) as mistake:
        Scenario.load("netherlands").under(file)
    assert str(mistake.value).startswith(f"{file}: {told}")


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(InputError) as mistake:
        Scenario.load("netherlands").under("word_of_moth")
    assert mistake.value.nearest == "word_of_mouth"


def test_the_command_notes_the_hypotheses_in_its_results(tmp_path: Path) -> None:
    scenario = written(tmp_path, "small.toml", Scenario.load("netherlands").replace(**SMALL).text())
    out = tmp_path / "out"
    arguments = ["compare", str(scenario), "--hypothesis", "H5, H11", "--out", str(out), "--quiet"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    receipt = json.loads((out / "receipt.json").read_text(encoding="utf-8"))
    titles = {name: Hypothesis.load(name).document.hypothesis.title for name in ("deterred_victims", "word_of_mouth")}
    assert receipt["hypotheses"] == titles
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "What this run supposes" in report
    assert all(title in report for title in titles.values())
    assert "under deterred_victims, word_of_mouth" in report


def test_without_hypotheses_the_report_does_not_speak_of_any(tmp_path: Path) -> None:
    scenario = written(tmp_path, "small.toml", Scenario.load("netherlands").replace(**SMALL).text())
    result = CliRunner().invoke(app, ["compare", str(scenario), "--out", str(tmp_path / "out"), "--quiet"])
    assert result.exit_code == 0, result.output
    assert "What this run supposes" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("given", ["", "H5,", "H55"])
def test_a_bad_name_on_the_command_line(given: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["compare", "netherlands", "--hypothesis", given, "--out", str(out)])
    assert result.exit_code == 2
    assert not out.exists()
