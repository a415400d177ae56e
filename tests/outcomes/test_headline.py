"""The declared headline measures."""

from __future__ import annotations

from sim.outcomes.headline import HEADLINE, role_of
from sim.outcomes.measures import Measures


def test_every_headline_measure_exists_and_only_they_are_headline() -> None:
    names = Measures.load().measure
    assert set(HEADLINE) <= set(names)
    assert [name for name in names if role_of(name, "simulated") == "headline"] == [n for n in names if n in HEADLINE]
    assert role_of("b8_granted", "recorded") == "exploratory"
