"""Persons, networks and authorities as Mesa agents whose steps, waits and hazards are events of Mesa's simulator.

Time is in days; what happens on one day comes at the day plus a tenth for each class of event, so that Mesa's event
list keeps the order within a day. Luck comes from the generator of the model, in the order of events.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import mesa
import numpy as np
from mesa.experimental.devs import DEVSimulator

from benchmarks.plain_mesa.agents import CLASS_AT, Authority, Mover, Network, Person
from benchmarks.plain_mesa.plain_law import PlainLaw
from sim.agents.behaviour import Authorities
from sim.agents.population import Population
from sim.procedures.traits import FLAG_BIT, GROUPS, LEVEL_INDEX, LEVELS
from sim.runs.world import World
from sim.scenarios.scenario import Scenario

REVIEW_AT, DESKS_AT, EVENING_AT = 0.0, 0.3, 0.6
"""When on a day: what a rule changes, the desks of the authorities, the evening."""


class PlainModel(mesa.Model):  # type: ignore[misc]
    """One world, with one Mesa agent for each person, network and authority.

    Parameters
    ----------
    world
        Scenario, regime, parameters and calendar; its compiled tables are not looked at, but for the capacities.
    population
        The people: traits, days of arrival, networks. They tell one another nothing: word of mouth must be off.
    seed
        Of the one generator from which all luck comes.
    """

    def __init__(self, world: World, population: Population, seed: int) -> None:
        document = world.scenario.document
        if document.switches.word_of_mouth:
            raise ValueError("people of the plain model tell one another nothing")
        super().__init__(seed=seed)
        self.world, self.population = world, population
        self.simulator = DEVSimulator()
        self.simulator.setup(self)
        authorities, calendar = Authorities.load(), world.calendar
        shocks = _external_events(world.scenario, calendar.days)
        self.law = PlainLaw(world.statute, authorities, shocks)
        self.last_day = world.end_day
        self.day = -1
        self.works = calendar.is_working_day.tolist()
        self.log: list[tuple[int, int, str, str, bool]] = []
        self.work: deque[tuple[Mover, str, bool]] = deque()
        self.moved: deque[Mover] = deque()
        self.touched: list[Mover] = []
        self.desks = {
            name: Authority(self, name, pool, [world.capacity(number, day) for day in range(calendar.days)])
            for number, (name, pool) in enumerate(authorities.pool.items())
        }
        self.movers = self._people()
        self._schedule()

    def _people(self) -> list[Mover]:
        """Make an agent of each person and each network."""
        entities, tracks = self.population.entities, self.world.statute.tracks
        starts = {name: track.start for name, track in tracks.items() if track.entity == "person"}
        of_network = {name: track.start for name, track in tracks.items() if track.entity == "network"}
        movers: list[Mover] = []
        known: dict[int, frozenset[str]] = {}
        for row, (bits, group, levels) in enumerate(
            zip(entities.flags.tolist(), entities.group.tolist(), entities.level.tolist(), strict=True)
        ):
            if row >= entities.persons:
                movers.append(Network(self, row, dict(of_network)))
                continue
            person = Person(self, row, dict(starts))
            if bits not in known:
                known[bits] = frozenset(name for name, bit in FLAG_BIT.items() if bits & bit)
            person.flags, person.group = known[bits], GROUPS[group]
            person.levels = {name: levels[LEVEL_INDEX[name]] for name in LEVELS}
            movers.append(person)
        for row, network in enumerate(entities.network[: entities.persons].tolist()):
            if network >= 0:
                movers[row].network = movers[network]
                movers[network].victims.append(movers[row])
        return movers

    def _schedule(self) -> None:
        """Put arrivals, reviews, and the first working day of the authorities on the event list."""
        at = self.simulator.schedule_event_absolute
        entities = self.population.entities
        track = next(iter(t for t in self.world.statute.tracks if t == "whereabouts.whereabouts"))
        for row, day in enumerate(entities.arrival[: entities.persons].tolist()):
            if day <= self.last_day:
                person = self.movers[row]
                step = person.at[track]
                place = day + CLASS_AT[self.law.event_class[step]]
                person.timers[track] = at(person.time_is_over, place, function_args=[step])
        for day in self.law.review_days:
            at(self.review, day + REVIEW_AT)
        at(self.morning, 0.0)

    def run(self) -> PlainModel:
        """Let all days pass."""
        self.simulator.run_until(self.last_day + 1 - 1e-3)
        return self

    def morning(self) -> None:
        """Begin a day, and plan its desks, its evening and the next morning."""
        at = self.simulator.schedule_event_absolute
        self.day += 1
        if self.day == 0:
            # Nobody arrives who is a network: what may happen to one runs from the first day on.
            for mover in self.movers[self.population.entities.persons :]:
                mover.touch(0)
        self.works_today = self.works[self.day]
        at(self.open_desks, self.day + DESKS_AT)
        at(self.evening, self.day + EVENING_AT)
        if self.day < self.last_day:
            at(self.morning, self.day + 1 - 0.01)

    def open_desks(self) -> None:
        """Let each authority start work."""
        for desk in self.desks.values():
            desk.serve()

    def review(self) -> None:
        """An external event or a rule begins or ends: rank the queues anew, try every gate, bring rates up to date."""
        for desk in self.desks.values():
            desk.rank_again()
        for mover in self.movers:
            if any(danger.depends_on_date for step in mover.at.values() for danger in self.law.dangers_at[step]):
                mover.touch(self.day)
            self.moved.append(mover)
            self.settle()

    def settle(self) -> None:
        """Work off signals and steps passed through, first in first out; then try the gates of all who moved."""
        work, moved, law = self.work, self.moved, self.law
        while True:
            while work:
                who, step, is_signal = work.popleft()
                present = who.at[law.track_of[step]]
                if is_signal:
                    if present in law.accepts[step]:
                        who.move(step)
                elif present == step:
                    who.evaluate(step)
            if not moved:
                return
            moved.popleft().try_gates()

    def evening(self) -> None:
        """Bring the hazards of all to whom something happened up to date, and count who waits."""
        for mover in self.touched:
            mover.evening()
        self.touched = []
        for desk in self.desks.values():
            desk.queue_days += desk.waiting

    # ---- what came of it, in the form that the measures read ----

    @property
    def columns(self) -> tuple[np.ndarray[Any, Any], ...]:
        """Day, row, from, to of each move, with steps by number, and -1 if it was no branch of a step, else 0."""
        number = {name: i for i, name in enumerate(self.world.catalogue.steps)}
        days, rows, old, new, by_branch = zip(*self.log, strict=True)
        return (
            np.array(days, np.int16),
            np.array(rows, np.int32),
            np.array([number[step] for step in old], np.uint8),
            np.array([number[step] for step in new], np.uint8),
            np.array(by_branch, np.int16) - 1,
        )

    @property
    def pool_sums(self) -> np.ndarray[Any, Any]:
        """Sums of each pool in the order of the engine."""
        return np.array(
            [[d.credit, d.waited, d.served, d.queue_days, d.used, d.offered, d.beyond] for d in self.desks.values()],
            float,
        )


def _external_events(scenario: Scenario, days: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return on which days each external event of a scenario is going on."""
    active: dict[str, np.ndarray[Any, Any]] = {}
    for event in scenario.document.shock:
        row = active.setdefault(event.name, np.zeros(days, bool))
        if event.on:
            first, last = (event.from_ - scenario.start).days, (event.until - scenario.start).days
            row[max(first, 0) : max(last + 1, 0)] = True
    return active
