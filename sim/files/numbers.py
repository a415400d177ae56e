"""Whole numbers as a caller may give them: of Python or of NumPy, and nothing that only looks like one."""

from __future__ import annotations

import operator
from os import PathLike

from sim.files.errors import InputError

LARGEST_SEED = 2**63 - 1
MOST_REPLICATES = 1_000_000
MOST_WORKERS = 10_000


def whole_number(value: object, key: str, low: int, high: int, *, file: str | PathLike[str] | None = None) -> int:
    """Return a whole number as an ``int``.

    Parameters
    ----------
    value
        An ``int`` or a NumPy integer. ``True``, ``3.0`` and ``"3"`` are none.
    key, file
        For the error: what the number is, and the file in which it is.
    low, high
        The smallest and the largest that are accepted.

    Raises
    ------
    InputError
        When it is not a whole number, or out of range.
    """
    accepted = f"a whole number from {low} to {high}"
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise InputError("not a whole number", file=file, key=key, value=value, accepted=accepted)
    if not low <= number <= high:
        raise InputError("out of range", file=file, key=key, value=number, accepted=accepted)
    return number
