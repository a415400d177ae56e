"""Periods of figures (`sim.monitoring.periods`)."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.monitoring.periods import days_of, suffix_of


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2020", (2020, 1, 1), (2020, 12, 31)),
        ("2020-H2", (2020, 7, 1), (2020, 12, 31)),
        ("2020-Q1", (2020, 1, 1), (2020, 3, 31)),
        ("2020-02", (2020, 2, 1), (2020, 2, 29)),
        ("2020-07-01..2020-11-20", (2020, 7, 1), (2020, 11, 20)),
        ("2019-01..2019-05", (2019, 1, 1), (2019, 5, 31)),
    ],
)
def test_days(period: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert days_of(period) == (dt.date(*first), dt.date(*last))


@pytest.mark.parametrize("period", ["", "last year", "2020-Q5", "2020-13", "2020-02-30", "2020..2019"])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- some are told by the calendar
        days_of(period)


def test_names_of_measures_end_with_the_period() -> None:
    assert [suffix_of(period) for period in ("2020", "2020-Q3", "2020-07")] == ["_2020", "_2020_q3", "_2020_07"]
