"""Going through the events of a chronology (`sim.replay.attempt`): what is possible, and under which rules.

The cases that a lawyer can read are in ``tests/cases`` (``test_cases.py``); the tests of this room use small cases,
written as a user would write them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from case_files import CASES, Told, written

import sim
from sim.replay import replay
from sim.runs.single import Run

FLAGS = ("victim", "minor", "asks_asylum", "dublin_indicator", "eurodac_hit", "exploited_nl", "exploited_eu")


@pytest.mark.parametrize(
    ("case", "regime"),
    [
        ("rbdha_2020_13035", "working_method_2019"),
        ("rbdha_2020_13035", "vc_2019_08+U7=wish_date"),
        ("rbdha_2020_13035", "no_necessity_test"),
        ("rbdha_2020_14162", "recognition_panel"),
        ("rbdha_2021_5480", "vc_2018"),
        ("rbdha_2024_8107", "no_necessity_test"),
    ],
)
def test_what_happened_could_not_have_happened_under_other_rules(case: str, regime: str) -> None:
    result = replay(CASES / f"{case}.toml", regime)
    assert not result.possible, result.text


@pytest.mark.parametrize("regime", ["historical", "vc_2019_08", "vc_2023", "R2", "vc_2019_08+c_66_21"])
def test_a_judgment_of_2020_is_possible_under_every_text_with_the_test(regime: str) -> None:
    assert replay(CASES / "rbdha_2020_14162.toml", regime).possible


def test_the_same_case_gives_the_same_answer() -> None:
    path = CASES / "p3_no_test.toml"
    assert replay(path).text == replay(path).text


def test_a_case_may_begin_in_the_middle(told: Told) -> None:
    assert told("2018-06-04 b8.objection").possible
    assert told("2018-06-04 dublin.transfer_preparation").possible


@cache
def small_run() -> Run:
    scenario = sim.Scenario.load("netherlands").replace(history_from="start", inflow={"scale": 0.05})
    return sim.run(scenario, "vc_2019_08")


@pytest.mark.parametrize("every", [1, 3])
def test_what_the_engine_lets_happen_is_possible(tmp_path: Path, every: int) -> None:
    """Chronologies of synthetic persons: whole; and not impossible with only some events of the trafficking file."""
    run = small_run()
    traits = run.persons.set_index("person")
    moves = run.transitions
    tracks = ("b8", "dublin", "asylum") if every == 1 else ("b8",)
    law = moves[moves.track.str.startswith(tracks)]
    for person in list(moves[moves.to == "b8.report"].person.unique())[:8]:
        rows = law[law.person == person]
        events = [f"{date:%Y-%m-%d} {step}" for date, step in zip(rows.date, rows.to, strict=True)][::every]
        facts = ", ".join(f"{flag} = {str(bool(traits.loc[person, flag])).lower()}" for flag in FLAGS)
        result = replay(written(tmp_path, *events, facts=facts), "vc_2019_08")
        assert result.possible or (every > 1 and result.answer != "impossible"), f"{person}\n{result.text}"
