"""What a search noted on its way, read for the reason (`sim.replay.noted`)."""

from __future__ import annotations

from collections.abc import Callable

from sim.replay.config import Config, Goal
from sim.replay.noted import Noted

At = Callable[..., Config]


def test_what_an_event_set_off_came_at_once_with_it(blank: Config, at: At) -> None:
    law = blank.known.law
    noted = Noted(law, blank.known)
    config = at(at(blank, "asylum.registration", 20, 20, event=0), "b8.reflection_over", 20, 20)
    later, same = (Goal("b8.reflection_over", law.track_of["b8.reflection_over"], day) for day in (30, 20))
    ((event, sender),) = noted.came_already(later, config)
    assert event.step == sender.step == "asylum.registration"
    assert not list(noted.came_already(same, config))


def test_the_steps_that_a_text_of_any_day_leads_from(blank: Config) -> None:
    noted = Noted(blank.known.law, blank.known)
    assert noted.leading("b8.grant_decision") == {"vc_2018"}
    (text,) = blank.known.law.texts("b8.report")
    assert noted.open_ways(text, None, 30) == ("b8.grant_decision",)
