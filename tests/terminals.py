"""The command before a pipe, for the tests of what it shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

MINI = """
extends = "netherlands"
[scenario]
history_from = "start"
title = "some months, few people"
start = 2019-07-01
end = 2019-12-31
replicates = 2
[inflow]
scale = 0.05
"""
READINGS = "vc_2019_08+U7=report_date,vc_2019_08+U7=wish_date"
COMMANDS = {
    "compare": ["compare", "mini.toml"],
    "compare readings": ["compare", "mini.toml", "--regimes", READINGS],
    "run": ["run", "mini.toml", "--regime", "vc_2019_08"],
    "diff": ["diff", "vc_2018", "vc_2019_08"],
    "check": ["check"],
}


def environment(**changes: str | None) -> dict[str, str]:
    """The environment with changes; None takes a variable away."""
    kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR", *changes}}
    return {**kept, "TERM": "xterm-256color", **{name: value for name, value in changes.items() if value is not None}}


def piped(folder: Path, *arguments: str, **changes: str | None) -> str:
    """What a command prints into a pipe."""
    (folder / "mini.toml").write_text(MINI)
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *arguments],
        cwd=folder, env=environment(**changes), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0
    return done.stdout.decode(changes.get("PYTHONIOENCODING") or "utf-8")
