"""What commands do around their work (`sim.cli.work`): a folder is refused before, and said after."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from command import PEOPLE, SMALL, B8sim, comparison, everything, refused

import sim


def test_comparison_without_a_folder_says_that_nothing_was_written(
    b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path
) -> None:
    stand_in("sim.runs.compare", compare=lambda *_, **__: comparison())
    status, out, err = b8sim("compare", "scenarios/x.toml")
    assert (status, err) == (
        0,
        "Nothing was written; --out results/x-a-b keeps the tables and the report.\n",
    )
    assert "b compared with a" in out
    assert everything(tmp_path) == ["small.toml"]


def test_a_quiet_comparison_without_a_folder_is_refused_before_the_work(
    b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path
) -> None:
    stand_in("sim.runs.compare", compare=pytest.fail)
    status, out, err = b8sim("compare", "x", "--quiet")
    assert (status, out) == (2, "")
    assert err.startswith("--quiet: the results would be neither kept nor shown\n  accepted: --out DIR")
    assert everything(tmp_path) == ["small.toml"]


def test_folder_is_refused_before_the_work(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path) -> None:
    stand_in("sim.runs.compare", compare=pytest.fail)
    stand_in("sim.runs.single", run=pytest.fail)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    text = "full: the folder is not empty\n  accepted: a new or an empty folder\n"
    assert b8sim("compare", "x", "--out", "full") == (2, "", text)
    assert b8sim("run", "x", "--regime", "a", "--out", "full") == (2, "", text)


WORK = (["compare", "small.toml"], ["run", "small.toml", "--regime", "vc_2018"])


@pytest.mark.parametrize("work", WORK)
def test_a_folder_in_use_is_refused(b8sim: B8sim, tmp_path: Path, work: list[str]) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    assert refused(b8sim, tmp_path, *work, "--out", "used").startswith("used: the folder is not empty\n")
    assert "is not a folder" in refused(b8sim, tmp_path, *work, "--out", "small.toml")
    (tmp_path / ".busy.partial").mkdir()
    assert "another run is writing to it" in refused(b8sim, tmp_path, *work, "--out", "busy")
    assert (tmp_path / "used" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("work", WORK)
def test_a_place_that_cannot_be_written_is_refused(b8sim: B8sim, tmp_path: Path, work: list[str]) -> None:
    """Also for one who may do everything: below a file, in a file system that takes no files, a name too long."""
    places = ["small.toml/x", "x" * 300]
    if Path("/proc/self").exists():
        places.append("/proc/b8sim/x")
    for place in places:
        assert "cannot be written" in refused(b8sim, tmp_path, *work, "--out", place)


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(b8sim: B8sim, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "permission denied" in refused(b8sim, tmp_path, "compare", "small.toml", "--out", "closed/x")


SLOW = """
import sys, time, pathlib
import sim.runs.executors as runner
reduce = runner.reduce_replicate
def slowly(*arguments):
    replicate = arguments[2]
    if replicate >= {fast}:
        pathlib.Path("started").touch()
        time.sleep({pause})
    return reduce(*arguments)
runner.reduce_replicate = slowly
sys.argv = ["b8sim", *sys.argv[1:]]
from sim.cli import main
main()
"""
COMMAND = ("compare", "small.toml", "--replicates", "40", "--out", "kept")


def hear_interrupts() -> None:
    """Undo what a shell does to commands in the background: it has them ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(folder: Path, *, fast: int, pause: float) -> tuple[int, str, str]:
    """Press Ctrl-C when the first of the slow replicates has begun."""
    (folder / "small.toml").write_text(SMALL)
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(fast=fast, pause=pause), *COMMAND],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interrupts,  # noqa: PLW1509 - it only sets a signal
    )
    deadline = time.monotonic() + 120
    while not (folder / "started").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_half_way_keeps_what_is_finished_and_says_so(tmp_path: Path) -> None:
    status, out, err = interrupted(tmp_path, fast=4, pause=1.0)
    assert status == 130, err
    assert "Traceback" not in err
    told = re.search(r"interrupted: the results are of (\d+) of 40 replicates\n$", err)
    assert told, err
    finished = int(told[1])
    assert 4 <= finished < 40
    assert "Received the B8 permit" in out
    receipt = json.loads((tmp_path / "kept" / "receipt.json").read_text())
    assert (receipt["replicates"], receipt["replicates_wanted"]) == (finished, 40)
    table = pd.read_parquet(tmp_path / "kept" / "measures.parquet")
    assert table[table.measure == "reports"].replicates.max() == finished
    assert "report.html" in everything(tmp_path / "kept")
    whole = sim.compare(tmp_path / "small.toml", replicates=4)
    assert receipt["population_hashes"][:4] == whole.receipt["population_hashes"]


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_before_anything_is_finished_leaves_nothing(tmp_path: Path) -> None:
    status, out, err = interrupted(tmp_path, fast=0, pause=60.0)
    assert (status, out) == (130, "")
    assert re.fullmatch(PEOPLE + "interrupted; nothing was written\n", err)
    assert everything(tmp_path) == ["small.toml", "started"]
