"""Studies of few people and days, for the tests of sweeps."""

from __future__ import annotations

from typing import Any

from sim.studies.study import Study

HEAD = {"persons": 300, "start": "2019-06-01", "end": "2020-03-31", "replicates": 2, "seed": 3}
TWO = {"report.base": (0.5, 2.5), "leaves.transfer_per_year": "passport"}


def small_study(kind: str = "latin_hypercube", **changes: Any) -> Study:
    """Return a small study; ``changes`` are arguments of `Study.of`, those of the design begin with ``design_``."""
    import datetime as dt

    design = {key.removeprefix("design_"): changes.pop(key) for key in list(changes) if key.startswith("design_")}
    if kind in ("latin_hypercube", "sobol", "morris", "saltelli"):
        design.setdefault("points", 4)
    given: dict[str, Any] = {
        **HEAD,
        "start": dt.date.fromisoformat(HEAD["start"]),
        "end": dt.date.fromisoformat(HEAD["end"]),
        "parameters": TWO,
        "measures": ("wish_to_report", "b8_granted", "report_wait_days"),
        **changes,
    }
    return Study.of("netherlands", ["vc_2018", "vc_2019_08"], design={"kind": kind, **design}, **given)


TEXT = """
[study]
title      = "A small study"
scenario   = "netherlands"
regimes    = ["vc_2018", "vc_2019_08"]
start      = 2019-06-01
end        = 2020-03-31
persons    = 300
replicates = 2
seed       = 3
measures   = ["wish_to_report", "b8_granted", "report_wait_days"]
groups     = ["all", "dublin"]

[design]
kind   = "latin_hypercube"
points = 6

[parameters]
"report.base"              = [0.5, 2.5]
"leaves.transfer_per_year" = "passport"
"""
"""A small study as a file."""
