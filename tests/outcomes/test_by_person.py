"""The moves by person (`sim.outcomes.by_person`): those of a log, each in the range of who moves, in the same order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numba import config

import sim
from sim.engine import layout
from sim.engine.held import Held
from sim.outcomes import by_person
from sim.outcomes.by_person import Sorting, moves_of
from verification.small_worlds import netherlands


def log_of(rows: list[tuple[int, int, int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Return a log: day, entity, move."""
    return np.array(rows, np.int32).reshape(-1, layout.LOG_PARTS)


def test_moves_lie_by_person_in_their_order() -> None:
    moves = moves_of(log_of([(3, 2, 70), (3, 0, 71), (4, 2, -72), (9, 2, 73), (32766, 3, 74)]), 5)
    assert moves.start.tolist() == [0, 1, 1, 4, 5, 5], "who does not move has an empty range"
    assert moves.day.tolist() == [3, 3, 4, 9, 32766]
    assert moves.move.tolist() == [71, 70, -72, 73, 74]
    assert moves.day.itemsize + moves.move.itemsize == 6


def test_there_may_be_no_moves_and_nobody() -> None:
    for entities in (0, 2):
        moves = moves_of(log_of([]), entities)
        assert moves.start.tolist() == [0] * (entities + 1)
        assert moves.day.size == moves.move.size == 0


def test_they_are_those_of_the_log_which_is_not_needed_afterwards() -> None:
    run = sim.run(netherlands(0.05), "vc_2019_08", seed=2)
    log, entities = run.outcome.state.logged, run.population.entities.key.size
    order = np.argsort(log[:, layout.LOG_WHO], kind="stable")
    expected = log[order]
    assert len(log) > 5000
    held = Held()
    for take in (held.take, held.take):
        moves = moves_of(log, entities, take, "lives")
        np.testing.assert_array_equal(np.repeat(np.arange(entities), np.diff(moves.start)), expected[:, layout.LOG_WHO])
    log[:] = -1
    np.testing.assert_array_equal(moves.day, expected[:, layout.LOG_DAY])
    np.testing.assert_array_equal(moves.move, expected[:, layout.LOG_MOVE])


def test_those_of_another_name_stay() -> None:
    held = Held()
    one = moves_of(log_of([(1, 0, 5)]), 1, held.take, "lives 0")
    other = moves_of(log_of([(2, 0, 6)]), 1, held.take, "lives 1")
    assert (one.day.tolist(), one.move.tolist()) == ([1], [5])
    assert (other.day.tolist(), other.move.tolist()) == ([2], [6])


@pytest.mark.skipif(config.DISABLE_JIT, reason="needs compiled functions")
def test_the_sorting_in_c_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = pytest.importorskip("sim.engine.portable.library")
    if library.compiler() is None:
        pytest.skip("no C compiler was found")
    run = sim.run(netherlands(0.02), "vc_2018", seed=1)
    log, entities = run.outcome.state.logged, run.population.entities.key.size
    ours = moves_of(log, entities)
    in_c = library.build(tmp_path, by_person.sort_moves)

    def sort_in_c(arrays: Sorting) -> int:
        return int(in_c(arrays))

    monkeypatch.setattr(by_person, "sort_moves", sort_in_c)
    for mine, its in zip(ours, moves_of(log, entities), strict=True):
        np.testing.assert_array_equal(mine, its)
