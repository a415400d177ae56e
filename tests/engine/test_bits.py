"""The bits of a fraction (`sim.engine.bits`)."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest

from sim.engine.bits import bits_of, of_bits
from sim.engine.compiled import entrance


@entrance
def read(x: float) -> int:
    return bits_of(x)


@entrance
def made(bits: int) -> float:
    return of_bits(bits)


@pytest.mark.parametrize("x", [0.0, -0.0, 1.0, -1.5, 1e-320, 1.7976931348623157e308, math.inf, -math.inf])
def test_bits_are_those_of_the_memory(x: float) -> None:
    bits = struct.unpack("<q", struct.pack("<d", x))[0]
    assert read(x) == bits
    assert made(bits) == x
    assert math.copysign(1, made(bits)) == math.copysign(1, x)


def test_bits_say_the_exponent() -> None:
    assert [read(2.0**k) >> 52 for k in (-1022, 0, 1, 1023)] == [1, 1023, 1024, 2046]
    assert math.isnan(made(read(math.nan)))
    assert read(np.float64(2.0)) == 1 << 62
