"""``b8sim monitor``: weigh the camps by figures as they are published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import ScreenLanguageOption
from sim.cli.work import note
from sim.files.paths import expanded


def monitor_command(
    figures: Annotated[
        Path, typer.Argument(metavar="FIGURES.csv", parser=expanded, help="New published figures, a CSV file.")
    ],
    *,
    log: Annotated[
        Path | None,
        typer.Option("--log", parser=expanded, metavar="FILE", help="Log; forecasts.jsonl beside FIGURES.csv."),
    ] = None,
    ensembles: Annotated[
        Path | None,
        typer.Option("--ensembles", parser=expanded, metavar="DIR", help="Other fitted sets than those that ship."),
    ] = None,
    language: ScreenLanguageOption = "en",
) -> None:
    """Weigh the camps by new published figures, and log what each had forecast."""
    from sim.cli.language import language_of
    from sim.monitoring.monitor import monitor

    words = language_of(language)
    done = monitor(figures, log=log, ensembles=ensembles)
    for line in done.lines(words):
        typer.echo(line)
    note(f"{done.new} new figures in {done.log}, {len(done.weighed)} in all" if done.new else f"all were in {done.log}")
