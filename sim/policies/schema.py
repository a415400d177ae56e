"""The shape of a regime file and of the file of open legal questions, as pydantic models.

A regime file says only what changes: new tracks (``[track."advice.file"]``), steps (``[step."b8.panel_opinion"]``)
and named conditions (``[condition.NAME]``), amendments of steps, decisions and hazards (``[[amend]]``), and facts that
people can know (``[fact.NAME]``). A court layer
(``[layer]``) can be put on any regime, so its amendments take effect where they find something to change. A
calendar (``[[period]]``) strings regimes and layers together. ``[[keeps]]`` names what has new words and the same
effect.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

from pydantic import Field, field_validator, model_validator

from sim.files.document import Document, as_tuple
from sim.procedures.conditions import Criterion, Parsed, Product, Signal, StepId, TraitName
from sim.procedures.schema import Branch, Change, Condition, Priority, Status, Step, Title, Track


@dataclass(frozen=True, slots=True)
class Answer(Parsed):
    """An answer to an open legal question, written ``U1=ninety_days``."""

    question: str
    option: str

    @classmethod
    def parse(cls, text: str) -> Answer:
        """Return the answer of a text; without ``=`` its option is empty."""
        question, _, option = (part.strip() for part in text.partition("="))
        return cls(question, option)

    def __str__(self) -> str:
        return f"{self.question}={self.option}"


class AppliesTo(Document):
    """The transitional rule: the old text stays for anyone to whom this event happened before the day of entry.

    ``readings`` maps a choice in an open question (``"U7=wish_date"``) to another event.
    """

    event: StepId
    readings: dict[Answer, StepId] = Field(default_factory=dict)


class Head(Document):
    """What the file is: a regime or a court layer.

    ``in_force_readings`` maps an answer to an open question (``"U14=government"``) to another day of entry.
    """

    title: Title
    instrument: str = Field(min_length=1)
    law: tuple[str, ...] = Field(min_length=1)
    status: Status
    aliases: tuple[str, ...] = ()
    amends: str | None = None
    layers: tuple[str, ...] = ()
    in_force: dt.date | None = None
    in_force_readings: dict[Answer, dt.date] = Field(default_factory=dict)
    announced: dt.date | None = None
    applies_to: AppliesTo | None = None
    note: str = ""

    _tuples = field_validator("law", "aliases", "layers", mode="before")(as_tuple)

    @model_validator(mode="after")
    def _announced_before(self) -> Self:
        if self.announced is not None and (self.in_force is None or self.announced >= self.in_force):
            raise ValueError("announced is a day before in_force")
        if self.in_force_readings and self.in_force is None:
            raise ValueError("in_force_readings needs in_force, the day under all other answers")
        return self


class Fact(Document):
    """A consequence of the rules that people can hear of, from the day of entry into force on."""

    title: Title
    law: tuple[str, ...] = Field(min_length=1)
    reading: tuple[Answer, ...] = ()
    repealed: bool = False

    _tuples = field_validator("law", "reading", mode="before")(as_tuple)


class NewStep(Step):
    """A step that the base text does not have.

    ``counted_in`` names the conditions that hold in it; ``left_by`` the steps that a signal can lead to
    from it.
    """

    counted_in: tuple[str, ...] = ()
    left_by: tuple[StepId, ...] = ()
    reading: tuple[Answer, ...] = ()

    _more_tuples = field_validator("counted_in", "left_by", "reading", mode="before")(as_tuple)

    def within(self, procedure: str) -> Self:
        """Return the step with its track and every step in it by their full names."""
        left_by = tuple(step.within(procedure) for step in self.left_by)
        return super().within(procedure).model_copy(update={"left_by": left_by})

    def plain(self) -> Step:
        """Return the step alone, without its effects on the rest of the text."""
        own = {field.alias or name: getattr(self, name) for name, field in Step.model_fields.items()}
        return Step.model_construct(**own)


class NewBranch(Branch):
    """A branch and its place: before the first or after the last branch to a step; otherwise at the end."""

    before: StepId | None = None
    after: StepId | None = None

    def within(self, procedure: str) -> Self:
        """Return the branch and its anchor with every step by its full name."""
        full = super().within(procedure)
        anchors = {key: anchor.within(procedure) for key in ("before", "after") if (anchor := getattr(self, key))}
        return full.model_copy(update=anchors)

    def plain(self, law: tuple[str, ...]) -> Branch:
        """Return the branch without its place, with the sources of the amendment where it has none of its own."""
        return Branch(
            to=self.to,
            when=self.when,
            signals=self.signals,
            law=self.law or law,
            why=self.why,
            after_term=self.after_term,
            unusual=self.unusual,
        )


class Requirement(Document):
    """Conditions of every branch to a step."""

    to: StepId
    when: tuple[Criterion, ...] = Field(min_length=1)

    _tuples = field_validator("when", mode="before")(as_tuple)

    def within(self, procedure: str) -> Self:
        """Return it with every step by its full name."""
        when = tuple(criterion.within(procedure) for criterion in self.when)
        return self.model_copy(update={"to": self.to.within(procedure), "when": when})


class Amendment(Document):
    """One change of one step, decision or hazard, with its reason.

    A step: ``next`` adds branches (with ``replace = true`` they are the whole list), ``repeal`` takes out
    the branches to these steps, ``require`` and ``lift`` add and take away conditions of the branches to a
    step; ``takes``, ``takes_at_most`` and ``priority`` replace; the rest adds or removes. What a step is (a queue
    at a pool, a clock, a gate) cannot change: add a step instead. A decision: other parameters under the same keys.
    A hazard: more factors, each with a fact in it that dates the change.
    """

    why: str = Field(min_length=1)
    law: tuple[str, ...] = ()
    status: Status | None = None
    reading: tuple[Answer, ...] = ()

    step: StepId | None = None
    next: tuple[NewBranch, ...] = ()
    replace: bool = False
    repeal: tuple[StepId, ...] = ()
    require: Requirement | None = None
    lift: Requirement | None = None
    takes: str | None = None
    takes_at_most: str | None = None
    priority: tuple[Priority, ...] | None = None
    signals_add: tuple[Signal, ...] = ()
    signals_remove: tuple[Signal, ...] = ()
    from_add: tuple[StepId, ...] = ()
    changes: dict[TraitName, Change] = Field(default_factory=dict)

    decision: str | None = None
    hazard: str | None = None
    chance: str | None = None
    chance_by: dict[str, str] = Field(default_factory=dict)
    logit: dict[Product, str] = Field(default_factory=dict)
    times: dict[Product, str] = Field(default_factory=dict)

    _tuples = field_validator(
        "law", "reading", "next", "repeal", "signals_add", "signals_remove", "from_add", mode="before"
    )(as_tuple)

    def within(self, procedure: str) -> Self:
        """Return the amendment of a step with every step by its full name."""
        update: dict[str, object] = {}
        for key in self.model_fields_set & {"next", "repeal", "signals_add", "signals_remove", "from_add", "priority"}:
            update[key] = tuple(part.within(procedure) for part in getattr(self, key))
        for key in self.model_fields_set & {"require", "lift"}:
            update[key] = getattr(self, key).within(procedure)
        return self.model_copy(update=update)

    @property
    def kind(self) -> str:
        """What is amended: ``step``, ``decision`` or ``hazard``."""
        return next(kind for kind in TARGETS if getattr(self, kind) is not None)

    @property
    def target(self) -> str:
        """The name of what is amended."""
        return str(getattr(self, self.kind))

    @property
    def changed(self) -> tuple[str, ...]:
        """The keys that say what changes, as given in the file."""
        return tuple(key for key in type(self).model_fields if key in self.model_fields_set - NOT_A_CHANGE)

    @model_validator(mode="after")
    def _one_target_and_its_keys(self) -> Self:
        targets = [kind for kind in TARGETS if getattr(self, kind) is not None]
        if len(targets) != 1:
            raise ValueError("an amendment names exactly one of: step, decision, hazard")
        allowed = KEYS[targets[0]]
        wrong = [key for key in self.changed if key not in allowed]
        if wrong:
            raise ValueError(f"{wrong[0]} does not belong to a {targets[0]}; accepted: {', '.join(allowed)}")
        if not set(self.changed) - {"replace"}:
            raise ValueError(f"nothing is changed; accepted: {', '.join(allowed)}")
        if self.replace and not self.next:
            raise ValueError("replace needs the branches that come instead, in next")
        if any(branch.before and branch.after for branch in self.next):
            raise ValueError("a branch goes before or after another one, not both")
        return self


TARGETS = ("step", "decision", "hazard")
NOT_A_CHANGE = frozenset({"why", "law", "status", "reading", *TARGETS})
KEYS: dict[str, tuple[str, ...]] = {
    "step": (
        "next",
        "replace",
        "repeal",
        "require",
        "lift",
        "takes",
        "takes_at_most",
        "priority",
        "signals_add",
        "signals_remove",
        "from_add",
        "changes",
    ),
    "decision": ("chance", "chance_by", "logit"),
    "hazard": ("times",),
}


class Keeps(Document):
    """A rule that a new text words again, or changes in what the model does not follow: the step stays as it is.

    ``article``: where it is written now. ``followed``: false if its content changes, and the model does not follow it.
    """

    step: StepId
    article: str = Field(min_length=1)
    why: str = Field(min_length=1)
    law: tuple[str, ...] = ()
    status: Status | None = None
    reading: tuple[Answer, ...] = ()
    followed: bool = True

    _tuples = field_validator("law", "reading", mode="before")(as_tuple)


class Period(Document):
    """One period of a calendar: from its day on, this regime or layer is in force too.

    ``replaces`` names an earlier regime whose amendments end on that day: a change of it that this one does
    not make goes back to the text it amended.
    """

    regime: str | None = None
    layer: str | None = None
    replaces: str | None = None
    why: str = ""

    @property
    def name(self) -> str:
        """The regime or layer that enters."""
        return str(self.regime or self.layer)

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if (self.regime is None) == (self.layer is None):
            raise ValueError("a period names exactly one of: regime, layer")
        return self


class RegimeFile(Document):
    """A regime file; see the module text."""

    regime: Head | None = None
    layer: Head | None = None
    period: tuple[Period, ...] = ()
    fact: dict[str, Fact] = Field(default_factory=dict)
    track: dict[str, Track] = Field(default_factory=dict)
    condition: dict[str, Condition] = Field(default_factory=dict)
    step: dict[str, NewStep] = Field(default_factory=dict)
    amend: tuple[Amendment, ...] = ()
    keeps: tuple[Keeps, ...] = ()

    _tuples = field_validator("period", "amend", "keeps", mode="before")(as_tuple)

    def with_full_names(self) -> Self:
        """Return the file with every step by its full name, which is independent of the file."""
        tracks = {name: track.within(StepId(name).procedure) for name, track in self.track.items()}
        steps = {name: new.within(StepId(name).procedure) for name, new in self.step.items()}
        amendments = tuple(
            change if change.step is None else change.within(change.step.procedure) for change in self.amend
        )
        return self.model_copy(update={"track": tracks, "step": steps, "amend": amendments})

    @property
    def head(self) -> Head:
        """The table ``[regime]`` or ``[layer]``."""
        head = self.regime or self.layer
        assert head is not None  # the validator below saw to it
        return head

    @property
    def changes_nothing(self) -> bool:
        """Whether the file holds no amendment at all."""
        return not (self.fact or self.track or self.condition or self.step or self.amend or self.keeps)

    @model_validator(mode="after")
    def _one_head(self) -> Self:
        if (self.regime is None) == (self.layer is None):
            raise ValueError("a regime file has exactly one of: [regime], [layer]")
        head = self.head
        if self.layer is not None and (head.amends or head.layers or head.applies_to or self.period):
            raise ValueError(
                "a layer applies at once to everybody, on any regime: no amends, layers, applies_to, period"
            )
        if self.period and (head.amends or head.layers or head.in_force or head.applies_to):
            raise ValueError("a calendar has no amends, layers, in_force or applies_to: its periods have their own")
        if self.period and not self.changes_nothing:
            raise ValueError("a calendar amends nothing itself: put the amendment into a regime or layer file")
        amending = self.layer is not None or head.amends is not None
        if amending and head.in_force is None:
            raise ValueError("in_force is missing: the day on which the change takes effect, as YYYY-MM-DD")
        if not amending and (head.in_force or head.layers or head.applies_to or not self.changes_nothing):
            raise ValueError("amends is missing: the regime that is changed")
        return self


class Option(Document):
    """One answer to an open legal question; ``set`` gives parameters another value under it."""

    title: Title
    law: tuple[str, ...] = Field(min_length=1)
    set: dict[str, int | float] = Field(default_factory=dict)

    _tuples = field_validator("law", mode="before")(as_tuple)


class Reading(Document):
    """An open legal question and the answers that can be chosen."""

    question: Title
    why: str = Field(min_length=1)
    status: Status
    default: str
    options: dict[str, Option] = Field(min_length=2)

    @model_validator(mode="after")
    def _default_is_an_option(self) -> Self:
        if self.default not in self.options:
            raise ValueError(f"default is none of the options: {', '.join(self.options)}")
        return self


class Readings(Document):
    """The file of open legal questions."""

    reading: dict[str, Reading]
