"""The loaded law, behaviour and parameters as plain Python objects that agents can ask.

The law is read from the same statute as the engine's; pools and external events are read beside it.
Conditions become small functions of an agent and a day.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.behaviour import Authorities, Decision, Hazard
from sim.policies.library import dates_of_shipped, shipped_facts
from sim.policies.regime import StepVersion
from sim.policies.statute import Statute
from sim.procedures.conditions import At, Criterion, Ever, Load, Product, Signal, Subject, TraitName
from sim.procedures.schema import Change, Condition, Kind, Step
from sim.procedures.traits import BEYOND_FIRST, FLAG_BIT, LEVEL_INDEX, RECEIVING, SHOCKS

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import Mover

Holds = Callable[["Mover", int], bool]
Value = Callable[["Mover", int], float]
Probability = Callable[["Mover", int], float]
Ends = Callable[["Mover", int], int]

LEGAL_CLOCK, AUTHORITY, CHOICE, HAZARD = range(4)
"""Classes of event, in their order within a day."""
LAST_RANK = 2
DAYS_PER_YEAR = 365.25
DAYS_PER_UNIT = {"weeks": 7.0, "months": DAYS_PER_YEAR / 12, "years": DAYS_PER_YEAR, "hours": 1 / 24}


@dataclass(frozen=True, slots=True)
class Way:
    """A branch: where it leads, when it is open, what it signals."""

    to: str
    conditions: tuple[Holds, ...]
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class TextOfStep:
    """One version of a step."""

    version: StepVersion
    kind: Kind
    pool: str | None
    ends: Ends | None
    ways: tuple[Way, ...]
    signals: tuple[Signal, ...]
    on_start: tuple[Signal, ...]
    changes: tuple[tuple[str, bool, bool, float], ...]
    ranks: tuple[tuple[int, tuple[Holds, ...]], ...]


@dataclass(frozen=True, slots=True)
class Danger:
    """A hazard."""

    name: str
    to: str
    conditions: tuple[Holds, ...]
    per_day: float
    terms: tuple[tuple[float, tuple[Value, ...]], ...]
    growth: float
    track: str
    depends_on_date: bool


class PlainLaw:
    """What agents ask: texts of steps, who hears which signal, decisions, hazards, lengths of time."""

    def __init__(self, statute: Statute, authorities: Authorities, shocks: dict[str, Any]) -> None:
        self.statute, self.parameters, self.calendar = statute, statute.parameters, statute.calendar
        self.behaviour, self.pools = statute.behaviour, authorities.pool
        self.environment = self._environment(shocks)
        self.dated: set[str] = {name for name, c in statute.conditions.items() if c.from_date is not None}
        self.track_of: dict[str, str] = {name: statute.track(name) for name in statute.steps}
        self.choices: dict[str, list[tuple[str, tuple[Holds, ...], Probability]]] = {}
        self.probabilities = {name: self._probability(name) for name in statute.decisions}
        self.accepts = statute.accepts
        self.texts: dict[str, tuple[TextOfStep, ...]] = {
            name: tuple(map(self._text, statute.texts(name))) for name in statute.steps
        }
        self.kind: dict[str, Kind] = {name: statute.kind(name) for name in statute.steps}
        self.gate_tracks = tuple(sorted({self.track_of[name] for name, kind in self.kind.items() if kind is Kind.GATE}))
        self.event_class: dict[str, int] = {name: self._class(statute.last_text(name)) for name in statute.steps}
        self.dangers_at: dict[str, list[Danger]] = {name: [] for name in statute.steps}
        for name, hazard in statute.hazards.items():
            if self.parameters.value(hazard.per_year) > 0.0:
                self._add_danger(name, hazard)
        self.review_days = self._review_days()

    # ---- texts ----

    def text(self, step: str, agent: Mover, day: int) -> TextOfStep:
        """Return the text of a step under which an agent falls."""
        texts = self.texts[step]
        if len(texts) == 1:
            return texts[0]
        holds = self.statute.text_on(step, day, agent.last_day.get)
        return next(text for text in texts if text.version is holds)

    def _text(self, version: StepVersion) -> TextOfStep:
        step = version.step
        return TextOfStep(
            version=version,
            kind=step.kind,
            pool=step.by,
            ends=self._ends(step) if step.takes else None,
            ways=tuple(Way(branch.to, self.conditions(branch.when), branch.signals) for branch in step.next),
            signals=step.signals,
            on_start=step.on_start,
            changes=tuple(self._change(trait, change) for trait, change in step.changes.items()),
            ranks=tuple((p.rank, self.conditions(p.when)) for p in step.priority),
        )

    def _change(self, trait: TraitName, change: Change) -> tuple[str, bool, bool, float]:
        parameter = change.set if change.add is None else change.add
        return trait.name, trait.address == "network", change.add is not None, self.parameters.value(str(parameter))

    def _class(self, step: Step) -> int:
        if step.by:
            return AUTHORITY
        return CHOICE if self.statute.is_choice(step) else LEGAL_CLOCK

    # ---- time ----

    def _ends(self, step: Step) -> Ends:
        """Return a function that says on which day the time of a step ends that starts today."""
        passport, value = self.parameters.passport(str(step.takes)), self.parameters.value(str(step.takes))
        if passport.varies == "fixed":
            table = self.statute.term_ends(str(step.takes), step.term).tolist()
            since = step.counted_from
            if since is None:
                return lambda agent, day: table[day]
            return lambda agent, day: table[agent.last_day.get(since, 0)]
        mean = value * DAYS_PER_UNIT.get(passport.unit, 1.0)
        in_working_days = passport.unit == "working_days"
        sigma = math.sqrt(math.log1p((passport.cv or 1.0) ** 2))
        mu = math.log(mean) - sigma * sigma / 2 if mean > 0 else -math.inf
        index_of_day = self.calendar.working_day_index.tolist()
        day_of_index = self.calendar.day_of_working_index.tolist()
        last = len(day_of_index) - 1
        limit = self.statute.term_ends(step.takes_at_most, step.term).tolist() if step.takes_at_most else None

        def ends(agent: Mover, day: int) -> int:
            draw = agent.random
            exponential = passport.varies == "exponential"
            length = draw.expovariate(1 / mean) if exponential else draw.lognormvariate(mu, sigma)
            whole = int(length + 0.5)
            end = day + whole
            if in_working_days:
                index = index_of_day[day] + whole
                end = day_of_index[index] if index < last else len(index_of_day)
            return end if limit is None else min(end, limit[day])

        return ends

    def _environment(self, shocks: dict[str, Any]) -> dict[str, list[bool]]:
        days = self.calendar.days
        facts = (fact.name for fact in self.statute.facts)
        rows = {name: np.zeros(days, bool) for name in (*SHOCKS, *shipped_facts(), *facts)}
        for name, active in shocks.items():
            rows[name][: active.size] = active
        for fact in self.statute.facts:
            for period in self.statute.days_of_fact(fact.name):
                rows[fact.name][period.first : period.last + 1] = True
        return {name: row.tolist() for name, row in rows.items()}

    def _review_days(self) -> list[int]:
        """Return the days on which gates and ranks are looked at for everybody; rules of all shipped regimes count."""
        dates = dates_of_shipped() | self.statute.dates_of_change | self.statute.dates_in_conditions
        days = {self.statute.day_of(date) for date in dates}
        for row in self.environment.values():
            days |= {day for day in range(1, len(row)) if row[day] != row[day - 1]}
        return sorted(day for day in days if 0 < day <= self.calendar.end_day)

    # ---- conditions ----

    def conditions(self, criteria: Iterable[Criterion]) -> tuple[Holds, ...]:
        """Return the conditions that must all hold."""
        out: list[Holds] = []
        for criterion in criteria:
            parts = self._parts(criterion.subject)
            out += [_negated(part) for part in parts] if criterion.negated else parts
        return tuple(out)

    def _parts(self, subject: Subject) -> list[Holds]:
        match subject:
            case At(step):
                return [self._at((step,))]
            case Ever(step):
                return [lambda agent, day: step in agent.last_day]
        name = str(subject)
        if name in LEVEL_INDEX:
            return [lambda agent, day: agent.levels[name] != 0.0]
        if name in FLAG_BIT:
            return [lambda agent, day: name in agent.flags]
        if name in self.environment:
            row = self.environment[name]
            return [lambda agent, day: row[day]]
        if name in self.behaviour.decision:
            return [self._decided(name)]
        if name in self.behaviour.belief:
            return [lambda agent, day: False]
        condition = self.statute.condition(name)
        if condition is None:
            raise ValueError(f"no such condition: {name}")
        return self._named(condition)

    def _named(self, condition: Condition) -> list[Holds]:
        parts: list[Holds] = []
        if condition.at:
            parts.append(self._at(condition.at))
        if condition.ever:
            steps = frozenset(condition.ever)
            parts.append(lambda agent, day: not steps.isdisjoint(agent.last_day))
        if condition.since and condition.over:
            table = self.statute.term_ends(condition.over, condition.term).tolist()
            since = condition.since
            parts.append(lambda agent, day: since in agent.last_day and day > table[agent.last_day[since]])
        if condition.trait and condition.during:
            flag, row = condition.trait, self.environment[condition.during]
            parts.append(lambda agent, day: flag in agent.flags and row[day])
        if condition.trait and condition.at_least:
            trait, least = condition.trait, self.parameters.value(condition.at_least)
            parts.append(lambda agent, day: agent.levels[trait] >= least)
        if condition.from_date is not None:
            first = (condition.from_date - self.calendar.start).days
            parts.append(lambda agent, day: day >= first)
        return parts

    def _at(self, steps: tuple[str, ...]) -> Holds:
        tracks = sorted({self.track_of[step] for step in steps})
        chosen = frozenset(steps)
        if len(tracks) == 1:
            track = tracks[0]
            return lambda agent, day: agent.at[track] in chosen
        return lambda agent, day: any(agent.at[track] in chosen for track in tracks)

    # ---- decisions and hazards ----

    def _probability(self, name: str) -> Probability:
        (_, decision), *versions = self.statute.decisions[name]
        first = self._form(decision)
        later = [(self.statute.day_of(in_force), self._form(other)) for in_force, other in versions]
        if not later:
            return first

        def probability(agent: Mover, day: int) -> float:
            chosen = first
            for in_force, form in later:
                if day < in_force:
                    break
                chosen = form
            return chosen(agent, day)

        return probability

    def _form(self, decision: Decision) -> Probability:
        value = self.parameters.value
        if decision.chance is not None:
            chance = value(decision.chance)
            return lambda agent, day: chance
        if decision.chance_by is not None:
            chances = {name: value(parameter) for name, parameter in decision.chance_by.items()}
            if set(chances) == set(RECEIVING):
                return lambda agent, day: chances[next((s for s in RECEIVING if s in agent.flags), RECEIVING[-1])]
            return lambda agent, day: chances[agent.group]
        constant = value(decision.constant) if decision.constant is not None else 0.0
        terms = self._terms({product: value(name) for product, name in decision.factors.items()})
        if decision.adds_up is not None:
            return lambda agent, day: 1 - math.exp(-max(constant + weighted(terms, agent, day), 0.0))
        return lambda agent, day: 1 / (1 + math.exp(-constant - weighted(terms, agent, day)))

    def _decided(self, name: str) -> Holds:
        """Return whether a decision is answered with yes, alone or as one of several that compete."""
        choice = self.behaviour.decision[name].competes_in
        if choice is None:
            probability = self.probabilities[name]
            return lambda agent, day: agent.decides(name, probability, day)
        if choice not in self.choices:
            # The list is there before the conditions of its options are looked at.
            self.choices[choice] = options = []
            for option, decision in self.behaviour.decision.items():
                if decision.competes_in == choice:
                    options.append((option, self.conditions(decision.open_when), self.probabilities[option]))
        listed = self.choices[choice]
        return lambda agent, day: agent.chooses(choice, listed, day) == name

    def _terms(self, coefficients: dict[Product, float]) -> tuple[tuple[float, tuple[Value, ...]], ...]:
        return tuple(
            (coefficient, tuple(map(self._value, product.factors)))
            for product, coefficient in coefficients.items()
            if coefficient != 0.0
        )

    def _value(self, factor: Subject) -> Value:
        if isinstance(factor, Load):
            pool = factor.pool
            return lambda agent, day: agent.model.desks[pool].load
        name = str(factor)
        if name in LEVEL_INDEX:
            return lambda agent, day: agent.levels[name]
        if name in BEYOND_FIRST:
            level = BEYOND_FIRST[name]
            return lambda agent, day: max(agent.levels[level] - 1.0, 0.0)
        (part,) = self._parts(factor)
        return part

    def _add_danger(self, name: str, hazard: Hazard) -> None:
        value = self.parameters.value
        words = {str(criterion.subject) for criterion in hazard.when}
        words |= {str(factor) for product in hazard.times for factor in product.factors}
        danger = Danger(
            name=name,
            to=hazard.to,
            conditions=self.conditions(hazard.when),
            per_day=value(hazard.per_year) / DAYS_PER_YEAR,
            terms=self._terms({product: math.log(value(ratio)) for product, ratio in hazard.times.items()}),
            growth=value(hazard.grows_per_year) / DAYS_PER_YEAR if hazard.grows_per_year else 0.0,
            track=self.track_of[hazard.at[0]],
            depends_on_date=not words.isdisjoint({*self.environment, *self.dated}),
        )
        for step in hazard.at:
            self.dangers_at[step].append(danger)


def weighted(terms: tuple[tuple[float, tuple[Value, ...]], ...], agent: Mover, day: int) -> float:
    """Return the sum of coefficient times product of factors."""
    total = 0.0
    for coefficient, factors in terms:
        product = coefficient
        for factor in factors:
            product *= factor(agent, day)
            if product == 0.0:
                break
        total += product
    return total


def _negated(part: Holds) -> Holds:
    return lambda agent, day: not part(agent, day)
