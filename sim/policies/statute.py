"""The statute: regime, behaviour, parameters and calendar resolved into one reading of the law.

It answers which text applies to a step, a person's event and a day, what may follow, what the step waits for, and which
amendment is the origin. The compiler, ``diff``, ``follow``, ``replay``, the report and the plain-Mesa oracle read the
law here and nowhere else.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from sim.agents.behaviour import Behaviour, Decision, Hazard
from sim.evidence.parameters import Parameters
from sim.files.place import Place
from sim.policies.library import shipped_behaviour
from sim.policies.own import NOTHING, Own
from sim.policies.regime import Layer, Regime, StepVersion
from sim.policies.schema import Amendment
from sim.procedures.conditions import At, Ever, Name, StepId, named
from sim.procedures.schema import Branch, Condition, Kind, Reason, Step

if TYPE_CHECKING:
    from sim.engine.calendar import Calendar

Model = TypeVar("Model", Decision, Hazard)
PEOPLE = frozenset({"applicant", "victim", "person", "trafficker"})
"""Actors whose decisions are choices of people; authorities make all others."""
STEP_ASPECTS = {
    "next": frozenset({"next", "replace", "repeal", "require", "lift"}),
    "takes": frozenset({"takes"}),
    "takes_at_most": frozenset({"takes_at_most"}),
    "priority": frozenset({"priority"}),
    "signals": frozenset({"signals_add", "signals_remove"}),
    "from_": frozenset({"from_add"}),
    "changes": frozenset({"changes"}),
}
"""Aspects of a step that can be amended: the key, and the keys of the amendments that do so."""


class DecisionText(NamedTuple):
    """The text of a decision from a day on; None: from the start."""

    in_force: dt.date | None
    decision: Decision


class Span(NamedTuple):
    """From one day to another, both included."""

    first: int
    last: int


@dataclass(frozen=True)
class Way:
    """One way out of a step: by a branch, by the start of its work, or by a hazard; and the steps it enters at once."""

    origin: str
    entered: tuple[StepId, ...]
    branch: int = -1
    hazard: str = ""


class Statute:
    """The law of one world.

    Parameters
    ----------
    regime
        The rules.
    behaviour
        Decisions, hazards and beliefs, to which the amendments of the regime are applied; the shipped ones by default.
    parameters
        The numbers; the shipped ones, with those that the regime's readings set, by default.
    calendar
        The days; needed for questions about a day only.
    own
        The user's own additions: the facts and steps of their regimes are known here too, and never true.

    Attributes
    ----------
    steps
        Every step, in the order of the procedures.
    tracks, conditions, layers, facts
        As in `Regime`.
    decisions
        By name the texts of a decision, earliest first; the first holds from the start.
    hazards
        By name, with the factors that the regime adds.

    Raises
    ------
    InputError
        If the regime amends what the behaviour does not have: an unknown decision or hazard, or another form of one.
    """

    def __init__(
        self,
        regime: Regime,
        behaviour: Behaviour | None = None,
        parameters: Parameters | None = None,
        calendar: Calendar | None = None,
        own: Own = NOTHING,
    ) -> None:
        self.regime, self.own = regime, own
        self.behaviour = behaviour or shipped_behaviour()
        self.parameters = parameters or Parameters.load().replace(dict(regime.parameter_values))
        self._calendar = calendar
        self.steps = tuple(map(StepId, regime.versions))
        self.tracks, self.conditions, self.layers, self.facts = (
            regime.tracks,
            regime.conditions,
            regime.layers,
            regime.facts,
        )
        for kind, amendments, known in (
            ("decision", regime.decisions, self.behaviour.decision),
            ("hazard", regime.hazards, self.behaviour.hazard),
        ):
            for name in amendments:
                if name not in known:
                    raise Place(None, f"{kind}.{name}").error(
                        f"{self._author(kind, name)} amends this {kind}, and the behaviour has none of this name",
                        accepted=known,
                    )
        self.decisions = {name: self._decision_texts(name, model) for name, model in self.behaviour.decision.items()}
        hazards = {name: self._hazard(name, model) for name, model in self.behaviour.hazard.items()}
        self.hazards = {name: hazard for name, hazard in hazards.items() if not self._is_of_another(hazard)}

    def with_parameters(self, parameters: Parameters) -> Statute:
        """Return the same law with other numbers; texts, decisions and hazards name parameters and hold no values."""
        changed = copy.copy(self)
        changed.parameters = parameters
        return changed

    @cached_property
    def rates_of_hazards(self) -> frozenset[str]:
        """The parameters that say how often hazards happen, and how that changes with the time in a step."""
        names = {name for hazard in self.hazards.values() for name in (hazard.per_year, hazard.grows_per_year)}
        return frozenset(name for name in names if name)

    def _is_of_another(self, hazard: Hazard) -> bool:
        """Return whether a hazard leads from or to steps of another regime only, so that it never happens here."""
        missing = {*hazard.at, hazard.to} - set(self.steps)
        return bool(missing) and missing <= self.own.steps

    # ---- decisions and hazards ----

    def _decision_texts(self, name: str, model: Decision) -> tuple[DecisionText, ...]:
        texts = [DecisionText(None, model)]
        for in_force, amendments in self.regime.decisions.get(name, ()):
            decision = self._amended(name, model, amendments)
            if decision != texts[-1].decision:
                texts.append(DecisionText(in_force, decision))
        return tuple(texts)

    def _hazard(self, name: str, model: Hazard) -> Hazard:
        versions = self.regime.hazards.get(name, ())
        return self._amended(name, model, versions[-1].amendments) if versions else model

    def _amended(self, name: str, model: Model, amendments: tuple[Amendment, ...]) -> Model:
        """Return a decision or hazard with other parameters; in a table, only the named factors are replaced."""
        for change in amendments:
            update: dict[str, object] = {}
            for key in change.changed:
                present, value = getattr(model, key), getattr(change, key)
                if present is None:
                    assert isinstance(model, Decision)  # a hazard has all its keys
                    raise Place(None, f"decision.{name}.{key}").error(
                        f"{self._author('decision', name)} amends the {key} of this decision, which the behaviour or "
                        f"a curve of the scenario gives as {model.form}",
                        accepted=f"a behaviour with {key}, or a regime that amends {model.form}",
                    )
                update[key] = value if isinstance(value, str) else {**present, **value}
            model = model.model_copy(update=update)
        return model

    def _author(self, kind: str, name: str) -> str:
        return next(reason.layer for reason in self.regime.reasons if (reason.kind, reason.name) == (kind, name))

    def last_decision(self, name: str) -> Decision:
        """Return the last text of a decision."""
        return self.decisions[name][-1].decision

    def asked(self, step: Step) -> tuple[str, ...]:
        """Return the decisions that the branches of a step ask for, each once."""
        return tuple(dict.fromkeys(name for name in named(step.asks) if name in self.decisions))

    def is_choice(self, step: Step) -> bool:
        """Return whether a person, and not an authority, decides the way out of a step."""
        return any(self.behaviour.decision[name].who in PEOPLE for name in self.asked(step))

    # ---- texts ----

    def texts(self, step: str) -> tuple[StepVersion, ...]:
        """Return all texts of a step, earliest first."""
        return self.regime.versions[step]

    def first_text(self, step: str) -> Step:
        """Return the earliest text of a step: its track, title and kind hold for all."""
        return self.regime.versions[step][0].step

    def last_text(self, step: str) -> Step:
        """Return the last text of a step."""
        return self.regime.versions[step][-1].step

    def last_texts(self) -> dict[str, Step]:
        """Return the last text of every step."""
        return {name: versions[-1].step for name, versions in self.regime.versions.items()}

    def kind(self, step: str) -> Kind:
        """Return the kind of a step, which no amendment changes."""
        return self.first_text(step).kind

    def track(self, step: str) -> str:
        """Return the name of the track of a step."""
        return self.first_text(step).track

    def is_of_network(self, step: str) -> bool:
        """Return whether a step is on a track of networks; of a step that only another regime has, False."""
        return step in self.regime.versions and self.tracks[self.track(step)].entity == "network"

    @cached_property
    def accepts(self) -> Mapping[str, frozenset[StepId]]:
        """By step, the steps from which a signal can lead to it, in any of its texts."""
        return {
            name: frozenset(origin for text in texts for origin in text.step.from_)
            for name, texts in self.regime.versions.items()
        }

    def texts_that_may_hold(
        self, step: str, day: int, decided: Callable[[StepId], Span | None]
    ) -> tuple[StepVersion, ...]:
        """Return the texts that may apply to a person on a day; several where a deciding day is unknown.

        Parameters
        ----------
        step
            The step.
        day
            The day.
        decided
            Returns, for the event of a transitional rule, the days on which it can have happened; None: it did not.
        """
        texts = self.texts(step)
        found: list[StepVersion] = []
        for text in reversed(texts[1:]):
            in_force = self.day_of(text.in_force)
            if in_force > day:
                continue
            event = None if text.applies_to is None else decided(text.applies_to)
            if event is None or event.first >= in_force:
                return (*found, text)
            if event.last >= in_force:
                found.append(text)
        return (*found, texts[0])

    def text_on(self, step: str, day: int, decided: Callable[[StepId], int | None]) -> StepVersion:
        """Return the text that applies to a person on a day; ``decided`` returns the day of an event, or None."""

        def known(event: StepId) -> Span | None:
            happened = decided(event)
            return None if happened is None else Span(happened, happened)

        return self.texts_that_may_hold(step, day, known)[0]

    # ---- ways out of a step, and its conditions ----

    def ways_out(self, step: str) -> Iterator[Way]:
        """Yield every way out of a step in any text, with the steps that it enters at once."""
        for text in self.texts(step):
            for place, branch in enumerate(text.step.next):
                yield Way(step, branch.enters, place)
            if text.step.on_start:
                yield Way(step, tuple(signal.step for signal in text.step.on_start))
        for name, hazard in self.hazards.items():
            if step in hazard.at:
                yield Way(step, (hazard.to,), hazard=name)

    def asks(self, step: str) -> Iterator[At | Ever | Name]:
        """Yield the criteria of the branches of a step in any text, with named conditions expanded."""
        for text in self.texts(step):
            for criterion in text.step.asks:
                subject = criterion.subject
                condition = self.conditions.get(criterion.name) if criterion.name else None
                if condition is not None:
                    yield from map(At, condition.at)
                    yield from map(Ever, condition.ever)
                if isinstance(subject, At | Ever | Name):
                    yield subject

    @cached_property
    def dating_steps(self) -> frozenset[StepId]:
        """The steps whose day decides which text applies to a person, or from which a term is counted."""
        texts = [text for texts in self.regime.versions.values() for text in texts]
        events = {text.applies_to for text in texts} | {text.step.counted_from for text in texts}
        events |= {condition.since for condition in self.conditions.values()}
        return frozenset(event for event in events if event is not None)

    # ---- days ----

    @property
    def calendar(self) -> Calendar:
        """The days."""
        assert self._calendar is not None, "a statute without a calendar knows dates, not days"
        return self._calendar

    def day_of(self, date: dt.date | None) -> int:
        """Return the day from which a date counts: 0 for None and for a date before the calendar."""
        if date is None:
            return 0
        return min(max((date - self.calendar.start).days, 0), self.calendar.days)

    def days_of_fact(self, name: str) -> tuple[Span, ...]:
        """Return the periods in which a fact is true; none where no part of the regime brings it."""
        return tuple(
            Span(
                self.day_of(fact.in_force),
                (self.calendar.days if fact.until is None else self.day_of(fact.until)) - 1,
            )
            for fact in self.facts
            if fact.name == name
        )

    @cached_property
    def dates_of_change(self) -> frozenset[dt.date]:
        """The dates on which a text, a decision or a fact begins or ends."""
        dates = {text.in_force for texts in self.regime.versions.values() for text in texts}
        dates |= {text.in_force for texts in self.decisions.values() for text in texts}
        dates |= {date for fact in self.facts for date in (fact.in_force, fact.until)}
        return frozenset(date for date in dates if date is not None)

    @cached_property
    def dates_in_conditions(self) -> frozenset[dt.date]:
        """The dates from which a named condition holds."""
        return frozenset(c.from_date for c in self.conditions.values() if c.from_date is not None)

    def term_ends(self, parameter: str, rule: str = "none") -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """Return, for each day on which a term can start, its last day; ``int32[days]``.

        Parameters
        ----------
        parameter
            The length of the term.
        rule
            The rule for a term that would end on a weekend or holiday: ``none``, ``national`` or ``eu``.
        """
        value, unit = self.parameters.value(parameter), self.parameters.passport(parameter).unit
        return self.calendar.term_table(int(value), unit, rule)

    # ---- the origin of a text ----

    def layer(self, name: str) -> Layer:
        """Return a layer of the regime by its name."""
        return next(layer for layer in self.layers if layer.name == name)

    def reasons(self, text: StepVersion, aspect: str = "next") -> tuple[Reason, ...]:
        """Return the reasons for one aspect of a text (a key of `STEP_ASPECTS`); empty for the base text."""
        keys = STEP_ASPECTS[aspect]
        return tuple(reason for reason in text.reasons if keys & set(reason.keys))

    def reasons_of_branch(self, text: StepVersion, branch: Branch) -> tuple[Reason, ...]:
        """Return the amendment that wrote a branch; where there is none, those of the branches of its text."""
        return (branch.made_by,) if branch.made_by is not None else self.reasons(text)

    def condition(self, name: str) -> Condition | None:
        """Return a named condition; None where the name is something else."""
        return self.conditions.get(name)
