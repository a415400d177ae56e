"""Waits and terms, with what was not finished when the scenario ended: a spell whose end is not known is censored."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.history import STILL_THERE, Spells
from sim.outcomes.incidence import aalen_johansen


def within(spells: Spells, limit_days: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return of each spell whether it met a limit, and whether that is known.

    Met: the step came to its own end in no more than ``limit_days``. Not met: it took longer, or the last day of the
    limit passed in it, whatever came after. Not known, and so left out of a share: what was left for something else
    (the person went away) within the limit, and what had not ended on the last day of the scenario, before the limit.
    """
    met = spells.done & (spells.days <= limit_days)
    # On the evening of the last day of the limit who is still there has missed it.
    open_too_long = (spells.to == STILL_THERE) & (spells.days >= limit_days)
    return met, met | (spells.days > limit_days) | open_too_long


def restricted_mean(spells: Spells, horizon_days: int) -> float:
    """Return the mean days of the spells up to a horizon, whatever ended them, by Kaplan and Meier.

    The mean of the smaller of a spell and the horizon is the area under the share that is still there. A spell that
    is open on the last day of the scenario is censored that day; the end of a scenario says nothing about the spell.

    Returns
    -------
    float
        Days, at most ``horizon_days``; NaN without spells, or where nobody was followed up to the horizon.

    References
    ----------
    Irwin (1949), Journal of Hygiene 47, 188-189; Kaplan and Meier (1958), Journal of the American Statistical
    Association 53, 457-481.
    """
    ended = (spells.to != STILL_THERE).astype(np.int64)
    gone = aalen_johansen(spells.days, ended, 1, np.arange(horizon_days))[0]
    return float(np.sum(1.0 - gone))
