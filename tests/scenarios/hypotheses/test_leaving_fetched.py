"""H10a: people leave reception because a trafficker fetches or orders them away."""

from __future__ import annotations

import pytest
from departures import BEFORE_TRANSFER, FETCHED, ONWARD, rate, rates_around, stays

RIVALS = (None, BEFORE_TRANSFER, ONWARD)


def contact(preset: str | None) -> float:
    """Return how many times as often victims leave whom a trafficker could reach."""
    table = stays(preset)
    victims = table[table.victim]
    return rate(victims[victims.reached]) / rate(victims[~victims.reached])


def more_debt(preset: str | None) -> float:
    """Return how much more debt those have who leave, among victims whom a trafficker could reach."""
    table = stays(preset)
    reached = table[table.victim & table.reached]
    return float(reached.debt[reached.left].mean() - reached.debt[~reached.left].mean())


def test_nearly_all_victims_who_leave_had_contact_with_a_trafficker() -> None:
    table = stays(FETCHED)
    assert table.reached[table.left & table.victim].mean() > 0.9
    assert contact(FETCHED) > 10


@pytest.mark.parametrize("rival", RIVALS)
def test_under_the_rivals_contact_makes_little_difference(rival: str | None) -> None:
    assert contact(rival) < 3


def test_they_have_more_debt_than_victims_who_stay() -> None:
    assert more_debt(FETCHED) > 0.07
    assert abs(more_debt(ONWARD)) < 0.04


def test_departures_follow_threats() -> None:
    for preset, follows in ((FETCHED, True), (ONWARD, False)):
        table = stays(preset)
        before, after = rates_around(table[table.victim & table.reached], "threatened")
        assert (after > 2 * before) is follows


def test_a_transfer_decision_brings_no_departures_though_most_who_leave_have_a_dublin_claim() -> None:
    table = stays(FETCHED)
    before, after = rates_around(table[table.dublin], "decided")
    assert after < 1.2 * before
    assert table.dublin[table.left].mean() > 0.6, "so a high share of Dublin claimants tells nothing about the reason"
