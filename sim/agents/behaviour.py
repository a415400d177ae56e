"""Decisions, hazards and pools: the shape of ``behaviour.toml`` and ``authorities.toml``, and their reader."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.documents import read_toml, validate
from sim.procedures.schema import Document, Title, _as_tuple

FOLDER = Path(__file__).parent


class Decision(Document):
    """A decision of a person or an authority: exactly one of a chance, a chance by group, or a logit."""

    who: str
    at: tuple[str, ...] = Field(min_length=1)
    law: tuple[str, ...] = Field(min_length=1)
    chance: str | None = None
    chance_by: dict[str, str] | None = None
    logit: dict[str, str] | None = None

    _tuples = field_validator("at", "law", mode="before")(_as_tuple)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum(form is not None for form in (self.chance, self.chance_by, self.logit)) != 1:
            raise ValueError("needs exactly one of chance, chance_by, logit")
        return self


class Hazard(Document):
    """A thing that may happen at any day: a yearly rate, times a ratio for each factor.

    ``grows_per_year`` : the rate grows by exp(growth x years since the step in ``at`` was entered); negative: it fades.
    """

    who: str
    at: tuple[str, ...] = Field(min_length=1)
    to: str
    law: tuple[str, ...] = Field(min_length=1)
    per_year: str
    when: tuple[str, ...] = ()
    times: dict[str, str] = Field(default_factory=dict)
    grows_per_year: str | None = None

    _tuples = field_validator("at", "law", "when", mode="before")(_as_tuple)


class Behaviour(Document):
    """The file of decisions and hazards."""

    decision: dict[str, Decision]
    hazard: dict[str, Hazard] = Field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a behaviour file; the shipped one by default.

        Raises
        ------
        InputError
            When the file is not as it should be.
        """
        path = path or FOLDER / "behaviour.toml"
        return validate(cls, read_toml(path), path)


class Pool(Document):
    """A pool of an authority: ``staff`` starts so many cases a working day, ``places`` holds so many at once."""

    title: Title
    kind: Literal["staff", "places"]
    capacity: str


class Authorities(Document):
    """The file of pools."""

    pool: dict[str, Pool]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a file of pools; the shipped one by default.

        Raises
        ------
        InputError
            When the file is not as it should be.
        """
        path = path or FOLDER / "authorities.toml"
        return validate(cls, read_toml(path), path)
