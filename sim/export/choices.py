"""What a caller chooses for the folder of a paper; ``export.json`` there keeps it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, NamedTuple

from sim.files.errors import InputError, nearest

Language = Literal["en", "nl"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nl")


class Licence(NamedTuple):
    """A licence under which the files of the folder can be used."""

    title: str
    address: str


LICENCES: Final = {
    "CC-BY-4.0": Licence("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": Licence("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-SA-4.0": Licence(
        "Creative Commons Attribution Share Alike 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"
    ),
}
"""Licences for the data, by their SPDX names; the first unless another is chosen."""
EVENTS: Final = ("csv", "parquet", "xes", "ocel-json", "ocel-sqlite")
"""Formats of event logs."""
DOI: Final = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]]+")
URL: Final = re.compile(r"https?://[^\s\"{}]+")
LEFT_OUT: Final = {
    "persons": "the table of single synthetic persons: a row of it reads like a portrait",
    "tactics": "moves of networks in event logs, and their tactics as varied: how a trafficker could use the rules",
}
"""What is left out unless it is asked for, and why (see ``docs/care.md``)."""


@dataclass(frozen=True)
class Choices:
    """What goes into the folder, and in which form.

    Attributes
    ----------
    language
        Of figures and LaTeX tables; captions and dictionary are in both.
    decimal_comma
        Also write each table for a Dutch spreadsheet: semicolons, decimal commas.
    include
        What is put in that is left out otherwise: names of `LEFT_OUT`, in their order.
    licence
        Of the tables, figures and texts, by its SPDX name: one of `LICENCES`.
    events
        Formats of event logs, of `EVENTS`; none by default, since a log takes long.
    replicate
        Of which replicate of a comparison the event logs are; None: the first, or that of a run.
    date
        Day on which the folder is made, as ``2019-08-01``: the only date in it that is no date of the model.
    doi, url
        Under which the folder will be found, as reserved with an archive; empty: none.
    """

    language: Language = "en"
    decimal_comma: bool = False
    include: tuple[str, ...] = ()
    licence: str = "CC-BY-4.0"
    events: tuple[str, ...] = ()
    replicate: int | None = None
    date: str = field(default_factory=lambda: dt.date.today().isoformat())
    doi: str = ""
    url: str = ""

    @staticmethod
    def of(
        *,
        language: str = "en",
        decimal_comma: bool = False,
        include: Sequence[str] = (),
        licence: str = "CC-BY-4.0",
        events: Sequence[str] = (),
        replicate: int | None = None,
        date: str | None = None,
        doi: str = "",
        url: str = "",
    ) -> Choices:
        """Return choices that are checked.

        Raises
        ------
        InputError
            When a name is unknown.
        """
        spoken = _known(language, LANGUAGES, "--language")
        wanted = {_known(name, tuple(LEFT_OUT), "--include") for name in include}
        formats = {_known(name, (*EVENTS, "all"), "--events") for name in events}
        if replicate is not None and not formats:
            raise InputError(
                "there are no event logs for it", key="--replicate", value=replicate, accepted="--events beside it"
            )
        return Choices(
            next(known for known in LANGUAGES if known == spoken),
            decimal_comma,
            tuple(name for name in LEFT_OUT if name in wanted),
            _known(licence, tuple(LICENCES), "--licence"),
            tuple(kind for kind in EVENTS if kind in formats or "all" in formats),
            replicate,
            _day(date),
            _matching(doi, DOI, "--doi", "a DOI as 10.5281/zenodo.1234567"),
            _matching(url, URL, "--url", "an address as https://example.org/folder"),
        )

    @staticmethod
    def read(table: Mapping[str, Any]) -> Choices:
        """Return the choices that a receipt of an export names."""
        return Choices.of(**table)

    def table(self) -> dict[str, Any]:
        """Return the choices as a receipt of an export names them."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @property
    def left_out(self) -> dict[str, str]:
        """What is not in the folder, and why."""
        return {name: why for name, why in LEFT_OUT.items() if name not in self.include}


def _day(date: str | None) -> str:
    """Return a date that is given, or today's.

    Raises
    ------
    InputError
        When it is no date.
    """
    if date is None:
        return dt.date.today().isoformat()
    try:
        return dt.date.fromisoformat(date).isoformat()
    except ValueError:
        raise InputError("not a date", key="--date", value=date, accepted="a date as 2019-08-01") from None


def _matching(value: str, pattern: re.Pattern[str], key: str, accepted: str) -> str:
    """Return a text that is empty or has a form.

    Raises
    ------
    InputError
        When it has another one.
    """
    if value and not pattern.fullmatch(value):
        raise InputError("not in this form", key=key, value=value, accepted=accepted)
    return value


def _known(name: str, names: Sequence[str], key: str) -> str:
    if name not in names:
        raise InputError("unknown name", key=key, value=name, accepted=names, nearest=nearest(name, names))
    return name
