"""The story of one person is kept as a folder, and leaves the folder of a paper unless it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from paper_folders import small_scenario, small_story
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.export.choices import Choices
from sim.export.results import check_choices, opened
from sim.files.errors import InputError
from sim.follow.record import COLUMNS
from sim.follow.story import follow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_story(tmp_path_factory.mktemp("story"))


def test_the_table_has_the_moves_of_the_person_under_each_regime(folder: Path) -> None:
    story = pd.read_parquet(folder / "story.parquet")
    assert list(story.columns) == COLUMNS
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    assert receipt["replicate"] == 1
    scenario = sim.Scenario.load(folder / "scenario.toml")
    for regime in ("vc_2018", "vc_2019_08"):
        moves = sim.run(scenario, regime, replicate=1).transitions.query("person == @receipt['person']")
        mine = story[story.regime == regime]
        assert list(mine.step) == list(moves["to"])
        assert list(mine.date) == list(moves["date"])
        assert list(mine.number) == list(range(len(mine)))
        assert set(mine.how.str.split().str[0]) <= {"branch", "signal", "hazard"}


def test_the_table_says_from_where_on_the_stories_differ(tmp_path: Path) -> None:
    scenario = small_scenario(tmp_path)
    persons = sim.run(scenario, "vc_2019_08", seed=3).persons
    for who in persons[persons.rule_made_a_difference].person:
        told = follow(scenario, who, ["vc_2018", "vc_2019_08"], seed=3)
        (first,) = told.parted
        if first:
            break
    else:
        pytest.fail("nobody's story parts in this small scenario")
    for name, mine in told.table.groupby("regime", sort=False):
        assert list(mine.parts) == [number >= first for number in mine.number], name


def test_a_story_is_left_out_unless_it_is_asked_for(folder: Path) -> None:
    results = opened(folder)
    assert (results.kind, results.regimes) == ("person", ["vc_2018", "vc_2019_08"])
    with pytest.raises(InputError, match="reads like a portrait") as caught:
        check_choices(results, Choices.of())
    assert "--include persons" in str(caught.value.accepted)
    check_choices(results, Choices.of(include=["persons"]))
    with pytest.raises(InputError, match="no event logs of a person"):
        check_choices(results, Choices.of(include=["persons"], events=["csv"]))


def test_the_command_writes_the_folder_and_says_the_story(folder: Path, tmp_path: Path) -> None:
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    asked = ["follow", str(folder / "scenario.toml"), "--person", receipt["person"], "--replicate", "1"]
    result = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "again")])
    assert result.exit_code == 0, result.stderr
    assert result.stdout == (folder / "story.txt").read_text(encoding="utf-8")
    for name in ("story.csv", "receipt.json", "law_changes.csv", "checksums.sha256"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name
    refused = CliRunner().invoke(app, [*asked, "--out", str(folder)])
    assert refused.exit_code == 2
    assert "the folder is not empty" in refused.stderr
