"""The counting of the moves (`sim.outcomes.counting`): by hand, against the table of transitions, and in C.

With what it calls: `sim.outcomes.asking`, `sim.outcomes.registers` and `sim.outcomes.closing`.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numba import config

import sim
from sim.outcomes import count as counting_of_a_run
from sim.outcomes.counting import count_run
from sim.outcomes.groups import Groups, arrived
from sim.outcomes.measures import Measures
from sim.outcomes.plan import MOST_SEQUENCES
from sim.outcomes.tally import Tally
from sim.runs.lives import lives_of
from sim.runs.replicate import incidence_grid
from sim.runs.single import Run
from tests.hand_made_lives import A, B, C, counted, measures_of, values
from verification.small_worlds import netherlands, parameter, people, procedure, small_world

FINAL = "final = true"
ONCE = measures_of(
    followed={"kind": "persons", "steps": ["a"], "then": ["b"]},
    only_after={"kind": "persons", "steps": ["a"], "then": ["b"], "not_before": ["b"]},
)


def test_first_days_entries_and_days_spent(tmp_path: Path) -> None:
    steps = {
        "away": 'next = [{ to = "one" }]',
        "one": 'takes = "d.ten"\nnext = [{ to = "end", when = "ever two" }, { to = "two" }]',
        "two": 'takes = "d.five"\nnext = [{ to = "one" }]',
        "end": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        parameters=[parameter("d.ten", 10.0), parameter("d.five", 5.0)],
    )
    run = world.run(people([3, 90, 32767]), until=100)
    measures = measures_of(
        entries={"kind": "entries", "steps": ["case.one", "case.two"]},
        of_one={"kind": "days", "steps": ["case.one"]},
        of_end_and_two={"kind": "days", "steps": ["case.end", "case.two"]},
        entered={"kind": "persons", "steps": ["case.end", "case.of_another_regime"]},
        elsewhere={"kind": "persons", "steps": ["case.of_another_regime"]},
        on_day_13={"kind": "persons", "steps": ["case.two", "case.end"], "between": [dt.date(2019, 1, 14)] * 2},
        on_day_12={"kind": "persons", "steps": ["case.two", "case.end"], "between": [dt.date(2019, 1, 13)] * 2},
    )
    found = counted(measures, run.log, last=100, arrival=(3, 90, 32767), catalogue=world.catalogue).values
    table = {name: found[row].tolist() for row, name in enumerate(measures.measure)}
    assert table["entries"] == [3, 2, 0]
    assert table["of_one"] == [20, 10, 0]
    assert table["of_end_and_two"] == [5 + 101 - 28, 1, 0], "the last day counts"
    assert table["entered"] == [1, 0, 0]
    assert table["elsewhere"] == [0, 0, 0]
    assert table["on_day_13"] == [1, 0, 0]
    assert table["on_day_12"] == [0, 0, 0]


@pytest.mark.parametrize(
    ("steps", "followed", "only_after"),
    [
        ([A, B], True, True),
        ([B, A], False, False),
        ([B, A, B], True, False),
        ([A, A], False, False),
        ([A, C, B], True, True),
        ([B, C, A, C, B], True, False),
        ([A, B, A], True, True),
        ([C], False, False),
    ],
)
@pytest.mark.parametrize("same_day", [False, True])
def test_a_sequence_looks_at_any_later_time_in_the_order_of_the_log(
    steps: list[int], followed: bool, only_after: bool, same_day: bool
) -> None:
    found = values(ONCE, [(0 if same_day else day, 1, step) for day, step in enumerate(steps)])
    assert found["followed"] == [0, followed, 0]
    assert found["only_after"] == [0, only_after, 0]


def test_a_step_may_follow_itself_and_one_that_the_law_does_not_have_never_does() -> None:
    measures = measures_of(
        twice={"kind": "persons", "steps": ["a"], "then": ["a"]},
        unknown={"kind": "persons", "steps": ["a"], "then": ["elsewhere"]},
    )
    found = values(measures, [(1, 0, A), (2, 0, C), (3, 0, A), (1, 1, A), (2, 1, C)])
    assert found == {"twice": [1, 0, 0], "unknown": [0, 0, 0]}


def test_no_more_sequences_than_there_are_bits() -> None:
    tables: dict[str, Any] = {
        f"m{k}": {"kind": "persons", "steps": ["a"], "then": ["b"], "not_before": [str(k)]}
        for k in range(MOST_SEQUENCES + 1)
    }
    last = tables.pop(f"m{MOST_SEQUENCES}")
    assert values(measures_of(**tables), [(1, 0, A), (2, 0, B)])[f"m{MOST_SEQUENCES - 1}"] == [1, 0, 0]
    with pytest.raises(ValueError, match="65 sequences, at most 64"):
        values(measures_of(**tables, more=last), [(1, 0, A)])


def test_every_spell_counts_by_what_ended_it() -> None:
    moves = [(2, 0, A), (5, 0, B), (5, 1, A), (5, 1, C), (9, 0, A), (12, 2, B)]
    measures = measures_of(
        to_b={"kind": "mean_days", "steps": ["a", "elsewhere"], "per": ["b"]},
        to_c={"kind": "mean_days", "steps": ["a"], "per": ["c", "elsewhere"]},
        from_b={"kind": "mean_days", "steps": ["b"], "per": ["c"]},
        until={"kind": "restricted_mean_days", "steps": ["a"], "horizon_days": 10},
        finished={"kind": "share", "steps": ["a"], "per": ["a"], "per_done": True},
    )
    nan = math.nan
    found = values(measures, moves)
    # Of the spells of the first person one ends after 3 days, and one is open after 11.
    expected = {"to_b": [3, nan, nan], "to_c": [nan, 0, nan], "from_b": [nan] * 3, "until": [6.5, 0, nan]}
    for name, row in expected.items():
        np.testing.assert_array_equal(found[name], row, name)
    np.testing.assert_array_equal(found["finished"], [1, 1, nan])
    by_a_hazard = values(measures, moves, via=-1)
    np.testing.assert_array_equal(by_a_hazard["finished"], [nan] * 3)
    assert by_a_hazard["to_b"][0] == 3


@pytest.mark.skipif(config.DISABLE_JIT, reason="needs compiled functions")
def test_the_counting_in_c_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sum, share, mean and curve, of groups, networks and registers."""
    library = pytest.importorskip("sim.engine.portable.library")
    if library.compiler() is None:
        pytest.skip("no C compiler was found")
    small = netherlands(0.02).replace(start=dt.date(2018, 1, 1), end=dt.date(2019, 12, 31))
    run = sim.run(small, "vc_2019_08", seed=2)
    lives, groups, measures = lives_of(run.world, run.outcome, run.population), Groups.load(), Measures.load()
    members = groups.members(run.population, arrived(run.population, run.world.end_day), lives.ever)
    grid = incidence_grid(run.world.end_day).astype(np.int32)
    ours = lives.counts(measures, groups.names, members, grid)

    def in_c(arrays: Tally, first: int, last: int) -> int:
        return int(library.build(tmp_path, count_run)(arrays, first, last))

    monkeypatch.setattr(counting_of_a_run, "count_run", in_c)
    other = lives.counts(measures, groups.names, members, grid)
    for name in ("values", "curves", "outcome", "measured"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(other, name), name)
    assert np.nansum(ours.values) > 1000


