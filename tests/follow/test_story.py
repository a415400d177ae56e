"""One person under two regimes: the stories, where they part, and the rule that made them part."""

from __future__ import annotations

from functools import cache

import pytest

import sim
from sim.follow.story import Following, follow

SMALL = sim.Scenario.load("netherlands").replace(history_from="start", inflow={"scale": 0.05})
REGIMES = ["vc_2018", "vc_2019_08"]


@cache
def persons_under_the_new_rule() -> list[str]:
    """Return people for whom the text of August 2019 made a difference."""
    persons = sim.run(SMALL, "vc_2019_08").persons
    return list(persons[persons.rule_made_a_difference & persons.dublin_indicator].person)


def parted_by_the_test() -> Following:
    """Return the stories of a person who gets the permit under one rule and the necessity test under the other."""
    for person in persons_under_the_new_rule():
        told = follow(SMALL, person, REGIMES)
        if "Is the person needed in the Netherlands?" in told.text.partition("Here the stories part")[2]:
            return told
    pytest.fail("nobody in this small scenario meets the necessity test")


def test_the_stories_agree_until_they_part_and_then_do_not() -> None:
    told = parted_by_the_test()
    base, other = told.stories
    (first,) = told.parted
    assert first is not None
    assert [m.place for m in base.moves[:first]] == [m.place for m in other.moves[:first]]
    assert base.moves[first].place != other.moves[first].place


def test_the_rule_that_made_them_part_is_named_with_date_reason_and_source() -> None:
    text = parted_by_the_test().text
    assert "WBV 2019/10" in text
    assert "in force 2019-08-01" in text
    assert "Source: " in text


def test_the_moves_are_those_of_the_run() -> None:
    person = persons_under_the_new_rule()[0]
    told = follow(SMALL, person, REGIMES)
    for story, regime in zip(told.stories, REGIMES, strict=True):
        rows = sim.run(SMALL, regime).transitions.query("person == @person")
        assert [move.to_step for move in story.moves] == list(rows["to"])
        assert [move.date for move in story.moves] == list(rows["date"].dt.strftime("%Y-%m-%d"))


def test_one_regime_twice_gives_one_story() -> None:
    person = persons_under_the_new_rule()[0]
    told = follow(SMALL, person, ["vc_2018", "vc_2018"])
    assert told.parted == (None,)
    assert "The story is the same" in told.text
    assert "part." not in told.text


def test_somebody_without_a_trafficking_file_parts_only_through_others() -> None:
    """Who has neither a file nor a Dublin claim meets no changed text: a difference is a spill-over."""
    persons = sim.run(SMALL, "vc_2019_08").persons
    outside = persons[~persons.victim & ~persons.dublin_indicator].person
    for person in list(outside)[-40:]:
        told = follow(SMALL, person, REGIMES)
        if told.parted != (None,):
            assert "a spill-over" in told.text
            assert "The rule:" not in told.text


def test_an_unknown_person_is_refused_with_the_nearest_name() -> None:
    person = persons_under_the_new_rule()[0]
    with pytest.raises(sim.InputError, match="no such person") as error:
        follow(SMALL, person[:-1] + "x", REGIMES)
    assert "persons.csv" in str(error.value)
    assert person[:8] in str(error.value)


def test_lines_fit_a_terminal_and_the_person_is_called_synthetic() -> None:
    text = parted_by_the_test().text
    assert "a synthetic person" in text.splitlines()[0]
    assert max(map(len, text.splitlines())) <= 130
