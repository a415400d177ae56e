"""Pools whose capacity shrinks, is withdrawn, or never was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.outcomes.pairing import MeasureLabel
from sim.outcomes.pools import pool_labels, pool_measures
from sim.runs.single import Run

START, END, CUT = dt.date(2019, 1, 1), dt.date(2020, 3, 31), dt.date(2019, 9, 1)


def run(**more: Any) -> Run:
    base = sim.Scenario.load("netherlands").replace(history_from="start", start=START, end=END, inflow={"scale": 0.2})
    return sim.run(base.replace(**more), "vc_2018")


def level(of: Run, measure: str) -> float:
    return float(of.measures.query("group == 'all'").set_index("measure")["value"][measure])


@pytest.mark.parametrize(
    ("pool", "first", "later"),
    [
        ("coa.reception", 100.0, 0.0),
        ("coa.reception", 100.0, 10.0),
        ("coa.reception", 100.0, 60.5),
        ("shelter.specialised", 3.0, 0.0),
    ],
)
def test_places_that_are_withdrawn_are_not_used_more_than_they_are_offered(
    pool: str, first: float, later: float
) -> None:
    cut = run(capacity={pool: ({"from": START, "value": first}, {"from": CUT, "value": later})})
    number = cut.world.catalogue.pools.index(pool)
    offered = first * (CUT - START).days + later * (END - CUT).days + later
    assert cut.outcome.state.pool_sums[number, 5] == pytest.approx(offered)
    assert 0 < level(cut, f"utilisation_{pool}") <= 1
    assert level(cut, f"beyond_capacity_{pool}") > 0
    steady = run(capacity={pool: first})
    assert level(steady, f"beyond_capacity_{pool}") == 0


def test_no_capacity_at_all_is_no_utilisation() -> None:
    none = run(capacity={"coa.reception": 0.0, "avim.report": 0.0})
    for pool in ("coa.reception", "avim.report"):
        assert np.isnan(level(none, f"utilisation_{pool}"))
        assert np.isnan(level(none, f"wait_{pool}"))
        assert level(none, f"queue_{pool}") > 0
    assert level(none, "beyond_capacity_coa.reception") == 0


PROGRAMME = """
extends = "netherlands"
[scenario]
history_from = "start"
title = "places for two months"
start = 2019-01-01
end = 2020-03-31
[inflow]
scale = 0.2
[capacity]
"coa.reception" = 20
[[programme]]
name = "more_places"
from = 2019-01-01
until = 2019-02-28
capacity_times = { "coa.reception" = "coordination_centre.intakes_ratio" }
law = ["kst165"]
status = "assumed"
[parameters]
"coordination_centre.intakes_ratio" = 3.0
"""


def test_a_programme_that_ends_withdraws_what_it_added(tmp_path: Path) -> None:
    (tmp_path / "programme.toml").write_text(PROGRAMME)
    ended = sim.run(tmp_path / "programme.toml", "vc_2018")
    assert [ended.world.capacity(ended.world.catalogue.pools.index("coa.reception"), day) for day in (58, 59)] == [
        60,
        20,
    ]
    assert 0.5 < level(ended, "utilisation_coa.reception") <= 1
    assert 0 < level(ended, "beyond_capacity_coa.reception") < 40


def test_labels_are_in_the_order_of_the_measures() -> None:
    pools = ("coa.reception", "elsewhere", "avim.report")
    assert pool_labels(pools)[0] == MeasureLabel("queue_coa.reception", "simulated", "cases")
    assert [label.name for label in pool_labels(pools)] == [f"{kind}_{pool}" for kind, pool in pool_measures(pools)]
