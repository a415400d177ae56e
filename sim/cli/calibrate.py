"""``b8sim calibrate`` and ``b8sim validate``: fit to what was published before the change, look at what came after."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.app import interrupted
from sim.cli.options import QuietOption, WorkersOption
from sim.cli.work import note, progress_bar
from sim.files.paths import expanded

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration.folder import Calibrated

SchedulerOption = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="Run on a Dask cluster: the address of its scheduler."),
]


def calibrate_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", parser=expanded, help="The calibration, a TOML file.")],
    *,
    out: Annotated[
        Path,
        typer.Option("--out", parser=expanded, metavar="DIR", help="Where results go; a calibration in it goes on."),
    ],
    camp: Annotated[
        list[str] | None, typer.Option("--camp", metavar="C", help="Fit this camp only. Can be repeated.")
    ] = None,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    quiet: QuietOption = False,
) -> None:
    """Fit each camp's assumptions to the figures published before 1 August 2019."""
    from sim.calibration.calibration import Calibration
    from sim.calibration.folder import calibrate

    loaded = Calibration.load(file)
    try:
        with progress_bar(quiet) as bar:
            tell = None if quiet else note
            done = calibrate(
                loaded, out, camps=camp or (), tell=tell, progress=bar, workers=workers, scheduler=scheduler
            )
    except KeyboardInterrupt:
        raise typer.Exit(interrupted(f"interrupted; the same command goes on in {out}")) from None
    _show_fit(done)
    note(f"tables in {out}; b8sim validate {out} shows figures of after the change")


def validate_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", parser=expanded, help="The folder of a calibration.")],
    *,
    ship: Annotated[
        Path | None,
        typer.Option("--ship", parser=expanded, metavar="DIR", help="Write the fitted sets there, as small files."),
    ] = None,
) -> None:
    """Compare figures published after the change with what the fitted sets predict."""
    from sim.calibration.folder import Calibrated

    done = Calibrated.load(folder)
    if ship is not None:
        from sim.calibration.ship import ship as write

        for name, found in write(folder, ship).items():
            note(f"{name}: {found.size} sets{'' if found.accepted else ', the nearest: none reproduces every figure'}")
    for camp, every in done.figures.groupby("camp", sort=False):
        rows = every[~every["fitted"]]
        typer.echo(f"{camp}: {_sets(every[every['fitted']])}")
        for row in rows.itertuples():
            there = "not predicted" if not row.sets else "inside" if row.inside else "outside"
            typer.echo(f"  {row.title}: published {row.published}; {_range(row)}: {there}")
        judged = rows["inside"].dropna()
        if len(judged):
            typer.echo(f"  {int(judged.sum())} of {len(judged)} inside the range that holds 90% of the weight")


def _show_fit(done: Calibrated) -> None:
    fitted = done.figures[done.figures["fitted"]]
    for camp, rows in fitted.groupby("camp", sort=False):
        typer.echo(f"{camp}: {_sets(rows)}")
        for row in rows.itertuples():
            typer.echo(
                f"  {row.title}: published {row.published}; {_range(row)}; nearest set {row.nearest:.1f} tolerances off"
            )
        for row in done.headline[done.headline["camp"] == camp].itertuples():
            if row.sets:
                where = "" if row.world == "simulated" else ", in registers"
                typer.echo(f"  {row.measure}{where}, {row.group}, {row.reform} less {row.baseline}: {_range(row)}")


def _sets(rows: pd.DataFrame) -> str:
    sets, size = int(rows["sets"].iloc[0]), float(rows["effective_size"].iloc[0])
    if not sets:
        worst: Any = next(rows.sort_values("nearest", ascending=False).itertuples())
        return (
            f"no set reproduces every figure; what rules out most is {worst.title}: the nearest is "
            f"{worst.nearest:.1f} tolerances off"
        )
    return f"{sets} sets reproduce every figure that is fitted (as informative as {size:.1f} of equal weight)"


def _range(row: Any) -> str:
    from sim.calibration.page_parts import number, span

    low, middle, high = row.low, row.middle, row.high
    return "no set" if math.isnan(middle) else f"{number(middle)} (fitted sets: {span(low, high)})"
