"""The command, run in the process of the tests or with stand-ins for the library, for the tests of the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.cli import main

PEOPLE = "[0-9,]+ people in each replicate\n"
"""The first line on standard error."""
B8sim = Callable[..., tuple[int, str, str]]

SMALL = """
extends = "netherlands"

[scenario]
history_from = "start"
title      = "A small Netherlands"
end        = 2020-06-30
replicates = 3
seed       = 5

[inflow]
scale = 0.02
"""


def command_in(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> B8sim:
    """Return the command, run in a folder: its exit status, standard output and standard error."""
    monkeypatch.chdir(folder)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["b8sim", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return call


def everything(folder: Path) -> list[str]:
    """Return everything under a folder, hidden or not."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def refused(b8sim: B8sim, folder: Path, *arguments: str) -> str:
    """Run what must be refused: exit status 2, one explanation, nothing on standard output and nothing written."""
    before = everything(folder)
    status, out, err = b8sim(*arguments)
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert everything(folder) == before
    return err


def comparison(complete: bool = True) -> SimpleNamespace:
    """Return the tables of a comparison, as small as they can be."""
    measure = {"measure": "b8_granted", "world": "simulated", "group": "all"}
    level = {"low": 1.0, "high": 3.0, "unit": "persons", "replicates": 2}
    return SimpleNamespace(
        measures=pd.DataFrame(
            [
                {**measure, "regime": "a", "mean": 1234.5, **level},
                {**measure, "regime": "b", "mean": 2.0, **level},
            ]
        ),
        differences=pd.DataFrame(
            [
                {
                    **measure,
                    "baseline": "a",
                    "reform": "b",
                    "difference": -1232.5,
                    "low": -1300.0,
                    "high": -1100.0,
                    "unit": "persons",
                    "share_higher": 0.5,
                    "share_lower": 0.5,
                    "share_equal": 0.0,
                    "replicates": 2,
                }
            ]
        ),
        incidence=pd.DataFrame({"regime": ["a"], "cohort": ["all"], "incidence": [0.5]}),
        pairs=pd.DataFrame({"baseline": ["a"], "persons": [1.0]}),
        law_changes=pd.DataFrame({"step": ["b8.report"], "old": [None]}),
        assumptions=pd.DataFrame({"parameter": ["p"], "value": ["x"]}),
        catalogue=pd.DataFrame(
            [
                {
                    "measure": "b8_granted",
                    "world": "simulated",
                    "area": "protection",
                    "title": "B8 permits [granted]",
                    "unit": "persons",
                    "meaning": "",
                }
            ]
        ),
        regimes=["a", "b"],
        receipt={"seed": 1, "replicates": 2, "replicates_wanted": 5},
        complete=complete,
        scenario_text="title = 'x'\n",
        own_files={"regimes/mine.toml": "# mine\n"},
    )


def write_report(_comparison: Any, folder: Path, **_: Any) -> None:
    """Stand in for the report."""
    (folder / "report.html").write_text("<html>")
