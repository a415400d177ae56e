"""The battery of tests of randomness: draws pass it whatever part of their key changes, and bad generators do not."""

from __future__ import annotations

import numpy as np
import pytest

from verification.battery import TESTS
from verification.randomness import battery, evenness, pairing, repeated
from verification.streams import BITS, DIRECTIONS, Words, stream

SIZE = 60_000
SMALLEST_P = 1e-4


def generator() -> np.random.Generator:
    return np.random.default_rng(1)


def random_words(size: int = SIZE) -> Words:
    return generator().integers(0, 1 << BITS, size, dtype=np.uint64)


def sums() -> Words:
    """Keys that are added instead of hashed."""
    return (np.arange(SIZE, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7)) & np.uint64((1 << BITS) - 1)


def doubled() -> Words:
    """Two occasions with the same luck."""
    return np.repeat(random_words(SIZE // 2), 2)


def repeating() -> Words:
    """A short period."""
    return np.tile(random_words(3000), SIZE // 3000)


def biased() -> Words:
    """Some more ones than zeros."""
    rare = np.bitwise_and.reduce(generator().integers(0, 1 << BITS, (4, SIZE), dtype=np.uint64), axis=0)
    return random_words()[::-1] | rare


def same_bits() -> Words:
    """The second sixteen bits are the first."""
    w, shift, mask = random_words(), np.uint64(BITS - 16), np.uint64(0xFFFF)
    top = w >> shift
    return (w & ~(mask << np.uint64(BITS - 32))) | (top << np.uint64(BITS - 32))


def coarse() -> Words:
    """Draws of few bits."""
    return random_words() & ~np.uint64((1 << 32) - 1)


BAD = (sums, doubled, repeating, biased, same_bits, coarse)


def test_draws_pass_in_every_direction() -> None:
    found = battery({direction: stream(direction, SIZE) for direction in DIRECTIONS})
    for test, row in found.items():
        for direction, p in row.items():
            assert SMALLEST_P < p <= 1, (test, direction, p)
    assert evenness(found) > 0.001


@pytest.mark.parametrize("test", list(TESTS))
def test_each_test_finds_a_bad_generator(test: str) -> None:
    found = {bad.__name__: TESTS[test](bad()) for bad in BAD}
    assert min(found.values()) < 1e-9, found


@pytest.mark.parametrize("bad", BAD)
def test_each_bad_generator_is_found(bad: object) -> None:
    assert callable(bad)
    assert min(measure(bad()) for measure in TESTS.values()) < 1e-12


def test_no_draw_comes_twice() -> None:
    assert repeated(20, 3000) == 0


def test_pairs_spare_replicates() -> None:
    for name, together, apart, ratio in pairing(0.03, 12):
        assert 0 < together < apart, name
        assert ratio == pytest.approx((together / apart) ** 2)
        assert ratio < 0.5, name
