"""Whole numbers of Python and of NumPy, and what only looks like one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.files.errors import InputError
from sim.files.numbers import whole_number


@pytest.mark.parametrize("given", [3, np.int64(3), np.uint8(3), np.array(3)])
def test_whole_numbers_become_ints(given: Any) -> None:
    found = whole_number(given, "seed", 0, 10)
    assert (found, type(found)) == (3, int)


@pytest.mark.parametrize("given", [True, np.True_, 3.0, np.float64(3), "3", None, float("nan"), float("inf"), [3]])
def test_what_is_no_whole_number_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match="not a whole number") as caught:
        whole_number(given, "seed", 0, 10)
    assert (caught.value.key, caught.value.accepted) == ("seed", "a whole number from 0 to 10")


@pytest.mark.parametrize("given", [-1, 11, np.int64(-5), 2**70])
def test_bounds_are_kept(given: Any) -> None:
    with pytest.raises(InputError, match="out of range"):
        whole_number(given, "seed", 0, 10)
    assert [whole_number(n, "seed", 0, 10) for n in (0, 10)] == [0, 10]
