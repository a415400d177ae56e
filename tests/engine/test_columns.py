"""Columns lie one after another, and a law that outgrows them is refused."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from sim.engine import columns
from sim.files.errors import InputError
from verification.small_worlds import people, procedure, small_world


@pytest.mark.parametrize(
    ("is_whole", "first", "end"),
    [(True, columns.HEADER, columns.END_OF_COLUMNS), (False, 0, columns.POOL_CAPACITY)],
    ids=["t", "f"],
)
def test_columns_lie_one_after_another(is_whole: bool, first: int, end: int) -> None:
    own = sorted(column for column in columns.COLUMNS.values() if column.is_whole is is_whole)
    assert (own[0], own[-1] + own[-1].size) == (first, end)
    assert all(one + one.size == other for one, other in pairwise(own))


def test_every_column_is_found_by_its_name() -> None:
    assert columns.COLUMNS["STEP_SLOT"] == columns.STEP_SLOT == columns.HEADER
    assert all(getattr(columns, name) is column for name, column in columns.COLUMNS.items())
    assert {type(value) for value in columns.COLUMNS.values()} == {columns.Column}


def chain_of(folder: Path, size: int) -> dict[str, str]:
    names = [f"s{number}" for number in range(size)]
    steps = {name: f'next = [{{ to = "{after}" }}]' for name, after in pairwise(names)}
    return {"case": procedure("case", "s0", {**steps, names[-1]: "final = true"})}


def test_a_law_may_have_as_many_steps_as_the_engine_keeps(tmp_path: Path) -> None:
    size = columns.MOST_STEPS
    run = small_world(tmp_path, chain_of(tmp_path, size)).run(people([3]))
    assert run.rows[-1] == (3, 0, f"case.s{size - 2}", f"case.s{size - 1}")
    assert len(run.rows) == size - 1


def test_a_law_with_more_steps_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"larger than the engine's tables: too many values for STEP_SLOT") as caught:
        small_world(tmp_path, chain_of(tmp_path, columns.MOST_STEPS + 1))
    assert str(columns.MOST_STEPS + 1) in str(caught.value)
    assert f"{columns.MOST_STEPS} or less" in str(caught.value)
