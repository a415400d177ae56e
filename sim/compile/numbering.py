"""The vocabulary of the TOML files as numbers: steps, sets of steps, terms, facts, and the conditions made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Behaviour
from sim.compile.rows import Rows
from sim.engine.calendar import Calendar
from sim.engine.columns import (
    AT,
    AT_LEAST,
    BELIEF,
    BEYOND,
    CHOICE_OF,
    DRAW,
    ENVIRONMENT,
    FLAG,
    FROM_DATE,
    LEVEL,
    LOAD,
    NEVER,
    TERM_OVER,
    Ints,
)
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError, nearest
from sim.policies.library import shipped_facts, shipped_steps
from sim.policies.regime import Regime
from sim.procedures.rulebook import Rulebook
from sim.procedures.schema import Condition
from sim.procedures.traits import BEYOND_FIRST, FLAG_BIT, LEVEL_INDEX, SHOCKS


class Words:
    """Turns the names that the law and behaviour files use into numbers, and conditions into rows.

    Parameters
    ----------
    behaviour
        Decisions that can be asked in ``when``, and beliefs.
    pools
        The names of the pools.
    word_of_mouth
        Do people tell one another what happens? If not, all beliefs are 0.
    model_of, choice_of
        Compile a decision, or all that compete in a choice, and return its number.
    reference
        The regime against which one asks for whom a rule makes a difference; None: the base text of ``regime``.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        regime: Regime,
        parameters: Parameters,
        calendar: Calendar,
        shocks: dict[str, NDArray[np.bool_]],
        behaviour: Behaviour,
        pools: tuple[str, ...],
        word_of_mouth: bool,
        model_of: Callable[[str], int],
        choice_of: Callable[[str], int],
        reference: Regime | None = None,
    ) -> None:
        self.rulebook, self.regime, self.parameters, self.calendar = rulebook, regime, parameters, calendar
        self.decisions, self.model_of, self.choice_of = behaviour.decision, model_of, choice_of
        self.beliefs, self.word_of_mouth, self.pools = tuple(behaviour.belief), word_of_mouth, pools
        self.steps = tuple(regime.versions)
        self.step_number = {name: i for i, name in enumerate(self.steps)}
        self.tracks = tuple(rulebook.tracks)
        self.slot = _slots(rulebook)
        known = set(reference.facts) if reference else set()
        known_names = {fact.name for fact in known}
        self.new_facts = {fact.name for fact in regime.facts if fact not in known}
        # Facts of other regimes are never true here; they have a row all the same, so that a hazard which looks at
        # them is brought up to date on the same days in every world.
        names = {*shipped_facts(), *known_names, *(fact.name for fact in regime.facts)}
        facts = sorted(names, key=lambda name: (name in self.new_facts, name))
        self.environments = [*SHOCKS, *facts]
        self.environment = self._environment(shocks)
        self.references: list[str] = []
        self.evers: list[str] = []
        self.thresholds: list[float] = []
        self.sets: list[NDArray[np.bool_]] = []
        self.set_number: dict[tuple[int, ...], int] = {}
        self.draws: list[str] = []
        self.due_rows: list[Ints] = []
        self.due_number: dict[tuple[int, str, str], int] = {}
        self.conds = Rows()

    def _environment(self, shocks: dict[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
        days = self.calendar.days
        rows = np.zeros((len(self.environments), days), bool)
        for name, active in shocks.items():
            rows[self.environments.index(name), : active.size] = active
        for fact in self.regime.facts:
            last = days if fact.until is None else self._day(fact.until)
            rows[self.environments.index(fact.name), self._day(fact.in_force) : last] = True
        return rows

    def _day(self, date: Any) -> int:
        """Return the day index of a date of entry into force; 0 when it lies before the start, or is None."""
        if date is None:
            return 0
        return int(min(max((date - self.calendar.start).days, 0), self.calendar.days))

    def reference(self, step: str) -> int:
        """Return the slot in which the last day of a step is remembered."""
        if step not in self.references:
            self.references.append(step)
        return self.references.index(step)

    def ever(self, step: str) -> int:
        """Return the bit that says whether a step has been entered."""
        if step not in self.evers:
            self.evers.append(step)
        if len(FLAG_BIT) + len(self.evers) > 31:
            raise InputError(f"more than {31 - len(FLAG_BIT)} steps are asked for with 'ever'")
        return len(FLAG_BIT) + self.evers.index(step)

    def set_of(self, steps: tuple[str, ...]) -> tuple[int, int]:
        """Return (number of the set, track it lies on; minus the bits of the tracks when it spans several).

        Raises
        ------
        InputError
            When the regime has no such step.
        """
        for name in steps:
            if name not in self.step_number:
                raise self.unknown_step(name, "at")
        numbers = tuple(sorted(self.step_number[name] for name in steps))
        if numbers not in self.set_number:
            row = np.zeros(len(self.steps), bool)
            row[list(numbers)] = True
            self.set_number[numbers] = len(self.sets)
            self.sets.append(row)
        slots = {self.slot[self.track(self.steps[n])] for n in numbers}
        return self.set_number[numbers], slots.pop() if len(slots) == 1 else -sum(1 << slot for slot in slots)

    def unknown_step(self, name: str, key: str) -> InputError:
        """Return the mistake of a step that does not exist; ``key``: what named it."""
        return InputError("unknown step", key=key, value=name, nearest=nearest(name, self.steps))

    def track(self, step: str) -> str:
        """Return the track of a step."""
        return self.regime.versions[step][0].step.track

    def draw(self, name: str) -> int:
        """Return the number of a draw by name; the same name is the same draw."""
        if name not in self.draws:
            self.draws.append(name)
        return self.draws.index(name)

    def due_row(self, value: float, unit: str, rule: str) -> int:
        """Return the row of ``due`` for a fixed term: for each day, the day on which it ends.

        Raises
        ------
        InputError
            When the term is not a whole number of its unit: a calendar has no half months.
        """
        if value != int(value):
            accepted = "a whole number, or a duration that varies between persons (varies = ...)"
            raise InputError(
                f"a term of {value:g} {unit} cannot be counted on a calendar", value=value, accepted=accepted
            )
        key = (int(value), unit, rule)
        if key not in self.due_number:
            self.due_number[key] = len(self.due_rows)
            self.due_rows.append(np.minimum(self.calendar.term_table(int(value), unit, rule), NEVER - 1))
        return self.due_number[key]

    def conditions(self, items: tuple[str, ...]) -> tuple[int, int]:
        """Compile a list of conditions that must all hold; return its range of rows."""
        rows: list[dict[str, Any]] = []
        for item in items:
            negated = item.startswith("not ")
            parts = self._parts(item.removeprefix("not "))
            if negated and len(parts) > 1:
                raise InputError(f"'{item}': only a condition of one part can be negated")
            for part in parts:
                rows.append({**part, "negated": part["negated"] != negated})
        first = self.conds.size
        for row in rows:
            self.conds.add(**row)
        return first, first + len(rows)

    def _parts(self, name: str) -> list[dict[str, Any]]:
        def row(kind: int, a: int = 0, b: int = 0) -> dict[str, Any]:
            return {"kind": kind, "a": a, "b": b, "negated": False}

        if name in FLAG_BIT:
            return [row(FLAG, FLAG_BIT[name])]
        if name in LEVEL_INDEX:
            return [row(LEVEL, LEVEL_INDEX[name], -1)]
        if name in self.environments:
            return [row(ENVIRONMENT, self.environments.index(name))]
        if name in self.decisions:
            choice = self.decisions[name].competes_in
            if choice is not None:
                return [row(CHOICE_OF, self.model_of(name), self.choice_of(choice))]
            return [row(DRAW, self.model_of(name))]
        if name in BEYOND_FIRST:
            return [row(BEYOND, LEVEL_INDEX[BEYOND_FIRST[name]])]
        if name in self.beliefs:
            return [row(BELIEF, self.beliefs.index(name)) if self.word_of_mouth else row(FLAG, 0)]
        if name.startswith("load ") and name[5:] in self.pools:
            return [row(LOAD, self.pools.index(name[5:]))]
        if name.startswith("at "):
            return [row(AT, *self.set_of((name[3:],)))]
        if name.startswith("ever "):
            if name[5:] not in {*self.steps, *shipped_steps()}:
                raise self.unknown_step(name[5:], "ever")
            return [row(FLAG, 1 << self.ever(name[5:]))]
        if name in self.regime.conditions:
            return self._named(self.regime.conditions[name], row)
        raise self._unknown(name)

    def _unknown(self, name: str) -> InputError:
        levels = [*LEVEL_INDEX, *BEYOND_FIRST, *self.beliefs]
        known = [*FLAG_BIT, *levels, *self.environments, *self.decisions, *self.regime.conditions]
        known = sorted({*known, *shipped_facts()})
        return InputError(
            "unknown condition or factor",
            key=name,
            accepted=f"at STEP, ever STEP, load POOL, or one of {', '.join(known)}",
            nearest=nearest(name, known),
        )

    def _named(self, condition: Condition, row: Any) -> list[dict[str, Any]]:
        parts = []
        if condition.at:
            parts.append(row(AT, *self.set_of(condition.at)))
        if condition.ever:
            bits = 0
            for step in condition.ever:
                bits |= 1 << self.ever(step)
            parts.append(row(FLAG, bits))
        if condition.since and condition.over:
            passport = self.parameters.passport(condition.over)
            due = self.due_row(self.parameters.value(condition.over), passport.unit, "none")
            parts.append(row(TERM_OVER, due, self.reference(condition.since)))
        if condition.trait and condition.at_least:
            parts.append(row(AT_LEAST, LEVEL_INDEX[condition.trait], len(self.thresholds)))
            self.thresholds.append(self.parameters.value(condition.at_least))
        if condition.from_date is not None:
            parts.append(row(FROM_DATE, (condition.from_date - self.calendar.start).days))
        return parts


def _slots(rulebook: Rulebook) -> dict[str, int]:
    """Number the tracks of persons and of networks, each from 0."""
    slots, counts = {}, {"person": 0, "network": 0}
    for name, track in rulebook.tracks.items():
        slots[name] = counts[track.entity]
        counts[track.entity] += 1
    return slots
