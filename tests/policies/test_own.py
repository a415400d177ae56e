"""The user's own folder: its files are used, checked and kept; mistakes in them are named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import sim
from sim.outcomes.groups import Groups
from sim.outcomes.measures import Measures
from sim.policies.own import Own
from sim.runs.comparison import Comparison
from sim.runs.loading import asked_of

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLE = PROJECT / "docs" / "example_study"
"""The example of the manual."""


@cache
def compared() -> Comparison:
    return sim.compare(EXAMPLE / "study.toml")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the example, to be spoilt."""
    shutil.copytree(EXAMPLE, tmp_path / "mine")
    return tmp_path / "mine"


def load_all(study: Path) -> None:
    """Load the scenario of a study and all that it names."""
    scenario = asked_of(study / "study.toml").scenario
    Measures.load(scenario.own)
    Groups.load(scenario.own)


def spoil(study: Path, file: str, old: str, new: str) -> str:
    """Replace a text in a file of the study; return the error of loading it and all that its scenario names."""
    text = (study / file).read_text(encoding="utf-8")
    assert old in text
    (study / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(sim.InputError) as caught:
        load_all(study)
    return str(caught.value)


# ---- it is used ----


def test_a_folder_is_read_whole_and_none_is_empty() -> None:
    own = asked_of(EXAMPLE / "study.toml").scenario.own
    assert isinstance(own, Own)
    assert own.folder == EXAMPLE
    assert set(own.texts) == {file.name for file in EXAMPLE.iterdir()} - {"study.toml"}
    assert set(own.regimes) == {"legal_aid"}
    assert set(own.hypotheses) == {"few_accept"}
    assert not Own().texts


def test_own_regime_track_measures_and_groups_are_in_the_tables() -> None:
    differences = compared().differences.set_index(["measure", "group"])["difference"]
    levels = compared().measures.set_index(["measure", "group", "regime"])["mean"]
    assert levels["advised", "all", "vc_2019_08"] == 0, "the track is of the own regime only"
    assert 0 < differences["advised_before_reporting", "all"] < differences["advised", "all"]
    assert 0 < differences["advised", "nga_italy"] < differences["advised", "NGA"]
    transitions = sim.run(EXAMPLE / "study.toml", "legal_aid").transitions
    assert {"advice.talks/1", "hazard adviser_leaves"} <= set(
        transitions.loc[transitions.track == "advice.file", "cause"]
    )


def test_a_group_with_a_condition_is_the_same_people_under_both_rules(tmp_path: Path) -> None:
    """Whoever objected under the baseline, whatever they do under the other rule."""
    study = tmp_path / "mine"
    shutil.copytree(EXAMPLE, study)
    text = (study / "measures.toml").read_text(encoding="utf-8")
    came = '\n[measure.came]\narea = "detection"\ntitle = "Came"\nkind = "persons"\nsteps = ["whereabouts.arrival"]\n'
    (study / "measures.toml").write_text(text + came, encoding="utf-8")
    table = sim.compare(study / "study.toml", replicates=1).measures.query("measure == 'came'")
    sizes = table.set_index(["group", "regime"])["mean"]
    for group in ("women_with_objection", "nga_italy"):
        assert sizes[group, "vc_2019_08"] == sizes[group, "legal_aid"] > 0


def test_own_parameters_and_hypotheses_reach_the_run() -> None:
    scenario = sim.Scenario.load(EXAMPLE / "study.toml")
    assert scenario.parameter_values().value("advice.accepted") == 0.8
    assert scenario.under("few_accept").parameter_values().value("advice.accepted") == 0.5
    fewer = sim.compare(scenario.under("few_accept"), replicates=1).differences.set_index(["measure", "group"])
    more = sim.compare(scenario, replicates=1).differences.set_index(["measure", "group"])
    advised = [table.loc[("advised", "all"), "difference"] for table in (fewer, more)]
    assert advised[0] < 0.75 * advised[1]


def test_an_own_curve_can_be_chosen() -> None:
    scenario = sim.Scenario.load(EXAMPLE / "study.toml")
    changed = scenario.replace(curves={"investigation_finds_suspect": "whatever_is_said"})
    assert changed.hash() != scenario.hash()
    with pytest.raises(sim.InputError, match="nearest: whatever_is_said"):
        scenario.replace(curves={"investigation_finds_suspect": "whatever_is_sad"})


def test_sources_are_cited() -> None:
    assert "Example of the manual" in set(compared().law_changes["source"].str.cat(sep="; ").split("; "))


# ---- it is kept, and makes the same numbers again elsewhere ----


def test_the_results_make_the_same_numbers_again_by_themselves(tmp_path: Path) -> None:
    folder = compared().save(tmp_path / "results")
    assert {path.name for path in (folder / "own").iterdir()} == {
        path.name for path in EXAMPLE.iterdir() if path.name != "study.toml"
    }
    elsewhere = tmp_path / "another machine"
    shutil.move(folder, elsewhere)
    again = sim.compare(elsewhere / "scenario.toml")
    assert again.differences.equals(compared().differences)
    assert again.receipt == compared().receipt


def test_every_own_file_is_in_the_receipt(study: Path) -> None:
    before = sim.compare(study / "study.toml", replicates=1).receipt
    for path in sorted(study.iterdir()):
        if path.name == "study.toml":
            continue
        text = path.read_text(encoding="utf-8")
        comment = "% more\n" if path.suffix == ".bib" else "# more\n"
        path.write_text(comment + text, encoding="utf-8")
        after = asked_of(study / "study.toml")
        assert f"own/{path.name}" in before["own_files"]
        assert after.scenario.hash() != before["scenario_hash"], path.name
        path.write_text(text, encoding="utf-8")
    assert asked_of(study / "study.toml", replicates=1).scenario.hash() == before["scenario_hash"]


def test_the_command_finds_it_from_another_folder(tmp_path: Path) -> None:
    def b8sim(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sim.cli", *arguments]
        return subprocess.run(
            command,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )

    done = b8sim(
        "compare", str(EXAMPLE / "study.toml"), "--replicates", "1", "--out", "x", "--hypothesis", "few_accept"
    )
    assert done.returncode == 0, done.stderr
    receipt = json.loads((tmp_path / "x" / "receipt.json").read_text(encoding="utf-8"))
    assert receipt["regimes"] == ["vc_2019_08", "legal_aid"]
    assert receipt["hypotheses"] == {"few_accept": "Few accept an adviser"}
    done = b8sim("run", "x/scenario.toml", "--regime", "legal_aid", "--out", "y")
    assert done.returncode == 0, done.stderr
    first = (tmp_path / "y" / "persons.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    told = b8sim("follow", "x/scenario.toml", "--person", first)
    assert told.returncode == 0, told.stderr
    assert first in told.stdout
    checked = b8sim("check", str(EXAMPLE))
    assert checked.returncode == 0, checked.stderr
    assert "2 groups: ok" in checked.stdout


def test_a_folder_can_be_given_by_an_option(tmp_path: Path) -> None:
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start", own=EXAMPLE, regimes=["vc_2018", "legal_aid"]
    )
    assert scenario.own.folder == EXAMPLE
    assert [regime.name for regime in asked_of(scenario).regimes] == ["vc_2018", "legal_aid"]


# ---- what is wrong is named ----


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("parameters.toml", "[advice.days]", "[report.base]", ("parameters.toml: report.base", "there already")),
        ("parameters.toml", "low    = 5\n", "", ("parameters.toml: advice.days.low", "missing key")),
        (
            "parameters.toml",
            'source = ["legal_aid_example"]',
            'source = ["legal_aid_exmple"]',
            ("unknown source", "nearest: legal_aid_example"),
        ),
        ("measures.toml", "[measure.advised]", "[measure.reports]", ("measure.reports", "there already")),
        (
            "measures.toml",
            'steps = ["advice.advised"]\n\n',
            'steps = ["advice.advisd"]\n\n',
            ("measure.advised.steps: unknown step", "nearest: advice.advised"),
        ),
        ("groups.toml", "[group.nga_italy]", "[group.women]", ("group.women", "there already")),
        (
            "groups.toml",
            '"receiving_italy"',
            '"receiving_itly"',
            ("group.nga_italy.when: unknown trait or condition", "nearest: receiving_italy"),
        ),
        ("groups.toml", '"objection_pending"', '"claim_term_over"', ("does not look at steps",)),
        ("conditions.toml", "condition.advised", "condition.dublin_claim", ("condition.dublin_claim", "there already")),
        (
            "conditions.toml",
            '"advice.advised"',
            '"advice.advisd"',
            ("condition.advised: unknown step", "nearest: advice.advised"),
        ),
        (
            "behaviour.toml",
            '"advice.accepted"',
            '"advice.acepted"',
            ("decision.accepts_advice.chance: unknown parameter", "nearest: advice.accepted"),
        ),
        (
            "behaviour.toml",
            "[hazard.adviser_leaves]",
            "[hazard.drops_report]",
            ("hazard.drops_report", "there already"),
        ),
        (
            "legal_aid.toml",
            'start = "none"',
            'start = "non"',
            ('legal_aid.toml: track."advice.file".start: unknown step', "nearest: advice.none"),
        ),
        ("legal_aid.toml", '[track."advice.file"]', '[track."b8.file"]', ("this track is there already",)),
        ("legal_aid.toml", 'amends     = "vc_2019_08"', 'amends     = "legal_aid"', ("a circle: legal_aid amends",)),
        ("sources.bib", "legal_aid_example,", "kst165,", ("a source of this name is there already",)),
        ("study.toml", 'own        = "."', 'own        = "nowhere"', ("scenario.own: no such folder", "nowhere")),
    ],
)
def test_a_mistake_is_named(study: Path, file: str, old: str, new: str, told: tuple[str, ...]) -> None:
    text = spoil(study, file, old, new)
    for part in told:
        assert part in text, text


def test_a_file_that_is_nothing_is_refused(study: Path) -> None:
    (study / "notes.toml").write_text('text = "a note"\n', encoding="utf-8")
    with pytest.raises(sim.InputError, match=r"notes\.toml: not a file that can be added"):
        sim.Scenario.load(study / "study.toml")
