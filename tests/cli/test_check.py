"""``b8sim check`` (`sim.cli.check`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from command import SMALL, B8sim, everything


def test_check_prints_what_it_gets(b8sim: B8sim, stand_in: Callable[..., None]) -> None:
    stand_in("sim.cli.checking", check=lambda paths: [f"{path}: ok" for path in paths or ["all"]])
    assert b8sim("check", "a.toml", "b.toml") == (0, "a.toml: ok\nb.toml: ok\n", "")
    assert b8sim("check") == (0, "all: ok\n", "")


def test_check_reads_everything_and_runs_nothing(b8sim: B8sim, tmp_path: Path) -> None:
    status, out, err = b8sim("check")
    assert (status, err) == (0, "")
    assert "netherlands.toml" in out
    status, out, err = b8sim("check", "small.toml")
    assert (status, err) == (0, "")
    assert out.startswith("small.toml")
    (tmp_path / "wrong.toml").write_text(SMALL.replace("scale", "scael"))
    status, out, err = b8sim("check", "small.toml", "wrong.toml")
    assert (status, out) == (2, "")
    assert "inflow.scael: unknown key" in err
    assert everything(tmp_path) == ["small.toml", "wrong.toml"]
