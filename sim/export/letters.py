"""The letters of figures: DejaVu Sans with the characters of European languages, small enough to embed quickly.

matplotlib makes a new part of the whole font for each PDF, which takes longer than the drawing. A part that is made
once holds what figures need; any other character comes from the whole font.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from matplotlib import font_manager

WHOLE: Final = "DejaVu Sans"
PART: Final = "b8sim figures"
_CHARACTERS: Final = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *map(ord, "\N{EN DASH}\N{EM DASH}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"),
    *map(ord, "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{HORIZONTAL ELLIPSIS}\N{MINUS SIGN}"),
    *map(ord, "\N{LEFTWARDS ARROW}\N{RIGHTWARDS ARROW}\N{DOWNWARDS ARROW}\N{EURO SIGN}"),
)
_NAMES: Final = (1, 3, 4, 6, 16)
"""Entries of the table of names that hold the name of the family."""


@cache
def families() -> list[str]:
    """Return the families to draw with, the part first; it is made and handed to matplotlib once in a process."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(font_manager.findfont(WHOLE), recalcTimestamp=False)
    cutter = Subsetter(
        Options(layout_features=[], drop_tables=["GSUB", "GPOS", "GDEF", "kern", "FFTM"], notdef_outline=True)
    )
    cutter.populate(unicodes=_CHARACTERS)
    cutter.subset(font)
    for number in _NAMES:
        font["name"].setName(PART if number != 6 else PART.replace(" ", "-"), number, 3, 1, 0x409)
        font["name"].setName(PART if number != 6 else PART.replace(" ", "-"), number, 1, 0, 0)
    _place.append(TemporaryDirectory(prefix="b8sim-letters-"))
    path = Path(_place[0].name) / "letters.ttf"
    font.save(path)
    font_manager.fontManager.addfont(path)
    return [PART, WHOLE]


_place: list[TemporaryDirectory[str]] = []
"""Where the part is; it goes when the process ends."""
