"""Three answers: possible, possible only if more happened, impossible; and what they may depend on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.replay import Replay, replay
from sim.replay.answer import NO_EVIDENCE

CASES = Path(__file__).parents[1] / "cases"
MINIMAL = Path(__file__).with_name("minimal")
BEFORE_AUGUST_2019 = ("vc_2018", "vc_2019_08", "no_necessity_test")
"""Regimes with one text until 1 August 2019."""
FEW = sorted(path for path in CASES.glob("*.toml") if path.stem.startswith(("d", "t1", "t3", "rbdha_2020", "u7")))


def answer(path: Path, regime: str | None = None) -> Replay:
    return replay(path, regime)


def without(path: Path, number: int, folder: Path) -> Path:
    """Write a case with one of its events left out."""
    head, *events = path.read_text(encoding="utf-8").split("[[event]]")
    head = head.split("[forbidden]")[0]
    del events[number]
    shorter = folder / f"{path.stem}_{number}.toml"
    shorter.write_text("[[event]]".join([head, *events]), encoding="utf-8")
    return shorter


def test_what_is_needed_is_named_with_the_text_that_bars_the_chronology_as_written() -> None:
    result = answer(MINIMAL / "superset_possible.toml")
    assert result.answer == "possible_only_if"
    assert not result.possible
    assert [needed.step for needed in result.conditions] == ["b8.withdrawn"]
    assert result.failure is not None
    assert result.failure.step == "dublin.transferred"
    assert "signalled, not yet heard or not yet decided" in result.failure.reason
    assert "only if" in result.text


def test_no_transfer_and_return_is_invented() -> None:
    for name in ("same_text_two_answers", "superset_possible", "detained_wish_transfer"):
        result = answer(MINIMAL / f"{name}.toml")
        transferred = [step for step in result.steps if step.step == "dublin.transferred"]
        assert all(step.event is not None for step in transferred), result.text


@pytest.mark.parametrize("name", ["same_text_two_answers", "wish_then_transfer", "superset_possible"])
def test_the_same_text_gives_the_same_answer(name: str) -> None:
    answers = {answer(MINIMAL / f"{name}.toml", regime).answer for regime in BEFORE_AUGUST_2019}
    assert len(answers) == 1


def test_shipped_cases_before_august_2019_have_one_answer_under_one_text() -> None:
    for path in FEW:
        result = answer(path, "vc_2018")
        if max(event.date for event in result.case.events).isoformat() < "2019-08-01":
            assert answer(path, "vc_2019_08").answer == result.answer, path.stem


@pytest.mark.parametrize("path", FEW, ids=lambda path: path.stem)
def test_fewer_events_are_never_impossible_where_more_are_not(path: Path, tmp_path: Path) -> None:
    whole = answer(path)
    if whole.answer == "impossible" or len(whole.case.events) == 1:
        return
    for number in range(len(whole.case.events)):
        shorter = answer(without(path, number, tmp_path))
        assert shorter.answer != "impossible", shorter.text


def test_every_answer_ends_with_what_it_is_no_evidence_of() -> None:
    for path in (MINIMAL / "superset_possible.toml", CASES / "d11_lapse.toml", CASES / "t13_three_years_not.toml"):
        text = " ".join(answer(path).text.split())
        assert text.endswith(NO_EVIDENCE)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (CASES / "d11_lapse.toml", 0),
        (MINIMAL / "superset_possible.toml", 3),
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
