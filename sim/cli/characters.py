"""What a screen shows that lacks a character: a plain one of the same meaning, before any escape."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from typing import Final

PLAIN: Final = {
    "\N{MINUS SIGN}": "-",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{MIDDLE DOT}": "-",
    "\N{BULLET}": "*",
    "\N{CHECK MARK}": "+",
    "\N{BALLOT X}": "x",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{SECTION SIGN}": "par.",
}
"""A number with a minus sign must stay a number where the terminal or the file has no true minus sign."""
HANDLER: Final = "b8sim.plain"


def plain_characters() -> None:
    """Let standard output and standard error write a plain character for one that their encoding lacks."""
    codecs.register_error(HANDLER, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what is written for characters that cannot be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(map(_one, text)), error.end


def _one(character: str) -> str:
    if character in PLAIN:
        return PLAIN[character]
    # A letter without its accent, such as the e of a name; an escape for what has no letter at all.
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode("ascii")
    return letters or character.encode("ascii", "backslashreplace").decode("ascii")
