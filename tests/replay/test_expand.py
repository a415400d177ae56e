"""From one configuration on (`sim.replay.expand`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.replay.config import Config, Goal
from sim.replay.expand import Expander
from sim.replay.ordinary import Ordinary

At = Callable[..., Config]


@pytest.mark.parametrize(("wide", "steps"), [(False, {"b8.report"}), (True, {"b8.report", "b8.appointment_missed"})])
def test_what_may_happen_unmentioned_on_the_way_to_an_event(blank: Config, at: At, wide: bool, steps: set[str]) -> None:
    """Narrow, an appointment does not fall through by itself."""
    law, track = blank.known.law, blank.known.law.track_of["b8.permit"]
    expander = Expander(law, blank.known, Ordinary(law, blank.known), frozenset({track}), wide=wide, everywhere=False)
    goal = Goal("b8.permit", track, 1500)
    expander.turn_to(goal, {track: goal.step}, [])
    wish = at(blank, "b8.wish_to_report", 1000, 1000, event=0)
    found = {happening.step for config in expander.hidden(wish, goal, 1500) for happening in config.story[1:2]}
    assert steps <= found
    assert ("b8.appointment_missed" in found) == wide
