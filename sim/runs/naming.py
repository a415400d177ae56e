"""The names of regimes in tables: distinct, and text in every program that reads a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

READ_AS_SOMETHING_ELSE: Final = frozenset(
    {
        "#n/a", "#n/a n/a", "#na", "-1.#ind", "-1.#qnan", "1.#ind", "1.#qnan", "<na>", "n/a", "na", "nil", "none",
        "null", "true", "false", "yes", "no", "on", "off", "t", "f", "y", "n",
    }
)  # fmt: skip
"""Texts in small letters that pandas, R, polars or a spreadsheet take for a missing value or a boolean."""


def readable(name: str) -> str:
    """Return a name as it is, or marked as a regime where a reader of a CSV file would not take it for text.

    A regime file ``null.toml`` or ``2019.toml`` would come back from a table as a missing value or a number.
    """
    return f"{name} (regime)" if _is_read_as_something_else(name) else name


def distinct(names: Sequence[str]) -> list[str]:
    """Return readable names, each once: a later regime of the same name gets the first number that is free."""
    taken: set[str] = set()
    out = []
    given = {readable(name) for name in names}
    for name in map(readable, names):
        label, number = name, 1
        while label in taken or (number > 1 and label in given):
            number += 1
            label = f"{name} ({number})"
        taken.add(label)
        out.append(label)
    return out


def _is_read_as_something_else(name: str) -> bool:
    """Return whether a reader takes a name for a missing value, a boolean, a number or a date."""
    text = name.strip()
    if text.casefold() in READ_AS_SOMETHING_ELSE:
        return True
    for read in (float, dt.date.fromisoformat):
        try:
            read(text)
        except ValueError:
            continue
        return True
    return False
