"""Expressions of the kernel as expressions of C (`sim.engine.portable.expressions`)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.engine.layout import Arrays
from sim.engine.portable.expressions import NotTranslatableError, elements, literal, type_of_constant
from sim.engine.state import Entities


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (0.1, "0x1.999999999999ap-4", "double"),
        (-math.inf, "(-__builtin_inf())", "double"),
        (math.nan, '__builtin_nan("")', "double"),
        (-3, "(-INT64_C(3))", "int64_t"),
        (True, "INT64_C(1)", "int64_t"),
        (np.uint64(2**64 - 1), "UINT64_C(18446744073709551615)", "uint64_t"),
    ],
)
def test_constants_keep_every_bit(value: Any, text: str, kind: str) -> None:
    assert literal(value) == text
    assert type_of_constant(value) == kind


def test_a_text_is_no_constant() -> None:
    with pytest.raises(NotTranslatableError, match="no C type for the constant 'x'"):
        type_of_constant("x")


def test_elements_are_those_of_the_annotations() -> None:
    found = elements(Arrays)
    assert found is not None
    assert list(found) == list(Arrays._fields)
    assert [found[name] for name in ("t", "f", "u", "level", "day", "step")] == [
        *("int32_t", "double", "uint64_t", "float", "int16_t", "uint8_t"),
    ]


@pytest.mark.parametrize("other", [None, 3, dict, Arrays._fields])
def test_what_is_no_tuple_of_arrays_has_no_elements(other: Any) -> None:
    assert elements(other) is None


def test_a_tuple_that_holds_more_than_arrays_is_refused() -> None:
    """The persons of ``Entities`` are a number."""
    with pytest.raises(NotTranslatableError, match=r"Entities\.persons is not an array"):
        elements(Entities)
