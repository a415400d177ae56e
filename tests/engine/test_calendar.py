"""The calendar against known dates and against a slow calculation with plain dates."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.calendar import Calendar, Rule, Unit
from sim.files.errors import InputError

DAY = dt.timedelta(days=1)
START = dt.date(2016, 1, 1)
END = dt.date(2024, 12, 31)
UNITS: tuple[Unit, ...] = ("hours", "days", "working_days", "weeks", "months", "years")
RULES: tuple[Rule, ...] = ("none", "national", "eu")

# The days that royal decrees equate with a holiday: typed over, not read from the file of the project.
EQUATED = {
    *(dt.date(2017, month, day) for month, day in ((4, 28), (5, 26))),
    *(dt.date(2018, month, day) for month, day in ((5, 11), (12, 24), (12, 31))),
    *(dt.date(2019, month, day) for month, day in ((5, 31), (12, 27))),
    *(dt.date(year, 5, day) for year, day in ((2020, 22), (2021, 14), (2022, 27), (2023, 19), (2025, 30))),
    *(dt.date(2024, month, day) for month, day in ((5, 10), (12, 27))),
    *(dt.date(2026, month, day) for month, day in ((1, 2), (5, 15))),
    *(dt.date(year, 4, 28) for year in (2023, 2028)),
    *(dt.date(year, 5, day) for year, day in ((2027, 7), (2028, 26))),
}


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar(START, END)


# --- The slow calculation: one date at a time, nothing shared with the code under test. ---


def easter_sunday(year: int) -> dt.date:
    """Return Easter by the method of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)


def monarchs_day(year: int) -> dt.date:
    """Return King's Day, or Queen's Day before 2014; a Sunday gives way to the Saturday before."""
    day = dt.date(year, 4, 27) if year >= 2014 else dt.date(year, 4, 30)
    return day - DAY if day.weekday() == 6 else day


def is_holiday(date: dt.date) -> bool:
    days_after_easter = (date - easter_sunday(date.year)).days
    fixed = (date.month, date.day) in {(1, 1), (5, 5), (12, 25), (12, 26)}
    return fixed or days_after_easter in {1, 39, 50} or date == monarchs_day(date.year)


def is_office_day(date: dt.date) -> bool:
    return date.weekday() < 5 and not is_holiday(date)


def is_national_day(date: dt.date) -> bool:
    return is_office_day(date) and date != easter_sunday(date.year) - 2 * DAY and date not in EQUATED


def count_on(start: dt.date, n: int, counts) -> dt.date:
    date = start
    while n > 0:
        date += DAY
        n -= counts(date)
    return date


def months_later(start: dt.date, months: int) -> dt.date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = start.day
    while True:
        try:
            return dt.date(year, month + 1, day)
        except ValueError:
            day -= 1


