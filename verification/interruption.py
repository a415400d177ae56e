"""Comparisons that are interrupted, killed, or run out of disk: incomplete results are never read as complete."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from verification.report import table

SCENARIO = """extends = "netherlands"

[scenario]
history_from = "start"
end        = 2019-12-31
replicates = 12
seed       = 5

[inflow]
scale = 0.02
"""
TABLES = ("measures", "differences", "incidence", "pairs")
OTHERS = ("assumptions.csv", "law_changes.csv", "receipt.json", "report.html", "scenario.toml")
WHOLE, NOTHING, UNFINISHED, HALF = "whole", "nothing", "unfinished, and seen to be", "half"
COMMAND = (sys.executable, "-m", "sim.cli", "compare", "small.toml", "--quiet", "--out", "kept")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


@dataclass(frozen=True)
class End:
    """The end of a run: exit status (minus the signal that killed it), standard error, state of the folder."""

    status: int
    err: str
    folder: str


def state(folder: Path) -> str:
    """Return the state of a folder of results: complete, absent, visibly incomplete, or `HALF`.

    A folder with a ``receipt.json`` counts as complete. `HALF` must never occur: a receipt, and something missing, cut
    off, or of another number of replicates.
    """
    partial = [folder.parent / f".{folder.name}.partial", folder / ".partial"]
    if not (folder / "receipt.json").exists():
        visible = any(entry.name != ".partial" for entry in folder.iterdir()) if folder.exists() else False
        return UNFINISHED if visible or any(path.exists() for path in partial) else NOTHING
    try:
        _read_all(folder)
    except (OSError, ValueError, KeyError, AssertionError):
        return HALF
    return WHOLE


def _read_all(folder: Path) -> None:
    """Read every file of a comparison as a trusting reader would."""
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    assert all((folder / name).stat().st_size for name in OTHERS)
    assert (folder / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    for name in TABLES:
        csv, parquet = pd.read_csv(folder / f"{name}.csv"), pd.read_parquet(folder / f"{name}.parquet")
        assert list(csv.columns) == list(parquet.columns)
        assert len(csv) == len(parquet) > 0
    replicates = pd.read_parquet(folder / "measures.parquet").replicates
    assert replicates.max() == receipt["replicates"] <= receipt["replicates_wanted"]


def hear_interrupts() -> None:
    """Restore the default of Ctrl-C, which a shell makes background commands ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(folder: Path, *, before: Callable[[], None] = hear_interrupts) -> subprocess.Popen[str]:
    """Start a comparison in a folder."""
    (folder / "small.toml").write_text(SCENARIO, encoding="utf-8")
    return subprocess.Popen(
        COMMAND,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,  # noqa: PLW1509 - it only sets a signal or a limit
    )


def ended(process: subprocess.Popen[str], folder: Path) -> End:
    """Wait for the end of a comparison; return the end."""
    _, err = process.communicate(timeout=600)
    return End(process.returncode, err, state(folder / "kept"))


