"""What of a scenario has dates: external events, programmes, capacities that change, and the history before it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.files.document import Document, as_tuple

Shock = Literal["registration_stopped", "transfers_stopped", "transfers_to_italy_stopped", "fewer_controls"]
Capacity = Annotated[float, Field(ge=0, le=1e9)]
"""Cases started on a working day, or places."""
NO_HISTORY: Final = "start"
"""Value of ``history_from`` of a scenario without a history, for one that extends a scenario with one."""


class Event(Document):
    """An external event, such as the stop of transfers in 2020; both days are included."""

    name: Shock
    from_: dt.date = Field(alias="from")
    until: dt.date
    law: tuple[str, ...] = Field(min_length=1)
    status: Literal["read", "secondary", "assumed"]
    on: bool = True

    _tuples = field_validator("law", mode="before")(as_tuple)


class DatedCapacity(Document):
    """A capacity from a day on: a number, or what the parameter of the pool is multiplied by (a parameter's name).

    ``until``: the last day; after it, what an earlier entry says that goes on, or else the parameter of the pool.
    """

    from_: dt.date = Field(alias="from")
    until: dt.date | None = None
    value: Capacity | None = None
    times: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.value is None) == (self.times is None):
            raise ValueError("takes value (a number) or times (the name of a parameter), one of the two")
        if self.until is not None and self.until < self.from_:
            raise ValueError(f"until {self.until} lies before from {self.from_}")
        return self


class Programme(Document):
    """A programme of the authorities that multiplies capacities from a day on; both days are included."""

    name: str = Field(min_length=1)
    from_: dt.date = Field(alias="from")
    until: dt.date | None = None
    capacity_times: dict[str, str]
    law: tuple[str, ...] = Field(min_length=1)
    status: Literal["read", "secondary", "assumed"]
    on: bool = True

    _tuples = field_validator("law", mode="before")(as_tuple)


def history_day(value: Any) -> Any:
    """Return the day from which people arrive, given as a date, text, a year, or ``"start"`` for no history.

    Raises
    ------
    ValueError
        When it is none of these.
    """
    return None if value == NO_HISTORY else _day(value, f', or "{NO_HISTORY}" for no history')


def day_or_year(value: Any) -> Any:
    """Return a day given as a date, text or a year.

    Raises
    ------
    ValueError
        When it is none of these.
    """
    return _day(value, "")


def _day(value: Any, or_else: str) -> Any:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and dt.MINYEAR <= value <= dt.MAXYEAR:
        return dt.date(value, 1, 1)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and len(value) == len("2019-08-01"):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    comma = "," if or_else else " or"
    raise ValueError(f"takes a year such as 2012{comma} a date such as 2012-01-01{or_else}")
