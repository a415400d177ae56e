"""How things can stand at a point of a chronology (`sim.replay.config`)."""

from __future__ import annotations

import datetime as dt
from functools import cache

from sim.policies.regime import Regime
from sim.policies.statute import Span
from sim.replay.config import Config, Frontier, Goal, Happening, Stand
from sim.replay.known import Known
from sim.replay.rules import Rules


@cache
def blank() -> Config:
    rules = Rules(Regime.load("vc_2018"), dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    return Config.blank(Known(rules, {}))


def at(config: Config, step: str, first: int, last: int, event: int | None = None) -> Config:
    entered = Span(first, last)
    return config.at(Stand(step, entered), Happening(step, entered, event, "branch"))


def test_a_frontier_keeps_what_no_other_covers() -> None:
    wide, narrow, beside = (at(blank(), "b8.report", *days) for days in ((10, 20), (12, 18), (12, 25)))
    frontier = Frontier()
    assert frontier.add(wide)
    assert not frontier.add(wide), "it covers itself"
    assert not frontier.add(narrow), "fewer days are covered by more"
    assert frontier.add(beside), "a day that the other does not have"
    assert frontier.add(at(blank(), "b8.permit", 12, 18)), "another step"
    assert len(frontier) == len(list(frontier)) == 3


def test_a_story_tells_what_is_mentioned_and_what_has_moved_since() -> None:
    track = blank().known.law.track_of["b8.report"]
    mentioned = at(blank(), "b8.report", 10, 10, event=0)
    assert mentioned.is_mentioned(track)
    assert mentioned.step_on(track) == "b8.report"
    told = mentioned._replace(told=1)
    assert told.rested_before(track)
    on = at(told, "b8.grant_decision", 10, 10)
    assert not on.rested_before(track)
    assert not on.is_mentioned(track)
    assert not on.goes_round(track)
    assert at(on, "b8.report", 11, 11).goes_round(track)


def test_an_event_ends_what_was_denied_on_its_track_only() -> None:
    law = blank().known.law
    denied = blank().denying(frozenset({"b8.permit", "dublin.transferred"}))
    goal = Goal("b8.objection", law.track_of["b8.objection"], 30, outcome="b8.closed")
    after = denied.mentioned(goal)
    assert after.denied == {"dublin.transferred"}
    assert after.outcomes == ((goal.track, "b8.closed"),)


def test_nothing_is_known_of_a_track_that_is_forgotten() -> None:
    track = blank().known.law.track_of["b8.report"]
    config = at(blank(), "b8.report", 10, 10)
    assert config.forgetting(frozenset({track})).step_on(track) is None
    assert config.forgetting(frozenset({track + 1})) is config
