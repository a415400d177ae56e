"""What a study varies: ranges from the study or the passport, and what cannot be a range."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.files.place import Place
from sim.studies.factors import Factor, factors_of

PLACE = Place(Path("study.toml"), "")
KNOWN = Parameters.load()


def factor(given: Any, name: str = "report.base") -> Factor:
    found, kept = factors_of({name: given}, {}, KNOWN, PLACE)
    assert not kept
    return found[0]


def test_the_published_range_is_that_of_the_passport() -> None:
    passport = KNOWN.passport("leaves.transfer_per_year")
    found = factor("passport", "leaves.transfer_per_year")
    assert (found.low, found.high, found.base) == (passport.low, passport.high, passport.value)
    assert not found.log
    of_ratios = factor({"scale": "log"}, "leaves.transfer_per_year")
    assert (of_ratios.low, of_ratios.high, of_ratios.log) == (passport.low, passport.high, True)
    assert of_ratios.at(0.5) == pytest.approx((passport.low * passport.high) ** 0.5)


def test_a_capacity_has_the_range_of_what_its_pool_reads() -> None:
    found, _ = factors_of({}, {"avim.report": "passport"}, KNOWN, PLACE, {"avim.report": 3.5})
    passport = KNOWN.passport("avim.reports_per_working_day")
    assert found[0].name == "capacity.avim.report"
    assert found[0].pool == "avim.report"
    assert (found[0].low, found[0].high, found[0].base) == (passport.low, passport.high, 3.5)


def test_shares_of_a_range() -> None:
    assert factor([0.5, 2.5]).at(0.25) == 1.0
    assert factor({"low": 0.1, "high": 10.0, "scale": "log"}, "leaves.transfer_per_year").at(0.5) == pytest.approx(1)
    assert factor([2, 28], "asylum.written_view_days").at(0.5) == 15.0
    assert factor([2, 5], "asylum.written_view_days").at(0.6) == 4.0, "days are whole"
    three = factor({"values": [1.0, 3.0, 2.0]})
    assert [three.at(u) for u in (0.0, 0.34, 0.99, 1.0)] == [1.0, 3.0, 2.0, 2.0]
    assert factor([0, 1]).levels(3) == [0.0, 0.5, 1.0]
    assert factor([2, 3], "asylum.written_view_days").levels(5) == [2.0, 3.0], "each value once"


def test_a_number_is_kept() -> None:
    assert factors_of({"report.base": 2}, {}, KNOWN, PLACE) == ([], {"report.base": 2.0})


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("report.base", [2.5, 0.5], "upside down"),
        ("report.base", [1.0, 1.0], "one value"),
        ("report.base", "pasport", "not a range"),
        ("report.base", [1.0], "not a range"),
        ("report.base", [True, 2.0], "not a range"),
        ("report.base", {"values": [1.0, 1.0]}, "twice"),
        ("report.base", {"low": 1.0}, "needs low and high"),
        ("report.base", {"lo": 1.0, "high": 2.0}, "unknown key"),
        ("leaves.transfer_per_year", {"low": 0.0, "high": 1.0, "scale": "log"}, "above 0"),
        ("leaves.transfer_per_year", [-1.0, 1.0], "not possible in this unit"),
        ("asylum.written_view_days", [2.5, 8.0], "not a whole number"),
        ("om.target_working_days", "passport", "one value"),
    ],
)
def test_what_is_no_range_is_refused(name: str, given: Any, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        factors_of({name: given}, {}, KNOWN, PLACE)
    assert f"study.toml: parameters.{name}" in str(error.value)


def test_all_unknown_names_are_told_at_once() -> None:
    with pytest.raises(InputError) as error:
        factors_of({"report.bass": [0, 1]}, {"avim.reports": [1, 2]}, KNOWN, PLACE)
    text = str(error.value)
    assert "nearest: report.base" in text
    assert "nearest: avim.report" in text
