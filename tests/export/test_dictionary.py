"""Every column of every table has a type and a meaning in English and Dutch."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.export.dictionary import csvw_metadata, described, dictionary, table_schema
from sim.procedures.traits import FLAGS


def test_every_table_names_its_own_columns_and_no_column_is_left_over() -> None:
    known = dictionary()
    named = {column for table in known.table.values() for column in (*table.columns, *table.sometimes)}
    assert named == known.column.keys()
    for name, table in known.table.items():
        assert set(table.key) <= set(table.columns), name
        assert set(table.means) <= set(table.columns), name
    titles = [column.meaning for column in known.column.values()]
    assert all(title.en != title.nl for title in titles)


@pytest.mark.parametrize("which", ["paper", "paper_of_run"])
def test_the_tables_of_a_folder_have_these_columns(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    files = list((folder / "tables").glob("*.csv"))
    assert len(files) == {"paper": 11, "paper_of_run": 6}[which]
    for file in files:
        columns = list(pd.read_csv(file, nrows=0).columns)
        wanted = list(dictionary().table[file.stem].columns)
        if file.stem == "persons":
            assert columns[:3] == wanted[:3]
        else:
            assert columns == wanted, file.name


def test_columns_that_are_there_sometimes_are_described() -> None:
    columns = [*dictionary().table["differences"].columns, "range_low", "range_high"]
    found = described("differences", "tables/differences.csv", columns)
    assert "fitted sets of assumptions" in found.columns["range_low"].meaning.en


def test_a_column_means_what_its_table_says() -> None:
    levels, assumptions = (
        described(name, f"tables/{name}.csv", dictionary().table[name].columns) for name in ("measures", "assumptions")
    )
    assert "95% interval" in levels.columns["low"].meaning.en
    assert "bandbreedte" in assumptions.columns["low"].meaning.nl
    persons = described("persons", "tables/persons.csv", ["person", "women", "fear"])
    assert [column.type for column in persons.columns.values()] == ["string", "boolean", "number"]
    assert "women" in FLAGS


def test_keys_refer_to_tables_that_are_there() -> None:
    differences = described("differences", "tables/differences.csv", dictionary().table["differences"].columns)
    keys = table_schema(differences, ["differences", "catalogue", "regimes"])["foreignKeys"]
    assert [(key["fields"], key["reference"]["resource"], key["reference"]["fields"]) for key in keys] == [
        (["measure", "world"], "catalogue", ["measure", "world"]),
        (["baseline"], "regimes", ["regime"]),
        (["reform"], "regimes", ["regime"]),
    ]
    assert "foreignKeys" not in table_schema(differences, [])


def test_metadata_of_csv_on_the_web_has_both_languages() -> None:
    groups = described("groups", "tables/groups.csv", ["group", "title", "title_nl"])
    metadata = csvw_metadata([groups], {"dc:title": "x"})
    assert json.loads(json.dumps(metadata)) == metadata
    (table,) = metadata["tables"]
    assert table["url"] == "tables/groups.csv"
    assert {said["@language"] for said in table["tableSchema"]["columns"][0]["dc:description"]} == {"en", "nl"}
    assert table["tableSchema"]["primaryKey"] == ["group"]
