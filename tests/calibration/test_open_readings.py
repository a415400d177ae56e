"""Fitted sets under open readings of the law (`sim.calibration.open_readings`)."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibration.ensembles import ensembles, targets_of
from sim.calibration.open_readings import combinations, effects, run_under_readings
from sim.policies.library import readings
from sim.scenarios.scenario import Scenario

SETS = Path(__file__).parent / "ensembles"


def test_an_answer_changes_the_regimes_that_it_is_about_and_no_other() -> None:
    found = effects(Scenario.load("netherlands").replace(history_from="start"), ["vc_2018", "vc_2019_08"])
    assert set(found) == set(readings())
    assert found["U7"] == {"wish_date": ("vc_2019_08",)}
    assert found["U19"] == {"once": ("vc_2018", "vc_2019_08")}
    # The regulation of 2026, and a method of 2019 that neither rule has.
    assert not any(any(found[question].values()) for question in ("U2", "U14", "U15", "U16", "U17"))


def test_answers_are_balanced_in_every_part_and_repeatable() -> None:
    drawn = combinations(["U1", "U7", "U10"], [9, 20])
    assert drawn == combinations(["U1", "U7", "U10"], [9, 20])
    assert len(drawn) == 20
    for size in (3, 9, 14, 20):
        for question in drawn[0]:
            counts = Counter(dict.fromkeys(readings()[question].options, 0))
            counts.update(answers[question] for answers in drawn[:size])
            assert max(counts.values()) - min(counts.values()) <= 1
    first, second = (np.array([answers[q] for answers in drawn]) for q in ("U1", "U7"))
    marks = [[(v == x).astype(float) for x in sorted(set(v))] for v in (first, second)]
    assert max(abs(np.corrcoef(a, b)[0, 1]) for a in marks[0] for b in marks[1]) < 0.4


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sets of two camps, to be run with few people; nearly everything fits."""
    folder = tmp_path_factory.mktemp("sets") / "sets"
    shutil.copytree(SETS, folder)
    receipt = json.loads((SETS / "receipt.json").read_text())
    receipt |= {"persons": 400, "within_tolerances": 60.0}
    receipt["camps"].pop("nobody_responds")
    (folder / "nobody_responds.csv").unlink()
    (folder / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    for camp, rows in (("free", 2), ("steering_off", 1)):
        pd.read_csv(SETS / f"{camp}.csv").head(rows).to_csv(folder / f"{camp}.csv", index=False)
    return folder


def test_sets_are_run_under_their_own_answers_and_kept_where_they_fit(few: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    with ThreadPoolExecutor(1) as executor:
        found = run_under_readings(few, tmp_path / "work", tell=lines.append, executor=executor)
    assert lines == ["combination 1 of 2: 2 sets", "combination 2 of 2: 1 sets"]
    free, said = found["free"], found["free"].receipt["open_readings"]
    again = free.under_readings
    assert again is not None
    assert said["camps"]["free"]["run"] == 2
    assert said["camps"]["free"]["fit"] == again.size == len(again.table)
    assert "U14" not in said["questions"]
    assert any(said["changes"]["U7"].values())
    assert again.size
    # What was written is what a run with these numbers and answers gives.
    number = int(again.table["set"].iloc[0]) - int(free.table["set"].iloc[0])
    scenario = Scenario.load(free.receipt["scenario"]).replace(
        inflow={"persons": 400, "capacities": "in_proportion"},
        readings=again.answers.iloc[0].to_dict(),
        seed=free.receipt["seed"],
    )
    numbers = free.assumptions.iloc[number].to_dict()
    capacity = {name.removeprefix("capacity."): numbers.pop(name) for name in list(numbers) if "capacity." in name}
    run = sim.run(scenario.replace(parameters=numbers, capacity=capacity), "vc_2019_08", heed=lambda _: None)
    wishes = run.measures.query("measure == 'wish_to_report' and group == 'all' and world == 'simulated'")["value"]
    given = again.readings["vc_2019_08"]["wish_to_report"]["simulated"]["all"].iloc[0]
    ratio = again.readings["vc_2019_08"]["protected_days"]["simulated"]["all"].iloc[0] / float(
        run.measures.query("measure == 'protected_days' and group == 'all'")["value"].iloc[0]
    )
    assert given == pytest.approx(float(wishes.iloc[0]) * ratio, rel=1e-4)
    # The range beside an interval holds the sets as they were fitted and under their answers.
    written = pd.read_csv(few / "ranges.csv").set_index(["camp", "measure", "group"]).loc["free", "b8_granted", "all"]
    key = ("b8_granted", "simulated", "all")
    values = [*free.differences()[key], *again.differences()[key]]
    assert written["sets"] == len(values) == 2 + again.size
    assert (written["low"], written["high"]) == pytest.approx((min(values), max(values)), rel=1e-5)
    fitted, _ = targets_of(free.receipt)
    assert np.abs(again.deviations.to_numpy()).max() <= 60
    assert set(again.deviations) == {target.name for target in fitted}


def test_answers_are_columns_beside_assumptions(few: Path) -> None:
    again = ensembles(few)["free"].under_readings
    assert again is not None
    explaining = again.explaining
    for question in again.answers:
        marks = explaining[[name for name in explaining if name.startswith(f"{question}=")]]
        assert (marks.sum(axis=1) == 1).all()
    assert list(explaining.columns[: again.assumptions.shape[1]]) == list(again.assumptions.columns)
    assert ensembles(SETS)["free"].under_readings is None
