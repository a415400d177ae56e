"""Fitted sets of a small calibration, with a receipt as if they had been fitted to what ships now."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from sim.procedures.rulebook import content_hash
from sim.runs.fitted import country_of
from sim.runs.loading import asked_of
from sim.scenarios.scenario import Scenario

KEPT = Path(__file__).parent / "calibration" / "ensembles"


def fitted_today(folder: Path, scenario: str = "netherlands_drawn") -> Path:
    """Copy the kept sets to a folder; their receipt says country, rules and numbers that a scenario has today."""
    shutil.copytree(KEPT, folder)
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    asked = asked_of(Scenario.load(scenario), ["historical", *receipt["compared"]])
    numbers = [asked.scenario.parameter_values(regime.parameter_values) for regime in asked.regimes]
    receipt |= {
        "scenario": scenario,
        "country": country_of(asked.scenario),
        "behaviour_hash": content_hash(asked.scenario.behaviour),
        "regimes": [regime.name for regime in asked.regimes],
        "regime_hashes": [regime.hash() for regime in asked.regimes],
        "parameters_hashes": [values.hash() for values in numbers],
    }
    (folder / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    return folder
