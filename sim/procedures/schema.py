"""The shape of a procedure file: tracks, steps and named conditions, as pydantic models.

A *step* is a state in which a person (or a network) can be. Its keys determine its `Kind`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, PrivateAttr, field_validator

from sim.files.document import Document, as_tuple
from sim.procedures.conditions import Criterion, Signal, StepId, TraitName

Status = Literal["read", "secondary", "assumed"]
Term = Literal["none", "national", "eu"]
Binds = Literal["exact", "at_most", "at_least", "practice"]
"""How the time of a step binds: to its last day; who acts may act sooner; or later; no rule says how long it takes."""
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


def in_both_languages(given: object) -> object:
    """Return a title that is given as one text as the same text in both languages, and anything else as it is."""
    return {"en": given, "nl": given} if isinstance(given, str) else given


class Kind(StrEnum):
    """The kind of a step, by what ends it."""

    QUEUE = "queue"
    """``by``: queues for a pool of the authorities, then takes ``takes`` (if given)."""
    CLOCK = "clock"
    """``takes`` without ``by``: the time ends."""
    GATE = "gate"
    """Neither, every branch conditional: opens when a condition becomes true."""
    PASSED = "step passed through"
    """Neither, last branch unconditional: left on the day on which it is entered."""
    RESTING = "resting place"
    """No ``next``: left by a signal or a hazard, or, with ``final = true``, never."""


@dataclass(frozen=True)
class Reason:
    """The reason for a change by a layer.

    ``kind`` (step, decision, hazard, fact or parameter) and ``name`` identify the target, ``keys`` the changed keys.
    """

    layer: str
    kind: str
    name: str
    keys: tuple[str, ...]
    why: str
    law: tuple[str, ...]
    status: Status


class Branch(Document):
    """One way on from a step: the first branch whose conditions all hold is taken.

    A chronology asks two things more of it. ``after_term``: it opens only when the term of the step has ended, though
    other ways on may be taken sooner. ``unusual``: nobody may take it for granted that it was taken.
    """

    to: StepId
    when: tuple[Criterion, ...] = ()
    signals: tuple[Signal, ...] = ()
    law: tuple[str, ...] = ()
    why: str = ""
    after_term: bool = False
    unusual: bool = False

    _made_by: Reason | None = PrivateAttr(default=None)
    _tuples = field_validator("when", "signals", "law", mode="before")(as_tuple)

    @property
    def enters(self) -> tuple[StepId, ...]:
        """The step it leads to and those it sets off."""
        return self.to, *(signal.step for signal in self.signals)

    @property
    def made_by(self) -> Reason | None:
        """The last amendment that wrote the branch or its conditions; None: the base text."""
        return self._made_by

    def by(self, reason: Reason) -> Self:
        """Return the branch with its amendment as the origin."""
        copy = self.model_copy()
        copy._made_by = reason
        return copy

    def __eq__(self, other: object) -> bool:
        """Return whether two branches have the same content; their origin does not count."""
        return isinstance(other, Branch) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())

    def _content(self) -> tuple[object, ...]:
        return self.to, self.when, self.signals, self.law, self.why, self.after_term, self.unusual

    def within(self, procedure: str) -> Self:
        """Return the branch with every step by its full name."""
        update = {
            "to": self.to.within(procedure),
            "when": tuple(criterion.within(procedure) for criterion in self.when),
            "signals": tuple(signal.within(procedure) for signal in self.signals),
        }
        return self.model_copy(update=update)


class Change(Document):
    """A change of a trait on entering a step: add to it or set it, by a named parameter."""

    add: str | None = None
    set: str | None = None


class Priority(Document):
    """A rank in the queue of a pool (0 is served first; 2 is the default) for those who meet a condition."""

    when: tuple[Criterion, ...]
    rank: int = Field(ge=0, le=2)

    _tuples = field_validator("when", mode="before")(as_tuple)

    def within(self, procedure: str) -> Self:
        """Return the rank with every step by its full name."""
        return self.model_copy(update={"when": tuple(criterion.within(procedure) for criterion in self.when)})


class Step(Document):
    """One step of a procedure.

    ``takes_at_most`` is a limit that the law sets to what varies: it cuts ``takes``, from the day on which that begins.
    ``binds`` says how ``takes``, or its limit, binds in a chronology, and ``unusual`` that nobody may take it for
    granted that the step was entered.
    """

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
    takes_at_most: str | None = None
    binds: Binds | None = None
    term: Term = "none"
    counted_from: StepId | None = None
    from_: tuple[StepId, ...] = Field(default=(), alias="from")
    next: tuple[Branch, ...] = ()
    signals: tuple[Signal, ...] = ()
    on_start: tuple[Signal, ...] = ()
    changes: dict[TraitName, Change] = Field(default_factory=dict)
    priority: tuple[Priority, ...] = ()
    final: bool = False
    unusual: bool = False

    _tuples = field_validator("law", "id", "from_", "next", "signals", "on_start", "priority", mode="before")(as_tuple)

    @property
    def kind(self) -> Kind:
        """The kind of this step."""
        if self.by is not None:
            return Kind.QUEUE
        if self.takes is not None:
            return Kind.CLOCK
        if not self.next:
            return Kind.RESTING
        return Kind.GATE if self.next[-1].when else Kind.PASSED

    @property
    def asks(self) -> tuple[Criterion, ...]:
        """Every criterion of every branch, in their order."""
        return tuple(criterion for branch in self.next for criterion in branch.when)

    @property
    def sets_off(self) -> frozenset[StepId]:
        """The steps it sets off when it is entered."""
        return frozenset(signal.step for signal in self.signals)

    def all_signals(self) -> Iterator[Signal]:
        """Yield every signal that the step sends: on entry, when its work starts, with a branch."""
        yield from (*self.signals, *self.on_start)
        for branch in self.next:
            yield from branch.signals

    def within(self, procedure: str) -> Self:
        """Return the step with its track and every step in it by their full names."""
        update: dict[str, object] = {
            "track": StepId(self.track).within(procedure),
            "counted_from": None if self.counted_from is None else self.counted_from.within(procedure),
            "from_": tuple(step.within(procedure) for step in self.from_),
        }
        for key in ("next", "signals", "on_start", "priority"):
            update[key] = tuple(part.within(procedure) for part in getattr(self, key))
        return self.model_copy(update=update)


class Track(Document):
    """One of the parallel state machines of a person or a network."""

    title: Title
    start: StepId
    entity: Literal["person", "network"] = "person"

    def within(self, procedure: str) -> Self:
        """Return the track with its first step by its full name."""
        return self.model_copy(update={"start": self.start.within(procedure)})


class Procedure(Document):
    """A procedure file: its tracks and its steps."""

    track: dict[str, Track]
    step: dict[str, Step]


class Condition(Document):
    """A named condition; the parts that are given must all hold.

    ``at``: now in one of these steps. ``ever``: has been in one of them. ``since``/``over``: a term (a parameter) has
    passed since the last entry of a step; ``term`` says how it ends at a weekend, as in a step. ``from_date``: from
    this day on. ``trait``/``at_least``: a trait has reached the value of a parameter. ``trait``/``during``: the person
    has a trait, and an external event goes on.
    """

    title: str
    at: tuple[StepId, ...] = ()
    ever: tuple[StepId, ...] = ()
    since: StepId | None = None
    over: str | None = None
    term: Term = "none"
    from_date: dt.date | None = None
    trait: str | None = None
    at_least: str | None = None
    during: str | None = None
    law: tuple[str, ...] = ()

    _tuples = field_validator("at", "ever", "law", mode="before")(as_tuple)

    @property
    def parts(self) -> int:
        """The number of parts, which must all hold."""
        return sum(bool(part) for part in (self.at, self.ever, self.since, self.from_date, self.trait))


class Conditions(Document):
    """The file of named conditions."""

    condition: dict[str, Condition]
