"""The loaded law, behaviour and parameters as plain Python objects that agents can ask.

Everything is read from the same documents as the engine reads: rulebook and regime, decisions and hazards, pools,
parameters, calendar, external events. Conditions become small functions of an agent and a day.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.behaviour import Authorities, Behaviour, Decision, Hazard
from sim.engine.calendar import Calendar
from sim.evidence.parameters import Parameters
from sim.policies.library import dates_of_shipped, shipped_facts
from sim.policies.regime import Regime, StepVersion
from sim.procedures.rulebook import step_kind
from sim.procedures.schema import Change, Condition, Step
from sim.procedures.traits import BEYOND_FIRST, FLAG_BIT, LEVEL_INDEX, SHOCKS

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import Mover

Holds = Callable[["Mover", int], bool]
Value = Callable[["Mover", int], float]
Probability = Callable[["Mover", int], float]
Ends = Callable[["Mover", int], int]

LEGAL_CLOCK, AUTHORITY, CHOICE, HAZARD = range(4)
"""Classes of event, in their order within a day."""
PEOPLE = {"applicant", "victim", "person", "trafficker"}
"""Whose decisions are choices of people."""
LAST_RANK = 2
DAYS_PER_YEAR = 365.25
DAYS_PER_UNIT = {"weeks": 7.0, "months": DAYS_PER_YEAR / 12, "years": DAYS_PER_YEAR, "hours": 1 / 24}


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal to a step: to the agent itself, to its network, or to the victims of a network."""

    to: str
    address: str


