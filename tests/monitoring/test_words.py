"""The words of monitoring (`sim.monitoring.words`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_ensembles import made_ensembles

from sim.monitoring.forecasts import Forecasts
from sim.monitoring.ties import read_figures
from sim.monitoring.weighing import weigh
from sim.monitoring.words import amount, strength, times, verdict


@pytest.mark.parametrize(("factor", "words"), [(1.0, "hardly"), (3.1, "some"), (20.5, "strong"), (1e9, "very strong")])
def test_factors_have_names(factor: float, words: str) -> None:
    assert strength(factor).startswith(words)
    assert strength(factor) != strength(factor, "nl")


def test_numbers_are_written_as_the_language_does() -> None:
    assert (times(3.14), times(3.14, "nl"), times(42.0), times(1e6, "nl")) == ("3.1", "3,1", "42", "meer dan 1.000")
    assert (amount(12_345.6), amount(12_345.6, "nl"), amount(0.5, "nl")) == ("12,346", "12.346", "0,5")


def test_where_few_sets_are_left_a_factor_is_not_called_support(tmp_path: Path) -> None:
    head = "series,period,population,value,unit,source_key,grade,note\n"
    row = "comensha_nationality,{},{},{},persons,a page,A,\n"
    for name, rows, few in (
        ("usual", row.format(2019, "Ugandan", 91), False),
        ("far", row.format(2020, "Nigerian", 420) + row.format(2021, "Nigerian", 420), True),
    ):
        forecasts = Forecasts.load(made_ensembles(tmp_path / name))
        file = tmp_path / f"{name}.csv"
        file.write_text(head + rows, encoding="utf-8")
        said = " ".join(verdict(weigh(forecasts, read_figures(file, forecasts.fitted, forecasts.known)), forecasts))
        assert ("too few sets to call it support" in said) == few
        assert ("rest on so few sets" in said) == few
        assert ("hardly worth a mention" in said) != few
