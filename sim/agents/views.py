"""Agents as a Mesa user expects them: views on the rows of the engine; nothing is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine.layout import IN_USE, WAITING
from sim.procedures.traits import FLAG_BIT, GROUPS, LEVEL_INDEX

if TYPE_CHECKING:
    from sim.model import PathwayModel


class RowAgent(mesa.Agent):  # type: ignore[misc]
    """An agent that stands for one row of the engine's arrays.

    Attributes
    ----------
    row
        Number of the row.
    name
        Stable name, the same in every world.
    """

    model: PathwayModel

    def __init__(self, model: PathwayModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def name(self) -> str:
        """Stable name of the person or network."""
        return self.model.population.name(self.row)

    def at(self, track: str) -> str:
        """Return the step in which the agent is on a track such as ``b8.file``."""
        slot = self.model.slot(track)
        return str(self.model.world.catalogue.steps[self.model.state.step[self.row, slot]])


class Applicant(RowAgent):
    """A person: victim or not. Traits are attributes (``agent.fear``, ``agent.minor``)."""

    def __getattr__(self, name: str) -> Any:
        """Look a trait up by its name."""
        if name in FLAG_BIT:
            return bool(self.model.population.entities.flags[self.row] & np.uint32(FLAG_BIT[name]))
        if name in LEVEL_INDEX:
            return float(self.model.state.level[self.row, LEVEL_INDEX[name]])
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    @property
    def group(self) -> str:
        """Nationality group."""
        return GROUPS[self.model.population.entities.group[self.row]]

    @property
    def network(self) -> int | None:
        """Row of the network, for victims."""
        row = int(self.model.population.entities.network[self.row])
        return row if row >= 0 else None

    @property
    def whereabouts(self) -> str:
        """Where the person is."""
        return self.at("whereabouts.whereabouts")

    @property
    def is_here(self) -> bool:
        """Has the person arrived?"""
        return self.whereabouts != "whereabouts.not_arrived"


class Victim(Applicant):
    """A true victim of human trafficking, known as such to the simulation only."""


class Trafficker(RowAgent):
    """A network of traffickers and what the authorities hold on it."""

    @property
    def tactics(self) -> str:
        """How the network works now, such as ``tactics.as_before``, ``tactics.adapted`` or ``tactics.relocated``."""
        return self.at("tactics.tactics")

    @property
    def leads(self) -> float:
        """Leads that the authorities hold."""
        return float(self.model.state.level[self.row, LEVEL_INDEX["leads"]])

    @property
    def victims(self) -> list[int]:
        """Rows of the victims."""
        entities = self.model.population.entities
        own = self.row - entities.persons
        return [int(i) for i in entities.member[entities.member_start[own] : entities.member_start[own + 1]]]


class Community(mesa.Agent):  # type: ignore[misc]
    """People of one language in one reception site, who hear what happens to each other.

    Exists where the scenario switches word of mouth on. What its members believe on average is an attribute:
    ``agent.heard_gain``; NaN while nobody of them is where one can hear things.

    Attributes
    ----------
    site
        Number of the reception site.
    language
        Name of the language: that of the nationality group, with a number for all other nationalities.
    members
        Rows of all who belong to it, sooner or later.
    """

    model: PathwayModel

    def __init__(self, model: PathwayModel, site: int, language: str, members: NDArray[np.int64]) -> None:
        super().__init__(model)
        self.site, self.language, self.members = site, language, members

    @property
    def name(self) -> str:
        """Name, such as ``site-07-NGA``."""
        return f"site-{self.site:02d}-{self.language}"

    @property
    def present(self) -> NDArray[np.int64]:
        """Rows of the members who are where one can hear things now."""
        steps, catalogue = self.model.hearing, self.model.world.catalogue
        slot = catalogue.slots[steps[0]]
        return self.members[np.isin(self.model.state.step[self.members, slot], steps)]

    def __getattr__(self, name: str) -> float:
        """Return the mean of a belief over the members who are present."""
        if name.startswith("_") or "model" not in self.__dict__ or name not in self.model.world.catalogue.beliefs:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        present = self.present
        if not present.size:
            return float("nan")
        believed = self.model.state.believed(self.model.day, present)
        return float(believed[:, self.model.world.catalogue.beliefs.index(name)].mean())


class Authority(mesa.Agent):  # type: ignore[misc]
    """A pool of an authority: its queue and the places in use."""

    model: PathwayModel

    def __init__(self, model: PathwayModel, pool: str) -> None:
        super().__init__(model)
        self.pool = pool
        self._number = model.world.catalogue.pools.index(pool)

    @property
    def waiting(self) -> int:
        """Number of people who wait."""
        return int(self.model.state.pools[self._number, WAITING])

    @property
    def in_use(self) -> int:
        """Places that are held (pools of places)."""
        return int(self.model.state.pools[self._number, IN_USE])

    @property
    def capacity(self) -> float:
        """Capacity today."""
        return float(self.model.world.capacity(self._number, max(self.model.day, 0)))
