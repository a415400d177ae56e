"""Names of files made of names of regimes, that every file system keeps apart."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 80
"""Characters: a file system allows 255 bytes for a name, of which the kind of figure and its group take some."""


def file_parts(names: Iterable[str]) -> dict[str, str]:
    """Return a part of a file name for each name.

    Parameters
    ----------
    names
        Names of regimes, in order, each once.

    Returns
    -------
    dict
        Name to part: letters, digits and ``_ . + -`` of ASCII, at most 80 characters, distinct also where a file
        system takes small and capital letters for the same. What two names share after that gets a number.
    """
    parts: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        part, number = file_part(name), 1
        while part.casefold() in taken:
            number += 1
            part = f"{file_part(name)}-{number}"
        taken.add(part.casefold())
        parts[name] = part
    return parts


def file_part(name: str) -> str:
    """Return the part of a file name for one name; a name that is too long ends in a hash of the whole."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = re.sub(r"[^A-Za-z0-9_.+-]+", "_", plain)
    if len(plain) <= LONGEST:
        return plain
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain[: LONGEST - 9]}-{digest}"
