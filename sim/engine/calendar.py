"""Days, working days and the last day of a term, as tables that the kernel can index.

The engine counts whole days; day 0 is the first day of the scenario. A term that starts on day `d` runs from
the day after `d`: the day of the event itself does not count.

Three kinds of days matter, and they are not the same:

- **public holidays**: the eight days of article 3(1) of the Algemene termijnenwet (the Dutch act on terms),
  5 May in every year among them. Authorities are closed on them and at weekends;
- **days equated with a holiday**, for national terms only: Good Friday, article 3(2), and the days named by
  royal decree, article 3(3), which `equated_days.toml` lists. Authorities work on these days;
- **public holidays for European terms**: those that the law of the member state designates, Regulation
  1182/71, article 2(1). They are read here as the eight days of article 3(1): Good Friday is equated "for the
  application of this act" only, so it counts as a working day. The list that the Netherlands sends to the
  Commission was not available.

Which rule governs which clock is data. Three cautions for the author of that data: the Algemene termijnenwet
covers terms in an act or an order in council, not those in policy rules; it does not cover detention
(article 4(c)); and the Dublin Regulation counts its periods by its own article 42, which includes weekends
and holidays and does not mention an extension.

Source
------
Algemene termijnenwet (BWBR0002448), articles 1 to 4; Regulation (EEC, Euratom) 1182/71, articles 2 and 3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from sim.files.errors import InputError
from sim.files.toml import read_toml

Unit: TypeAlias = Literal["hours", "days", "working_days", "weeks", "months", "years"]
Rule: TypeAlias = Literal["none", "national", "eu"]
Dates: TypeAlias = NDArray[np.datetime64]
Days: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

EQUATED_DAYS_FILE: Final = Path(__file__).with_name("equated_days.toml")
MARGIN_MONTHS: Final = 36
HOURS_PER_DAY: Final = 24
FIRST_YEAR: Final = 1990  # 5 May is a holiday in the act since this year
LAST_YEAR: Final = 2096  # the package with the holidays goes to 2100; the margin takes three years

# The longest term, per unit, to which the Algemene termijnenwet applies (article 4(a)); absent: not at all.
LONGEST_NATIONAL: Final[dict[str, int]] = {"days": 90, "working_days": 90, "weeks": 12, "months": 3}
# Days from which on a term holds two working days (Algemene termijnenwet, art. 2; 1182/71, art. 3(5)).
SHORTEST_WITH_TWO_WORKING_DAYS: Final[dict[str, int]] = {"national": 3, "eu": 2}
# What a term of one unit amounts to at least; working days need no such care.
DAYS_PER_UNIT: Final[dict[str, int]] = {"days": 1, "weeks": 7, "months": 28, "years": 365}


class Calendar:
    """The days from the start of a scenario until three years after its end.

    The margin lets terms that start within the scenario end after it. The last day is a working day under
    every rule, so that each day has a next working day.

    Parameters
    ----------
    start
        Day 0.
    end
        The last day of the scenario.

    Attributes
    ----------
    start, end : datetime.date
        As given.
    end_day : int
        Index of `end`.
    days : int
        Number of days in the calendar, the margin included.
    is_public_holiday : numpy.ndarray of bool, shape (days,)
        Public holidays, also those that fall at a weekend; Easter Sunday and Whit Sunday are among them.
    is_working_day : numpy.ndarray of bool, shape (days,)
        Authorities are open: Monday to Friday, not on a public holiday.
    next_working_day : numpy.ndarray of int32, shape (days,)
        The first working day that is not before this day.
    working_day_index : numpy.ndarray of int32, shape (days,)
        Number of working days before this day.
    day_of_working_index : numpy.ndarray of int32, shape (number of working days,)
        The day of the n-th working day, counted from 0.

    Raises
    ------
    InputError
        The end lies before the start, or the holidays of a year are not known.
    """

    def __init__(self, start: dt.date, end: dt.date) -> None:
        if end < start:
            raise InputError("the end lies before the start", value=end, accepted=f"{start} or later")
        if start.year < FIRST_YEAR or end.year > LAST_YEAR:
            accepted = f"dates in the years {FIRST_YEAR} to {LAST_YEAR}"
            value = start if start.year < FIRST_YEAR else end
            raise InputError("the Dutch holidays are not known so far", value=value, accepted=accepted)
        self.start = start
        self.end = end
        self._dates = _dates_with_margin(start, end)
        self.days = len(self._dates)
        self.end_day = self.day_of(end)

        public, equated = _holidays(self._dates)
        weekend = _is_weekend(self._dates)
        self.is_public_holiday = public
        self.is_working_day = ~(weekend | public)
        self.next_working_day = _next_open(self.is_working_day)
        self.working_day_index = _count_before(self.is_working_day)
        self.day_of_working_index = np.flatnonzero(self.is_working_day).astype(np.int32)
        self._open_days: dict[str, Flags] = {
            "national": ~(weekend | public | equated),
            "eu": self.is_working_day,
        }

    def date_of(self, day: int) -> dt.date:
        """Return the date of a day.

        Raises
        ------
        ValueError
            The calendar has no such day.
        """
        if not 0 <= day < self.days:
            raise ValueError(f"day {day} is not in the calendar, which has days 0 to {self.days - 1}")
        return self.start + dt.timedelta(days=int(day))

    def day_of(self, date: dt.date) -> int:
        """Return the index of the day with this date.

        Raises
        ------
        InputError
            The date lies outside the calendar.
        """
        day = (date - self.start).days
        if not 0 <= day < self.days:
            accepted = f"{self.start} to {self.date_of(self.days - 1)}"
            raise InputError("the date lies outside the calendar", value=date, accepted=accepted)
        return day

    def term_table(self, value: int, unit: str, rule: str) -> Days:
        """Return, for each day on which a term can start, the last day of the term.

        A term in months or years ends on the day of the month on which it started, or on the last day of a
        month that has no such day. A term in hours ends on the day on which its last hour falls, if it starts
        at the end of a day. A term of zero ends at once; no rule extends it.

        Parameters
        ----------
        value
            Length of the term.
        unit
            What the length counts, one of `Unit`. Working days are those of the authorities.
        rule
            ``none``: the term ends on the day found by counting.
            ``national``: the Algemene termijnenwet. A term that would end at a weekend or on a day that is,
            or equals, a holiday ends on the next other day, and a term of three days or more holds at least
            two such other days. It does not apply to terms in hours, of more than 90 days, 12 weeks or
            3 months, or in years.
            ``eu``: Regulation 1182/71. A term not in hours that would end at a weekend or on a holiday ends
            on the next working day, and a term of two days or more, hours included, holds two working days.

        Returns
        -------
        numpy.ndarray of int32, shape (days,)
            Index of the last day. An end beyond the calendar is given as `days`, one past the last index.

        Raises
        ------
        ValueError
            The value is negative, or the unit or the rule is not known.
        """
        _check_term(value, unit, rule)
        ends = self._counted_ends(value, unit)
        if value == 0 or rule == "none" or not _applies(value, unit, rule):
            return ends
        return self._extended(ends, value, unit, rule)

    def _counted_ends(self, value: int, unit: str) -> Days:
        if value > 0 and unit == "working_days":
            return self._nth_open_day_after(self.is_working_day, value)
        if unit in ("months", "years"):
            ends = _add_months(self._dates, value * (12 if unit == "years" else 1))
        else:
            days = -(-value // HOURS_PER_DAY) if unit == "hours" else value * DAYS_PER_UNIT.get(unit, 1)
            ends = self._dates + np.timedelta64(days, "D")
        indices: NDArray[np.int64] = (ends - self._dates[0]).astype(np.int64)
        return np.minimum(indices, self.days).astype(np.int32)

    def _extended(self, ends: Days, value: int, unit: str, rule: str) -> Days:
        is_open = self._open_days[rule]
        if unit != "hours":
            ends = np.append(_next_open(is_open), np.int32(self.days))[ends]
        if _at_least_days(value, unit) >= SHORTEST_WITH_TWO_WORKING_DAYS[rule]:
            ends = np.maximum(ends, self._nth_open_day_after(is_open, 2))
        return ends

    def _nth_open_day_after(self, is_open: Flags, n: int) -> Days:
        """Return, for each day, the n-th open day that comes after it; `days` if the calendar ends before."""
        open_days = np.flatnonzero(is_open)
        position = np.cumsum(is_open) + (n - 1)
        inside = position < len(open_days)
        found = open_days[np.where(inside, position, 0)]
        return np.where(inside, found, self.days).astype(np.int32)


def _check_term(value: int, unit: str, rule: str) -> None:
    if value < 0:
        raise ValueError(f"a term cannot be negative: {value}")
    if unit not in get_args(Unit):
        raise ValueError(f"unknown unit {unit!r}; known: {', '.join(get_args(Unit))}")
    if rule not in get_args(Rule):
        raise ValueError(f"unknown rule {rule!r}; known: {', '.join(get_args(Rule))}")


def _applies(value: int, unit: str, rule: str) -> bool:
    return rule != "national" or value <= LONGEST_NATIONAL.get(unit, 0)


def _at_least_days(value: int, unit: str) -> int:
    """Return the least number of days that a term takes; part of a day does not count."""
    if unit == "hours":
        return value // HOURS_PER_DAY
    return value * DAYS_PER_UNIT.get(unit, 1)


def _dates_with_margin(start: dt.date, end: dt.date) -> Dates:
    first = np.datetime64(start, "D")
    after_margin = _add_months(np.array([end], dtype="datetime64[D]"), MARGIN_MONTHS)[0]
    # Two weeks hold an open day whatever the holidays are; the calendar is cut off after the first.
    dates = np.arange(first, after_margin + np.timedelta64(15, "D"))
    public, equated = _holidays(dates)
    is_open = ~(_is_weekend(dates) | public | equated)
    last = int((after_margin - first).astype(np.int64))
    return dates[: last + int(np.argmax(is_open[last:])) + 1]


def _holidays(dates: Dates) -> tuple[Flags, Flags]:
    """Return which dates are public holidays, and which are equated with one."""
    years = range(dates[0].item().year, dates[-1].item().year + 1)
    public, good_fridays = _public_holidays(years)
    return np.isin(dates, _as_dates(public)), np.isin(dates, _as_dates([*good_fridays, *_equated_days()]))


def _public_holidays(years: range) -> tuple[set[dt.date], set[dt.date]]:
    """Return the public holidays of the Algemene termijnenwet, and the Good Fridays."""
    import holidays  # late, to keep the start of the command quick

    def named(*categories: str) -> holidays.HolidayBase:
        return holidays.country_holidays("NL", years=years, categories=categories, language="en_US")

    # The package counts Good Friday as public in some versions and as optional in others, and 5 May as public
    # once in five years, as many employers do; the act has it each year.
    known = named("public", "optional")
    good_fridays = {date for date in known if "Good Friday" in known.get_list(date)}
    fifth_of_may = {dt.date(year, 5, 5) for year in years}
    return (set(named("public")) - good_fridays) | fifth_of_may, good_fridays


def _equated_days() -> list[dt.date]:
    return [day for decree in read_toml(EQUATED_DAYS_FILE)["decree"] for day in decree["days"]]


def _as_dates(dates: Iterable[dt.date]) -> Dates:
    return np.array(sorted(dates), dtype="datetime64[D]")


def _is_weekend(dates: Dates) -> Flags:
    weekday = (dates.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday; Monday is 0
    return weekday >= 5


def _add_months(dates: Dates, months: int) -> Dates:
    """Return the same day of the month ``months`` later, or the last day of a shorter month."""
    first = dates.astype("datetime64[M]")
    target = first + np.timedelta64(months, "M")
    same_day = target.astype("datetime64[D]") + (dates - first.astype("datetime64[D]"))
    last_day = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    earlier: Dates = np.minimum(same_day, last_day)
    return earlier


def _next_open(is_open: Flags) -> Days:
    """Return, for each day, the first open day that is not before it; the last day must be open."""
    days = np.where(is_open, np.arange(len(is_open)), len(is_open))
    return np.minimum.accumulate(days[::-1])[::-1].astype(np.int32)


def _count_before(is_open: Flags) -> Days:
    return (np.cumsum(is_open) - is_open).astype(np.int32)
