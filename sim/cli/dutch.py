"""The tables on the terminal in Dutch: their heads, titles, units, numbers and the few words in their cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.files.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES: Final = ("en", "nl")

WORDS: Final[Mapping[str, str]] = {
    "Measure": "Maat",
    "Unit": "Eenheid",
    "Difference": "Verschil",
    "95% interval": "95%-interval",
    "Range over fitted sets": "Bereik over passende sets",
    "Lower / same / higher": "Lager / gelijk / hoger",
    "measure": "maat",
    "world": "wereld",
    "unit": "eenheid",
    "value": "waarde",
    "simulated": "gesimuleerd",
    "recorded": "geregistreerd",
    "persons": "personen",
    "entries": "keren",
    "cases": "zaken",
    "days": "dagen",
    "networks": "netwerken",
    "share": "aandeel",
    "ratio": "verhouding",
    "share; difference in percentage points": "aandeel; verschil in procentpunten",
    "not defined": "niet bepaald",
    "one replicate, none": "één replicatie, geen",
    "the same in each, none": "in alle gelijk, geen",
    "too few differ, none": "te weinig verschillen, geen",
    "Measures for everyone": "Maten voor iedereen",
}
"""Whole cells, heads and titles; what is not here is left as it is, as a unit of the user's own."""

_NUMBER = re.compile(r"(?<![\w.])[+\N{MINUS SIGN}-]?\d[\d,]*(?:\.\d+)?%?(?![\w.])")
_PAIR = re.compile(rf"({_NUMBER.pattern}) (to|of) ({_NUMBER.pattern})")


def language_of(given: str) -> str:
    """Return the language that a user asks for.

    Raises
    ------
    InputError
        When there are no tables in it.
    """
    language = given.strip().casefold()
    if language not in LANGUAGES:
        raise InputError(
            "unknown language", key="--language", value=given, accepted="en, nl", nearest=nearest(language, LANGUAGES)
        )
    return language


def cell(text: str, language: str) -> str:
    """Return a cell, a head or a unit of a table in a language.

    Parameters
    ----------
    text
        In English: a word of `WORDS`, a number, ``12 of 20`` or ``1.5 to 2.5``; anything else is left as it is.
    language
        ``en`` or ``nl``.
    """
    if language == "en":
        return text
    if text in WORDS:
        return WORDS[text]
    if _NUMBER.fullmatch(text):
        return _number(text)
    pair = _PAIR.fullmatch(text)
    if pair is None:
        return text
    return f"{_number(pair[1])} {'tot' if pair[2] == 'to' else 'van'} {_number(pair[3])}"


def titles(catalogue: pd.DataFrame, language: str) -> dict[str, str]:
    """Return the title of each measure in a language, by its English title."""
    column = "title_nl" if language == "nl" and "title_nl" in catalogue else "title"
    return dict(zip(catalogue["title"], catalogue[column], strict=True))


def compared(reform: str, baseline: str, language: str) -> str:
    """Return the title of the table of a reform."""
    if language == "nl":
        return f"{reform} vergeleken met {baseline}: dezelfde mensen onder beide"
    return f"{reform} compared with {baseline}: the same people under both"


def _number(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))
