"""One move of a chronology and what follows from it on the same day (`sim.replay.moves`)."""

from __future__ import annotations

import pytest
from case_files import DUBLIN, Told


@pytest.mark.parametrize("day", ["2018-01-15", "2018-01-16", "2020-06-30"])
def test_authorities_may_take_any_time(told: Told, day: str) -> None:
    assert told("2018-01-15 b8.wish_to_report", f"{day} b8.report").possible


def test_a_step_at_which_one_waits_may_be_dated_by_any_day_of_the_wait(told: Told) -> None:
    events = ("2019-10-09 b8.report", "2019-10-11 b8.necessity_test", "2019-10-14 b8.refused")
    assert told(*events, facts=DUBLIN).possible


def test_a_step_passed_through_has_one_day(told: Told) -> None:
    events = ("2019-10-09 b8.report", "2019-10-11 b8.report", "2019-10-11 b8.necessity_test")
    assert not told(*events, facts=DUBLIN).possible


def test_a_signal_reaches_the_other_track_on_the_same_day(told: Told) -> None:
    day = "2018-07-10"
    assert told(f"{day} dublin.lapsed", f"{day} asylum.opens").possible
    assert not told(f"{day} dublin.lapsed", "2018-07-11 asylum.opens").possible


def test_a_decision_that_said_no_is_not_undone_unmentioned(told: Told) -> None:
    facts = f"{DUBLIN}, om_finds_person_needed = false"
    no_detour = told("2019-10-09 b8.report", "2020-10-09 b8.permit", facts=facts)
    assert not no_detour.possible
    mentioned = told("2019-10-09 b8.report", "2019-10-14 b8.objection", "2020-01-06 b8.permit", facts=facts)
    assert mentioned.possible, mentioned.text
