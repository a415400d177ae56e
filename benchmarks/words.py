"""How the page ``docs/performance.md`` writes ratios, shares, seconds and tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

HEAD = """\
# Performance

Speed and memory beside other programs, and the variance reduction by common random numbers. `make bench` measures
everything and writes this page from `benchmarks/results.json`; nothing here is written by hand. Ratios are of medians
within one run; in brackets the lowest and the highest ratio of a repeat. Seconds are of the processor for one thread,
and of the clock for comparisons of threads or processes. No test depends on a time.
"""


def ratio_text(row: dict[str, Any]) -> str:
    """Return a ratio with the lowest and the highest of a repeat."""
    if row["ratio_low"] == row["ratio_high"]:
        return f"{row['ratio']:.3g}"
    return f"{row['ratio']:.3g} ({row['ratio_low']:.3g} to {row['ratio_high']:.3g})"


def share_text(value: float | None) -> str:
    """Return a share in percent."""
    return "not known" if value is None else f"{100 * value:.0f}%"


def gain_text(one: dict[str, Any], other: dict[str, Any], disturbed_above: float, start: float) -> str:
    """Return the speed-up after the start as text; where others took too much of the processors, that instead."""
    others = [row["others"] for row in (one, other)]
    if any(value is None or value > disturbed_above for value in others):
        return "disturbed"
    return f"{(one['seconds'] - start) / (other['seconds'] - start):.2f}"


def target_text(target: str, ratios: dict[str, float], least: float) -> str:
    """Return for each ratio whether it reaches the aim."""
    told = [f"{name} {ratio:.3g}, {'met' if ratio >= least else 'not met'}" for name, ratio in ratios.items()]
    return f"Aim: {target}. Measured: {'; '.join(told)}."


def seconds_text(value: float | None) -> str:
    """Return seconds with one digit."""
    return "not measured" if value is None else f"{value:.1f}"


def table_text(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown; the first column is text."""
    names = list(head)
    lines = [names, ["---", *(["---:"] * (len(names) - 1))], *map(list, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def lines_text(*blocks: str) -> str:
    """Return blocks with an empty line between them."""
    return "\n\n".join(blocks) + "\n"
