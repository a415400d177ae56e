"""Fitted sets of two camps with made-up readings, in the folder that ``b8sim validate --ship`` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibration.targets import load_targets

READINGS: Mapping[str, tuple[float, float]] = {
    "registrations_2019 recorded NGA": (500.0, 250.0),
    "registrations_2019 recorded UGA": (90.0, 90.0),
    "registrations_2020 recorded NGA": (200.0, 400.0),
    "registrations_2021 recorded NGA": (200.0, 400.0),
    "left_unknown_2019 simulated NGA": (980.0, 980.0),
    "requests_2019_q4 simulated all": (60.0, 240.0),
    "reports_2019 simulated all": (100.0, 100.0),
    "reports_2020 simulated all": (80.0, 120.0),
}
"""Reading: its middle in the two camps."""


def made_ensembles(folder: Path, *, sets: int = 40, accepted: Mapping[str, bool] | None = None, seed: int = 1) -> Path:
    """Write them: values of both camps spread by a tenth, and what they do to the rule differs between sets."""
    rng, camps = np.random.default_rng(seed), ("first", "second")
    folder.mkdir(parents=True, exist_ok=True)
    titles = {"first": {"en": "The first", "nl": "De eerste"}, "second": {"en": "The second", "nl": "De tweede"}}
    targets = load_targets()
    receipt = {
        "format": 1,
        "scenario": "netherlands",
        "lived": "historical",
        "compared": ["vc_2018", "vc_2019_08"],
        "persons": 1000,
        "replicates": 1,
        "seed": 1,
        "fitted": [name for name, target in targets.items() if target.fitted],
        "held_out": [name for name, target in targets.items() if not target.fitted],
        "camps": {
            camp: {
                "title": titles[camp],
                "why": "made up",
                "kept": {},
                "presets": "none",
                "accepted": (accepted or {}).get(camp, True),
            }
            for camp in camps
        },
    }
    (folder / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    for place, camp in enumerate(camps):
        spread = rng.normal(size=sets)
        table = {"set": np.arange(sets), "wave": 1, "assumption report.base": spread}
        for name, middles in READINGS.items():
            table[f"reading historical {name}"] = middles[place] * np.exp(0.1 * rng.normal(size=sets))
        # The difference between the rules hangs on the same number as the requests of a quarter do.
        table["reading historical requests_2019_q4 simulated all"] *= np.exp(0.5 * spread)
        table["reading vc_2018 b8_granted simulated all"] = np.full(sets, 500.0)
        table["reading vc_2019_08 b8_granted simulated all"] = 400.0 - 50.0 * spread
        pd.DataFrame(table).to_csv(folder / f"{camp}.csv", index=False)
    return folder
