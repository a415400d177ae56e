"""Section of ``docs/performance.md`` about sweeps."""

from __future__ import annotations

from typing import Any, Final

from benchmarks.words import lines_text, share_text, table_text

HISTORIES: Final = {"shipped": "from 2003", "start": "none"}
SWEEP_MINUTES: Final = 12


def sweep_section(p: dict[str, Any]) -> str:
    """Return the section of the part ``sweep``."""
    rows = [
        (
            f"{s['workers']} {s['way'] if s['workers'] > 1 else s['way'].removesuffix('es')}",
            HISTORIES[s["history"]],
            f"{s['points']:,}",
            f"{s['points_a_second']:.1f}",
            f"{10_000 / s['points_a_second'] / 60:.1f}",
            f"{s['megabytes_parent']:,.0f}",
            f"{s['megabytes_worker']:,.0f}" if s["way"] == "processes" else "",
            share_text(s["others"]),
        )
        for s in p["sweeps"]
    ]
    head = ("workers", "history", "points", "points/s", "10,000 points, min", "MB, parent", "MB, a worker", "others")
    store, stages = p["store"], p["stages"]
    minutes = {name: 10_000 * 2 * s["milliseconds_a_run"] / 1000 / 60 / 2 for name, s in stages.items()}
    met = {name: "met" if value < SWEEP_MINUTES else "not met" for name, value in minutes.items()}
    costs = [
        (
            HISTORIES[name],
            f"{s['milliseconds_a_run']:.0f}",
            f"{100 * s['kernel_share']:.0f}%",
            f"{(1 - s['kernel_share']) * s['milliseconds_a_run']:.1f}",
            f"{s['milliseconds_of_store_a_run']:.2f}",
            f"{minutes[name]:.1f}, {met[name]}",
        )
        for name, s in stages.items()
    ]
    return lines_text(
        "## Sweeps",
        f"Points of a study of the whole period with {p['persons']:,} people, two regimes and one replicate, by the "
        f"clock from the first finished part on, on {p['machine']}. Half the points, then all: memory must not grow. "
        "With the shipped history, from 2003 on, a point also simulates those who came before the period; "
        '`history_from = "start"` leaves them out.',
        table_text(head, rows),
        "Where others took much of the processors, seconds of the clock say little. Milliseconds of the processor for "
        "a run of one regime, and minutes of two processors for 10,000 points (aims: under "
        f"{SWEEP_MINUTES}; at least 90% in kernels; the store under 1 ms a run), while other programs took "
        f"{share_text(p['others_of_stages'])} of the processors:",
        table_text(("history", "ms a run", "in kernels", "ms outside", "ms, store", "10,000 points, min, aim"), costs),
        f"A store of {store['readings']:,} readings takes {store['bytes_a_reading']:.1f} bytes for each; opening "
        f"it and filtering {store['filtered']:,} of them takes {store['filter_seconds']:.2f} s (aim: under 1), all "
        f"{store['read_seconds']:.2f} s.",
    )
