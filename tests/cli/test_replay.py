"""``b8sim replay``: exit status and first line (`sim.cli.replay`)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from case_files import CASES
from command import B8sim

from sim.cli import main


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ([str(CASES / "p3_no_test.toml")], 0, "Possible under no_necessity_test"),
        ([str(CASES / "p3_no_test.toml"), "--regime", "vc_2019_08"], 1, "Impossible under vc_2019_08"),
        (["no_such_case.toml"], 2, ""),
    ],
)
def test_the_command_answers_with_its_exit_status(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    says: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["b8sim", "replay", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    output = capsys.readouterr()
    assert int(left.value.code or 0) == status
    assert output.out.startswith(says)
    assert "Traceback" not in output.err


def test_replay_ends_with_the_status_of_its_answer(b8sim: B8sim, stand_in: Callable[..., None]) -> None:
    def replay(path: Path, regime: str | None) -> SimpleNamespace:
        answer = {"a": "possible", "b": "possible_only_if", "c": "undecided"}.get(regime or "", "impossible")
        return SimpleNamespace(possible=answer == "possible", answer=answer, text=f"{path.name} under {regime}")

    stand_in("sim.replay", replay=replay)
    assert b8sim("replay", "c.toml", "--regime", "a") == (0, "c.toml under a\n", "")
    assert b8sim("replay", "c.toml", "--regime", "b") == (3, "c.toml under b\n", "")
    assert b8sim("replay", "c.toml", "--regime", "c") == (4, "c.toml under c\n", "")
    assert b8sim("replay", "c.toml") == (1, "c.toml under None\n", "")
