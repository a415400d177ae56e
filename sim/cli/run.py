"""``b8sim run``: one replicate under one regime."""

from __future__ import annotations

from sim.cli.options import (
    HypothesisOption,
    OutOption,
    OwnOption,
    RegimeOption,
    ReplicateOption,
    ScenarioArgument,
    ScreenLanguageOption,
    SeedOption,
    ThroughoutOption,
    given,
    suggested_folder,
    under,
)
from sim.cli.work import note, said_first, work_into


def run_command(
    scenario: ScenarioArgument,
    *,
    regime: RegimeOption,
    seed: SeedOption = None,
    replicate: ReplicateOption = 0,
    out: OutOption = None,
    throughout: ThroughoutOption = False,
    hypothesis: HypothesisOption = None,
    own: OwnOption = None,
    language: ScreenLanguageOption = "en",
) -> None:
    """Run one replicate under one regime: its transitions, persons and measures."""
    from sim.cli.language import language_of
    from sim.cli.screen import print_limits, print_measures
    from sim.policies.library import without_folder
    from sim.report.folder import write_run
    from sim.runs.single import run

    spoken = language_of(language)
    settings = given(regime=regime, replicate=replicate, throughout=throughout or None, seed=seed)
    result = work_into(out, lambda: run(under(scenario, hypothesis, own), heed=said_first(), **settings), write_run)
    print_measures(result.measures, spoken)
    print_limits(result.receipt, result.catalogue, language=spoken)
    if out is None:
        kept = suggested_folder(scenario, [without_folder(regime)])
        note(f"Nothing was written; --out {kept} keeps the transitions, persons and measures.")
    else:
        note(f"Transitions, persons and measures are in {out}")
