"""Persons, networks and authorities as Mesa agents: each holds its steps, waits and hazards, and plans its events."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.plain_mesa.plain_law import LAST_RANK, Danger, Probability, weighted
from sim.agents.behaviour import Pool
from sim.procedures.conditions import Signal
from sim.procedures.schema import Kind
from sim.procedures.traits import GROUPS, NETWORK_LEVELS

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainModel

CLASS_AT = (0.1, 0.2, 0.4, 0.5)
"""When on a day the four classes of event come."""
DUE_NOW = 1e-6
"""Internal time left that counts as none."""
LEAST_CHANCE, LEAST_CAPACITY = 1e-12, 1e-3
WORKING_DAYS_PER_WEEK = 5


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
        self.choices: dict[str, str] = {}
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

    def chooses(self, choice: str, options: list[Any], day: int) -> str:
        """Take one of the options that compete, each with the weight of its odds, or none ("") with weight 1."""
        if choice not in self.choices:
            point, taken = 0.0, ""
            weights = [(name, self._odds(conditions, probability, day)) for name, conditions, probability in options]
            drawn = self.random.random() * (1.0 + sum(weight for _, weight in weights))
            for name, weight in weights:
                point += weight
                if drawn < point:
                    taken = name
                    break
            self.choices[choice] = taken
        return self.choices[choice]

    def _odds(self, conditions: tuple[Any, ...], probability: Probability, day: int) -> float:
        if not all(holds(self, day) for holds in conditions):
            return 0.0
        p = probability(self, day)
        return p / max(1.0 - p, LEAST_CHANCE)

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
        if self.answers or self.choices:
            self.answers, self.choices = {}, {}
        if chosen is not None:
            self.move(chosen.to, chosen.signals, by_branch=True)

    def move(self, to: str, signals: tuple[Signal, ...] = (), *, by_branch: bool = False) -> None:
        """Move to a step: give back what the old one held, apply changes, send signals, start its time."""
        law, model, day = self.law, self.model, self.model.day
        track = law.track_of[to]
        old = self.at[track]
        self.touch(day)
        self._leave(track, old)
        model.log.append((day, self.row, old, to, by_branch))
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
            self.timers[track] = model.simulator.schedule_event_absolute(self.time_is_over, at, function_args=[step])

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
                    work.append((self.network, signal.step, True))
            elif signal.address == "victims":
                for victim in self.victims:
                    work.append((victim, signal.step, True))
            else:
                work.append((self, signal.step, True))

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
            event = model.simulator.schedule_event_absolute(self.meet, day + CLASS_AT[3], function_args=[danger])
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
            if self.law.kind[step] is Kind.GATE:
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
        self.credit = self.waited = self.used = self.offered = self.beyond = 0.0
        self.served = self.queue_days = 0

    @property
    def load(self) -> float:
        """Return the queue in working weeks of the capacity; of places, as a share of them."""
        capacity = self.capacity[self.model.day] * (1 if self.holds_places else WORKING_DAYS_PER_WEEK)
        return self.waiting / max(capacity, LEAST_CAPACITY)

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
            self.used += min(self.in_use, capacity)
            self.beyond += max(self.in_use - capacity, 0.0)
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
