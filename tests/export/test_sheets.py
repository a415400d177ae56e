"""What a figure of differences shows is what the tables hold."""

from __future__ import annotations

import dataclasses

import numpy as np
from matplotlib.text import Text

from sim.export.forest import forest_figure
from sim.export.results import Results
from sim.export.sheets import sheet_of_calibration, sheet_of_comparison, sheet_of_study


def test_a_comparison_shows_difference_and_interval(comparison: Results) -> None:
    sheet = sheet_of_comparison(comparison, "all")
    wanted = comparison.differences.query("measure == 'reports' and world == 'simulated' and group == 'all'")
    row = next(row for row in sheet.rows if row.title == comparison.titles.measures["reports", "simulated"])
    assert [mark.difference for mark in row.marks if mark] == wanted["difference"].tolist()
    assert len(sheet.legend) == len(wanted) == 2


def test_a_study_shows_median_and_extremes_over_its_points(studied: Results) -> None:
    sheet = sheet_of_study(studied, "all")
    row = next(row for row in sheet.rows if row.title == studied.titles.measures["b8_granted", "simulated"])
    wanted = studied.table("ranges").query("measure == 'b8_granted' and group == 'all'").iloc[0]
    (mark,) = row.marks
    assert mark is not None
    assert (mark.low, mark.difference, mark.high) == (wanted["lowest"], wanted["middle"], wanted["highest"])
    assert mark.replicates == 6


def test_a_calibration_shows_each_camp_and_says_where_no_set_fits(fitted: Results) -> None:
    table = fitted.table("camp_differences").copy()
    table.loc[table["camp"] == "one_number", ["low", "middle", "high"]] = np.nan
    results = dataclasses.replace(fitted, made={**fitted.made, "camp_differences": table})
    sheet = sheet_of_calibration(results, "all", "vc_2019_08")
    assert [title.en for title in sheet.legend] == ["Everything may vary", "Victims report as before"]
    for row in sheet.rows:
        assert row.marks[0] is not None
        assert row.marks[1] is None
    texts = [text.get_text() for text in forest_figure(results, sheet, 170, "nl").findobj(Text)]
    assert texts.count("geen reeks past") == len(sheet.rows)
