"""Tables are those of the results, byte for byte, and open in a Dutch spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.export.pieces import contents_table
from sim.export.results import Results
from sim.export.tables import pieces, table_names, write_for_spreadsheet, write_tables


def test_what_the_results_have_is_copied(paper: Path, compared: Path) -> None:
    for name in ("measures", "differences", "pairs", "incidence", "law_changes", "assumptions", "catalogue"):
        assert (paper / "tables" / f"{name}.csv").read_bytes() == (compared / f"{name}.csv").read_bytes()
    for name in ("measures", "differences", "replicates"):
        assert (paper / "tables" / f"{name}.parquet").read_bytes() == (compared / f"{name}.parquet").read_bytes()


def test_both_forms_hold_the_same(paper: Path, comparison: Results) -> None:
    for file in (paper / "tables").glob("*.parquet"):
        parquet = pd.read_parquet(file)
        text = str if file.stem in {"law_changes", "catalogue", "groups", "regimes"} else None
        csv = pd.read_csv(file.with_suffix(".csv"), dtype=text, keep_default_na=False, na_values=[""])  # type: ignore[arg-type]
        csv = csv.fillna("") if text else csv
        pd.testing.assert_frame_equal(csv, parquet, check_dtype=False, rtol=1e-9, check_categorical=False)
    assert len(comparison.table("replicates")) == len(pd.read_csv(paper / "tables" / "replicates.csv"))


def test_a_dutch_spreadsheet_reads_numbers_and_calculates_no_text(paper: Path, comparison: Results) -> None:
    raw = (paper / "tables" / "decimal_comma" / "differences.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfmeasure;world;group;")
    assert raw.count(b"\r\n") == raw.count(b"\n") == len(comparison.differences) + 1
    read = pd.read_csv(
        paper / "tables" / "decimal_comma" / "differences.csv", sep=";", decimal=",", encoding="utf-8-sig"
    )
    pd.testing.assert_frame_equal(read, comparison.differences, check_dtype=False, rtol=1e-9)
    groups = (paper / "tables" / "decimal_comma" / "groups.csv").read_text(encoding="utf-8-sig")
    assert 'exploited_by_force;"\'=held by force & ""kept""";\'@met geweld vastgehouden' in groups
    assert 'exploited_by_force,"=held by force' in (paper / "tables" / "groups.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["=1+1", "+31", "-x", "@a", "\tb", "\rc"])
def test_every_beginning_of_a_formula_is_made_safe(tmp_path: Path, text: str) -> None:
    (tmp_path / "tables").mkdir()
    table = pd.DataFrame({"a": [text, None, "safe"], "n": [-1.5, 0.0, 2.0], "d": pd.to_datetime(["2020-01-02"] * 3)})
    write_for_spreadsheet(tmp_path, "x", table)
    read = pd.read_csv(tmp_path / "tables" / "decimal_comma" / "x.csv", sep=";", encoding="utf-8-sig", dtype=str)
    assert read["a"].fillna("").tolist() == [f"'{text}", "", "safe"]
    assert read["n"].tolist() == ["-1,5", "0", "2"]
    assert read["d"].tolist() == ["2020-01-02"] * 3


def test_persons_are_left_out_unless_they_are_asked_for(single: Results, tmp_path: Path) -> None:
    assert table_names(single, ()) == {"values": "measures", "catalogue": "catalogue"}
    assert "persons" in table_names(single, ("persons",))
    tables = write_tables(tmp_path, single, (), decimal_comma=False)
    assert [table.name for table in tables] == ["values", "catalogue", "groups", "regimes"]
    assert not (tmp_path / "tables" / "persons.csv").exists()
    assert not (tmp_path / "tables" / "decimal_comma").exists()
    listed = contents_table(list(pieces(tables, False)))
    assert listed["file"].tolist()[:2] == ["tables/values.csv", "tables/values.parquet"]
    assert listed["made_from"].tolist()[:2] == ["receipt.json", "tables/values.csv"]
