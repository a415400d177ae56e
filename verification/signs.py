"""Sanity of the science: the direction in which each measure must move with a parameter, and extreme worlds."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.evidence.parameters import Parameters
from sim.runs.single import run
from sim.scenarios.scenario import Scenario
from verification.report import table

TABLE = Path(__file__).with_name("signs.toml")
REPLICATES = 3
BETWEEN = 4
"""Points at which to evaluate a measure that must be monotone."""


@dataclass(frozen=True)
class Sign:
    """One row of the table."""

    parameter: str
    regime: str
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    steps: bool = False


@dataclass(frozen=True)
class Move:
    """The move of a measure: the means over replicates at each point, from the low bound to the high one."""

    sign: Sign
    measure: str
    way: int
    means: tuple[float, ...]

    @property
    def holds(self) -> bool:
        """Whether it moved as it must, and monotonically where the table says so."""
        steps = self.way * np.diff(self.means)
        whole = self.way * (self.means[-1] - self.means[0])
        return bool(whole > 0 and (not self.sign.steps or (steps >= -0.02 * whole).all()))


def signs() -> list[Sign]:
    """Read the table."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["sign"]
    return [Sign(**{key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}) for row in rows]


@cache
def small() -> Scenario:
    """Return the scenario of these runs: four years, fewer people, and capacity in proportion where it binds."""
    netherlands = Scenario.load("netherlands")
    values = Parameters.load()
    return netherlands.replace(
        history_from="start",
        start=dt.date(2018, 1, 1),
        end=dt.date(2021, 12, 31),
        inflow={"scale": 0.2},
        capacity={"police.investigation": values.value("police.investigations_at_once") * 0.5},
    )


def levels(scenario: Scenario, regime: str, replicates: int = REPLICATES) -> dict[str, float]:
    """Return the mean of each measure as simulated, for everyone, over replicates."""
    found: dict[str, list[float]] = {}
    for replicate in range(replicates):
        measures = run(scenario, regime, replicate=replicate, throughout=True).measures
        true = measures[(measures["group"] == "all") & (measures["world"] == "simulated")]
        for name, value in zip(true["measure"], true["value"], strict=True):
            found.setdefault(name, []).append(float(value))
    return {name: float(np.mean(values)) for name, values in found.items()}


def points(sign: Sign) -> NDArray[np.float64]:
    """Return the values of the parameter: its bounds, and some between for a monotone measure."""
    passport = Parameters.load().passport(sign.parameter)
    return np.linspace(passport.low, passport.high, BETWEEN if sign.steps else 2)


def moves(sign: Sign, scenario: Scenario | None = None, replicates: int = REPLICATES) -> list[Move]:
    """Run the model at each point and return the move of each measure of a row."""
    scenario = scenario or small()
    results = []
    for value in points(sign):
        changed = scenario.replace(parameters={sign.parameter: float(value)})
        results.append(levels(changed, sign.regime, replicates))
    wanted = [*((name, 1) for name in sign.up), *((name, -1) for name in sign.down)]
    return [Move(sign, name, way, tuple(result[name] for result in results)) for name, way in wanted]


# ---- extreme worlds ----


def extremes() -> list[tuple[str, str, bool]]:
    """Run worlds with a known answer; return (world, what must hold, whether it holds)."""
    rows = []
    for world, (changes, regime, claims) in WORLDS.items():
        found = levels(small().replace(**changes), regime, 1)
        rows += [(world, said, bool(holds(found))) for said, holds in claims.items()]
    rows.append(_knowledge())
    return rows


def _nobody(*stems: str) -> dict[str, float]:
    return {name: 0.0 for name in Parameters.load() if name.startswith(stems)}


def _everybody(stem: str) -> dict[str, float]:
    return {name: 1.0 for name in Parameters.load() if name.startswith(stem)}


