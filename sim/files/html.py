"""Small tables for notebooks: escaped, without styles of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape


def small_table(caption: str, rows: Mapping[str, object]) -> str:
    """Return a table of names and values with a caption; empty values are left out."""
    return table(caption, (), [(name, value) for name, value in rows.items() if value not in ("", None)])


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table with a caption, a head (none if it is empty) and rows; the first cell of a row names it."""
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = [
        "<tr>"
        + f'<th scope="row" style="text-align: left">{escape(str(first))}</th>'
        + "".join(f"<td>{escape(str(cell))}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    ]
    top = f"<thead><tr>{names}</tr></thead>" if head else ""
    return (
        f'<table><caption style="text-align: left">{escape(caption)}</caption>{top}'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
