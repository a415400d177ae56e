"""Functions of the kernel as C (`sim.engine.portable.translate`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engine import columns, layout
from sim.engine.compiled import int64
from sim.engine.draws import normal
from sim.engine.kernel import advance
from sim.engine.layout import Arrays
from sim.engine.portable.expressions import NotTranslatableError
from sim.engine.portable.translate import kernel_in_c


class Two(NamedTuple):
    share: NDArray[np.float32]
    group: NDArray[np.uint8]


SHARE = 0.25


class Other:
    class Two(NamedTuple):
        share: NDArray[np.float64]


OtherTwo = Other.Two


def small_kernel(a: Arrays, size: int) -> float:
    total, place = 0.0, int64(0)
    for place in range(size):
        if 0 <= place < 3 or place == 5:
            continue
        total += a.f[place] / 2 if place % 2 else -int64(a.trait[place, 0]) // 4
    return total


def calls_the_system(x: float) -> float:
    return math.exp(x)


def reads_what_is_not_there(a: Two) -> float:
    return a.shares[0]  # type: ignore[attr-defined,no-any-return]


def has_another_argument(a: str) -> int:
    return len(a)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (small_kernel, "small_kernel: no translation for 'place % 2'"),
        (calls_the_system, r"calls_the_system: no translation for 'math.exp\(x\)'"),
        (reads_what_is_not_there, r"no translation for 'a.shares\[0\]'"),
        (has_another_argument, "no C type for str"),
    ],
)
def test_what_has_no_translation_is_refused(function: Callable[..., object], message: str) -> None:
    with pytest.raises(NotTranslatableError, match=message):
        kernel_in_c(function)


def reads_constants(a: Arrays, size: int) -> int:
    return int64(a.t[columns.STEP_SLOT + size]) + columns.NEVER + layout.LOG_MOVE


def reads_a_table(a: Arrays, size: int) -> int:
    return columns.COLUMNS + size  # type: ignore[operator]


def test_constants_of_other_modules_are_written_by_name() -> None:
    text = kernel_in_c(reads_constants)
    assert f"#define STEP_SLOT INT64_C({int(columns.STEP_SLOT)})" in text
    assert f"#define NEVER INT64_C({columns.NEVER})" in text
    assert "a->t[(STEP_SLOT + v_size)]" in text
    with pytest.raises(NotTranslatableError, match="no C type for the constant"):
        kernel_in_c(reads_a_table)


def reads_two(a: Two, row: int) -> float:
    return float(a.share[a.group[row]])


def test_several_functions_with_tuples_of_their_own_are_one_program() -> None:
    text = kernel_in_c(reads_two, reads_constants)
    assert "float *share ALIGNED; int64_t share_n0, share_n1;" in text
    assert "EXPORTED(reads_two) double reads_two(Two *a, int64_t v_row)" in text
    assert "EXPORTED(reads_constants) int64_t reads_constants(Arrays *a, int64_t v_size)" in text


def share(a: Two) -> float:
    return float(a.share[0]) * SHARE


def test_functions_and_constants_of_one_name_are_told_apart() -> None:
    other = type(share)(share.__code__, {**share.__globals__, "SHARE": 0.5}, "share")
    other.__annotations__ = share.__annotations__
    text = kernel_in_c(share, other)
    assert "double share(Two *a)" in text
    assert "double share_2(Two *a)" in text
    assert "#define SHARE 0x1.0000000000000p-2\n#define SHARE_2 0x1.0000000000000p-1\n" in text
    assert "* SHARE_2)" in text


def test_two_tuples_of_one_name_are_refused() -> None:
    def clashes(a: Two) -> float:
        return float(a.share[0])

    clash = type(clashes)(clashes.__code__, {**clashes.__globals__, "Two": OtherTwo}, "clashes")
    clash.__annotations__ = clashes.__annotations__
    with pytest.raises(NotTranslatableError, match=r"two tuples of arrays of the kernel have the name Two"):
        kernel_in_c(reads_two, clash)


def test_the_kernel_needs_nothing_of_the_system() -> None:
    """So that it runs where there is no library: square roots and rounding are instructions."""
    text = kernel_in_c(advance, normal)
    assert "#include <math.h>" not in text
    assert "__builtin_sqrt(" in text
    for name in ("exp", "log", "log1p", "expm1", "erfc"):
        assert f"static double {name}(double v_x);" in text
