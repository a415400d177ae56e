"""What the history of each person comes to: days, sequences in the order of the log, spells."""

from __future__ import annotations

import functools
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from compared_runs import Reader, ran
from small_laws import FINAL

import sim
from sim.engine.log import Log
from sim.outcomes.groups import Groups
from sim.outcomes.history import MOST_SEQUENCES, STILL_THERE, History, Sequence, Wanted, history
from sim.outcomes.measures import Measures
from sim.runs.replicate import history_of
from sim.runs.single import Run
from verification.small_worlds import netherlands, parameter, people, procedure, small_world


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
    past = history(
        run.log,
        world.catalogue,
        np.array(world.catalogue.slots, np.int32),
        run.state.step,
        100,
        Wanted(("case.one", "case.two", "case.end", "case.of_another_regime")),
    )
    assert past.steps == ("case.one", "case.two", "case.end")
    assert past.first("case.two", "case.end").tolist() == [13, 100, 32767]
    assert past.total("entries", "case.one", "case.two").tolist() == [3, 2, 0]
    assert past.total("days", "case.one").tolist() == [20, 10, 0]
    assert past.total("days", "case.end", "case.two").tolist() == [5 + 101 - 28, 1, 0], "the last day counts"
    assert past.entered("case.end", "case.of_another_regime").tolist() == [True, False, False]
    assert past.first("case.of_another_regime").tolist() == [32767] * 3


def test_it_is_what_a_reader_of_the_transitions_finds() -> None:
    run = ran("vc_2019_08", 0)
    past, reader = history_of(run.world, run.outcome, run.population, Measures.load()), Reader(run)
    names = run.population.names()
    for step in ("b8.report", "b8.permit", "dublin.transferred"):
        assert past.first(step)[: len(names)].tolist() == [reader.soonest(name, (step,)) for name in names]
        assert past.total("days", step)[: len(names)].tolist() == [reader.spent(name, (step,)) for name in names]
        assert past.total("entries", step)[: len(names)].sum() == sum(reader.entries[name, step] for name in names) > 0


# ---- sequences and spells ----

STEPS = ("away", "a", "b", "c")
AWAY, A, B, C = range(4)


def told(*moves: tuple[int, int, int], wanted: Wanted, last: int = 20, via: int = 0, persons: int = 3) -> History:
    """The history of moves (day, person, step), all on one track, in the order given."""
    now = [AWAY] * persons
    rows = []
    for day, person, to in moves:
        rows.append((day, person, now[person], to, via))
        now[person] = to
    day, entity, old, new, by = (np.array(column) for column in zip(*rows, strict=True))
    log = Log(
        day.astype(np.int16), entity.astype(np.int32), old.astype(np.uint8), new.astype(np.uint8), by.astype(np.int16)
    )
    catalogue: Any = SimpleNamespace(steps=STEPS, step=STEPS.index)
    slots = np.zeros(len(STEPS), np.int32)
    return history(log, catalogue, slots, np.array(now, np.uint8)[:, None], last, wanted)


AB = Sequence(("a",), ("b",))
ONLY_AFTER = Sequence(("a",), ("b",), ("b",))


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
    moves = [(0 if same_day else day, 1, step) for day, step in enumerate(steps)]
    past = told(*moves, wanted=Wanted((), (AB, ONLY_AFTER)))
    assert past.happened(AB).tolist() == [False, followed, False]
    assert past.happened(ONLY_AFTER).tolist() == [False, only_after, False]


def test_a_step_may_follow_itself_and_one_that_the_law_does_not_have_never_does() -> None:
    twice, unknown = Sequence(("a",), ("a",)), Sequence(("a",), ("elsewhere",))
    wanted = Wanted((), (twice, unknown))
    past = told((1, 0, A), (2, 0, C), (3, 0, A), (1, 1, A), (2, 1, C), wanted=wanted)
    assert past.happened(twice).tolist() == [True, False, False]
    assert not past.happened(unknown).any()


def test_no_more_sequences_than_there_are_bits() -> None:
    most = tuple(Sequence(("a",), ("b",), (str(k),)) for k in range(MOST_SEQUENCES))
    assert told((1, 0, A), (2, 0, B), wanted=Wanted((), most)).happened(most[-1]).tolist() == [True, False, False]
    with pytest.raises(ValueError, match="65 sequences, at most 64"):
        told((1, 0, A), wanted=Wanted((), (*most, AB)))


def test_every_spell_is_kept_with_what_ended_it() -> None:
    moves = [(2, 0, A), (5, 0, B), (5, 1, A), (5, 1, C), (9, 0, A), (12, 2, B)]
    past = told(*moves, wanted=Wanted((), spells=("a", "elsewhere")), via=-1)
    spells = past.spells_in("a", "elsewhere")
    rows = list(zip(*(column.tolist() for column in (spells.entity, spells.days, spells.to, spells.done)), strict=True))
    assert rows == [(0, 3, B, False), (1, 0, C, False), (0, 11, STILL_THERE, False)]
    assert told(*moves, wanted=Wanted((), spells=("a",))).spells.done.tolist() == [True, True, False]
    assert past.spells_in("b").days.size == 0


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
