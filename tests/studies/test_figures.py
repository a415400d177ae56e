"""The figures of analyses (sim.studies.figures): what is in them, the same bytes each time, and in three kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_samples import made

from sim.report.style import figure_bytes, save_figure
from sim.studies.crossing import Crossing, Search, Tried
from sim.studies.discovery import Discovery, _leaves, box_of
from sim.studies.factors import Factor
from sim.studies.figures import (
    crossing_figure,
    discovery_figure,
    proposals_figure,
    robustness_figure,
    sensitivity_figure,
    shares_figure,
    tornado_figure,
)
from sim.studies.sensitivity import INERT

RECEIPT = {"version": "0", "scenario": "small", "seed": 1, "replicates": 2}
FACTOR = Factor("report.base", 0.0, 1.0, 0.5, "log_odds")


def sensitivity_table() -> pd.DataFrame:
    rows = [("report.base", "pawn", 0.3, 0.2, 0.4), (INERT, "pawn", 0.1, 0.05, 0.12)]
    return pd.DataFrame(rows, columns=["factor", "index", "value", "low", "high"])


def tornado_table() -> pd.DataFrame:
    rows = [("the scenario", np.nan, -3.0, -4.0, -2.0, 0.0, 0.0, 0.0), ("report.base", 0.5, -5, -6, -4, -2, -3, -1),
            ("report.base", 2.5, -1, -2, 0, 2, 1, 3)]  # fmt: skip
    return pd.DataFrame(
        rows, columns=["factor", "at", "difference", "low", "high", "change", "change_low", "change_high"]
    )


def discovery() -> Discovery:
    sample = made(np.random.default_rng(1).random((40, 2)), lambda u: u[:, 0])
    wanted = sample.mean > 0.6
    box = box_of(np.array([0.6, -np.inf]), np.full(2, np.inf), sample.values, wanted)
    limits = pd.DataFrame({"factor": ["a"], "low": [0.6], "high": [1.0], "range_low": [0.0], "range_high": [1.0],
                           "density_without": [0.4]})  # fmt: skip
    quality = pd.DataFrame({"statistic": ["coverage"], "value": [1.0], "low": [0.9], "high": [1.0]})
    leaves = _leaves(sample.values, wanted, sample.factors)
    return Discovery(sample, wanted, "it is above 0.6", box, [box], limits, quality, leaves)


def robustness_table() -> pd.DataFrame:
    rows = [("reports", "more", r, 1.0 + k, k, k, 2.0 * k, 1.0 - k) for k, r in enumerate(("vc_2018", "mine"))]
    columns = ["measure", "wish", "regime", "regret", "regret_low", "regret_high", "high_regret", "best_share"]
    return pd.DataFrame(rows, columns=columns)


def proposals_table() -> pd.DataFrame:
    rows = [("reporting", "reports", "mine", "vc_2018", -1.0, -2.0, 0.5)]
    return pd.DataFrame(rows, columns=["area", "measure", "regime", "against", "difference", "low", "high"])


def searches() -> list[Search]:
    tried = tuple(Tried(x, x - 0.4, x - 0.6, x - 0.2) for x in (0.0, 0.5, 1.0))
    return [
        Search(FACTOR, "vc_2018", 28.0, tried, (Crossing(0.4, 0.2, 0.6, True),)),
        Search(FACTOR, "mine", 28.0, tried, ()),
    ]


def shares_table() -> pd.DataFrame:
    rows = [("Permits", "rule", -3.0, -4.0, -2.0), ("Permits", "all", -5.0, -6.0, -4.0)]
    return pd.DataFrame(rows, columns=["measure", "driver", "contribution", "low", "high"])


FIGURES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "sensitivity": (
        lambda: sensitivity_figure(sensitivity_table(), "x", RECEIPT),
        ("report.base", "What decides x", INERT),
    ),
    "tornado": (
        lambda: tornado_figure(tornado_table(), "x", RECEIPT),
        ("report.base\n0.5 to 2.5", "One factor at a time: x"),
    ),
    "box": (lambda: discovery_figure(discovery(), RECEIPT), ("a", "b", "0.6 to 1", "Where it is above 0.6")),
    "robustness": (
        lambda: robustness_figure(robustness_table(), RECEIPT),
        ("vc_2018", "mine", "reports: more is wished"),
    ),
    "crossing": (
        lambda: crossing_figure(searches(), "x", RECEIPT, -1.0),
        ("report.base (log_odds)", "vc_2018", "mine"),
    ),
    "proposals": (lambda: proposals_figure(proposals_table(), RECEIPT), ("mine", "reporting: reports, less vc_2018")),
}


FIGURES["shares"] = (lambda: shares_figure(shares_table(), RECEIPT), ("Permits", "rule", "all"))


def texts(figure: Any) -> set[str]:
    from matplotlib.text import Text

    return {text.get_text() for text in figure.findobj(Text)}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_shows_and_where_it_comes_from(name: str) -> None:
    draw, words = FIGURES[name]
    found = texts(draw())
    assert set(words) <= found
    assert any(text.startswith("b8sim 0 · scenario small · seed 1") for text in found)


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_table_gives_the_same_files(name: str, tmp_path: Path) -> None:
    draw, _ = FIGURES[name]
    one = save_figure(draw(), tmp_path, name, ("png", "svg", "pdf"))
    assert [path.suffix for path in one] == [".png", ".svg", ".pdf"]
    for path in one:
        assert path.read_bytes() == figure_bytes(draw(), path.suffix[1:])
