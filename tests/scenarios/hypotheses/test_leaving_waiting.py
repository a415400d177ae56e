"""H10d: people leave reception because of the waiting and the conditions."""

from __future__ import annotations

import pytest
from departures import BEFORE_TRANSFER, FETCHED, ONWARD, WAITING, rate, stays


def growth(preset: str, dublin: bool) -> float:
    """Return how many times the rate of the first three months the rate after half a year is."""
    table = stays(preset)
    table = table[table.dublin == dublin]
    return rate(table, 180) / rate(table, 0, 90)


@pytest.mark.parametrize("dublin", [True, False])
def test_the_rate_grows_with_the_time_in_reception(dublin: bool) -> None:
    assert growth(WAITING, dublin) > 1.7


def test_under_the_rivals_it_does_not_grow_or_not_without_a_dublin_claim() -> None:
    for dublin in (True, False):
        assert growth(ONWARD, dublin) < 1
        assert growth(FETCHED, dublin) < 1
    assert growth(BEFORE_TRANSFER, dublin=False) < 1


def test_longer_queues_bring_a_higher_rate() -> None:
    for preset, higher in ((WAITING, True), (ONWARD, False)):
        quick, slow = (stays(preset, slow) for slow in (False, True))
        quick, slow = quick[~quick.dublin], slow[~slow.dublin]
        assert slow.days.mean() > 2 * quick.days.mean(), "the queue is there"
        assert (rate(slow) > 1.3 * rate(quick)) is higher
