"""Exponentials, logarithms and the complementary error function, the same to the last bit on every processor.

The functions of a system's library differ in the last bit between systems, and between processors of one system: a
library uses fused operations where it finds them. These use additions, multiplications and divisions only, each
rounded once (IEEE 754), so that one log holds wherever the kernel runs: compiled by numba, by a C compiler, to
WebAssembly, or interpreted. Errors are below 1 ulp (unit in the last place), which the tests measure against mpmath.
Nothing here may be reordered: sums and products of fractions depend on their order.

The coefficients are Chebyshev fits; the tests make them again.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.bits import bits_of, of_bits
from sim.engine.compiled import compiled, entrance, inlined, int64, on_arrays

LN2_HIGH = 0.6931471805598903  # its last 11 bits are 0: times a whole number below 2048 it is exact
LN2_LOW = 5.497923018708371e-14
PER_LN2 = 1.4426950408889634
LARGEST, SMALLEST = 709.782712893384, -745.1332191019412
"""Beyond these exp is infinite, or 0."""
LEAST_NORMAL = 2.2250738585072014e-308
HALF_ROOT_BITS = 0x3FE6A09E667F3BCD
"""Bits of the square root of one half: fractions are scaled to between it and twice as much."""
FRACTION_BITS, BIAS = 52, 1023
SPLIT = 134217729.0
"""2^27 + 1: splits a fraction in two halves whose products are exact (Veltkamp)."""
SERIES_ENDS, NEAR_ENDS, FAR_ENDS = 0.5, 2.0, 28.0
"""Where erfc passes from its series to one fit, to another, and to 0."""

# (exp(r) - 1 - r) / r^2 for |r| <= ln(2) / 2
EXP_0, EXP_1, EXP_2, EXP_3, EXP_4, EXP_5, EXP_6, EXP_7, EXP_8, EXP_9, EXP_10 = (
    0.5,
    0.1666666666666667,
    0.04166666666666667,
    0.008333333333326141,
    0.0013888888888883752,
    0.00019841269874800493,
    2.4801587325533363e-05,
    2.7557255425746435e-06,
    2.7557273661348637e-07,
    2.510520637395701e-08,
    2.0914679376583935e-09,
)
# (log((1 + s) / (1 - s)) - 2 s) / s^3 as a function of s^2, for s^2 <= ((sqrt(2) - 1) / (sqrt(2) + 1))^2
LOG_0, LOG_1, LOG_2, LOG_3, LOG_4, LOG_5, LOG_6 = (
    0.666666666666667,
    0.39999999999899505,
    0.28571428625975487,
    0.2222221113479508,
    0.18182889125261723,
    0.15331721600556042,
    0.14616449685043406,
)
# erf(x) / x - 1 as a function of x^2, for x <= SERIES_ENDS
ERF_0, ERF_1, ERF_2, ERF_3, ERF_4, ERF_5, ERF_6, ERF_7, ERF_8, ERF_9 = (
    0.1283791670955126,
    -0.3761263890318375,
    0.1128379167095487,
    -0.02686617064499972,
    0.0052239776220169365,
    -0.0008548326510724796,
    0.00012055286202005714,
    -1.4923003368152099e-05,
    1.637123442577e-06,
    -1.462091340945175e-07,
)
# (1 + 2 x) exp(x^2) erfc(x) less a level, as a function of (x - centre) / (x + centre): SERIES_ENDS to NEAR_ENDS ...
NEAR_CENTRE, NEAR_LEVEL = 2.0, 1.25
NEAR_0, NEAR_1, NEAR_2, NEAR_3, NEAR_4, NEAR_5, NEAR_6, NEAR_7 = (
    0.026978381552528723,
    -0.09276382658574388,
    -0.16603039761502295,
    0.1640512800465571,
    -0.054220000653847425,
    -0.008034009826301003,
    0.008722707233107958,
    0.001271710595031679,
)
NEAR_8, NEAR_9, NEAR_10, NEAR_11, NEAR_12, NEAR_13, NEAR_14 = (
    -0.0014549843929638415,
    -0.0004478747501282197,
    0.0002228179494990331,
    0.00018080700422188573,
    3.546562792621127e-05,
    -7.634910777342084e-06,
    -3.5437200923048955e-06,
)
# ... and on to FAR_ENDS.
FAR_CENTRE, FAR_LEVEL = 3.5, 1.1875
FAR_0, FAR_1, FAR_2, FAR_3, FAR_4, FAR_5, FAR_6, FAR_7, FAR_8, FAR_9 = (
    0.054849244871154376,
    -0.14000918013761943,
    -0.010555596332218229,
    0.09751909515326201,
    -0.1150895981602003,
    0.0879831538244243,
    -0.04882332582675711,
    0.019099330960716757,
    -0.0042150199726002525,
    -0.0003022681758796604,
)
FAR_10, FAR_11, FAR_12, FAR_13, FAR_14, FAR_15, FAR_16, FAR_17, FAR_18 = (
    0.0005643859949506953,
    -0.00012151150600332584,
    -4.279866716331741e-05,
    2.4283991621994025e-05,
    2.375179125555186e-06,
    -3.9903362619151775e-06,
    1.3487667911224796e-07,
    6.108850553065876e-07,
    -1.5953805800610209e-07,
)


@inlined
def scaled(x: float, k: int) -> float:
    """Return x times 2^k for x near 1, also where the result is infinite or below the normal numbers."""
    if k > BIAS:
        return x * 2.0 * of_bits((k - 1 + BIAS) << FRACTION_BITS)
    if k <= -BIAS:
        return x * of_bits((k + 200 + BIAS) << FRACTION_BITS) * of_bits((BIAS - 200) << FRACTION_BITS)
    return x * of_bits((k + BIAS) << FRACTION_BITS)


@inlined
def exp_rest(r: float) -> float:
    """Return exp(r) - 1 - r for a small r."""
    s = r * r
    q = s * s
    low = (EXP_0 + EXP_1 * r) + (EXP_2 + EXP_3 * r) * s
    middle = (EXP_4 + EXP_5 * r) + (EXP_6 + EXP_7 * r) * s
    high = (EXP_8 + EXP_9 * r) + EXP_10 * s
    return s * (low + (middle + high * q) * q)


@inlined
def square_lost(x: float) -> float:
    """Return what is lost when the square of x is rounded."""
    top = x * SPLIT - (x * SPLIT - x)
    end = x - top
    return ((top * top - x * x) + 2.0 * top * end) + end * end


@entrance
def exp(x: float) -> float:
    """Return e to the power x; infinite above 709.78, 0 below -745.13."""
    if math.isnan(x):
        return x
    if x == 0.0:  # of many: a pace without factors
        return 1.0
    if x > LARGEST:
        return math.inf
    if x < SMALLEST:
        return 0.0
    k = int64(math.floor(x * PER_LN2 + 0.5))
    high, low = x - k * LN2_HIGH, k * LN2_LOW
    return scaled(1.0 + (high + (exp_rest(high - low) - low)), k)


@on_arrays
def exp_each(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return e to the power of each of many numbers, in one dimension."""
    out = np.empty(x.size, np.float64)
    for i in range(x.size):
        out[i] = exp(x[i])
    return out


