"""Changing a scenario from Python (`sim.scenarios.changes`): values as a caller has them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.files.errors import InputError
from sim.scenarios.changes import plain

SHIPPED = sim.Scenario.load("netherlands")


@pytest.mark.parametrize(
    "day",
    [
        "2019-08-01",
        dt.date(2019, 8, 1),
        dt.datetime(2019, 8, 1),
        pd.Timestamp("2019-08-01"),
        np.datetime64("2019-08-01"),
    ],
)
def test_a_date(day: Any) -> None:
    assert SHIPPED.replace(start=day).start == dt.date(2019, 8, 1)


@pytest.mark.parametrize(
    "day",
    [
        "01-08-2019",
        "2019-8-1",
        "20190801",
        "2019-02-30",
        "2019-08-01T00:00",
        dt.datetime(2019, 8, 1, 3),
        None,
        2019,
        True,
    ],
)
def test_what_is_no_date_is_refused(day: Any) -> None:
    with pytest.raises(InputError, match=r"scenario\.end: not a date") as caught:
        SHIPPED.replace(end=day)
    assert '"2019-08-01"' in str(caught.value)


def test_numbers_of_numpy() -> None:
    changed = SHIPPED.replace(
        seed=np.int64(3),
        replicates=np.uint8(4),
        throughout=np.bool_(True),
        inflow={"scale": np.float32(0.5)},
        parameters={"dublin.accepted_other": np.float64(0.5)},
        capacity={"avim.report": np.int32(4), "ind.asylum": [{"from": dt.date(2019, 1, 1), "value": np.float64(2)}]},
    )
    same = SHIPPED.replace(
        seed=3,
        replicates=4,
        throughout=True,
        inflow={"scale": 0.5},
        parameters={"dublin.accepted_other": 0.5},
        capacity={"avim.report": 4, "ind.asylum": [{"from": dt.date(2019, 1, 1), "value": 2.0}]},
    )
    assert changed.hash() == same.hash()
    assert "np." not in changed.text()
    assert type(plain({"a": [np.float64(1)]})["a"][0]) is float


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"seed": np.float64(3)}, "scenario.seed: wrong type"),
        ({"seed": np.True_}, "scenario.seed: wrong type"),
        ({"replicates": -1}, "scenario.replicates: too small"),
        ({"inflow": {"scale": float("nan")}}, "inflow.scale: not a finite number"),
        ({"inflow": {"scale": np.inf}}, "inflow.scale: not a finite number"),
        ({"capacity": {"avim.report": float("nan")}}, "capacity.avim.report: not a finite number"),
        ({"capacity": {"avim.report": True}}, "capacity.avim.report: wrong type"),
        ({"capacity": {"avim": {"report": 4}}}, 'a name with a point is written in quotes: "avim.report"'),
        ({"parameters": {"strategic": {"share": 0.1}}}, 'a name with a point is written in quotes: "strategic.share"'),
        ({"parameters": {"dublin.accepted_other": float("nan")}}, "parameters.dublin.accepted_other: not possible"),
        ({"parameters": {"dublin.accepted_other": "0,5"}}, "parameters.dublin.accepted_other: wrong type"),
        ({"switches": {"word_of_mouth": "yes"}}, "switches.word_of_mouth: wrong type"),
        ({"shocks": "transfers_stopped"}, "shocks: not a list"),
        ({"programmes": 3}, "programmes: not a list"),
        ({"regimes": [3]}, "scenario.regimes[0]: wrong type"),
        ({"behaviour": 3}, "scenario.behaviour: wrong type"),
        ({"throughout": 1}, "scenario.throughout: wrong type"),
    ],
)
def test_what_is_refused_is_named(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        SHIPPED.replace(**changes)
    assert told in str(caught.value)


@pytest.mark.parametrize("given", [["H5"], ("H5", "H11"), 5, None])
def test_hypotheses_are_given_one_by_one(given: Any) -> None:
    with pytest.raises(InputError, match="not the name of a hypothesis") as caught:
        SHIPPED.under(given)
    assert 'under("H5", "H11")' in str(caught.value)
