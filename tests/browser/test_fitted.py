"""The range over fitted sets in a real browser: stored, and after a slider has moved, as the session gives it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from browsing import MISSING, visiting

import sim
from sim.runs import comparison, engine_data
from sim.runs.fitted_sets import FittedSets, sets_in
from sim.scenarios.scenario import Scenario

pytestmark = pytest.mark.skipif(MISSING, reason="there is no Chromium here")
SETS = Path(__file__).resolve().parents[1] / "calibration" / "ensembles" / "free.csv"
PERIOD = {"history_from": "2017-07-01", "start": "2018-07-01", "end": "2020-06-30"}
MOVED = {"om.needed_base": -5.0}
ASK = "import('b8sim/fitted.js').then(({ rangeOf }) => rangeOf(b8sim, 'b8_granted'))"


def few() -> FittedSets:
    return FittedSets("netherlands_drawn", sets_in(SETS, {})[:2], [0, 1])


def test_every_headline_has_the_range_over_the_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in (comparison, engine_data):
        monkeypatch.setattr(module, "fitted_sets", lambda _: few())
    # The sets are run in the scenario that was fitted; here it is the small one too.
    scenario = Scenario.load("netherlands_drawn").replace(
        **PERIOD, inflow={"persons": 3100, "capacities": "in_proportion"}, replicates=2
    )
    monkeypatch.setattr(engine_data.Scenario, "load", lambda _: scenario)
    page = sim.compare(scenario).report(tmp_path)
    stored = few().differences("vc_2018", "vc_2019_08", "b8_granted", "dublin")
    assert stored is not None
    with visiting(f"{page.as_uri()}#group=dublin") as visit:
        visit.until("b8sim.engine.kind === 'wasm'", 60)
        people = visit.page.evaluate("b8sim.core.groups.find((one) => one.name === 'dublin').people")
        found = visit.page.evaluate(ASK)
        assert [found["low"], found["high"]] == pytest.approx([1000 * f(stored) / people for f in (min, max)], rel=1e-6)
        assert "Over 2 sets of assumptions" in visit.page.inner_text(".sentence")
        assert "not established" not in visit.page.inner_text(".sentence")
        assert visit.page.locator(".over-sets").count() >= 3
        visit.page.evaluate("b8sim.set({changes: {'om.needed_base': -5}}); undefined")
        visit.until("!!b8sim.result.spread", 120)
        moved = visit.page.evaluate(ASK)
    session = sim.Session(scenario.replace(inflow={"persons": 3000}))
    row, group = session.row("b8_granted"), session.groups.index("dublin")
    wanted = []
    for one, difference in zip(few().sets, stored, strict=True):
        answers, size = [], 0.0
        for changes in ({}, MOVED):
            session.set({**one.numbers, **changes})
            reading = session.reading(0)
            answers.append(reading.values[1, row, group] - reading.values[0, row, group])
            size = reading.pairs[0, group].sum() if not changes else size
        wanted.append(1000 * (difference + (answers[1] - answers[0]) * people / size) / people)
    assert [moved["low"], moved["high"]] == pytest.approx([min(wanted), max(wanted)], rel=1e-6)
    assert np.std(wanted) > 0
