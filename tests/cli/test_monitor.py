"""``b8sim monitor`` (`sim.cli.monitor`): sentences on the screen, in two languages, and mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import B8sim
from made_ensembles import made_ensembles

HEAD = "series,period,population,value,unit,source_key,grade,note\n"
VALUES = {"2019": 512, "2020": 185, "2021": 210}
ROWS = {year: f"comensha_nationality,{year},Nigerian,{value},persons,a page,A,\n" for year, value in VALUES.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_ensembles(tmp_path / "ensembles")


def test_the_command_says_it_in_words_and_in_dutch(b8sim: B8sim, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(HEAD + "".join(ROWS.values()), encoding="utf-8")
    status, out, err = b8sim("monitor", str(file), "--ensembles", str(folder))
    assert status == 0
    assert "Nigerians registered in 2020: published 185" in out
    assert "published of: Nigerian; the model counts: people whom a register shows; group NGA" in out
    assert "crosses a break in definition: From 2020" in out
    assert "times as likely under 'The first' as under 'The second': on too few sets to call it support" in out
    assert "which they do not show; the nearest rival is 'The second'" in out
    assert "3 new figures in" in err
    status, out, err = b8sim("monitor", str(file), "--ensembles", str(folder), "--language", "nl")
    assert status == 0
    assert "maal zo waarschijnlijk onder 'De eerste' als onder 'De tweede'" in out
    assert "all were in" in err


def test_a_mistake_ends_with_2_and_writes_nothing(b8sim: B8sim, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(HEAD + ROWS["2020"].replace("2020", "2050"), encoding="utf-8")
    status, out, err = b8sim("monitor", str(file), "--ensembles", str(folder))
    assert (status, out) == (2, "")
    assert "line 2, period" in err
    assert not (tmp_path / "forecasts.jsonl").exists()
