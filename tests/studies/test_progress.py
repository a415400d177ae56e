"""Progress is shown where the caller looks (sim.studies.progress)."""

from __future__ import annotations

import pytest

from sim.studies.progress import lines, shown


def test_one_line_a_minute_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    now, said = [0.0], []
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    tell = lines(said.append)
    for second in range(0, 130, 10):
        now[0] = float(second)
        tell(second, 2000, "points, 1.0 a second")
    assert said == ["60 of 2,000 points, 1.0 a second", "120 of 2,000 points, 1.0 a second"]


def test_it_is_as_the_caller_says(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    with shown(lambda *given: told.append(given)) as tell:
        assert tell is not None
        tell(1, 2, "points")
    assert told == [(1, 2, "points")]
    for nothing in (None, False):
        with shown(nothing) as tell:
            assert tell is None
    monkeypatch.setattr("sim.studies.progress.SECONDS_A_LINE", 0.0)
    with shown(True) as tell:
        assert tell is not None
        tell(1, 2, "points")
    assert capsys.readouterr().err == "1 of 2 points\n"


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with shown(True) as tell:
        assert tell is not None
        tell(1, 2, "points [a]")