@entrance
def expm1(x: float) -> float:
    """Return e to the power x, less 1, accurate for x near 0 too."""
    if math.isnan(x):
        return x
    if x > LARGEST:
        return math.inf
    if x < -40.0:
        return -1.0
    k = int64(math.floor(x * PER_LN2 + 0.5))
    if k == 0:
        return x + (exp_rest(x) + 0.5 * square_lost(x))
    high, low = x - k * LN2_HIGH, k * LN2_LOW
    r = high - low
    rest = exp_rest(r) + (0.5 * square_lost(r) + r * ((high - r) - low) - low)
    # 2^k (1 + high + rest) - 1 = 2^k ((1 - 2^-k) + high + rest), the first sum with its rounding error.
    one, lost = 1.0, 0.0
    if k <= FRACTION_BITS:
        one = 1.0 - of_bits((BIAS - k) << FRACTION_BITS)
    else:
        lost = -of_bits((max(BIAS - k, 1)) << FRACTION_BITS)
    total = one + high
    back = total - one
    lost += (one - (total - back)) + (high - back)
    return scaled(total + (lost + rest), k)


@inlined
def log_rest(f: float) -> float:
    """Return f - log(1 + f) for f between -0.3 and 0.42."""
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    series = (LOG_0 + LOG_1 * z) + (LOG_2 + LOG_3 * z) * w + ((LOG_4 + LOG_5 * z) + LOG_6 * w) * (w * w)
    half_square = 0.5 * f * f
    return half_square - s * (half_square + z * series)


@entrance
def log(x: float) -> float:
    """Return the natural logarithm of x; minus infinity at 0, not a number below."""
    if not x > 0.0:
        return -math.inf if x == 0.0 else math.nan
    if x == math.inf:
        return x
    shift = int64(0)
    if x < LEAST_NORMAL:
        x *= 18014398509481984.0  # 2^54
        shift = int64(54)
    bits = bits_of(x)
    k = (bits - HALF_ROOT_BITS) >> FRACTION_BITS
    f = of_bits(bits - (k << FRACTION_BITS)) - 1.0
    k -= shift
    return k * LN2_HIGH - ((log_rest(f) - k * LN2_LOW) - f)


