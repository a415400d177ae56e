"""Agents as a Mesa user expects them: views on the rows of the engine, without copies.

Changes that the engine can take up between two days can be set (``settable``). Any other is refused, with what can be
changed and where, so that no change is silently without effect.
"""

from __future__ import annotations

import abc
from typing import Any, ClassVar, Literal, Protocol

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.layout import IN_USE, WAITING
from sim.engine.state import State
from sim.engine.tables import Catalogue
from sim.files.errors import InputError, nearest
from sim.procedures.traits import FLAG_BIT, FLAGS, GROUPS, LEVEL_INDEX, LEVELS

OF_MESA = ("model", "unique_id", "pos")
"""Names that Mesa itself sets on an agent."""


Entity = Literal["person", "network"]


class Face(Protocol):
    """The part of the model that agents use (``sim.PathwayModel``)."""

    population: Population
    state: State

    @property
    def catalogue(self) -> Catalogue:
        """Names behind the numbers."""

    @property
    def day(self) -> int:
        """The last day that has passed."""

    @property
    def hearing(self) -> list[int]:
        """Numbers of the steps in which people hear what happens to others."""

    def capacity(self, pool: int) -> float:
        """Return the capacity of a pool today."""

    def slot(self, track: str, entity: Entity) -> int:
        """Return the column of a track of persons or of networks."""

    def set_level(self, row: int, level: int, value: float) -> None:
        """Set the level of a trait of a person."""


class UnchangeableError(InputError, AttributeError):
    """A change of an agent that the engine cannot take up."""

    @classmethod
    def removal(cls, agent: View) -> UnchangeableError:
        """Return the error of removing an agent from its model."""
        return cls(
            "agents show what is in the engine and cannot be removed",
            key=repr(agent),
            accepted='a selection such as model.agents.select(...), or people="none" when the model is made; the '
            "scenario decides who comes",
        )


