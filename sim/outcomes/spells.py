"""Waits and terms, also those unfinished at the end of the scenario: a spell without a known end is censored."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.history import STILL_THERE, Spells
from sim.outcomes.incidence import aalen_johansen


def within(spells: Spells, limit_days: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each spell whether it met a limit, and whether that is known.

    Met: the step ended by one of its branches in no more than ``limit_days``. Not met: it took longer, or the last day
    of the limit passed in it, whatever came after. Not known, and so left out of a share: a spell that ended otherwise
    within the limit (the person went away), and one still open on the last day of the scenario, before the limit.
    """
    met = spells.done & (spells.days <= limit_days)
    # A spell still open on the evening of the last day of the limit has missed it.
    open_too_long = (spells.to == STILL_THERE) & (spells.days >= limit_days)
    return met, met | (spells.days > limit_days) | open_too_long


def restricted_mean(spells: Spells, horizon_days: int) -> float:
    """Return the mean days of the spells up to a horizon, whatever ended them, by Kaplan and Meier.

    The mean of the smaller of a spell and the horizon is the area under the survival curve. A spell that is open on the
    last day of the scenario is censored that day, since the end of a scenario is independent of the spell.

    Returns
    -------
    float
        Days, at most ``horizon_days``; NaN without spells, or without follow-up to the horizon.

    References
    ----------
    Irwin (1949), Journal of Hygiene 47, 188-189; Kaplan and Meier (1958), Journal of the American Statistical
    Association 53, 457-481.
    """
    ended = (spells.to != STILL_THERE).astype(np.int64)
    gone = aalen_johansen(spells.days, ended, 1, np.arange(horizon_days))[0]
    return float(np.sum(1.0 - gone))
