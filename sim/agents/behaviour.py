"""Decisions, hazards, beliefs and pools: the shape of ``behaviour.toml`` and ``authorities.toml``, and their reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.files.document import Document, as_tuple
from sim.files.toml import read_toml, validate
from sim.procedures.conditions import CONSTANT, Criterion, Product, StepId
from sim.procedures.schema import Title
from sim.procedures.traits import GROUPS, RECEIVING

FOLDER = Path(__file__).parent
FORMS = ("chance", "chance_by", "logit", "adds_up")
"""Forms in which a file gives the probability of a yes."""


class Model(Document):
    """The probability of a yes in exactly one form: a chance, a chance by group, a logit, or chances that add up.

    ``chance_by``: a chance for each nationality group, or for each receiving state.
    ``adds_up``: coefficient times factor, summed to s; the probability is 1 - exp(-s), that at least one of many
    independent chances succeeds.
    """

    chance: str | None = None
    chance_by: dict[str, str] | None = None
    logit: dict[Product, str] | None = None
    adds_up: dict[Product, str] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum(getattr(self, form) is not None for form in FORMS) != 1:
            raise ValueError(f"needs exactly one of {', '.join(FORMS)}")
        if self.chance_by is not None and set(self.chance_by) not in (set(GROUPS), set(RECEIVING)):
            either = f"a chance for each of {', '.join(GROUPS)}, or for each of {', '.join(RECEIVING)}"
            raise ValueError(f"chance_by needs {either}, and for nothing else")
        return self

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Yield the key path and the name of every parameter."""
        value = getattr(self, self.form)
        named = {self.form: value} if isinstance(value, str) else {f"{self.form}.{key}": value[key] for key in value}
        yield from named.items()

    @property
    def form(self) -> str:
        """The one of `FORMS` in which the probability is given."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    @property
    def constant(self) -> str | None:
        """The parameter that counts by itself."""
        return (self.logit or self.adds_up or {}).get(CONSTANT)

    @property
    def factors(self) -> dict[Product, str]:
        """Product to parameter, without the constant."""
        terms = {**(self.logit or {}), **(self.adds_up or {})}
        terms.pop(CONSTANT, None)
        return terms


class Decision(Model):
    """A decision of a person or an authority.

    ``competes_in``: decisions that compete in one choice exclude one another. Each has the weight of its odds, doing
    none of them has weight 1; ``open_when`` says for whom it is an option at all. Alone it is an ordinary decision.
    """

    who: str
    at: tuple[StepId, ...] = Field(min_length=1)
    law: tuple[str, ...] = Field(min_length=1)
    competes_in: str | None = None
    open_when: tuple[Criterion, ...] = ()

    _tuples = field_validator("at", "law", "open_when", mode="before")(as_tuple)

    @model_validator(mode="after")
    def _competes(self) -> Self:
        if self.open_when and self.competes_in is None:
            raise ValueError("open_when belongs to a decision that competes_in a choice")
        if self.competes_in is not None and self.adds_up is not None:
            raise ValueError("a decision with adds_up has no odds to compete with")
        return self


class Curve(Model):
    """Another form of a decision, that a scenario can choose in ``[curves]``."""

    title: str
    law: tuple[str, ...] = Field(min_length=1)

    _tuples = field_validator("law", mode="before")(as_tuple)


class Hears(Document):
    """How a belief changes on hearing that somebody entered a step: it moves towards 1 or -1."""

    step: StepId
    says: Literal[-1, 1]


class Belief(Document):
    """What a person believes from what others tell, from -1 to 1; 0 before anyone has told anything."""

    title: str
    law: tuple[str, ...] = Field(min_length=1)
    hears: tuple[Hears, ...] = Field(min_length=1)

    _tuples = field_validator("law", "hears", mode="before")(as_tuple)


class Hazard(Document):
    """An event that may happen on any day: a yearly rate, times a ratio for each factor.

    ``grows_per_year`` : the rate grows by exp(growth x years since the step in ``at`` was entered); negative: it fades.
    """

    who: str
    at: tuple[StepId, ...] = Field(min_length=1)
    to: StepId
    law: tuple[str, ...] = Field(min_length=1)
    per_year: str
    when: tuple[Criterion, ...] = ()
    times: dict[Product, str] = Field(default_factory=dict)
    grows_per_year: str | None = None

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Yield the key path and the name of every parameter."""
        yield "per_year", self.per_year
        yield from ((f"times.{product}", parameter) for product, parameter in self.times.items())
        if self.grows_per_year is not None:
            yield "grows_per_year", self.grows_per_year

    _tuples = field_validator("at", "law", "when", mode="before")(as_tuple)


class Behaviour(Document):
    """The file of decisions, their other forms, hazards and beliefs."""

    decision: dict[str, Decision]
    curve: dict[str, dict[str, Curve]] = Field(default_factory=dict)
    hazard: dict[str, Hazard] = Field(default_factory=dict)
    belief: dict[str, Belief] = Field(default_factory=dict)

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

    def with_curves(self, chosen: Mapping[str, str]) -> Self:
        """Return the behaviour with decisions in the form that is chosen for them (``decision -> curve``)."""
        decisions = dict(self.decision)
        for name, curve in chosen.items():
            form = {key: getattr(self.curve[name][curve], key) for key in FORMS}
            decisions[name] = decisions[name].model_copy(update=form)
        return self.model_copy(update={"decision": decisions})


class Pool(Document):
    """A server pool of an authority: ``staff`` starts cases each working day, ``places`` hold people."""

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
