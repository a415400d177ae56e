"""``b8sim sweep``: many points of one study."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import interrupted
from sim.cli.options import QuietOption, WorkersOption, whole_option
from sim.cli.work import note, progress_bar
from sim.files.errors import InputError
from sim.files.paths import expanded

if TYPE_CHECKING:
    from sim.studies.store import Status
    from sim.studies.study import Study

StudyArgument = Annotated[Path, typer.Argument(metavar="FILE", parser=expanded, help="The study, a TOML file.")]
FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", parser=expanded, help="The folder of a sweep.")]
OutOption = Annotated[
    Path, typer.Option("--out", parser=expanded, metavar="DIR", help="A new or empty folder for the results.")
]
SchedulerOption = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="Run on a Dask cluster: the address of its scheduler."),
]
PrecisionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--precision",
        metavar="MEASURE:SHARE",
        help="Add replicates until the interval of the difference is so narrow, as reports:0.05. Can be repeated.",
    ),
]
PresetsOption = Annotated[
    list[str] | None,
    typer.Option("--presets", metavar="H[,H]", help="Presets under which all points are run. Can be repeated."),
]
ReplicatesOption = Annotated[
    int | None, whole_option("--replicates", 1, 1_000_000, "N", "Replicates at each point. Default: the study's.")
]


def plan_command(
    study: StudyArgument,
    *,
    workers: WorkersOption = None,
    replicates: ReplicatesOption = None,
    precision: PrecisionOption = None,
    presets: PresetsOption = None,
    untimed: Annotated[bool, typer.Option("--untimed", help="Only count; do not time the first point.")] = False,
) -> None:
    """Check a study, and say how many points and runs it has and how long it would take; keep nothing."""
    from sim.runs.executors import workers_wanted
    from sim.studies.plan import plan_of

    loaded = _study(study, replicates, precision, presets)
    plan = plan_of(loaded, workers_wanted(workers, len(loaded.points) + 1), timed=not untimed)
    typer.echo(f"{loaded.document.study.title}: {loaded.document.design.kind}, {' | '.join(loaded.regimes)}")
    for factor in loaded.factors:
        values = ", ".join(f"{value:g}" for value in factor.values) or f"{factor.low:g} to {factor.high:g}"
        typer.echo(f"varies    {factor.name}: {values} ({factor.unit}); {factor.base:g} in the scenario")
    for line in plan.lines():
        typer.echo(line)


def run_command(
    study: StudyArgument,
    *,
    out: OutOption,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    replicates: ReplicatesOption = None,
    precision: PrecisionOption = None,
    presets: PresetsOption = None,
    share: Annotated[
        str | None,
        typer.Option("--share", metavar="K/N", help="Only this share of the points, on one of N machines; then merge."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Run a study into a folder; what is finished stays, whatever happens."""
    from sim.studies.sweep import begin

    loaded, part = _study(study, replicates, precision, presets), _share(share)
    _work(out, quiet, lambda tell: begin(loaded, out, share=part, workers=workers, scheduler=scheduler, progress=tell))


def resume_command(
    folder: FolderArgument,
    *,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Run points again that failed.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Go on with a sweep that was broken off."""
    from sim.studies.sweep import resume

    _work(
        folder,
        quiet,
        lambda tell: resume(folder, progress=tell, workers=workers, scheduler=scheduler, retry_failed=retry_failed),
    )


def extend_command(
    folder: FolderArgument,
    *,
    points: Annotated[int, whole_option("--points", 1, 1_000_000, "N", "How many points to add.")],
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add points to a sweep, and run them."""
    from sim.studies.sweep import extend

    _work(folder, quiet, lambda tell: extend(folder, points, progress=tell, workers=workers, scheduler=scheduler))


def status_command(folder: FolderArgument) -> None:
    """Say how far a sweep is, and why points failed."""
    from sim.studies.results import Results
    from sim.studies.store import Store

    store = Store.look(folder)
    status = store.status()
    for line in _told(status):
        typer.echo(line)
    for point, error in Results(store, sound_only=True).failed.items():
        typer.echo(f"failed    {point}: {error}")


def merge_command(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR..", help="Folders of one study, run in shares.")],
    *,
    out: OutOption,
) -> None:
    """Put together what several machines ran of one study."""
    from sim.studies.sweep import merge

    for line in _told(merge(folders, out)):
        typer.echo(line)


def _study(file: Path, replicates: int | None, precision: list[str] | None, presets: list[str] | None) -> Study:
    """Load a study, with other replicates, precision or presets than it says."""
    from sim.studies.study import Study

    loaded = Study.load(file)
    changes = {"replicates": replicates, "precision": _precision(precision), "presets": tuple(presets or ())}
    changes = {key: value for key, value in changes.items() if value}
    return loaded.with_head(**changes) if changes else loaded


def _precision(given: list[str] | None) -> dict[str, float]:
    out = {}
    for text in given or []:
        measure, _, share = text.rpartition(":")
        try:
            out[measure] = float(share)
        except ValueError:
            measure = ""
        if not measure:
            raise InputError(
                "not a precision", key="--precision", value=text, accepted="MEASURE:SHARE, as reports:0.05"
            )
    return out


def _share(given: str | None) -> tuple[int, int]:
    if given is None:
        return 1, 1
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", given.strip())
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise InputError("not a share", key="--share", value=given, accepted="K/N, from 1/N to N/N, as 2/8")
    return int(found[1]), int(found[2])


def _work(folder: Path, quiet: bool, work: Callable[[Callable[[int, int, str], None] | None], Status]) -> None:
    """Do the work with a bar or lines of progress, and say how far it is."""
    from sim.studies.progress import lines

    try:
        with progress_bar(quiet) as bar:
            status = work(bar or (None if quiet else lines(note)))
    except KeyboardInterrupt:
        going_on = f"; b8sim sweep resume {folder} goes on from there" if (folder / "manifest.json").exists() else ""
        raise typer.Exit(interrupted(f"interrupted: what is finished is kept{going_on}")) from None
    if not quiet:
        for line in _told(status):
            note(line)


def _told(status: Status) -> list[str]:
    """Return how far a sweep is, in lines."""
    lines = [f"points    {status.points_done:,} of {status.points:,} finished"]
    if status.points_failed:
        lines.append(f"failed    {status.points_failed:,} points: b8sim sweep status says why")
    if status.broken:
        lines.append(f"spoilt    {', '.join(status.broken)}: b8sim sweep resume runs them again")
    return lines
