"""How the kernel reads the tables: ranges, and what holds on a day."""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import inlined, int64
from sim.engine.layout import Arrays


@inlined
def first_of(a: Arrays, column: int, row: int) -> int:
    """Return where the range of a row of a column begins."""
    return int64(a.t[column + 2 * row])


@inlined
def end_of(a: Arrays, column: int, row: int) -> int:
    """Return where the range of a row of a column ends; the end does not belong to it."""
    return int64(a.t[column + 2 * row + 1])


@inlined
def on_day(a: Arrays, table: int, row: int, day: int) -> int:
    """Return what a row of a table over days holds on a day."""
    return int64(a.t[a.t[table] + row * a.t[columns.DAYS] + day])


@inlined
def capacity_on(a: Arrays, pool: int, day: int) -> float:
    """Return the capacity of a pool on a day."""
    return float(a.f[columns.POOL_CAPACITY + pool * a.t[columns.DAYS] + day])
