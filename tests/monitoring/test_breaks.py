"""Breaks in the definitions of published series (`sim.monitoring.breaks`)."""

from __future__ import annotations

import datetime as dt

from sim.evidence.observed import observed
from sim.monitoring.breaks import breaks, crossed


def test_every_break_is_of_a_published_series_and_in_both_languages() -> None:
    published = set(observed()["series"])
    for one in breaks().values():
        assert set(one.series) <= published
        assert one.what.en != one.what.nl


def test_a_break_is_crossed_between_the_fit_and_the_figure() -> None:
    fitted = dt.date(2019, 7, 31)
    assert not crossed("comensha_nationality", fitted, dt.date(2019, 12, 31))
    assert len(crossed("comensha_nationality", fitted, dt.date(2020, 12, 31))) == 1
    assert len(crossed("comensha_nationality", dt.date(2017, 12, 31), dt.date(2020, 12, 31))) == 2
