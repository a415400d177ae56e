"""The people whose lives part (`sim.runs.parting`): the same lives as single runs and `follow` tell."""

from __future__ import annotations

import functools
import json
from collections import Counter

import numpy as np
import pytest
from compared_runs import REGIMES, SEED, compared, ran

from sim.follow.story import follow
from sim.outcomes.groups import OUTCOMES, Groups
from sim.runs.parting import Life, OtherLife, Parting


@functools.cache
def parting() -> Parting:
    return compared().parting


def told(life: Life, other: OtherLife) -> list[tuple[int, str]]:
    """Return day and step of each move of a person under a reform."""
    moves = (*life.moves[: other.shared], *other.moves)
    return [(day, parting().steps[step].name) for day, step, _ in moves]


@pytest.mark.parametrize("at", [0, 1])
def test_it_holds_everyone_to_whom_a_rule_makes_a_difference(at: int) -> None:
    reform, regime = parting().reforms[at], REGIMES[at + 1]
    table = ran(regime, 0).persons.set_index("person")
    assert reform.name == regime
    assert reform.people == len(reform.lives) > 5
    found = {parting().lives[other.person].key for other in reform.lives}
    assert set(table.index[table.rule_made_a_difference]) <= found
    base = ran(REGIMES[0], 0).persons.set_index("person")["outcome"]
    ends = table["outcome"]
    for other in reform.lives:
        life = parting().lives[other.person]
        assert (OUTCOMES[life.outcome], OUTCOMES[other.outcome]) == (base[life.key], ends[life.key])
    differs = set(base.index[base != ends])
    assert reform.elsewhere == len(differs & found)
    assert reform.elsewhere_by_others == len(differs - found)


def test_counts_agree_with_the_measures_of_the_comparison() -> None:
    pairs = compared().blocks
    assert parting().people == pytest.approx(len(ran(REGIMES[0], 0).persons))
    assert pairs[0].values.shape[0] == len(compared().numbers)


def test_a_life_is_the_one_that_follow_tells() -> None:
    reform = parting().reforms[0]
    other = max(reform.lives, key=lambda one: len(one.moves))
    life = parting().lives[other.person]
    story = follow(compared().scenario, life.key, REGIMES[:2], seed=SEED)
    start = np.datetime64(compared().scenario.start)
    expected = [
        [(int((np.datetime64(move.date) - start).astype(int)), move.to_step) for move in one.moves]
        for one in story.stories
    ]
    assert [(day, parting().steps[step].name) for day, step, _ in life.moves] == expected[0]
    assert told(life, other) == expected[1]
    assert story.parted[0] == other.shared


def test_causes_say_what_follow_says() -> None:
    other = parting().reforms[0].lives[0]
    life = parting().lives[other.person]
    story = follow(compared().scenario, life.key, REGIMES[:1], seed=SEED).stories[0]
    for (_, _, cause), move in zip(life.moves, story.moves, strict=True):
        found = parting().causes[cause]
        assert (found.kind == "branch") == (move.branch is not None)
        if move.branch is not None:
            assert found.words == story.words.all_of(move.branch.when)
        elif found.kind == "event":
            assert found.words == story.words.name(move.cause)


def test_present_people_are_those_whom_the_log_leaves_at_a_step() -> None:
    """On the last evening, from the last move of each person on each track."""
    moves = ran(REGIMES[1], 0).transitions
    moves = moves[~moves.person.str.startswith("network")]
    last = moves.groupby(["person", "track"])["to"].last()
    names = [step.name for step in parting().steps]
    counts = Counter(last)
    for step in ("b8.permit", "whereabouts.left_unknown", "dublin.transferred", "asylum.status_holder"):
        assert parting().present[1, -1, names.index(step)] == counts[step] > 0
    totals = parting().present.sum(axis=2)
    assert (totals == totals[0, 0]).all()
    assert (parting().present >= 0).all()


def test_names_are_neutral_and_groups_are_those_of_the_person() -> None:
    persons = ran(REGIMES[0], 0).persons.set_index("person")
    names = Groups.load(compared().scenario.own).names
    arrivals = persons["arrival"].dt.strftime("%Y-%m")
    for life in parting().lives:
        assert life.month == arrivals[life.key]
        assert 1 <= life.number <= (arrivals == life.month).sum()
        has = {names[at] for at in life.groups}
        assert ("victims" in has) == persons.victim[life.key]
        assert ("women" in has) == persons.women[life.key]
        assert persons.group[life.key] in has
    labels = [(life.month, life.number) for life in parting().lives]
    assert len(set(labels)) == len(labels)


def test_data_is_json_with_flat_moves() -> None:
    data = json.loads(json.dumps(parting().as_data(), allow_nan=False))
    life = parting().lives[0]
    assert data["persons"][0]["moves"][:3] == list(life.moves[0])
    assert len(data["persons"][0]["moves"]) == 3 * len(life.moves)
    assert data["steps"][0]["title"].keys() == {"en", "nl"}
