"""Answers to states (`sim.view.answers`): the numbers are those of ``b8sim compare``, to the digit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from view_server import answers, small

import sim
from sim.files.errors import InputError
from sim.view.answers import MOST_KEPT, Answers
from sim.view.state import State

MOVED = {
    "regimes": ["vc_2018", "vc_2019_08+U1=none"],
    "changes": {"om.needed_base": -2.5, "report.per_known_loss_of_permit": -1.0},
    "presets": ["H5"],
    "size": 250,
}


@pytest.mark.parametrize("content", [{}, MOVED])
def test_values_are_those_of_a_comparison(content: dict[str, object]) -> None:
    state = State.of(content)
    question = answers().question(state)
    lines = [question.line(number) for number in range(3)]
    values = np.array([line["values"] for line in lines], float)
    compared = sim.compare(state.scenario(small()), replicates=3)
    assert list(question.regimes) == compared.regimes
    assert values.shape == (3, 2, len(question.measures), len(question.groups))
    kept = compared.blocks[0].values
    assert np.array_equal(values, kept, equal_nan=True)
    differences = compared.differences.set_index(["measure", "world", "group"])["difference"]
    at, group = question.place("b8_granted", "dublin")
    shown = (values[:, 1, at, group] - values[:, 0, at, group]).mean()
    assert shown == differences["b8_granted", "simulated", "dublin"]
    assert np.array(lines[0]["pairs"]).sum() > 0


def test_a_state_is_kept_and_the_newest_are() -> None:
    some = Answers(small())
    one = some.question(State.of({"size": 50, "screen": "law"}))
    assert some.question(State.of({"size": 50, "language": "nl"})) is one
    for k in range(MOST_KEPT):
        some.question(State.of({"size": 50, "changes": {"om.needed_base": -5 + k / 100}}))
    assert some.question(State.of({"size": 50})) is not one


def test_states_with_the_same_rules_share_a_session_and_keep_their_numbers() -> None:
    some = Answers(small())
    states = [
        State.of({"changes": {"signal.comes_forward_per_year": value}} if value else {}) for value in (0, 0.3, 6, 3)
    ]
    questions = [some.question(state) for state in states]
    assert len({id(question.session) for question in questions}) == 1
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: questions[number % 4].line(0)["values"], range(16)))
    for number, state in enumerate(states):
        alone = Answers(small()).question(state).line(0)["values"]
        assert all(values == alone for values in together[number::4])
    assert together[1] != together[2]


def test_what_a_session_does_not_take_is_refused_with_the_scenarios_words() -> None:
    for changes, said in (
        ({"om.needed_bas": -3}, "unknown parameter"),
        ({"om.needed_base": 9}, "outside its plausible range"),
        ({"victim.exploited_nl_share": 0.9, "victim.exploited_eu_share": 0.9}, "plausible range|sum to"),
    ):
        with pytest.raises(InputError, match=said):
            answers().question(State.of({"changes": changes}))


def test_lines_begin_with_what_the_axes_are() -> None:
    head, first, second = answers().lines(State(), 1, 3)
    assert head["regimes"] == ["vc_2018", "vc_2019_08"]
    assert ["b8_granted", "simulated", "persons"] in head["measures"]
    assert head["groups"][:2] == ["all", "dublin"]
    assert (head["people"], head["seed"]) == (300, 5)
    assert (first["replicate"], second["replicate"]) == (1, 2)


def test_names_without_a_place_are_refused() -> None:
    question = answers().question(State())
    with pytest.raises(InputError, match="unknown measure"):
        question.place("b8_grantd", "all")
    with pytest.raises(InputError, match="unknown group"):
        question.place("b8_granted", "dublinn")


def test_one_regime_is_no_comparison() -> None:
    one = Answers(small().replace(regimes=["vc_2018"]))
    with pytest.raises(InputError, match="two regimes"):
        one.question(State())
