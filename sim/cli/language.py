"""The language that a user asks for with ``--language``."""

from __future__ import annotations

from sim.files.errors import InputError, nearest
from sim.report.language import LANGUAGES


def language_of(given: str) -> str:
    """Return the language that a user asks for.

    Raises
    ------
    InputError
        When there are no texts in it.
    """
    language = given.strip().casefold()
    if language not in LANGUAGES:
        raise InputError(
            "unknown language", key="--language", value=given, accepted="en, nl", nearest=nearest(language, LANGUAGES)
        )
    return language
