"""H10c: people leave reception because they had planned to travel on."""

from __future__ import annotations

from departures import BEFORE_TRANSFER, ONWARD, WAITING, rate, rates_around, stays


def test_the_rate_is_nearly_level_in_the_first_months_and_low_later() -> None:
    table = stays(ONWARD)
    weeks, months, later = rate(table, 0, 45), rate(table, 45, 90), rate(table, 365)
    assert weeks > 0.35
    assert 0.75 < months / weeks < 1.1
    assert later < weeks / 2


def test_under_the_rivals_it_is_low_at_first_and_higher_later() -> None:
    for rival in (BEFORE_TRANSFER, WAITING):
        table = stays(rival)
        assert rate(table, 0, 45) < 0.25
        assert rate(table, 180, 365) > 1.5 * rate(table, 0, 45)


def test_a_dublin_claim_or_a_transfer_decision_makes_no_difference() -> None:
    table = stays(ONWARD)
    assert 0.8 < rate(table[table.dublin], 0, 90) / rate(table[~table.dublin], 0, 90) < 1.25
    before, after = rates_around(table[table.dublin], "decided")
    assert 0.6 < after / before < 1.2
    rival = stays(BEFORE_TRANSFER)
    assert rate(rival[rival.dublin], 0, 90) > 4 * rate(rival[~rival.dublin], 0, 90)
