"""``b8sim reproduce``: a folder of a paper made again and compared, file by file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.work import note, progress_bar
from sim.files.paths import expanded

PaperArgument = Annotated[
    Path, typer.Argument(metavar="PAPER", parser=expanded, help="A folder that b8sim export wrote.")
]
AgainOption = Annotated[
    Path | None, typer.Option("--out", parser=expanded, metavar="DIR", help="Keep what was made again in this folder.")
]
DIFFERENT = 1
"""Exit status when a file did not come out the same."""


def reproduce_command(paper: PaperArgument, *, out: AgainOption = None) -> None:
    """Run again what a folder of a paper was made of, and say whether every file is the same."""
    from sim.export.reproduce import reproduce

    with progress_bar(quiet=False) as progress:
        again = reproduce(paper, out, progress)
    if again.same:
        typer.echo(f"all {again.files} files are the same")
        return
    typer.echo(f"{len(again.different)} of {again.files} files are not the same:")
    for name in again.different:
        typer.echo(f"  {name}")
    for name, (then, now) in again.packages.items():
        note(f"{name} was {then} and is {now}")
    raise typer.Exit(DIFFERENT)
