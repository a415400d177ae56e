"""One world: a scenario under one regime, compiled; and the run of its people through it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities, Behaviour
from sim.agents.candidates import Candidates, Flows, candidates, flows, ratio_of
from sim.agents.population import Population, populate
from sim.compile.assemble import build
from sim.compile.cells import NO_SHAPE, Cells, Shape
from sim.engine.calendar import Calendar
from sim.engine.columns import POOL_CAPACITY
from sim.engine.held import Take, fresh
from sim.engine.kernel import advance
from sim.engine.layout import LOG_FULL, OK, QUEUE_FULL, TOO_MANY_HAZARDS
from sim.engine.log import Log, joined, unpacked
from sim.engine.state import State
from sim.engine.tables import Catalogue, Tables
from sim.engine.turnover import Turnover
from sim.evidence.parameters import Parameters
from sim.files.errors import B8simError, InputError
from sim.files.place import Place
from sim.outcomes.opening import Opening, Past
from sim.policies.regime import Regime
from sim.policies.statute import Statute
from sim.runs.dated import apply_programmes, capacity_by_day, days_of_events
from sim.runs.history import open_period, run_history
from sim.runs.memory import Watched
from sim.runs.needs import Needs
from sim.scenarios.scenario import Scenario

MOST_SPACE = 64


@dataclass(frozen=True)
class World:
    """A scenario under one regime, compiled; shared by all replicates.

    Attributes
    ----------
    cells
        Which cell of the tables holds which parameter.
    capacities_follow
        The parameters from which the capacities follow.
    reference
        The law against which a rule makes a difference to a person; None: the base text.
    needs
        Shared with the worlds that differ in numbers only.
    """

    scenario: Scenario
    statute: Statute
    tables: Tables
    catalogue: Catalogue
    cells: Cells
    capacities_follow: frozenset[str] = frozenset()
    reference: Statute | None = None
    needs: Needs = field(default_factory=Needs, compare=False, repr=False)

    @property
    def regime(self) -> Regime:
        """The rules."""
        return self.statute.regime

    @property
    def parameters(self) -> Parameters:
        """The numbers, with what scenario and readings set."""
        return self.statute.parameters

    @property
    def calendar(self) -> Calendar:
        """The days."""
        return self.statute.calendar

    @property
    def start_day(self) -> int:
        """Index of the first day that is measured; 0 without a history."""
        return (self.scenario.start - self.calendar.start).days

    @property
    def end_day(self) -> int:
        """Index of the last day."""
        return self.calendar.end_day

    @property
    def measured_days(self) -> int:
        """Number of days that are measured."""
        return self.end_day + 1 - self.start_day

    @property
    def turns(self) -> Mapping[int, int]:
        """The last measured day of each year, by year."""
        return _turns(self.scenario.start, self.scenario.end, self.calendar.start, self.end_day)

    def capacity(self, pool: int, day: int) -> float:
        """Return the capacity of a pool, by its number, on a day."""
        return float(self.tables.f[POOL_CAPACITY + pool * self.calendar.days + day])


@dataclass(frozen=True)
class Outcome:
    """The outcome of one run.

    Attributes
    ----------
    state
        On the last evening.
    opening
        What the history left behind; None without one.
    history
        The moves of the history, where they were to be kept.
    turnover
        Whose rows came and went; None: everybody has one.
    """

    state: State
    opening: Opening | None = None
    history: Log | None = None
    turnover: Turnover | None = None

    @cached_property
    def log(self) -> Log:
        """The moves of the period that is measured, in columns; made on first use."""
        return log_of(self.state)

    @property
    def whole_log(self) -> Log:
        """The moves of the history, where they were kept, and of the period."""
        return self.log if self.history is None else joined(self.history, self.log)


def make_world(
    scenario: Scenario,
    regime: Regime,
    behaviour: Behaviour | None = None,
    reference: Regime | None = None,
    at_least: Shape = NO_SHAPE,
) -> World:
    """Compile a scenario under a regime.

    Parameters
    ----------
    behaviour
        Decisions and hazards; those of the scenario by default.
    reference
        The regime against which a rule makes a difference to a person; None: the base text of ``regime``.
    at_least
        What gets a place although this law does not need it: hazards without a rate, and remembered steps.

    Raises
    ------
    InputError
        When the scenario or the regime names something that does not exist.
    """
    statute = statute_of(scenario, regime, behaviour)
    other = None if reference is None else statute_of(scenario, reference, behaviour)
    return _compiled(scenario, statute, other, at_least)


def with_parameters(world: World, scenario: Scenario) -> World:
    """Return a world under another scenario that differs in parameters and capacities only.

    Its tables are those of the world with other numbers in their cells; they are compiled again only where a hazard
    gets a rate, or a growth, that had none.
    """
    old, new = world.scenario.document, scenario.document
    changed = {
        name
        for name in {*old.parameters, *new.parameters}
        if old.parameters.get(name, math.nan) != new.parameters.get(name, math.nan)
    }
    statute = world.statute.with_parameters(scenario.parameter_values(world.regime.parameter_values))
    if changed & world.statute.rates_of_hazards and not world.cells.shape.holds(Shape.of(statute)):
        return _compiled(scenario, statute, world.reference, world.cells.shape)
    rows, read = None, world.capacities_follow
    if old.capacity != new.capacity or changed & read:
        capacities, read = _capacities(scenario, statute.parameters, statute.calendar)
        rows = np.array([capacities[pool] for pool in world.catalogue.pools], np.float64)
    tables = world.cells.written(world.tables, world.calendar, statute.parameters, changed, rows)
    return replace(world, scenario=scenario, statute=statute, tables=tables, capacities_follow=read)


def _compiled(scenario: Scenario, statute: Statute, reference: Statute | None, at_least: Shape) -> World:
    capacities, read = _capacities(scenario, statute.parameters, statute.calendar)
    days, talks = days_of_events(scenario, statute.calendar), scenario.document.switches.word_of_mouth
    tables, catalogue, cells = build(statute, Authorities.load(), days, capacities, talks, reference, at_least)
    return World(scenario, statute, tables, catalogue, cells, read, reference)


def _capacities(
    scenario: Scenario, parameters: Parameters, calendar: Calendar
) -> tuple[dict[str, NDArray[np.float64]], frozenset[str]]:
    """Return the capacity of each pool on each day, and the parameters from which it follows."""
    authorities, watched = _authorities(), Watched(parameters)
    capacities = {
        name: capacity_by_day(scenario, name, pool.capacity, watched, calendar)
        for name, pool in authorities.pool.items()
    }
    apply_programmes(scenario, capacities, watched)
    of_people = _in_proportion(scenario, capacities, authorities)
    return capacities, frozenset({*watched.read, *of_people})


@cache
def _authorities() -> Authorities:
    return Authorities.load()


def statute_of(scenario: Scenario, regime: Regime, behaviour: Behaviour | None = None) -> Statute:
    """Return the law of a scenario under a regime: with its curves, parameters and days.

    Raises
    ------
    InputError
        When the regime amends what the behaviour, or a curve of the scenario, does not have.
    """
    return Statute(
        regime,
        (behaviour or scenario.behaviour).with_curves(scenario.document.curves),
        scenario.parameter_values(regime.parameter_values),
        _calendar(scenario.first_day, scenario.end),
        scenario.own,
    )


def people_of(scenario: Scenario, parameters: Parameters | None = None) -> Candidates:
    """List who might come in a scenario, the same under every regime and in every replicate.

    Parameters
    ----------
    parameters
        The numbers, if they are at hand; those of the scenario.

    Raises
    ------
    InputError
        When they are too many.
    """
    inflow = scenario.document.inflow
    with _named(scenario):
        return candidates(_flows(scenario, parameters), scenario.first_day, scale=inflow.scale, persons=inflow.persons)


def _flows(scenario: Scenario, parameters: Parameters | None = None) -> Flows:
    inflow = scenario.document.inflow
    return flows(
        scenario.start,
        scenario.end,
        parameters or scenario.parameter_values(),
        history_from=scenario.document.scenario.history_from,
        applicants_from=inflow.applicants_from,
        responds_from=inflow.responds_from if inflow.responds_to_rule else None,
        drawn=inflow.drawn,
        level=inflow.level,
    )


@contextmanager
def _named(scenario: Scenario) -> Iterator[None]:
    """Add the file of the scenario to errors about its people."""
    try:
        yield
    except InputError as error:
        raise Place(Path(scenario.file), str(error.key)).error(
            error.problem, value=error.value, accepted=error.accepted
        ) from None


def population_of(
    scenario: Scenario,
    people: Candidates,
    seed: int,
    replicate: int,
    parameters: Parameters | None = None,
    take: Take = fresh,
) -> Population:
    """Make the people of one replicate; ``parameters`` as for ``people_of``, ``take`` gives the arrays."""
    numbers, first, last = parameters or scenario.parameter_values(), scenario.first_day, scenario.end
    talks = scenario.document.switches.word_of_mouth
    return populate(
        people, numbers, start=first, end=last, seed=seed, replicate=replicate, word_of_mouth=talks, take=take
    )


def run_world(
    world: World, population: Population, remember: Sequence[str] | None = None, *, keep_history: bool = False
) -> Outcome:
    """Simulate everybody in a world, from the first day to the last.

    Parameters
    ----------
    remember
        Steps of which the first day is kept when the moves of a history are forgotten; all of them by default.
    keep_history
        Keep the moves of a history.

    Raises
    ------
    B8simError
        When the law of this world never settles (an endless loop of signals within a day).
    """
    space = 1
    while True:
        state = State(world.tables, world.catalogue, population.entities, space, world.needs.at_once)
        status, opening, earlier = OK, None, None
        if world.start_day:
            past, eve = Past(world.catalogue, state.step.shape, remember), world.start_day - 1
            status = run_until(world, state, eve) if keep_history else run_history(state, past, eve)
            earlier = log_of(state) if keep_history else None
            opening = open_period(state, past, world.start_day) if status == OK else None
        if status == OK:
            status = run_until(world, state, world.end_day)
        if status == TOO_MANY_HAZARDS:
            world.needs.learn(state)
        elif status in (LOG_FULL, QUEUE_FULL) and space < MOST_SPACE:
            space *= 4
        else:
            break
    if status != OK:
        raise B8simError(f"the run stopped with status {status}: signals without end within a day")
    return Outcome(state, opening, earlier)


def run_until(world: World, state: State, day: int, turnover: Turnover | None = None) -> int:
    """Simulate days up to and including ``day``, keep the sums of pools at each turn of the year; return the status."""
    status, turns = OK, world.turns.values()
    ends = () if turnover is None else turnover.ends
    for stop in sorted({day, *(turn for turn in (*turns, *ends) if state.day < turn < day)}):
        status = int(advance(state.arrays, stop)) if status == OK else status
        if status == OK and stop in turns:
            state.turns.setdefault(stop, state.pool_sums.copy())
        if status == OK and turnover is not None and stop == turnover.end:
            turnover.turn(state)
    return status


def log_of(state: State) -> Log:
    """Return the rows logged so far."""
    return unpacked(state.logged)


@lru_cache(maxsize=8)
def _turns(start: dt.date, end: dt.date, first: dt.date, end_day: int) -> dict[int, int]:
    return {year: min((dt.date(year, 12, 31) - first).days, end_day) for year in range(start.year, end.year + 1)}


@lru_cache(maxsize=8)
def _calendar(start: dt.date, end: dt.date) -> Calendar:
    return Calendar(start, end)


def ratio_in(scenario: Scenario) -> float | None:
    """Return the ratio by which a scenario makes its capacities fit the number of people; None: they are as given."""
    inflow = scenario.document.inflow
    if inflow.capacities == "as_given":
        return None
    with _named(scenario):
        return float(ratio_of(_flows(scenario), scale=inflow.scale, persons=inflow.persons))


def _in_proportion(
    scenario: Scenario, capacities: dict[str, NDArray[np.float64]], authorities: Authorities
) -> frozenset[str]:
    """Multiply the capacities by the ratio of the people, where the scenario says so; return the parameters it reads.

    Staff may be any fraction: the rest of a case carries over to the next working day. Places are whole, and at least
    one where there was any, since no one could ever enter a pool without places.
    """
    inflow = scenario.document.inflow
    if inflow.capacities == "as_given":
        return frozenset()
    watched = Watched(scenario.parameter_values())
    ratio = ratio_of_people(scenario, watched)
    for name, pool in authorities.pool.items():
        scaled = capacities[name] * ratio
        if pool.kind == "places":
            scaled = np.where(scaled > 0, np.maximum(np.rint(scaled), 1.0), 0.0)
        capacities[name] = scaled
    return frozenset(watched.read)


def ratio_of_people(scenario: Scenario, parameters: Parameters | None = None) -> float:
    """Return how many people a scenario draws for each of the whole country."""
    inflow = scenario.document.inflow
    with _named(scenario):
        flows = _flows(scenario, scenario.parameter_values() if parameters is None else parameters)
        return ratio_of(flows, scale=inflow.scale, persons=inflow.persons)
