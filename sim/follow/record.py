"""The story of one person as a table, and as a folder that can be opened again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from sim.report.checksums import write_checksums
from sim.report.folder import write_receipt, write_scenario, write_table, write_text
from sim.runs.comparison import law_changes_table
from sim.runs.naming import distinct, readable

if TYPE_CHECKING:
    from sim.follow.story import Following, Move

STORY: Final = "story.txt"
"""The stories as text, with the rule that made them part."""
COLUMNS: Final = ["regime", "number", "date", "from", "step", "title", "title_nl", "how", "layer", "parts"]


def story_table(told: Following) -> pd.DataFrame:
    """Return the steps of one person under each regime: one row for each.

    ``how``: ``branch``, ``signal``, or ``hazard NAME``; ``layer``: the regime layer whose text the branch belongs to;
    ``parts``: whether the stories differ from this step on (for the baseline, whether any other does).
    """
    firsts = [place for place in told.parted if place is not None]
    parted = [min(firsts, default=None), *told.parted]
    names = distinct([story.name for story in told.stories])
    rows = []
    for name, story, first in zip(names, told.stories, parted, strict=True):
        for number, move in enumerate(story.moves):
            title = story.run.world.statute.first_text(move.to_step).title
            layer = readable(move.version.layer) if move.version is not None else ""
            parts = first is not None and number >= first
            rows.append(
                (name, number, move.date, move.from_step, move.to_step, title.en, title.nl, _how(move), layer, parts)
            )
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(date=pd.to_datetime(table["date"]))


def _how(move: Move) -> str:
    if move.version is not None:
        return "branch"
    return f"hazard {move.cause}" if move.cause else "signal"


def write_story(folder: Path, told: Following) -> None:
    """Write the stories of one person, what the law changed, and what makes them again.

    Parameters
    ----------
    folder
        An existing folder, as from `sim.report.folder.open_folder`.
    told
        From `sim.follow.follow`.
    """
    write_table(folder, "story", told.table)
    if len(told.stories) > 1:
        worlds = [story.run.world for story in told.stories]
        names = distinct([story.name for story in told.stories])
        write_table(folder, "law_changes", law_changes_table(worlds, names), parquet=False)
    write_table(folder, "catalogue", told.stories[-1].run.catalogue, parquet=False)
    write_text(folder, STORY, f"{told.text}\n")
    write_receipt(folder, told.receipt)
    write_scenario(folder, told)
    write_checksums(folder)
