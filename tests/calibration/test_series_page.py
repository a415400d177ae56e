"""What an interrupted time series concludes in fitted sets (`sim.calibration.series_page`, `page_figures`)."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.calibration.ensembles import Ensemble, ensembles
from sim.calibration.page_figures import series_figure
from sim.calibration.series_page import WHOLE, all_judged, series_section

SETS = Path(__file__).parent / "ensembles"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ensemble]:
    """Sets with made-up months: 20 a month, 12 less from the epidemic on; under the new rule 5 less than that."""
    folder = tmp_path_factory.mktemp("series") / "sets"
    shutil.copytree(SETS, folder)
    months, rng, rows = (
        [str(m) for m in np.arange("2017-01", "2022-01", dtype="datetime64[M]")],
        np.random.default_rng(1),
        [],
    )
    for camp, sets in ensembles(SETS).items():
        for number in sets.table["set"].head(4):
            for series in ("requests", "registrations"):
                kept = 20 - 12 * (np.array(months) >= "2020-03") + rng.integers(-1, 2, 60)
                for regime, lost in (("vc_2018", 0), ("vc_2019_08", 5)):
                    values = kept - lost * (np.array(months) >= "2019-08")
                    row = {"camp": camp, "set": number, "series": series, "regime": regime, "country": 10.0}
                    rows.append(row | dict(zip(months, values.tolist(), strict=True)))
    pd.DataFrame(rows).to_csv(folder / "months.csv", index=False)
    return ensembles(folder)


def test_the_fall_of_the_epidemic_is_taken_for_the_rule(found: dict[str, Ensemble]) -> None:
    every = all_judged(found)
    whole = [one for one in every if one.until == WHOLE]
    assert len(whole) == 2 * (4 + 1 + 4)  # one camp has a single set
    country = 10.0
    assert all(one.truth == pytest.approx(-5 * country) for one in whole)
    assert all(one.of_kept.effect < -5 * country for one in whole)
    text = series_section(found, every)
    assert "an effect is found in 100% of the series" in text
    assert "holds what the rule did in 0% of those" in text
    # Before the epidemic nothing else happens, and the method is right.
    early = [one for one in every if one.until != WHOLE]
    assert early
    assert all(one.of_changed.effect == pytest.approx(-5 * country, abs=1.5 * country) for one in early)


def test_an_example_and_all_sets_are_drawn(found: dict[str, Ensemble]) -> None:
    mine = [one for one in all_judged(found) if (one.camp, one.until) == ("free", WHOLE)]
    figure = series_figure(mine)
    assert len(figure.axes) == 4
    dotted = next(line for line in figure.axes[0].lines if line.get_linestyle() == ":")
    assert dotted.get_xdata()[0] == 30.5  # between July and August 2019
    truths = [line.get_ydata()[0] for line in figure.axes[1].lines if line.get_linewidth() == 2]
    assert truths == pytest.approx([one.truth for one in mine if one.series == "requests"])


def test_without_months_there_is_no_section() -> None:
    assert series_section(ensembles(SETS), all_judged(ensembles(SETS))) == ""
