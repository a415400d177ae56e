"""The shape of a procedure file: tracks, steps and named conditions, as pydantic models.

A *step* is a state in which a person (or a network) can be. Its kind follows from what it has:

* ``by`` : waits for a pool of the authorities, then takes ``takes`` (if given);
* ``takes`` without ``by`` : a clock;
* neither, every branch of ``next`` conditional : a *gate*, which opens when a condition becomes true;
* neither, last branch unconditional : passed through at once;
* no ``next`` : rests until a signal or a hazard moves it, or, with ``final = true``, for good.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, field_validator

from sim.files.document import Document, as_tuple

Status = Literal["read", "secondary", "assumed"]
Term = Literal["none", "national", "eu"]
Actor = Literal[
    "person",
    "trafficker",
    "police",
    "OM",
    "IND",
    "COA",
    "DT&V",
    "CoMensha",
    "court",
    "court of appeal",
    "Council of State",
    "municipality",
    "receiving state",
    "panel",
    "IND, COA, DT&V, care, lawyer",
]


class Title(Document):
    """A title in English and the Dutch term."""

    en: str = Field(min_length=1)
    nl: str = Field(min_length=1)


class Branch(Document):
    """One way on from a step: the first branch whose conditions all hold is taken."""

    to: str
    when: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    why: str = ""

    _tuples = field_validator("when", "signals", "law", mode="before")(as_tuple)


class Change(Document):
    """A change of a trait on entering a step: add to it or set it, by a named parameter."""

    add: str | None = None
    set: str | None = None


class Priority(Document):
    """A rank in the queue of a pool (0 is served first; 2 is the default) for those who meet a condition."""

    when: tuple[str, ...]
    rank: int = Field(ge=0, le=2)

    _tuples = field_validator("when", mode="before")(as_tuple)


class Step(Document):
    """One step of a procedure; see the module text for the kinds."""

    track: str
    title: Title
    actor: Actor
    law: tuple[str, ...] = Field(min_length=1)
    status: Status
    id: tuple[str, ...] = ()
    article: str = ""
    note: str = ""
    by: str | None = None
    takes: str | None = None
    term: Term = "none"
    counted_from: str | None = None
    from_: tuple[str, ...] = Field(default=(), alias="from")
    next: tuple[Branch, ...] = ()
    signals: tuple[str, ...] = ()
    on_start: tuple[str, ...] = ()
    changes: dict[str, Change] = Field(default_factory=dict)
    priority: tuple[Priority, ...] = ()
    final: bool = False

    _tuples = field_validator("law", "id", "from_", "next", "signals", "on_start", "priority", mode="before")(as_tuple)


class Track(Document):
    """One of the parallel state machines of a person or a network."""

    title: Title
    start: str
    entity: Literal["person", "network"] = "person"


class Procedure(Document):
    """A procedure file: its tracks and its steps."""

    track: dict[str, Track]
    step: dict[str, Step]


class Condition(Document):
    """A named condition; the parts that are given must all hold.

    ``at``: now in one of these steps. ``ever``: has been in one of them. ``since``/``over``: a term (a parameter) has
    passed since the last entry of a step. ``from_date``: from this day on. ``trait``/``at_least``: a trait has reached
    the value of a parameter.
    """

    title: str
    at: tuple[str, ...] = ()
    ever: tuple[str, ...] = ()
    since: str | None = None
    over: str | None = None
    from_date: dt.date | None = None
    trait: str | None = None
    at_least: str | None = None
    law: tuple[str, ...] = ()

    _tuples = field_validator("at", "ever", "law", mode="before")(as_tuple)


class Conditions(Document):
    """The file of named conditions."""

    condition: dict[str, Condition]
