"""``b8sim follow`` (`sim.cli.follow`)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from command import B8sim


def test_follow_prints_the_story(b8sim: B8sim, stand_in: Callable[..., None]) -> None:
    told = SimpleNamespace(text="")
    stand_in("sim.follow.story", follow=lambda *_, **given: SimpleNamespace(text=str(sorted(given))), Following=told)
    assert b8sim("follow", "x", "--person", "1")[1] == "['person', 'replicate']\n"
