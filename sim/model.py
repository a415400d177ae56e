"""The face for Mesa users: a model that steps a day, with people, networks and authorities as agents."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from types import FrameType
from typing import Any, Literal, get_args

import mesa
import numpy as np

from sim.agents.census import Census
from sim.agents.community import language_name
from sim.agents.views import (
    Applicant,
    Authority,
    Community,
    Entity,
    Trafficker,
    UnchangeableError,
    Victim,
    View,
    waiting,
)
from sim.compile.builder import MOST_HAZARDS
from sim.engine.draws import replicate_key
from sim.engine.intervene import set_level
from sim.engine.layout import OK
from sim.engine.state import State
from sim.engine.tables import Catalogue
from sim.files.errors import B8simError, InputError, nearest
from sim.files.numbers import LARGEST_SEED, MOST_REPLICATES, whole_number
from sim.outcomes.opening import Past
from sim.policies.regime import Regime
from sim.procedures.schema import Kind
from sim.runs.history import open_period, run_history
from sim.runs.loading import regime_of, scenario_of
from sim.runs.world import log_of, make_world, people_of, population_of, run_until
from sim.scenarios.scenario import Scenario

SPACE = 32
"""Space for logs and queues, in units of what a usual run needs; memory is taken only as it is used."""
People = Literal["victims", "all", "none"]


class PathwayModel(mesa.Model):  # type: ignore[misc]
    """One world as a Mesa model; each ``step`` is a day.

    A scenario's history is simulated when the model is made: the first ``step`` is the first day of the period, and the
    log holds the moves from then on.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    regime
        A regime, its name, or a file.
    seed, replicate
        Which people, and which draws; the seed of the scenario and replicate 0 by default. In ``mesa.batch_run``
        iteration k is replicate k unless one of the two is given: other people each time, and the same ones under each
        regime. Mesa's own generators are seeded with both and decide nothing here.
    rng
        Mesa's other name for ``seed``, as its ``batch_run`` passes it.
    people
        Who becomes an agent: ``"victims"`` (default), ``"all"`` or ``"none"``. Everybody is simulated in any case.

    Attributes
    ----------
    agents_by_type
        Mesa's; ``Victim``, ``Applicant``, ``Trafficker``, ``Authority``, and ``Community`` with word of mouth.
    datacollector
        Collects each day: ``date``, how many people are in each step in which people stay (``b8.permit``), and how many
        wait for each pool (``queue_avim.report``). A subclass may replace it, and then collects it itself.
    world, population, state
        The scenario under the regime, who is in it, and the rows of the engine.

    Raises
    ------
    InputError
        When a name, a file or a number is not accepted.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "netherlands",
        regime: Regime | str | PathLike[str] = "vc_2018",
        *,
        seed: int | None = None,
        rng: int | Sequence[int] | np.random.SeedSequence | np.random.Generator | None = None,
        replicate: int | None = None,
        people: People = "victims",
    ) -> None:
        scenario = scenario_of(scenario)
        if people not in get_args(People):
            raise InputError(
                "unknown people",
                key="people",
                value=people,
                accepted=get_args(People),
                nearest=nearest(people, get_args(People)) if isinstance(people, str) else None,
            )
        self.seed, self.replicate = _which(scenario, seed, rng, replicate)
        dice = int(replicate_key(self.seed, self.replicate))
        super().__init__(rng=dice)
        self._seed = dice
        self.world = make_world(scenario, _regime(scenario, regime))
        self.population = population_of(scenario, people_of(scenario), self.seed, self.replicate)
        # A model that steps cannot begin again with more space, as a run does: every queue has space for everybody.
        self.state = State(self.world.tables, self.catalogue, self.population.entities, SPACE, MOST_HAZARDS)
        if self.world.start_day:
            past = Past(self.catalogue, self.state.step.shape, ())
            if run_history(self.state, past, self.world.start_day - 1) != OK:
                raise B8simError("the history did not settle: see sim.engine.layout for the status")
            open_period(self.state, past, self.world.start_day)
        self._census = Census(self.state, len(self.catalogue.steps), self._slots("person").values())
        self._make_agents(people)
        self._own_collector = self.datacollector = mesa.DataCollector(model_reporters=self._reporters())

    def _make_agents(self, people: People) -> None:
        for pool in self.catalogue.pools:
            Authority(self, pool)
        persons = self.population.entities.persons
        for row in range(persons, self.population.entities.key.size):
            Trafficker(self, row)
        victims = self.population.flag("victim")
        for row in range(persons if people != "none" else 0):
            if victims[row]:
                Victim(self, row)
            elif people == "all":
                Applicant(self, row)
        self._make_communities()

    def _make_communities(self) -> None:
        """Make an agent of each reception site and language that has members; none without word of mouth."""
        contacts = self.population.contacts
        if contacts is None:
            return
        order = np.lexsort((contacts.language, contacts.site))
        site, language = contacts.site[order], contacts.language[order]
        new = np.flatnonzero((np.diff(site) != 0) | (np.diff(language) != 0)) + 1
        for members in np.split(order, new):
            first = members[0]
            Community(self, int(contacts.site[first]), language_name(int(contacts.language[first])), members)

    def _reporters(self) -> dict[str, Any]:
        """Return the reporters of the data collector; all of them can be pickled."""
        statute = self.world.statute
        stays = [step for step in self._steps_of("person") if statute.kind(step) is not Kind.PASSED]
        return {
            "date": "date",
            **{step: partial(_people_at, number=self.catalogue.step(step)) for step in stays},
            **{f"queue_{pool}": partial(_waiting, number=i) for i, pool in enumerate(self.catalogue.pools)},
        }

    # ---- what agents ask of their model ----

    @property
    def catalogue(self) -> Catalogue:
        """The names behind the numbers of the engine."""
        return self.world.catalogue

    @property
    def hearing(self) -> list[int]:
        """Numbers of the steps in which people hear what happens to others."""
        return [self.catalogue.step(name) for name in self.world.regime.conditions["can_hear_news"].at]

    def capacity(self, pool: int) -> float:
        """Return the capacity of a pool, by its number, today."""
        return self.world.capacity(pool, max(self.state.day, 0))

    def slot(self, track: str, entity: Entity) -> int:
        """Return the column of a track of persons or of networks.

        Raises
        ------
        InputError
            When they have no such track.
        """
        slots = self._slots(entity)
        if track not in slots:
            raise _unknown("track", track, tuple(slots))
        return slots[track]

    def _slots(self, entity: Entity) -> dict[str, int]:
        """Return the columns of the tracks of persons or of networks."""
        statute, catalogue = self.world.statute, self.catalogue
        return {statute.track(step): catalogue.slots[catalogue.step(step)] for step in self._steps_of(entity)}

    def _steps_of(self, entity: Entity) -> tuple[str, ...]:
        of_network = self.world.statute.is_of_network
        return tuple(step for step in self.catalogue.steps if of_network(step) == (entity == "network"))

    def set_level(self, row: int, level: int, value: float) -> None:
        """Set the level of a trait of a person, in the evening of the last day that has passed."""
        if set_level(self.state.arrays, row, level, value) != OK:
            raise B8simError("the change did not settle: see sim.engine.layout for the status")

    # ---- days ----

    @property
    def day(self) -> int:
        """Index of the last day that has passed, from the first day of the period; -1 before the first step."""
        return self.state.day - self.world.start_day

    @property
    def date(self) -> dt.date:
        """The last day that has passed (the eve of the period before the first step)."""
        return self.world.calendar.start + dt.timedelta(days=self.state.day)

    def step(self) -> None:
        """Simulate one day; after the last day of the scenario ``running`` is False and nothing happens."""
        if self.state.day >= self.world.end_day:
            self.running = False
            return
        if run_until(self.world, self.state, self.state.day + 1) != OK:
            raise B8simError("the day did not settle: see sim.engine.layout for the status")
        self.running = self.state.day < self.world.end_day
        if self.datacollector is self._own_collector:
            self.datacollector.collect(self)

    def count_at(self, step: str) -> int:
        """Count the people who are in a step, agents or not.

        Raises
        ------
        InputError
            When there is no such step.
        """
        steps = self._steps_of("person")
        if step not in steps:
            raise _unknown("step", step, steps)
        return self.people_at(self.catalogue.step(step))

    def people_at(self, number: int) -> int:
        """Count the people who are in a step, by its number."""
        return int(self._census.update(self.state)[number])

    @property
    def log(self) -> Any:
        """The transition log of the period so far (``sim.engine.log.Log``), its days counted like ``day``."""
        log = log_of(self.state)
        return log._replace(day=log.day - np.int16(self.world.start_day))

    # ---- Mesa ----

    @property
    def scenario(self) -> Any:
        """Raise an error: since 3.5 ``scenario`` is a name of Mesa's; this model has ``world.scenario``."""
        raise AttributeError("the scenario of a PathwayModel is model.world.scenario")

    @scenario.setter
    def scenario(self, of_mesa: Any) -> None:
        """Ignore Mesa's own scenario: its parameters and seed have other names in this model."""

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Remove one of your own agents from the model; a view on the engine cannot be removed.

        Raises
        ------
        UnchangeableError
            When the agent shows something of the engine.
        """
        if isinstance(agent, View):
            raise UnchangeableError.removal(agent)
        super().deregister_agent(agent)

    def __repr__(self) -> str:
        """Return the model in one line."""
        scenario, persons = self.world.scenario, self.population.entities.persons
        return (
            f"<PathwayModel {scenario.name} under {self.world.regime.name}: {self.date}, day {self.day} of "
            f"{self.world.measured_days - 1}, {persons:,} people, seed {self.seed}, replicate {self.replicate}>"
        )


def _regime(scenario: Scenario, regime: Any) -> Regime:
    if not isinstance(regime, Regime | str | PathLike):
        raise InputError("not a regime", key="regime", value=regime, accepted="a Regime, a name, or a file")
    return regime_of(scenario, regime if isinstance(regime, Regime) else os.fspath(regime), False)


def _people_at(model: PathwayModel, number: int) -> int:
    return model.people_at(number)


def _waiting(model: PathwayModel, number: int) -> int:
    return waiting(model.state, number)


def _unknown(what: str, name: object, names: tuple[str, ...]) -> InputError:
    near = nearest(name, names) if isinstance(name, str) else None
    return InputError(f"unknown {what}", key=what, value=name, accepted=names, nearest=near)


def _which(scenario: Scenario, seed: Any, rng: Any, replicate: Any) -> tuple[int, int]:
    """Return seed and replicate: as given, as ``mesa.batch_run`` counts, or those of the scenario and 0."""
    if seed is not None and rng is not None:
        raise InputError("seed and rng are one argument", key="rng", value=str(rng), accepted="one of them")
    given = seed if rng is None else _seed_of(rng)
    if replicate is None:
        replicate = _iteration() if given is None else 0
    if given is None:
        given = scenario.document.scenario.seed
    return (
        whole_number(given, "seed", 0, LARGEST_SEED),
        whole_number(replicate, "replicate", 0, MOST_REPLICATES),
    )


def _seed_of(rng: Any) -> Any:
    """Return a seed from what Mesa accepts as one: a number as it is, a draw from anything else."""
    if isinstance(rng, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence | list | tuple):
        return int(np.random.default_rng(rng).integers(LARGEST_SEED, endpoint=True))
    return rng


def _iteration() -> int:
    """Return which iteration of ``mesa.batch_run`` makes this model; 0 elsewhere.

    Mesa does not pass it to the model, and without it all iterations would have the same people.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == "mesa.batchrunner" and "iteration" in frame.f_locals:
            return int(frame.f_locals["iteration"])
        frame = frame.f_back
    return 0
