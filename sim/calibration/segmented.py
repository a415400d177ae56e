"""An interrupted time series: what an analyst would conclude from monthly figures, in worlds whose truth is known.

A line with a change of level and of slope at the month of the change, fitted by least squares, with standard errors
that allow for autocorrelation (Newey and West 1987; Bernal, Cummins and Gasparrini 2017). Needs statsmodels (extra
``series``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensembles import Ensemble
from sim.calibration.months import SERIES
from sim.files.errors import InputError

Floats = NDArray[np.float64]
CHANGE: Final = "2019-08"
"""The first month under the new rule."""
WINDOWS: Final = {"2021-12": "to December 2021", "2020-02": "to February 2020, before the epidemic"}
"""The last month that is analysed, and how it is called."""
CONFIDENCE: Final = 0.95
TITLES: Final = {"requests": "Requests to report", "registrations": "Registered at CoMensha"}


@dataclass(frozen=True)
class Estimate:
    """The estimated effect of the change on a monthly figure.

    Attributes
    ----------
    effect
        Level and slope together, on average over the months since the change.
    low, high
        Its 95% interval.
    fitted
        The line, by month.
    without
        What the line of before the change comes to, by month.
    """

    effect: float
    low: float
    high: float
    fitted: Floats
    without: Floats

    def holds(self, truth: float) -> bool:
        """Return whether the interval holds a value."""
        return self.low <= truth <= self.high


@dataclass(frozen=True)
class Judged:
    """One series of one set, in both worlds.

    Attributes
    ----------
    camp, series, until
        Camp, name of the series, and the last month that is analysed.
    number
        Of the set.
    kept, changed
        Persons by month where the old rule stays, and where it changes: of the whole country in proportion.
    of_kept, of_changed
        What an analyst estimates from each.
    truth
        What the rule did, on average over the months since the change: the difference between the two worlds.
    """

    camp: str
    series: str
    until: str
    number: int
    kept: Floats
    changed: Floats
    of_kept: Estimate
    of_changed: Estimate
    truth: float


def estimate(values: Floats, change: int) -> Estimate:
    """Fit a segmented line to a monthly series.

    Parameters
    ----------
    values
        ``[months]``.
    change
        Place of the first month after the change.

    Raises
    ------
    InputError
        When statsmodels is not installed.
    """
    try:
        import statsmodels.api as sm
    except ImportError:
        raise InputError(
            "an interrupted time series needs statsmodels", accepted="pip install 'b8sim[series]'"
        ) from None
    month = np.arange(values.size, dtype=np.float64)
    since = np.maximum(month - change, 0.0)
    level = (month >= change).astype(np.float64)
    design = np.stack([np.ones(values.size), month, level, since], axis=1)
    # The rule of thumb of Newey and West (1994) for the number of lags.
    lags = int(4 * (values.size / 100) ** (2 / 9))
    fit = sm.OLS(values, design).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
    mean = np.array([0.0, 0.0, 1.0, float(since[change:].mean())])
    found = fit.t_test(mean)
    low, high = np.ravel(found.conf_int(alpha=1 - CONFIDENCE))
    line, before = np.asarray(design @ fit.params), np.asarray(design[:, :2] @ fit.params[:2])
    return Estimate(float(np.ravel(found.effect)[0]), float(low), float(high), line, before)


def judged(sets: Ensemble, until: str) -> Iterator[Judged]:
    """Yield each series of each set of a camp: what an analyst estimates in both worlds, and what the rule did.

    Parameters
    ----------
    sets
        The fitted sets, with their months.
    until
        The last month that is analysed.
    """
    baseline, reform = sets.receipt["compared"][:2]
    table = sets.months
    assert table is not None
    months = [name for name in map(str, table) if name[:4].isdecimal() and name <= until]
    change = months.index(CHANGE)
    country = table.groupby("set")["country"].first()
    for series in SERIES:
        mine = table[table["series"] == series]
        before, after = (mine[mine["regime"] == name].set_index("set")[months] for name in (baseline, reform))
        for number in before.index:
            kept, changed = (one.loc[number].to_numpy(np.float64) * country[number] for one in (before, after))
            truth = float((changed - kept)[change:].mean())
            both = estimate(kept, change), estimate(changed, change)
            yield Judged(sets.camp, series, until, int(number), kept, changed, *both, truth)
