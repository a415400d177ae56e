"""Default + change (`sim.runs.preview`), against the whole country. At length: verification/small_countries.py."""

from __future__ import annotations

import datetime as dt
import threading
from functools import cache

import numpy as np
import pytest

import sim
from sim.files.errors import InputError
from sim.outcomes.intervals import mean_interval
from sim.outcomes.measures import Measures
from sim.runs.preview import GROWS, STAYS, UNKNOWN, Sample, SmallCountry, default_plus_change, sizes_of

REGIMES = ["vc_2018", "vc_2019_08"]
YEAR = sim.Scenario.load("netherlands").replace(
    history_from="start", start=dt.date(2019, 6, 1), end=dt.date(2020, 3, 31)
)
CHANGE = {"om.needed_base": -6.0, "leaves.transfer_per_year": 0.1}


@cache
def whole() -> sim.Session:
    return sim.Session(YEAR, REGIMES, seed=2)


@cache
def small() -> SmallCountry:
    return SmallCountry(whole(), persons=4000, replicates=3)


def test_it_is_near_what_the_whole_country_shows() -> None:
    shown = small().preview(CHANGE, replicates=12)
    assert shown.kind == "preview"
    whole().set(CHANGE)
    truth = np.stack([reading.values for reading in whole().readings(3, first=50)])
    whole().set({})
    group = whole().groups.index("dublin")
    default = small().default.values.mean(axis=0)
    for measure in ("b8_granted", "left_unknown", "dublin_transferred", "reports"):
        row = whole().row(measure)
        level, expected = shown.level, mean_interval(truth[:, :, row, group])
        low = level.low[:, row, group] - (expected.high - expected.mean)
        high = level.high[:, row, group] + (expected.high - expected.mean)
        assert (low <= expected.mean).all(), measure
        assert (expected.mean <= high).all(), measure
    # The change is far from nothing, and what is shown goes nearly all the way.
    row = whole().row("left_unknown")
    change = truth.mean(axis=0)[1, row, group] - default[1, row, group]
    assert abs(change) > 50
    assert shown.level.mean[1, row, group] - default[1, row, group] == pytest.approx(change, rel=0.3)


def test_without_a_change_it_is_the_default() -> None:
    shown = small().preview({}, replicates=2)
    values = small().default.values
    known = ~np.isnan(shown.level.mean)
    assert known.mean() > 0.5
    np.testing.assert_allclose(shown.level.mean[known], mean_interval(values).mean[known])
    expected = mean_interval(values[:, 1:] - values[:, :1])
    row, group = whole().row("b8_granted"), whole().groups.index("all")
    np.testing.assert_allclose(shown.difference.low[0, row, group], expected.low[0, row, group])


def test_replicates_are_others_than_those_of_the_default_and_are_kept() -> None:
    small().preview({"report.base": 0.5}, replicates=2)
    assert min(small()._before) == small().replicates
    kept = dict(small()._before)
    small().preview({"report.base": 0.6}, replicates=2)
    assert all(small()._before[k] is values for k, values in kept.items())


def test_a_change_of_queues_is_marked() -> None:
    assert small().preview({"capacity.avim.report": 1.0}, replicates=2).kind == "direction only"


def test_cancelled_it_shows_what_is_finished() -> None:
    cancel = threading.Event()
    cancel.set()
    shown = small().preview(CHANGE, replicates=5, cancel=cancel)
    assert np.isnan(shown.level.mean).all()


def test_mistakes_are_told() -> None:
    with pytest.raises(InputError, match="unknown parameter"):
        small().preview({"nothing": 1.0})
    with pytest.raises(InputError, match="replicates"):
        small().preview(CHANGE, replicates=1)
    with pytest.raises(InputError, match="persons"):
        SmallCountry(whole(), persons=0)
    fewer = sim.Session(YEAR.replace(inflow={"scale": 0.1}), REGIMES)
    with pytest.raises(InputError, match="a small country beside a small country"):
        SmallCountry(fewer)


def test_counts_grow_with_a_country_and_shares_do_not() -> None:
    sizes = dict(zip(whole().labels, sizes_of(Measures.load(), whole().labels), strict=True))
    by_name = {(label.name, label.world): size for label, size in sizes.items()}
    for name in ("b8_granted", "reports", "protected_days", "queue_avim.report"):
        assert by_name[name, "simulated"] == GROWS, name
    for name in ("report_wait_days", "om_target_met", "leads_per_report", "wait_avim.report"):
        assert by_name[name, "simulated"] == STAYS, name
    assert by_name["networks_convicted", "simulated"] == UNKNOWN
    assert by_name["registrations", "recorded"] == GROWS


def test_the_interval_covers_what_it_says() -> None:
    """Of the sum of two means of normal draws with other spreads and numbers, in 95% of 2,000 samples."""
    random, covered = np.random.default_rng(1), 0
    sizes = np.array([GROWS, STAYS])
    for _ in range(2000):
        default = Sample(random.normal(100.0, 3.0, (5, 2, 2, 1)), 1000)
        before = random.normal(10.0, 2.0, (12, 2, 2, 1))
        after = Sample(before + random.normal(1.0, 0.3, before.shape), 100)
        shown = default_plus_change(default, Sample(before, 100), after, sizes, "preview")
        covered += shown.level.low[0, 0, 0] <= 110.0 <= shown.level.high[0, 0, 0]
        covered += shown.level.low[1, 1, 0] <= 101.0 <= shown.level.high[1, 1, 0]
    assert 0.935 < covered / 4000 < 0.965
