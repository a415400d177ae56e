"""Results as small tables for notebooks (`sim.report.notebook`)."""

from __future__ import annotations

import datetime as dt

from synthetic_comparison import synthetic_comparison

import sim
from sim.report.notebook import comparison_html, run_html
from verification.small_worlds import netherlands


def test_a_comparison_shows_levels_and_differences_of_everyone() -> None:
    comparison = synthetic_comparison(3)
    comparison.receipt["notice"] = ["<nothing> holds"]
    page = comparison_html(comparison)
    assert page.count("Victims who received a B8 permit") == 1
    assert page.count("95% interval") == 2, "one for each reform"
    for regime in comparison.regimes:
        assert regime in page
    assert "&lt;nothing&gt; holds" in page, "escaped"
    assert "scenario netherlands" in page


def test_a_run_shows_its_headline_measures() -> None:
    run = sim.run(netherlands(0.01, end=dt.date(2019, 12, 31)), "vc_2018")
    page = run_html(run)
    value = run.measures.query("measure == 'reports' and group == 'all' and world != 'recorded'")["value"].iloc[0]
    assert "vc_2018" in page
    assert f"{value:,.0f}" in page
    assert "registrations_2019" not in page
