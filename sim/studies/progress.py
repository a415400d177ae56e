"""How far a sweep is, where the caller looks: a bar in a terminal or a notebook, one line a minute elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from sim.runs.notebook import NotebookBar, in_notebook

Progress = Callable[[int, int, str], None]
SECONDS_A_LINE: Final = 60.0


@contextmanager
def shown(wanted: bool | Progress | None) -> Iterator[Progress | None]:
    """Give what shows progress: as the caller says, or as the place allows; nothing where none is wanted."""
    if callable(wanted):
        yield wanted
    elif not wanted:
        yield None
    elif in_notebook():
        yield NotebookBar()
    elif sys.stderr.isatty():
        with _bar() as bar:
            yield bar
    else:
        yield lines(_say)


def lines(say: Callable[[str], None]) -> Progress:
    """Return what says once a minute how far it is."""
    last = time.monotonic()

    def tell(done: int, total: int, message: str) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_A_LINE:
            last = time.monotonic()
            say(f"{done:,} of {total:,} {message}")

    return tell


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True, markup=False), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, message: bar.update(task, completed=done, total=total, description=message)


def _say(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
