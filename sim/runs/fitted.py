"""The range of each difference over the fitted sets of assumptions, for the country and the rules that were fitted.

The ranges were computed when the sets were run, once for each set; nothing is run here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.files.toml import read_text
from sim.procedures.rulebook import content_hash
from sim.runs.loading import Asked
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

FOLDER: Final = Path(__file__).parent.parent / "evidence" / "ensembles"
"""Where the shipped sets are."""
CAMP: Final = "free"
"""The camp whose range stands beside an interval: the one that imposes no assumption."""
RANGES: Final = "ranges.csv"
UNDER_READINGS: Final = "readings"
"""The folder of the sets that were run again under open readings of the law."""
KEYS: Final = ["measure", "world", "group", "baseline", "reform"]
IGNORED: Final = ("name", "title", "description", "seed", "replicates", "regimes")
"""What of a scenario's head has no part in the question that was put to the fitted sets."""
SIZE: Final = ("persons", "capacities", "scale")
"""What of the inflow decides how many people a country has."""


@dataclass(frozen=True)
class Fitted:
    """Ranges over the fitted sets of a camp.

    Attributes
    ----------
    ranges
        Columns ``measure, world, group, baseline, reform, range_low, range_high``.
    receipt
        For the receipt of a comparison: camp, number of sets and how many of them have other readings of the law,
        people simulated for each, hash of the calibration.
    """

    ranges: pd.DataFrame
    receipt: Mapping[str, Any]

    def beside(self, differences: pd.DataFrame) -> pd.DataFrame:
        """Return a table of differences with ``range_low`` and ``range_high``; empty where none is known."""
        table: pd.DataFrame = differences.merge(self.ranges, on=KEYS, how="left", validate="many_to_one")
        return table


def fitted_ranges(asked: Asked, folder: Path | None = None) -> Fitted | None:
    """Return the ranges over the fitted sets, or None where they answer another question or none was fitted.

    They hold for the whole country of the fitted scenario, with no number, rule or preset changed, under the regimes
    that every set was run with. That the fitted scenario lets part of the applicants have come for the old rule is
    one of the assumptions that vary.

    Parameters
    ----------
    asked
        The comparison.
    folder
        A folder that ``b8sim validate DIR --ship FOLDER`` wrote; the shipped one by default.
    """
    import pandas as pd  # late, as in `sim.runs.comparison`

    where = FOLDER if folder is None else folder
    receipt = receipt_that_answers(asked, where)
    if receipt is None:
        return None
    table = pd.read_csv(where / RANGES)
    table = table[table["camp"] == CAMP].rename(columns={"low": "range_low", "high": "range_high"})
    said = {
        "camp": CAMP,
        "sets": int(table["sets"].iloc[0]),
        "under_other_readings": under_other_readings(receipt),
        "persons": receipt["persons"],
        "replicates": receipt["replicates"],
        "calibration_hash": receipt["calibration_hash"],
    }
    return Fitted(table[[*KEYS, "range_low", "range_high"]], said)


def under_other_readings(receipt: Mapping[str, Any]) -> int:
    """Return how many sets of the camp were run under drawn answers to open legal questions, and fit."""
    camps: Mapping[str, Any] = receipt.get("open_readings", {"camps": {}})["camps"]
    return int(camps[CAMP]["fit"]) if CAMP in camps else 0


def receipt_that_answers(asked: Asked, where: Path) -> dict[str, Any] | None:
    """Return the receipt of the fitted sets in a folder, or None where none fits or they answer another question."""
    if not (where / "receipt.json").exists():
        return None
    receipt: dict[str, Any] = json.loads(read_text(where / "receipt.json", "JSON"))
    camp = receipt["camps"].get(CAMP)
    return receipt if camp and camp["accepted"] and is_same_question(asked, receipt) else None


def is_same_question(asked: Asked, receipt: Mapping[str, Any]) -> bool:
    """Return whether a comparison asks what the sets of a receipt were run for.

    The receipt says for what: the country with its history, the rules, the behaviour and the numbers of then. What
    ships may have changed since.
    """
    baseline, *reforms = receipt["compared"]
    names = [regime.name for regime in asked.regimes]
    if names[0] != baseline or not set(names[1:]) <= set(reforms):
        return False
    return is_whole(asked.scenario) and _as_fitted(asked, receipt)


def is_whole(scenario: Scenario) -> bool:
    """Return whether a scenario has the people of the whole country, and its capacities as they are."""
    inflow = scenario.document.inflow
    return inflow.persons is None and inflow.scale in (None, 1.0) and inflow.capacities == "as_given"


def _as_fitted(asked: Asked, receipt: Mapping[str, Any]) -> bool:
    """Return whether country, rules, behaviour and numbers are those of a receipt, but for the number of people."""
    if asked.own_files or country_of(asked.scenario) != receipt.get("country"):
        return False
    if content_hash(asked.scenario.behaviour) != receipt.get("behaviour_hash"):
        return False
    rules = dict(zip(receipt["regimes"], receipt["regime_hashes"], strict=True))
    numbers = dict(zip(receipt["regimes"], receipt["parameters_hashes"], strict=True))
    known = [regime for regime in asked.regimes if regime.name in rules]
    return all(
        regime.hash() == rules[regime.name]
        and asked.scenario.parameter_values(regime.parameter_values).hash() == numbers[regime.name]
        for regime in known
    )


def receipt_of_country(asked: Asked, where: Path) -> dict[str, Any] | None:
    """Return the receipt of the fitted sets in a folder if they are of the country of a scenario, else None.

    The number of people may differ, and the regimes.
    """
    if not (where / "receipt.json").exists():
        return None
    receipt: dict[str, Any] = json.loads(read_text(where / "receipt.json", "JSON"))
    camp = receipt["camps"].get(CAMP)
    return receipt if camp and camp["accepted"] and _as_fitted(asked, receipt) else None


def country_of(scenario: Scenario) -> dict[str, Any]:
    """Return what decides the country: all of a scenario but its words, seed and size, and what the sets vary."""
    country = scenario.document.model_dump(mode="json")
    country["scenario"] = {key: value for key, value in country["scenario"].items() if key not in IGNORED}
    country["inflow"] = {k: value for k, value in country["inflow"].items() if k not in {*SIZE, "drawn_from"}}
    return country
