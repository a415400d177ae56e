"""A folder of results, opened again: checked against what it held when it was made, with its tables and titles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

import sim
from sim.export.choices import Choices
from sim.export.titles import Titles, group_titles, measure_titles, regime_titles
from sim.files.errors import InputError, raise_all
from sim.files.paths import expanded
from sim.outcomes.groups import Groups
from sim.policies.regime import Regime
from sim.report.book import Book
from sim.report.checksums import changes, read_checksums
from sim.runs.naming import distinct
from sim.runs.receipt import source_hash
from sim.scenarios.scenario import Scenario

Kind = Literal["comparison", "run", "study", "calibration", "person"]
TABLES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "comparison": (
        "measures", "differences", "replicates", "pairs", "incidence", "law_changes", "assumptions", "catalogue",
    ),
    "run": ("measures", "persons", "catalogue"),
    "study": (
        "points", "factors", "point_values", "point_readings", "point_differences", "ranges", "level_ranges",
        "law_changes", "assumptions", "catalogue",
    ),
    "calibration": (
        "sets", "set_values", "set_tactics", "set_deviations", "figures", "camp_differences", "waves", "law_changes",
        "assumptions", "catalogue",
    ),
    "person": ("story", "law_changes", "catalogue"),
}  # fmt: skip
"""Tables of a folder of results, by what was run."""
EXPORT: Final = "export.json"
"""The file that a folder of a paper has and a folder of results has not."""
ACCEPTED: Final = "a folder that b8sim compare, run, sweep, calibrate or follow wrote with --out"
STORE: Final = "manifest.json"
"""The file that the folder of a sweep has and no other."""
_TEXTS: Final = ("law_changes", "catalogue")
_OF_TWO: Final = ("point_differences", "ranges", "law_changes")


@dataclass(frozen=True)
class Results:
    """A folder of results that is whole and as it was made, by this version of the program.

    It has what the figures and tables of the report ask of a comparison.

    Attributes
    ----------
    folder
        Where it is.
    kind
        What was run.
    receipt
        What is needed to make the same numbers again.
    scenario
        The scenario of the folder, with the user's own files beside it.
    loaded
        Its regimes, by their names in the tables.
    inputs
        Files of the folder that make it again: the scenario or the study, and the user's own.
    title
        Of what was run.
    made
        Tables that the folder does not hold as files of their own.
    """

    folder: Path
    kind: Kind
    receipt: dict[str, Any]
    scenario: Scenario
    loaded: Mapping[str, Regime]
    inputs: tuple[str, ...]
    title: str
    made: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables: a study or a story of one regime has no differences."""
        one = len(self.loaded) == 1 and self.kind in {"study", "person"}
        return tuple(name for name in TABLES[self.kind] if not one or name not in _OF_TWO)

    @property
    def regimes(self) -> list[str]:
        """Names of the regimes; the first is the baseline."""
        return list(self.loaded)

    @property
    def complete(self) -> bool:
        """True: results that are interrupted are not opened."""
        return True

    @property
    def scenario_text(self) -> str:
        """The scenario as it was run, as TOML."""
        return (self.folder / "scenario.toml").read_text(encoding="utf-8")

    @property
    def own_files(self) -> Mapping[str, str]:
        """The user's own files that the scenario names: path beside it to text."""
        return {name: (self.folder / name).read_text(encoding="utf-8") for name in self.receipt["own_files"]}

    @cached_property
    def titles(self) -> Titles:
        """Titles in both languages."""
        groups = group_titles(Groups.load(self.scenario.own), self.receipt["groups"])
        return Titles(regime_titles(self.loaded), groups, measure_titles(self.catalogue))

    @cached_property
    def book(self) -> Book:
        """Levels and differences of a comparison, looked up fast."""
        return Book(self)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Levels, of a comparison; values, of a run."""
        return self.table("measures")

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Paired differences."""
        return self.table("differences")

    @cached_property
    def incidence(self) -> pd.DataFrame:
        """Cumulative incidence of exits."""
        return self.table("incidence")

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Counts of the same persons under two regimes."""
        return self.table("pairs")

    @cached_property
    def law_changes(self) -> pd.DataFrame:
        """What each reform changed."""
        return self.table("law_changes")

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """Parameters with their evidence, the weakest first."""
        return self.table("assumptions")

    @cached_property
    def catalogue(self) -> pd.DataFrame:
        """What each measure means."""
        return self.table("catalogue")

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the folder; texts stay texts."""
        if name in self.made:
            return self.made[name]
        parquet = self.folder / f"{name}.parquet"
        if parquet.exists():
            return pd.read_parquet(parquet)
        texts: Any = str if name in _TEXTS else None
        return pd.read_csv(self.folder / f"{name}.csv", dtype=texts, keep_default_na=False, na_values=[""]).fillna(
            "" if name in _TEXTS else {}
        )