@dataclass(frozen=True, slots=True)
class Way:
    """A branch: where it leads, when it is open, what it signals."""

    to: str
    conditions: tuple[Holds, ...]
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class TextOfStep:
    """One version of a step."""

    in_force: int
    applies_to: str | None
    kind: str
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

    def __init__(
        self,
        regime: Regime,
        behaviour: Behaviour,
        authorities: Authorities,
        parameters: Parameters,
        calendar: Calendar,
        shocks: dict[str, Any],
    ) -> None:
        self.regime, self.behaviour, self.parameters, self.calendar = regime, behaviour, parameters, calendar
        self.pools = authorities.pool
        self.environment = self._environment(shocks)
        self.dated: set[str] = {name for name, c in regime.conditions.items() if c.from_date is not None}
        self.track_of = {name: versions[0].step.track for name, versions in regime.versions.items()}
        self.choices: dict[str, list[tuple[str, tuple[Holds, ...], Probability]]] = {}
        self.probabilities = {name: self._probability(name) for name in behaviour.decision}
        self.accepts = {
            name: frozenset(origin for version in versions for origin in version.step.from_)
            for name, versions in regime.versions.items()
        }
        self.texts = {
            name: tuple(self._text(version) for version in versions) for name, versions in regime.versions.items()
        }
        self.kind = {name: texts[0].kind for name, texts in self.texts.items()}
        self.gate_tracks = tuple(sorted({self.track_of[name] for name, kind in self.kind.items() if kind == "gate"}))
        self.event_class = {name: self._class(versions[-1].step) for name, versions in regime.versions.items()}
        self.dangers_at: dict[str, list[Danger]] = {name: [] for name in regime.versions}
        for name, hazard in behaviour.hazard.items():
            later = regime.hazards.get(name, ())
            running = later[-1].hazard if later else hazard
            if parameters.value(running.per_year) > 0.0:
                self._add_danger(name, running)
        self.review_days = self._review_days()

    # ---- texts ----

    def text(self, step: str, agent: Mover, day: int) -> TextOfStep:
        """Return the version of a step under which an agent falls: the last in force on its deciding day."""
        texts = self.texts[step]
        for text in texts[:0:-1]:
            if text.in_force > day:
                continue
            if text.applies_to is None:
                return text
            decided = agent.last_day.get(text.applies_to)
            if decided is None or decided >= text.in_force:
                return text
        return texts[0]

    def _text(self, version: StepVersion) -> TextOfStep:
        step = version.step
        return TextOfStep(
            in_force=self._day(version.in_force),
            applies_to=version.applies_to,
            kind=step_kind(step),
            pool=step.by,
            ends=self._ends(step) if step.takes else None,
            ways=tuple(
                Way(branch.to, self.conditions(branch.when), self._signals(branch.signals)) for branch in step.next
            ),
            signals=self._signals(step.signals),
            on_start=self._signals(step.on_start),
            changes=tuple(self._change(trait, change) for trait, change in step.changes.items()),
            ranks=tuple((p.rank, self.conditions(p.when)) for p in step.priority),
        )

    def _signals(self, names: tuple[str, ...]) -> tuple[Signal, ...]:
        parts = [name.rpartition(":") for name in names]
        return tuple(Signal(to, address) for address, _, to in parts)

    def _change(self, trait: str, change: Change) -> tuple[str, bool, bool, float]:
        address, _, level = trait.rpartition(":")
        parameter = change.set if change.add is None else change.add
        return level, address == "network", change.add is not None, self.parameters.value(str(parameter))

    def _class(self, step: Step) -> int:
        if step.by:
            return AUTHORITY
        asked = {item.removeprefix("not ") for branch in step.next for item in branch.when}
        decisions = self.behaviour.decision
        return CHOICE if any(decisions[a].who in PEOPLE for a in asked if a in decisions) else LEGAL_CLOCK

    def _day(self, date: Any) -> int:
        if date is None:
            return 0
        return int(min(max((date - self.calendar.start).days, 0), self.calendar.days))

    # ---- time ----

    def _ends(self, step: Step) -> Ends:
        """Return a function that says on which day the time of a step ends that starts today."""
        passport, value = self.parameters.passport(str(step.takes)), self.parameters.value(str(step.takes))
        if passport.varies == "fixed":
            table = self.calendar.term_table(int(value), passport.unit, step.term).tolist()
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

        def ends(agent: Mover, day: int) -> int:
            draw = agent.random
            exponential = passport.varies == "exponential"
            length = draw.expovariate(1 / mean) if exponential else draw.lognormvariate(mu, sigma)
            whole = int(length + 0.5)
            if not in_working_days:
                return day + whole
            index = index_of_day[day] + whole
            return day_of_index[index] if index < last else len(index_of_day)

        return ends

    def _environment(self, shocks: dict[str, Any]) -> dict[str, list[bool]]:
        days = self.calendar.days
        rows = {
            name: np.zeros(days, bool)
            for name in (*SHOCKS, *shipped_facts(), *(fact.name for fact in self.regime.facts))
        }
        for name, active in shocks.items():
            rows[name][: active.size] = active
        for fact in self.regime.facts:
            last = days if fact.until is None else self._day(fact.until)
            rows[fact.name][self._day(fact.in_force) : last] = True
        return {name: row.tolist() for name, row in rows.items()}

    def _review_days(self) -> list[int]:
        """Days on which gates and ranks are looked at again for everybody; rules of all shipped regimes count."""
        regime = self.regime
        dates = set(dates_of_shipped())
        dates |= {version.in_force for versions in regime.versions.values() for version in versions}
        dates |= {version.in_force for versions in regime.decisions.values() for version in versions}
        dates |= {day for fact in regime.facts for day in (fact.in_force, fact.until)}
        dates |= {regime.conditions[name].from_date for name in self.dated}
        days = {self._day(date) for date in dates if date is not None}
        for row in self.environment.values():
            days |= {day for day in range(1, len(row)) if row[day] != row[day - 1]}
        return sorted(day for day in days if 0 < day <= self.calendar.end_day)

    # ---- conditions ----

    def conditions(self, items: tuple[str, ...]) -> tuple[Holds, ...]:
        """Return the conditions that must all hold."""
        out: list[Holds] = []
        for item in items:
            parts = self._parts(item.removeprefix("not "))
            out += [_negated(part) for part in parts] if item.startswith("not ") else parts
        return tuple(out)

    def _parts(self, name: str) -> list[Holds]:
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
        if name.startswith("at "):
            return [self._at((name[3:],))]
        if name.startswith("ever "):
            step = name[5:]
            return [lambda agent, day: step in agent.last_day]
        if name in self.regime.conditions:
            return self._named(self.regime.conditions[name])
        raise ValueError(f"no such condition: {name}")

    def _named(self, condition: Condition) -> list[Holds]:
        parts: list[Holds] = []
        if condition.at:
            parts.append(self._at(condition.at))
        if condition.ever:
            steps = frozenset(condition.ever)
            parts.append(lambda agent, day: not steps.isdisjoint(agent.last_day))
        if condition.since and condition.over:
            passport = self.parameters.passport(condition.over)
            value = int(self.parameters.value(condition.over))
            table = self.calendar.term_table(value, passport.unit, "none").tolist()
            since = condition.since
            parts.append(lambda agent, day: since in agent.last_day and day > table[agent.last_day[since]])
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
        first = self._form(self.behaviour.decision[name])
        later = [(self._day(day), self._form(decision)) for day, decision in self.regime.decisions.get(name, ())]
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
            by_group = {group: value(name) for group, name in decision.chance_by.items()}
            return lambda agent, day: by_group[agent.group]
        given = decision.logit or decision.adds_up or {}
        constant = value(given["constant"]) if "constant" in given else 0.0
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

    def _terms(self, coefficients: dict[str, float]) -> tuple[tuple[float, tuple[Value, ...]], ...]:
        return tuple(
            (coefficient, tuple(self._value(name.strip()) for name in product.split("*")))
            for product, coefficient in coefficients.items()
            if coefficient != 0.0
        )

    def _value(self, name: str) -> Value:
        if name in LEVEL_INDEX:
            return lambda agent, day: agent.levels[name]
        if name in BEYOND_FIRST:
            level = BEYOND_FIRST[name]
            return lambda agent, day: max(agent.levels[level] - 1.0, 0.0)
        if name.startswith("load "):
            pool = name[5:]
            return lambda agent, day: agent.model.desks[pool].load
        (part,) = self._parts(name)
        return part

    def _add_danger(self, name: str, hazard: Hazard) -> None:
        value = self.parameters.value
        words = {item.removeprefix("not ") for item in hazard.when}
        words |= {factor.strip() for product in hazard.times for factor in product.split("*")}
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
    """Sum of coefficient times product of factors."""
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
