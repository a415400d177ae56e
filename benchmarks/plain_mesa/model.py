"""Persons, networks and authorities as Mesa agents whose steps, waits and hazards are events of Mesa's simulator.

Time is in days; what happens on one day comes at the day plus a tenth for each class of event, so that Mesa's event
list keeps the order within a day. Luck comes from the generator of the model, in the order of events.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import mesa
import numpy as np
from mesa.experimental.devs import DEVSimulator

from benchmarks.plain_mesa.law import LAST_RANK, Danger, PlainLaw, Probability, Signal, weighted
from sim.agents.behaviour import Authorities, Behaviour, Pool
from sim.agents.population import Population
from sim.agents.traits import FLAG_BIT, GROUPS, LEVEL_INDEX, LEVELS, NETWORK_LEVELS
from sim.scenario import Scenario
from sim.world import World

REVIEW_AT, CLASS_AT, DESKS_AT, EVENING_AT = 0.0, (0.1, 0.2, 0.4, 0.5), 0.3, 0.6
"""When on a day: what a rule changes, the four classes of event, the desks of the authorities, the evening."""
DUE_NOW = 1e-6
"""Internal time left that counts as none."""


class Mover(mesa.Agent):  # type: ignore[misc]
    """A person or a network: a step on each track, and what is due."""

    def __init__(self, model: PlainModel, row: int, at: dict[str, str]) -> None:
        super().__init__(model)
        self.law = model.law
        self.row, self.at = row, at
        self.flags: frozenset[str] = frozenset()
        self.levels: dict[str, float] = {}
        self.group = GROUPS[-1]
        self.network: Network | None = None
        self.last_day: dict[str, int] = {}
        self.timers: dict[str, Any] = {}
        self.waiting: dict[str, list[Any]] = {}
        self.answers: dict[str, bool] = {}
        self.left_of: dict[str, float] = {}
        self.running: list[tuple[Danger, float]] = []
        self.updated = -1
        self.next_hazard: tuple[Any, int, Danger] | None = None

    # ---- steps ----

    def decides(self, name: str, probability: Probability, day: int) -> bool:
        """Answer a decision; asked twice on one occasion it has one answer."""
        if name not in self.answers:
            self.answers[name] = self.random.random() < probability(self, day)
        return self.answers[name]

    def time_is_over(self, step: str) -> None:
        """The time of a step is over."""
        model: PlainModel = self.model
        self.timers.pop(self.law.track_of[step], None)
        self.touch(model.day)
        if self.at[self.law.track_of[step]] == step:
            self.evaluate(step)
            model.settle()

    def evaluate(self, step: str) -> None:
        """Take the first way on from a step that is open, if there is one."""
        day = self.model.day
        chosen = None
        for way in self.law.text(step, self, day).ways:
            if all(holds(self, day) for holds in way.conditions):
                chosen = way
                break
        if self.answers:
            self.answers = {}
        if chosen is not None:
            self.move(chosen.to, chosen.signals)

    def move(self, to: str, signals: tuple[Signal, ...] = ()) -> None:
        """Move to a step: give back what the old one held, apply changes, send signals, start its time."""
        law, model, day = self.law, self.model, self.model.day
        track = law.track_of[to]
        old = self.at[track]
        self.touch(day)
        self._leave(track, old)
        model.log.append((day, self.row, old, to))
        self.at[track] = to
        self.last_day[to] = day
        text = law.text(to, self, day)
        for level, of_network, adds, value in text.changes:
            self._change(level, of_network, adds, value)
        self.send(text.signals)
        self.send(signals)
        if text.kind == "step passed through":
            model.work.append((self, to, False))
        elif text.kind == "clock":
            self.start(track, to)
        elif text.kind == "queue":
            model.desks[text.pool].enqueue(self, track, to)
        model.moved.append(self)

    def _leave(self, track: str, old: str) -> None:
        timer = self.timers.pop(track, None)
        if timer is not None:
            self.model.simulator.cancel_event(timer)
        pool = self.law.texts[old][0].pool
        if pool is not None:
            desk = self.model.desks[pool]
            if track in self.waiting:
                self.waiting.pop(track)[0] = None
                desk.waiting -= 1
            elif desk.holds_places:
                desk.in_use -= 1

    def start(self, track: str, step: str) -> None:
        """Start the time that a step takes; none left: it is over at once."""
        model = self.model
        ends = self.law.text(step, self, model.day).ends
        assert ends is not None
        day = ends(self, model.day)
        if day <= model.day:
            model.work.append((self, step, False))
        elif day <= model.last_day:
            at = day + CLASS_AT[self.law.event_class[step]]
            self.timers[track] = model.simulator.schedule_event_absolute(
                self.time_is_over, at, function_args=[step]
            )

    def _change(self, level: str, of_network: bool, adds: bool, value: float) -> None:
        if of_network:
            if self.network is not None:
                levels = self.network.levels
                levels[level] = value + levels[level] if adds else value
        else:
            self.levels[level] = min(max(value + self.levels[level] if adds else value, 0.0), 1.0)

    def send(self, signals: tuple[Signal, ...]) -> None:
        """Send signals, to be heard in the order of sending."""
        work = self.model.work
        for signal in signals:
            if signal.address == "network":
                if self.network is not None:
                    work.append((self.network, signal.to, True))
            elif signal.address == "victims":
                for victim in self.victims:
                    work.append((victim, signal.to, True))
            else:
                work.append((self, signal.to, True))

    def try_gates(self) -> None:
        """Nothing: only persons stand at gates."""

    # ---- hazards ----

    def touch(self, day: int) -> None:
        """Bring the internal clocks of the hazards that run to today, before anything changes."""
        if self.updated == day:
            return
        days = day - self.updated
        for danger, rate in self.running:
            growth = danger.growth
            spent = rate * days if growth == 0.0 else rate * math.expm1(growth * days) / growth
            self.left_of[danger.name] -= spent
        self.updated = day
        self.model.touched.append(self)

    def evening(self) -> None:
        """Find the hazards that run now, and when the next of them happens."""
        day, soonest, which = self.model.day, math.inf, None
        self.running = []
        for step in self.at.values():
            for danger in self.law.dangers_at[step]:
                if not all(holds(self, day) for holds in danger.conditions):
                    continue
                if danger.name not in self.left_of:
                    self.left_of[danger.name] = self.random.expovariate(1.0)
                rate = self._rate(danger, day)
                self.running.append((danger, rate))
                wait = _days_to_spend(self.left_of[danger.name], rate, danger.growth)
                if wait < soonest:
                    soonest, which = wait, danger
        self._expect(which, day + max(math.ceil(soonest), 1) if soonest < math.inf else None)

    def _rate(self, danger: Danger, day: int) -> float:
        x = weighted(danger.terms, self, day)
        if danger.growth != 0.0:
            x += danger.growth * (day - self.last_day[self.at[danger.track]])
        return danger.per_day * math.exp(x)

    def _expect(self, danger: Danger | None, day: int | None) -> None:
        model = self.model
        if self.next_hazard is not None:
            event, planned, what = self.next_hazard
            if planned == day and what is danger:
                return
            model.simulator.cancel_event(event)
            self.next_hazard = None
        if danger is not None and day is not None and day <= model.last_day:
            event = model.simulator.schedule_event_absolute(
                self.meet, day + CLASS_AT[3], function_args=[danger]
            )
            self.next_hazard = (event, day, danger)

    def meet(self, danger: Danger) -> None:
        """Let a hazard happen if its internal time is over and it still runs."""
        model, day = self.model, self.model.day
        self.next_hazard = None
        self.touch(day)
        runs = any(danger in self.law.dangers_at[step] for step in self.at.values())
        if runs and self.left_of[danger.name] <= DUE_NOW and all(holds(self, day) for holds in danger.conditions):
            self.left_of[danger.name] = self.random.expovariate(1.0)
            self.move(danger.to)
            model.settle()


class Person(Mover):
    """An applicant, or a victim who has not applied."""

    def try_gates(self) -> None:
        """Try each gate at which the person stands."""
        for track in self.law.gate_tracks:
            step = self.at[track]
            if self.law.kind[step] == "gate":
                self.evaluate(step)


class Network(Mover):
    """A network of traffickers."""

    def __init__(self, model: PlainModel, row: int, at: dict[str, str]) -> None:
        super().__init__(model, row, at)
        self.victims: list[Person] = []
        self.levels = dict.fromkeys(NETWORK_LEVELS, 0.0)


class Authority(mesa.Agent):  # type: ignore[misc]
    """A pool: staff who start so many cases on a working day, or places that are held."""

    def __init__(self, model: PlainModel, name: str, pool: Pool, capacity: list[float]) -> None:
        super().__init__(model)
        self.name, self.holds_places, self.capacity = name, pool.kind == "places", capacity
        self.queues: tuple[deque[list[Any]], ...] = tuple(deque() for _ in range(LAST_RANK + 1))
        self.waiting = self.in_use = 0
        self.credit = self.waited = self.used = self.offered = 0.0
        self.served = self.queue_days = 0

    def enqueue(self, who: Mover, track: str, step: str, since: int | None = None) -> None:
        """Put somebody at the end of a rank."""
        day = self.model.day
        rank = LAST_RANK
        for number, conditions in who.law.text(step, who, day).ranks:
            if all(holds(who, day) for holds in conditions):
                rank = number
                break
        entry = [who, track, step, day if since is None else since]
        who.waiting[track] = entry
        self.queues[rank].append(entry)
        self.waiting += 1

    def rank_again(self) -> None:
        """Rank everybody who waits anew, in the order of coming."""
        entries = [entry for queue in self.queues for entry in queue if entry[0] is not None]
        for queue in self.queues:
            queue.clear()
        self.waiting = 0
        for who, track, step, since in sorted(entries, key=lambda entry: (entry[3], entry[0].row)):
            self.enqueue(who, track, step, since)

    def serve(self) -> None:
        """Start work on those who wait, as far as capacity goes today."""
        model = self.model
        capacity, free = self.capacity[model.day], 0
        if self.holds_places:
            free = math.floor(capacity) - self.in_use
            self.offered += capacity
        elif model.works_today:
            self.credit += capacity
            free = math.floor(self.credit + 1e-9)
            self.offered += capacity
        used = 0
        while used < free and self.waiting:
            self._begin(*self._next())
            model.settle()
            used += 1
        if self.holds_places:
            self.used += self.in_use
        elif model.works_today:
            self.used += used
            left = self.credit - used
            self.credit = left - math.floor(left + 1e-9)

    def _next(self) -> list[Any]:
        for queue in self.queues:
            while queue:
                entry = queue.popleft()
                if entry[0] is not None:
                    return entry
        raise AssertionError("somebody waits but stands in no queue")

    def _begin(self, who: Mover, track: str, step: str, since: int) -> None:
        who.touch(self.model.day)
        del who.waiting[track]
        self.waited += self.model.day - since
        self.served += 1
        self.waiting -= 1
        if self.holds_places:
            self.in_use += 1
        text = who.law.text(step, who, self.model.day)
        who.send(text.on_start)
        if text.ends is not None:
            who.start(track, step)
        elif text.ways:
            self.model.work.append((who, step, False))


class PlainModel(mesa.Model):  # type: ignore[misc]
    """One world, with one Mesa agent for each person, network and authority.

    Parameters
    ----------
    world
        Scenario, regime, parameters and calendar; its compiled tables are not looked at, but for the capacities.
    population
        The people: traits, days of arrival, networks.
    seed
        Of the one generator from which all luck comes.
    """

    def __init__(self, world: World, population: Population, seed: int) -> None:
        super().__init__(seed=seed)
        self.world, self.population = world, population
        self.simulator = DEVSimulator()
        self.simulator.setup(self)
        authorities, calendar = Authorities.load(), world.calendar
        shocks = _external_events(world.scenario, calendar.days)
        self.law = PlainLaw(world.regime, Behaviour.load(), authorities, world.parameters, calendar, shocks)
        self.last_day = world.end_day
        self.day = -1
        self.works = calendar.is_working_day.tolist()
        self.log: list[tuple[int, int, str, str]] = []
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
        entities, tracks = self.population.entities, self.world.regime.tracks
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
        track = next(iter(t for t in self.world.regime.tracks if t == "whereabouts.whereabouts"))
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
        """Day, row, from, to of each move, with steps by number."""
        number = {name: i for i, name in enumerate(self.world.catalogue.steps)}
        days, rows, old, new = zip(*self.log, strict=True)
        return (
            np.array(days, np.int16),
            np.array(rows, np.int32),
            np.array([number[step] for step in old], np.uint8),
            np.array([number[step] for step in new], np.uint8),
        )

    @property
    def pool_sums(self) -> np.ndarray[Any, Any]:
        """Sums of each pool in the order of the engine."""
        return np.array(
            [[d.credit, d.waited, d.served, d.queue_days, d.used, d.offered] for d in self.desks.values()], float
        )


def _days_to_spend(amount: float, rate: float, growth: float) -> float:
    """Days in which an amount of internal time passes; infinite when a fading rate never gets there."""
    if amount <= 0.0:
        return 0.0
    if rate <= 0.0:
        return math.inf
    if growth == 0.0:
        return amount / rate
    grown = 1.0 + growth * amount / rate
    return math.log(grown) / growth if grown > 0.0 else math.inf


def _external_events(scenario: Scenario, days: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return on which days each external event of a scenario is going on."""
    active: dict[str, np.ndarray[Any, Any]] = {}
    for event in scenario.document.shock:
        row = active.setdefault(event.name, np.zeros(days, bool))
        if event.on:
            first, last = (event.from_ - scenario.start).days, (event.until - scenario.start).days
            row[max(first, 0) : max(last + 1, 0)] = True
    return active
