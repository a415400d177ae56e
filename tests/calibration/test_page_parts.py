"""Numbers, names and bounds for readers."""

from __future__ import annotations

import math
from pathlib import Path

from sim.calibration.ensembles import ensembles
from sim.calibration.page_parts import bounds_text, meaning, number, pools, span, table, titles

SETS = Path(__file__).parent / "ensembles"


def test_numbers_have_three_digits_or_all_before_the_point() -> None:
    assert [number(x) for x in (12345.6, 12.34, 0.123, -5.0, math.nan)] == ["12,346", "12.3", "0.12", "−5", "none"]
    assert span(1, 2) == "1 to 2"
    assert span(math.nan, math.nan) == "none"


def test_bounds_in_words() -> None:
    assert bounds_text(-math.inf, 2) == "at most 2"
    assert bounds_text(2, math.inf) == "above 2"
    assert bounds_text(1, 2) == "between 1 and 2"


def test_every_assumption_of_the_calibration_has_a_title() -> None:
    names = {name for sets in ensembles(SETS).values() for name in sets.assumptions.columns}
    assert names <= set(titles())
    assert meaning("om.target_working_days", pools())


def test_a_table_keeps_its_cells() -> None:
    assert table(("a", "b"), [("1|2", "3")]).splitlines()[-2:] == ["| 1\\|2 | 3 |", ""]
