"""What later figures say of fitted sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.calibration.ensembles import load
from sim.calibration.targets import load_targets
from sim.calibration.validation_page import inside, predictions, validation_page

SETS = Path(__file__).parent / "ensembles"


def test_a_prediction_holds_nine_tenths_of_the_sets_and_no_change_is_scored_beside_it() -> None:
    free = load("free", SETS)
    row = next(row for row in predictions(free) if row.target.name == "nigerians_registered_2019")
    values = np.sort(free.figure(row.target))
    assert row.low in values
    assert row.high in values
    assert (values < row.low).mean() <= 0.1
    assert row.naive == pytest.approx(np.log(512 / 46))
    assert row.inside == (row.low <= 512 <= row.high)


def test_the_page_says_what_the_model_lacks_for_what_most_camps_miss() -> None:
    found = {camp: load(camp, SETS) for camp in ("free", "steering_off")}
    page = " ".join(validation_page(found).split())
    for name, target in load_targets().items():
        outside = [
            row for sets in found.values() for row in predictions(sets) if row.target.name == name and not row.inside
        ]
        said = f"*{target.document.title.en}*, missed by {len(outside)} of 2 camps: {target.document.lacks}"
        assert (said in page) == (len(outside) == 2 and target.document.lacks is not None)
    assert "What the model lacks" in page


def test_a_bound_is_inside_a_range_that_reaches_it() -> None:
    least, most = load_targets()["nigerian_departures_2019"], load_targets()["reports_fall"]
    assert inside(least, 100, 1000)
    assert not inside(least, 100, 900)
    assert inside(most, 0.5, 2)
    assert not inside(most, 1.1, 2)


def test_the_page_says_how_many_of_the_rows_named_beforehand_are_inside() -> None:
    page = validation_page({"free": load("free", SETS)})
    rows = [row for row in predictions(load("free", SETS)) if row.target.document.until.year >= 2020]
    hits = sum(row.inside for row in rows)
    assert f"Of the {len(rows)} rows of 2020 and 2021" in " ".join(page.split())
    assert f"{hits} lie in the range" in " ".join(page.split())
    assert "## What a comparison of before and after would conclude" in page
    assert "Nigerians registered, 2017 to 2020" in page
