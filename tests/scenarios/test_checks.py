"""What a scenario must agree with (`sim.scenarios.checks`): dates that can have no effect, two values of one day."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_files import SCENARIO, written

import sim
from sim.files.errors import InputError
from sim.scenarios.checks import FIRST_DAY, LAST_DAY

SHOCK = '[[shock]]\nname = "transfers_stopped"\nfrom = {}\nuntil = {}\nlaw = "kst165"\nstatus = "read"\n'
PROGRAMME = """
[[programme]]
name = "more_police"
from = {}
capacity_times = {{ "avim.report" = "national_approach.reports_ratio" }}
law = "kst165"
status = "assumed"
"""
CAPACITY = '[capacity]\n"avim.report" = [{{ from = {}, value = 2 }}, {{ from = {}, value = 9 }}]\n'


def load(folder: Path, more: str) -> sim.Scenario:
    return sim.Scenario.load(written(folder, mine=SCENARIO + more) / "mine.toml")


@pytest.mark.parametrize(
    ("more", "key"),
    [
        (SHOCK.format("2039-03-15", "2039-06-30"), "shock[0].from"),
        (SHOCK.format("1999-03-15", "1999-06-30"), "shock[0].until"),
        (PROGRAMME.format("2031-01-01"), "programme[0].from"),
        (PROGRAMME.format("2010-01-01\nuntil = 2011-01-01"), "programme[0].until"),
    ],
)
def test_an_event_outside_all_years_is_a_mistake(tmp_path: Path, more: str, key: str) -> None:
    with pytest.raises(InputError, match="no effect: outside all years") as caught:
        load(tmp_path, more)
    assert caught.value.key == key
    assert caught.value.accepted == f"{FIRST_DAY} to {LAST_DAY}"


@pytest.mark.parametrize(
    "more",
    [
        SHOCK.format("2021-03-15", "2021-06-30"),
        SHOCK.format("2010-03-15", "2019-08-01"),
        PROGRAMME.format("2010-01-01"),
        PROGRAMME.format("2024-12-31"),
    ],
)
def test_an_event_outside_the_period_is_none(tmp_path: Path, more: str) -> None:
    load(tmp_path, more)


def test_two_capacities_from_one_day(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="given twice: two values from the same day") as caught:
        load(tmp_path, CAPACITY.format("2019-08-01", "2019-08-01"))
    assert caught.value.key == "capacity.avim.report[1].from"
    load(tmp_path, CAPACITY.format("2019-08-01", "2019-08-02"))


def test_a_capacity_outside_all_years_that_can_be_simulated(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no effect: outside all years that can be simulated"):
        load(tmp_path, CAPACITY.format("2019-08-01", "2031-03-01"))
    load(tmp_path, CAPACITY.format("2012-08-01", "2030-03-01"))
