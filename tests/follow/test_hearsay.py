"""What one person heard: told again from the log, it gives the beliefs of the engine."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import sim
from sim.agents.community import KINDS
from sim.follow.hearsay import Heard, beliefs_of, heard_by
from sim.follow.story import follow
from sim.runs.single import Run
from verification.small_worlds import netherlands

TALKATIVE = {"heard.weight": 0.6, "community.known_in_centre": 1.0, "community.sites": 20, "community.days_apart": 120}


@cache
def run(after_days: float = 7.0, on: bool = True) -> Run:
    numbers = {**TALKATIVE, "heard.after_days": after_days, "heard.fades_per_year": 2.0}
    return sim.run(netherlands(0.1).replace(switches={"word_of_mouth": on}, parameters=numbers), "vc_2019_08", seed=3)


def listeners(of: Run) -> list[int]:
    """Rows of some people whose contacts had news to tell."""
    moved = np.abs(of.outcome.state.belief[: of.population.entities.persons]).sum(axis=1)
    rows = np.flatnonzero(moved > 0)
    assert rows.size > 50
    return [int(row) for row in rows[:: max(rows.size // 40, 1)]][:40]


@pytest.mark.parametrize("after_days", [7.0, 0.0])
def test_the_beliefs_are_those_of_the_engine(after_days: float) -> None:
    of = run(after_days)
    day = of.world.end_day
    believed = of.outcome.state.believed(day)
    for row in listeners(of):
        mine = beliefs_of(of, row, day)
        assert list(mine) == list(of.world.catalogue.beliefs)
        assert np.allclose(list(mine.values()), believed[row], atol=2e-5), of.population.name(row)


def test_who_has_no_belief_heard_nothing() -> None:
    of = run()
    moved = np.abs(of.outcome.state.belief[: of.population.entities.persons]).sum(axis=1)
    for row in np.flatnonzero(moved == 0)[:40]:
        assert heard_by(of, int(row)) == ()


def test_stories_are_heard_the_given_days_after_a_contact_entered_the_step() -> None:
    of, stories = run(), 0
    contacts, log = of.population.contacts, of.outcome.log
    assert contacts is not None
    for row in listeners(of):
        known = contacts.of(row)
        for story in heard_by(of, row):
            tellers = log.entity[(log.day == story.day - 7) & (log.to_step == of.world.catalogue.step(story.step))]
            assert story.kind in {known[int(teller)] for teller in tellers if int(teller) in known}
            stories += 1
    assert stories > 50


def test_the_share_that_arrives_the_other_way_round_is_as_given() -> None:
    of = run()
    truly = [story.truly for row in listeners(of) for story in heard_by(of, row)]
    share = 1 - float(np.mean(truly))
    assert abs(share - 0.2) < 4 * (0.2 * 0.8 / len(truly)) ** 0.5


def told(of: Run) -> tuple[str, tuple[Heard, ...]]:
    """Return the text about a person who heard a story, and what was heard."""
    row = max(listeners(of), key=lambda row: len(heard_by(of, row)))
    scenario = of.world.scenario
    return follow(scenario, of.population.name(row), ["vc_2019_08"], seed=3).text, heard_by(of, row)


def test_follow_says_when_and_what_and_of_what_kind_but_never_who() -> None:
    of = run()
    text, heard = told(of)
    part = text.partition("Heard from others, under vc_2019_08:")[2]
    assert heard
    for story in heard:
        date = of.world.calendar.date_of(story.day).isoformat()
        assert f"{date}  from a contact ({story.kind}): " in part
        assert story.kind in KINDS
    assert " ".join(part.split()).count("the other way round") == sum(not story.truly for story in heard)
    own = text.split(":")[0]
    others = [name for name in of.population.names() if name != own]
    assert not any(name in text for name in others)
    assert max(map(len, text.splitlines())) <= 130


def test_without_word_of_mouth_nothing_is_said_of_it() -> None:
    silent = run(on=False)
    assert heard_by(silent, 5) == ()
    person = silent.population.name(5)
    assert "Heard from others" not in follow(silent.world.scenario, person, ["vc_2018", "vc_2019_08"], seed=3).text
