"""H10b: people leave reception to avoid a Dublin transfer."""

from __future__ import annotations

import pytest
from departures import BEFORE_TRANSFER, FETCHED, ONWARD, WAITING, rate, rates_around, stays

RIVALS = (FETCHED, ONWARD, WAITING)


def test_departures_spike_after_the_transfer_decision() -> None:
    table = stays(BEFORE_TRANSFER)
    before, after = rates_around(table[table.dublin], "decided")
    assert after > 10 * before


@pytest.mark.parametrize("rival", RIVALS)
def test_under_the_rivals_they_do_not(rival: str) -> None:
    table = stays(rival)
    before, after = rates_around(table[table.dublin], "decided")
    assert after < 2 * before


def test_only_people_with_a_dublin_claim_leave() -> None:
    for preset, only in ((BEFORE_TRANSFER, True), (ONWARD, False), (WAITING, False)):
        table = stays(preset)
        assert (rate(table[table.dublin]) > 10 * rate(table[~table.dublin])) is only


def test_contact_with_a_trafficker_makes_little_difference() -> None:
    for preset, little in ((BEFORE_TRANSFER, True), (FETCHED, False)):
        table = stays(preset)
        claimants = table[table.victim & table.dublin]
        assert (rate(claimants[claimants.reached]) < 2 * rate(claimants[~claimants.reached])) is little
