"""Sections of the page ``docs/performance.md`` on other code: Starsim, and b8sim before it had sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.words import lines_text, ratio_text, share_text, table_text, target_text

BEFORE = Path(__file__).parent / "sessions_before.json"
AIM = 1.4
"""How many times as fast as before a comparison is to be."""
NAMES = {"b8sim": "b8sim", "starsim": "Starsim"}


def chain_section(p: dict[str, Any]) -> str:
    """Return the section."""
    title = "## A chain of states, in Starsim too"
    if "skipped" in p:
        return lines_text(title, f"Not measured: {p['skipped']}.")
    ours, other = p["ways"]
    rows = [
        (NAMES[way["way"]], f"{way['seconds']:.3f}", f"{way['nanoseconds']:.2f}", ratio_text(way)) for way in p["ways"]
    ]
    shares = [
        (
            measure,
            *(f"{100 * way['shares'][measure]:.1f}%" for way in (ours, other)),
            *(f"{100 * way['differences'][measure]:+.1f}%" for way in (ours, other)),
            *(f"{100 * way['spreads'][measure]:.2f}" for way in (ours, other)),
        )
        for measure in ours["shares"]
    ]
    head = ("share", "b8sim", "Starsim", "change, b8sim", "change, Starsim", "spread, b8sim", "spread, Starsim")
    return lines_text(
        title,
        f"Starsim {p['starsim']}, a health model with agents who have random numbers of their own, on {p['machine']}, "
        f"of which other programs took {share_text(p['others'])}. {p['persons']:,} people are ill, treated, and then "
        f"ill again or recovered; who is ill may drop out; {p['days']:,} days, without contagion. Each way runs pairs: "
        "as it is, and with half as many relapses, on the same people with the same draws. Starsim looks at everybody "
        "each day, as its modules do; b8sim at those for whom something is due. Seconds of the processor for a pair, "
        "from people to counts.",
        table_text(("way", "seconds", "ns for a person and day", "ratio"), rows),
        "The same shares come out: the benchmark reports no times where a share differs by more than Monte-Carlo "
        f"error (over {p['repeats']} seeds, with 1% false alarms for all measures together) and {p['tolerance']:.3f}, "
        "what rounding to whole days can do. Shares on day 365 and at the end; the difference that the change makes; "
        "its spread from seed to seed, in percentage points:",
        table_text(head, shares),
        target_text("Starsim at least 30 times slower", {"Starsim": other["ratio"]}, 30),
    )


def before_sessions() -> str:
    """Return the sentences on whole comparisons beside the code before sessions, measured once and kept."""
    p = json.loads(BEFORE.read_text(encoding="utf-8"))
    before, now = p["processor_seconds_before"], p["processor_seconds"]
    ratios = [one / other for one, other in zip(before, now, strict=True)]
    least = sum(before) / sum(now)
    verdict = "met" if least >= AIM else "not met"
    return (
        f"`sim.compare` of {p['replicates']} replicates of the Netherlands without a history, on one thread, in turn "
        f"with the code before sessions, {len(now)} times: {sum(now) / len(now):.1f} seconds of the processor instead "
        f"of {sum(before) / len(before):.1f}, {least:.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f}; aim: "
        f"at least {AIM}, {verdict}). Measured once and kept."
    )
