"""The figure of differences shows the numbers of the tables, and no text lies on another, for any number of regimes."""

from __future__ import annotations

import pytest
from many_regimes import with_regimes
from matplotlib.text import Text
from measured_texts import outside, overlapping

from sim.export.forest import forest_figure, places_for
from sim.export.results import Results
from sim.export.sheets import sheet_of_calibration, sheet_of_comparison, sheet_of_study
from sim.outcomes.headline import HEADLINE


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [85, 170])
@pytest.mark.parametrize("regimes", [2, 3, 9])
def test_no_text_lies_on_another_or_leaves_the_paper(
    comparison: Results, regimes: int, width: int, language: str
) -> None:
    for group in ("all", "dublin"):
        results = with_regimes(comparison, regimes)
        figure = forest_figure(results, sheet_of_comparison(results, group), width, language)
        assert overlapping(figure) == []
        assert outside(figure) == []


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [85, 170])
def test_no_text_lies_on_another_in_figures_of_studies_and_calibrations(
    studied: Results, fitted: Results, width: int, language: str
) -> None:
    sheets = [(studied, sheet_of_study(studied, "dublin")), (fitted, sheet_of_calibration(fitted, "all", "vc_2019_08"))]
    for results, sheet in sheets:
        figure = forest_figure(results, sheet, width, language)
        assert overlapping(figure) == []
        assert outside(figure) == []


def test_the_check_finds_a_text_on_another(comparison: Results) -> None:
    figure = forest_figure(comparison, sheet_of_comparison(comparison, "all"), 85, "en")
    figure.axes[0].text(3.0, 3.5, "upon the head")
    figure.axes[0].text(80.0, 40.0, "beyond the paper")
    assert ("Difference: everyone", "upon the head") in overlapping(figure)
    assert "beyond the paper" in outside(figure)


def test_the_numbers_are_those_of_the_table(comparison: Results) -> None:
    texts = {
        text.get_text()
        for text in forest_figure(comparison, sheet_of_comparison(comparison, "all"), 170, "nl").findobj(Text)
    }
    row = comparison.differences.query(
        "measure == 'protected_days' and world == 'simulated' and group == 'all' and reform == 'recognition_panel'"
    ).iloc[0]
    (said,) = {
        text
        for text in texts
        if text.startswith(f"{row['difference']:+,.0f} (".translate(str.maketrans(",.-", ".,−")).replace("+0", "0"))
    }
    assert " tot " in said
    assert "Voorstel: onafhankelijk multidisciplinair advies over slachtofferschap" in texts
    assert not [text for text in texts if "vc_2018" in text or "recognition_panel" in text]


def test_small_counts_are_drawn(comparison: Results) -> None:
    texts = [
        text.get_text()
        for text in forest_figure(comparison, sheet_of_comparison(comparison, "dublin"), 170, "en").findobj(Text)
    ]
    assert "<5" not in texts
    shown = comparison.differences.query("world == 'simulated' and group == 'dublin' and replicates > 0")
    headline = shown[shown["measure"].isin(HEADLINE) & (shown["reform"] == comparison.regimes[1])]
    assert sum("(" in text and ")" in text and " to " in text for text in texts) >= len(
        headline[headline["low"].notna()]
    )


def test_one_column_puts_titles_above() -> None:
    assert places_for(85).above
    assert not places_for(170).above
