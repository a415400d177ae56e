"""Under which text a person falls, and who goes first in a queue (`sim.engine.queue_entry`)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
from small_laws import FINAL, order_served

from verification.erlang import (
    DESK,
    queue_world,
)
from verification.small_worlds import (
    SmallWorld,
    hazard,
    parameter,
    people,
    procedure,
    small_world,
)


def changing(folder: Path, applies_to: str | None) -> SmallWorld:
    steps = {
        "away": 'next = [{ to = "event" }]',
        "event": 'takes = "d.ten"\nnext = [{ to = "asks" }]',
        "asks": 'next = [{ to = "old" }]',
        "old": FINAL,
        "new": 'from = ["away"]\nfinal = true',
    }
    other = {"idle": "", "tells": 'signals = ["case.new"]', "x": FINAL}
    behaviour = hazard("a", "other.idle", "other.tells", "rate.never") + hazard(
        "b", "other.tells", "other.x", "rate.never"
    )
    return small_world(
        folder,
        {"case": procedure("case", "away", steps), "other": procedure("other", "idle", other)},
        behaviour=behaviour,
        parameters=[parameter("d.ten", 10.0), parameter("rate.never", 0.0, "per_year")],
        later={"case.asks": (dt.date(2018, 2, 1), applies_to, {"next": ({"to": "case.new"},)})},
    )


def test_a_new_text_holds_from_its_day(tmp_path: Path) -> None:
    run = changing(tmp_path, None).run(people([19, 20, 21, 22, 31]))
    assert (run.days("case.old") >= 0).tolist() == [True, True, False, False, False]
    assert run.state.ruled.tolist() == [0, 0, 1, 1, 1]


def test_a_transitional_rule_keeps_the_old_text_by_the_day_of_an_event(tmp_path: Path) -> None:
    """Those for whom the event had happened before the new text entered into force keep the old one."""
    run = changing(tmp_path, "case.event").run(people([19, 22, 30, 31, 32]))
    assert (run.days("case.old") >= 0).tolist() == [True, True, True, False, False]
    assert run.state.ruled.tolist() == [0, 0, 0, 1, 1]


RANKED = DESK["desk"] + '\npriority = [{ when = "minor", rank = 0 }, { when = "victim", rank = 1 }]'


def test_ranks_go_first_and_within_a_rank_who_came_first(tmp_path: Path) -> None:
    world = queue_world(tmp_path, 1.0, kind="staff", desk=RANKED)
    size = 60
    arrival = np.sort(np.random.default_rng(1).integers(0, 20, size))
    minor, victim = (np.random.default_rng(k).random(size) < 0.3 for k in (2, 3))
    run = world.run(people(arrival, flags={"minor": minor.tolist(), "victim": victim.tolist()}))
    rank = np.where(minor, 0, np.where(victim, 1, 2))
    served = run.days("served.busy")
    waiting: list[int] = []
    expected: list[int] = []
    for day in range(int(served.max()) + 1):
        waiting += np.flatnonzero(arrival == day).tolist()
        if world.calendar.is_working_day[day] and waiting:
            chosen = min(waiting, key=lambda row: (rank[row], row))
            waiting.remove(chosen)
            expected.append(chosen)
    assert not waiting
    assert order_served(run) == expected
    assert (rank[expected[:15]] < 2).all()