def test_the_next_run_finds_nothing_of_the_last() -> None:
    moves = [(2, 0, A), (5, 0, B), (5, 1, A), (9, 0, A), (12, 2, B)]
    first = values(ONCE, moves)
    values(ONCE, [(1, 2, A), (2, 2, B), (3, 1, A), (3, 1, B)])
    assert values(ONCE, moves) == first


# ---- against the table of transitions ----


@functools.cache
def under(preset: str = "") -> Run:
    scenario = netherlands(0.3)
    return sim.run(scenario.under(preset) if preset else scenario, "vc_2019_08", seed=2)


def first_of(moves: pd.DataFrame, steps: tuple[str, ...]) -> pd.Series:
    """The number of the first move of each person to one of some steps."""
    return moves[moves.to.isin(steps)].groupby("person")["order"].min()


def first_then(moves: pd.DataFrame, steps: tuple[str, ...], then: tuple[str, ...]) -> set[str]:
    """Who did one of some steps, and one of others at any time after the first of them."""
    first = first_of(moves, steps)
    later = moves[moves.to.isin(then) & moves.person.isin(first.index)]
    return set(later.person[later["order"].to_numpy() > first[later.person].to_numpy()])


@pytest.mark.parametrize("preset", ["", "leaving_waiting", "steering_by_networks"])
def test_measures_of_a_sequence_are_what_a_reader_of_the_transitions_counts(preset: str) -> None:
    run = under(preset)
    moves, persons = run.transitions, run.persons.set_index("person")
    table = run.measures[run.measures.world == "simulated"].set_index(["measure", "group"])["value"]
    measures = {name: m for name, m in Measures.load().measure.items() if m.then}
    assert len(measures) >= 6
    first_ever = 0
    for name, m in measures.items():
        who = first_then(moves, m.steps, m.then)
        if m.not_before:
            first = {
                step: moves[moves.to.isin(step)].groupby("person")["order"].min() for step in (m.steps, m.not_before)
            }
            who = {p for p in who if first[m.steps][p] < first[m.not_before].get(p, np.inf)}
        who -= set(moves.person[moves.to.isin(m.not_steps)])
        of = set(moves.person[moves.to.isin(m.per)]) if m.per else set()
        if "victim" in map(str, m.among):
            victims = set(persons.index[persons.victim])
            who, of = who & victims, of & victims
        expected = len(who & of) / len(of) if m.kind == "share" else len(who)
        assert table[name, "all"] == pytest.approx(expected, rel=1e-12), name
        women = set(persons.index[persons.women])
        expected = len(who & of & women) / len(of & women) if m.kind == "share" else len(who & women)
        assert table[name, "women"] == pytest.approx(expected, rel=1e-12), name
        once = moves.drop_duplicates(["person", "to"])
        first_ever += len(first_then(once, m.steps, m.then)) < len(first_then(moves, m.steps, m.then))
    assert first_ever > 0, "if nobody did the second thing before and after, this would hold nothing"
    assert set(run.measures.group) == set(Groups.load().names)
