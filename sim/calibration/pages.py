"""``python -m sim.calibration.pages DOCS [SETS]`` writes the pages on fitted sets; `make validation` calls it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sim.calibration.camps_page import camps_page
from sim.calibration.ensembles import Ensemble, ensembles
from sim.calibration.page_figures import series_figure, validation_figure
from sim.calibration.segmented import Judged
from sim.calibration.series_page import FIGURE as SERIES_FIGURE
from sim.calibration.series_page import FIGURE_OF, WHOLE, all_judged
from sim.calibration.validation_page import validation_page
from sim.files.errors import InputError

VALIDATION, CAMPS = "validation.md", "two-camps.md"
FIGURE: Final = "validation.png"


def pages(found: Mapping[str, Ensemble], every: Sequence[Judged]) -> dict[str, str]:
    """Return the text of each page by its name; ``every``: what an interrupted time series says, of `all_judged`."""
    texts = {VALIDATION: validation_page(found, every), CAMPS: camps_page(found)}
    return {name: text.rstrip() + "\n" for name, text in texts.items()}


def write_pages(docs: Path, sets: Path | None = None) -> None:
    """Write both pages and their figures.

    Parameters
    ----------
    docs
        The folder of the manual.
    sets
        A folder of fitted sets; the shipped ones by default.
    """
    found = ensembles(sets)
    every = all_judged(found)
    for name, text in pages(found, every).items():
        (docs / name).write_text(text, encoding="utf-8", newline="\n")
    validation_figure(found).savefig(docs / FIGURE, dpi=110, metadata={"Software": None})
    drawn = [one for one in every if (one.camp, one.until) == (FIGURE_OF, WHOLE)]
    if drawn:
        series_figure(drawn).savefig(docs / SERIES_FIGURE, dpi=110, metadata={"Software": None})


def main(words: list[str]) -> int:
    """Write the pages into a folder."""
    if len(words) not in (1, 2):
        sys.stderr.write("python -m sim.calibration.pages DOCS [SETS]\n")
        return 2
    try:
        write_pages(Path(words[0]), Path(words[1]) if len(words) == 2 else None)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
