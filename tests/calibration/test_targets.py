"""Targets tie a published figure to a reading, and figures of after the change are never fitted unasked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.targets import FILE, LAST_DAY_FITTED, Target, chosen, load_targets
from sim.evidence.observed import observed
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.files.place import Place
from sim.outcomes.groups import Groups
from sim.outcomes.measures import Measures, labels
from sim.outcomes.recorded import Period

HERE = Place(Path("mine.toml"), "calibration")
PERIOD = Period(dt.date(2017, 1, 1), dt.date(2021, 12, 31))


def test_every_target_is_a_published_figure_and_a_reading_that_exists() -> None:
    known = {(label.name, label.world) for label in labels(Measures.load(), (), PERIOD)}
    known |= {(name, "simulated") for name in Measures.dated().measure}
    figures = observed()
    for target in load_targets().values():
        assert all((r.measure, r.world) in known for r in target.readings), target.name
        assert all(r.group in Groups.load().names for r in target.readings), target.name
        assert target.source in set(figures["source_key"])


def test_the_published_number_is_the_one_of_the_file() -> None:
    targets = load_targets()
    assert targets["nigerians_registered_2017"].value == 46
    assert targets["transfers_2018"].value == 1870
    assert targets["requests_spring_2019"].value == 475
    assert targets["requests_spring_2019"].bound == "at least 475"


def test_nothing_of_after_the_change_is_fitted_unless_a_file_says_so() -> None:
    targets = load_targets()
    fitted = chosen(targets, (), HERE, later=False)
    assert {t.name for t in fitted} == {n for n, t in targets.items() if t.document.until <= LAST_DAY_FITTED}
    assert {"nigerians_registered_2019", "dublin_requests_2021"}.isdisjoint(t.name for t in fitted)
    fed = {n for n, t in targets.items() if t.document.feeds}
    assert {t.name for t in chosen(targets, (), HERE, later=True)} == set(targets) - fed
    with pytest.raises(InputError, match="predicted and not fitted"):
        chosen(targets, ("dublin_requests_2021",), HERE, later=False)
    with pytest.raises(InputError, match="transfers_2018"):
        chosen(targets, ("transfers_2081",), HERE, later=False)


@pytest.mark.parametrize("later", [False, True])
def test_a_figure_from_which_an_input_follows_is_neither_fitted_nor_predicted(later: bool) -> None:
    targets = load_targets()
    fed = targets["transfers_autumn_2020"]
    assert not fed.fitted
    assert not fed.predicted
    assert targets["dublin_requests_2021"].predicted
    assert {name.partition(".")[0] for name in str(fed.document.feeds).split(", ")} == {"dtv"}
    assert set(str(fed.document.feeds).split(", ")) <= set(Parameters.load().passports)
    with pytest.raises(InputError, match="follows from this figure"):
        chosen(targets, ("transfers_autumn_2020",), HERE, later=later)


def test_deviations_are_in_tolerances_and_bounds_have_one_side() -> None:
    targets = load_targets()
    about, least = targets["transfers_2018"], targets["requests_spring_2019"]

    def deviation(target: Target, value: float) -> float:
        return float(target.deviation(target.scaled(np.array([value])))[0])

    assert deviation(about, 1870) == pytest.approx(0)
    assert deviation(about, 1870 * np.exp(0.2)) == pytest.approx(1)
    assert deviation(about, 1870 / np.exp(0.4)) == pytest.approx(-2)
    assert deviation(least, 900) == 0
    assert deviation(least, 475 * np.exp(-0.3)) == pytest.approx(-2)
    assert deviation(targets["requests_spring_2019_dublin"], 0.7) == pytest.approx(-2)


GOOD = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('series = "mob_nigeria", period = "2018"', 'series = "mob_nigera", period = "2018"', "unknown series"),
        (
            'series = "mob_nigeria", period = "2018"',
            'series = "mob_nigeria", period = "2017"',
            "no figure of this period",
        ),
        ('population = "Ugandan" }', 'population = "Ugandans" }', "no figure of this population"),
        (', population = "Ugandan"', "", "more than one figure"),
        ('measure = "left_unknown_2018"', 'measure = "left_unknown_2081"', "unknown measure of the simulated world"),
        (
            'measure = "registrations_2017", group = "NGA", world = "recorded"',
            'measure = "registrations_2017", group = "NGA"',
            "unknown measure of the simulated world",
        ),
        ('group = "UGA", world', 'group = "UG", world', "target.ugandans_registered_2017.reading.group: unknown group"),
        ("tolerance = 0.30", "tolerance = -0.30", "tolerance"),
        ("value     = 0.90\n", "", "value goes with note"),
        ('is        = "about"', 'is        = "near"', "about"),
    ],
)
def test_a_broken_row_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = tmp_path / "targets.toml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_targets(file)
