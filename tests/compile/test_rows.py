"""Columns that grow (`sim.compile.rows`)."""

from __future__ import annotations

from sim.compile.rows import Rows


def test_rows_are_numbered_from_0_and_kept_in_columns() -> None:
    rows = Rows()
    assert rows.size == 0
    assert rows["what"] == []
    assert [rows.add(what="a", size=1), rows.add(what="b", size=2)] == [0, 1]
    assert rows.size == 2
    assert (rows["what"], rows["size"]) == (["a", "b"], [1, 2])
