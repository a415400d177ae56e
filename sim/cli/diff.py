"""``b8sim diff``: what changed in the law."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer


class DiffFormat(StrEnum):
    """How ``b8sim diff`` prints."""

    terminal = "terminal"
    markdown = "markdown"
    csv = "csv"


def diff_command(
    a: Annotated[str, typer.Argument(metavar="A", help="A regime.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The regime to compare with it.")],
    format: Annotated[DiffFormat, typer.Option("--format", help="How to print.")] = DiffFormat.terminal,
) -> None:
    """Show what changed in the law from one regime to another: step, old, new, source, status."""
    from sim.cli.screen import markdown, print_changes
    from sim.policies.diff import diff

    changes = diff(a, b)
    if format is DiffFormat.csv:
        sys.stdout.write(changes.to_csv(index=False, lineterminator="\n"))
    elif format is DiffFormat.markdown:
        sys.stdout.write(markdown(changes))
    elif changes.empty:
        typer.echo(f"{a} and {b} are the same.")
    else:
        print_changes(f"From {a} to {b}", changes)
