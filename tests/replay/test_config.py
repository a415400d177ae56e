"""How things can stand at a point of a chronology (`sim.replay.config`)."""

from __future__ import annotations

from collections.abc import Callable

from sim.replay.config import Config, Goal

At = Callable[..., Config]


def test_a_story_tells_what_is_mentioned(blank: Config, at: At) -> None:
    track = blank.known.law.track_of["b8.report"]
    mentioned = at(blank, "b8.report", 10, 10, event=0)
    assert mentioned.is_mentioned(track)
    assert mentioned.step_on(track) == "b8.report"
    on = at(mentioned, "b8.grant_decision", 10, 12)
    assert not on.is_mentioned(track)
    assert (mentioned.assumed, on.assumed) == (0, 1)
    assert on.told_of("b8.report") == (10, 10)
    assert on.told_of("b8.permit") is None


def test_an_event_ends_what_was_denied_on_its_track_only(blank: Config) -> None:
    law = blank.known.law
    denied = blank.denying(frozenset({"b8.permit", "dublin.transferred"}))
    goal = Goal("b8.objection", law.track_of["b8.objection"], 30, outcome="b8.closed")
    after = denied.mentioned(goal)
    assert after.denied == {"dublin.transferred"}
    assert after.outcomes == ((goal.track, "b8.closed"),)


def test_nothing_is_known_of_a_track_that_is_forgotten(blank: Config, at: At) -> None:
    track = blank.known.law.track_of["b8.report"]
    config = at(blank, "b8.report", 10, 10)
    assert config.forgetting(frozenset({track})).step_on(track) is None
    assert config.forgetting(frozenset({track + 1})) is config
