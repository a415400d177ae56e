"""``b8sim follow``: one synthetic person under each regime."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.options import (
    HypothesisOption,
    OutOption,
    OwnOption,
    RegimesOption,
    ReplicateOption,
    ScenarioArgument,
    SeedOption,
    ThroughoutOption,
    given,
    regime_names,
    under,
)
from sim.cli.work import work_into


def follow_command(
    scenario: ScenarioArgument,
    *,
    person: Annotated[str, typer.Option("--person", metavar="KEY", help="The key of a synthetic person.")],
    regimes: RegimesOption = None,
    seed: SeedOption = None,
    replicate: ReplicateOption = 0,
    throughout: ThroughoutOption = False,
    hypothesis: HypothesisOption = None,
    own: OwnOption = None,
    out: OutOption = None,
) -> None:
    """Follow one synthetic person under each regime, to the first step where the paths part."""
    from sim.follow.record import write_story
    from sim.follow.story import Following, follow

    settings = given(regimes=regime_names(regimes), replicate=replicate, seed=seed, throughout=throughout or None)

    def work() -> Following:
        return follow(under(scenario, hypothesis, own), person=person, **settings)

    typer.echo(work_into(out, work, write_story).text)
