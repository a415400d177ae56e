"""Periods of published figures: days that they cover, and how measures of such a period are named."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

_YEAR = re.compile(r"(\d{4})")
_HALF = re.compile(r"(\d{4})-H([12])")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RANGE = re.compile(r"(.+)\.\.(.+)")
FORMS: Final = "2020, 2020-H1, 2020-Q3, 2020-07, 2020-07-15, or two of these with .. between"
SUFFIX: Final = re.compile(r"_\d{4}(?:_\w+)?$")
"""The period at the end of the name of a measure."""


def days_of(period: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a period.

    Raises
    ------
    ValueError
        When it is none of `FORMS`, or ends before it begins.
    """
    if found := _RANGE.fullmatch(period):
        first, last = days_of(found[1])[0], days_of(found[2])[1]
        if first > last:
            raise ValueError("ends before it begins")
        return first, last
    if _DAY.fullmatch(period):
        day = dt.date.fromisoformat(period)
        return day, day
    for form, months in ((_YEAR, 12), (_HALF, 6), (_QUARTER, 3), (_MONTH, 1)):
        if found := form.fullmatch(period):
            year, number = int(found[1]), int(found[2]) if found.lastindex == 2 else 1
            month = (number - 1) * months + 1
            last_month = month + months - 1
            return dt.date(year, month, 1), dt.date(year, last_month, calendar.monthrange(year, last_month)[1])
    raise ValueError("no period")


def suffix_of(period: str) -> str:
    """Return how names of measures of a period end: ``_2020``, ``_2020_q3``, ``_2020_07``."""
    return "_" + period.casefold().replace("-", "_")
