"""``b8sim sweep`` through the command line (sim.cli.sweep)."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import B8sim, refused
from small_studies import TEXT


@pytest.fixture
def study(b8sim: B8sim, tmp_path: Path) -> Path:
    (tmp_path / "study.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path / "study.toml"


def test_a_plan_says_what_it_costs_and_keeps_nothing(b8sim: B8sim, study: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    status, out, _ = b8sim("sweep", "plan", "study.toml", "--workers", "2")
    assert status == 0
    assert "points    6\n" in out
    assert "runs      24 = 6 points x 2 regimes x 2 replicates\n" in out
    assert "varies    leaves.transfer_per_year: 0.05 to 1.5 (per_year); 0.4 in the scenario\n" in out
    assert "time      some " in out
    assert sorted(tmp_path.rglob("*")) == before
    status, out, _ = b8sim("sweep", "plan", "study.toml", "--untimed")
    assert status == 0
    assert "time" not in out


def test_mistakes_are_explained(b8sim: B8sim, study: Path, tmp_path: Path) -> None:
    study.write_text(TEXT.replace("[0.5, 2.5]", "[2.5, 0.5]"), encoding="utf-8")
    assert "upside down" in refused(b8sim, tmp_path, "sweep", "plan", "study.toml")
    assert "no such file" in refused(b8sim, tmp_path, "sweep", "plan", "missing.toml").lower()


def test_a_study_can_be_checked(b8sim: B8sim, study: Path) -> None:
    status, out, _ = b8sim("check", "study.toml")
    assert (status, out) == (0, "study.toml: a study: ok\n")