def slow_end(start: dt.date, value: int, unit: Unit, rule: Rule) -> dt.date:
    if value == 0:
        return start
    by_counting = {
        "hours": lambda: start + -(-value // 24) * DAY,
        "days": lambda: start + value * DAY,
        "weeks": lambda: start + 7 * value * DAY,
        "months": lambda: months_later(start, value),
        "years": lambda: months_later(start, 12 * value),
        "working_days": lambda: count_on(start, value, is_office_day),
    }
    end = by_counting[unit]()
    longest = {"hours": 0, "days": 90, "working_days": 90, "weeks": 12, "months": 3, "years": 0}[unit]
    if rule == "none" or (rule == "national" and value > longest):
        return end
    is_open = is_national_day if rule == "national" else is_office_day
    while unit != "hours" and not is_open(end):
        end += DAY
    long_enough = {
        "hours": value >= (72 if rule == "national" else 48),
        "days": value >= (3 if rule == "national" else 2),
        "working_days": value >= (3 if rule == "national" else 2),
    }.get(unit, True)
    while long_enough and sum(is_open(start + n * DAY) for n in range(1, (end - start).days + 1)) < 2:
        end += DAY
    return end


# --- Days ---


@pytest.mark.parametrize(
    ("name", "dates"),
    [
        (
            "New Year",
            "2017-01-01 2018-01-01 2019-01-01 2020-01-01 2021-01-01 2022-01-01 2023-01-01 2024-01-01",
        ),
        (
            "Easter Monday",
            "2017-04-17 2018-04-02 2019-04-22 2020-04-13 2021-04-05 2022-04-18 2023-04-10 2024-04-01",
        ),
        (
            "King's Day",
            "2017-04-27 2018-04-27 2019-04-27 2020-04-27 2021-04-27 2022-04-27 2023-04-27 2024-04-27",
        ),
        ("5 May", "2017-05-05 2018-05-05 2019-05-05 2020-05-05 2021-05-05 2022-05-05 2023-05-05 2024-05-05"),
        (
            "Ascension",
            "2017-05-25 2018-05-10 2019-05-30 2020-05-21 2021-05-13 2022-05-26 2023-05-18 2024-05-09",
        ),
        (
            "Whit Monday",
            "2017-06-05 2018-05-21 2019-06-10 2020-06-01 2021-05-24 2022-06-06 2023-05-29 2024-05-20",
        ),
        (
            "Christmas",
            "2017-12-25 2018-12-26 2019-12-25 2020-12-26 2021-12-25 2022-12-26 2023-12-25 2024-12-26",
        ),
    ],
)
def test_public_holidays_are_closed(calendar: Calendar, name: str, dates: str) -> None:
    for date in map(dt.date.fromisoformat, dates.split()):
        day = calendar.day_of(date)
        assert calendar.is_public_holiday[day], (name, date)
        assert not calendar.is_working_day[day], (name, date)


@pytest.mark.parametrize(
    ("celebrated", "not_celebrated"),
    [
        ("2014-04-26", "2014-04-27"),
        ("2025-04-26", "2025-04-27"),
        ("2013-04-30", "2013-04-27"),
        ("2015-04-27", "2015-04-30"),
    ],
)
def test_the_birthday_of_the_monarch_moves(celebrated: str, not_celebrated: str) -> None:
    year = int(celebrated[:4])
    calendar = Calendar(dt.date(year, 1, 1), dt.date(year, 12, 31))
    assert calendar.is_public_holiday[calendar.day_of(dt.date.fromisoformat(celebrated))]
    assert not calendar.is_public_holiday[calendar.day_of(dt.date.fromisoformat(not_celebrated))]


@pytest.mark.parametrize("date", ["2017-04-14", "2019-04-19", "2017-05-26", "2018-12-24", "2020-05-04", "2020-02-29"])
def test_offices_decide_for_themselves(calendar: Calendar, date: str) -> None:
    """Good Friday, equated days and 4 May close no office by law; 29 February 2020 was a Saturday."""
    day = calendar.day_of(dt.date.fromisoformat(date))
    assert not calendar.is_public_holiday[day]
    assert calendar.is_working_day[day] == (date != "2020-02-29")


@pytest.mark.parametrize(("year", "working_days"), [(2017, 253), (2018, 254), (2019, 255), (2020, 255), (2021, 255)])
def test_number_of_working_days_in_a_year(calendar: Calendar, year: int, working_days: int) -> None:
    first, following = (calendar.day_of(dt.date(y, 1, 1)) for y in (year, year + 1))
    assert calendar.working_day_index[following] - calendar.working_day_index[first] == working_days


@given(start=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), length=st.integers(0, 1500))
@settings(max_examples=30, deadline=None)
def test_every_day_is_what_a_plain_calculation_says(start: dt.date, length: int) -> None:
    calendar = Calendar(start, start + length * DAY)
    dates = [calendar.date_of(day) for day in range(calendar.days)]
    assert calendar.is_working_day.tolist() == [is_office_day(date) for date in dates]


def test_tables_of_days_agree_with_each_other(calendar: Calendar) -> None:
    days = np.arange(calendar.days)
    is_working, following = calendar.is_working_day, calendar.next_working_day
    for table in (following, calendar.working_day_index, calendar.day_of_working_index):
        assert table.dtype == np.int32
    assert is_working[following].all()
    assert (following >= days).all()
    assert (calendar.working_day_index[following] == calendar.working_day_index).all()
    assert (calendar.day_of_working_index[calendar.working_day_index] == following).all()
    assert (following == days).tolist() == is_working.tolist()


@given(day=st.integers(0, 4000))
def test_dates_and_days_are_inverse(calendar: Calendar, day: int) -> None:
    date = calendar.date_of(day % calendar.days)
    assert calendar.day_of(date) == day % calendar.days
    assert date - START == (day % calendar.days) * DAY


