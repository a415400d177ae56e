"""``b8sim compare``: the same people under each regime."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import interrupted
from sim.cli.options import (
    HypothesisOption,
    OutOption,
    OwnOption,
    RegimesOption,
    ReplicatesOption,
    ScenarioArgument,
    ScreenLanguageOption,
    SeedOption,
    ThroughoutOption,
    given,
    regime_names,
    suggested_folder,
    under,
)
from sim.cli.work import check_libraries, note, progress_bar, said_first, work_into
from sim.files.errors import InputError

if TYPE_CHECKING:
    from sim.runs.comparison import Comparison


def compare_command(
    scenario: ScenarioArgument,
    *,
    regimes: RegimesOption = None,
    replicates: ReplicatesOption = None,
    seed: SeedOption = None,
    out: OutOption = None,
    throughout: ThroughoutOption = False,
    hypothesis: HypothesisOption = None,
    own: OwnOption = None,
    language: ScreenLanguageOption = "en",
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar and no table; needs --out.")] = False,
) -> None:
    """Run the same people under each regime, and show what differs."""
    if quiet and out is None:
        accepted = "--out DIR beside it; or no --quiet, to see the table"
        raise InputError("the results would be neither kept nor shown", key="--quiet", accepted=accepted)
    from sim.cli.language import language_of
    from sim.cli.screen import print_headlines
    from sim.report.folder import write_comparison
    from sim.runs.compare import compare

    spoken = language_of(language)
    if out is not None:
        # They are loaded after the run, which needs the memory; one that is missing then would lose the results.
        check_libraries("jinja2", "matplotlib", "pyarrow")
    settings = given(regimes=regime_names(regimes), replicates=replicates, seed=seed, throughout=throughout or None)

    def work() -> Comparison:
        with progress_bar(quiet) as progress:
            return compare(
                under(scenario, hypothesis, own), progress=progress, partial=True, heed=said_first(quiet), **settings
            )

    comparison = work_into(out, work, partial(write_comparison, language=spoken))
    # The table comes after the folder: a reader that goes away must not cost the results.
    if not quiet:
        print_headlines(comparison, spoken)
        if out is None:
            kept = suggested_folder(scenario, comparison.regimes)
            note(f"Nothing was written; --out {kept} keeps the tables and the report.")
        else:
            note(f"Tables, figures and report.html are in {out}")
    if not comparison.complete:
        done, wanted = (comparison.receipt[key] for key in ("replicates", "replicates_wanted"))
        raise typer.Exit(interrupted(f"interrupted: the results are of {done} of {wanted} replicates"))
