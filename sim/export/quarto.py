"""The skeleton of a paper for Quarto, which reads the folder that it is in."""

from __future__ import annotations

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


def quarto_text(results: Results, language: str) -> str:
    """Return the skeleton: figures with their captions, a table that is read from its file, where the text is to go."""
    title = results.title.replace('"', "'")
    head = (
        f'---\ntitle: "{title}"\nlang: {language}\nbibliography: [model/sources.bib, model/citation.bib]\n'
        "format:\n  pdf: default\n  html: default\njupyter: python3\nexecute:\n  echo: false\n---\n\n"
    )
    figures = "".join(
        f"![{drawing.caption.nl if language == 'nl' else drawing.caption.en}]"
        f"(figures/{drawing.name}_170mm.svg){{#fig-{drawing.name.replace('_', '-')}}}\n\n"
        for drawing in drawings(results)
    )
    name = _FIRST[results.kind]
    table = (
        "```{python}\nimport pandas as pd\n\n"
        f'table = pd.read_csv("tables/{name}.csv")\n{_SHOWN[results.kind]}.head(20)\n```\n\n'
    )
    return (
        f"{head}## Model\n\nThe model is described in `model/odd.md`; it is b8sim [@b8sim].\n\n"
        f"## Results\n\n{figures}{table}"
        "## What the intervals do not cover\n\nThe intervals cover chance inside the model. They do not cover the "
        "doubt about its assumptions (`tables/assumptions.csv`).\n\n## References\n"
    )
