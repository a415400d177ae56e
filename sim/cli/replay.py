"""``b8sim replay``: can a dated chronology happen?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

STATUS: Final = {"impossible": 1, "possible_only_if": 3, "undecided": 4}
"""The exit status by answer; 0 for ``possible``."""


def replay_command(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="A dated chronology in TOML.")],
    regime: Annotated[
        str | None, typer.Option("--regime", metavar="A", help="The regime. Default: the case's.")
    ] = None,
) -> None:
    """Check if a dated chronology can happen under these rules; if not, at which step, and why."""
    from sim.replay import replay

    result = replay(case, regime=regime)
    typer.echo(result.text)
    if not result.possible:
        raise typer.Exit(STATUS[result.answer])
