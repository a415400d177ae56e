"""The options and arguments that several commands share, and how they are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.files.errors import InputError
from sim.files.numbers import LARGEST_SEED, MOST_REPLICATES, MOST_WORKERS
from sim.files.paths import expanded

if TYPE_CHECKING:
    from sim.scenarios.scenario import Scenario

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


def whole_option(option: str, low: int, high: int, metavar: str, words: str) -> Any:
    """Return an option that takes a whole number between two bounds."""
    return typer.Option(option, parser=_number(option, low, high), metavar=metavar, help=words)


def numbered(option: str) -> Callable[[str | int], int]:
    """Return a reader of the number of a replicate, for one option."""
    return _number(option, 0, MOST_REPLICATES)


ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A TOML file, or a shipped name.")]
RegimesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--regimes",
        metavar="A,B,..",
        help="The regimes; the first is the baseline. Can be repeated. Default: the scenario's.",
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
        help="How many times random numbers are drawn. Default: the scenario's.",
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
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        parser=_number("--workers", 1, MOST_WORKERS),
        metavar="N",
        help="How many points run at the same time. Default: one for each processor.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Say nothing on standard error.")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", parser=expanded, metavar="DIR", help="A new or empty folder for the results."),
]
HypothesisOption = Annotated[
    list[str] | None,
    typer.Option(
        "--hypothesis", metavar="H[,H]", help="Rival explanations to run under, as H5 or H5,H11. Can be repeated."
    ),
]
OwnOption = Annotated[
    Path | None,
    typer.Option("--own", parser=expanded, metavar="DIR", help="A folder with your own parameters, measures, ..."),
]
ScreenLanguageOption = Annotated[
    str,
    typer.Option("--language", metavar="en|nl", help="Language of the table on the screen and of the report."),
]
ThroughoutOption = Annotated[
    bool, typer.Option("--throughout", help="Let each regime hold from the first day to the last.")
]


def regime_names(given: list[str] | None) -> list[str] | None:
    """Read ``A,B,..``, once or repeated.

    Raises
    ------
    InputError
        When there are not two names at least.
    """
    if not given:
        return None
    names = _names(given)
    if len(names) == 1 or not all(names):
        accepted = "two names or more with commas between them; one with a comma in it in double quotes"
        raise InputError("not a list of regimes", key="--regimes", value=_as_given(given), accepted=accepted)
    return names


def under(scenario: str, hypotheses: list[str] | None, own: Path | None = None) -> Scenario | str:
    """Load a scenario with own files and the changes of the rival explanations in ``H,H``.

    Without either the caller loads it.

    Raises
    ------
    InputError
        When a name is empty or unknown.
    """
    if not hypotheses and own is None:
        return scenario
    from sim.scenarios.scenario import Scenario

    loaded = Scenario.load(scenario)
    loaded = loaded if own is None else loaded.replace(own=own)
    if not hypotheses:
        return loaded
    names = _names(hypotheses)
    if not all(names):
        accepted = "names with commas between; one with a comma in it in double quotes"
        raise InputError("an empty name", key="--hypothesis", value=_as_given(hypotheses), accepted=accepted)
    return loaded.under(*names)


def listed(given: list[str] | None, option: str) -> list[str]:
    """Read ``NAME,NAME``, once or repeated; nothing for None.

    Raises
    ------
    InputError
        When a name is empty.
    """
    names = _names(given or [])
    if not all(names):
        raise InputError(
            "an empty name", key=option, value=_as_given(given or []), accepted="names with commas between"
        )
    return names


def _names(given: list[str]) -> list[str]:
    """Return every value split at its commas, except in double quotes and where the whole value is a file."""
    names: list[str] = []
    for value in given:
        cells = next(csv.reader([value], skipinitialspace=True)) or [""]
        names += [value] if _is_a_file(value) else [cell.strip() for cell in cells]
    return names


def _is_a_file(value: str) -> bool:
    """Return whether a value with a comma is a file, or one with layers and readings of a regime after it."""
    if "," not in value:
        return False
    from sim.policies.library import FILE

    path = FILE.match(value)
    try:
        return path is not None and expanded(path[0].strip()).is_file()
    except (OSError, ValueError):
        return False


def _as_given(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def given(**settings: Any) -> dict[str, Any]:
    """Return the options that were given; the scenario or the library has defaults for the others."""
    return {name: value for name, value in settings.items() if value is not None}


def suggested_folder(scenario: str, regimes: list[str]) -> str:
    """Return a folder to suggest for the results, which any shell takes as one word."""
    from sim.report.file_names import file_part

    return f"results/{file_part('-'.join([Path(scenario).stem, *regimes]))}"
