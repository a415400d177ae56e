"""``b8sim run`` (`sim.cli.run`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
from command import PEOPLE, B8sim, everything

import sim


def test_run_prints_and_writes(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path) -> None:
    table = pd.DataFrame({"measure": ["reports", "reports"], "group": ["all", "women"], "value": [12.5, 7.5]})
    table = table.assign(world="simulated", unit="reports")
    result = SimpleNamespace(
        measures=table, catalogue=table, transitions=table, persons=table, receipt={}, scenario_text="", own_files={}
    )
    stand_in("sim.runs.single", run=lambda *_, **__: result)
    status, out, err = b8sim("run", "x", "--regime", "a", "--out", "x")
    assert (status, err) == (0, "Transitions, persons and measures are in x\n")
    assert "12.5" in out
    assert "7.5" not in out
    assert {"transitions.csv", "persons.parquet", "receipt.json"} <= set(everything(tmp_path / "x"))


def test_run_writes_what_the_library_returns(b8sim: B8sim, tmp_path: Path) -> None:
    status, out, err = b8sim("run", "small.toml", "--regime", "vc_2019_08", "--replicate", "1", "--out", "x")
    assert status == 0
    assert re.fullmatch(PEOPLE + "Transitions, persons and measures are in x\n", err)
    assert "b8_granted" in out
    result = sim.run(tmp_path / "small.toml", "vc_2019_08", replicate=1)
    for name in ("transitions", "persons", "measures"):
        written = pd.read_parquet(tmp_path / "x" / f"{name}.parquet")
        pd.testing.assert_frame_equal(written, getattr(result, name), check_dtype=False)
        csv = pd.read_csv(tmp_path / "x" / f"{name}.csv")
        assert list(csv.columns) == list(written.columns)
        assert len(csv) == len(written) > 100
    receipt = json.loads((tmp_path / "x" / "receipt.json").read_text())
    assert (receipt["replicate"], receipt["seed"], receipt["regimes"]) == (1, 5, ["vc_2019_08"])
    assert len(everything(tmp_path / "x")) == 10


def test_run_without_a_folder_writes_nothing(b8sim: B8sim, tmp_path: Path) -> None:
    status, out, err = b8sim("run", "small.toml", "--regime", "vc_2018")
    assert status == 0
    assert "b8_granted" in out
    assert re.match(PEOPLE + "Nothing was written", err)
    assert everything(tmp_path) == ["small.toml"]
