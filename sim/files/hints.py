"""What was probably meant by a line that is not TOML: a comma for a point, a date in another order, a bare word."""

from __future__ import annotations

import datetime as dt
import re

_START = r"(?:^|[\s=\[,{])"
_END = r"(?=$|[\s,\]}#])"


def hint(line: str) -> str | None:
    """Return how TOML writes what the line seems to mean, or None when nothing is known of it."""
    if "=" not in line and re.fullmatch(r"\[.*|[\w.-]+", line):
        return None  # the head of a table, or a key without a value
    value = line.partition("=")[2] if "=" in line else line
    for pattern, words in _HINTS:
        found = re.search(_START + pattern + _END, value)
        if found:
            return words(found)
    return None


def _date(day: str, month: str, year: str) -> str:
    if int(month) > 12 >= int(day):
        day, month = month, day
    try:
        return f"a date as year-month-day: {dt.date(int(year), int(month), int(day))}"
    except ValueError:
        return "a day that exists"


_WORDS = {"yes": "true", "ja": "true", "on": "true", "aan": "true", "y": "true", "j": "true"}
_WORDS |= {"no": "false", "nee": "false", "off": "false", "uit": "false", "n": "false"}


def _bare_word(found: re.Match[str]) -> str:
    word = found[1]
    plain = word.casefold()
    if plain in _WORDS or plain in ("true", "false"):
        return f"{_WORDS.get(plain, plain)}, in small letters and without quotes"
    if plain in ("none", "null", "nil"):
        return "a value; a key that has none is left out"
    return f'text in quotes: "{word}"'


_HINTS = (
    (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", lambda m: _date(m[1], m[2], m[3])),
    (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", lambda m: _date(m[3], m[2], m[1])),
    (r"([+-]?\d+(?:[.,]\d+)?) ?%", lambda m: f"a share from 0 to 1: {float(m[1].replace(',', '.')) / 100:g}"),
    (r"([+-]?\d{1,3}(?:\.\d{3})+),(\d+)", lambda m: f"a number with a point: {m[1].replace('.', '')}.{m[2]}"),
    (r"([+-]?\d{1,3}(?:,\d{3})+)\.(\d+)", lambda m: f"a number with a point: {m[1].replace(',', '')}.{m[2]}"),
    (r"([+-]?\d+),(\d+)", lambda m: f"a number with a point: {m[1]}.{m[2]}"),
    (r"([+-]?)0+(\d+)", lambda m: f"a number without zeros before it: {m[1]}{m[2]}"),
    (r"([+-]?)(\d*)\.(\d*)", lambda m: f"digits on both sides of the point: {m[1]}{m[2] or 0}.{m[3] or 0}"),
    (r"([A-Za-z][\w.+-]*)", _bare_word),
)
"""What people write, the most particular first, and how TOML writes it."""
