"""The passport of a number: value, range, unit, source, and how good the evidence is."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from sim.evidence.references import reference_keys
from sim.files.errors import nearest

Duration = Literal["hours", "days", "working_days", "weeks", "months", "years"]
Unit = Literal[
    "hours",
    "days",
    "working_days",
    "weeks",
    "months",
    "years",
    "per_year",
    "per_working_day",
    "persons_per_year",
    "places",
    "networks",
    "count",
    "probability",
    "level",
    "ratio",
    "log_odds",
    "log_ratio",
]
Grade = Literal["official", "research", "press", "judgement", "assumption"]
Status = Literal["read", "secondary", "assumed"]
Varies = Literal["fixed", "exponential", "lognormal"]

DURATIONS: Final = frozenset(get_args(Duration))
WEAKEST_FIRST: Final = ("assumption", "judgement", "press", "research", "official")
LARGEST: Final = {
    "probability": 1.0,
    "level": 1.0,
    "log_odds": 1000.0,
    "log_ratio": 1000.0,
    "networks": 1e5,
    "per_working_day": 1e9,
    "places": 1e9,
}
"""The largest number that a unit allows, where it is not `LARGEST_OF_OTHERS`; beyond it nothing can be counted."""
LARGEST_OF_OTHERS: Final = 1e6


def accepted_values(unit: str) -> str:
    """Say which values a unit allows at all, whatever is plausible."""
    largest = LARGEST.get(unit, LARGEST_OF_OTHERS)
    if unit in ("log_odds", "log_ratio"):
        return f"a number from {-largest:.0f} to {largest:.0f}"
    return f"a number above 0, at most {largest:.0f}" if unit == "ratio" else f"a number from 0 to {largest:.0f}"


def is_possible(unit: str, value: float) -> bool:
    """Tell whether a unit allows a value at all; see `accepted_values`."""
    largest = LARGEST.get(unit, LARGEST_OF_OTHERS)
    if not math.isfinite(value) or abs(value) > largest:
        return False
    if unit in ("log_odds", "log_ratio"):
        return True
    return value > 0 or (value == 0 and unit != "ratio")


class Passport(BaseModel):
    """One parameter.

    Attributes
    ----------
    value
        What is used; the mean, for a duration that varies between persons.
    low, high
        The plausible range of ``value``; not the spread between persons.
    unit
        Of the three numbers. ``log_ratio`` is the natural logarithm of a factor.
    varies, cv
        How a duration differs between persons; ``cv`` (standard deviation / mean) for ``lognormal`` only.
    source
        Keys of ``references.bib``. For an assumption: what bears on it, if anything.
    grade
        ``official``, ``research``, ``press``: published, or simple arithmetic on what is published.
        ``judgement``: chosen to agree with published figures. ``assumption``: chosen, and nothing published.
    date
        Day, or last day of the period, to which the figure belongs; none for an assumption.
    status
        ``read`` in the source, through a ``secondary`` one, or ``assumed``.
    note
        How the value was come to.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    value: float
    low: float
    high: float
    unit: Unit
    varies: Varies = "fixed"
    cv: float | None = Field(default=None, gt=0)
    source: tuple[str, ...] = ()
    grade: Grade
    date: dt.date | None = None
    status: Status
    note: str = Field(min_length=1)

    @field_validator("source")
    @classmethod
    def _sources_are_known(cls, source: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        known = reference_keys() | set((info.context or {}).get("sources", ()))
        for key in source:
            if key not in known:
                near = nearest(key, known)
                raise ValueError(f"unknown source {key}" + (f", nearest: {near}" if near else ""))
        return source

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        for name, number in (("value", self.value), ("low", self.low), ("high", self.high)):
            if not is_possible(self.unit, number):
                raise ValueError(f"{name} = {number:g} is not {accepted_values(self.unit)} ({self.unit})")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value:g} is not between low {self.low:g} and high {self.high:g}")
        return self

    @model_validator(mode="after")
    def _variation_fits(self) -> Self:
        if self.varies != "fixed" and self.unit not in DURATIONS:
            raise ValueError(f"only a duration can vary between persons, not {self.unit}")
        if self.varies == "fixed" and self.unit in DURATIONS and not self.value.is_integer():
            raise ValueError(f"value {self.value:g} is no whole number, which a duration that does not vary must be")
        if (self.cv is not None) != (self.varies == "lognormal"):
            raise ValueError("cv belongs to varies = lognormal, and to nothing else")
        return self

    @model_validator(mode="after")
    def _evidence_fits(self) -> Self:
        if self.grade == "assumption":
            if self.status != "assumed":
                raise ValueError("the status of an assumption is assumed")
            return self
        if not self.source or self.date is None:
            raise ValueError(f"grade {self.grade} needs a source and a date")
        if self.status == "assumed" and self.grade != "judgement":
            raise ValueError(f"a figure that is assumed has grade judgement or assumption, not {self.grade}")
        return self

    @property
    def relative_width(self) -> float:
        """Width of the range in parts of the value; for logarithms the width, which is relative already."""
        width = self.high - self.low
        if width == 0 or self.unit in ("log_odds", "log_ratio"):
            return width
        return width / abs(self.value) if self.value else math.inf
