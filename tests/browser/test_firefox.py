"""The report in Firefox: it opens from a file, and simulates with the numbers of the session."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from firefox import FIREFOX, firefox

import sim
from verification.small_worlds import netherlands

pytestmark = pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox here")
MOVED = {"om.needed_base": -2.0}


def test_a_report_simulates(tmp_path: Path) -> None:
    scenario = netherlands(0.03).replace(regimes=["vc_2018", "vc_2019_08"], replicates=2, seed=5)
    page = sim.compare(scenario).report(tmp_path / "report")
    session = sim.Session(scenario)
    session.set(MOVED)
    wanted = session.reading(0).values
    with firefox(page.as_uri(), tmp_path / "profile") as driver:
        driver.until("!!window.b8sim && b8sim.engine.kind === 'wasm'")
        assert "B8 permits" in driver.run("return document.querySelector('.sentence').textContent")
        driver.run(
            "window.found = null; b8sim.engine.run({changes: {'om.needed_base': -2}}, {replicates: 1},"
            " (reading) => { window.found = reading.values; });"
        )
        driver.until("window.found !== null")
        found = np.array(driver.run("return window.found"), float)
    np.testing.assert_array_equal(found, np.where(np.isfinite(wanted), wanted, np.nan))