def opened(folder: str | PathLike[str]) -> Results:
    """Open a folder of results.

    Raises
    ------
    InputError
        When it is no such folder, is not whole, was changed, is of an interrupted comparison, or was made by
        another version.
    """
    place = expanded(folder)
    if not place.is_dir():
        problem = "is not a folder" if place.exists() else "does not exist"
        raise InputError(problem, file=place, accepted=ACCEPTED)
    if (place / EXPORT).exists():
        problem = "is the folder of a paper, not of results"
        raise InputError(problem, file=place, accepted=f"{ACCEPTED}; or b8sim reproduce, to make this one again")
    if (place / STORE).exists():
        from sim.export.studied import opened_study

        return opened_study(place)
    receipt = read_json(place / "receipt.json", "is missing, so the folder is not whole", ACCEPTED)
    if "calibration_hash" in receipt:
        from sim.export.calibrated import opened_calibration

        return opened_calibration(place, receipt)
    raise_all(changes(place, known := read_checksums(place)))
    check_version(receipt, place / "receipt.json")
    kind: Kind = "person" if "person" in receipt else "run" if "replicate" in receipt else "comparison"
    if kind == "comparison" and receipt["replicates"] != receipt["replicates_wanted"]:
        value = f"{receipt['replicates']} of {receipt['replicates_wanted']} replicates"
        accepted = f"a whole comparison: b8sim compare {place}/scenario.toml --replicates {receipt['replicates']}"
        raise InputError("the comparison was interrupted", file=place, value=value, accepted=accepted)
    lost = [name for name in ("scenario.toml", *receipt["own_files"]) if name not in known]
    raise_all(InputError("is missing", file=place / name, accepted=ACCEPTED) for name in lost)
    scenario = Scenario.load(place / "scenario.toml")
    regimes = [Regime.load(name, scenario.readings, scenario.own) for name in scenario.regimes]
    loaded = dict(zip(distinct(receipt["regimes"]), regimes, strict=True))
    inputs = ("scenario.toml", *sorted(receipt["own_files"]))
    return Results(place, kind, receipt, scenario, loaded, inputs, scenario.title)


def check_choices(results: Results, choices: Choices) -> None:
    """Refuse what the results do not have, and what is left out with care and makes up all of them.

    Raises
    ------
    InputError
        When a replicate is not below their number, when there are no event logs of such results, when a study stays
        inside, or the results are the story of one person, and it is not asked for.
    """
    _check_care(results, choices)
    if choices.events and results.kind not in {"comparison", "run"}:
        accepted = "no --events: the moves of persons are in a comparison or a run"
        raise InputError(f"there are no event logs of a {results.kind}", key="--events", accepted=accepted)
    if choices.replicate is None:
        return
    if results.kind == "run":
        accepted = f"no --replicate: the run is of replicate {results.receipt['replicate']}"
        raise InputError("not of a run", key="--replicate", value=choices.replicate, accepted=accepted)
    if choices.replicate >= results.receipt["replicates"]:
        accepted = f"a whole number from 0 to {results.receipt['replicates'] - 1}"
        raise InputError("out of range", key="--replicate", value=choices.replicate, accepted=accepted)


def _check_care(results: Results, choices: Choices) -> None:
    """Refuse results that are wholly of what is left out, unless it is asked for."""
    inside = results.kind == "study" and not results.receipt["study"]["study"].get("publication", True)
    if inside and "tactics" not in choices.include:
        accepted = "--include tactics, which export.json then says; or a study without publication = false"
        raise InputError("the study says that it stays inside", file=results.folder / "study.toml",
                         key="study.publication", value=False, accepted=accepted)  # fmt: skip
    if results.kind == "person" and "persons" not in choices.include:
        accepted = "--include persons, which export.json then says"
        raise InputError("the story of one synthetic person reads like a portrait", file=results.folder,
                         accepted=accepted)  # fmt: skip


def read_json(path: Path, missing: str, accepted: str) -> dict[str, Any]:
    """Read a file of JSON with a table in it.

    Raises
    ------
    InputError
        When it is not there (``missing`` says what that means), or holds no such thing.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(missing, file=path, accepted=accepted) from None
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise InputError("is not as b8sim wrote it", file=path, accepted=accepted)
    return content


def check_version(receipt: Mapping[str, Any], file: Path) -> None:
    """Refuse what another version of the program made: its files would be described by other law and other words.

    Raises
    ------
    InputError
        When the version or the hash of the sources is another one.
    """
    for key, mine in (("version", sim.__version__), ("source_hash", source_hash())):
        if receipt.get(key) != mine:
            accepted = f"{mine}, of this program; or the version that made it, or the same run made again"
            raise InputError(
                "made by another version of b8sim", file=file, key=key, value=receipt.get(key), accepted=accepted
            )
