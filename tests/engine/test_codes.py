"""What the kernel writes in one number is read back: the cause of a move, a move, since when a person queues."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from sim.engine import codes
from sim.engine.columns import NEVER
from sim.engine.log import by_cause


def plain(function: Any) -> Any:
    """Return the Python function behind a compiled one."""
    return getattr(function, "py_func", function)


by_hazard, packed_move = plain(codes.by_hazard), plain(codes.packed_move)
waiting_since, is_waiting, day_of_coming = (
    plain(function) for function in (codes.waiting_since, codes.is_waiting, codes.day_of_coming)
)


def test_causes_do_not_overlap() -> None:
    branches, hazards = range(1024), [by_hazard(hazard) for hazard in range(31)]
    causes = [*branches, codes.BY_SIGNAL, *hazards]
    assert len(set(causes)) == len(causes)
    assert [codes.hazard_of(via) for via in hazards] == list(range(31))
    assert codes.hazard_of(codes.BY_SIGNAL) < 0


def test_words_for_causes_are_found_by_via() -> None:
    words = by_cause(["one", "two"], ["flood", "fire"], "a signal")
    assert [words[via] for via in (0, 1, codes.BY_SIGNAL, by_hazard(0), by_hazard(1))] == [
        *("one", "two", "a signal", "flood", "fire")
    ]


def test_moves_are_read_back() -> None:
    steps, causes = (0, 1, 127, 128, 191, 255), (0, 1, 1023, 32767, codes.BY_SIGNAL, by_hazard(0), by_hazard(30))
    moves = list(product(steps, steps, causes))
    packed = np.array([packed_move(*move) for move in moves], np.int32)
    assert list(zip(*(part.tolist() for part in codes.unpacked_moves(packed)), strict=True)) == moves


def test_who_queues_and_since_when() -> None:
    days = (0, 1, 1826, NEVER - 2)
    due = [waiting_since(day) for day in days]
    assert all(is_waiting(value) for value in due)
    assert [day_of_coming(value) for value in due] == list(days)
    assert not any(is_waiting(value) for value in (-1, *days, NEVER))
    mixed = np.array([*due, 0, 5, NEVER], np.int16)
    assert codes.days_of_coming(mixed).tolist() == [*days, -1, -1, -1]
