"""How small countries are measured beside the whole one (`verification.small_countries`), on less than a year."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import sim
from verification.small_countries import MEASURES, WHOLE, Nearness, bias, changes, nearness, scenario

YEAR = scenario().replace(start=dt.date(2019, 6, 1), end=dt.date(2020, 1, 31))


def test_differences_are_per_thousand_people_of_each_country() -> None:
    found = bias({0.1: 3}, 2, YEAR)
    assert [(one.share, one.measure) for one in found] == [(share, m) for share in (0.1, 1.0) for m in MEASURES]
    small, whole = found[0].people, found[-1].people
    assert small == pytest.approx(whole / 10, rel=0.02)
    session = sim.Session(YEAR, ("vc_2018", "vc_2019_08"))
    row, group = session.row("left_unknown"), session.groups.index("dublin")
    values = [reading.values[1, row, group] - reading.values[0, row, group] for reading in session.readings(2)]
    of_whole = next(one for one in found if one.share == 1.0 and one.measure == "left_unknown")
    assert of_whole.difference.mean == pytest.approx(np.mean(values) * 1000 / whole)


def test_a_preview_is_set_beside_the_truth_and_the_small_country_alone() -> None:
    found = nearness(YEAR, persons=3000, small=4, whole=2, tried=("om.needed_base", "capacity.avim.report"))
    assert [one.kind for one in found] == ["preview"] * 4 + ["direction only"] * 4
    assert [one.measure for one in found] == [*MEASURES, *MEASURES]
    assert all(np.isfinite([*one.truth, *one.alone, *one.shown]).all() for one in found)
    assert all(half >= 0 for one in found for _, half in (one.truth, one.alone, one.shown))


def test_intervals_that_meet_cover() -> None:
    near = Nearness("x", "preview", "m", truth=(1.0, 0.2), alone=(0.0, 0.1), shown=(1.4, 0.3))
    assert near.is_covered
    assert not Nearness("x", "preview", "m", truth=(1.0, 0.2), alone=(0.0, 0.1), shown=(1.6, 0.3)).is_covered


def test_what_is_tried_exists_and_moves_both_kinds() -> None:
    session = sim.Session(scenario(), ("vc_2018",))
    names = {name for _, change in changes(session) for name in change}
    assert names <= set(session.movable)
    assert all(np.isfinite(value) for _, change in changes(session) for value in change.values())
    assert WHOLE > 1
