"""There is one engine (`sim.engine.compiled`): compiled or not, bounds checked or not, the same log comes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.policies.library import shipped_regimes
from sim.scenarios.presets import shipped_hypotheses
from verification.small_worlds import fingerprints

PROJECT = Path(__file__).resolve().parents[2]
SMALL_LAWS = [
    f"tests/engine/test_{name}.py" for name in ("decisions", "kernel", "moves", "news", "queue_entry", "queues")
]
REGIMES = tuple(shipped_regimes())
WORLDS = (*REGIMES, *(f"vc_2019_08 under {preset.name}" for preset in shipped_hypotheses()))
"""Every regime, and every rival explanation."""


def in_another_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run some code from the project's root, with other switches of numba."""
    names = ("NUMBA_DISABLE_JIT", "NUMBA_BOUNDSCHECK", "NUMBA_CACHE_DIR", "NUMBA_OPT")
    inherited = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=550,
        check=False,
    )


PRINT = f"import json; from verification import small_worlds as w; print(json.dumps(w.fingerprints{WORLDS!r}))"


def test_without_the_compiler_the_same_log_comes_out() -> None:
    """The debugger's version is the same source; it says nothing on standard error either."""
    result = in_another_process(PRINT, NUMBA_DISABLE_JIT="1")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == fingerprints(*WORLDS)
    assert result.stderr == ""


def test_the_fingerprint_tells_runs_apart() -> None:
    """The test above could not fail if the hash were of nothing."""
    found = fingerprints(*WORLDS)
    assert len(set(found.values())) > 0.8 * len(WORLDS), "a few worlds are the same in so small a crowd"
    assert all(int(text.split()[0]) > 5000 for text in found.values())
    assert fingerprints("vc_2018") == {"vc_2018": found["vc_2018"]}


@pytest.mark.slow
def test_with_checked_bounds_the_same_log_comes_out(tmp_path: Path) -> None:
    """Compiled anew, since cached code ignores the switch; an index out of range would end the run."""
    # Less optimised code is compiled in half the time; the checks and the values are the same.
    switches = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_OPT": "1", "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    result = in_another_process(f"{PRINT}; print(w.out_of_bounds())", **switches)
    assert result.returncode == 0, result.stderr
    found, told = result.stdout.splitlines()
    assert json.loads(found) == fingerprints(*WORLDS)
    assert told.startswith("IndexError"), "the switch was on"
    # The small laws of the kernel's tests too, with what has just been compiled.
    arguments = ["-q", "-x", "-p", "no:cacheprovider", "tests/theory", *SMALL_LAWS]
    result = in_another_process(f"import sys, pytest; sys.exit(pytest.main({arguments!r}))", **switches)
    assert result.returncode == 0, result.stdout[-3000:]
    assert list((tmp_path / "cache").rglob("*.nbc")), "compiled into the empty folder"
