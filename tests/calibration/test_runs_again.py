"""The command that runs fitted sets again (`sim.calibration.runs_again`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.calibration import runs_again


def test_both_are_run_in_turn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    called: list[tuple[str, str, str]] = []

    def fake(name: str):  # type: ignore[no-untyped-def]
        def run(folder: str, work: str, **how: object) -> None:
            called.append((name, folder, work))
            how["tell"]("done")  # type: ignore[operator]

        return run

    monkeypatch.setattr(runs_again, "run_under_readings", fake("readings"))
    monkeypatch.setattr(runs_again, "write_months", fake("months"))
    assert runs_again.main(["sets", "work"]) == 0
    assert called == [("readings", "sets", "work"), ("months", "sets", "work")]
    assert capsys.readouterr().err == "done\ndone\n"


def test_mistakes_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert runs_again.main([]) == 2
    assert runs_again.main([str(tmp_path), str(tmp_path)]) == 2
    assert "no fitted sets" in capsys.readouterr().err
