"""Word of mouth (`sim.engine.news`): who hears what and when, and what it does to a belief."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

from verification.small_worlds import (
    SmallWorld,
    hazard,
    parameter,
    people,
    procedure,
    small_world,
)

BELIEF = """[belief.good_news]
title = "x"
law   = ["x"]
hears = [{ step = "file.permit", says = 1 }, { step = "file.refused", says = -1 }]
"""
CAN_HEAR = '[condition.can_hear_news]\ntitle = "x"\nat = ["abode.centre"]\n'


def world(
    folder: Path, *, weight: float = 0.5, distorted: float = 0.0, after: int = 3, fades: float = 0.0
) -> SmallWorld:
    """All arrive in a centre; after ten days a ``victim`` has a permit, or is refused if a ``minor``."""
    place = {
        "away": 'next = [{ to = "centre", when = "victim", signals = ["file.starts"] }, { to = "centre" }]',
        "centre": "",
        "gone": "final = true",
    }
    file = {
        "waits": "",
        "starts": (
            'from = ["waits"]\ntakes = "file.days"\nnext = [{ to = "refused", when = "minor" }, { to = "permit" }]'
        ),
        "permit": "final = true",
        "refused": "final = true",
    }
    return small_world(
        folder,
        {"abode": procedure("abode", "away", place), "file": procedure("file", "waits", file)},
        behaviour=BELIEF + hazard("goes", "abode.centre", "abode.gone", "rate.goes"),
        conditions=CAN_HEAR,
        parameters=[
            parameter("file.days", 10),
            parameter("rate.goes", 0, "per_year"),
            parameter("heard.weight", weight, "level"),
            parameter("heard.distorted_share", distorted, "probability"),
            parameter("heard.after_days", after),
            parameter("heard.fades_per_year", fades, "per_year"),
        ],
        word_of_mouth=True,
    )


def test_a_contact_hears_after_the_given_days_and_others_do_not(tmp_path: Path) -> None:
    small = world(tmp_path)
    crowd = people([0, 0, 0], flags={"victim": [True, False, False]}, contacts=[(0, 1)])
    assert small.run(crowd, until=12).state.belief[:3, 0].tolist() == [0, 0, 0], "the permit is there on day 10"
    assert small.run(crowd, until=13).state.belief[:3, 0].tolist() == [0, 0.5, 0]


def test_each_story_moves_a_belief_by_its_weight_towards_what_it_says(tmp_path: Path) -> None:
    small = world(tmp_path, weight=0.25)
    flags = {"victim": [True, True, True, False], "minor": [False, False, True, False]}
    crowd = people([0, 5, 20, 0], flags=flags, contacts=[(0, 3), (1, 3), (2, 3)])
    beliefs = [float(small.run(crowd, until=day).state.belief[3, 0]) for day in (12, 13, 18, 33)]
    assert beliefs[:3] == [0, 0.25, pytest.approx(0.4375)]
    assert beliefs[3] == pytest.approx(0.4375 + 0.25 * (-1 - 0.4375)), "a refusal counts the other way"


def test_who_is_not_there_does_not_hear(tmp_path: Path) -> None:
    small = world(tmp_path)
    late = people([0, 20], flags={"victim": [True, False]}, contacts=[(0, 1)])
    assert small.run(late).state.belief[1, 0] == 0


def test_a_belief_fades_as_the_exponential_of_the_time(tmp_path: Path) -> None:
    small = world(tmp_path, fades=2.0)
    flags = {"victim": [True, True, False]}
    crowd = people([0, 100, 0], flags=flags, contacts=[(0, 2), (1, 2)])
    faded = 0.5 * exp(-2.0 * 100 / 365.25)
    assert small.run(crowd).state.belief[2, 0] == pytest.approx(faded + 0.5 * (1 - faded), abs=1e-6)


def test_the_share_of_stories_told_the_other_way_round_is_as_given(tmp_path: Path) -> None:
    small, count = world(tmp_path, distorted=0.3), 4000
    flags = {"victim": [True] + [False] * count}
    crowd = people([0] * (count + 1), flags=flags, contacts=[(0, i) for i in range(1, count + 1)])
    heard = small.run(crowd).state.belief[1:, 0]
    assert set(heard.tolist()) == {-0.5, 0.5}
    assert abs((heard < 0).mean() - 0.3) < 4 * (0.3 * 0.7 / count) ** 0.5
