"""Numbers and sentences of the report (`sim.report.phrases`): signs, words, counts and digits."""

from __future__ import annotations

import math

import pytest

from sim.report.phrases import (
    Difference,
    decimals_for,
    difference_sentence,
    difference_text,
    direction_count_sentence,
    level_text,
    number,
    signs_text,
    wrap_name,
)


def row(
    difference: float, low: float, high: float, *, unit: str = "persons", higher: float = 0.0, n: int = 20
) -> Difference:
    lower, equal = (0.0, 1.0) if difference == 0 else (1 - higher, 0.0)
    return Difference("vc_2018", "vc_2019_08", difference, low, high, unit, higher, lower, equal, n)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            row(-123, -136, -110),
            "T: under vc_2019_08, 123 fewer persons (95% interval 110 to 136 fewer) than under vc_2018 on "
            "the same people; lower in 20 of 20 replicates.",
        ),
        (
            row(12.34, 11.1, 13.58, unit="days", higher=0.95),
            "T: under vc_2019_08, 12.3 more days (95% interval 11.1 to 13.6 more) than under vc_2018 on "
            "the same people; lower in 1, higher in 19 of 20 replicates.",
        ),
        (
            row(-0.031, -0.042, -0.02, unit="share", higher=0.1),
            "T: under vc_2019_08, 3.1 percentage points lower (95% interval 2.0 to 4.2 lower) than under "
            "vc_2018 on the same people; lower in 18, higher in 2 of 20 replicates.",
        ),
        (
            row(0.05, 0.02, 0.08, unit="leads per report", higher=1.0),
            "T: under vc_2019_08, 0.050 leads per report higher (95% interval 0.020 to 0.080 higher) than "
            "under vc_2018 on the same people; higher in 20 of 20 replicates.",
        ),
        (
            row(-3, -12, 6, higher=0.4),
            "T: the runs do not show a direction between vc_2018 and vc_2019_08 on the same people (on "
            "average 3 fewer persons; 95% interval from 12 fewer persons to 6 more persons); lower in 12, "
            "higher in 8 of 20 replicates.",
        ),
        (
            row(-1, -12, 10, higher=0.4),
            "T: the runs do not show a direction between vc_2018 and vc_2019_08 on the same people (on "
            "average 1 fewer person; 95% interval from 12 fewer persons to 10 more persons); lower in 12, "
            "higher in 8 of 20 replicates.",
        ),
        (
            row(0, -0.18, 0.18),
            "T: the same under vc_2018 and vc_2019_08 in each of 20 replicates (95% interval: up to 0.18 persons "
            "either way).",
        ),
        (
            row(0, math.nan, math.nan, unit="days"),
            "T: the same under vc_2018 and vc_2019_08 in each of 20 replicates.",
        ),
        (
            Difference("vc_2018", "vc_2019_08", 1.5, math.nan, math.nan, "days", 0.1, 0.0, 0.9, 20),
            "T: under vc_2019_08, on average 1.50 more days than under vc_2018 on the same people; the same in 18, "
            "higher in 2 of 20 replicates. Too few differ for an interval.",
        ),
        (
            row(5, math.nan, math.nan, n=1, higher=1.0),
            "T: under vc_2019_08, 5 more persons than under vc_2018 on the same people. One replicate "
            "only, so no interval can be given.",
        ),
        (
            row(0, math.nan, math.nan, n=1),
            "T: no difference on the same people. One replicate only, so no interval can be given.",
        ),
        (
            row(math.nan, math.nan, math.nan, n=0),
            "T: not defined in any replicate, so vc_2018 and vc_2019_08 cannot be compared.",
        ),
    ],
)
def test_sentence(given: Difference, sentence: str) -> None:
    assert difference_sentence("T", given) == sentence


def test_an_interval_that_touches_zero_shows_no_direction() -> None:
    assert "do not show a direction" in difference_sentence("T", row(4, 0, 8))
    counted = direction_count_sentence([row(4, 0, 8), row(-4, -8, -1), row(4, 1, 8)])
    assert counted.endswith("below zero for 1, above zero for 1 and includes zero for 1.")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567.0, "1,234,567"),
        (123.456, "123"),
        (12.3456, "12.3"),
        (-0.12345, "\N{MINUS SIGN}0.123"),
        (-0.00001, "0.0000"),
        (0.0, "0"),
        (math.nan, "not defined"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_a_bound_that_is_not_zero_never_looks_like_zero() -> None:
    places = decimals_for(6.3, 0.04, 12.6)
    assert number(0.04, places) == "0.04"
    assert difference_text(row(6.3, 0.04, 12.6)) == ("+6.30", "+0.04 to +12.60")


def test_levels() -> None:
    assert level_text(0.634, "share") == "63.4%"
    assert level_text(4.9, "persons") == "4.90"
    assert level_text(0.0, "persons") == "0"


def test_ties_are_counted_with_the_signs() -> None:
    given = Difference("a", "b", 0.1, -0.2, 0.4, "persons", 0.25, 0.05, 0.7, 20)
    assert signs_text(given) == "1 / 14 / 5"
    assert difference_text(given._replace(low=math.nan, high=math.nan))[1] == "too few differ, none"
    same = Difference("a", "b", 0.0, math.nan, math.nan, "days", 0.0, 0.0, 1.0, 20)
    assert difference_text(same)[1] == "the same in each, none"


def test_names_break_after_underscores_and_at_spaces() -> None:
    assert wrap_name("vc_2019_08", 8) == "vc_2019_\n08"
    assert wrap_name("left, destination unknown", 12) == "left,\ndestination\nunknown"
    assert wrap_name("vc_2018", 12) == "vc_2018"
