"""Random draws that belong to the person: a hash of (seed, replicate, person, name of the draw, occurrence).

Neither the date nor the order of events enters a key, so that the same person under two rules has the same draw
for the same occurrence of the same question: common random numbers. Keys are chained through the hash, never added:
sums would make streams that are windows on one sequence. All distributions are sampled by inversion, none by rejection.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection

import numpy as np
from numba import config
from numpy.typing import NDArray

from sim.engine.compiled import entrance, inlined_entrance, on_arrays
from sim.engine.elementary import erfc, exp, log, log1p

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MULTIPLY_1 = np.uint64(0xBF58476D1CE4E5B9)
MULTIPLY_2 = np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31, SHIFT_12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
if config.DISABLE_JIT:  # type: ignore[attr-defined]
    # Without the JIT, products that wrap around are the same values, but NumPy warns of each.
    np.seterr(over="ignore")
TAIL = 0.02425  # draws below this, and above 1 less this, are in the tails of the normal distribution
CENTRAL_ERROR = 2e-9
UNIT = 2.0**-52  # 52 bits and a half: the last ones are exact too, and never 0 or 1


@inlined_entrance
def mix(value: np.uint64) -> np.uint64:
    """Return 64 bits scrambled so that each bit of the result depends on each bit of the input (a bijection)."""
    value = (value ^ (value >> SHIFT_30)) * MULTIPLY_1
    value = (value ^ (value >> SHIFT_27)) * MULTIPLY_2
    return value ^ (value >> SHIFT_31)


@inlined_entrance
def chain(key: np.uint64, part: np.uint64) -> np.uint64:
    """Return a key extended by one part; chain(chain(k, a), b) differs from chain(chain(k, b), a)."""
    return mix((key ^ part) + GOLDEN)


@inlined_entrance
def uniform(key: np.uint64, name: np.uint64, occurrence: int) -> float:
    """Return a uniform draw strictly between 0 and 1 for a person's key, the name of the draw and its occurrence."""
    bits = chain(chain(key, name), np.uint64(occurrence))
    return (float(bits >> SHIFT_12) + 0.5) * UNIT


@on_arrays
def uniforms(keys: NDArray[np.uint64], name: np.uint64, occurrence: int) -> NDArray[np.float64]:
    """Return a uniform draw for each key; shape as ``keys``."""
    out = np.empty(keys.size, np.float64)
    for i in range(keys.size):
        out[i] = uniform(keys[i], name, occurrence)
    return out


@on_arrays
def chain_all(key: np.uint64, parts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return one key extended by each of many parts."""
    out = np.empty(parts.size, np.uint64)
    for i in range(parts.size):
        out[i] = chain(key, parts[i])
    return out


@on_arrays
def chain_pairs(
    keys: NDArray[np.uint64], first: NDArray[np.int64], second: NDArray[np.int64], name: np.uint64
) -> NDArray[np.float64]:
    """Return a uniform draw for each pair of rows of ``keys``, the same in either order of the two."""
    out = np.empty(first.size, np.float64)
    for i in range(first.size):
        one, other = keys[first[i]], keys[second[i]]
        out[i] = uniform(chain(min(one, other), max(one, other)), name, 0)
    return out


@entrance
def exponential(u: float) -> float:
    """Return a unit exponential by inversion."""
    return -log1p(-u)


@inlined_entrance
def central(u: float) -> float:
    """Return a standard normal by inversion for a draw between the tails, to ``CENTRAL_ERROR`` of its size."""
    q = u - 0.5
    r = q * q
    top = ((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
            + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239e00  # fmt: skip
    low = ((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
            + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0  # fmt: skip
    return top * q / low


@entrance
def normal(u: float) -> float:
    """Return a standard normal by inversion (rational approximation of Acklam, one Newton step: error below 1e-9)."""
    if u < TAIL:
        q = math.sqrt(-2.0 * log(u))
        x = _tail(q)
    elif u > 1.0 - TAIL:
        q = math.sqrt(-2.0 * log1p(-u))
        x = -_tail(q)
    else:
        x = central(u)
    error = 0.5 * erfc(-x / math.sqrt(2.0)) - u
    return x - error * math.sqrt(2.0 * math.pi) * exp(x * x / 2.0)


@entrance
def _tail(q: float) -> float:
    top = ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e00) * q
            - 2.549732539343734e00) * q + 4.374664141464968e00) * q + 2.938163982698783e00  # fmt: skip
    low = (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e00) * q
           + 3.754408661907416e00) * q + 1.0  # fmt: skip
    return top / low


def name_key(name: str) -> np.uint64:
    """Return a 64-bit hash of the name of a draw, or of the stable name of a person."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def name_keys(names: Collection[str]) -> NDArray[np.uint64]:
    """Return the 64-bit hashes of names, all distinct.

    Raises
    ------
    RuntimeError
        When two different names give the same 64 bits.
    """
    keys = np.fromiter((name_key(name) for name in names), np.uint64, len(names))
    # Keys that are all different need no look at the names, which may be many.
    if np.unique(keys).size < keys.size and len(set(keys.tolist())) != len(set(names)):
        raise RuntimeError("two names of draws hash to the same 64 bits: rename one of them")
    return keys


def replicate_key(seed: int, replicate: int) -> np.uint64:
    """Return the key from which all persons of one replicate draw; the same at every design point."""
    with np.errstate(over="ignore"):
        # Compiled functions return Python integers: each becomes 64 bits without a sign again.
        of_seed = np.uint64(chain(np.uint64(0), np.uint64(seed)))
        return np.uint64(chain(of_seed, np.uint64(replicate)))
