"""``b8sim calibrate`` and ``b8sim validate`` through the command line (sim.cli.calibrate)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from small_calibration import SMALL
from typer.testing import CliRunner

from sim.cli import app

FIGURES = {
    "camp": "free", "target": ["a", "b"], "title": ["Transfers", "Reports"], "published": ["600", "at most 1"],
    "fitted": [False, True], "sets": 3, "effective_size": 2.5, "low": [500.0, 0.5], "middle": [550.0, 0.7],
    "high": [590.0, 0.9], "nearest": [0.5, 0.0], "inside": [False, True],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "receipt.json").write_text('{"calibration_hash": "x"}')
    pd.DataFrame(FIGURES).to_csv(tmp_path / "figures.csv", index=False)
    for name in ("sets", "headline", "waves"):
        pd.DataFrame({"camp": []}).to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path


def test_validate_shows_what_was_held_out_and_no_more(folder: Path) -> None:
    shown = CliRunner().invoke(app, ["validate", str(folder)])
    assert shown.exit_code == 0
    assert "Transfers: published 600; 550 (fitted sets: 500 to 590): outside" in shown.output
    assert "0 of 1 inside" in shown.output
    assert "Reports" not in shown.output


def test_a_camp_without_a_set_names_the_fitted_figure_that_rules_out_most(folder: Path) -> None:
    none = {"sets": 0, "low": None, "middle": None, "high": None, "inside": None, "nearest": [9.0, 4.5]}
    pd.DataFrame(FIGURES | none).to_csv(folder / "figures.csv", index=False)
    shown = CliRunner().invoke(app, ["validate", str(folder)]).output
    # The figure that is held out is further off, and rules out nothing.
    assert "what rules out most is Reports: the nearest is 4.5 tolerances off" in shown
    assert "Transfers: published 600; no set: not predicted" in shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("validate", "."), "no folder of a calibration"),
        (("calibrate", "small.toml", "--out", "x", "--camp", "fre"), "nearest: free"),
        (("calibrate", "none.toml", "--out", "x"), "no such file"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(SMALL, encoding="utf-8")
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert says in result.stderr.lower()
    assert not Path("x").exists()
