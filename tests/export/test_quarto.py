"""The skeleton of a paper names files that are in the folder, its head is YAML, and its code reads a table."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from sim.export.quarto import plain, quarto_text
from sim.export.results import Results


def head_and_text(folder: Path) -> tuple[dict[str, Any], str]:
    """Return the YAML at the head of a skeleton, and the Markdown below it."""
    empty, head, text = (folder / "paper.qmd").read_text(encoding="utf-8").split("---\n", 2)
    assert empty == ""
    loaded: dict[str, Any] = yaml.safe_load(head)
    return loaded, text


@pytest.mark.parametrize("which", ["paper", "paper_of_run"])
def test_figures_and_sources_are_there(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    head, text = head_and_text(folder)
    figures = re.findall(r"\]\((figures/[^)]*)\)\{#fig-", text)
    assert len(figures) == {"paper": 8, "paper_of_run": 0}[which]
    endings = [settings["default-image-extension"] for settings in head["format"].values()]
    assert [*head["format"], *endings] == ["pdf", "html", "pdf", "svg"]
    for name in [*(f"{figure}.{ending}" for figure in figures for ending in endings), *head["bibliography"]]:
        assert (folder / name).is_file()
    assert head["title"] == "The Netherlands, 2017-2021"
    assert head["lang"] == {"paper": "en", "paper_of_run": "nl"}[which]
    assert ("## Resultaten" if which == "paper_of_run" else "## Results") in text


def test_the_code_runs(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"```\{python\}\n(.*?)```", (paper / "paper.qmd").read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(paper)
    names: dict[str, pd.DataFrame] = {}
    exec("\n".join(code), names)
    assert len(names["table"]) > 100


def test_captions_are_in_the_language(comparison: Results) -> None:
    assert "Teken: gemiddeld gepaard verschil" in quarto_text(comparison, "nl")
    assert "Mark: mean paired difference" in quarto_text(comparison, "en")


def test_a_title_stays_a_text(comparison: Results) -> None:
    title = 'A "study" of \\ @who [1], *and* $x$'
    text = quarto_text(dataclasses.replace(comparison, title=title), "en")
    said = yaml.safe_load(text.split("---\n", 2)[1])["title"]
    assert said == r'A "study" of \\ \@who \[1\], \*and\* \$x\$' == plain(title)
    assert re.sub(r"\\([^\w\s])", r"\1", said) == title
