"""Attribution of a difference to several drivers, as Shapley values.

Every combination of drivers, on or off, is run under both rules on the same people with the same random draws. A
driver's contribution is its Shapley value: what switching it on adds, averaged over all orders in which the drivers can
be switched on; the rule is one of them. The sum is the difference between all on and all off. They depend on the
assumptions of the scenario, as every result does.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.files.errors import InputError
from sim.outcomes.intervals import mean_interval
from sim.studies.drivers import combinations_of
from sim.studies.results import KEYS, Results
from sim.studies.study_file import Explained

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Floats = NDArray[np.float64]
RULE: Final = "rule"
"""The driver that is on under the second regime of a study."""


def shapley(values: Floats) -> Floats:
    """Return the contribution of each driver.

    Parameters
    ----------
    values
        ``[..., 2**n]``: a value for each combination, in the order of ``combinations_of``.

    Returns
    -------
    Floats
        ``[..., n]``; the sum over drivers is the value with all on less that with none.
    """
    size = values.shape[-1]
    n = size.bit_length() - 1
    if size != 1 << n or n == 0:
        raise ValueError(f"{size} values are not those of all combinations of some drivers")
    out = np.zeros((*values.shape[:-1], n))
    for place, i in itertools.product(range(size), range(n)):
        if not place >> i & 1:
            before = place.bit_count()
            weight = math.factorial(before) * math.factorial(n - before - 1) / math.factorial(n)
            out[..., i] += weight * (values[..., place | 1 << i] - values[..., place])
    return out


def shares(results: Results, *, presets: str = "") -> pd.DataFrame:
    """Return what each driver of a study contributes to what it explains.

    Parameters
    ----------
    results
        What came of a study with drivers.
    presets
        Under which presets; none by default.

    Returns
    -------
    DataFrame
        As `share_table`.

    Raises
    ------
    InputError
        When the study has no drivers or explains nothing, has not two regimes, or a combination is not finished.
    """
    document = results.study.document
    if not document.driver or not document.explained or len(results.study.regimes) != 2:
        raise InputError(
            "a study that attributes nothing", file=results.store.folder / "study.toml", key="driver",
            accepted="two regimes, a table [driver.NAME] for each other driver, and [[explained]]",
        )  # fmt: skip
    values = values_of(results, presets)
    if len(values) < 2:
        raise InputError("too few for an interval", key="replicates", value=len(values), accepted="2 or more")
    return share_table(values, (RULE, *document.driver), document.explained)


def values_of(results: Results, presets: str = "") -> Floats:
    """Return the value of everything that is explained, ``[replicates, combinations, explained]``.

    The combinations are those of ``rule`` and the drivers, in the order of ``combinations_of``.
    """
    study = results.study
    points = {p.drivers: p.id for _, p in study.points if p.presets == presets}
    of_points = {point: rows.set_index(KEYS[1:]).sort_index() for point, rows in results.readings.groupby("point")}
    combinations = combinations_of((RULE, *study.document.driver))
    replicates = sorted(set(results.readings["replicate"]))
    values = np.empty((len(replicates), len(combinations), len(study.document.explained)))
    for place, on in enumerate(combinations):
        point = points.get(tuple(name for name in on if name != RULE), "")
        if point not in of_points:
            raise InputError("a combination of drivers is not finished", key="presets", value=" + ".join(on) or "none",
                             accepted="b8sim sweep resume")  # fmt: skip
        found, regime = of_points[point], study.regimes[RULE in on]
        for m, one in enumerate(study.document.explained):
            signs = {one.name: 1.0} if one.less is None else {one.name: 1.0, one.less: -1.0}
            parts = (sign * _of(found, (regime, name, one.world, one.group)) for name, sign in signs.items())
            values[:, place, m] = sum(parts)
    return values


def _of(found: pd.DataFrame, key: tuple[str, ...]) -> Floats:
    """Return a value in every replicate."""
    return found.loc[[key]].sort_values("replicate")["value"].to_numpy(np.float64)


def share_table(values: Floats, drivers: Sequence[str], explained: Sequence[Explained]) -> pd.DataFrame:
    """Return one row for each measure and driver, and one for all drivers together.

    Columns: ``measure``, ``driver``, ``contribution`` with ``low`` and ``high`` (95% t-interval over replicates), and
    ``share`` of the whole difference with ``share_low`` and ``share_high`` (jackknife over replicates; empty where the
    interval of the whole difference includes 0, where a share has no meaning), ``replicates``.
    """
    import pandas as pd
    from scipy.special import stdtrit

    parts = shapley(np.moveaxis(values, 1, -1))  # [replicates, measures, drivers]
    whole = parts.sum(axis=-1)
    replicates = values.shape[0]
    reach = float(stdtrit(replicates - 1, 0.975))
    rows: list[tuple[Any, ...]] = []
    for m, measure in enumerate(explained):
        _, low, high = _interval(whole[:, m])
        meaningful = low > 0 or high < 0
        columns = [(name, parts[:, m, i]) for i, name in enumerate(drivers)]
        for name, part in [*columns, ("all", whole[:, m])]:
            share = _share(part, whole[:, m], reach) if meaningful else (math.nan,) * 3
            rows.append((measure.title, name, *_interval(part), *share, replicates))
    names = ["measure", "driver", "contribution", "low", "high", "share", "share_low", "share_high", "replicates"]
    return pd.DataFrame(rows, columns=names)


def _interval(sample: Floats) -> tuple[float, float, float]:
    found = mean_interval(sample)
    return float(found.mean), float(found.low), float(found.high)


def _share(part: Floats, whole: Floats, reach: float) -> tuple[float, float, float]:
    """Return the ratio of two means and its jackknife interval."""
    n = part.size
    left_out = (part.sum() - part) / (whole.sum() - whole)
    error = math.sqrt((n - 1) / n * float(((left_out - left_out.mean()) ** 2).sum()))
    share = float(part.sum() / whole.sum())
    return share, share - reach * error, share + reach * error