def stopped(folder: Path, number: signal.Signals, after_seconds: float, *, exists: bool) -> End:
    """Start a comparison and send it a signal after some seconds; ``exists``: the folder is there already."""
    if exists:
        (folder / "kept").mkdir()
    process = started(folder)
    try:
        process.wait(after_seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    return ended(process, folder)


def uninterrupted_seconds() -> float:
    """Run a comparison to its end (twice: the first fills the caches); return its seconds."""
    for _ in range(2):
        with tempfile.TemporaryDirectory() as name:
            begun = time.monotonic()
            end = ended(started(Path(name)), Path(name))
            assert (end.status, end.folder) == (0, WHOLE), end.err
    return time.monotonic() - begun


def moments(count: int, whole: float, seed: int) -> list[float]:
    """Draw moments: half of them anywhere, half in the last third, in which files are written."""
    draw = np.random.default_rng(seed)
    return [float(whole * draw.uniform(0.65 if k % 2 else 0.0, 1.05)) for k in range(count)]


def in_little_space(folder: Path, size: int) -> End | None:
    """Run a comparison on a disk of ``size`` bytes (a file system in memory, without privileges); None: impossible."""
    unshare, mount = shutil.which("unshare"), shutil.which("mount")
    if unshare is None or mount is None:
        return None
    disk = folder / "disk"
    disk.mkdir()
    # Only this process sees the file system, so the copy of its content is made there too.
    program = (
        f'mount -t tmpfs -o size={size} tmpfs "{disk}" || exit 77\n'
        f'cp small.toml "{disk}/small.toml" && cd "{disk}" || exit 77\n'
        f'"{sys.executable}" -m sim.cli compare small.toml --quiet --out kept; status=$?\n'
        f'cp -a . "{folder}/after"; exit $status'
    )
    (folder / "small.toml").write_text(SCENARIO, encoding="utf-8")
    done = subprocess.run(
        [unshare, "--user", "--map-root-user", "--mount", "sh", "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if not (folder / "after").exists():
        return None
    return End(done.returncode, done.stderr, state(folder / "after" / "kept"))


def with_small_files(folder: Path, size: int) -> End:
    """Run a comparison that may write no file above a number of bytes."""
    return ended(started(folder, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))), folder)


def to_a_full_device(arguments: list[str]) -> End:
    """Print to ``/dev/full``, a device without space."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "sim.cli", *arguments]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    return End(done.returncode, done.stderr, NOTHING)


def is_sound(end: End, number: signal.Signals | None) -> bool:
    """Return whether an end is allowed: no half folder, no traceback, a fitting exit status.

    Before the program has started Python itself answers a signal, with its own traceback. Python also dies of the
    interrupt, after the program's own message, if it came while Python ran code made from a text.
    """
    if end.folder == HALF:
        return False
    if number is None:
        return "Traceback" not in end.err and (end.status, end.folder) in ((0, WHOLE), (2, NOTHING))
    if end.status in (0, 130) or end.err.startswith("interrupted"):
        return end.status in (0, 130, -signal.SIGINT) and "Traceback" not in end.err and end.folder in (WHOLE, NOTHING)
    return end.status == -number


SIZES = (0, 4_000, 60_000, 200_000, 700_000, 2_000_000, 4_000_000, 30_000_000)
PER_SIGNAL = 16


def section() -> str:
    """Interrupt comparisons at random moments, and on full disks; return the section."""
    whole = uninterrupted_seconds()
    rows = []
    for number in SIGNALS:
        found: list[End] = []
        for k, moment in enumerate(moments(PER_SIGNAL, whole, seed=int(number))):
            with tempfile.TemporaryDirectory() as folder:
                found.append(stopped(Path(folder), number, moment, exists=k % 4 >= 2))
        rows.append(_row(f"{number.name} at a random moment", found, number))
    rows += [_row(name, list(ends), None) for name, ends in (("full disk", _full()), ("file size limit", _limited()))]
    return TEXT + table(HEAD, rows)


def _full() -> Iterator[End]:
    for size in SIZES[1:]:
        with tempfile.TemporaryDirectory() as folder:
            end = in_little_space(Path(folder), size)
            if end is not None:
                yield end


def _limited() -> Iterator[End]:
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            yield with_small_files(Path(folder), size)


def _row(name: str, ends: list[End], number: signal.Signals | None) -> tuple[object, ...]:
    count = Counter(end.folder for end in ends)
    wrong = sum(not is_sound(end, number) for end in ends)
    return name, len(ends), count[WHOLE], count[NOTHING], count[UNFINISHED], wrong


HEAD = ("what happened", "runs", "folder whole", "nothing left", "left unfinished, and seen to be", "wrong")
TEXT = """A small comparison in a process of its own is stopped at random moments (half of them late, when files are
written), into a new folder and into an existing empty one, and runs on disks that are too small for it. *Whole*: every
table, the report and the receipt can be read, and hold the same replicates. *Seen to be unfinished*: there is no
receipt. *Wrong* would be a folder with a receipt and something missing, a wrong exit status, or a traceback once the
program has begun. A full disk must end with exit status 2, an explanation, and nothing left.

"""
