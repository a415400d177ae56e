"""One address for all arrays of a run (`sim.engine.pinned`)."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pytest
from numba.core.errors import TypingError

from sim.engine.pinned import pinned


class Two(NamedTuple):
    whole: np.ndarray
    fraction: np.ndarray


@numba.njit
def added(arrays: Two) -> float:
    a = pinned(arrays)
    a.whole[1] += 40
    return a.whole[1] + a.fraction[0, 1]


@numba.njit
def misspelt(arrays: Two) -> float:
    return pinned(arrays).fractions[0]


def test_arrays_are_read_and_written_where_they_are() -> None:
    arrays = Two(np.array([1, 2], np.int32), np.array([[0.25, 0.5]]))
    assert added(arrays) == 42.5
    assert arrays.whole.tolist() == [1, 42]


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="without the compiler the tuple is used as it is")
def test_an_array_that_is_not_there_is_a_mistake_of_the_source() -> None:
    with pytest.raises(TypingError, match="fractions"):
        misspelt(Two(np.zeros(2, np.int32), np.zeros((1, 2))))
