"""Arrays that the next run uses again (`sim.engine.held`)."""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np
import pytest

from sim.engine.held import GIVEN_BACK, LARGE_PAGES, ROWS, Held, fresh, give_back, side_by_side


def test_the_same_memory_serves_while_it_is_large_enough() -> None:
    held = Held()
    one = held.take("rows", (100, 3), np.int32)
    one[:] = 7
    again = held.take("rows", (90, 3), np.int32)
    assert np.shares_memory(one, again)
    assert again.shape == (90, 3)
    assert again.dtype == np.int32
    assert np.shares_memory(one, held.take("rows", (40,), np.float64)), "another type too"
    larger = held.take("rows", (1000, 3), np.int32)
    assert not np.shares_memory(one, larger)
    assert np.shares_memory(larger, held.take("rows", (1100, 3), np.int32)), "some more than was asked for"
    assert (one == 7).all(), "whoever has the former array keeps it"


def test_names_do_not_share() -> None:
    held = Held()
    one, other = held.take("one", (5,), np.int64), held.take("other", (5,), np.int64)
    assert not np.shares_memory(one, other)
    assert not np.shares_memory(fresh("one", (5,), np.int64), fresh("one", (5,), np.int64))
    assert held.take("none", (0, 4), np.int16).shape == (0, 4)


def test_values_are_written_once_for_the_same_object_and_again_after_anything_else() -> None:
    held, values, others = Held(), np.arange(6, dtype=np.int32), np.arange(6, 12, dtype=np.int32)

    def taken(given: np.ndarray | None, size: int = 6) -> list[int]:
        array = held.take("t", (size,), np.int32, given)
        seen: list[int] = array.tolist()
        array[0] = 99
        return seen

    assert taken(values) == [0, 1, 2, 3, 4, 5]
    assert taken(values) == [99, 1, 2, 3, 4, 5], "what its user wrote stays"
    assert taken(others) == [6, 7, 8, 9, 10, 11]
    assert taken(values) == [0, 1, 2, 3, 4, 5]
    assert len(taken(None)) == 6
    assert taken(values) == [0, 1, 2, 3, 4, 5], "whoever took it without values may have written anything"
    assert len(taken(np.zeros(2000, np.int32), 2000)) == 2000
    assert taken(values) == [0, 1, 2, 3, 4, 5]
    assert values.tolist() == [0, 1, 2, 3, 4, 5]
    assert not np.shares_memory(fresh("t", (6,), np.int32, values), values)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux says what a process holds")
def test_arrays_of_many_people_rest_without_memory_and_serve_again() -> None:
    held, values = Held(), np.arange(LARGE_PAGES // 4 + 1, dtype=np.int32)
    held.take(ROWS, (GIVEN_BACK,), np.uint8)[:] = 1
    small, table = held.take("small", (1000,), np.uint8), held.take("table", values.shape, np.int32, values)
    small[:] = 5
    before = resident()
    held.rest()
    assert resident() < before - 0.9 * GIVEN_BACK
    assert (small == 5).all(), "little memory would come back"
    again = held.take("table", values.shape, np.int32, values)
    assert np.shares_memory(again, table)
    np.testing.assert_array_equal(again, values, "values that went back are written again")
    few = Held()
    few.take(ROWS, (GIVEN_BACK // 2,), np.uint8)[:] = 1
    few.rest()
    assert few.take(ROWS, (GIVEN_BACK // 2,), np.uint8).all(), "few people keep their arrays"


def resident() -> int:
    """Return the bytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * mmap.PAGESIZE


def test_side_by_side_arrays_share_one_and_do_not_overlap() -> None:
    held = Held()
    rows = held.take("rows", (1000,), np.uint8)
    parts = side_by_side(held.take, "rows", {"a": ((5, 3), np.int32), "b": ((7,), np.float64), "c": ((0, 2), np.int16)})
    assert {name: (array.shape, array.dtype.name) for name, array in parts.items()} == {
        "a": ((5, 3), "int32"),
        "b": ((7,), "float64"),
        "c": ((0, 2), "int16"),
    }
    assert np.shares_memory(parts["a"], rows)
    parts["a"][:], parts["b"][:] = 1, 2.0
    assert (parts["a"] == 1).all()
    assert (parts["b"] == 2.0).all()


def test_pages_behind_what_is_used_go_back_to_the_system_and_serve_again() -> None:
    held, size = Held(), 4 * LARGE_PAGES
    held.take("rows", (size,), np.uint8)[:] = 7
    small = held.take("rows", (LARGE_PAGES + 1,), np.uint8)
    assert (small == 7).all(), "what is used stays"
    again = held.take("rows", (size,), np.uint8)
    assert np.shares_memory(small, again)
    again[:] = 8
    assert (again == 8).all()
    give_back()
    assert (again == 8).all(), "only what was freed goes back"
