"""What the history of each person comes to (`sim.outcomes.history`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from compared_runs import Reader, ran
from small_laws import FINAL

from sim.outcomes.history import history
from sim.outcomes.measures import Measures
from sim.runs.replicate import history_of
from verification.small_worlds import parameter, people, procedure, small_world


def test_first_days_entries_and_days_spent(tmp_path: Path) -> None:
    steps = {
        "away": 'next = [{ to = "one" }]',
        "one": 'takes = "d.ten"\nnext = [{ to = "end", when = "ever two" }, { to = "two" }]',
        "two": 'takes = "d.five"\nnext = [{ to = "one" }]',
        "end": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        parameters=[parameter("d.ten", 10.0), parameter("d.five", 5.0)],
    )
    run = world.run(people([3, 90, 32767]), until=100)
    past = history(
        run.log,
        world.catalogue,
        np.array(world.catalogue.slots, np.int32),
        run.state.step,
        100,
        ("case.one", "case.two", "case.end", "case.of_another_regime"),
    )
    assert past.steps == ("case.one", "case.two", "case.end")
    assert past.first("case.two", "case.end").tolist() == [13, 100, 32767]
    assert past.total("entries", "case.one", "case.two").tolist() == [3, 2, 0]
    assert past.total("days", "case.one").tolist() == [20, 10, 0]
    assert past.total("days", "case.end", "case.two").tolist() == [5 + 101 - 28, 1, 0], "the last day counts"
    assert past.entered("case.end", "case.of_another_regime").tolist() == [True, False, False]
    assert past.first("case.of_another_regime").tolist() == [32767] * 3


def test_it_is_what_a_reader_of_the_transitions_finds() -> None:
    run = ran("vc_2019_08", 0)
    past, reader = history_of(run.world, run.outcome, Measures.load()), Reader(run)
    names = run.population.names()
    for step in ("b8.report", "b8.permit", "dublin.transferred"):
        assert past.first(step)[: len(names)].tolist() == [reader.soonest(name, (step,)) for name in names]
        assert past.total("days", step)[: len(names)].tolist() == [reader.spent(name, (step,)) for name in names]
        assert past.total("entries", step)[: len(names)].sum() == sum(reader.entries[name, step] for name in names) > 0
