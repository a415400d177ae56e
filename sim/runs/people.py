"""The people of a session: listed and made again only when a number that decides about them has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from typing import Final

from sim.agents.candidates import Candidates
from sim.agents.population import Population
from sim.engine.held import Take, fresh
from sim.runs.memory import Memory
from sim.runs.world import people_of, population_of
from sim.scenarios.scenario import Scenario

MOST_PERSONS_KEPT: Final = 400_000
"""People kept between readings, over all replicates: some 150 MB."""


@dataclass(frozen=True)
class Listed:
    """Everybody who might come, with a number that no other list has."""

    number: int
    people: Candidates


class KeptPeople:
    """Lists and populations; several sessions, and threads, may share them.

    Parameters
    ----------
    most
        Persons kept over all replicates; 0: a population is made each time.
    """

    def __init__(self, most: int = MOST_PERSONS_KEPT) -> None:
        self.most = most
        self._lists, self._populations, self._numbers = Memory(most), Memory(most), count()

    def listed(self, key: Hashable, scenario: Scenario) -> Listed:
        """Return everybody who might come; ``key``: what decides about them beside parameters."""
        return self._lists.get(
            key,
            scenario.parameter_values(),
            lambda parameters: Listed(next(self._numbers), people_of(scenario, parameters)),
            lambda listed: len(listed.people.names),
        )

    def population(
        self, scenario: Scenario, listed: Listed, seed: int, replicate: int, take: Take = fresh
    ) -> Population:
        """Return the people of one replicate; where none are kept, their arrays are taken."""
        make: Callable[..., Population] = partial(population_of, scenario, listed.people, seed, replicate)
        parameters = scenario.parameter_values()
        if not self.most:
            return make(parameters, take)
        return self._populations.get((listed.number, seed, replicate), parameters, make, _persons)


@lru_cache(maxsize=8)
def people_in(scenario: Scenario) -> int:
    """Return how many people a scenario lists for its period, under any rule, without those of a history before it."""
    people, start = people_of(scenario), (scenario.start - scenario.first_day).days
    return int((people.month_start + people.month_days > start).sum())


def _persons(population: Population) -> int:
    return int(population.entities.persons)
