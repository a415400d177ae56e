"""Own elementary functions (`sim.engine.elementary`): within 1 ulp of the true value, the same bits everywhere."""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mpmath
import numba
import numpy as np
import pytest

from sim.engine import elementary
from verification.small_worlds import fingerprints

PROJECT = Path(__file__).resolve().parents[2]
INF = math.inf
NAMES = ("exp", "expm1", "log", "log1p", "erfc")
RANGES: dict[str, list[tuple[float, float]]] = {
    "exp": [(-1, 1), (-0.35, -0.34), (0.34, 0.36), (-40, 40), (-708, 709.78), (-745, -707)],
    "expm1": [(-1, 1), (0.34, 0.46), (-0.4, 0.4), (1e-9, 1e-6), (-45, 45), (30, 40), (-700, 709.78)],
    "log": [(0.5, 2), (0.7, 0.72), (0.9, 1.1), (0, 1), (1, 1e4)],
    "log1p": [(-1, 0), (-0.5, 0.5), (0.4, 0.42), (-0.3, -0.29), (-1e-6, 1e-6), (0, 1e4)],
    "erfc": [(-6, 0), (0, 0.5), (0.49, 0.52), (0.5, 2), (1.98, 2.02), (2, 6), (6, 26.5), (26.5, 27.2)],
}
POWERS = {"log": (-323.0, 308.0), "log1p": (-300.0, 308.0), "expm1": (-300.0, 0.0), "erfc": (-300.0, 1.0)}
"""Where the size of a number matters: ten to these powers."""
MANY = 1500 if not numba.config.DISABLE_JIT else 100


def points(name: str) -> np.ndarray:
    """Return numbers in every range of a function; the same in every run."""
    draw = np.random.default_rng(7)
    found = [draw.uniform(low, high, MANY) for low, high in RANGES[name]]
    if name in POWERS:
        found.append(10.0 ** draw.uniform(*POWERS[name], MANY))
    return np.concatenate(found)


def errors(name: str, ours: Callable[[float], float]) -> np.ndarray:
    """Return errors in units in the last place of the true value, at each of the points."""
    true_of = getattr(mpmath, name)
    found = []
    with mpmath.workprec(160):
        for x in points(name).tolist():
            true = true_of(mpmath.mpf(x))
            found.append(float(abs(mpmath.mpf(ours(x)) - true) / math.ulp(float(true))))
    return np.array(found)


@pytest.mark.parametrize("name", NAMES)
def test_errors_are_below_one_ulp(name: str) -> None:
    found = errors(name, getattr(elementary, name))
    worst = int(found.argmax())
    assert found[worst] < 1, f"{found[worst]:.3f} ulp at {points(name)[worst]!r}"
    # The measure is sharp: a value next to ours is farther off than that somewhere.
    ours = getattr(elementary, name)
    assert errors(name, lambda x: math.nextafter(ours(x), INF)).max() > 1


SPECIAL = {
    "exp": [(0.0, 1.0), (INF, INF), (-INF, 0.0), (710.0, INF), (-746.0, 0.0), (709.782712893384, None)],
    "expm1": [(0.0, 0.0), (INF, INF), (-INF, -1.0), (-50.0, -1.0), (710.0, INF), (5e-324, 5e-324)],
    "log": [(1.0, 0.0), (0.0, -INF), (INF, INF), (-1.0, math.nan), (5e-324, None), (1.7976931348623157e308, None)],
    "log1p": [(0.0, 0.0), (-1.0, -INF), (INF, INF), (-1.5, math.nan), (5e-324, 5e-324), (1e308, None)],
    "erfc": [(0.0, 1.0), (INF, 0.0), (-INF, 2.0), (28.0, 0.0), (-28.0, 2.0), (5e-324, 1.0), (27.2, None)],
}


@pytest.mark.parametrize("name", NAMES)
def test_ends_and_special_values(name: str) -> None:
    """Where no value is given, that of the library of the system, but for its last bits."""
    ours = getattr(elementary, name)
    for x, wanted in SPECIAL[name]:
        if wanted is None:
            assert ours(x) == pytest.approx(getattr(math, name)(x), rel=1e-13), x
        else:
            assert ours(x) == wanted or (math.isnan(wanted) and math.isnan(ours(x))), x
    assert math.isnan(ours(math.nan))


def test_many_at_once_are_the_same_values() -> None:
    given = points("exp")
    assert elementary.exp_each(given).tolist() == [elementary.exp(x) for x in given.tolist()]


# ---- where the coefficients come from ----


def of_exp(r: mpmath.mpf) -> mpmath.mpf:
    """(exp(r) - 1 - r) / r^2, by its series where the difference would be lost."""
    if abs(r) < mpmath.mpf(10) ** -12:
        return sum(r**n / mpmath.factorial(n + 2) for n in range(6))
    return (mpmath.expm1(r) - r) / r**2


def of_log(z: mpmath.mpf) -> mpmath.mpf:
    """(log((1 + s) / (1 - s)) - 2 s) / s^3 for s^2 = z."""
    s = mpmath.sqrt(z)
    return 2 * (mpmath.atanh(s) - s) / (s * z) if z > mpmath.mpf(10) ** -20 else mpmath.mpf(2) / 3


