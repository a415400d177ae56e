"""The options and arguments that several commands share, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.files.errors import InputError

if TYPE_CHECKING:
    from sim.scenarios.scenario import Scenario

LARGEST_SEED = 2**63 - 1
MOST_REPLICATES = 1_000_000
DIGITS = 100


def _number(option: str, low: int, high: int) -> Callable[[str | int], int]:
    """Return a reader of a whole number between two bounds, for one option."""

    def read(given: str | int) -> int:
        accepted = f"a whole number from {low} to {high}"
        text = str(given).strip()
        if re.fullmatch("[+-]?[0-9]+", text) is None:
            raise InputError("not a whole number", key=option, value=given, accepted=accepted)
        if len(text) > DIGITS or not low <= int(text) <= high:
            raise InputError("out of range", key=option, value=given, accepted=accepted)
        return int(text)

    read.__name__ = "integer"
    return read


ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A TOML file, or a shipped name.")]
RegimesOption = Annotated[
    str | None,
    typer.Option(
        "--regimes", metavar="A,B,..", help="The regimes; the first is the baseline. Default: the scenario's."
    ),
]
RegimeOption = Annotated[str, typer.Option("--regime", metavar="A", help="The regime.")]
SeedOption = Annotated[
    int | None,
    typer.Option(
        "--seed",
        parser=_number("--seed", 0, LARGEST_SEED),
        metavar="S",
        help="The seed. Default: the scenario's.",
    ),
]
ReplicatesOption = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        parser=_number("--replicates", 1, MOST_REPLICATES),
        metavar="N",
        help="How often chance is drawn anew. Default: the scenario's.",
    ),
]
ReplicateOption = Annotated[
    int,
    typer.Option(
        "--replicate",
        parser=_number("--replicate", 0, MOST_REPLICATES),
        metavar="K",
        help="Which replicate, from 0.",
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="A new or empty folder for the results.")]
HypothesisOption = Annotated[
    str | None,
    typer.Option("--hypothesis", metavar="H[,H]", help="Rival explanations to run under, as H5 or H5,H11."),
]
ThroughoutOption = Annotated[
    bool, typer.Option("--throughout", help="Let each regime hold from the first day to the last.")
]


def regime_names(given: str | None) -> list[str] | None:
    """Read ``A,B,..``."""
    if given is None:
        return None
    names = [name.strip() for name in given.split(",")]
    if len(names) == 1 or not all(names):
        accepted = "two names or more with commas between them"
        raise InputError("not a list of regimes", key="--regimes", value=given, accepted=accepted)
    return names


def under(scenario: str, hypotheses: str | None) -> Scenario | str:
    """Load a scenario with the changes of the rival explanations in ``H,H``; without any, leave it to be loaded."""
    if hypotheses is None:
        return scenario
    from sim.scenarios.scenario import Scenario

    names = [name.strip() for name in hypotheses.split(",")]
    if not all(names):
        raise InputError("an empty name", key="--hypothesis", value=hypotheses, accepted="names with commas between")
    return Scenario.load(scenario).under(*names)


def given(**settings: Any) -> dict[str, Any]:
    """Keep what was given: for the rest the scenario or the library has its own default."""
    return {name: value for name, value in settings.items() if value is not None}


def suggested_folder(scenario: str, regimes: list[str]) -> str:
    """Return a folder that could keep the results, to be named to the user."""
    return f"results/{Path(scenario).stem}-{'-'.join(regimes)}"