def test_the_margin_is_three_years_and_ends_on_an_open_day(calendar: Calendar) -> None:
    assert calendar.date_of(calendar.end_day) == END
    assert calendar.date_of(calendar.days - 1) == dt.date(2027, 12, 31)
    leap = Calendar(dt.date(2020, 2, 29), dt.date(2020, 2, 29))
    assert leap.date_of(leap.days - 1) == dt.date(2023, 2, 28)
    # Three years after 14 April 2022 lie Good Friday (18 April 2025), the weekend and Easter Monday.
    easter = Calendar(dt.date(2022, 4, 18), dt.date(2022, 4, 18))
    assert easter.date_of(easter.days - 1) == dt.date(2025, 4, 22)


# --- Terms ---


@pytest.mark.parametrize(
    ("start", "value", "unit", "rule", "end"),
    [
        # Month ends and leap days.
        ("2019-01-31", 1, "months", "none", "2019-02-28"),
        ("2020-01-31", 1, "months", "none", "2020-02-29"),
        ("2020-02-29", 12, "months", "none", "2021-02-28"),
        ("2020-02-29", 1, "years", "none", "2021-02-28"),
        ("2019-11-30", 3, "months", "none", "2020-02-29"),
        ("2019-08-31", 6, "months", "none", "2020-02-29"),
        # Counting.
        ("2019-07-31", 0, "days", "national", "2019-07-31"),
        ("2019-07-31", 24, "hours", "none", "2019-08-01"),
        ("2019-07-31", 25, "hours", "none", "2019-08-02"),
        ("2019-04-26", 1, "working_days", "none", "2019-04-29"),
        ("2018-12-21", 5, "working_days", "none", "2019-01-02"),
        # A weekend, a holiday, and the days that only national terms know.
        ("2019-08-01", 2, "days", "none", "2019-08-03"),
        ("2019-08-01", 2, "days", "national", "2019-08-05"),
        ("2019-08-01", 2, "days", "eu", "2019-08-05"),
        ("2017-03-27", 1, "months", "national", "2017-05-01"),
        ("2017-03-27", 1, "months", "eu", "2017-04-28"),
        ("2019-03-19", 1, "months", "national", "2019-04-23"),
        ("2019-03-19", 1, "months", "eu", "2019-04-19"),
        ("2018-12-19", 5, "days", "national", "2018-12-27"),
        ("2018-12-19", 5, "days", "eu", "2018-12-24"),
        # Where the Algemene termijnenwet stops.
        ("2019-05-06", 90, "days", "national", "2019-08-05"),
        ("2019-05-05", 91, "days", "national", "2019-08-04"),
        ("2019-05-11", 12, "weeks", "national", "2019-08-05"),
        ("2019-05-04", 13, "weeks", "national", "2019-08-03"),
        ("2019-05-03", 3, "months", "national", "2019-08-05"),
        ("2019-04-03", 4, "months", "national", "2019-08-03"),
        ("2018-08-03", 1, "years", "national", "2019-08-03"),
        ("2018-08-03", 1, "years", "eu", "2019-08-05"),
        ("2019-08-02", 24, "hours", "national", "2019-08-03"),
        ("2019-08-02", 24, "hours", "eu", "2019-08-03"),
        # At least two working days.
        ("2019-08-02", 3, "days", "national", "2019-08-06"),
        ("2019-08-02", 2, "days", "national", "2019-08-05"),
        ("2019-08-02", 2, "days", "eu", "2019-08-06"),
        ("2019-08-02", 48, "hours", "eu", "2019-08-06"),
        ("2019-04-19", 3, "days", "national", "2019-04-24"),
    ],
)
def test_known_terms(calendar: Calendar, start: str, value: int, unit: Unit, rule: Rule, end: str) -> None:
    table = calendar.term_table(value, unit, rule)
    assert table.dtype == np.int32
    assert str(calendar.date_of(table[calendar.day_of(dt.date.fromisoformat(start))])) == end


@given(
    day=st.integers(0, (END - START).days),
    value=st.integers(0, 120),
    unit=st.sampled_from(UNITS),
    rule=st.sampled_from(RULES),
)
@settings(max_examples=400, deadline=None)
def test_terms_end_where_a_plain_calculation_ends(
    calendar: Calendar, day: int, value: int, unit: Unit, rule: Rule
) -> None:
    end = calendar.term_table(value, unit, rule)[day]
    expected = slow_end(calendar.date_of(day), value, unit, rule)
    if expected <= calendar.date_of(calendar.days - 1):
        assert calendar.date_of(end) == expected
    else:
        assert end == calendar.days


