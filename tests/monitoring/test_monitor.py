"""Monitoring from file to sentence (`b8sim monitor`): the log grows, is never rewritten, and starts where it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_ensembles import made_ensembles

from sim.files.errors import InputError
from sim.monitoring.monitor import monitor

HEAD = "series,period,population,value,unit,source_key,grade,note\n"
ROWS = {
    "2019": "comensha_nationality,2019,Nigerian,512,persons,a page,A,\n",
    "2020": "comensha_nationality,2020,Nigerian,185,persons,a page,A,\n",
    "2021": "comensha_nationality,2021,Nigerian,210,persons,a page,A,\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_ensembles(tmp_path / "ensembles")


def given(tmp_path: Path, *years: str) -> Path:
    file = tmp_path / "figures.csv"
    file.write_text(HEAD + "".join(ROWS[year] for year in years), encoding="utf-8")
    return file


def test_figures_of_the_log_are_weighed_first_and_stay(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    monitor(given(tmp_path, "2019", "2020"), log=log, ensembles=folder)
    before = log.read_text(encoding="utf-8")
    done = monitor(given(tmp_path, "2021"), log=log, ensembles=folder)
    assert log.read_text(encoding="utf-8").startswith(before)
    assert (done.new, [one.figure.period for one in done.weighed]) == (1, ["2019", "2020", "2021"])
    at_once = monitor(given(tmp_path, "2019", "2020", "2021"), log=tmp_path / "other.jsonl", ensembles=folder)
    assert at_once.weighed[-1].weight == pytest.approx(done.weighed[-1].weight)
    entry = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert entry["figure"]["period"] == "2021"
    assert entry["forecast_before"]["first"]["low"] < 210 < entry["forecast_before"]["first"]["high"]


def test_a_figure_is_weighed_once_and_never_replaced(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    monitor(given(tmp_path, "2020"), log=log, ensembles=folder)
    before = log.read_bytes()
    assert monitor(given(tmp_path, "2020"), log=log, ensembles=folder).new == 0
    file = given(tmp_path, "2020")
    file.write_text(file.read_text(encoding="utf-8").replace(",185,", ",190,"), encoding="utf-8")
    with pytest.raises(InputError, match="never replaced"):
        monitor(file, log=log, ensembles=folder)
    assert log.read_bytes() == before


def test_a_log_of_other_ensembles_or_of_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    monitor(given(tmp_path, "2020"), log=log, ensembles=folder)
    other = made_ensembles(tmp_path / "other", seed=2)
    with pytest.raises(InputError, match="made with other forecasts"):
        monitor(given(tmp_path, "2021"), log=log, ensembles=other)
    log.write_text("my notes\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a log of forecasts"):
        monitor(given(tmp_path, "2021"), log=log, ensembles=folder)


def test_a_camp_without_fitted_sets_is_named_and_not_weighed(tmp_path: Path) -> None:
    folder = made_ensembles(tmp_path / "one", accepted={"second": False})
    done = monitor(given(tmp_path, "2020"), ensembles=folder)
    assert done.weighed[-1].weight == {"first": 1.0}
    assert "No set of 'The second' reproduces" in "\n".join(done.lines())
