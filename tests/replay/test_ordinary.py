"""What one may take for granted (`sim.replay.ordinary`)."""

from __future__ import annotations

from collections.abc import Callable

from sim.replay.config import Config
from sim.replay.ordinary import AGAIN, HAZARD, UNUSUAL, Ordinary

At = Callable[..., Config]


def odd(before: Config, after: Config, **more: object) -> str:
    judged = Ordinary(before.known.law, before.known).judged(before, after, **more)  # type: ignore[arg-type]
    assert judged.odd == (judged.story[-1].odd != "")
    return judged.story[-1].odd


def test_a_step_by_a_branch_is_ordinary_and_a_hazard_is_not(blank: Config, at: At) -> None:
    wish = at(blank, "b8.wish_to_report", 10, 10, event=0)
    assert odd(wish, at(wish, "b8.report", 20, 20)) == ""
    dropped = at(wish, "b8.withdrawn", 20, 20)
    struck = dropped._replace(story=(*dropped.story[:-1], dropped.story[-1]._replace(cause="hazard gives_up")))
    assert odd(wish, struck) == HAZARD


def test_an_unusual_step_is_ordinary_where_no_other_way_leads_on(blank: Config, at: At) -> None:
    track = blank.known.law.track_of["b8.objection"]
    refused = at(blank, "b8.refused_first", 10, 10, event=0)
    prepared = at(refused, "b8.objection_prepared", 10, 10)
    objects = at(prepared, "b8.objection", 20, 20)
    assert odd(prepared, objects) == UNUSUAL
    assert odd(prepared, objects, ahead={track: "b8.appeal"}) == ""
    assert odd(prepared, objects, ahead={track: "b8.closed"}) == UNUSUAL


def test_a_file_that_rested_unmentioned_does_not_start_again_by_itself(blank: Config, at: At) -> None:
    closed = at(at(blank, "b8.signalled", 5, 5, event=0), "b8.closed", 10, 10)
    assert odd(closed, at(closed, "b8.signalled", 20, 20)) == AGAIN
