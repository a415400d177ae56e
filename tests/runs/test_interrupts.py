"""Comparisons that are killed, interrupted (`sim.runs.interrupts`) or out of space.

`make verify` does the same at many more moments.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from verification.interruption import (
    HALF,
    NOTHING,
    OTHERS,
    SCENARIO,
    TABLES,
    UNFINISHED,
    WHOLE,
    End,
    ended,
    hear_interrupts,
    in_little_space,
    is_sound,
    moments,
    started,
    state,
    stopped,
    to_a_full_device,
    with_small_files,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")

PAUSED = """
import sys, time, pathlib
import sim.report.folder as results
write = results.write_receipt
def slowly(*arguments):
    write(*arguments)
    pathlib.Path("started").touch()
    time.sleep(120)
results.write_receipt = slowly
sys.argv = ["b8sim", "compare", "small.toml", "--replicates", "2", "--quiet", "--out", "kept"]
from sim.cli import main
main()
"""


def stopped_while_writing(folder: Path, number: signal.Signals) -> End:
    """Stop a comparison when most tables and the receipt are written, and the report is not."""
    (folder / "small.toml").write_text(SCENARIO)
    process = subprocess.Popen(
        [sys.executable, "-c", PAUSED],
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
    process.send_signal(number)
    return ended(process, folder)


@pytest.mark.parametrize("exists", [False, True])
def test_one_that_is_killed_is_seen_to_be_unfinished(tmp_path: Path, exists: bool) -> None:
    if exists:
        (tmp_path / "kept").mkdir()
    end = stopped_while_writing(tmp_path, signal.SIGKILL)
    assert (end.status, end.folder) == (-signal.SIGKILL, UNFINISHED)
    assert not (tmp_path / "kept" / "receipt.json").exists()
    again = ended(started(tmp_path), tmp_path)
    assert (again.status, again.folder) == (2, UNFINISHED)
    assert ("the folder is not empty" if exists else "if none is, remove") in again.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_that_is_stopped_while_it_writes_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    end = stopped_while_writing(tmp_path, number)
    assert end == End(130, "interrupted; nothing was written\n", NOTHING)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.toml", "started"]


LOST = """
import signal, sys, time, weakref
from sim.runs import interrupts
class Thing: pass
thing = Thing()
watched = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
try:
    with interrupts.answered():
        del thing
        time.sleep(60)
except KeyboardInterrupt:
    sys.exit(130)
"""
DISGUISED = """
import signal, sys
import sim.report.folder as results
def write(*arguments):
    try:
        signal.raise_signal(signal.SIGTERM)
    except KeyboardInterrupt:
        raise ValueError("what compiled code makes of it") from None
results.write_receipt = write
sys.argv = ["b8sim", "compare", "small.toml", "--replicates", "1", "--quiet", "--out", "kept"]
from sim.cli import main
main()
"""


def test_one_that_comes_while_an_object_is_freed_is_not_lost(tmp_path: Path) -> None:
    program = [sys.executable, "-c", LOST]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stderr) == (130, "")


def test_one_that_others_turn_into_a_failure_is_seen_for_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SCENARIO)
    program = [sys.executable, "-c", DISGUISED]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr, state(tmp_path / "kept")) == (130, "interrupted\n", NOTHING)


def test_any_moment_will_do(tmp_path: Path) -> None:
    (moment,) = moments(1, 4.0, seed=2)
    end = stopped(tmp_path, signal.SIGTERM, moment, exists=True)
    assert is_sound(end, signal.SIGTERM), end


def test_a_file_that_may_not_grow_is_explained_and_nothing_is_left(tmp_path: Path) -> None:
    end = with_small_files(tmp_path, 200_000)
    assert (end.status, end.folder) == (2, NOTHING)
    assert end.err.startswith("kept: cannot be written: file too large\n")
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]


def test_a_full_disk_is_explained_and_nothing_is_left(tmp_path: Path) -> None:
    end = in_little_space(tmp_path, 300_000)
    if end is None:
        pytest.skip("no small disk can be made here")
    assert (end.status, end.folder) == (2, NOTHING)
    assert end.err.startswith("kept: cannot be written: no space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no such device")
def test_a_full_standard_output_is_explained() -> None:
    end = to_a_full_device(["diff", "vc_2018", "vc_2019_08", "--format", "csv"])
    assert (end.status, end.err) == (2, "standard output: cannot be written: no space left on device\n")


# ---- what counts as half ----


def test_a_folder_that_lacks_something_is_noticed(tmp_path: Path) -> None:
    end = ended(started(tmp_path), tmp_path)
    assert end == End(0, "", WHOLE)
    for name in [*OTHERS, *(f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet"))]:
        file, aside = tmp_path / "kept" / name, tmp_path / "aside"
        file.rename(aside)
        assert state(tmp_path / "kept") == (UNFINISHED if name == "receipt.json" else HALF), name
        file.touch()
        assert state(tmp_path / "kept") == HALF, name
        aside.replace(file)
        assert state(tmp_path / "kept") == WHOLE


def test_what_is_not_sound() -> None:
    assert is_sound(End(0, "", WHOLE), None)
    assert is_sound(End(-9, "", UNFINISHED), signal.SIGKILL)
    for end, number in (
        (End(0, "", HALF), signal.SIGINT),
        (End(-9, "", HALF), signal.SIGKILL),
        (End(2, "", UNFINISHED), None),
        (End(1, "Traceback", NOTHING), None),
        (End(130, "", UNFINISHED), signal.SIGINT),
        (End(1, "", NOTHING), signal.SIGTERM),
        (End(130, "Traceback", NOTHING), signal.SIGINT),
    ):
        assert not is_sound(end, number), end


# ---- in a program of the user's own ----

LOOP = """
import pathlib, signal, sys, sim
scenario = sim.Scenario.load("netherlands").replace(history_from="start", start="2019-07-01", end="2020-02-29")
scenario = scenario.replace(inflow={"scale": 0.02})
sim.compare(scenario, replicates=1)
if sys.argv[2] == "own handler":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
done = 0
pathlib.Path("started").touch()
for seed in range(10_000):
    if sys.argv[1] == "compare":
        sim.compare(scenario, replicates=900, seed=seed)
    else:
        sim.run(scenario, "vc_2018", seed=seed)
    done += 1
    print(done, flush=True)
print("the loop went on to its end")
"""


@pytest.mark.parametrize(
    ("call", "number", "status", "told"),
    [
        ("compare", signal.SIGINT, -signal.SIGINT, "of 900 replicates were finished: they are in .partial"),
        ("run", signal.SIGINT, -signal.SIGINT, "KeyboardInterrupt"),
        ("compare", signal.SIGTERM, -signal.SIGTERM, ""),
        ("compare own handler", signal.SIGTERM, 7, ""),
    ],
)
def test_a_loop_over_the_library_ends(
    tmp_path: Path, call: str, number: signal.Signals, status: int, told: str
) -> None:
    what, _, handler = call.partition(" ")
    process = subprocess.Popen(
        [sys.executable, "-c", LOOP, what, handler],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interrupts,  # noqa: PLW1509 - it only sets a signal
    )
    deadline = time.monotonic() + 120
    while not (tmp_path / "started").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(1)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    assert told in err
    assert "to its end" not in out
