"""The skeleton of a paper names files that are in the folder, and its code reads one."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from sim.export.quarto import quarto_text
from sim.export.results import Results


@pytest.mark.parametrize("which", ["paper", "paper_of_run"])
def test_figures_and_sources_are_there(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    text = (folder / "paper.qmd").read_text(encoding="utf-8")
    figures = re.findall(r"\]\((figures/[^)]*)\)\{#fig-", text)
    assert len(figures) == {"paper": 8, "paper_of_run": 0}[which]
    sources = re.search(r"bibliography: \[(.*)\]", text)
    assert sources is not None
    for name in [*figures, *sources[1].split(", ")]:
        assert (folder / name).is_file()
    assert text.startswith(f'---\ntitle: "The Netherlands, 2017-2021"\nlang: {"en" if which == "paper" else "nl"}\n')


def test_the_code_runs(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"```\{python\}\n(.*?)```", (paper / "paper.qmd").read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(paper)
    names: dict[str, pd.DataFrame] = {}
    exec("\n".join(code), names)
    assert len(names["table"]) > 100


def test_captions_are_in_the_language(comparison: Results) -> None:
    assert "Teken: gemiddeld gepaard verschil" in quarto_text(comparison, "nl")
    assert "Mark: mean paired difference" in quarto_text(comparison, "en")
