"""The bits of a fraction as a whole number, and back: exact on every processor, and one instruction."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic

from sim.engine.compiled import inlined


@intrinsic
def _bits_of(typing_context: Any, x: Any) -> Any:
    def read(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), read


@intrinsic
def _of_bits(typing_context: Any, bits: Any) -> Any:
    def read(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), read


def _bits_interpreted(x: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", x))[0])


def _of_bits_interpreted(bits: int) -> float:
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])


bits_of: Callable[[float], int] = _bits_interpreted if config.DISABLE_JIT else cast(Any, _bits_of)  # type: ignore[attr-defined]
"""Return the 64 bits of a fraction (IEEE 754, double precision) as a whole number with a sign."""
of_bits: Callable[[int], float] = _of_bits_interpreted if config.DISABLE_JIT else cast(Any, _of_bits)  # type: ignore[attr-defined]
"""Return the fraction that has these 64 bits."""


@inlined
def lowest(bits: int) -> int:
    """Return the place of the lowest bit that is set; some bit below the 52nd is."""
    return (bits_of(float(bits & -bits)) >> 52) - 1023
