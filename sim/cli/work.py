"""What commands do around their work: a folder for the results, a progress bar, a note beside the result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from sim.cli.app import interrupted

if TYPE_CHECKING:
    from sim.runs.notice import Notice

R = TypeVar("R")


def work_into(out: Path | None, work: Callable[[], R], write: Callable[[Path, R], None]) -> R:
    """Do the work; with `out`, refuse a bad folder before it and write the result after it."""
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


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int, str], None] | None]:
    """Give a function that moves a bar on standard error, or None where a bar is of no use."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, markup=False), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, message: bar.update(task, completed=done, total=total, description=escape(message))


def said_first(quiet: bool = False) -> Callable[[Notice], None]:
    """Return what says, in one line before a run, how many people there are and what may not be as it was meant."""

    def say(notice: Notice) -> None:
        line = notice.line(people=not quiet)
        if line:
            note(line)

    return say


def note(text: str) -> None:
    """Say something beside the result, which may be piped."""
    sys.stderr.write(f"{text}\n")
