"""What the law and behaviour files say in short texts, parsed once into typed values.

``"not at b8.permit"`` becomes ``Criterion(At(StepId("b8.permit")), negated=True)``, ``"network:control.threatens"`` a
`Signal`, ``"fear * load avim.report"`` a `Product`. No other module takes such texts apart. Every value gives its text
back with ``str``, and a pydantic model can have it as the type of a field. Whether the names in it exist is for
`sim.procedures.vocabulary` to say.

A new kind of condition needs a class here, its rows in ``sim/compile/numbering.py``, its value in
``sim/engine/decisions.py`` and its truth in ``sim/replay/known.py``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Address = Literal["", "network", "victims"]
"""To whom a signal goes: the person itself, its network, or the victims of a network."""
ADDRESSES: Final[tuple[str, ...]] = tuple(address for address in get_args(Address) if address)
NOT: Final = "not "


class StepId(str):
    """The full name of a step: the procedure file in which it is, a dot, its name there (``b8.report``)."""

    __slots__ = ()

    @property
    def procedure(self) -> str:
        """The procedure file in which the step is."""
        return self.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of the step in its file."""
        return self.partition(".")[2]

    def within(self, procedure: str) -> StepId:
        """Return the full name: ``report`` within ``b8`` is ``b8.report``; a full name stays."""
        return self if "." in self else StepId(f"{procedure}.{self}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tell pydantic to take any text."""
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())


class Parsed(ABC):
    """A value that a pydantic field reads from a text, and that is written as one."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """Return what a text says; every text says something, if only a name that nobody knows."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tell pydantic to take a text or a value that is parsed already, and to write a text."""

        def read(value: Any, text: core_schema.ValidatorFunctionWrapHandler) -> Any:
            return value if isinstance(value, cls) else cls.parse(text(value))

        return core_schema.no_info_wrap_validator_function(
            read, core_schema.str_schema(), serialization=core_schema.to_string_ser_schema()
        )


@dataclass(frozen=True, slots=True)
class At:
    """Being in a step."""

    step: StepId

    def __str__(self) -> str:
        return f"at {self.step}"


@dataclass(frozen=True, slots=True)
class Ever:
    """Having entered a step at any time before."""

    step: StepId

    def __str__(self) -> str:
        return f"ever {self.step}"


@dataclass(frozen=True, slots=True)
class Load:
    """The queue of a pool, in working weeks of its capacity; a factor, not a condition."""

    pool: str

    def __str__(self) -> str:
        return f"load {self.pool}"


@dataclass(frozen=True, slots=True)
class Name:
    """Something with a name: a trait, an external event, a fact, a belief, a decision or a named condition."""

    name: str

    def __str__(self) -> str:
        return self.name


Subject = At | Ever | Load | Name
"""What can be asked of a person or a network."""


def subject_of(text: str) -> Subject:
    """Return what a text without ``not`` asks for."""
    kind, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if kind == "at" and rest:
        return At(StepId(rest))
    if kind == "ever" and rest:
        return Ever(StepId(rest))
    if kind == "load" and rest:
        return Load(rest)
    return Name(text.strip())


def _subject_within(subject: Subject, procedure: str) -> Subject:
    if isinstance(subject, At | Ever):
        return type(subject)(subject.step.within(procedure))
    return subject


@dataclass(frozen=True, slots=True)
class Criterion(Parsed):
    """An item of ``when``: what is asked, and whether it must hold or must not."""

    subject: Subject
    negated: bool = False

    @classmethod
    def parse(cls, text: str) -> Criterion:
        """Return the criterion of a text such as ``not at b8.permit``."""
        bare = text.removeprefix(NOT)
        return cls(subject_of(bare), bare != text)

    def __str__(self) -> str:
        return f"{NOT if self.negated else ''}{self.subject}"

    @property
    def name(self) -> str | None:
        """The name that it asks for; None where it asks for a step or a queue."""
        return self.subject.name if isinstance(self.subject, Name) else None

    @property
    def opposite(self) -> Criterion:
        """The criterion that holds when this one does not."""
        return Criterion(self.subject, not self.negated)

    @property
    def affirmed(self) -> Criterion:
        """The criterion without ``not``."""
        return Criterion(self.subject)

    def within(self, procedure: str) -> Criterion:
        """Return the criterion with a full step name: ``at permit`` within ``b8`` is ``at b8.permit``."""
        return Criterion(_subject_within(self.subject, procedure), self.negated)


@dataclass(frozen=True, slots=True)
class Product(Parsed):
    """What a coefficient is multiplied by: one factor or several (``leads * load police.investigation``).

    ``constant`` is the product of no factors: its coefficient counts by itself.
    """

    factors: tuple[Subject, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Product:
        """Return the product of a text such as ``fear * trust``."""
        return CONSTANT if text.strip() == "constant" else cls(tuple(map(subject_of, text.split("*"))))

    def __str__(self) -> str:
        return " * ".join(map(str, self.factors)) or "constant"


CONSTANT: Final = Product()


@dataclass(frozen=True, slots=True)
class Signal(Parsed):
    """A signal to a step of the person, of its network (``network:``) or of the victims of a network (``victims:``)."""

    step: StepId
    address: str = ""

    @classmethod
    def parse(cls, text: str) -> Signal:
        """Return the signal of a text such as ``network:control.threatens``."""
        address, colon, step = text.rpartition(":")
        return cls(StepId(step), address or colon)

    def __str__(self) -> str:
        return f"{self.address}:{self.step}" if self.address else str(self.step)

    def within(self, procedure: str) -> Signal:
        """Return the signal with a full step name."""
        return Signal(self.step.within(procedure), self.address)


@dataclass(frozen=True, slots=True)
class TraitName(Parsed):
    """A trait that a step changes: of the person itself, or of its network (``network:leads``)."""

    name: str
    address: str = ""

    @classmethod
    def parse(cls, text: str) -> TraitName:
        """Return the trait of a text such as ``network:leads``."""
        address, colon, name = text.rpartition(":")
        return cls(name, address or colon)

    def __str__(self) -> str:
        return f"{self.address}:{self.name}" if self.address else self.name


def named(criteria: Iterable[Criterion]) -> list[str]:
    """Return the names that criteria ask for, in their order."""
    return [criterion.name for criterion in criteria if criterion.name is not None]
