"""What commands do around their work: a folder for the results, a progress bar, a note beside the result."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO, TypeVar, cast

import typer

from sim.cli.app import interrupted, say
from sim.files.errors import B8simError

if TYPE_CHECKING:
    from sim.runs.notice import Notice

R = TypeVar("R")


def work_into(out: Path | None, work: Callable[[], R], write: Callable[[Path, R], None]) -> R:
    """Return the result of the work; with `out`, refuse a bad folder first and write the result into it afterwards."""
    from sim.report.folder import open_folder

    if out is None:
        return work()
    try:
        with open_folder(out) as folder:
            result = work()
            write(folder, result)
    except KeyboardInterrupt:
        whole = (out / "receipt.json").exists()
        told = f"the results are whole in {out}" if whole else "nothing was written"
        raise typer.Exit(interrupted(f"interrupted; {told}")) from None
    return result


def check_libraries(*names: str) -> None:
    """Refuse to begin where a library is missing that is loaded after the work.

    Raises
    ------
    B8simError
        For the first one.
    """
    for name in names:
        if find_spec(name) is None:
            raise B8simError(f"{name} is not installed: the results could not be written (pip install {name})")


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int, str], None] | None]:
    """Yield a function that moves a bar on standard error; None with ``quiet`` or without a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(file=cast("IO[str]", _Lenient(sys.stderr)), markup=False), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, message: bar.update(task, completed=done, total=total, description=escape(message))


def said_first(quiet: bool = False) -> Callable[[Notice], None]:
    """Return a function that prints, in one line before a run, the number of people and what may not be as meant."""

    def first(notice: Notice) -> None:
        line = notice.line(people=not quiet)
        if line:
            note(line)

    return first


class _Lenient(io.TextIOBase):
    """A stream whose reader may leave: a progress bar without a reader must not cost the results."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream."""
        return self.stream.encoding

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self.stream.isatty()

    def write(self, text: str) -> int:
        """Write a text, if the stream still takes it."""
        with suppress(OSError):
            self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written, if the stream still takes it."""
        with suppress(OSError):
            self.stream.flush()


def note(text: str) -> None:
    """Write a note on standard error, beside a result that may be piped."""
    say(text)
