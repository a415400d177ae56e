"""The log of forecasts: a line for each figure, with what every camp said before it came; lines are only added."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.files.errors import InputError
from sim.files.toml import read_text
from sim.monitoring.forecasts import Forecasts
from sim.monitoring.weighing import Weighed

CELLS = ("series", "period", "population", "value", "source")


def hash_of(forecasts: Forecasts) -> str:
    """Return a hash of forecasts, by which a log knows them."""
    digest = hashlib.sha256()
    for camp, readings in forecasts.values.items():
        for key in sorted(readings):
            digest.update(repr((camp, key)).encode())
            digest.update(readings[key].tobytes())
    return digest.hexdigest()[:16]


def logged_rows(log: Path, forecasts: Forecasts) -> list[dict[str, str]]:
    """Return the figures of a log, in its order; none where there is no log yet.

    Raises
    ------
    InputError
        When a line is not one of such a log, or was made with other forecasts.
    """
    if not log.exists():
        return []
    rows, now = [], hash_of(forecasts)
    for number, line in enumerate(read_text(log, "JSON lines").splitlines(), start=1):
        try:
            entry = json.loads(line)
            row = {cell: str(entry["figure"][cell]) for cell in CELLS}
            before = entry["forecasts_hash"]
        except (ValueError, KeyError, TypeError):
            accepted = "lines that b8sim monitor wrote"
            raise InputError("not a log of forecasts", file=log, key=f"line {number}", accepted=accepted) from None
        if before != now:
            raise InputError("made with other forecasts", file=log, key=f"line {number}, forecasts_hash", value=before,
                             accepted=f"{now}, or another log")  # fmt: skip
        rows.append(row)
    return rows


def append(log: Path, weighed: Sequence[Weighed], forecasts: Forecasts, today: dt.date) -> None:
    """Add a line for each figure.

    Raises
    ------
    OSError
        When the log cannot be written.
    """
    made = hash_of(forecasts)
    lines = [json.dumps(_entry(one, made, today), ensure_ascii=False, allow_nan=False) for one in weighed]
    with log.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def _entry(one: Weighed, made: str, today: dt.date) -> dict[str, Any]:
    return {
        "logged": today.isoformat(),
        "forecasts_hash": made,
        "figure": one.figure.as_row(),
        "reading": one.figure.target.document.reading.measure,
        "forecast_before": {
            said.camp: {key: _number(getattr(said, key)) for key in ("low", "middle", "high")} for said in one.forecasts
        },
        "effective_sets": {said.camp: _number(said.effective) for said in one.forecasts},
        "inside": {said.camp: said.inside for said in one.forecasts},
        "weight_after": {camp: _number(weight) for camp, weight in one.weight.items()},
    }


def _number(value: float) -> float | None:
    return float(f"{value:.4g}") if math.isfinite(value) else None