class View(mesa.Agent, abc.ABC):  # type: ignore[misc]
    """An agent that shows something of the engine; a subclass has a ``name``, and `_set` for what is ``settable``.

    Attributes
    ----------
    settable
        Names that can be set.
    """

    settable: ClassVar[tuple[str, ...]] = ()
    _own: ClassVar[tuple[str, ...]] = ()
    """Set once, when the agent is made."""
    _elsewhere: ClassVar[str] = ""
    """Where to change what cannot be set here."""

    model: Face

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a settable name, or one that begins with ``_`` (the user's own notes); refuse any other.

        Raises
        ------
        UnchangeableError
            An ``AttributeError`` that says what can be changed.
        """
        if name in OF_MESA or name.startswith("_") or (name in self._own and name not in self.__dict__):
            super().__setattr__(name, value)
        elif name in self.settable:
            self._set(name, value)
        else:
            raise self._refusal(name, value)

    def __delattr__(self, name: str) -> None:
        """Delete a note of the user (``_...``); refuse any other name."""
        if not name.startswith("_"):
            raise UnchangeableError("cannot be deleted", key=self._key(name), accepted=self._accepted())
        super().__delattr__(name)

    def _set(self, name: str, value: Any) -> None:
        """Refuse: nothing can be set here; a class with ``settable`` names overrides this."""
        raise self._refusal(name, value)

    def _key(self, name: str) -> str:
        return f"{type(self).__name__}.{name}"

    def _accepted(self) -> str:
        changes = f"changes of {', '.join(self.settable)}" if self.settable else "no changes of this agent"
        return "; ".join(part for part in (changes, self._elsewhere, "a note of your own begins with _") if part)

    def _refusal(self, name: str, value: Any) -> UnchangeableError:
        known = name in dir(self)
        return UnchangeableError(
            "cannot be changed during a run" if known else "no such attribute",
            key=self._key(name),
            value=value,
            accepted=self._accepted(),
            nearest=None if known else nearest(name, self.settable),
        )

    def remove(self) -> None:
        """Refuse to take the agent out of the model: its row would live on in the engine.

        Raises
        ------
        UnchangeableError
            Always.
        """
        raise UnchangeableError.removal(self)

    def __repr__(self) -> str:
        """Return the class and the name, short enough for a table of agents."""
        return f"<{type(self).__name__} {self.name}>"

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """Stable name."""


class RowAgent(View):
    """An agent that shows one row of the engine's arrays.

    Attributes
    ----------
    row
        Number of the row.
    name
        Stable name, the same in every world.
    """

    _own: ClassVar[tuple[str, ...]] = ("row",)
    _entity: ClassVar[Entity] = "person"

    def __init__(self, model: Face, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def name(self) -> str:
        """Stable name of the person or network."""
        return self.model.population.name(self.row)

    def at(self, track: str) -> str:
        """Return the step in which the agent is on a track such as ``b8.file``.

        Raises
        ------
        InputError
            When persons, or networks, have no such track.
        """
        slot = self.model.slot(track, self._entity)
        return str(self.model.catalogue.steps[self.model.state.step[self.row, slot]])


class Applicant(RowAgent):
    """A person: victim or not. Traits are attributes (``agent.fear``, ``agent.minor``).

    Traits on a scale from 0 to 1 can be set; the new value holds from the evening of the last day that has passed.
    """

    settable: ClassVar[tuple[str, ...]] = LEVELS
    _elsewhere: ClassVar[str] = "the scenario decides before the run who comes and with which traits"

    def __getattr__(self, name: str) -> Any:
        """Return a trait by its name."""
        if name in FLAG_BIT:
            return bool(self.model.population.entities.flags[self.row] & np.uint32(FLAG_BIT[name]))
        if name in LEVELS:
            return float(self.model.state.level[self.row, LEVEL_INDEX[name]])
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        """Return the names of attributes and traits."""
        return sorted({*super().__dir__(), *FLAGS, *LEVELS})

    def _set(self, name: str, value: Any) -> None:
        number = float(value) if isinstance(value, int | float | np.number) and not isinstance(value, bool) else np.nan
        if not 0.0 <= number <= 1.0:
            raise InputError("not a level", key=self._key(name), value=value, accepted="a number from 0 to 1")
        self.model.set_level(self.row, LEVEL_INDEX[name], number)

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
        """Step of the person on the track of whereabouts."""
        return self.at("whereabouts.whereabouts")

    @property
    def is_here(self) -> bool:
        """Whether the person has arrived."""
        return self.whereabouts != "whereabouts.not_arrived"


class Victim(Applicant):
    """A true victim of human trafficking, known as such to the simulation only."""


class Trafficker(RowAgent):
    """A network of traffickers and the authorities' leads on it."""

    _entity: ClassVar[Entity] = "network"
    _elsewhere: ClassVar[str] = "networks and leads follow from parameters and the run"

    @property
    def tactics(self) -> str:
        """Present tactics of the network: ``tactics.as_before``, ``tactics.adapted`` or ``tactics.relocated``."""
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


class Community(View):
    """People of one language in one reception site, who hear what happens to each other.

    It exists where the scenario switches word of mouth on. The mean of a belief over the present members is an
    attribute: ``agent.heard_gain``; NaN while no member is present.

    Attributes
    ----------
    site
        Number of the reception site.
    language
        Name of the language: that of the nationality group, with a number for all other nationalities.
    members
        Rows of all members at any time.
    """

    _own: ClassVar[tuple[str, ...]] = ("site", "language", "members")
    _elsewhere: ClassVar[str] = "who meets whom follows from the parameters community.*"

    def __init__(self, model: Face, site: int, language: str, members: NDArray[np.int64]) -> None:
        super().__init__(model)
        self.site, self.language, self.members = site, language, members

    @property
    def name(self) -> str:
        """Name, such as ``site-07-NGA``."""
        return f"site-{self.site:02d}-{self.language}"

    @property
    def present(self) -> NDArray[np.int64]:
        """Rows of the members who can hear others now."""
        steps = self.model.hearing
        slot = self.model.catalogue.slots[steps[0]]
        return self.members[np.isin(self.model.state.step[self.members, slot], steps)]

    def __getattr__(self, name: str) -> float:
        """Return the mean of a belief over the members who are present."""
        if name.startswith("_") or "model" not in self.__dict__ or name not in self.model.catalogue.beliefs:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        present = self.present
        if not present.size:
            return float("nan")
        believed = self.model.state.believed(self.model.state.day, present)
        return float(believed[:, self.model.catalogue.beliefs.index(name)].mean())

    def __dir__(self) -> list[str]:
        """Return the names of attributes and beliefs."""
        return sorted({*super().__dir__(), *self.model.catalogue.beliefs})


class Authority(View):
    """A pool of an authority: its queue and the places in use.

    Attributes
    ----------
    pool
        Name of the pool.
    """

    _own: ClassVar[tuple[str, ...]] = ("pool",)
    _elsewhere: ClassVar[str] = "the scenario sets capacities, also by date ([capacity], [[programme]])"

    def __init__(self, model: Face, pool: str) -> None:
        super().__init__(model)
        self.pool = pool
        self._number = model.catalogue.pools.index(pool)

    @property
    def name(self) -> str:
        """Name of the pool."""
        return self.pool

    @property
    def waiting(self) -> int:
        """Number of people who wait."""
        return waiting(self.model.state, self._number)

    @property
    def in_use(self) -> int:
        """Places that are held (pools of places)."""
        return int(self.model.state.pools[self._number, IN_USE])

    @property
    def capacity(self) -> float:
        """Capacity today."""
        return self.model.capacity(self._number)


def waiting(state: State, pool: int) -> int:
    """Return the number of people who wait for a pool, by its number."""
    return int(state.pools[pool, WAITING])
