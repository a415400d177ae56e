"""What the fitted sets say about monitoring, proposals and causes: runs, tables in ``docs/advice/``, and two pages.

``python -m verification.advice`` does it all from the shipped ensembles, in some ten minutes on a processor; with
``--pages`` it writes the pages again from the tables; with ``--ensembles DIR`` from other ensembles.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from sim.calibration.ensembles import Ensemble, ensembles
from sim.calibration.fits import values_by_reading
from sim.calibration.members import Members
from sim.calibration.readings_page import pooled
from sim.monitoring.forecasts import Forecasts
from sim.monitoring.information import narrowing, quarters_needed, recognised
from sim.monitoring.log import hash_of
from sim.monitoring.proposals import proposals, regimes_needed, verdict_table
from sim.monitoring.ties import Key, read_figures
from sim.monitoring.weighing import weigh
from sim.policies.library import readings
from sim.runs.world import ratio_of_people
from sim.studies.attribution import RULE, shapley
from sim.studies.drivers import combinations_of
from sim.studies.study import Study
from sim.studies.sweep import sweep
from verification.advice_page import write_pages
from verification.report import ROOT

OUT: Final = ROOT / "docs" / "advice"
FIGURES: Final = ROOT / "docs" / "example_monitoring" / "later_years.csv"
RUNS: Final = ROOT / "results" / "advice"
"""Where the runs are kept: broken off, the same command goes on."""
PERSONS: Final = 10_000
TOLERANCE: Final = 0.10
"""Error, in logarithms, with which a register would publish a figure that it does not publish yet."""
ANSWERS: Final = ("b8_granted", "victims_recognised", "reports", "left_unknown", "protected_days", "networks_with_lead")
QUARTERS_2018: Final = [f"{year}_q{quarter}" for year in (2018, 2019, 2020) for quarter in (1, 2, 3, 4)]
QUARTERS_2019: Final = [name for name in QUARTERS_2018 if not name.startswith("2018")]
SINCE: Final = [name for name in QUARTERS_2018 if name >= "2019_q3"]
CANDIDATES: Final[Mapping[str, Sequence[Key]]] = {
    "requests": [(f"requests_{q}", "simulated", group) for q in QUARTERS_2018 for group in ("all", "dublin")],
    "grants": [(f"b8_granted_{q}", "simulated", "dublin") for q in QUARTERS_2019],
    "after_transfer": [(m, "simulated", "all") for m in ("protected_abroad", "returned_after_transfer")],
    "departures": [
        (f"left_unknown_{cause}", "simulated", "all") for cause in ("trafficker", "transfer", "onward", "waiting")
    ],
    "published": [
        ("registrations_2019", "recorded", "NGA"),
        ("registrations_2020", "recorded", "NGA"),
        ("left_unknown_2019", "simulated", "NGA"),
    ],
}
"""What could be published, in the readings of the model; the last: what is."""
LAW: Final = "law"
"""Beside the candidates: the answers to all open questions of the law."""
OF_LATER_LAW: Final = ("U14", "U15", "U16", "U17")
"""Open questions of the regulation of 2026, which no day of the period is under."""
RECORDING: Final = {"recording.police_from_2019_ratio": 1.0, "recording.care_and_others_from_2019_ratio": 1.0}
DRIVERS: Final = {
    "covid": {
        "title": "COVID",
        "on": {"shocks": ["registration_stopped", "transfers_stopped", "fewer_controls"]},
    },
    "capacity": {
        "title": "Capacity and national approach",
        "on": {"programmes": ["national_approach", "coordination_centre"]},
    },
    "inflow": {
        "title": "Arrivals as they were, instead of as in 2018",
        "off": {"inflow": {"level": "as_in_2018"}},
        "on": {"inflow": {"level": "published"}},
    },
}
EXPLAINED: Final = (
    ("registrations_2020", "registrations_2018", "recorded"),
    ("signalled_2020", "signalled_2018", "recorded"),
    ("reports_2020", "reports_2018", "simulated"),
)


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m verification.advice")
    parser.add_argument("--pages", action="store_true", help="write the pages again from the tables")
    parser.add_argument("--ensembles", type=Path, help="other ensembles than those that ship")
    parser.add_argument("--each", type=int, default=4, help="fitted sets of each camp that are run again")
    asked = parser.parse_args(arguments)
    if not asked.pages:
        for name, table in advice(asked.ensembles, asked.each):
            save(name, table)
    for page in write_pages(OUT):
        sys.stderr.write(f"{page.relative_to(ROOT)} is written\n")
    return 0


def advice(folder: Path | None, each: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield all tables with the names of their files, those that need no run first."""
    found = ensembles(folder)
    forecasts = Forecasts.load(folder)
    members = Members.of(forecasts.ensembles, each)
    few = Members.of(forecasts.ensembles, max(each // 2, 1))
    runs = RUNS / f"{hash_of(forecasts)}_{each}"
    about = {"forecasts": hash_of(forecasts), "persons": PERSONS, "members": len(members.camps), "few": len(few.camps)}
    steps: dict[str, Callable[[], pd.DataFrame]] = {
        "about": lambda: pd.DataFrame([about]),
        "camps": lambda: camps(found, forecasts),
        "information": lambda: information(forecasts),
        "quarters": lambda: quarters(forecasts),
        "monitored": lambda: monitored(forecasts),
        "proposals": lambda: proposals_under(members, runs),
        "attribution": lambda: attribution(few, runs),
        "readings": lambda: open_readings(few, runs),
    }
    for name, make in steps.items():
        sys.stderr.write(f"{name} ...\n")
        yield name, make()


def save(name: str, table: pd.DataFrame) -> None:
    """Write a table."""
    OUT.mkdir(parents=True, exist_ok=True)
    table.to_csv(OUT / f"{name}.csv", index=False, float_format="%.5g", lineterminator="\n")


def camps(found: Mapping[str, Ensemble], forecasts: Forecasts) -> pd.DataFrame:
    """Return every camp: its titles, its sets, and whether it is weighed."""
    rows = [
        {
            "camp": camp,
            "title": one.title["en"],
            "title_nl": one.title["nl"],
            "sets": one.size,
            "fitted": one.accepted,
            "weighed": camp in forecasts.camps,
        }
        for camp, one in found.items()
    ]
    return pd.DataFrame(rows)


def information(forecasts: Forecasts) -> pd.DataFrame:
    """Return what each candidate would tell, over the sets and, where they were run, over sets and legal readings."""
    under = {camp: one.under_readings for camp, one in forecasts.ensembles.items()}
    there = {camp: one for camp, one in under.items() if one is not None and one.size}
    rows = [{"readings": False, **row} for row in _told(forecasts.ensembles)]
    if set(there) == set(forecasts.camps):
        rows += [{"readings": True, **row} for row in _told(there)]
    return pd.DataFrame(rows)


def _told(found: Mapping[str, Ensemble]) -> Iterator[dict[str, Any]]:
    """Yield what each candidate would tell of each answer, and of the camp."""
    names = [camp for camp, one in found.items() for _ in range(one.size)]
    lived, differences = ({camp: f(one) for camp, one in found.items()} for f in (Ensemble.lived, Ensemble.differences))
    known = set.intersection(*(set(values) for values in lived.values()))
    answers = {
        answer: np.concatenate(
            [table[answer, "simulated", "all"].to_numpy(np.float64) for table in differences.values()]
        )
        for answer in ANSWERS
    }
    for candidate, keys in CANDIDATES.items():
        mine = [key for key in keys if key in known]
        if mine:
            figures = np.concatenate([np.stack([lived[camp][key] for key in mine], axis=1) for camp in found])
            told, chance = recognised(figures, names, tolerance=TOLERANCE)
            narrowed = {name: narrowing(figures, values, tolerance=TOLERANCE) for name, values in answers.items()}
            yield {"candidate": candidate, "figures": len(mine), "camp": told, "camp_by_chance": chance, **narrowed}
    law = pooled(found)[[name for name in pooled(found) if "=" in name]].to_numpy(np.float64)
    if law.shape[1]:
        # Which answers hold is known without error.
        narrowed = {name: narrowing(law, values, tolerance=0.0) for name, values in answers.items()}
        yield {"candidate": LAW, "figures": law.shape[1], "camp": np.nan, "camp_by_chance": np.nan, **narrowed}


def quarters(forecasts: Forecasts) -> pd.DataFrame:
    """Return how many quarters of requests by Dublin status, and of grants, would tell each camp from the others."""
    rows = []
    for candidate, measures in {"requests": ("requests",), "both": ("requests", "b8_granted")}.items():
        keys = [[(f"{m}_{q}", "simulated", g) for m in measures for g in ("all", "dublin")] for q in SINCE]
        if not {key for one in keys for key in one} <= forecasts.known or len(forecasts.camps) < 2:
            continue
        figures = {
            camp: np.stack([np.stack([forecasts.values[camp][k] for k in one], axis=1) for one in keys], axis=1)
            for camp in forecasts.camps
        }
        for found in quarters_needed(figures, tolerance=TOLERANCE):
            rows.append({"candidate": candidate, "quarters": len(SINCE), **vars(found)})
    return pd.DataFrame(rows, columns=["candidate", "quarters", "camp", "found", "median", "misled"])


def monitored(forecasts: Forecasts) -> pd.DataFrame:
    """Return the forecasts of the later years, camp by camp, and what the camps weigh after each figure."""
    rows = []
    for one in weigh(forecasts, read_figures(FIGURES, forecasts.fitted, forecasts.known)):
        for camp in one.forecasts:
            rows.append(
                {
                    "target": one.figure.target.name,
                    "title": one.figure.target.document.title.en,
                    "title_nl": one.figure.target.document.title.nl,
                    "published": one.figure.target.bound,
                    "population": one.figure.target.population,
                    "counted": one.figure.target.counted.en,
                    "counted_nl": one.figure.target.counted.nl,
                    "camp": camp.camp,
                    "low": camp.low,
                    "middle": camp.middle,
                    "high": camp.high,
                    "inside": camp.inside,
                    "effective": camp.effective,
                    "fits_none": one.fits_none,
                    "breaks": len(one.breaks),
                    "weight_after": one.weight[camp.camp],
                }
            )
    return pd.DataFrame(rows)


def proposals_under(members: Members, runs: Path) -> pd.DataFrame:
    """Run every proposal with a regime beside what it amends, on the members of every camp."""
    file = proposals()
    measures = tuple(dict.fromkeys(m for area in file.area.values() for m in area.measures))
    study = members.study(
        runs / "proposals.csv",
        regimes_needed(file.compared.regimes),
        title="Proposals under every camp",
        persons=PERSONS,
        replicates=1,
        throughout=True,
        measures=measures,
    )
    people = ratio_of_people(study.scenario_at(study.design[0][2]))
    return verdict_table(values_of(study, runs / "proposals", members), members, 1 / people)


def attribution(members: Members, runs: Path) -> pd.DataFrame:
    """Share the change from 2018 to 2020 out over rule, capacity, COVID, inflow and recording, in every member."""
    measures = tuple(name for one in EXPLAINED for name in one[:2])
    values: dict[tuple[str, ...], dict[int, Any]] = {}
    for recorded, those in ((False, members.replaced(RECORDING)), (True, members)):
        study = those.study(
            runs / f"attribution_{recorded}.csv",
            ["vc_2018", "vc_2019_08"],
            title="Rule, capacity, COVID, inflow and recording",
            persons=PERSONS,
            replicates=1,
            measures=measures,
            driver=DRIVERS,
        )
        table = table_of(study, runs / f"attribution_{recorded}")
        for variety, points in those.order(study).items():
            for ruled, regime in enumerate(study.regimes):
                on = (*((RULE,) if ruled else ()), *variety[2], *(("recording",) if recorded else ()))
                values[tuple(sorted(on))] = {
                    m: (
                        table.loc[points, (regime, a, world, "all")] - table.loc[points, (regime, b, world, "all")]
                    ).to_numpy()
                    for m, (a, b, world) in enumerate(EXPLAINED)
                }
    drivers = (RULE, *DRIVERS, "recording")
    rows = []
    for m, (name, less, world) in enumerate(EXPLAINED):
        cube = np.stack([values[tuple(sorted(on))][m] for on in combinations_of(drivers)], axis=-1)
        parts = shapley(cube)
        for driver, part in [*zip(drivers, parts.T, strict=True), ("all", parts.sum(axis=1))]:
            low, middle, high = np.quantile(part, [0.05, 0.5, 0.95])
            rows.append(
                {
                    "measure": name,
                    "less": less,
                    "world": world,
                    "driver": driver,
                    "low": low,
                    "middle": middle,
                    "high": high,
                }
            )
    return pd.DataFrame(rows)


def open_readings(members: Members, runs: Path) -> pd.DataFrame:
    """Return the difference between the rules over the members, and over members and readings of open questions."""
    compared = ("vc_2018", "vc_2019_08")
    rows = []
    for question, reading in readings().items():
        if question in OF_LATER_LAW:
            continue
        options = (reading.default, *(option for option in reading.options if option != reading.default))
        study = members.study(
            runs / f"{question}.csv",
            compared,
            title=question,
            persons=PERSONS,
            replicates=1,
            measures=ANSWERS,
            readings={question: options},
        )
        table = table_of(study, runs / question)
        for variety, points in members.order(study).items():
            option = dict(variety[1])[question]
            for answer in ANSWERS:
                after, before = (table.loc[points, (r, answer, "simulated", "all")] for r in reversed(compared))
                difference = (after - before).to_numpy()
                rows += [
                    {"question": question, "option": option, "answer": answer, "member": i, "difference": value}
                    for i, value in enumerate(difference)
                ]
    long = pd.DataFrame(rows)
    grouped = long.groupby(["question", "option", "answer"], sort=False)["difference"]
    return grouped.agg(low="min", middle="median", high="max").reset_index()


def values_of(study: Study, folder: Path, members: Members) -> pd.DataFrame:
    """Return the readings of a study with one variant, a row for each member."""
    (points,) = members.order(study).values()
    return table_of(study, folder).loc[points].reset_index(drop=True)


def table_of(study: Study, folder: Path) -> pd.DataFrame:
    """Run a study, and return its readings by the identity of its points."""
    return values_by_reading(sweep(study, folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
