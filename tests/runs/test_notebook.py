"""A progress bar in a notebook (`sim.runs.notebook`), and short texts for results there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from own_files import SCENARIO, written

import sim
from sim.runs.notebook import in_notebook


class Handle:
    """What a notebook gives to change what is shown."""

    def __init__(self, shown: list[str]) -> None:
        self.shown = shown

    def update(self, page: str) -> None:
        self.shown.append(page)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A stand-in for IPython in the kernel of a notebook: everything that is shown."""
    shown: list[str] = []

    def display(page: str, *, display_id: bool) -> Handle:
        assert display_id
        shown.append(page)
        return Handle(shown)

    shell = type("ZMQInteractiveShell", (), {})()
    ipython, ipython_display = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = lambda: shell  # type: ignore[attr-defined]
    ipython_display.HTML, ipython_display.display = str, display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", ipython_display)
    return shown


@pytest.fixture
def small(tmp_path: Path) -> sim.Scenario:
    return sim.Scenario.load(written(tmp_path, mine=SCENARIO) / "mine.toml")


def test_a_comparison_has_a_bar_that_goes_when_it_is_done(notebook: list[str], small: sim.Scenario) -> None:
    sim.compare(small, replicates=3)
    assert notebook[0].startswith('<progress value="0" max="3"></progress> 0 of 3: preparing the engine')
    assert '<progress value="2" max="3">' in notebook[-2]
    assert notebook[-1] == ""


def test_progress_of_the_callers_own_takes_its_place(notebook: list[str], small: sim.Scenario) -> None:
    told: list[Any] = []
    sim.compare(small, replicates=2, progress=lambda *what: told.append(what))
    assert notebook == []
    assert len(told) == 3


def test_elsewhere_there_is_none(monkeypatch: pytest.MonkeyPatch, small: sim.Scenario) -> None:
    for name in ("TerminalInteractiveShell", "NoneType"):
        ipython = ModuleType("IPython")
        ipython.get_ipython = type(name, (), {})  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        assert not in_notebook()
    monkeypatch.delitem(sys.modules, "IPython")
    assert not in_notebook()


def test_texts_are_short_and_tables_are_shown(small: sim.Scenario) -> None:
    comparison, run = sim.compare(small), sim.run(small, "vc_2018", seed=3, replicate=1)
    texts = {
        "scenario": (small, "<Scenario mine: 2019-07-01 to 2020-02-29, regimes vc_2018, vc_2019_08>"),
        "under": (small.under("H5"), ", under deterred_victims>"),
        "regime": (sim.Regime.load("vc_2019_08+c_66_21"), "<Regime vc_2019_08+c_66_21: "),
        "comparison": (comparison, "<Comparison mine: vc_2018 | vc_2019_08, 2 replicates, seed 20190801>"),
        "run": (run, "<Run mine under vc_2018: "),
    }
    for thing, text in texts.values():
        assert text in repr(thing)
        assert len(repr(thing)) < 300
        page = thing._repr_html_()
        assert page.startswith("<table>")
        assert page.endswith("</table>")
        assert len(page) < 20_000
    assert repr(run).endswith(" moves, seed 3, replicate 1>")
    permits = comparison.measures.query("measure == 'b8_granted' and group == 'all' and regime == 'vc_2018'")
    assert "Received the B8 permit" in comparison._repr_html_()
    assert len(permits) == 1
