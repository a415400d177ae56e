"""The log of a run (`sim.engine.log`): day, who, from, to, and what moved them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from small_laws import FINAL

from verification.small_worlds import hazard, parameter, people, procedure, small_world


def test_a_row_says_what_moved_somebody(tmp_path: Path) -> None:
    case = {
        "away": 'next = [{ to = "one", when = "victim" }, { to = "two" }]',
        "one": 'signals = ["other.on"]',
        "two": "",
        "end": FINAL,
    }
    world = small_world(
        tmp_path,
        {
            "case": procedure("case", "away", case),
            "other": procedure("other", "idle", {"idle": "", "on": 'from = ["idle"]\nfinal = true'}),
        },
        behaviour=hazard("never", "case.two", "case.end", "rate.never")
        + hazard("rare", "case.two", "case.end", "rate.often", 'when = "minor"')
        + hazard("ends", ["case.one", "case.two"], "case.end", "rate.often"),
        parameters=[parameter("rate.never", 0.0, "per_year"), parameter("rate.often", 1e6, "per_year")],
    )
    run = world.run(people([3, 300], flags={"victim": [True, False], "minor": [False, False]}))
    assert [column.dtype for column in run.log] == [np.int16, np.int32, np.uint8, np.uint8, np.int16]
    assert run.rows == [
        (3, 0, "case.away", "case.one"),
        (3, 0, "other.idle", "other.on"),
        (4, 0, "case.one", "case.end"),
        (300, 1, "case.away", "case.two"),
        (301, 1, "case.two", "case.end"),
    ]
    branches = [world.catalogue.branches.index(("case.away", position)) for position in (0, 1)]
    ends = -2 - world.catalogue.hazards.index("ends")
    assert run.log.via.tolist() == [branches[0], -1, ends, branches[1], ends]


def test_numbers_beyond_a_byte_are_kept(tmp_path: Path) -> None:
    """Many people, many steps, many branches."""
    size = 150
    steps = {f"s{i}": f'next = [{{ to = "s{i + 1}", when = "minor" }}, {{ to = "s{i + 1}" }}]' for i in range(size)}
    world = small_world(tmp_path, {"case": procedure("case", "s0", {**steps, f"s{size}": FINAL})})
    run = world.run(people(np.zeros(70_000, int)), until=0)
    assert run.log.day.size == 70_000 * size
    assert run.log.entity.max() == 69_999
    assert run.log.to_step.max() == size
    assert (run.log.via == 2 * run.log.from_step.astype(int) + 1).all(), "nobody is a minor: the second branch of each"
