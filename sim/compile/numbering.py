"""The names of the law and of behaviour as numbers: steps, sets of steps, terms, facts, and the conditions of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compile.cells import Cells, DueRow, Sourced, due_days
from sim.compile.rows import Rows
from sim.engine import columns as tb
from sim.engine.columns import Ints
from sim.engine.decisions import (
    AT,
    AT_LEAST,
    BELIEF,
    BEYOND,
    CHOICE_OF,
    DRAW,
    ENVIRONMENT,
    EVER,
    FLAG,
    FLAG_DURING,
    FROM_DATE,
    LEVEL,
    LOAD,
    TERM_OVER,
)
from sim.files.errors import InputError, nearest
from sim.policies.statute import Statute
from sim.procedures.conditions import At, Criterion, Ever, Load, Subject
from sim.procedures.schema import Condition, Track
from sim.procedures.traits import BEYOND_FIRST, FLAG_BIT, LEVEL_INDEX, SHOCKS

MOST_EVERS = 31
"""The steps ever entered are kept as bits."""


class Numbering:
    """Numbers for names, and rows for conditions.

    Parameters
    ----------
    statute
        The law of the world.
    shocks
        For each external event that is dated: active or not, per day.
    pools
        The names of the pools.
    word_of_mouth
        Whether people tell one another what happens; if not, all beliefs are 0.
    model_of, choice_of
        Compile a decision, or all that compete in a choice, and return its number.
    reference
        The law against which a rule makes a difference to a person; None: the base text.
    """

    def __init__(
        self,
        statute: Statute,
        shocks: dict[str, NDArray[np.bool_]],
        pools: tuple[str, ...],
        word_of_mouth: bool,
        model_of: Callable[[str], int],
        choice_of: Callable[[str], int],
        reference: Statute | None = None,
    ) -> None:
        self.statute, self.parameters, self.calendar = statute, statute.parameters, statute.calendar
        self.model_of, self.choice_of = model_of, choice_of
        self.beliefs, self.word_of_mouth, self.pools = tuple(statute.behaviour.belief), word_of_mouth, pools
        self.steps = statute.steps
        self.step_number: dict[str, int] = {name: i for i, name in enumerate(self.steps)}
        self.tracks = tuple(statute.tracks)
        self.slot = _slots(statute.tracks)
        known = set(reference.facts) if reference else set()
        self.new_facts = {fact.name for fact in statute.facts if fact not in known}
        # Facts of other regimes are never true here; they still have a row, so that a hazard that depends on them is
        # updated on the same days in every world.
        names = {*statute.own.facts, *(fact.name for fact in (*known, *statute.facts))}
        facts = sorted(names, key=lambda name: (name in self.new_facts, name))
        self.environments = [*SHOCKS, *facts]
        self.environment = self._environment(shocks)
        self.references: list[str] = []
        self.evers: list[str] = []
        self.thresholds: list[float] = []
        self.cells = Cells()
        self.sets: list[NDArray[np.bool_]] = []
        self.set_number: dict[tuple[int, ...], int] = {}
        self.draws: list[str] = []
        self.due_rows: list[Ints] = []
        self.due_number: dict[tuple[str, str], int] = {}
        self.conds = Rows()

    def _environment(self, shocks: dict[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
        rows = np.zeros((len(self.environments), self.calendar.days), bool)
        for name, active in shocks.items():
            rows[self.environments.index(name), : active.size] = active
        for fact in self.statute.facts:
            for days in self.statute.days_of_fact(fact.name):
                rows[self.environments.index(fact.name), days.first : days.last + 1] = True
        return rows

    def reference(self, step: str) -> int:
        """Return the slot in which the last day of a step is remembered."""
        if step not in self.references:
            self.references.append(step)
        return self.references.index(step)

    def ever(self, step: str) -> int:
        """Return the bit that says whether a step has been entered."""
        if step not in self.evers:
            self.evers.append(step)
        if len(self.evers) > MOST_EVERS:
            raise InputError(f"more than {MOST_EVERS} steps are asked for with 'ever'")
        return self.evers.index(step)

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
        slots = {self.slot[self.statute.track(self.steps[n])] for n in numbers}
        return self.set_number[numbers], slots.pop() if len(slots) == 1 else -sum(1 << slot for slot in slots)

    def unknown_step(self, name: str, key: str) -> InputError:
        """Return the mistake of a step that does not exist; ``key``: what named it."""
        return InputError("unknown step", key=key, value=name, nearest=nearest(name, self.steps))

    def draw(self, name: str) -> int:
        """Return the number of a draw by name; the same name is the same draw."""
        if name not in self.draws:
            self.draws.append(name)
        return self.draws.index(name)

    def due_row(self, parameter: str, rule: str) -> int:
        """Return the row of ``due`` for a fixed term: for each day, the day on which it ends.

        Raises
        ------
        InputError
            When the term is not a whole number of its unit: a calendar has no half months.
        """
        value, unit = self.parameters.value(parameter), self.parameters.passport(parameter).unit
        if value != int(value):
            accepted = "a whole number, or a duration that varies between persons (varies = ...)"
            raise InputError(
                f"a term of {value:g} {unit} cannot be counted on a calendar", value=value, accepted=accepted
            )
        key = (parameter, rule)
        if key not in self.due_number:
            number = self.due_number[key] = len(self.due_rows)
            self.due_rows.append(due_days(self.calendar, value, unit, rule))
            self.cells.due.setdefault(parameter, []).append(DueRow(number, rule, unit))
        return self.due_number[key]

    def number(self, parameter: str, form: str = "p") -> Sourced:
        """Return the value of a parameter, in a form of `sim.compile.cells`, for a cell of the tables."""
        return Sourced(self.parameters, parameter, form)

    def conditions(self, criteria: Iterable[Criterion]) -> tuple[int, int]:
        """Compile conditions that must all hold; return their range of rows."""
        rows: list[dict[str, Any]] = []
        for criterion in criteria:
            parts = self._parts(criterion.subject)
            if criterion.negated and len(parts) > 1:
                raise InputError(f"'{criterion}': only a condition of one part can be negated")
            rows += [{**part, "negated": criterion.negated} for part in parts]
        first = self.conds.size
        for row in rows:
            self.conds.add(**row)
        return first, first + len(rows)

    def _parts(self, subject: Subject) -> list[dict[str, Any]]:
        """Return the rows that must all hold for a subject to hold."""
        match subject:
            case At(step):
                return [_row(AT, *self.set_of((step,)))]
            case Ever(step):
                if step not in {*self.steps, *self.statute.own.steps}:
                    raise self.unknown_step(step, "ever")
                return [_row(EVER, 1 << self.ever(step))]
            case Load(pool) if pool in self.pools:
                return [_row(LOAD, self.pools.index(pool))]
        return self._of_name(str(subject))

    def _of_name(self, name: str) -> list[dict[str, Any]]:
        decisions = self.statute.behaviour.decision
        if name in FLAG_BIT:
            return [_row(FLAG, FLAG_BIT[name])]
        if name in LEVEL_INDEX:
            return [_row(LEVEL, LEVEL_INDEX[name], -1)]
        if name in self.environments:
            return [_row(ENVIRONMENT, self.environments.index(name))]
        if name in decisions:
            choice = decisions[name].competes_in
            if choice is not None:
                return [_row(CHOICE_OF, self.model_of(name), self.choice_of(choice))]
            return [_row(DRAW, self.model_of(name))]
        if name in BEYOND_FIRST:
            return [_row(BEYOND, LEVEL_INDEX[BEYOND_FIRST[name]])]
        if name in self.beliefs:
            return [_row(BELIEF, self.beliefs.index(name)) if self.word_of_mouth else _row(FLAG, 0)]
        condition = self.statute.condition(name)
        if condition is None:
            raise self._unknown(name)
        return self._named(condition)

    def _unknown(self, name: str) -> InputError:
        levels = [*LEVEL_INDEX, *BEYOND_FIRST, *self.beliefs]
        known = [*FLAG_BIT, *levels, *self.environments, *self.statute.behaviour.decision, *self.statute.conditions]
        known = sorted({*known, *self.statute.own.facts})
        return InputError(
            "unknown condition or factor",
            key=name,
            accepted=f"at STEP, ever STEP, load POOL, or one of {', '.join(known)}",
            nearest=nearest(name, known),
        )

    def _named(self, condition: Condition) -> list[dict[str, Any]]:
        parts = []
        if condition.at:
            parts.append(_row(AT, *self.set_of(condition.at)))
        if condition.ever:
            bits = 0
            for step in condition.ever:
                bits |= 1 << self.ever(step)
            parts.append(_row(EVER, bits))
        if condition.since and condition.over:
            parts.append(_row(TERM_OVER, self.due_row(condition.over, condition.term), self.reference(condition.since)))
        if condition.trait and condition.at_least:
            parts.append(_row(AT_LEAST, LEVEL_INDEX[condition.trait], len(self.thresholds)))
            self.thresholds.append(self.number(condition.at_least))
        if condition.trait and condition.during:
            parts.append(_row(FLAG_DURING, FLAG_BIT[condition.trait], self.environments.index(condition.during)))
        if condition.from_date is not None:
            parts.append(_row(FROM_DATE, (condition.from_date - self.calendar.start).days))
        return parts


def _row(kind: int, a: int = 0, b: int = 0) -> dict[str, Any]:
    return {"kind": kind, "a": a, "b": b, "negated": False}


def _slots(tracks: Mapping[str, Track]) -> dict[str, int]:
    """Return the numbers of the tracks of persons and of networks, each from 0.

    Raises
    ------
    InputError
        When there are more than the bits with which the engine names several of them.
    """
    slots, counts = {}, {"person": 0, "network": 0}
    for name, track in tracks.items():
        slots[name] = counts[track.entity]
        counts[track.entity] += 1
    most = tb.MOST_TRACKS - 1
    if max(counts.values()) > most:
        raise InputError("more tracks than the engine can run", value=max(counts.values()), accepted=f"{most} or less")
    return slots
