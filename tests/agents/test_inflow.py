"""Who comes and when (`sim.agents.inflow`), held against the published figures."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.agents.inflow import Month, first_applications, months_between, published_years
from sim.evidence.observed import observed
from sim.procedures.traits import GROUPS

MONTHS = months_between(dt.date(2017, 1, 1), dt.date(2019, 12, 31))


def published(group: str, year: int) -> int:
    table = observed(f"asylum_applications_{group}")
    (value,) = table[(table.period == str(year)) & table.population.str.contains("first-time")].value
    return int(value)


@pytest.mark.parametrize("year", [2017, 2018, 2019])
def test_a_year_has_the_published_applications(year: int) -> None:
    of_year = [month.year == year for month in MONTHS]
    counts = first_applications(MONTHS)[of_year].sum(axis=0)
    # The months are from other publications than the year.
    assert counts.sum() == pytest.approx(published("all", year), rel=0.005)
    for number, group in enumerate(GROUPS[:-1]):
        assert counts[number] == pytest.approx(published(group, year), abs=1), group


def test_a_published_month_or_quarter_is_kept() -> None:
    nigeria = dict(zip(map(str, MONTHS), first_applications(MONTHS)[:, 0].tolist(), strict=True))
    for period, value in observed("asylum_nigeria_month")[["period", "value"]].itertuples(index=False):
        year, part = period.split("-")
        if year not in ("2018", "2019"):
            continue
        first = int(part[1:]) * 3 - 2 if part.startswith("Q") else int(part)
        length = 3 if part.startswith("Q") else 1
        found = sum(nigeria[str(Month(int(year), month))] for month in range(first, first + length))
        assert found == pytest.approx(int(value), abs=1), period


def test_part_of_a_year_is_the_same_months_of_the_whole() -> None:
    some = months_between(dt.date(2018, 11, 1), dt.date(2019, 2, 28))
    assert [str(month) for month in some] == ["2018-11", "2018-12", "2019-01", "2019-02"]
    whole = first_applications(MONTHS)[[MONTHS.index(month) for month in some]]
    assert np.abs(first_applications(some) - whole).max() <= 1, "apart from rounding"


def test_months_and_years() -> None:
    assert [Month(2020, 2).days, Month(2019, 2).days, Month(2019, 12).days] == [29, 28, 31]
    assert {2017, 2019, 2023} <= set(published_years())
    unpublished = Month(published_years().stop, 1)
    assert first_applications([unpublished]).sum() == 0
