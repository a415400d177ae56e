"""The sources: a reader for ``references.bib`` and short human citations.

The file is BibTeX in its plain shape: ``@type{key, name = {text}, ...}``, text in braces, ``%`` comments on
lines of their own between entries. The package reads nothing else, so it needs no BibTeX library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from os import PathLike
from pathlib import Path
from types import MappingProxyType

from sim.files.errors import InputError, nearest
from sim.files.toml import read_text

FILE = Path(__file__).parent / "references.bib"
ACCEPTED = "@type{key, name = {text}, ...}"

_LENT: dict[str, dict[str, str]] = {}
_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^\s,{}]+)\s*,")
_FIELD = re.compile(r"\s*([\w-]+)\s*=\s*\{")
_COMMA = re.compile(r"\s*,")
_END = re.compile(r"\s*\}[ \t]*(?:\n|\Z)")
_SPACE = re.compile(r"\s+")


def reference_keys() -> frozenset[str]:
    """Return the keys of all sources."""
    return frozenset(_shipped())


def lend(entries: Mapping[str, Mapping[str, str]]) -> None:
    """Let sources of a user's own be cited by their keys; `reference_keys` stays the shipped ones.

    Raises
    ------
    InputError
        If a key is that of a shipped source, or was lent with other content.
    """
    for key, entry in entries.items():
        if key in _shipped() or _LENT.get(key, entry) != entry:
            raise InputError("another source has this key", key=key, accepted="another key")
        _LENT[key] = dict(entry)


def reference(key: str) -> dict[str, str]:
    """Return one source.

    Parameters
    ----------
    key
        Its key in ``references.bib``.

    Returns
    -------
    dict
        ``key`` and ``type``, then the fields as in the file (``title``, ``author``, ``url``, ``note``, ...).

    Raises
    ------
    InputError
        If there is no such source.
    """
    entries = {**_LENT, **_shipped()}
    if key not in entries:
        raise InputError("unknown source", file=FILE.name, value=key, nearest=nearest(key, entries))
    return dict(entries[key])


def cite(key: str) -> str:
    """Return a source in a few words: ``WBV 2019/10, Stcrt. 2019, 40593``.

    That is the short title where the file has one, else author, year and title as far as known.

    Raises
    ------
    InputError
        If there is no such source.
    """
    entry = reference(key)
    if "shorttitle" in entry:
        return _plain(entry["shorttitle"])
    parts = [_plain(entry["title"]), entry.get("year", "")]
    if "author" in entry:
        parts = [f"{_authors(entry['author'])} {parts[1]}".strip(), parts[0]]
    return ", ".join(part for part in parts if part)


def read_bib(path: str | PathLike[str]) -> dict[str, dict[str, str]]:
    """Read a bibliography.

    Parameters
    ----------
    path
        A file in the plain shape described above, UTF-8.

    Returns
    -------
    dict
        Key -> fields, with ``key`` and ``type``; white space within a field is one space.

    Raises
    ------
    InputError
        If the file cannot be read, is not in that shape, or has a key or a field twice.
    """
    text = read_text(path, "BibTeX").replace("\r\n", "\n")
    entries: dict[str, dict[str, str]] = {}
    place = _next_entry(text, 0, path)
    while place < len(text):
        entry, place = _entry(text, place, path)
        if entry["key"] in entries:
            raise InputError("a source is given twice", file=path, key=entry["key"])
        entries[entry["key"]] = entry
        place = _next_entry(text, place, path)
    return entries


@cache
def _shipped() -> Mapping[str, dict[str, str]]:
    return MappingProxyType(read_bib(FILE))


def _next_entry(text: str, place: int, path: str | PathLike[str]) -> int:
    """Skip white space and comment lines; return where the next entry starts, or the end of the text."""
    while place < len(text) and text[place] != "@":
        end = text.find("\n", place)
        line = text[place:] if end < 0 else text[place:end]
        if line.strip() and not line.lstrip().startswith("%"):
            found = line.strip()
            raise InputError("neither an entry nor a comment", file=path, value=found, accepted=ACCEPTED)
        place += len(line) + 1
    return place


def _entry(text: str, place: int, path: str | PathLike[str]) -> tuple[dict[str, str], int]:
    """Read the entry that starts at a place; return it and the place after it."""
    head = _ENTRY.match(text, place)
    if head is None:
        raise InputError("not an entry", file=path, value=text[place : place + 40], accepted=ACCEPTED)
    entry = {"key": head[2], "type": head[1].lower()}
    place = head.end()
    while field := _FIELD.match(text, place):
        value, place = _braced(text, field.end(), path, head[2])
        if field[1].lower() in entry:
            raise InputError("a field is given twice", file=path, key=f"{head[2]}.{field[1]}")
        entry[field[1].lower()] = _SPACE.sub(" ", value).strip()
        comma = _COMMA.match(text, place)
        if comma is None:
            break
        place = comma.end()
    end = _END.match(text, place)
    if end is None:
        raise InputError("an entry is not closed", file=path, key=head[2], accepted=ACCEPTED)
    if not entry.get("title"):
        raise InputError("a source has no title", file=path, key=head[2])
    return entry, end.end()


def _braced(text: str, place: int, path: str | PathLike[str], key: str) -> tuple[str, int]:
    """Return the text up to the brace that closes the one before ``place``, and the place after it."""
    depth = 1
    for end in range(place, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[place:end], end + 1
    raise InputError("a brace is not closed", file=path, key=key, accepted=ACCEPTED)


def _authors(text: str) -> str:
    """Return one or two names, or the first and "and others"; a text in braces of its own is one name."""
    if text.startswith("{"):
        return _plain(text)
    surnames = [_plain(name.split(",")[0]) for name in text.split(" and ")]
    return " and ".join(surnames) if len(surnames) <= 2 else f"{surnames[0]} and others"


def _plain(text: str) -> str:
    return text.replace("{", "").replace("}", "")
