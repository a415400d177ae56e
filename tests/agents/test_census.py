"""How many people are in each step (`sim.agents.census`), kept up to date from the log."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from small_laws import FINAL

from sim.agents.census import Census
from sim.engine.kernel import advance
from sim.engine.state import State
from verification.small_worlds import parameter, people, procedure, small_world


def test_counts_follow_the_moves_of_each_day(tmp_path: Path) -> None:
    steps = {
        "away": 'next = [{ to = "stays", signals = ["other.on", "network:web.seen"] }]',
        "stays": 'takes = "d.five"\nnext = [{ to = "end" }]',
        "end": FINAL,
    }
    world = small_world(
        tmp_path,
        {
            "case": procedure("case", "away", steps),
            "other": procedure("other", "idle", {"idle": "", "on": 'from = ["idle"]\nfinal = true'}),
            "web": procedure(
                "web", "unseen", {"unseen": "", "seen": 'from = ["unseen"]\nfinal = true'}, entity="network"
            ),
        },
        parameters=[parameter("d.five", 5.0)],
    )
    state = State(world.tables, world.catalogue, people([0, 3, 3, 30], networks=[0, 0, 1, -1]))
    census = Census(state, len(world.catalogue.steps), (0, 1))
    counts = census.counts
    assert counts[world.catalogue.step("case.away")] == counts[world.catalogue.step("other.idle")] == 4
    assert counts[world.catalogue.step("web.unseen")] == 0, "networks are not people"
    for day in range(40):
        with np.errstate(over="ignore"):
            advance(state.arrays, day)
        if day % 2:
            continue  # a look on some days only
        found = census.update(state)
        expected = np.bincount(state.step[:4, :2].ravel(), minlength=len(world.catalogue.steps))
        assert found.tolist() == expected.tolist(), day
    assert census.counts[world.catalogue.step("case.end")] == 4
