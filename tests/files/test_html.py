"""Small tables for notebooks."""

from __future__ import annotations

from sim.files.html import small_table, table


def test_what_a_user_wrote_is_escaped_and_nothing_else_is_left_out() -> None:
    page = table("a < b", ("", "x"), [("<script>", 1), ("y", None)])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "a &lt; b" in page
    assert "<td>None</td>" in page


def test_empty_values_are_left_out() -> None:
    page = small_table("t", {"a": "", "b": None, "c": 0})
    assert "<thead>" not in page
    assert (page.count("<tr>"), "<td>0</td>" in page) == (1, True)
