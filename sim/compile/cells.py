"""Which cell of the tables holds which parameter, and in which form.

The builder reads every number as a `Sourced` one, which knows its parameter wherever it is put. When the columns are
laid out, each is noted as a cell; to change a parameter is then to write its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from sim.engine import columns as tb
from sim.engine.calendar import Calendar
from sim.engine.columns import DAYS_PER_YEAR, NEVER, Floats, Ints
from sim.engine.elementary import log
from sim.engine.tables import Tables
from sim.evidence.parameters import Parameters
from sim.policies.statute import Statute

SUREST: Final = 50.0
"""Log odds of what is certain: 1 / (1 + exp(-50)) is 1 to the last bit."""


def log_odds(p: float) -> float:
    """Return the log odds of a probability, at most ``SUREST`` either way."""
    if p <= 0.0 or p >= 1.0:
        return -SUREST if p <= 0.0 else SUREST
    return min(max(log(p / (1.0 - p)), -SUREST), SUREST)


FORMS: Final[Mapping[str, Callable[[float], float]]] = {
    "p": lambda p: p,
    "log p": lambda p: log(float(p)),
    "log odds of p": lambda p: log_odds(float(p)),
    "p / 365.25": lambda p: p / DAYS_PER_YEAR,
    "p * 7": lambda p: p * 7.0,
    "p * (365.25 / 12)": lambda p: p * (DAYS_PER_YEAR / 12),
    "p * 365.25": lambda p: p * DAYS_PER_YEAR,
    "p * (1 / 24)": lambda p: p * (1 / 24),
}
"""The value of a cell from that of its parameter, by the name of the form."""
OF_UNIT: Final[Mapping[str, str]] = {
    "weeks": "p * 7",
    "months": "p * (365.25 / 12)",
    "years": "p * 365.25",
    "hours": "p * (1 / 24)",
}
"""The form of a mean duration in days, where its unit is no kind of day."""


class Sourced(float):
    """A number that knows its parameter and its form; arithmetic makes it a plain number again."""

    parameter: str
    form: str

    def __new__(cls, parameters: Parameters, parameter: str, form: str = "p") -> Sourced:
        """Read a parameter."""
        made = super().__new__(cls, FORMS[form](parameters.value(parameter)))
        made.parameter, made.form = parameter, form
        return made


class Shape(NamedTuple):
    """For what tables have places: hazards (a rate or a growth of 0 needs none), and what rows remember.

    Attributes
    ----------
    running
        Hazards with a rate.
    growing
        Hazards whose rate grows, or fades, with the time in a step.
    references, evers
        Steps whose last day is remembered, and steps of which it is remembered whether they were entered, beside those
        that the law asks for.
    """

    running: frozenset[str] = frozenset()
    growing: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    evers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, statute: Statute) -> Shape:
        """Return the shape that the numbers of a statute need."""
        value = statute.parameters.value
        hazards = statute.hazards.items()
        return cls(
            frozenset(name for name, hazard in hazards if value(hazard.per_year) > 0.0),
            frozenset(name for name, hazard in hazards if hazard.grows_per_year and value(hazard.grows_per_year)),
        )

    def __or__(self, other: Shape) -> Shape:
        """Return the shape that serves for both."""
        return Shape(*(one | more for one, more in zip(self, other, strict=True)))

    def holds(self, other: Shape) -> bool:
        """Return whether tables of this shape have a place for all that the other needs."""
        return all(one >= more for one, more in zip(self, other, strict=True))


NO_SHAPE: Final = Shape()


class Cell(NamedTuple):
    """A cell of ``Tables.f``: its place, and the form in which it holds a parameter."""

    place: int
    form: str


class DueRow(NamedTuple):
    """A row of ``DUE``: its number, the rule for weekends and holidays, and the unit of the term."""

    row: int
    rule: str
    unit: str


@dataclass
class Cells:
    """The cells of one world, by parameter.

    Attributes
    ----------
    fractions
        Cells of ``Tables.f``.
    due
        Rows of due days.
    whole
        Places in the header of ``Tables.t`` that hold the whole part of a parameter.
    shape
        For what there are places.
    """

    fractions: dict[str, list[Cell]] = field(default_factory=dict)
    due: dict[str, list[DueRow]] = field(default_factory=dict)
    whole: dict[str, list[int]] = field(default_factory=dict)
    shape: Shape = NO_SHAPE

    def note(self, first: int, values: Iterable[Any]) -> None:
        """Note the cells of a column that begins at ``first``."""
        for place, value in enumerate(_flat(values)):
            if isinstance(value, Sourced):
                self.fractions.setdefault(value.parameter, []).append(Cell(first + place, value.form))

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters that have cells."""
        return frozenset({*self.fractions, *self.due, *self.whole})

    def written(
        self,
        tables: Tables,
        calendar: Calendar,
        parameters: Parameters,
        changed: Iterable[str],
        capacities: Floats | None = None,
    ) -> Tables:
        """Return tables with other numbers; the given ones stay as they are.

        Parameters
        ----------
        parameters
            The new numbers.
        changed
            The parameters to write.
        capacities
            ``float64[pools, days]``; None: as they are.
        """
        changed = [name for name in changed if name in self.fractions or name in self.due or name in self.whole]
        if not changed and capacities is None:
            return tables
        t, f = tables.t, tables.f.copy()
        if any(name in self.due or name in self.whole for name in changed):
            t = t.copy()
        for name in changed:
            value = parameters.value(name)
            for place, form in self.fractions.get(name, ()):
                f[place] = FORMS[form](value)
            for row, rule, unit in self.due.get(name, ()):
                first = int(t[tb.DUE]) + row * calendar.days
                t[first : first + calendar.days] = due_days(calendar, value, unit, rule)
            for place in self.whole.get(name, ()):
                t[place] = int(value)
        if capacities is not None:
            f[tb.POOL_CAPACITY :] = capacities.reshape(-1)
        return tables._replace(t=t, f=f)


def due_days(calendar: Calendar, value: float, unit: str, rule: str) -> Ints:
    """Return the row of ``DUE`` of a term: for each day on which it can start, the day on which it ends."""
    return np.asarray(np.minimum(calendar.term_table(int(value), unit, rule), NEVER - 1), np.int32)


def _flat(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield value
