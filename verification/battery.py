"""Tests of randomness: each takes a sequence of words of 52 bits and returns the p-value under uniform words.

Source: Knuth, The Art of Computer Programming 2, 3.3; NIST SP 800-22; Marsaglia and Tsang (2002), Journal of
Statistical Software 7(3) (birthday spacings, matrix ranks).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from verification.streams import BITS, Words

Floats = NDArray[np.float64]


def uniform(w: Words) -> Floats:
    """Return words as numbers from 0 to 1."""
    return (w.astype(np.float64) + 0.5) / 2.0**BITS


def bits(w: Words) -> NDArray[np.uint8]:
    """Return the bits of words, the highest first."""
    shifts = np.arange(BITS - 1, -1, -1, dtype=np.uint64)
    return ((w[:, None] >> shifts) & np.uint64(1)).astype(np.uint8).ravel()


def two_sided(z: float) -> float:
    """Return the two-sided p-value of a normal deviate."""
    return float(2 * stats.norm.sf(abs(z)))


def chi_square(counts: NDArray[np.integer], expected: Floats | None = None) -> float:
    """Return the p-value of counts against expected ones; uniform by default."""
    return float(stats.chisquare(counts.ravel(), None if expected is None else expected.ravel()).pvalue)


def frequency(w: Words) -> float:
    """Return the p-value of a chi-square test of 1024 equal classes."""
    return chi_square(np.bincount((w >> np.uint64(BITS - 10)).astype(np.int64), minlength=1024))


def low_bits(w: Words) -> float:
    """Return the p-value of a chi-square test of the last ten bits."""
    return chi_square(np.bincount((w & np.uint64(1023)).astype(np.int64), minlength=1024))


def _tuples(w: Words, length: int, each: int) -> float:
    """Return the p-value of a chi-square test of groups of neighbours, each in a number of classes."""
    whole = (w[: w.size // length * length] >> np.uint64(BITS - each)).astype(np.int64).reshape(-1, length)
    codes = (whole << (each * np.arange(length))).sum(axis=1)
    return chi_square(np.bincount(codes, minlength=1 << (each * length)))


def pairs(w: Words) -> float:
    """Return the p-value of a chi-square test of pairs of neighbours in a square of 64 by 64."""
    return _tuples(w, 2, 6)


def triples(w: Words) -> float:
    """Return the p-value of a chi-square test of triples of neighbours in a cube of 16 by 16 by 16."""
    return _tuples(w, 3, 4)


def spectrum(w: Words) -> float:
    """Return the p-value of Kolmogorov-Smirnov: the power at each frequency is exponential."""
    return float(stats.kstest(_power(w), "expon").pvalue)


def highest_peak(w: Words) -> float:
    """Return the p-value of Fisher's test of the highest power of all frequencies."""
    power = _power(w)
    return float(-np.expm1(power.size * np.log1p(-np.exp(-power.max()))))


def _power(w: Words) -> Floats:
    u = uniform(w) - 0.5
    power: Floats = np.abs(np.fft.rfft(u)[1 : (u.size - 1) // 2]) ** 2 / (u.size / 12.0)
    return power


def monobit(w: Words) -> float:
    """Return the p-value of the number of ones among all bits."""
    ones = bits(w)
    return two_sided((2.0 * ones.sum() - ones.size) / np.sqrt(ones.size))


def each_bit(w: Words) -> float:
    """Return the p-value of the numbers of ones at each of the 52 places."""
    z = (2.0 * bits(w).reshape(-1, BITS).sum(axis=0) - w.size) / np.sqrt(w.size)
    return float(stats.chi2.sf((z**2).sum(), BITS))


def runs(w: Words) -> float:
    """Return the p-value of the number of changes from one bit to the next."""
    b = bits(w)
    share, changes = b.mean(), np.count_nonzero(np.diff(b)) + 1
    expected = 2 * b.size * share * (1 - share)
    return two_sided((changes - expected) / (2 * np.sqrt(b.size) * share * (1 - share)))


def gaps(w: Words) -> float:
    """Return the p-value of a chi-square test of the distances between draws below a tenth."""
    found = np.diff(np.flatnonzero(uniform(w) < 0.1)) - 1
    longest = 40
    counts = np.bincount(np.minimum(found, longest), minlength=longest + 1)
    shares = np.r_[0.1 * 0.9 ** np.arange(longest), 0.9**longest]
    return chi_square(counts, shares * found.size)


def matrix_ranks(w: Words) -> float:
    """Return the p-value of a chi-square test of ranks of binary 32 by 32 matrices of the first 32 bits of words."""
    rows = (w[: w.size // 32 * 32] >> np.uint64(BITS - 32)).astype(np.uint32).reshape(-1, 32)
    ranks = _ranks(rows.copy())
    counts = np.array([(ranks <= 30).sum(), (ranks == 31).sum(), (ranks == 32).sum()])
    full = float(np.prod(1 - 0.5 ** np.arange(1, 33)))
    one_less = float(2.0**-1 * np.prod((1 - 0.5 ** np.arange(2, 33)) ** 2 / (1 - 0.5 ** np.arange(1, 32))))
    return chi_square(counts, np.array([1 - full - one_less, one_less, full]) * ranks.size)


def _ranks(rows: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the ranks of many matrices over the field of two elements, by elimination in all of them at once."""
    which = np.arange(len(rows))
    rank = np.zeros(len(rows), np.int64)
    place = np.arange(32)
    for bit in range(31, -1, -1):
        has = ((rows >> np.uint32(bit)) & 1).astype(bool) & (place >= rank[:, None])
        found = has.any(axis=1)
        pivot = np.where(found, has.argmax(axis=1), 0)
        at = np.minimum(rank, 31)
        chosen, other = rows[which, pivot].copy(), rows[which, at].copy()
        rows[which[found], pivot[found]] = other[found]
        rows[which[found], at[found]] = chosen[found]
        clear = ((rows >> np.uint32(bit)) & 1).astype(bool) & (place > at[:, None]) & found[:, None]
        rows ^= np.where(clear, chosen[:, None], np.uint32(0))
        rank += found
    return rank


def birthday_spacings(w: Words) -> float:
    """Return the p-value of a Poisson test of repeated distances between sorted words."""
    days = (w[: w.size // 4096 * 4096] >> np.uint64(BITS - 32)).astype(np.int64).reshape(-1, 4096)
    spacings = np.sort(np.diff(np.sort(days, axis=1), axis=1), axis=1)
    twice = int((np.diff(spacings, axis=1) == 0).sum())
    law = stats.poisson(len(days) * 4096**3 / (4 * 2.0**32))
    return float(min(1.0, 2 * min(law.cdf(twice), law.sf(twice - 1))))


def weights(w: Words) -> float:
    """Return the p-value of the correlation between the numbers of ones in neighbouring words."""
    count = bits(w).reshape(-1, BITS).sum(axis=1).astype(np.float64)
    return two_sided(float(np.corrcoef(count[:-1], count[1:])[0, 1]) * np.sqrt(w.size - 1))


TESTS: dict[str, Callable[[Words], float]] = {
    "1024 classes": frequency,
    "last ten bits": low_bits,
    "serial, pairs": pairs,
    "serial, triples": triples,
    "spectrum": spectrum,
    "highest peak": highest_peak,
    "monobit": monobit,
    "each bit": each_bit,
    "runs of bits": runs,
    "gaps": gaps,
    "matrix ranks": matrix_ranks,
    "birthday spacings": birthday_spacings,
    "weights of neighbours": weights,
}
