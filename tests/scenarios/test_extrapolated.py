"""A scenario beyond the published years: what is assumed for them, and that every result says so on top."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import command_in

import sim
from sim.agents.candidates import FIRST_APPLICANTS, flows
from sim.agents.inflow import first_applications, months_between, published_years
from sim.evidence.observed import observed
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.scenarios.extrapolated import extrapolated

NOW = "netherlands_2022_2026"
BEYOND = """extends = "netherlands_2022_2026"
[scenario]
start = 2024-11-01
end   = 2026-08-31
replicates = 1
[inflow]
persons = 300
capacities = "in_proportion"
[capacity]
"ind.asylum" = 126
"dtv.transfer" = 21
"""


def beyond(folder: Path, old: str = "", new: str = "") -> Path:
    file = folder / "beyond.toml"
    file.write_text(BEYOND.replace(old, new), encoding="utf-8")
    return file


def test_the_months_of_the_last_published_year_come_again() -> None:
    first, last = dt.date(published_years()[-1], 1, 1), dt.date(published_years()[-1] + 2, 12, 31)
    applicants = flows(first, last, Parameters.load()).persons[FIRST_APPLICANTS]
    published = first_applications(months_between(first, dt.date(first.year, 12, 31)))
    assert applicants.shape[0] == 36
    for year in range(3):
        assert np.abs(applicants[year * 12 : year * 12 + 12] - published).max() <= 1, "apart from rounding"


def test_what_is_extrapolated_is_said(tmp_path: Path) -> None:
    said = extrapolated(sim.Scenario.load(NOW))
    assert "after 2024-12-31 are those of 2024 again" in said[0]
    assert "ind.asylum is held from 2024-01-01 on" in said[1]
    assert "transfers_to_italy_stopped (2024-01-01 to 2028-12-31)" in said[2]
    assert extrapolated(sim.Scenario.load("netherlands")) == ()
    file = beyond(tmp_path)
    assert len(extrapolated(sim.Scenario.load(file).replace(shocks=[]))) == 2, "an event that is off is not assumed"


def test_a_comparison_says_it_on_top_in_the_report_and_in_the_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    file = beyond(tmp_path)
    status, _, said = command_in(tmp_path, monkeypatch, capsys)("compare", str(file), "--quiet", "--out", str(out))
    assert status == 0
    assert "extrapolated: first applications after 2024-12-31" in said
    receipt = json.loads((out / "receipt.json").read_text(encoding="utf-8"))
    assert receipt["extrapolated"] == list(extrapolated(sim.Scenario.load(file)))
    assert receipt["notice"][: len(receipt["extrapolated"])] == receipt["extrapolated"]
    assert receipt["extrapolated"][0] in (out / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("end   = 2026-08-31", "end = 2031-01-01", "2014-01-01 to 2030-12-31"),
        (
            'capacities = "in_proportion"',
            'continued = "no"',
            'with inflow.continued = "as_last_published" to 2030-12-31',
        ),
        ('capacities = "in_proportion"', 'continued = "as_last_publishd"', "as_last_published"),
    ],
)
def test_later_years_are_refused_unless_it_is_said_how_they_go_on(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(InputError) as mistake:
        sim.Scenario.load(beyond(tmp_path, old, new))
    assert said in str(mistake.value)


def test_the_capacity_of_the_scenario_of_now_is_what_was_published() -> None:
    """Decisions of a year over its working days, times the capacity before over the decisions that it came from."""
    table = observed("asylum_decisions_ALL").set_index("period").value
    rows = sim.Scenario.load(NOW).document.capacity["ind.asylum"]
    ratio = Parameters.load().value("ind.asylum_cases_per_working_day") / 45
    for row in rows[-3:]:  # type: ignore[index]
        decisions = sum(int(part) for part in table[str(row.from_.year)].split(" / "))
        assert row.value == round(decisions / 254 * ratio)
    assert published_years()[-1] == 2024


def held_from_2022(rows: Any) -> float:
    """The capacity of all years from 2022 on; before that it is the parameter."""
    (row,) = rows
    assert row.from_ == dt.date(2022, 1, 1)
    return float(row.value)


def test_registrations_and_dublin_work_of_now_follow_what_was_published() -> None:
    """The published work of 2023 a working day, times the capacity before over the work that it came from."""
    capacity, before = sim.Scenario.load(NOW).document.capacity, Parameters.load().value
    applications = first_applications(months_between(dt.date(2023, 1, 1), dt.date(2023, 12, 31))).sum()
    ratio = before("avim.registrations_per_working_day") / 110
    assert held_from_2022(capacity["avim.registration"]) == round(applications / 254 * ratio)
    acts = 3 * 11_440
    assert held_from_2022(capacity["ind.dublin"]) == round(acts / 254 * before("ind.dublin_acts_per_working_day") / 118)


def test_requests_of_now_are_in_time() -> None:
    """Registration is no queue of months, so that few requests to another state come too late."""
    of_1_in_50 = sim.Scenario.load(NOW).replace(
        inflow={"scale": 0.02, "capacities": "in_proportion"}, end=dt.date(2025, 6, 30)
    )
    moves = sim.run(of_1_in_50, regime="vc_2023", heed=lambda _: None).transitions["to"].value_counts()
    assert moves["dublin.responsible_by_late_claim"] < 0.1 * moves["dublin.claim"]
    assert moves["dublin.transferred"] > 0.1 * moves["dublin.accepted"]
