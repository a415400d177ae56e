"""The pages on monitoring and proposals say what their tables say (`verification.advice_page`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from made_ensembles import made_ensembles
from manual_pages import PROJECT

from sim.monitoring.forecasts import Forecasts
from verification import advice
from verification.advice_page import PAGES, pages

AGAIN = "make advice ARGS=--pages"


def test_pages_are_what_their_tables_give() -> None:
    made = pages(advice.OUT)
    assert {"docs/monitoring.md", "docs/monitoring.nl.md"} <= set(made)
    assert {
        name: (PROJECT / name).read_text(encoding="utf-8") for name in PAGES if (PROJECT / name).exists()
    } == made, AGAIN


def test_tables_of_made_up_sets_say_what_was_put_in(tmp_path: Path) -> None:
    folder = made_ensembles(tmp_path / "made")
    forecasts = Forecasts.load(folder)
    found = advice.camps(forecasts.ensembles, forecasts)
    assert list(found["weighed"]) == [True, True]
    assert advice.quarters(forecasts).empty, "no figures by quarter in these sets"


def test_a_page_warns_of_too_few_sets_and_of_one_camp(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    for file in advice.OUT.glob("*.csv"):
        pd.read_csv(file).to_csv(folder / file.name, index=False)
    camps = pd.read_csv(folder / "camps.csv")
    two = pd.concat([camps.head(1)] * 2, ignore_index=True).assign(camp=["a", "b"], sets=30, weighed=True, fitted=True)
    for table, warned in ((two.head(1), True), (two, False), (two.assign(sets=3), True)):
        table.to_csv(folder / "camps.csv", index=False)
        names = pd.read_csv(folder / "monitored.csv")
        names.assign(camp="a").to_csv(folder / "monitored.csv", index=False)
        quarters = pd.read_csv(folder / "quarters.csv")
        quarters.assign(camp="a").to_csv(folder / "quarters.csv", index=False)
        assert ("**A trial.**" in pages(folder)["docs/monitoring.md"]) == warned


def test_verdicts_are_in_all_languages_of_the_page() -> None:
    for name, text in pages(advice.OUT).items():
        assert "{" not in text.replace("{{", ""), f"{name}: a block is not filled in"
        assert "nan" not in text.split(), name
    assert np.isfinite(pd.read_csv(advice.OUT / "monitored.csv")["weight_after"]).all()
