"""The groups by which results are split, and the outcome of each person at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import field_validator

from sim.engine.columns import NEVER
from sim.evidence.parameters import Parameters
from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, raise_all
from sim.files.place import Place
from sim.files.toml import read_toml, validate
from sim.outcomes.measures import marked
from sim.policies.own import NOTHING, Own
from sim.procedures.conditions import Criterion, named
from sim.procedures.schema import Condition, Title
from sim.procedures.traits import FLAG_BIT, FLAGS

if TYPE_CHECKING:
    from sim.agents.population import Population

RULE_GROUPS: Final = ("rule_changed", "rule_unchanged")
"""Persons to whom the text of a regime made a difference, and all others: direct effect and spill-over."""
CAUSES: Final = ("b8_permit", "asylum_granted", "transferred", "left_unknown", "departed")
"""Competing exits."""
OUTCOMES: Final = (*CAUSES, "in_procedure")
"""Outcomes of a person at the end of the scenario."""

EXIT_STEPS_OF: Final = {
    "b8_permit": ("b8.permit", "b8.hardship_permit"),
    "asylum_granted": ("asylum.granted",),
    "transferred": ("dublin.transferred",),
    "left_unknown": ("whereabouts.left_unknown",),
    "departed": ("whereabouts.departed",),
}

STANDS: Final = {
    "asylum_granted": ("asylum.granted", "asylum.status_holder", "asylum.housed"),
    "b8_permit": (
        "b8.permit",
        "b8.permit_second_year",
        "b8.permit_third_year",
        "b8.hardship_permit",
        "b8.three_years_held",
        "b8.continued_stay_three_years",
        "b8.continued_stay",
        "b8.continued_stay_application",
    ),
    "transferred": (
        "whereabouts.abroad_after_transfer",
        "whereabouts.abroad",
        "whereabouts.protected_abroad",
    ),
    "left_unknown": ("whereabouts.left_unknown", "whereabouts.gone_abroad"),
    "departed": ("whereabouts.departed",),
}


class Group(Document):
    """One group; see the head of ``groups.toml``."""

    title: Title
    when: tuple[Criterion, ...] = ()
    assumed: str | None = None

    _tuples = field_validator("when", mode="before")(as_tuple)


class GroupsFile(Document):
    """The file of groups."""

    group: dict[str, Group]


@dataclass(frozen=True)
class Groups:
    """The groups by which all measures are split: those shipped, then a user's own.

    Attributes
    ----------
    tables
        By name, in the order of the tables of results.
    conditions
        The named conditions that groups may ask for.
    """

    tables: Mapping[str, Group]
    conditions: Mapping[str, Condition]

    @staticmethod
    def load(own: Own = NOTHING) -> Groups:
        """Read the shipped groups and a user's own.

        Raises
        ------
        InputError
            If a group of the user's has the name of a shipped one, or asks for something that does not exist or does
            not stay the same under every regime.
        """
        tables, conditions = dict(_shipped().group), own.rulebook.conditions
        for name, table in own.groups.items():
            assert table.place.file is not None
            if name in (*tables, *RULE_GROUPS):
                raise table.place.error("a group of this name is there already", accepted="another name")
            found = validate(GroupsFile, {"group": {name: dict(table.content)}}, table.place.file).group[name]
            raise_all(_mistakes(found, table.place, conditions, own))
            tables[name] = found
        return Groups(tables, conditions)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(self.tables)

    def titles(self, parameters: Parameters) -> dict[str, str]:
        """Return the title of each group, with the assumed parameter that decides who is a victim, if one does."""
        return {name: marked(group.title.en, group.assumed, parameters) for name, group in self.tables.items()}

    def steps(self) -> tuple[str, ...]:
        """Return the steps that the history must keep, to tell who belongs to a group."""
        asked = (name for group in self.tables.values() for name in named(group.when) if name in self.conditions)
        return tuple(dict.fromkeys(step for name in asked for step in _steps_of(self.conditions[name])))

    def members(
        self, population: Population, arrived: NDArray[np.bool_], ever: Callable[..., NDArray[np.bool_]]
    ) -> NDArray[np.bool_]:
        """Return the members of each group, ``bool[groups, persons]``; persons who never arrive are in none.

        Parameters
        ----------
        population
            The people.
        arrived
            Who arrives within the scenario, ``bool[persons]``.
        ever
            Returns who entered one of some steps under the baseline, ``bool[persons]``.
        """
        flags = population.entities.flags[: population.entities.persons]
        looked_at, wanted = self._flags
        belong = np.empty((looked_at.size, flags.size), np.bool_)
        # Group by group: the flags of all groups at once would take several times the memory of the answer.
        for group in range(looked_at.size):
            np.equal(flags & looked_at[group], wanted[group], out=belong[group])
            belong[group] &= arrived
        for group, criterion in self._by_steps:
            entered = ever(*_steps_of(self.conditions[str(criterion.subject)]))
            belong[group] &= ~entered if criterion.negated else entered
        return belong

    @cached_property
    def _flags(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The flags that each group looks at, and which of them its members have, as bits, ``[groups, 1]``."""
        looked_at, wanted = [], []
        for group in self.tables.values():
            by_flag = [c for c in group.when if str(c.subject) not in self.conditions]
            has, has_not = (
                reduce(or_, (FLAG_BIT[str(c.subject)] for c in by_flag if c.negated is negated), 0)
                for negated in (False, True)
            )
            # Nobody has a flag and does not have it; no flag is looked at, and yet one is wanted.
            looked_at.append(0 if has & has_not else has | has_not)
            wanted.append(has)
        return np.array(looked_at, np.uint32)[:, None], np.array(wanted, np.uint32)[:, None]

    @cached_property
    def _by_steps(self) -> tuple[tuple[int, Criterion], ...]:
        """The criteria that look at steps, each with the number of its group."""
        numbered = enumerate(self.tables.values())
        return tuple((n, c) for n, group in numbered for c in group.when if str(c.subject) in self.conditions)


def _steps_of(condition: Condition) -> tuple[str, ...]:
    return (*condition.at, *condition.ever)


def _mistakes(group: Group, place: Place, conditions: Mapping[str, Condition], own: Own) -> Iterator[InputError]:
    """Yield a mistake for each trait or condition of a group that does not exist or is not about steps."""
    known = (*FLAGS, *conditions)
    for criterion in group.when:
        name = str(criterion.subject)
        if name not in known:
            yield place.at("when").unknown("trait or condition", name, known)
        elif name in conditions and not _steps_of(conditions[name]):
            accepted = "a trait, or a condition that looks at steps"
            yield place.at("when").error("this condition does not look at steps", value=name, accepted=accepted)
    if group.assumed is not None and group.assumed not in own.parameters:
        yield place.at("assumed").unknown("parameter", group.assumed, list(own.parameters))


@cache
def _shipped() -> GroupsFile:
    path = Path(__file__).with_name("groups.toml")
    return validate(GroupsFile, read_toml(path), path)


def arrived(population: Population, end_day: int) -> NDArray[np.bool_]:
    """Return which persons arrive within the scenario, ``bool[persons]``."""
    arrival = population.entities.arrival[: population.entities.persons]
    return (arrival < NEVER) & (arrival <= end_day)
