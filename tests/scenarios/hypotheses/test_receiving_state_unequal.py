"""H13: transferred victims report less, are exploited again more, and come back more; transfers then cost safety."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from proportions import proportional, run, value, with_many_victims

from sim.scenarios.scenario import Scenario

PLAIN = with_many_victims(proportional(0.1, end=dt.date(2021, 6, 30)))
TRUST = {"abroad.reports_per_year": 6.0, "abroad.finds_protection": 0.9, "control.re_exploited_abroad_ratio": 0.3}
"""The rival, mutual trust: nearly all report, nearly all are protected, the risk is no greater than here."""
OLD, NEW = "vc_2018", "vc_2019_08"
REPLICATES = range(4)


@cache
def worlds() -> dict[str, Scenario]:
    return {"on": PLAIN.under("H13"), "plain": PLAIN, "trust": PLAIN.replace(parameters=TRUST)}


def transferred(world: str, regime: str = NEW) -> float:
    runs = (run(worlds()[world], regime, k, True) for k in REPLICATES)
    return sum(value(of, "dublin_transferred_victims") for of in runs)


def share(world: str, measure: str, regime: str = NEW) -> float:
    """Share of transferred victims in all replicates together."""
    runs = [run(worlds()[world], regime, k, True) for k in REPLICATES]
    return sum(value(of, measure) * value(of, "dublin_transferred_victims") for of in runs) / transferred(world, regime)


@pytest.mark.parametrize(
    ("measure", "on", "plain", "trust"),
    [
        ("reported_abroad", (0.05, 0.25), (0.4, 0.6), (0.8, 1.0)),
        ("re_exploited_after_transfer", (0.2, 0.6), (0.02, 0.12), (0.0, 0.05)),
        ("victims_returned_after_transfer", (0.35, 0.7), (0.1, 0.25), (0.0, 0.12)),
    ],
)
def test_what_becomes_of_transferred_victims(
    measure: str, on: tuple[float, float], plain: tuple[float, float], trust: tuple[float, float]
) -> None:
    assert transferred("on") > 150
    for world, (least, most) in {"on": on, "plain": plain, "trust": trust}.items():
        assert least <= share(world, measure) <= most, world


def test_a_rule_that_transfers_more_then_brings_more_exploitation() -> None:
    def more(world: str) -> float:
        """Victims exploited again after a transfer: how many more under the new rule."""
        new, old = (
            share(world, "re_exploited_after_transfer", regime) * transferred(world, regime) for regime in (NEW, OLD)
        )
        return new - old

    assert transferred("on", NEW) > 1.3 * transferred("on", OLD)
    assert more("on") > 15
    assert more("trust") < 3


def test_what_happens_here_before_a_transfer_is_the_same() -> None:
    for world in ("on", "trust"):
        assert abs(transferred(world) / transferred("plain") - 1) < 0.1