WORLDS: Mapping[str, tuple[dict, str, dict]] = {  # type: ignore[type-arg]
    "no victims, no traffickers": (
        {"parameters": {**_nobody("inflow.victim_share_"), "inflow.hidden_victims_per_year": 0.0}},
        "vc_2018",
        {
            "no victim is signalled or never seen": lambda m: m["victims_signalled"] == m["victims_never_seen"] == 0,
            "no lead, suspect or conviction": lambda m: m["networks_with_lead"] == m["networks_convicted"] == 0,
            "no one is exploited or fetched": lambda m: m["exploited_days"] == m["left_unknown_trafficker"] == 0,
            "asylum and Dublin go on": lambda m: m["asylum_granted"] > 100 and m["dublin_transferred"] > 10,
        },
    ),
    "everyone a victim": (
        {"parameters": _everybody("inflow.victim_share_")},
        "vc_2018",
        {
            "strategic claims are impossible": lambda m: m["strategic_claims"] == 0,
            "permits go to victims only": lambda m: m["b8_granted"] == m["b8_granted_victims"] > 100,
            "who leaves is a victim": lambda m: m["left_unknown"] == m["left_unknown_victims"] > 100,
        },
    ),
    "no police": (
        {"capacity": {"avim.intake": 0.0, "avim.report": 0.0}},
        "vc_2018",
        {
            "no report, no permit, no lead": lambda m: m["reports"] == m["b8_granted"] == m["networks_with_lead"] == 0,
            "victims are signalled all the same": lambda m: m["victims_signalled"] > 10,
        },
    ),
    "no return service": (
        {"capacity": {"dtv.transfer": 0.0}},
        "vc_2018",
        {
            "no transfer": lambda m: m["dublin_transferred"] == m["returned_after_transfer"] == 0,
            "claims lapse": lambda m: m["dublin_lapsed"] > 100,
        },
    ),
    "no one is ever signalled": (
        {
            "parameters": {
                "signal.by_staff_per_year": 0.0,
                "signal.comes_forward_per_year": 0.0,
                "control.found_per_year": 0.0,
                "strategic.share": 0.0,
            }
        },
        "vc_2018",
        {"far fewer reports than otherwise": lambda m: m["reports"] < 0.8 * levels(small(), "vc_2018", 1)["reports"]},
    ),
    "no inflow": (
        {"inflow": {"scale": 0.0}},
        "vc_2018",
        {"nothing happens": lambda m: m["victims_signalled"] == m["reports"] == m["asylum_granted"] == 0},
    ),
}


def _knowledge() -> tuple[str, str, bool]:
    """Return whether the rule of 2019 deters more with more knowledge, and not at all without any."""
    falls = []
    for known in (1e-4, 0.5, 1 - 1e-4):
        scenario = small().replace(
            parameters={
                "trait.knowledge": known,
                "report.per_known_loss_of_permit": -3.0,
                "report.per_transfer_not_awaited": 0.0,
            }
        )
        old, new = (levels(scenario, regime, 1)["wish_to_report_victims"] for regime in ("vc_2018", "vc_2019_08"))
        falls.append((old - new) / old)
    holds = falls[0] < falls[1] < falls[2]
    return "everybody knows everything", "the fall in requests to report grows with knowledge", holds


def section() -> str:
    """Return the tables of signs and of extreme worlds."""
    rows = []
    for sign in signs():
        for move in moves(sign):
            way = "up" if move.way > 0 else "down"
            path = " → ".join(f"{mean:.4g}" for mean in move.means)
            rows.append((sign.parameter, sign.regime, move.measure, way, path, "yes" if move.holds else "**no**"))
    worlds = [(world, said, "yes" if holds else "**no**") for world, said, holds in extremes()]
    return (
        "Each parameter is raised from the low to the high end of its range, all else equal, on the same people; "
        f"means over {REPLICATES} replicates.\n\n"
        + table(["parameter", "regime", "measure", "must go", "from low to high", "does"], rows)
        + "\nExtreme worlds:\n\n"
        + table(["world", "what must hold", "does"], worlds)
    )
