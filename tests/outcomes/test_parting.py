"""Where lives part (`sim.outcomes.parting`), against the transitions of the runs themselves."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest

import numpy as np

import sim
from sim.outcomes.by_person import moves_of
from sim.outcomes.groups import OUTCOMES
from sim.outcomes.parting import Side, parted
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.05)
REGIMES = ["vc_2018", "vc_2019_08"]


def test_it_is_the_first_move_that_differs() -> None:
    session = sim.Session(SCENARIO, REGIMES, seed=3)
    (found,) = session.reading(0).parted
    runs = [sim.run(SCENARIO, regime, seed=3, replicate=0) for regime in REGIMES]
    moves = [run.transitions for run in runs]
    names = runs[0].population.names()
    by_person = []
    for table in moves:
        mine: dict[str, list[tuple[object, str, str]]] = defaultdict(list)
        for person, date, old, new in zip(table.person, table.date, table["from"], table.to, strict=True):
            mine[person].append((date, old, new))
        by_person.append(mine)
    expected = {}
    for row, name in enumerate(names):
        for one, other in zip_longest(by_person[0][name], by_person[1][name]):
            if one != other:
                first = min((move for move in (one, other) if move is not None), key=lambda move: move[0])
                day = int((np.datetime64(first[0]) - np.datetime64(SCENARIO.start)) / np.timedelta64(1, "D"))
                expected[row] = (day, first[1], one and one[2], other and other[2])
                break
    assert len(expected) > 20
    differ = found.day >= 0
    assert found.person[differ].tolist() == sorted(expected)
    steps = (*session.steps, None)
    for row, day, step, entered in zip(
        found.person[differ], found.day[differ], found.step[differ], found.entered[differ], strict=True
    ):
        assert (day, steps[step], steps[entered[0]], steps[entered[1]]) == expected[row]
    marked = set(np.flatnonzero(runs[1].outcome.state.ruled[: len(names)]).tolist())
    assert set(found.person[found.ruled].tolist()) >= marked
    assert len(marked) > 0
    for k, run in enumerate(runs):
        outcome = run.persons.set_index("person").outcome
        here = [(names[row], OUTCOMES[number]) for row, number in zip(found.person, found.outcome[:, k], strict=True)]
        assert all(outcome[name] == said for name, said in here if name in outcome.index)


def test_the_same_moves_part_nobody() -> None:
    run = sim.run(SCENARIO, "vc_2018", seed=3)
    persons = run.population.entities.persons
    world = run.world.catalogue
    log, entities = run.outcome.state.logged, run.population.entities.key.size
    one = Side(
        moves_of(log, entities),
        0,
        np.arange(len(world.steps), dtype=np.int16),
        np.zeros(persons, np.int64),
        np.zeros(persons, bool),
    )
    assert parted(one, one).person.size == 0
    other = Side(moves_of(log[:-1], entities), 0, one.steps, one.outcome, one.ruled)
    last = int(run.outcome.log.entity[-1])
    for pair in ((one, other), (other, one)):
        found = parted(*pair)
        assert found.person.tolist() == ([last] if last < persons else [])
        if last < persons:
            assert sorted(found.entered[0] == -1) == [False, True]
