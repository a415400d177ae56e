"""Small folders of results for the tests of what is made of them: 500 people, two replicates, eighteen months."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from small_studies import TEXT, in_threads

import sim
from sim.calibration.folder import calibrate
from sim.follow.story import follow
from sim.report.folder import open_folder, write_run
from sim.studies.study import Study

REGIMES = ["vc_2018", "vc_2019_08+U1=ninety_days", "recognition_panel"]
GROUPS = r"""
[group.exploited_by_force]
title = { en = "=held by force & \"kept\"", nl = "@met geweld vastgehouden" }
when  = ["control_person"]
"""


def small_scenario(folder: Path) -> sim.Scenario:
    """Return a scenario with a group of the user's own, whose title programs could take for something else."""
    own = folder / "mine"
    own.mkdir()
    (own / "groups.toml").write_text(GROUPS, encoding="utf-8")
    return sim.Scenario.load("netherlands").replace(
        history_from="start",
        name="small",
        start=dt.date(2019, 5, 1),
        end=dt.date(2020, 10, 31),
        inflow={"persons": 500},
        own=own,
    )


def small_comparison(folder: Path) -> Path:
    """Run and save a comparison of three regimes."""
    return sim.compare(small_scenario(folder), REGIMES, replicates=2, seed=3).save(folder / "results")


def small_run(folder: Path) -> Path:
    """Run one regime and save it."""
    target = folder / "results"
    with open_folder(target) as hidden:
        write_run(hidden, sim.run(small_scenario(folder), "vc_2019_08", seed=3, replicate=1))
    return target


def small_store(folder: Path, text: str = TEXT) -> Path:
    """Run a small study and keep its folder."""
    (folder / "study.toml").write_text(text, encoding="utf-8")
    in_threads(Study.load(folder / "study.toml"), folder / "results")
    return folder / "results"


COUNTRY = """
extends = "netherlands"
[scenario]
history_from = "start"  # a calibration without it is as much of one, in half the time
"""
CALIBRATION = """
[calibration]
title    = "A small one"
scenario = "country.toml"
persons  = 500
seed     = 3
headline = ["b8_granted", "left_unknown"]
within   = 10
targets  = ["transfers_2018", "dublin_requests_2018"]

[waves]
points = [3, 2]
candidates = 100

[parameters]
"report.base"              = "passport"
"tactics.coaches_per_year" = "passport"

[camp.free]
title = { en = "Everything may vary", nl = "Alles mag variëren" }
why   = "No assumption is imposed."

[camp.one_number]
title = { en = "Victims report as before", nl = "Slachtoffers doen aangifte als voorheen" }
why   = "The base is kept."
kept  = { "report.base" = 1.0 }
"""


def small_calibrated(folder: Path) -> Path:
    """Calibrate a small country to two figures, under two camps, and keep the folder."""
    file = folder / "calibration.toml"
    file.write_text(CALIBRATION, encoding="utf-8")
    (folder / "country.toml").write_text(COUNTRY, encoding="utf-8")
    with ThreadPoolExecutor(1) as executor:
        calibrate(file, folder / "results", executor=executor)
    return folder / "results"


def small_story(folder: Path) -> Path:
    """Follow a person to whom the rule of August 2019 makes a difference, and keep the folder."""
    scenario = small_scenario(folder)
    persons = sim.run(scenario, "vc_2019_08", seed=3, replicate=1).persons
    who = persons[persons.rule_made_a_difference & persons.dublin_indicator].person.iloc[0]
    return follow(scenario, who, ["vc_2018", "vc_2019_08"], seed=3, replicate=1).save(folder / "results")
