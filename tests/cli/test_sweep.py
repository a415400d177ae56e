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


def test_a_sweep_from_the_first_run_to_a_merge(b8sim: B8sim, study: Path, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(TEXT.replace("points = 6", "points = [2, 2]"), encoding="utf-8")
    status, out, err = b8sim("sweep", "run", "study.toml", "--out", "one", "--workers", "1", "--share", "1/2")
    assert (status, out) == (0, "")
    assert err == "points    2 of 2 finished\n"
    assert b8sim("sweep", "run", "study.toml", "--out", "two", "--workers", "1", "--share", "2/2", "--quiet")[2] == ""
    status, out, _ = b8sim("sweep", "merge", "one", "two", "--out", "all")
    assert (status, out) == (0, "points    4 of 4 finished\n")
    status, _, err = b8sim("sweep", "extend", "all", "--points", "1", "--workers", "1")
    assert (status, err) == (0, "points    5 of 5 finished\n")
    assert b8sim("sweep", "resume", "all") == (0, "", "points    5 of 5 finished\n")
    assert b8sim("sweep", "status", "all") == (0, "points    5 of 5 finished\n", "")
    assert "b8sim sweep resume all" in refused(b8sim, tmp_path, "sweep", "run", "study.toml", "--out", "all")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "study.toml", "--out", "x", "--share", "3/2"), "--share: not a share"),
        (("run", "study.toml", "--out", "x", "--precision", "reports"), "--precision: not a precision"),
        (("run", "study.toml", "--out", "x", "--precision", "reports:0.1"), "unknown measure among those of the study"),
        (("run", "study.toml", "--out", "x", "--scheduler", "tcp://127.0.0.1:1"), "cannot be reached"),
        (("resume", "."), "not a folder of a sweep"),
        (("extend", ".", "--points", "0"), "--points: out of range"),
        (("merge", ".", "--out", "x"), "not a folder of a sweep"),
    ],
)
def test_mistakes_come_before_the_first_run(
    b8sim: B8sim, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr("sim.studies.workers.SECONDS_TO_CONNECT", 1)
    if "--scheduler" in arguments:
        pytest.importorskip("distributed")
    assert said in refused(b8sim, tmp_path, "sweep", *arguments)


def test_precision_and_replicates_can_be_said_beside_the_study(b8sim: B8sim, study: Path) -> None:
    given = ("--replicates", "3", "--precision", "wish_to_report:0.5", "--untimed")
    status, out, _ = b8sim("sweep", "plan", "study.toml", *given)
    assert status == 0
    assert "x 3 replicates" in out


def test_an_interrupt_says_how_to_go_on(b8sim: B8sim, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.studies.sweep.run_parts", stop)
    status, out, err = b8sim("sweep", "run", "study.toml", "--out", "one")
    assert (status, out) == (130, "")
    assert err == "interrupted: what is finished is kept; b8sim sweep resume one goes on from there\n"
