"""The people and the networks of a scenario: made once for each replicate, the same under every regime.

Each person has a stable name (group, month, number), from which the key of all draws follows; one person more leaves
all others as they are. Traits are drawn by inversion. Nationality groups represent route, network and debt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from sim.agents.candidates import Candidates
from sim.agents.community import Contacts, contacts_of
from sim.engine.draws import chain_all, name_key, replicate_key, uniforms
from sim.engine.state import Entities
from sim.evidence.parameters import Parameters
from sim.procedures.traits import FLAG_BIT, FORMS, GROUPS, LEVEL_INDEX, LEVELS, RECEIVING

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """The people of one replicate, in order of arrival (ties: by key), then the networks."""

    entities: Entities
    order: NDArray[np.int64]
    people: Candidates
    network_group: NDArray[np.uint8]
    contacts: Contacts | None = None

    def name(self, row: int) -> str:
        """Return the key of a person or a network by its row: stable, and without the nationality."""
        if row < self.entities.persons:
            return str(self.people.keys[self.order[row]])
        return self.network_names[row - self.entities.persons]

    @property
    def network_names(self) -> list[str]:
        """The keys of the networks, in order."""
        return [f"network-{number:04d}" for number in range(1, self.network_group.size + 1)]

    @property
    def arrival(self) -> NDArray[np.int16]:
        """Day of arrival of each person; 32767: never."""
        return self.entities.arrival[: self.entities.persons]

    def names(self) -> list[str]:
        """Return the keys of all persons, by row."""
        keys = self.people.keys
        return [keys[i] for i in self.order]

    def only(self, rows: NDArray[np.int64]) -> Population:
        """Return some of the persons, in the same order, and all networks; without contacts.

        Parameters
        ----------
        rows
            Rows of the persons, ascending.
        """
        e, people = self.entities, self.entities.persons
        every = np.r_[rows, np.arange(people, e.key.size)]
        of_person = np.where(e.network[rows] >= 0, e.network[rows] - people + rows.size, -1)
        start, member = _members(of_person - rows.size, self.network_group.size)
        entities = Entities(
            key=e.key[every],
            flags=e.flags[every],
            level=e.level[every],
            group=e.group[every],
            network=np.r_[of_person, e.network[people:]].astype(np.int32),
            arrival=e.arrival[every],
            persons=rows.size,
            member_start=start,
            member=member,
        )
        return Population(entities, self.order[rows], self.people, self.network_group)

    def flag(self, name: str) -> Bools:
        """Return which persons have a flag; ``bool[persons]``."""
        has: Bools = (self.entities.flags[: self.entities.persons] & np.uint32(FLAG_BIT[name])) != 0
        return has


class _Dice:
    """Draws for all candidates by the name of a trait."""

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        self.keys = keys

    def u(self, name: str) -> Floats:
        return uniforms(self.keys, name_key(f"trait {name}"), 0)

    def level(self, name: str, mean: Floats, spread: float) -> Floats:
        """Draw a logit-normal level whose median is ``mean``."""
        return np.asarray(expit(logit(np.clip(mean, 1e-4, 1 - 1e-4)) + spread * ndtri(self.u(name))))


def populate(
    people: Candidates,
    parameters: Parameters,
    *,
    start: dt.date,
    end: dt.date,
    seed: int,
    replicate: int,
    word_of_mouth: bool = False,
) -> Population:
    """Return the population: traits, day of arrival and network of everybody, by keyed draws.

    Parameters
    ----------
    people
        Who might come.
    start, end
        First and last day that are simulated.
    seed, replicate
        Of the run; replicate k has the same people at every design point.
    word_of_mouth
        Also make the contacts through which people hear what happens to others.
    """
    root = replicate_key(seed, replicate)
    dice = _Dice(chain_all(root, people.name_keys))
    p = _Lookup(parameters, people.group)
    flags = _flags(people, p, dice)
    levels = _levels(flags, p, dice)
    arrival = people.month_start + (dice.u("day of arrival") * people.month_days).astype(np.int32)
    arrival = np.where((arrival < 0) | (arrival > (end - start).days), 32767, arrival)
    order = np.lexsort((people.name_keys, arrival))
    cells, networks = _networks(p, root)
    network = _network_of(people.group, flags["victim"], p, dice, cells)
    population = _assembled(people, dice.keys, flags, levels, arrival, order, network, networks, root)
    return _with_contacts(population, parameters) if word_of_mouth else population


def _with_contacts(population: Population, parameters: Parameters) -> Population:
    entities, persons = population.entities, population.entities.persons
    contacts = contacts_of(
        entities.key[:persons],
        entities.group[:persons],
        entities.network[:persons],
        entities.arrival[:persons],
        parameters,
    )
    entities = entities._replace(contact_start=contacts.start, contact=contacts.other)
    return replace(population, entities=entities, contacts=contacts)


class _Lookup:
    """Parameters by name, and by group for everybody at once."""

    def __init__(self, parameters: Parameters, group: NDArray[np.uint8]) -> None:
        self.parameters, self.group = parameters, group

    def __call__(self, name: str) -> float:
        return self.parameters.value(name)

    def by_group(self, stem: str) -> Floats:
        return np.array([self.parameters.value(f"{stem}_{group}") for group in GROUPS])[self.group]


def _flags(people: Candidates, p: _Lookup, dice: _Dice) -> dict[str, Bools]:
    hidden, asks = people.hidden, ~people.hidden
    victim = hidden | (dice.u("victim") < p.by_group("inflow.victim_share"))
    dublin = asks & (people.drawn_by_rule | (dice.u("dublin") < p.by_group("inflow.dublin_share")))
    u_place = dice.u("place of exploitation")
    nl, eu = p("victim.exploited_nl_share"), p("victim.exploited_eu_share")
    in_nl = victim & (hidden | (u_place < nl))
    in_eu = victim & ~in_nl & (u_place < nl + eu)
    u_style = dice.u("control style")
    vehicle, person = p("victim.control_vehicle_share"), p("victim.control_person_share")
    by_vehicle = victim & (u_style < vehicle)
    by_person = victim & ~by_vehicle & (u_style < vehicle + person)
    flags = {
        "victim": victim,
        "women": dice.u("sex") < p.by_group("inflow.women_share"),
        "minor": dice.u("minor") < p.by_group("inflow.minor_share"),
        "asks_asylum": asks,
        "dublin_indicator": dublin | (hidden & (dice.u("dublin") < p.by_group("inflow.dublin_share"))),
        "eurodac_hit": dublin & (dice.u("eurodac") < p("inflow.eurodac_share")),
        "strategic": dublin & ~victim & (dice.u("strategic") < p("strategic.share")),
        "exploited_nl": in_nl,
        "exploited_eu": in_eu,
        "exploited_outside": victim & ~in_nl & ~in_eu,
        "control_vehicle": by_vehicle,
        "control_person": by_person,
        "control_object": victim & ~by_vehicle & ~by_person,
        "drawn_by_rule": people.drawn_by_rule,
    }
    for g, group in enumerate(GROUPS):
        flags[group] = people.group == g
    forms = [p.by_group(f"victim.{form.removesuffix('_exploitation')}_share") for form in FORMS[:-1]]
    flags |= _one_of(FORMS, forms, victim, dice.u("form of exploitation"))
    italy = p.by_group("receiving.italy_share")
    others = [(1 - italy) * p(f"receiving.{state}_share_of_rest") for state in ("germany", "france", "spain")]
    return flags | _one_of(RECEIVING, [italy, *others], flags["dublin_indicator"], dice.u("receiving state"))


def _one_of(names: Sequence[str], shares: Sequence[Floats], who: Bools, u: Floats) -> dict[str, Bools]:
    """Draw one of several traits for each of ``who``, by their shares; the last takes the rest."""
    place = sum((u >= edge for edge in np.cumsum(shares, axis=0)), np.zeros(u.size, np.int64))
    return {name: who & (place == number) for number, name in enumerate(names)}


def _levels(flags: dict[str, Bools], p: _Lookup, dice: _Dice) -> NDArray[np.float32]:
    victim, spread = flags["victim"], p("trait.spread")

    def mean(if_victim: float | Floats, otherwise: str) -> Floats:
        return np.where(victim, if_victim, p(otherwise))

    fear = np.select(
        [flags["control_object"], flags["control_vehicle"], flags["control_person"]],
        [p("trait.fear_object"), p("trait.fear_vehicle"), p("trait.fear_person")],
        p("trait.fear_not_victim"),
    )
    trauma = np.where(flags["women"], p("trait.trauma_women"), p("trait.trauma_men"))
    everyone = np.ones(victim.size)
    means = {
        "fear": fear,
        "trust": mean(p("trait.trust_victim"), "trait.trust_not_victim"),
        "trauma": mean(trauma, "trait.trauma_not_victim"),
        "knowledge": everyone * p("trait.knowledge"),
        "debt": mean(p.by_group("trait.debt"), "trait.debt_not_victim"),
        "protect_others": everyone * p("trait.protect_others"),
        "retribution": everyone * p("trait.retribution"),
    }
    levels = np.zeros((victim.size, len(LEVELS)), np.float32)
    for name, middle in means.items():
        levels[:, LEVEL_INDEX[name]] = dice.level(name, middle, spread)
    return levels


@dataclass(frozen=True)
class _Networks:
    """The networks of a replicate: the names from which their draws follow, and the group each works in."""

    names: list[str]
    group: NDArray[np.uint8]


def _networks(p: _Lookup, root: np.uint64) -> tuple[list[NDArray[np.int64]], _Networks]:
    """Return the networks: small cells of traffickers, joined by links; a network is a connected component.

    Returns
    -------
    cells
        For each group: the number of the network of each cell.
    networks
        All of them.
    """
    cells: list[NDArray[np.int64]] = []
    names: list[str] = []
    group_of: list[int] = []
    chance = min(p("network.links_per_network"), 1.0)
    for g, group in enumerate(GROUPS):
        count = round(p(f"network.count_{group}"))
        keys = chain_all(root, np.array([name_key(f"cell {group} {i}") for i in range(count)], np.uint64))
        joined = uniforms(keys, name_key("cell is linked"), 0) < chance
        to = (uniforms(keys, name_key("cell linked to"), 0) * np.arange(count)).astype(np.int64)
        graph: Any = nx.Graph()
        graph.add_nodes_from(range(count))
        graph.add_edges_from((i, int(to[i])) for i in range(1, count) if joined[i])
        of_cell = np.zeros(count, np.int64)
        for number, component in enumerate(sorted(nx.connected_components(graph), key=min)):
            of_cell[list(component)] = len(names)
            names.append(f"network-{group}-{number + 1:03d}")
            group_of.append(g)
        cells.append(of_cell)
    return cells, _Networks(names, np.array(group_of, np.uint8))


def _network_of(
    group: NDArray[np.uint8], victim: Bools, p: _Lookup, dice: _Dice, cells: list[NDArray[np.int64]]
) -> NDArray[np.int64]:
    """Return the network of each person: that of a cell of the group, early cells more often; -1 for non-victims."""
    network = np.full(group.size, -1, np.int64)
    u = dice.u("cell") ** p("network.size_skew")
    for g, of_cell in enumerate(cells):
        if of_cell.size:
            mine = victim & (group == g)
            # With almost no skew the power of a draw can be 1.
            network[mine] = of_cell[np.minimum((u[mine] * of_cell.size).astype(np.int64), of_cell.size - 1)]
    return network


def _assembled(
    people: Candidates,
    keys: NDArray[np.uint64],
    flags: dict[str, Bools],
    levels: NDArray[np.float32],
    arrival: NDArray[Any],
    order: NDArray[np.int64],
    network: NDArray[np.int64],
    all_networks: _Networks,
    root: np.uint64,
) -> Population:
    persons, networks = order.size, len(all_networks.names)
    bits = np.zeros(persons, np.uint32)
    for name, has in flags.items():
        bits |= np.where(has, np.uint32(FLAG_BIT[name]), np.uint32(0))
    of_person = network[order]
    member_start, member = _members(of_person, networks)
    network_keys = chain_all(root, np.array([name_key(name) for name in all_networks.names], np.uint64))
    entities = Entities(
        key=np.r_[keys[order], network_keys].astype(np.uint64),
        flags=np.r_[bits[order], np.zeros(networks, np.uint32)].astype(np.uint32),
        level=np.r_[levels[order], np.zeros((networks, len(LEVELS)), np.float32)].astype(np.float32),
        group=np.r_[people.group[order], np.zeros(networks, np.uint8)].astype(np.uint8),
        network=np.r_[np.where(of_person >= 0, of_person + persons, -1), np.full(networks, -1)].astype(np.int32),
        arrival=np.r_[arrival[order], np.full(networks, 32767)].astype(np.int16),
        persons=persons,
        member_start=member_start,
        member=member,
    )
    return Population(entities, order, people, all_networks.group)


def _members(of_person: NDArray[np.int64], networks: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where the members of each network begin, and the members; ``of_person``: number of the network, or < 0."""
    members = np.flatnonzero(of_person >= 0)
    members = members[np.argsort(of_person[members], kind="stable")]
    sizes = np.bincount(of_person[members], minlength=networks)
    return np.r_[0, np.cumsum(sizes)].astype(np.int32), members.astype(np.int32)
