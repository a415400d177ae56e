"""The search for a course of events (`sim.replay.search`)."""

from __future__ import annotations

import pytest
from case_files import DUBLIN, Told


@pytest.mark.parametrize(
    ("events", "possible"),
    [
        (["2019-10-09 b8.necessity_test b8.refused"], True),
        (["2019-10-09 b8.necessity_test refused"], True),
        (["2019-10-09 b8.necessity_test permit"], False),
        (["2019-10-09 b8.report b8.permit"], False),
        (["2019-10-09 b8.necessity_test refused", "2019-10-20 b8.permit"], False),
        (["2019-10-09 b8.necessity_test refused", "2019-10-20 b8.objection"], True),
    ],
)
def test_an_outcome_is_what_follows_from_the_step(told: Told, events: list[str], possible: bool) -> None:
    result = told(*events, facts=f"{DUBLIN}, om_finds_person_needed = false")
    assert result.possible == possible, result.text


def test_an_outcome_may_lie_behind_steps_without_a_choice(told: Told) -> None:
    assert told("2018-03-01 b8.report b8.permit", regime="vc_2018").possible


def test_a_wait_on_another_track_hides_no_way(told: Told) -> None:
    """The written view is over before the wish; the procedure that it belongs to has gone on by then."""
    events = ("2019-04-01 dublin.accepted", "2019-05-14 b8.wish_to_report", "2019-05-20 dublin.transfer_preparation")
    assert told(*events, regime="vc_2018").possible
