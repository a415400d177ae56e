"""The page that says what is in the folder of a paper and how to make it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.export.captions import ground
from sim.export.choices import LICENCES, Choices
from sim.export.pieces import Piece
from sim.export.results import Results

README: Final = "README.md"
_PLACES: Final = {
    "tables/": "tables as CSV and Parquet; `contents.csv` names every file and of which others it is made",
    "tables/decimal_comma/": "the same with semicolons and decimal commas, for a Dutch spreadsheet",
    "latex/": "tables with booktabs and siunitx; `tables.tex` is a document with all of them",
    "figures/": "figures as PDF and SVG, 85 and 170 mm wide",
    "events/": "event logs of one replicate, one for each world and one of all together",
    "model/": "the model described after ODD+D, STRESS and TRACE; the sources",
    "story.txt": "the story of one synthetic person under each regime",
    "paper.qmd": "the skeleton of a paper for Quarto",
    "captions": "what to write under each table and figure, in English and Dutch",
    "CITATION.cff": "how to cite this folder; the authors are yours to put in",
    "inputs/": "the scenario or study as it was run, and the user's own files",
    "receipt.json": "what made the numbers",
    "export.json": "what made this folder of them",
}


def readme_text(results: Results, choices: Choices, pieces: Sequence[Piece]) -> str:
    """Return the page, in English with a summary in Dutch."""
    paths = [piece.path for piece in pieces]
    rows = [f"| `{place}` | {text} |" for place, text in _PLACES.items() if any(p.startswith(place) for p in paths)]
    rows += [
        "| `ro-crate-metadata.json` | what made what, as RO-Crate 1.2 (Process Run Crate) |",
        "| `datapackage.json`, `csvw-metadata.json` | what each column holds, in English and Dutch |",
        "| `checksums.sha256` | the SHA-256 of every file: `sha256sum -c checksums.sha256` |",
    ]
    left_out = "".join(f"\n- `{name}`: {why}." for name, why in choices.left_out.items())
    licence, said = LICENCES[choices.licence], ground(results)
    regimes = "".join(f"\n- `{name}`: {title.en}" for name, title in results.titles.regimes.items())
    return (
        f"# {results.title}\n\n{said.en} The people are synthetic; no row is about a real person.\n\n"
        f"Regimes:\n{regimes}\n\n| file | what it holds |\n| --- | --- |\n" + "\n".join(rows) + "\n\n"
        f"Left out:\n{left_out or ' nothing'}\n\n"
        "Make it again, with the version of b8sim that `receipt.json` names:\n\n```sh\nb8sim reproduce .\n```\n\n"
        f"Licence of these files: {licence.title} ({licence.address}).\n\n"
        f"## In het Nederlands\n\n{said.nl} De mensen zijn synthetisch; geen rij gaat over een echte persoon. Titels, "
        "onderschriften (`captions.nl.md`) en de betekenis van elke kolom (`datapackage.json`) zijn er ook in het "
        "Nederlands.\n"
    )
