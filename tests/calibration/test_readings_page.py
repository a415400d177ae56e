"""What pages say of open readings of the law (`sim.calibration.readings_page`)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sim.calibration.camps_page import camps_page
from sim.calibration.ensembles import Ensemble, ensembles
from sim.calibration.readings_page import how, pooled, ranges, title_of
from sim.calibration.validation_page import validation_page

SETS = Path(__file__).parent / "ensembles"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ensemble]:
    """Sets of which half have another answer, which takes 100 permits from the new rule; two no longer fit."""
    folder = tmp_path_factory.mktemp("readings") / "sets"
    shutil.copytree(SETS, folder)
    (folder / "readings").mkdir()
    camps = {}
    for camp, sets in ensembles(SETS).items():
        table = sets.table.copy()
        table["answer U7"] = ["wish_date" if i % 2 else "report_date" for i in range(len(table))]
        table.loc[table["answer U7"] == "wish_date", "reading vc_2019_08 b8_granted simulated all"] -= 100
        kept = table.iloc[2:] if camp == "free" else table
        kept.to_csv(folder / "readings" / f"{camp}.csv", index=False)
        camps[camp] = {"run": len(table), "fit": len(kept)}
    receipt = json.loads((SETS / "receipt.json").read_text())
    receipt["open_readings"] = {
        "seed": 1,
        "questions": {"U7": {"report_date": [40, 39], "wish_date": [40, 20]}},
        "changes": {"U7": {"wish_date": ["historical", "vc_2019_08"]}, "U2": {"strict": ["historical"]},
                    "U14": {"government": []}},
        "camps": camps,
    }  # fmt: skip
    (folder / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    return ensembles(folder)


def test_it_says_what_was_drawn_what_changes_nothing_and_what_fits(found: dict[str, Ensemble]) -> None:
    text = how(found)
    assert "`U14` change no rule and no number of these years" in text
    assert "`U2` change the rules as they followed each other only" in text.replace("\n", " ")
    assert "20 of 22 do" in text
    assert "Fewer sets fit under `U7=wish_date`" in text
    assert "20 of 40, else 39 of 40" in text


def test_ranges_and_moves_are_those_of_the_same_sets(found: dict[str, Ensemble]) -> None:
    row = next(line for line in ranges(found).splitlines() if line.startswith("| `b8_granted`"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    free, again = found["free"], found["free"].under_readings
    assert again is not None
    for sets, mark in ((free, ""), (again, "**")):
        low, high = sets.range_of(sets.differences()["b8_granted"]["simulated"]["all"].to_numpy())
        assert f"{mark}{low:,.0f} to {high:,.0f}{mark}".replace("-", "−") in cells[1]
    # Half of the sets move by 100, half by nothing.
    moves = pd.Series([0.0, 100.0])
    assert cells[-1].split(" ")[0] in {f"{x:.0f}" for x in (0, *moves, moves.median())}


def test_answers_stand_beside_assumptions_and_have_words(found: dict[str, Ensemble]) -> None:
    there = {camp: sets.under_readings for camp, sets in found.items()}
    table = pooled({camp: sets for camp, sets in there.items() if sets is not None})
    assert (table[["U7=report_date", "U7=wish_date"]].sum(axis=1) == 1).all()
    assert title_of("report.base") is None
    assert "The day the person asked to report counts" in str(title_of("U7=wish_date"))


def test_both_pages_have_them(found: dict[str, Ensemble]) -> None:
    assert "with open readings |" in validation_page(found)
    text = camps_page(found)
    assert "## Open readings of the law" in text
    assert "all camps together, with open readings of the law: " in text
