"""Sections of ``docs/performance.md`` about the page that `b8sim view` serves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.words import lines_text, share_text


def room_section(p: dict[str, Any]) -> str:
    """Return the section of the part ``room``."""
    worst = sorted(p["worst_seconds"])
    told = ", ".join(f"{seconds:.2f}" for seconds in worst)
    took = p["processor_seconds_a_round"]
    share = (
        "" if took is None else f" A round takes the server {took:.2f} seconds of the processor, all clients together."
    )
    alike = p.get("worst_seconds_alike")
    if alike:
        share += f" When all ask for the same new state it is computed once: the worst waits {max(alike):.2f} s."
    return lines_text(
        "## A room of people who move sliders",
        f"{p['clients']} clients ask the server of the page at the same moment, each for a state that is new: one "
        f"replicate of two regimes for {p['people']:,} people, on {p['machine']}, of which other programs took "
        f"{share_text(p['others'])}. By the clock, for each client from its question to its "
        f"answer: median {p['median_seconds']:.2f} s; the worst of each of {p['rounds']} rounds {told} s "
        f"(aim: under 2 on free processors, {'met' if worst[-1] < 2 else 'not met'} here).{share}",
    )


def file_section(p: dict[str, Any]) -> str:
    """Return the section of the part ``file``."""
    title = "## A report that simulates"
    if "skipped" in p:
        return lines_text(title, f"Not measured: {p['skipped']}.")
    fewer, people = p["people"][0], p["people"][-1]

    def told(seconds: list[float]) -> str:
        return f"{seconds[1]:.2f} s ({seconds[0]:.2f} to {seconds[2]:.2f})"

    return lines_text(
        title,
        f"One file of {p['bytes'] / 1e6:.1f} MB, opened in Chromium on {p['machine']}, of which other programs took "
        f"{share_text(p['others'])}; median, lowest and highest by the clock. From opening to the first picture "
        f"{told(p['open_seconds'])} (aim: under 1). From a moved slider to a preview on {fewer:,} people "
        f"{told(p['first_seconds'])} (aim: under 0.15); after a drag of 30 events {p['drag_seconds']:.2f} s (aim: "
        f"within 1.5 times a move). Twenty replicates of {people:,} people {p['twenty_seconds']:.1f} s (aim: under 5 "
        f"for 10,000). After {p['moves']:,} moves the heap is {p['heap_ratio']:.2f} times as large (aim: within 1.1).",
        *([_whole_text(p["whole"], told)] if "whole" in p else []),
    )


def _whole_text(w: dict[str, Any], told: Callable[[list[float]], str]) -> str:
    """Return what is said of the report of the whole country."""
    few, more, people = w["people"]
    return (
        f"A report of the whole country: {people:,} people and the history that ships, simulated too on any number of "
        f"people. From a moved slider to the first replicate of {more:,} people {told(w['first_seconds'])} (aim: "
        f"under 0.4), and to the range over {w['sets']} fitted sets, on {few:,} people, {told(w['later_seconds'])} "
        "(aim: under 3); where the slider moves as soon as the page simulates, before the sets have run without the "
        "change, "
        f"{told(w['at_once_seconds'])}."
    )
