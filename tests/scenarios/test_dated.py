"""The day from which a history begins, in every form that a file or a call can give it (`sim.scenarios.dated`)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scenario_files import GOOD, changed, load, write

import sim
from sim.scenarios.dated import DatedCapacity, history_day

DAY = dt.date(2012, 1, 1)


@pytest.mark.parametrize(
    ("given", "day"),
    [(2012, DAY), (DAY, DAY), ("2012-01-01", DAY), ("start", None), (None, None), ("2012-06-30", dt.date(2012, 6, 30))],
)
def test_a_year_a_date_a_text_or_none(given: Any, day: dt.date | None) -> None:
    assert history_day(given) == day


@pytest.mark.parametrize("given", [True, 2012.5, "2012", "2012-13-01", "none", 0, 10**6, dt.datetime(2012, 1, 1)])
def test_anything_else_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="takes a year such as 2012"):
        history_day(given)


def test_a_child_takes_the_history_over_or_takes_it_away(tmp_path: Path) -> None:
    write(tmp_path, changed("start       =", "history_from = 2012\nstart       ="), "parent.toml")
    child = 'extends = "parent"\n[scenario]\ntitle = "A child"\n'
    scenario = load(tmp_path, child)
    assert (scenario.first_day, scenario.start) == (DAY, dt.date(2019, 1, 1))
    assert load(tmp_path, child + 'history_from = "start"\n').first_day == dt.date(2019, 1, 1)
    assert load(tmp_path, child + "start = 2019-05-01\n").first_day == DAY


def test_a_call_can_set_it_and_a_text_keeps_it(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    for given in (2012, np.int64(2012), "2012-01-01", DAY):
        replaced = scenario.replace(history_from=given)
        assert replaced.first_day == DAY
    assert load(tmp_path, replaced.text()).hash() == replaced.hash() != scenario.hash()
    assert replaced.replace(history_from="start").hash() == scenario.hash()
    assert "History" in replaced._repr_html_()
    assert "History" not in scenario._repr_html_()


def test_the_shipped_one_has_a_history_and_says_so() -> None:
    scenario = sim.Scenario.load("netherlands")
    assert (scenario.first_day, scenario.start) == (dt.date(2003, 1, 1), dt.date(2017, 1, 1))
    small = scenario.replace(inflow={"scale": 0.01}, end="2017-03-31")
    said: list[str] = []
    run = sim.run(small, "vc_2018", heed=lambda notice: said.append(notice.line()))
    assert "history from 2003-01-01 (first applicants from 2007-01-01): 1,8" in said[0]
    assert "not measured until then" in said[0]
    assert "assumed" not in said[0].partition("history")[2].partition(";")[0]
    assert run.receipt["history_from"] == "2003-01-01"
    earlier: list[str] = []
    longest = small.replace(history_from=2000, inflow={"applicants_from": 2000})
    sim.run(longest, "vc_2018", heed=lambda notice: earlier.append(notice.line()))
    assert "years before 2002 have the first applications of that year (assumed)" in earlier[0]
    assert sim.run(small.replace(history_from="start"), "vc_2018").receipt["history_from"] == "none"


def test_a_capacity_is_a_number_or_a_ratio() -> None:
    assert DatedCapacity.model_validate({"from": DAY, "value": 3.0}).value == 3.0
    assert (
        DatedCapacity.model_validate({"from": DAY, "times": "ind.asylum_ratio_2018"}).times == "ind.asylum_ratio_2018"
    )
    for wrong in ({"from": DAY}, {"from": DAY, "value": 3.0, "times": "ind.asylum_ratio_2018"}):
        with pytest.raises(ValueError, match="one of the two"):
            DatedCapacity.model_validate(wrong)
    with pytest.raises(ValueError, match="lies before from"):
        DatedCapacity.model_validate({"from": DAY, "until": DAY - dt.timedelta(days=1), "value": 3.0})
