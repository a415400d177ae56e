"""What an earlier event of a chronology bars on a later day (`sim.replay.barred`)."""

from __future__ import annotations

import pytest
from case_files import DUBLIN, Told

from sim.replay import Replay, attempt

U3 = "vc_2019_08+U3=refused_without_test"
LATE = ("2019-11-20 b8.report", "2019-11-22 b8.late_report")
NO_HIT = "eurodac_hit = false"
REQUEST = ("2022-10-20 dublin.indication", "2022-10-31 dublin.responsible_by_late_claim")


@pytest.fixture(autouse=True)
def _no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is barred for good is seen without a search over all that may have happened."""
    for bound in ("FEW", "WIDE"):
        monkeypatch.setattr(attempt, bound, 0)


def failed(result: Replay) -> str:
    """Return why the last event cannot happen."""
    assert result.answer == "impossible", result.text
    assert result.failure is not None
    assert result.failure.event == len(result.case.events) - 1
    return result.failure.reason


def test_a_term_counted_from_an_event_bars_what_asks_that_it_is_over(told: Told) -> None:
    result = told("2019-09-02 asylum.registration", *LATE, facts=DUBLIN, regime=U3)
    assert "(the term ends on 2019-12-02)" in failed(result)


def test_without_the_event_the_term_may_be_over(told: Told) -> None:
    assert told(*LATE, facts=DUBLIN, regime=U3).possible


def test_a_way_is_closed_by_what_the_case_says_and_another_by_a_term(told: Told) -> None:
    """Without a hit the two months from the hit cannot be over; the three months from the application are not."""
    events = ("2022-08-01 asylum.registration", *REQUEST)
    assert "(the term ends on 2022-11-01)" in failed(told(*events, facts=NO_HIT))


def test_one_open_way_is_enough(told: Told) -> None:
    events = ("2022-08-01 asylum.registration", "2022-08-10 dublin.indication", REQUEST[1])
    result = told(*events, facts="eurodac_hit = true")
    assert result.possible, result.text


def test_a_step_is_not_left_before_its_own_term_is_over(told: Told) -> None:
    events = ("2013-10-17 b8.permit_third_year", "2014-04-17 b8.three_years_held")
    assert "Its last day is 2014-10-17" in failed(told(*events))
    assert told(events[0], "2014-10-17 b8.three_years_held").possible


def test_a_permit_bars_each_later_transfer(told: Told) -> None:
    assert "has been given a B8 permit" in failed(told("2018-03-01 b8.permit", "2018-04-01 dublin.transferred"))


def test_what_no_rule_leads_to_is_seen_at_once_and_a_reading_that_closes_the_way_is_named(told: Told) -> None:
    test = "2018-02-13 b8.necessity_test"
    assert "No rule of vc_2018" in failed(told("2018-02-11 b8.report", test, facts=DUBLIN, regime="vc_2018"))
    own_motion = ("2021-06-01 asylum.intention", "2021-06-10 b8.permit_of_own_motion")
    assert "by the reading U8=not_granted" in failed(told(*own_motion, regime="vc_2018+U8=not_granted"))
