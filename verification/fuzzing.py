"""Corrupted files: each must give an answer that is true to the file, or an error that names the file."""

from __future__ import annotations

import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from hypothesis import HealthCheck, given, seed, settings

from sim.cli import main
from sim.files.errors import B8simError, InputError
from sim.policies.library import shipped_layers, shipped_regimes
from verification.inputs import Kind, kinds, same
from verification.mutations import spoilt
from verification.report import table

LONGEST_SECONDS = 60
ANSWER, EXPLAINED, DEFECT = "answer", "explained", "defect"


class Hang(BaseException):
    """Something took longer than a minute, and may never end."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of one file: its kind, and for a defect a description."""

    end: str
    detail: str = ""


@dataclass
class Tally:
    """The outcomes of all files of one kind."""

    ends: Counter[str] = field(default_factory=Counter)
    defects: dict[str, bytes] = field(default_factory=dict)

    def add(self, outcome: Outcome, content: bytes) -> None:
        """Count one."""
        self.ends[outcome.end] += 1
        if outcome.end == DEFECT:
            self.defects.setdefault(outcome.detail, content)


@contextmanager
def _not_forever() -> Iterator[None]:
    """Interrupt a block that hangs."""

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise Hang

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def tried(kind: Kind, content: bytes, path: Path, *, use: bool = False) -> Outcome:
    """Write a file, read it, and return the outcome.

    Parameters
    ----------
    kind
        The kind of the file.
    content
        Its bytes.
    path
        Where to write it, in a folder that ``kind.prepare`` filled.
    use
        Also use an accepted document, as a command would.
    """
    path.write_bytes(content)
    try:
        with _not_forever(), warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)  # numbers that overflow
            loaded, kept = kind.load(path)
            if not same(kind.given(content, path), kept):
                return Outcome(DEFECT, "the meaning changed silently")
            if use and kind.use is not None:
                kind.use(loaded)
    except InputError as error:
        return _explained(error, path, _resting_on(kind))
    except B8simError as error:
        return Outcome(EXPLAINED, str(error))
    except Hang:
        return Outcome(DEFECT, "hang")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome(DEFECT, f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}: {error}"[:200])
    return Outcome(ANSWER)


def _explained(error: InputError, path: Path, others: Collection[str]) -> Outcome:
    """Return the outcome of an error text: it must name the file, or one that depends on it, and be printable."""
    lines = str(error).split("\n")
    for problem in error.problems:
        named = str(problem).partition(": ")[0]
        if not (named.startswith(str(path)) or Path(named).name.partition("+")[0] in others):
            return Outcome(DEFECT, f"a mistake that names no file: {problem}"[:200])
    if not all(line.isprintable() for line in lines):
        return Outcome(DEFECT, f"an explanation that is not one: {lines}"[:200])
    return Outcome(EXPLAINED)


def _resting_on(kind: Kind) -> set[str]:
    """Return the names that an error of this kind of file may have: for the law other files of it, and regimes."""
    regimes = [*shipped_regimes(), *shipped_layers()]
    return {*kind.fixed, "behaviour.toml", *regimes, *(f"{name}.toml" for name in regimes)} if kind.fixed else set()


def at_the_command_line(arguments: list[str], path: Path) -> Outcome:
    """Return the outcome of a corrupted file at the command line in this process: exit status, output, no traceback."""
    out, err, before = StringIO(), StringIO(), sys.argv
    sys.argv = ["b8sim", *arguments]
    status: Any = None
    try:
        with redirect_stdout(out), redirect_stderr(err), _not_forever():
            main()
    except SystemExit as left:
        status = left.code
    except Hang:
        return Outcome(DEFECT, "hang")
    except Exception as error:
        return Outcome(DEFECT, f"{type(error).__name__}: {error}"[:200])
    finally:
        sys.argv = before
    told = err.getvalue()
    if status in (None, 0) and not told:
        return Outcome(ANSWER)
    if status == 2 and not out.getvalue() and str(path) in told.partition("\n")[0]:
        return Outcome(EXPLAINED)
    return Outcome(DEFECT, f"exit status {status}: {told}"[:200])


def campaign(kind: Kind, inputs: int, folder: Path, *, use: bool = True, seed_number: int = 1) -> Tally:
    """Return the tally of a number of corrupted versions of one kind of file, always the same ones."""
    tally, path = Tally(), kind.prepare(folder)

    @seed(seed_number)
    @settings(max_examples=inputs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(spoilt(kind.contents, toml=kind.toml) if kind.inputs is None else kind.inputs)
    def try_one(content: bytes) -> None:
        tally.add(tried(kind, content, path, use=use), content)

    try_one()
    return tally


def command_campaign(kind: Kind, inputs: int, folder: Path) -> Tally:
    """Return the tally of corrupted files with ``b8sim check``, and scenarios with ``b8sim compare`` into a folder."""
    tally, path, out = Tally(), kind.prepare(folder), folder / "out"

    @seed(2)
    @settings(max_examples=inputs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(spoilt(kind.contents, toml=kind.toml))
    def try_one(content: bytes) -> None:
        path.write_bytes(content)
        outcome = at_the_command_line(["check", str(path)], path)
        tally.add(outcome, content)
        if outcome.end == EXPLAINED and kind.name == "scenario":
            tally.add(at_the_command_line(["compare", str(path), "--quiet", "--out", str(out)], path), content)
            if out.exists():
                tally.add(Outcome(DEFECT, "a refused scenario left a folder"), content)

    try_one()
    return tally


BY_KIND = {"scenario": 1500, "scenario with extreme numbers": 1500, "regime": 1500, "case": 600}
OTHERS = 300
AT_THE_COMMAND_LINE = 300
NOT_AT_THE_COMMAND_LINE = ("scenario with extreme numbers", "readings", "measures", "published figures", "sources")


def section() -> str:
    """Run the whole campaign; return the section."""
    tallies: list[tuple[str, Tally]] = []
    for kind in kinds():
        with tempfile.TemporaryDirectory() as folder:
            tallies.append((kind.name, campaign(kind, BY_KIND.get(kind.name, OTHERS), Path(folder))))
        if kind.name not in NOT_AT_THE_COMMAND_LINE:
            with tempfile.TemporaryDirectory() as folder:
                tallies.append(
                    (f"{kind.name}, `b8sim check`", command_campaign(kind, AT_THE_COMMAND_LINE, Path(folder)))
                )
    rows = [
        (name, tally.ends.total(), tally.ends[ANSWER], tally.ends[EXPLAINED], tally.ends[DEFECT])
        for name, tally in tallies
    ]
    rows.append(("all", *(sum(row[column] for row in rows) for column in range(1, 5))))
    found = "".join(f"- {name}: {detail}\n" for name, tally in tallies for detail in tally.defects)
    return TEXT + table(HEAD, rows) + (f"\nDefects:\n\n{found}" if found else "")


HEAD = ("file", "inputs tried", "answers", "explained mistakes", "tracebacks, hangs, changed meanings")
TEXT = """Good files of every kind that the program reads are corrupted: keys dropped, renamed, copied and moved; values
of other types, absurd numbers, not-a-numbers, other dates, very long texts, unlikely characters; lines doubled and
swapped; bits flipped, bytes inserted, files cut off, byte order marks, NUL bytes, other line endings. Each input must
end in an answer or in an error that explains the mistake and names the file (at the command line: exit status 2,
nothing on standard output, nothing written). An answer must be true to the file: an independent reader finds the same.
Accepted scenarios, regimes and decisions were run with few people, and accepted cases replayed. No command reads a
folder of results back.

"""
