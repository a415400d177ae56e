"""Luck: draws are uniform, and independent across neighbouring persons, names, occasions and replicates."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import chi2, kstest

from sim.engine import draws
from sim.engine.draws import (
    chain,
    chain_all,
    exponential,
    mix,
    name_key,
    name_keys,
    normal,
    replicate_key,
    uniform,
    uniforms,
)

Floats = NDArray[np.float64]
PERSONS = 60_000
SMALLEST_P = 1e-4
LARGEST_Z = 4.5


def persons(seed: int = 1, replicate: int = 0, size: int = PERSONS) -> NDArray[np.uint64]:
    names = [f"NGA-2019-{1 + i // 5000:02d}-{i % 5000:04d}" for i in range(size)]
    return chain_all(replicate_key(seed, replicate), name_keys(names))


KEYS = persons()
ASKS = name_key("asks_to_report")


def neighbours(what: str) -> list[Floats]:
    """Draws of the same persons under keys that differ in one part only, as little as can be."""
    if what == "occurrences":
        return [uniforms(KEYS, ASKS, n) for n in range(5)]
    if what == "names":
        words = ("hazard a", "hazard b", "hazard aa", "hazard A", "hazard")
        return [uniforms(KEYS, name_key(word), 0) for word in words]
    if what == "replicates":
        return [uniforms(persons(replicate=k), ASKS, 0) for k in range(5)]
    if what == "seeds":
        return [uniforms(persons(seed=k), ASKS, 0) for k in (0, 1, 2, 2**32, 2**63 - 1)]
    order = uniforms(KEYS, ASKS, 0)
    return [order[k : PERSONS - 5 + k] for k in range(5)]  # a person and the next on the list


DIRECTIONS = ("occurrences", "names", "replicates", "seeds", "persons")


def p_value(counts: NDArray[np.int64]) -> float:
    expected = counts.sum() / counts.size
    return float(chi2.sf(((counts - expected) ** 2 / expected).sum(), counts.size - 1))


@pytest.mark.parametrize("what", DIRECTIONS)
def test_draws_are_uniform(what: str) -> None:
    for u in neighbours(what):
        assert u.min() > 0
        assert u.max() < 1
        assert p_value(np.histogram(u, 600, (0, 1))[0]) > SMALLEST_P
        # The last bits are as good as the first.
        assert p_value(np.histogram((u * 2**30) % 1, 600, (0, 1))[0]) > SMALLEST_P


@pytest.mark.parametrize("what", DIRECTIONS)
def test_neighbouring_draws_are_independent(what: str) -> None:
    """Pairs fill the unit square evenly, and neither they nor their squares or tails go together."""
    for one, other in pairwise(neighbours(what)):
        assert p_value(np.histogram2d(one, other, 24, ((0, 1), (0, 1)))[0].ravel()) > SMALLEST_P
        assert p_value(np.histogram((one + other) % 1, 600, (0, 1))[0]) > SMALLEST_P
        for f in (lambda u: u, lambda u: (u - 0.5) ** 2, lambda u: u < 0.01):
            z = np.corrcoef(f(one), f(other))[0, 1] * np.sqrt(one.size)
            assert abs(z) < LARGEST_Z


def test_one_person_over_many_occasions() -> None:
    series = np.array([uniform(KEYS[0], ASKS, n) for n in range(5000)])
    assert p_value(np.histogram(series, 50, (0, 1))[0]) > SMALLEST_P
    for lag in (1, 2, 3, 7):
        z = np.corrcoef(series[:-lag], series[lag:])[0, 1] * np.sqrt(series.size)
        assert abs(z) < LARGEST_Z


def test_keys_are_chained_and_never_added() -> None:
    """If parts were added, seed 3 replicate 4 would have the people of seed 4 replicate 3, or nearly."""
    corners = [(seed, replicate) for seed in range(4) for replicate in range(4)]
    streams = [uniforms(persons(*corner, size=500), name_key(str(n)), n) for corner in corners for n in (0, 1)]
    assert np.unique(np.concatenate(streams)).size == 500 * 2 * len(corners)
    with np.errstate(over="ignore"):
        a, b, key = np.uint64(3), np.uint64(4), np.uint64(5)
        assert chain(chain(key, a), b) != chain(chain(key, b), a)


def test_each_bit_of_a_key_matters() -> None:
    """Flipping one bit of any part flips about half of the bits of the result."""
    flips = []
    with np.errstate(over="ignore"):
        for bit in range(64):
            mask = np.uint64(1) << np.uint64(bit)
            for value in (np.uint64(0), np.uint64(1), KEYS[7]):
                flips.append(int(mix(value) ^ mix(value ^ mask)).bit_count())
                flips.append(int(chain(value, KEYS[3]) ^ chain(value, KEYS[3] ^ mask)).bit_count())
    assert min(flips) >= 10
    assert max(flips) <= 54
    assert np.mean(flips) == pytest.approx(32, abs=1)


def test_scrambling_loses_nothing() -> None:
    with np.errstate(over="ignore"):
        assert len({int(mix(np.uint64(i))) for i in range(20_000)}) == 20_000


WORD = 2**64


def unmix(value: int) -> int:
    """Undo `mix`."""
    for shift, factor in ((31, 0x94D049BB133111EB), (27, 0xBF58476D1CE4E5B9), (30, 1)):
        scrambled = value
        for _ in range(64 // shift):
            value = scrambled ^ (value >> shift)
        value = value * pow(factor, -1, WORD) % WORD
    return value


def key_that_gives(bits: int, name: int, occurrence: int) -> np.uint64:
    """Find the key of the person who draws these bits."""
    for part in (occurrence, name):
        bits = (unmix(bits) - int(draws.GOLDEN)) % WORD ^ part
    return np.uint64(bits)


@pytest.mark.parametrize("bits", [0, WORD - 1, WORD - 2**11, WORD - 2**12, 2**63, 2**63 - 1])
def test_the_luckiest_and_the_unluckiest_person(bits: int) -> None:
    """Draws lie strictly between 0 and 1, so that no inverse gives infinity, and nothing is certain."""
    key = key_that_gives(bits, int(ASKS), 3)
    u = uniform(key, ASKS, 3)
    assert u == pytest.approx(bits / WORD, abs=1e-15)
    assert 0.0 < u < 1.0
    assert np.isfinite([exponential(u), normal(u)]).all()


def test_inverse_of_the_normal() -> None:
    u = np.r_[2.0**-54, 1e-12, 0.0242, 0.02425, 0.0243, np.linspace(0.001, 0.999, 997), 0.97575, 1 - 1e-12]
    assert np.abs([normal(x) for x in u] - ndtri(u)).max() < 1e-8
    x = np.array([normal(value) for value in uniforms(KEYS, ASKS, 0)[:20_000]])
    assert kstest(x, "norm").pvalue > SMALLEST_P


def test_inverse_of_the_exponential() -> None:
    x = np.array([exponential(value) for value in uniforms(KEYS, ASKS, 0)[:20_000]])
    assert kstest(x, "expon").pvalue > SMALLEST_P
    assert exponential(0.5) == pytest.approx(np.log(2))
    assert exponential(1 - 2.0**-53) == pytest.approx(53 * np.log(2))


def test_names_that_clash_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert name_keys(["a", "b", "a"]).tolist() == [int(name_key(x)) for x in "aba"]
    monkeypatch.setattr(draws, "name_key", lambda _: np.uint64(1))
    with pytest.raises(RuntimeError, match="rename one"):
        name_keys(["a", "b"])
