"""Figures and the readings that they are tied to (`sim.monitoring.ties`): periods, and every mistake told."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_ensembles import made_ensembles

from sim.files.errors import InputError
from sim.monitoring.forecasts import Forecasts
from sim.monitoring.ties import read_figures

HEAD = "series,period,population,value,unit,source_key,grade,note\n"


@pytest.fixture(scope="module")
def forecasts(tmp_path_factory: pytest.TempPathFactory) -> Forecasts:
    return Forecasts.load(made_ensembles(tmp_path_factory.mktemp("made")))


def file_of(folder: Path, *rows: str) -> Path:
    file = folder / "figures.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def test_a_quarter_is_read_as_its_series_is(forecasts: Forecasts, tmp_path: Path) -> None:
    file = file_of(tmp_path, "aangifte_requests,2019-Q4,requests,55,requests,a page,A,")
    (figure,) = read_figures(file, forecasts.fitted, forecasts.known)
    assert figure.target.document.reading.measure == "requests_2019_q4"
    assert (figure.target.value, figure.target.document.is_, str(figure.until)) == (55.0, "about", "2019-12-31")


def test_a_direction_is_the_bound_of_its_target(forecasts: Forecasts, tmp_path: Path) -> None:
    file = file_of(tmp_path, "b8_reports_after,2019-08..2022,police reports,lower,direction,a page,B,")
    (figure,) = read_figures(file, forecasts.fitted, forecasts.known)
    assert figure.target.bound == "at most 1"


SERIES = "comensha_nationality"
MISTAKES = {
    "comensha_nationalty,2020,Nigerian,185,persons,a page,A,": ["line 2, series", "no reading", SERIES],
    f"{SERIES},2020,Nigeria,185,persons,a page,A,": ["line 2, population", "Nigerian"],
    f"{SERIES},2023,Nigerian,185,persons,a page,A,": ["line 2, period", "no value", "2021"],
    f"{SERIES},last year,Nigerian,185,persons,a page,A,": ["line 2, period", "not a period", "2020-Q3"],
    f"{SERIES},2020,Nigerian,many,persons,a page,A,": ["line 2, value", "not one number"],
    f"{SERIES},2020,Nigerian,185,persons,a page": ["line 2", "6 cells"],
    f"{SERIES},2020,Nigerian,,persons,a page,A,": ["line 2, value", "an empty cell"],
    "mob_nigeria,2018,idem,200,persons,a page,C,": ["line 2, series", "fitted to it", "twice"],
}


@pytest.mark.parametrize("row", MISTAKES)
def test_a_mistake_is_told_with_its_line(forecasts: Forecasts, tmp_path: Path, row: str) -> None:
    known = forecasts.known | {("left_unknown_2018", "simulated", "NGA")}
    with pytest.raises(InputError) as caught:
        read_figures(file_of(tmp_path, row), forecasts.fitted, known)
    assert [word for word in MISTAKES[row] if word not in str(caught.value)] == []


def test_all_mistakes_are_told_at_once_and_a_figure_comes_once(forecasts: Forecasts, tmp_path: Path) -> None:
    row = "comensha_nationality,2020,Nigerian,185,persons,a page,A,"
    with pytest.raises(InputError) as caught:
        read_figures(file_of(tmp_path, row, row, row.replace("2020", "soon")), forecasts.fitted, forecasts.known)
    assert "comes twice" in str(caught.value)
    assert "not a period" in str(caught.value)


def test_a_file_without_figures_is_refused(forecasts: Forecasts, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no figures"):
        read_figures(file_of(tmp_path), forecasts.fitted, forecasts.known)
