"""What a caller gives to change a scenario, as the values that a file would have."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import Any

from sim.files.errors import InputError
from sim.files.paths import absolute

DATES = ("start", "end")


def in_header(key: str, value: object, file: str) -> Any:
    """Return the value of a key of ``[scenario]`` as a file would have it.

    Raises
    ------
    InputError
        When a date or a path is none; anything else is left for the model to refuse.
    """
    value = plain(value)
    if key in DATES:
        return _date(value, f"scenario.{key}", file)
    if key == "regimes":
        return _regimes(value)
    if key in ("behaviour", "own") and isinstance(value, str | os.PathLike):
        return str(absolute(value))
    return value


def plain(value: Any) -> Any:
    """Return a value with Python's numbers in the place of NumPy's, also inside tables and lists."""
    if isinstance(value, Mapping):
        return {str(key) if isinstance(key, str) else key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(plain(item) for item in value)
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        return value.item()
    return value


def not_a_table(key: str, value: object, file: str) -> InputError:
    """Return the mistake of a value where names and values are expected."""
    return InputError("not a table", file=file, key=key, value=value, accepted="name = value")


def _date(value: object, key: str, file: str) -> dt.date:
    """Return a day given as a date, as midnight, or as text of the form 2019-08-01."""
    if isinstance(value, dt.datetime) and value.time() == dt.time() and value.tzinfo is None:
        return value.date()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and len(value) == len("2019-08-01"):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise InputError("not a date", file=file, key=key, value=value, accepted='dt.date(2019, 8, 1) or "2019-08-01"')


def _regimes(value: object) -> Any:
    from sim.policies.library import located

    if isinstance(value, str | os.PathLike):
        value = [value]
    if not isinstance(value, Sequence):
        return value
    return tuple(located(os.fspath(name)) if isinstance(name, str | os.PathLike) else name for name in value)
