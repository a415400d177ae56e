"""Times as medians over repeats; the ways alternate, so that a slow moment of the machine affects all of them.

Runs in one thread are timed in seconds of the processor, which other programs on the machine disturb less.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def seconds_of(work: Callable[[], Any]) -> tuple[float, Any]:
    """Run once; return seconds of the processor and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def in_turn(ways: Mapping[str, Callable[[int], Any]], repeats: int, warm_up: str) -> dict[str, list[float]]:
    """Run each way ``repeats`` times in turn; return the seconds of each run.

    Parameters
    ----------
    ways
        By name a function of the number of the repeat.
    warm_up
        The way that is run once before, uncounted, to load compiled code.
    """
    ways[warm_up](0)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for repeat in range(repeats):
        for name, work in ways.items():
            seconds[name].append(seconds_of(lambda w=work, k=repeat: w(k))[0])
    return seconds


def median(values: list[float]) -> float:
    """Return the median."""
    return float(statistics.median(values))


def ratio_range(other: list[float], ours: list[float]) -> tuple[float, float, float]:
    """Return the ratio of medians, and the lowest and highest ratio within a repeat."""
    ratios = [b / a for a, b in zip(ours, other, strict=True)]
    return median(other) / median(ours), min(ratios), max(ratios)
