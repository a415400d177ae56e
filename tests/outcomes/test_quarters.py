"""Measures of each quarter."""

from __future__ import annotations

import datetime as dt
import itertools

from sim.outcomes.measures import Measures
from sim.outcomes.quarters import each_quarter

TABLE = {
    "area": "x",
    "title": {"en": "Asked", "nl": "Vroegen"},
    "kind": "persons",
    "steps": ["b8.report"],
    "years": [2019, 2020],
}


def test_quarters_cover_their_years_without_gap() -> None:
    found = dict(each_quarter("asked", TABLE))
    assert list(found) == [f"asked_{year}_q{quarter}" for year in (2019, 2020) for quarter in (1, 2, 3, 4)]
    spans = [table["between"] for table in found.values()]
    assert (spans[0][0], spans[-1][1]) == (dt.date(2019, 1, 1), dt.date(2020, 12, 31))
    assert all(one[1] + dt.timedelta(1) == other[0] for one, other in itertools.pairwise(spans))
    assert found["asked_2020_q3"]["title"] == {
        "en": "Asked, third quarter of 2020",
        "nl": "Vroegen, derde kwartaal van 2020",
    }


def test_those_that_ship_are_measures_that_a_study_can_name() -> None:
    dated = Measures.dated().measure
    assert dated["requests_2019_q3"].between == (dt.date(2019, 7, 1), dt.date(2019, 9, 30))
    assert "b8_granted_2020_q4" in dated
    assert "requests_2021_q1" not in dated
