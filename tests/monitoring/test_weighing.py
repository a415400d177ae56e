"""Weighing camps by figures (`sim.monitoring.weighing`): against Bayes' rule by hand, and of a surprise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_ensembles import made_ensembles

from sim.monitoring.forecasts import Forecasts
from sim.monitoring.ties import Figure, read_figures
from sim.monitoring.weighing import weigh

HEAD = "series,period,population,value,unit,source_key,grade,note\n"


@pytest.fixture(scope="module")
def forecasts(tmp_path_factory: pytest.TempPathFactory) -> Forecasts:
    return Forecasts.load(made_ensembles(tmp_path_factory.mktemp("made")))


def figures(forecasts: Forecasts, folder: Path, *rows: str) -> list[Figure]:
    file = folder / "figures.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_figures(file, forecasts.fitted, forecasts.known)


NIGERIANS_2020 = "comensha_nationality,2020,Nigerian,185,persons,a page,A,"
NIGERIANS_2021 = "comensha_nationality,2021,Nigerian,210,persons,a page,A,"


def test_weights_are_those_of_bayes(forecasts: Forecasts, tmp_path: Path) -> None:
    given = figures(forecasts, tmp_path, NIGERIANS_2020, NIGERIANS_2021)
    found = weigh(forecasts, given)
    evidence = {}
    for camp in forecasts.camps:
        product = np.ones(40)
        for figure, measure in zip(given, ("registrations_2020", "registrations_2021"), strict=True):
            model = forecasts.values[camp][measure, "recorded", "NGA"]
            tolerance = figure.target.document.tolerance
            product = product * np.exp(-0.5 * (np.log(model / figure.target.value) / tolerance) ** 2)
        evidence[camp] = product.mean()
    total = sum(evidence.values())
    assert found[-1].weight == pytest.approx({camp: value / total for camp, value in evidence.items()}, rel=1e-9)
    assert found[-1].weight["first"] > 0.99


def test_a_forecast_is_made_before_its_figure_and_with_those_of_before(forecasts: Forecasts, tmp_path: Path) -> None:
    one, other = weigh(forecasts, figures(forecasts, tmp_path, NIGERIANS_2020, NIGERIANS_2021))
    values = forecasts.values["first"]["registrations_2020", "recorded", "NGA"]
    low, high = np.quantile(values, [0.05, 0.95])
    assert one.forecasts[0].low == pytest.approx(low, rel=0.1)
    assert one.forecasts[0].high == pytest.approx(high, rel=0.1)
    alone = weigh(forecasts, figures(forecasts, tmp_path, NIGERIANS_2021))[0]
    assert other.forecasts[0].log_likelihood != alone.forecasts[0].log_likelihood


def test_a_range_that_rests_on_few_sets_is_said_to(forecasts: Forecasts, tmp_path: Path) -> None:
    one, other = weigh(forecasts, figures(forecasts, tmp_path, NIGERIANS_2020, NIGERIANS_2021))
    assert one.forecasts[0].effective == pytest.approx(40)
    assert not one.forecasts[0].is_thin
    sharp = [replace(one.figure, target=replace(one.figure.target, value=value)) for value in (120.0, 185.0)]
    assert weigh(forecasts, sharp)[1].forecasts[1].is_thin
    assert other.forecasts[0].effective < 40


def test_a_figure_that_no_set_reaches_fits_none(forecasts: Forecasts, tmp_path: Path) -> None:
    (figure,) = figures(forecasts, tmp_path, NIGERIANS_2020)
    far = replace(figure, target=replace(figure.target, value=10_000.0))
    assert not weigh(forecasts, [figure])[0].fits_none
    assert weigh(forecasts, [far])[0].fits_none


def test_a_bound_that_all_sets_meet_tells_camps_apart_by_nothing(forecasts: Forecasts, tmp_path: Path) -> None:
    (row,) = figures(forecasts, tmp_path, "mob_nigeria,2019,idem,300,persons,a page,C,")
    assert weigh(forecasts, [row])[0].weight["first"] == pytest.approx(0.5, abs=1e-9)


def test_breaks_between_the_fit_and_the_figure_are_named(forecasts: Forecasts, tmp_path: Path) -> None:
    (one,) = weigh(forecasts, figures(forecasts, tmp_path, NIGERIANS_2020))
    assert [found.source for found in one.breaks] == ["comensha_beeld2020"]
    (other,) = weigh(forecasts, figures(forecasts, tmp_path, "mob_nigeria,2019,idem,961,persons,a page,C,"))
    assert other.breaks == ()
