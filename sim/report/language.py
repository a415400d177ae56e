"""The language in which a report speaks: a context, as a locale is, so that no function has to hand it on.

The texts of this folder are written in English, where they are used, and said with `say`; ``dutch.toml`` has the Dutch
of each. `sim.report.html` and the tables on the screen are made inside `speaking`; everything else is in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "nl")
_LANGUAGE: ContextVar[str] = ContextVar("b8sim_language", default="en")
_SEPARATORS: Final = str.maketrans(",.", ".,")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say texts and numbers in a language, ``en`` or ``nl``, until the end of the block.

    Raises
    ------
    ValueError
        When there are no texts in it.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no texts in {language!r}; accepted: {', '.join(LANGUAGES)}")
    token = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def spoken() -> str:
    """Return the language that is spoken: ``en`` outside `speaking`."""
    return _LANGUAGE.get()


def say(text: str, **values: object) -> str:
    """Return a text of this package in the language that is spoken, with values for the names in braces.

    Parameters
    ----------
    text
        In English, as a key of ``dutch.toml``.

    Raises
    ------
    LookupError
        When the text has no Dutch.
    """
    if spoken() == "nl":
        if text not in dutch():
            raise LookupError(f"no Dutch for {text!r}")
        text = dutch()[text]
    return text.format(**values) if values else text


def known(text: str) -> str:
    """Return a title or a unit in the language that is spoken; one of the user's own as it is."""
    return dutch().get(text, text) if spoken() == "nl" else text


def digits(text: str) -> str:
    """Return a number as text, written ``1,234.5``, with the separators of the language that is spoken."""
    return text.translate(_SEPARATORS) if spoken() == "nl" else text


@cache
def dutch() -> Mapping[str, str]:
    """Return the Dutch of each text."""
    with Path(__file__).with_name("dutch.toml").open("rb") as file:
        found: dict[str, str] = tomllib.load(file)
    return found
