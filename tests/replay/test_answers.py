"""Three answers: possible, possible only if more happened, impossible; and what they may depend on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from case_files import DUBLIN, Told
from typer.testing import CliRunner

from sim.cli.app import app
from sim.replay import Replay, attempt, replay
from sim.replay.answer import NO_EVIDENCE
from verification import chronologies, steadiness

CASES = Path(__file__).parents[1] / "cases"
MINIMAL = Path(__file__).with_name("minimal")
BEFORE_AUGUST_2019 = ("vc_2018", "vc_2019_08", "no_necessity_test", "vc_2023")
"""Regimes with one text until 1 August 2019."""
FEW = 10
"""So many of the shipped cases are looked at here, drawn with a fixed seed; `make verify` looks at all."""
HOLDER = "this holds: has been given a B8 permit or continued stay"
WAITS = "this holds: signalled or asked to report, report not yet taken"
LATE = "this holds: more than three months since the application (the term ends on 2019-04-08)"


def answer(path: Path, regime: str | None = None) -> Replay:
    return replay(path, regime)


@pytest.mark.parametrize(
    ("name", "expected", "reason"),
    [
        ("holder_transferred", "impossible", HOLDER),
        ("holder_transferred_after_decision", "impossible", HOLDER),
        ("holder_transferred_from_detention", "impossible", HOLDER),
        ("wish_then_transfer", "possible_only_if", WAITS),
        ("wish_in_july_then_transfer", "possible_only_if", WAITS),
        ("wish_detention_transfer", "possible_only_if", WAITS),
        ("decision_wish_detention_transfer", "possible_only_if", WAITS),
        ("view_early", "possible", ""),
        ("objection_after_three_weeks", "possible", ""),
        ("transfer_in_the_objection_term", "possible_only_if", "pending, or its four weeks run"),
        ("take_back_silent_for_seven_weeks", "possible_only_if", "ended on 2019-04-01"),
        ("request_after_six_months", "possible_only_if", LATE),
        ("request_after_nine_months", "possible_only_if", LATE),
        ("wait_for_registration_counts", "possible", ""),
        ("late_report_refused_after_two_weeks", "possible", ""),
    ],
)
def test_what_a_minimal_case_calls_for_is_the_answer(name: str, expected: str, reason: str) -> None:
    result = answer(MINIMAL / f"{name}.toml")
    assert result.answer == expected, result.text
    if result.failure is not None:
        assert reason in result.failure.reason, result.text


@pytest.mark.parametrize("regime", ["vc_2018", "vc_2019_08", "vc_2023", "working_method_2019+U2=strict", "ammr_2026"])
def test_a_permit_holder_is_transferred_under_no_rules(regime: str) -> None:
    assert answer(MINIMAL / "holder_transferred.toml", regime).answer == "impossible"


def test_what_is_needed_is_named_with_the_text_that_bars_the_chronology_as_written() -> None:
    result = answer(MINIMAL / "decision_wish_detention_transfer.toml")
    assert not result.possible
    assert [needed.step for needed in result.conditions] == ["b8.withdrawn"]
    assert result.failure is not None
    assert result.failure.step == "dublin.transferred"
    assert "only if" in result.text


def test_detention_is_what_lets_a_transfer_go_ahead_within_the_objection_term() -> None:
    result = answer(MINIMAL / "transfer_in_the_objection_term.toml")
    assert [needed.step for needed in result.conditions] == ["dublin.in_custody"]


def test_no_transfer_and_return_is_invented() -> None:
    for name in ("wish_in_july_then_transfer", "decision_wish_detention_transfer", "wish_detention_transfer"):
        result = answer(MINIMAL / f"{name}.toml")
        transferred = [step for step in result.steps if step.step == "dublin.transferred"]
        assert all(step.event is not None for step in transferred), result.text


def test_a_long_detour_takes_one_line() -> None:
    """It is told by its first and its last step, and whole in the steps of the answer."""
    result = answer(CASES / "d9x_detention_six_weeks_not.toml")
    assert result.answer == "possible_only_if"
    assert "from Dublin interview to Transfer is prepared" in " ".join(result.text.split())
    assert "dublin.reply_eurodac" in [step.step for step in result.steps]
    assert "Reply of the other state" not in result.text


@pytest.mark.parametrize(
    "name", ["wish_in_july_then_transfer", "wish_then_transfer", "decision_wish_detention_transfer"]
)
def test_the_same_text_gives_the_same_answer(name: str) -> None:
    answers = {answer(MINIMAL / f"{name}.toml", regime).answer for regime in BEFORE_AUGUST_2019}
    assert len(answers) == 1


@pytest.mark.parametrize("work", steadiness.sample(FEW), ids=lambda work: work.name)
def test_a_shipped_case_has_one_answer_under_one_text_and_fewer_events_are_never_impossible(
    work: chronologies.Worked,
) -> None:
    assert not list(steadiness.faults(work))


# ---- decisions that a reading answers ----


@pytest.mark.parametrize(
    ("regime", "expected"),
    [
        ("vc_2018", "possible"),
        ("vc_2018+U13=strict_text", "impossible"),
        ("vc_2019_08+U13=strict_text", "impossible"),
        ("vc_2023+U13=strict_text", "impossible"),
    ],
)
def test_a_share_of_none_under_a_reading_is_a_no(told: Told, regime: str, expected: str) -> None:
    result = told("2018-03-05 b8.intake", "2018-03-08 b8.reflection_offered", facts=DUBLIN, regime=regime)
    assert result.answer == expected, result.text
    if result.failure is not None:
        assert "reflection granted to dublin claimant' is no, by the reading U13=strict_text" in result.failure.reason


def test_a_reading_answers_on_the_days_on_which_its_share_is_none(told: Told) -> None:
    """From May 2023 the circular names the period of a Dublin claimant."""
    events = ("2023-07-03 b8.intake", "2023-07-05 b8.reflection_offered")
    assert told(*events, facts=DUBLIN, regime="vc_2023+U13=strict_text").possible


def test_a_permit_of_own_motion_that_a_reading_denies(told: Told) -> None:
    events = (
        "2019-03-01 investigation.lead_found",
        "2019-05-01 asylum.intention",
        "2019-05-10 b8.permit_of_own_motion",
    )
    assert told(*events, regime="vc_2018").possible
    denied = told(*events, regime="vc_2018+U8=not_granted")
    assert denied.answer == "impossible", denied.text
    assert denied.failure is not None
    assert "'ind grants b8 of own motion' is no, by the reading U8=not_granted" in denied.failure.reason


def test_a_share_that_is_none_because_nothing_is_known_answers_nothing(told: Told) -> None:
    assert told("2020-10-01 b8.appeal", "2020-11-02 b8.opposition").possible


# ---- what could not be decided ----


def test_a_search_that_ends_at_its_bound_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    path = CASES / "p6_transfer_waits_for_the_second_session_not.toml"
    for bound in ("NARROW", "FEW", "WIDE"):
        monkeypatch.setattr(attempt, bound, 2)
    result = answer(path)
    assert result.answer == "undecided"
    assert not result.possible
    assert "this is no proof" in " ".join(result.text.split())
    assert CliRunner().invoke(app, ["replay", str(path)]).exit_code == 4


def test_every_answer_ends_with_what_it_is_no_evidence_of() -> None:
    for path in (
        MINIMAL / "wish_detention_transfer.toml",
        CASES / "d11_lapse.toml",
        CASES / "t13_three_years_not.toml",
    ):
        text = " ".join(answer(path).text.split())
        assert text.endswith(NO_EVIDENCE)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (CASES / "d11_lapse.toml", 0),
        (MINIMAL / "wish_detention_transfer.toml", 3),
        (CASES / "t13_three_years_not.toml", 1),
    ],
    ids=["possible", "possible only if", "impossible"],
)
def test_the_exit_status_says_the_answer(path: Path, status: int) -> None:
    command = [sys.executable, "-m", "sim.cli", "replay", str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == status


def test_a_closed_output_is_not_an_answer() -> None:
    command = [sys.executable, "-m", "sim.cli", "replay", str(CASES / "d11_lapse.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 141
