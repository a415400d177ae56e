"""``b8sim check``: are files as they should be?"""

from __future__ import annotations

from typing import Annotated

import typer


def check_command(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]..",
            help="TOML files, or names of scenarios, regimes and hypotheses. Default: all that is shipped.",
        ),
    ] = None,
) -> None:
    """Validate law, regimes, scenarios and parameters without running anything."""
    from sim.cli.checking import check
    from sim.cli.sheet import lines_of

    for line in check(files or None):
        typer.echo(lines_of(line))
