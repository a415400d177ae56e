"""The notice before a run: the number of people, and settings that can have no effect."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.agents.candidates import Candidates
from sim.agents.inflow import published_years
from sim.files.errors import InputWarning
from sim.policies.regime import Regime
from sim.scenarios.dated import DatedCapacity, Event, Programme
from sim.scenarios.extrapolated import extrapolated
from sim.scenarios.reading import shipped_scenarios
from sim.scenarios.scenario import Scenario

LONGEST = 200
"""Most characters of doubts in a short line."""


@dataclass(frozen=True)
class Notice:
    """The notice before a run.

    Attributes
    ----------
    people
        Expected number of people who come in one replicate, under any rule.
    drawn_by_rule
        Expected number of people who come besides, if the rule attracts them.
    extrapolated
        What lies beyond the published years and is assumed, in words.
    history
        The history before the period, in words; empty without one.
    not_in_force
        Regimes and court layers that were named and enter into force after the last day, in words.
    no_effect
        External events, programmes and dated capacities that are on and lie outside the period, in words.
    outside_range
        Parameters with a value outside their plausible range, in words.
    """

    people: int
    drawn_by_rule: int
    not_in_force: tuple[str, ...]
    no_effect: tuple[str, ...]
    outside_range: tuple[str, ...]
    extrapolated: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """What may not be as it was meant, most serious first."""
        return (*self.extrapolated, *self.not_in_force, *self.no_effect, *self.outside_range)

    def line(self, *, people: bool = True) -> str:
        """Return everything in one line, with the number of people or without; empty if there is nothing to say."""
        more = f" (and {self.drawn_by_rule:,} more if the rule attracts them)" if self.drawn_by_rule else ""
        head = (f"{self.people:,} people in each replicate{more}",) if people else ()
        return "; ".join((*head, *self.history, *self.doubts))


Heed = Callable[[Notice], None]


def notice_of(scenario: Scenario, regimes: Sequence[Regime], people: Candidates) -> Notice:
    """Return the notice before a run of these regimes on these people."""
    start = (scenario.start - scenario.first_day).days
    come, drawn = _expected(people, start, (scenario.end - scenario.first_day).days + 1)
    return Notice(
        people=come,
        drawn_by_rule=drawn,
        not_in_force=tuple(dict.fromkeys(said for regime in regimes for said in _not_in_force(scenario, regime))),
        no_effect=tuple(_outside(scenario)),
        outside_range=tuple(dict.fromkeys(said for regime in regimes for said in _out_of_range(scenario, regime))),
        extrapolated=extrapolated(scenario),
        history=history_said(scenario, people),
    )


def history_said(scenario: Scenario, people: Candidates) -> tuple[str, ...]:
    """Return how the history of a scenario is simulated, in words; empty without one."""
    if scenario.first_day == scenario.start:
        return ()
    earlier = sum(_expected(people, 0, (scenario.start - scenario.first_day).days))
    applicants = max(scenario.first_day, scenario.document.inflow.applicants_from or scenario.first_day)
    first = f" (first applicants from {applicants})" if applicants > scenario.first_day else ""
    assumed = ""
    if applicants.year < published_years()[0]:
        assumed = f"; years before {published_years()[0]} have the first applications of that year (assumed)"
    return (
        f"history from {scenario.first_day}{first}: {earlier:,} people who came before {scenario.start} are simulated "
        f"and not measured until then{assumed}",
    )


def _expected(people: Candidates, first: int, end: int) -> tuple[int, int]:
    """Return how many are expected to come from a day on and before another, and how many the rule draws besides."""
    begins, ends = np.maximum(people.month_start, first), np.minimum(people.month_start + people.month_days, end)
    expected = np.clip(ends - begins, 0, None) / people.month_days
    drawn = people.drawn_by_rule
    return round(float(expected[~drawn].sum())), round(float(expected[drawn].sum()))


def brief(doubts: Sequence[str]) -> str:
    """Return doubts as the end of a short line; empty without doubts."""
    return f"; {textwrap.shorten('; '.join(doubts), LONGEST, placeholder=' ...')}" if doubts else ""


def warn(notice: Notice) -> None:
    """Warn of rules, events and programmes that have no effect in the period."""
    for said in (*notice.not_in_force, *notice.no_effect):
        warnings.warn(said, InputWarning, stacklevel=3)


def _not_in_force(scenario: Scenario, regime: Regime) -> Iterator[str]:
    """Yield the named parts of a regime that enter into force too late; a later period of a calendar is no mistake."""
    named = regime.name.split("+")
    for layer in regime.layers:
        if layer.name in named and layer.in_force is not None and layer.in_force > scenario.end:
            yield (
                f"{layer.name} is not in force in this period "
                f"(it holds from {layer.in_force}; the last day is {scenario.end})"
            )


def _outside(scenario: Scenario) -> Iterator[str]:
    """Yield one text with the events, programmes and dated capacities that are on and lie outside the period.

    Shipped ones are history that a shorter period leaves out, and no mistake.
    """
    events: list[Event | Programme] = [*scenario.document.shock, *scenario.document.programme]
    shipped = shipped_events()
    names = [
        f"{event.name} ({event.from_} {'on' if event.until is None else f'to {event.until}'})"
        for event in events
        if event.on
        and event not in shipped
        and (event.from_ > scenario.end or (event.until is not None and event.until < scenario.start))
    ]
    names += [
        f"capacity of {pool} from {row.from_}"
        for pool, rows in scenario.document.capacity.items()
        for row in (rows if isinstance(rows, tuple) else ())
        if (row.from_ > scenario.end or (row.until is not None and row.until < scenario.first_day))
        and row not in shipped_capacities()
    ]
    if names:
        yield f"outside the period, so without effect: {', '.join(names)}"


@cache
def shipped_events() -> tuple[Event | Programme, ...]:
    """Return the external events and programmes of the shipped scenarios."""
    events: list[Event | Programme] = []
    for file in shipped_scenarios().values():
        document = Scenario.load(file).document
        events += [*document.shock, *document.programme]
    return tuple(events)


@cache
def shipped_capacities() -> tuple[DatedCapacity, ...]:
    """Return the dated capacities of the shipped scenarios."""
    given = [Scenario.load(file).document.capacity.values() for file in shipped_scenarios().values()]
    return tuple(row for capacities in given for rows in capacities if isinstance(rows, tuple) for row in rows)


def _out_of_range(scenario: Scenario, regime: Regime) -> Iterator[str]:
    parameters = scenario.parameter_values(regime.parameter_values)
    for name in parameters.outside_range:
        passport = parameters.passport(name)
        yield f"{name} = {parameters[name]:g} is outside its plausible range, {passport.low:g} to {passport.high:g}"
