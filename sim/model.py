"""The face for Mesa users: a model that steps a day, with people, networks and authorities as agents."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import mesa
import numpy as np

from sim.agents.community import language_name
from sim.agents.views import Applicant, Authority, Community, Trafficker, Victim
from sim.engine.layout import OK
from sim.engine.state import State
from sim.files.errors import B8simError
from sim.policies.regime import Regime
from sim.runs.world import log_of, make_world, people_of, population_of, run_until
from sim.scenarios.scenario import Scenario

SPACE = 32
"""Space for logs and queues, in units of what a usual run needs; memory is taken only as it is used."""


class PathwayModel(mesa.Model):  # type: ignore[misc]
    """One world as a Mesa model; each ``step`` is a day.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    regime
        A regime or its name.
    seed, replicate
        Which people. Mesa's own generator is seeded with it but decides nothing here.
    people
        Who becomes an agent: ``"victims"`` (default), ``"all"`` or ``"none"``. Everybody is simulated in any case.

    Attributes
    ----------
    agents_by_type
        Mesa's; ``Victim``, ``Applicant``, ``Trafficker``, ``Authority``, and ``Community`` with word of mouth.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "netherlands",
        regime: Regime | str = "vc_2018",
        *,
        seed: int | None = None,
        replicate: int = 0,
        people: Literal["victims", "all", "none"] = "victims",
    ) -> None:
        self.scenario = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
        seed = self.scenario.document.scenario.seed if seed is None else seed
        super().__init__(seed=seed % 2**32)
        loaded = regime if isinstance(regime, Regime) else Regime.load(regime, self.scenario.readings)
        self.world = make_world(self.scenario, loaded)
        self.population = population_of(self.scenario, people_of(self.scenario), seed, replicate)
        # A model that steps cannot begin again with more space, as a run does: every queue has space for everybody.
        self.state = State(self.world.tables, self.world.catalogue, self.population.entities, space=SPACE)
        self.slot = lru_cache(maxsize=None)(self._slot)
        for pool in self.world.catalogue.pools:
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

    @property
    def hearing(self) -> list[int]:
        """Numbers of the steps in which one hears what happens to others."""
        return [self.world.catalogue.step(name) for name in self.world.statute.conditions["can_hear_news"].at]

    def _slot(self, track: str) -> int:
        """Return the column of a track."""
        catalogue = self.world.catalogue
        for number, step in enumerate(catalogue.steps):
            if self.world.statute.track(step) == track:
                return catalogue.slots[number]
        raise KeyError(track)

    @property
    def day(self) -> int:
        """Index of the last day that has passed; -1 before the first."""
        return self.state.day

    @property
    def date(self) -> dt.date:
        """The last day that has passed (the eve of the scenario before the first step)."""
        return self.scenario.start + dt.timedelta(days=self.day)

    def step(self) -> None:
        """Let one day pass; after the last day of the scenario ``running`` is False and nothing happens."""
        if self.day >= self.world.end_day:
            self.running = False
            return
        if run_until(self.world, self.state, self.day + 1) != OK:
            raise B8simError("the day did not settle: see sim.engine.layout for the status")
        self.running = self.day < self.world.end_day

    def count_at(self, step: str) -> int:
        """Count the people who are in a step, agents or not."""
        number = self.world.catalogue.step(step)
        slot = self.world.catalogue.slots[number]
        persons = self.population.entities.persons
        return int((self.state.step[:persons, slot] == number).sum())

    @property
    def log(self) -> Any:
        """The transition log so far (``sim.outcomes.history.Log``)."""
        return log_of(self.state)