def of_erf(z: mpmath.mpf) -> mpmath.mpf:
    """erf(x) / x - 1 for x^2 = z."""
    x = mpmath.sqrt(z)
    return mpmath.erf(x) / x - 1 if z > mpmath.mpf(10) ** -30 else 2 / mpmath.sqrt(mpmath.pi) - 1


def of_tail(centre: float, level: float) -> Callable[[mpmath.mpf], mpmath.mpf]:
    """(1 + 2 x) exp(x^2) erfc(x) - level for t = (x - centre) / (x + centre)."""

    def fit(t: mpmath.mpf) -> mpmath.mpf:
        x = centre * (1 + t) / (1 - t)
        return (1 + 2 * x) * mpmath.erfc(x) * mpmath.exp(x * x) - level

    return fit


def fitted(kind: str) -> tuple[Callable[[mpmath.mpf], mpmath.mpf], list[mpmath.mpf]]:
    """Return the function and the ends of its fit."""
    series, near, far = (mpmath.mpf(end) for end in (elementary.SERIES_ENDS, elementary.NEAR_ENDS, elementary.FAR_ENDS))
    root = mpmath.sqrt(2)

    def through(x: mpmath.mpf, centre: float) -> mpmath.mpf:
        return (x - centre) / (x + centre)

    of_near = of_tail(elementary.NEAR_CENTRE, elementary.NEAR_LEVEL)
    of_far = of_tail(elementary.FAR_CENTRE, elementary.FAR_LEVEL)
    return {
        "EXP": (of_exp, [-mpmath.log(2) / 2, mpmath.log(2) / 2]),
        "LOG": (of_log, [mpmath.mpf(0), ((root - 1) / (root + 1)) ** 2]),
        "ERF": (of_erf, [mpmath.mpf(0), series**2]),
        "NEAR": (of_near, [through(x, elementary.NEAR_CENTRE) for x in (series, near)]),
        "FAR": (of_far, [through(x, elementary.FAR_CENTRE) for x in (near, far)]),
    }[kind]


@pytest.mark.parametrize(("kind", "size"), [("EXP", 11), ("LOG", 7), ("ERF", 10), ("NEAR", 15), ("FAR", 19)])
def test_coefficients_are_the_fits(kind: str, size: int) -> None:
    with mpmath.workdps(60):
        found = mpmath.chebyfit(*fitted(kind), size)
        wanted = [float(c) for c in found]  # mpmath is about to turn its order
        parts = [mpmath.log(2), 1 / mpmath.log(2), mpmath.log(2) - mpmath.mpf(elementary.LN2_HIGH)]
    assert [getattr(elementary, f"{kind}_{i}") for i in range(size)] in (wanted, wanted[::-1])
    assert not hasattr(elementary, f"{kind}_{size}")
    ours = [elementary.LN2_HIGH + elementary.LN2_LOW, elementary.PER_LN2, elementary.LN2_LOW]
    assert ours == [float(x) for x in parts]
    assert float(elementary.LN2_HIGH).hex().split("p")[0].endswith("800"), "its last 11 bits are 0"


# ---- the same bits everywhere ----

HASHED = """
import hashlib, json, math, struct
from sim.engine import elementary
from verification.small_worlds import fingerprints
def of(module):
    digest = hashlib.sha256()
    for name in ("exp", "expm1", "log", "log1p", "erfc"):
        for k in range(SIZE):
            digest.update(struct.pack("<d", getattr(module, name)(0.37 * (k + 1) / SIZE * 5.3)))
    return digest.hexdigest()
print(json.dumps([of(math), of(elementary), fingerprints(*WORLDS)]))
"""
WORLDS = ("vc_2018", "vc_2019_08", "vc_2019_08 under word_of_mouth")


def elsewhere(size: int, worlds: tuple[str, ...], **environment: str) -> list[object]:
    """Return hashes of the functions of the system, of our own, and of the logs of worlds, in another process."""
    code = HASHED.replace("SIZE", str(size)).replace("WORLDS", repr(worlds))
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=550,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return list(json.loads(result.stdout))


def test_interpreted_functions_have_the_same_bits() -> None:
    assert elsewhere(400, (), NUMBA_DISABLE_JIT="1") == elsewhere(400, ())


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="other processors have no such switches")
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to leave instructions out")
def test_logs_do_not_depend_on_the_processor() -> None:
    """Without fused operations and AVX2 the library of the system gives other bits; our logs are the same."""
    masked = ",".join(f"-{name}{end}" for name in ("FMA", "FMA4", "AVX2", "AVX512F") for end in ("", "_Usable"))
    system, own, logs = elsewhere(40_000, WORLDS, GLIBC_TUNABLES=f"glibc.cpu.hwcaps={masked}")
    plain_system, plain_own, plain_logs = elsewhere(40_000, WORLDS)
    assert own == plain_own
    assert logs == plain_logs == fingerprints(*WORLDS)
    if system == plain_system:
        pytest.skip("this processor has no fused operations that could be left out")