@pytest.mark.parametrize("rule", ["national", "eu"])
@pytest.mark.parametrize("around", ["2018-12-15", "2019-04-10", "2017-04-20", "2020-05-15"])
def test_short_terms_around_holidays(calendar: Calendar, around: str, rule: Rule) -> None:
    """Every term of up to ten days, on every day of four weeks full of holidays."""
    first = calendar.day_of(dt.date.fromisoformat(around))
    for value in range(11):
        table = calendar.term_table(value, "days", rule)
        for day in range(first, first + 28):
            assert calendar.date_of(table[day]) == slow_end(calendar.date_of(day), value, "days", rule)


@given(value=st.integers(0, 40), unit=st.sampled_from(UNITS), rule=st.sampled_from(RULES))
@settings(deadline=None)
def test_terms_never_run_backwards(calendar: Calendar, value: int, unit: Unit, rule: Rule) -> None:
    """Who starts later never ends earlier, a rule only extends, and a longer term does not end sooner."""
    table = calendar.term_table(value, unit, rule)
    assert table.shape == (calendar.days,)
    assert (np.diff(table) >= 0).all()
    assert (table >= np.arange(calendar.days)).all()
    assert (table <= calendar.days).all()
    assert (table >= calendar.term_table(value, unit, "none")).all()
    if rule != "national":  # the national rule stops at a length, so there a longer term can end sooner
        assert (calendar.term_table(value + 1, unit, rule) >= table).all()


def test_an_end_beyond_the_calendar_is_one_past_the_last_day(calendar: Calendar) -> None:
    for unit in UNITS:
        value = 24 if unit == "hours" else 1
        for rule in RULES:
            assert calendar.term_table(value, unit, rule)[-1] == calendar.days
    assert (calendar.term_table(50, "years", "eu") == calendar.days).all()


# --- Mistakes, and speed ---


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (
            "2020-01-02",
            "2020-01-01",
            "the end lies before the start\n  given: 2020-01-01\n  accepted: 2020-01-02 or later",
        ),
        ("1989-12-31", "2020-01-01", "given: 1989-12-31\n  accepted: dates in the years 1990 to 2096"),
        ("2017-01-01", "2097-01-01", "given: 2097-01-01\n  accepted: dates in the years 1990 to 2096"),
    ],
)
def test_a_calendar_that_cannot_be_made(start: str, end: str, text: str) -> None:
    with pytest.raises(InputError) as raised:
        Calendar(dt.date.fromisoformat(start), dt.date.fromisoformat(end))
    assert text in str(raised.value)


@pytest.mark.parametrize("date", ["2015-12-31", "2028-01-01"])
def test_a_date_outside_the_calendar(calendar: Calendar, date: str) -> None:
    with pytest.raises(InputError) as raised:
        calendar.day_of(dt.date.fromisoformat(date))
    expected = f"the date lies outside the calendar\n  given: {date}\n  accepted: 2016-01-01 to 2027-12-31"
    assert str(raised.value) == expected


@pytest.mark.parametrize("day", [-1, 10**6])
def test_a_day_outside_the_calendar(calendar: Calendar, day: int) -> None:
    with pytest.raises(ValueError, match=f"day {day} is not in the calendar, which has days 0 to {calendar.days - 1}"):
        calendar.date_of(day)


@pytest.mark.parametrize(
    ("value", "unit", "rule", "text"),
    [
        (-1, "days", "none", "a term cannot be negative: -1"),
        (
            1,
            "fortnights",
            "none",
            "unknown unit 'fortnights'; known: hours, days, working_days, weeks, months, years",
        ),
        (1, "days", "EU", "unknown rule 'EU'; known: none, national, eu"),
    ],
)
def test_a_term_that_makes_no_sense(calendar: Calendar, value: int, unit: Unit, rule: Rule, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        calendar.term_table(value, unit, rule)


def test_tables_are_quick() -> None:
    began = time.perf_counter()
    calendar = Calendar(dt.date(2017, 1, 1), dt.date(2024, 12, 31))
    for unit in UNITS:
        for rule in RULES:
            calendar.term_table(3, unit, rule)
    assert time.perf_counter() - began < 1.0  # some 0.01 s where this was written
