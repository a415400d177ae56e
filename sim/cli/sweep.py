"""``b8sim sweep``: many points of one study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import WorkersOption
from sim.files.paths import expanded

StudyArgument = Annotated[Path, typer.Argument(metavar="FILE", parser=expanded, help="The study, a TOML file.")]


def plan_command(
    study: StudyArgument,
    *,
    workers: WorkersOption = None,
    untimed: Annotated[bool, typer.Option("--untimed", help="Only count; do not time the first point.")] = False,
) -> None:
    """Check a study, and say how many points and runs it has and how long it would take; keep nothing."""
    from sim.runs.executors import workers_wanted
    from sim.studies.plan import plan_of
    from sim.studies.study import Study

    loaded = Study.load(study)
    plan = plan_of(loaded, workers_wanted(workers, len(loaded.points) + 1), timed=not untimed)
    typer.echo(f"{loaded.document.study.title}: {loaded.document.design.kind}, {' | '.join(loaded.regimes)}")
    for factor in loaded.factors:
        values = ", ".join(f"{value:g}" for value in factor.values) or f"{factor.low:g} to {factor.high:g}"
        typer.echo(f"varies    {factor.name}: {values} ({factor.unit}); {factor.base:g} in the scenario")
    for line in plan.lines():
        typer.echo(line)
