"""The skeleton of a paper for Quarto, which reads the folder that it is in."""

from __future__ import annotations

import json
import re
from typing import Final

from sim.export.print_figures import drawings
from sim.export.results import Results

QUARTO: Final = "paper.qmd"
_FIRST: Final = {
    "comparison": "differences", "run": "values", "study": "level_ranges",
    "calibration": "camp_differences", "person": "story",
}  # fmt: skip
"""The table that the skeleton reads, by what was run."""
_OF_ALL: Final = "table.query(\"group == 'all' and world == 'simulated'\")"
_SHOWN: Final = {
    "comparison": _OF_ALL,
    "run": _OF_ALL,
    "study": "table.query(\"world == 'simulated'\")",
    "calibration": _OF_ALL,
    "person": "table",
}


_SAID: Final = {
    "en": (
        "Model", "The model is described in `model/odd.md`; it is b8sim [@b8sim].", "Results",
        "What the intervals do not cover",
        "The intervals cover chance inside the model. They do not cover the doubt about its assumptions "
        "(`tables/assumptions.csv`).",
        "References",
    ),
    "nl": (
        "Model", "Het model staat beschreven in `model/odd.md`; het is b8sim [@b8sim].", "Resultaten",
        "Wat de intervallen niet dekken",
        "De intervallen dekken het toeval in het model. Zij dekken niet de twijfel over zijn aannames "
        "(`tables/assumptions.csv`).",
        "Literatuur",
    ),
}  # fmt: skip
_MARKS: Final = re.compile(r"[\\`*_{}\[\]@$<>^~|&]")
"""What Markdown takes for something else than itself inside a line."""


def quarto_text(results: Results, language: str) -> str:
    """Return the skeleton: figures with their captions, a table that is read from its file, where the text is to go.

    Figures have no extension: a PDF takes those in PDF, a page those in SVG, and nothing has to be converted.
    """
    model, of_model, found, uncovered, of_intervals, sources = _SAID[language]
    title = json.dumps(plain(results.title), ensure_ascii=False)  # also a text of YAML
    head = (
        f"---\ntitle: {title}\nlang: {language}\nbibliography: [model/sources.bib, model/citation.bib]\n"
        "format:\n  pdf:\n    default-image-extension: pdf\n  html:\n    default-image-extension: svg\n"
        "jupyter: python3\nexecute:\n  echo: false\n---\n\n"
    )
    figures = "".join(
        f"![{plain(drawing.caption.nl if language == 'nl' else drawing.caption.en)}]"
        f"(figures/{drawing.name}_170mm){{#fig-{drawing.name.replace('_', '-')}}}\n\n"
        for drawing in drawings(results)
    )
    name = _FIRST[results.kind]
    table = (
        "```{python}\nimport pandas as pd\n\n"
        f'table = pd.read_csv("tables/{name}.csv")\n{_SHOWN[results.kind]}.head(20)\n```\n\n'
    )
    return (
        f"{head}## {model}\n\n{of_model}\n\n## {found}\n\n{figures}{table}"
        f"## {uncovered}\n\n{of_intervals}\n\n## {sources}\n"
    )


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKS.sub(r"\\\g<0>", text)
