"""Breaks in the definitions of published series, and which of them a figure crosses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field, field_validator

from sim.evidence.references import reference_keys
from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, raise_all
from sim.files.place import Place
from sim.files.toml import read_toml, validate
from sim.procedures.schema import Title

FILE: Final = Path(__file__).parent / "breaks.toml"


class Break(Document):
    """One table of the file of breaks; see its head."""

    series: tuple[str, ...] = Field(min_length=1)
    from_: dt.date = Field(alias="from")
    what: Title
    source: str

    _tuple = field_validator("series", mode="before")(as_tuple)


class BreaksFile(Document):
    """The file of breaks."""

    break_: dict[str, Break] = Field(alias="break")


@cache
def breaks() -> dict[str, Break]:
    """Return the breaks by name.

    Raises
    ------
    InputError
        If a source is not among the references.
    """
    found = validate(BreaksFile, read_toml(FILE), FILE).break_
    raise_all(_mistakes(found))
    return found


def crossed(series: str, fitted_until: dt.date, until: dt.date) -> list[Break]:
    """Return the breaks of a series between the figures that were fitted and a later one."""
    found = [one for one in breaks().values() if series in one.series and fitted_until < one.from_ <= until]
    return sorted(found, key=lambda one: one.from_)


def _mistakes(found: dict[str, Break]) -> Iterator[InputError]:
    for name, one in found.items():
        if one.source not in reference_keys():
            yield Place(FILE, f"break.{name}.source").unknown("source", one.source, reference_keys())
