"""Sets of configurations, none of which another one covers (`sim.replay.frontier`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.policies.statute import Span
from sim.replay.config import Config
from sim.replay.frontier import Frontier

At = Callable[..., Config]


@pytest.fixture
def frontier(blank: Config) -> Frontier:
    return Frontier(blank.known.law, frozenset({"asylum.registration", "dublin.clock_running"}))


def test_it_keeps_what_no_other_covers(blank: Config, at: At, frontier: Frontier) -> None:
    wide, narrow, beside = (at(blank, "b8.report", *days) for days in ((10, 20), (12, 18), (12, 25)))
    assert frontier.add(wide)
    assert not frontier.add(wide), "it covers itself"
    assert not frontier.add(narrow), "fewer days are covered by more"
    assert frontier.add(beside), "a day that the other does not have"
    assert frontier.add(at(blank, "b8.permit", 12, 18)), "another step"
    assert frontier.add(narrow, "b8.permit"), "something else happened besides"


def test_fewer_steps_denied_cover_more(blank: Config, at: At, frontier: Frontier) -> None:
    config = at(blank, "b8.report", 10, 10)
    some, more = config.denying(frozenset({"b8.permit"})), config.denying(frozenset({"b8.permit", "b8.objection"}))
    assert frontier.add(some)
    assert not frontier.add(more)
    assert frontier.add(config)


def test_what_is_told_covers_what_is_assumed(blank: Config, at: At, frontier: Frontier) -> None:
    assert frontier.add(at(blank, "b8.report", 10, 10, event=0))
    assert not frontier.add(at(blank, "b8.report", 10, 10))


def test_a_day_counts_only_while_something_looks_back_on_it(blank: Config, at: At, frontier: Frontier) -> None:
    running = [at(blank, "dublin.clock_running", day, day) for day in (10, 11)]
    assert all(frontier.add(at(config, "dublin.clock_last_weeks", 160, 160)) for config in running)
    assert frontier.add(at(running[0], "dublin.clock_off", 170, 170))
    assert not frontier.add(at(running[1], "dublin.clock_off", 170, 170)), "a new window has its own first day"
    assert frontier.add(at(blank, "b8.permit", 10, 10))
    assert not frontier.add(at(at(blank, "b8.permit", 10, 10), "b8.permit", 10, 10))


def test_of_a_day_that_decides_on_a_text_only_its_side_is_kept(blank: Config) -> None:
    law = blank.known.law
    assert law.memory("asylum.registration", Span(10, 20)) == Span(10, 20), "a term is counted from it"
    assert law.memory("b8.permit", Span(10, 20)) == Span(0, 0), "asked is only if there ever was one"