@entrance
def log1p(x: float) -> float:
    """Return the natural logarithm of 1 + x, accurate for x near 0 too; minus infinity at -1, not a number below."""
    if not x > -1.0:
        return -math.inf if x == -1.0 else math.nan
    if x == math.inf:
        return x
    total = 1.0 + x
    bits = bits_of(total)
    k = (bits - HALF_ROOT_BITS) >> FRACTION_BITS
    if k == 0:
        return x - log_rest(x)
    back = total - 1.0
    lost = (1.0 - (total - back)) + (x - back)
    f = of_bits(bits - (k << FRACTION_BITS)) - 1.0
    return k * LN2_HIGH - ((log_rest(f) - (k * LN2_LOW + lost / total)) - f)


@entrance
def erfc(x: float) -> float:
    """Return the complementary error function: 1 minus the error function, accurate where it is tiny too."""
    if math.isnan(x):
        return x
    size = -x if x < 0.0 else x
    if size <= SERIES_ENDS:
        z = size * size
        part = size * erf_series(z)
        if x < 0.0:
            return 1.0 + (size + part)
        total = 1.0 - size
        return total + (((1.0 - total) - size) - part)
    tail = erfc_tail(size) if size < FAR_ENDS else 0.0
    return 2.0 - tail if x < 0.0 else tail


@compiled
def erf_series(z: float) -> float:
    """Return erf(x) / x - 1 for a small x whose square is z."""
    w = z * z
    v = w * w
    low = (ERF_0 + ERF_1 * z) + (ERF_2 + ERF_3 * z) * w
    middle = (ERF_4 + ERF_5 * z) + (ERF_6 + ERF_7 * z) * w
    high = ERF_8 + ERF_9 * z
    return low + (middle + high * v) * v


@compiled
def erfc_tail(x: float) -> float:
    """Return erfc(x) for x from SERIES_ENDS to FAR_ENDS: exp(-x^2) times a fit by 1 + 2 x, each in two parts."""
    square, lost = x * x, square_lost(x)
    # exp(-square - lost) = 2^k (e + e_low)
    k = int64(math.floor(0.5 - square * PER_LN2))
    high, low = -square - k * LN2_HIGH, k * LN2_LOW + lost
    r = high - low
    r_low = (high - r) - low
    e = 1.0 + r
    e_low = (r - (e - 1.0)) + (exp_rest(r) + (r_low + r * r_low))
    if x <= NEAR_ENDS:
        level, g = NEAR_LEVEL, near_fit((x - NEAR_CENTRE) / (x + NEAR_CENTRE))
    else:
        level, g = FAR_LEVEL, far_fit((x - FAR_CENTRE) / (x + FAR_CENTRE))
    fit = level + g
    fit_low = g - (fit - level)
    # The product of both, and its quotient by 1 + 2 x.
    product = e * fit
    e_top = e * SPLIT - (e * SPLIT - e)
    fit_top = fit * SPLIT - (fit * SPLIT - fit)
    e_end, fit_end = e - e_top, fit - fit_top
    product_low = ((e_top * fit_top - product) + e_top * fit_end + e_end * fit_top) + e_end * fit_end
    product_low += e * fit_low + e_low * fit
    divisor = 1.0 + 2.0 * x
    divisor_low = 1.0 - (divisor - 2.0 * x)
    quotient = product / divisor
    q_top = quotient * SPLIT - (quotient * SPLIT - quotient)
    d_top = divisor * SPLIT - (divisor * SPLIT - divisor)
    q_end, d_end = quotient - q_top, divisor - d_top
    whole = quotient * divisor
    whole_low = ((q_top * d_top - whole) + q_top * d_end + q_end * d_top) + q_end * d_end
    rest = ((product - whole) - whole_low) + (product_low - quotient * divisor_low)
    return scaled(quotient + rest / divisor, k)


@compiled
def near_fit(t: float) -> float:
    """Return the nearer fit of erfc, less its level."""
    s = t * t
    q = s * s
    a = (NEAR_0 + NEAR_1 * t) + (NEAR_2 + NEAR_3 * t) * s
    b = (NEAR_4 + NEAR_5 * t) + (NEAR_6 + NEAR_7 * t) * s
    c = (NEAR_8 + NEAR_9 * t) + (NEAR_10 + NEAR_11 * t) * s
    d = (NEAR_12 + NEAR_13 * t) + NEAR_14 * s
    return (a + b * q) + (c + d * q) * (q * q)


@compiled
def far_fit(t: float) -> float:
    """Return the farther fit of erfc, less its level."""
    s = t * t
    q = s * s
    o = q * q
    a = (FAR_0 + FAR_1 * t) + (FAR_2 + FAR_3 * t) * s
    b = (FAR_4 + FAR_5 * t) + (FAR_6 + FAR_7 * t) * s
    c = (FAR_8 + FAR_9 * t) + (FAR_10 + FAR_11 * t) * s
    d = (FAR_12 + FAR_13 * t) + (FAR_14 + FAR_15 * t) * s
    e = (FAR_16 + FAR_17 * t) + FAR_18 * s
    return (a + b * q) + ((c + d * q) + e * o) * o
