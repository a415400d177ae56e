"""The published figures (`sim.evidence.observed`)."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sim.evidence.observed import COLUMNS, numeric_values, observed, read_observed
from sim.evidence.references import reference_keys
from sim.files.errors import InputError


def test_published_figures_have_known_sources_and_grades() -> None:
    table = observed()
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 448
    assert sorted(set(table.source_key) - reference_keys()) == []
    assert set(table.grade) == {"A", "B", "C", "D"}
    assert (table[["series", "period", "population", "value", "unit"]] != "").all(axis=None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("series,period", "series,time", "other columns"),
        (",A,", ",E,", "line 2, grade: unknown grade"),
        ("kst165", "kst_165", 'line 2, source_key: unknown source\n  given: "kst_165"\n  nearest: kst165'),
        ("1117,", ",", "line 2, value: an empty cell"),
        ("note\n", "note\nx,y\n", "line 2: 2 cells"),
        ("note\n", "note\n\n", "line 2: 0 cells"),
        ("persons", '"persons', "line 2: not CSV"),
        ("persons", "pers\0ons", "not a text file"),
    ],
)
def test_a_bad_file_of_figures_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    good = f'{",".join(COLUMNS)}\nseries_1,2013,all,1117,persons,kst165,A,"a, b"\n'
    path = tmp_path / "figures.csv"
    path.write_text("\ufeff" + good.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert read_observed(path).iloc[0].tolist()[-2:] == ["A", "a, b"]
    path.write_text(good.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_observed(path)
    assert f"{path}: {message}" in str(caught.value)


def test_one_series_and_its_numbers() -> None:
    table = observed("comensha_total_nr")
    assert list(table.period[:2]) == ["2013", "2014"]
    assert list(numeric_values(table)[:2]) == [1117.0, 1256.0]


def test_a_cell_that_is_not_one_number_is_not_a_number() -> None:
    table = observed().drop_duplicates("value").set_index("value", drop=False)
    cells = {
        "+70": 70.0, "-64": -64.0, "1.6": 1.6, "<53": None, "5000-7500": None, "41 / 41": None,
        "79 of 14000": None, "most rejected": None, "yes": None,
    }  # fmt: skip
    for text, number in cells.items():
        value = numeric_values(table.loc[[text]]).iloc[0]
        assert math.isnan(value) if number is None else value == number


def test_published_figures_cannot_be_spoilt_by_a_reader() -> None:
    for table in (observed(), observed("comensha_total_nr")):
        table["value"] = "0"
    assert observed("comensha_total_nr").value[0] == "1117"


def test_unknown_series_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        observed("comensha_total")
    assert "unknown series" in str(caught.value)
    assert "nearest: comensha_total_nr" in str(caught.value)
