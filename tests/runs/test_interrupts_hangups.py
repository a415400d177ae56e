"""Terminals that hang up, limits of processor time and repeated requests: what is finished is kept."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.runs import interrupts
from verification.interruption import NOTHING, WHOLE, hear_interrupts, state

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")

SCENARIO = """extends = "netherlands"

[scenario]
history_from = "start"
end        = 2018-06-30
replicates = 2000

[inflow]
scale = 0.02
"""
FEW = 4


def command(folder: Path, *more: str) -> list[str]:
    """A comparison of many replicates into a folder."""
    (folder / "small.toml").write_text(SCENARIO)
    return [sys.executable, "-m", "sim.cli", "compare", "small.toml", "--out", "kept", *more]


def finished(folder: Path) -> tuple[int, int]:
    """How many replicates a folder holds, and how many were wanted."""
    receipt = json.loads((folder / "kept" / "receipt.json").read_text(encoding="utf-8"))
    return receipt["replicates"], receipt["replicates_wanted"]


def owns_its_terminal() -> None:
    """Make the terminal on standard input the one whose end this process is told of."""
    hear_interrupts()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def hears_no_hangup() -> None:
    """Ignore a terminal that hangs up, as ``nohup`` has it."""
    owns_its_terminal()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def on_terminal(folder: Path, before: Callable[[], None], *more: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start a comparison on a terminal of its own; return it when a replicate is done, and our end of the terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(folder, *more),
        cwd=folder,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=before,  # noqa: PLW1509 - it only sets a signal and the terminal
    )
    os.close(theirs)
    seen = b""
    while b"replicates" not in seen:
        assert process.poll() is None
        seen += os.read(ours, 65536)
    return process, ours


def test_a_comparison_whose_terminal_closes_keeps_what_is_finished(tmp_path: Path) -> None:
    process, ours = on_terminal(tmp_path, owns_its_terminal)
    os.close(ours)
    assert process.wait(timeout=120) == 130
    assert state(tmp_path / "kept") == WHOLE
    done, wanted = finished(tmp_path)
    assert 1 <= done < wanted


def test_one_that_ignores_the_end_of_its_terminal_runs_on(tmp_path: Path) -> None:
    process, ours = on_terminal(tmp_path, hears_no_hangup, "--replicates", "40")
    os.close(ours)
    process.wait(timeout=300)
    assert state(tmp_path / "kept") == WHOLE
    assert finished(tmp_path) == (40, 40)


def started(folder: Path, *more: str) -> subprocess.Popen[str]:
    """Start a comparison without a terminal; return it when it has had time for a replicate."""
    process = subprocess.Popen(
        command(folder, "--quiet", *more),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interrupts,  # noqa: PLW1509 - it only sets a signal
    )
    deadline = time.monotonic() + 120
    while not (folder / ".kept.partial").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGXCPU, signal.SIGTERM])
def test_any_request_to_stop_keeps_what_is_finished_or_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    process = started(tmp_path)
    time.sleep(4)
    process.send_signal(number)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    said = err.splitlines()[-1]
    assert said.startswith("interrupted")
    assert state(tmp_path / "kept") in (WHOLE, NOTHING)
    assert not (tmp_path / ".kept.partial").exists()
    if state(tmp_path / "kept") == WHOLE:
        done, wanted = finished(tmp_path)
        assert said == f"interrupted: the results are of {done} of {wanted} replicates"


TOLD_TWICE = """
import os, signal, sys
import sim.report.folder as results
write = results.write_receipt
def told_again(*arguments):
    os.kill(os.getpid(), signal.SIGHUP)
    write(*arguments)
results.write_receipt = told_again
import sim.runs.executors as executors
every = executors.reduce_replicate
def told(*arguments):
    if arguments[2] == 20:
        os.kill(os.getpid(), signal.SIGHUP)
    return every(*arguments)
executors.reduce_replicate = told
sys.argv = ["b8sim", "compare", "small.toml", "--replicates", "50", "--quiet", "--out", "kept"]
from sim.cli import main
main()
"""


def test_a_hangup_that_is_told_twice_stops_the_run_and_not_the_writing(tmp_path: Path) -> None:
    command(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", TOLD_TWICE], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 130, done.stderr
    assert state(tmp_path / "kept") == WHOLE
    assert 1 <= finished(tmp_path)[0] < 50


def test_a_reader_that_goes_away_costs_nothing(tmp_path: Path) -> None:
    line = f'{sys.executable} -m sim.cli compare small.toml --replicates 2 --out kept | true; echo "${{PIPESTATUS[0]}}"'
    command(tmp_path)
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout in {"1\n", "0\n"}
    assert "Traceback" not in done.stderr
    assert (state(tmp_path / "kept"), finished(tmp_path)) == (WHOLE, (2, 2))


@pytest.mark.parametrize("number", interrupts.SIGNALS)
def test_what_the_starter_ignores_stays_ignored_and_all_else_comes_back(number: signal.Signals) -> None:
    before = {other: signal.getsignal(other) for other in interrupts.SIGNALS}
    signal.signal(number, signal.SIG_IGN)
    try:
        with interrupts.answered():
            signal.raise_signal(number)
            others = [signal.getsignal(other) for other in interrupts.SIGNALS if other != number]
            assert all(callable(handler) for handler in others)
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before[number])
    assert {other: signal.getsignal(other) for other in interrupts.SIGNALS} == before


@pytest.mark.parametrize("number", interrupts.SIGNALS)
def test_each_signal_is_an_interrupt(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), interrupts.answered():
        signal.raise_signal(number)
    assert interrupts.heard()


@pytest.mark.parametrize("number", interrupts.SIGNALS)
def test_who_takes_the_signals_is_told_and_is_not_interrupted_afterwards(number: signal.Signals) -> None:
    told: list[int] = []
    before = signal.getsignal(number)
    with interrupts.answered():
        with interrupts.passed_to(lambda number, _: told.append(number)):
            signal.raise_signal(number)
        signal.raise_signal(number)
    assert told == [number]
    assert signal.getsignal(number) is before
