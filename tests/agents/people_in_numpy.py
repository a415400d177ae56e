"""The people of a replicate in array code, written apart from the compiled one: what that must give, to the bit."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from sim.agents.candidates import Candidates
from sim.engine.draws import chain_all, name_key, replicate_key, uniforms
from sim.evidence.parameters import Parameters
from sim.procedures.traits import FLAG_BIT, FORMS, GROUPS, LEVELS, RECEIVING

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class PeopleInNumpy:
    """All candidates of one replicate, in the order of the list.

    Attributes
    ----------
    key, flags, level, arrival
        Of each candidate.
    network
        Number of the network of each, -1: none.
    works_in
        Nationality group of each network.
    order
        Candidates by day of arrival, then by hashed name.
    """

    def __init__(self, people: Candidates, parameters: Parameters, last_day: int, seed: int, replicate: int) -> None:
        root = replicate_key(seed, replicate)
        self.people, self.p = people, parameters
        self.key = chain_all(root, people.name_keys)
        has = self._flags()
        self.flags = np.zeros(people.group.size, np.uint32)
        for name, which in has.items():
            self.flags |= np.where(which, np.uint32(FLAG_BIT[name]), np.uint32(0))
        self.level = self._levels(has)
        day = people.month_start + (self.u("day of arrival") * people.month_days).astype(np.int32)
        self.arrival = np.where((day < 0) | (day > last_day), 32767, day).astype(np.int16)
        self.order = np.lexsort((people.name_keys, self.arrival))
        self.works_in: list[int] = []
        self.network = np.full(people.group.size, -1)
        u = self.u("cell") ** self.p.value("network.size_skew")
        for g, group in enumerate(GROUPS):
            of_cell = self._cells(g, group, root)
            mine = has["victim"] & (people.group == g)
            if of_cell.size:
                self.network[mine] = of_cell[np.minimum((u[mine] * of_cell.size).astype(int), of_cell.size - 1)]

    def u(self, name: str) -> Floats:
        return uniforms(self.key, name_key(f"trait {name}"), 0)

    def by_group(self, stem: str) -> Floats:
        return np.array([self.p.value(f"{stem}_{group}") for group in GROUPS])[self.people.group]

    def _flags(self) -> dict[str, Bools]:
        value, hidden, by_rule = self.p.value, self.people.hidden, self.people.drawn_by_rule
        victim = hidden | (self.u("victim") < self.by_group("inflow.victim_share"))
        known = by_rule | (self.u("dublin") < self.by_group("inflow.dublin_share"))
        place, style = self.u("place of exploitation"), self.u("control style")
        nl, eu = value("victim.exploited_nl_share"), value("victim.exploited_eu_share")
        vehicle, person = value("victim.control_vehicle_share"), value("victim.control_person_share")
        flags = {
            "victim": victim,
            "women": self.u("sex") < self.by_group("inflow.women_share"),
            "minor": self.u("minor") < self.by_group("inflow.minor_share"),
            "asks_asylum": ~hidden,
            "dublin_indicator": known,
            "eurodac_hit": known & ~hidden & (self.u("eurodac") < value("inflow.eurodac_share")),
            "strategic": known & ~hidden & ~victim & (self.u("strategic") < value("strategic.share")),
            "exploited_nl": victim & (hidden | (place < nl)),
            "exploited_eu": victim & ~hidden & (place >= nl) & (place < nl + eu),
            "exploited_outside": victim & ~hidden & (place >= nl + eu),
            "control_vehicle": victim & (style < vehicle),
            "control_person": victim & (style >= vehicle) & (style < vehicle + person),
            "control_object": victim & (style >= vehicle + person),
            "drawn_by_rule": by_rule,
        }
        flags |= {group: self.people.group == g for g, group in enumerate(GROUPS)}
        forms = [self.by_group(f"victim.{form.removesuffix('_exploitation')}_share") for form in FORMS[:-1]]
        flags |= self._one_of(FORMS, forms, victim, "form of exploitation")
        italy = self.by_group("receiving.italy_share")
        rest = [(1 - italy) * value(f"receiving.{state}_share_of_rest") for state in ("germany", "france", "spain")]
        return flags | self._one_of(RECEIVING, [italy, *rest], known, "receiving state")

    def _one_of(self, names: Sequence[str], shares: Sequence[Floats], who: Bools, draw: str) -> dict[str, Bools]:
        place = (self.u(draw) >= np.cumsum(shares, axis=0)).sum(axis=0)
        return {name: who & (place == number) for number, name in enumerate(names)}

    def _levels(self, has: dict[str, Bools]) -> NDArray[np.float32]:
        value = self.p.value
        by_style = [value(f"trait.fear_{style}") for style in ("object", "vehicle", "person")]
        styles = [has[f"control_{style}"] for style in ("object", "vehicle", "person")]
        trauma = np.where(has["women"], value("trait.trauma_women"), value("trait.trauma_men"))
        medians = {
            "fear": np.select(styles, by_style, value("trait.fear_not_victim")),
            "trust": np.where(has["victim"], value("trait.trust_victim"), value("trait.trust_not_victim")),
            "trauma": np.where(has["victim"], trauma, value("trait.trauma_not_victim")),
            "debt": np.where(has["victim"], self.by_group("trait.debt"), value("trait.debt_not_victim")),
        }
        columns = [
            expit(
                logit(
                    np.clip(medians.get(name, value(f"trait.{name}") if name not in medians else 0.0), 1e-4, 1 - 1e-4)
                )
                + value("trait.spread") * ndtri(self.u(name))
            )
            for name in LEVELS
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _cells(self, g: int, group: str, root: np.uint64) -> NDArray[np.int64]:
        """Return the network of each cell of a group: the connected component."""
        count = round(self.p.value(f"network.count_{group}"))
        keys = chain_all(root, np.array([name_key(f"cell {group} {i}") for i in range(count)], np.uint64))
        joined = uniforms(keys, name_key("cell is linked"), 0) < min(self.p.value("network.links_per_network"), 1.0)
        to = (uniforms(keys, name_key("cell linked to"), 0) * np.arange(count)).astype(int)
        graph = nx.Graph()
        graph.add_nodes_from(range(count))
        graph.add_edges_from((i, int(to[i])) for i in range(1, count) if joined[i])
        of_cell = np.zeros(count, int)
        for component in sorted(nx.connected_components(graph), key=min):
            of_cell[list(component)] = len(self.works_in)
            self.works_in.append(g)
        return of_cell


def contacts_in_numpy(
    key: NDArray[np.uint64],
    group: NDArray[np.uint8],
    network: NDArray[np.int32],
    arrival: NDArray[np.int16],
    p: Parameters,
) -> dict[tuple[int, int], int]:
    """Return who knows whom, with the kind of contact: every pair asked, one after another."""

    def one_of(name: str, count: str) -> NDArray[np.int64]:
        return (uniforms(key, name_key(name), 0) * round(p.value(count))).astype(int)

    site, journey = one_of("reception site", "community.sites"), one_of("journey", "community.journeys")
    spoken = one_of("language", "community.languages_of_others")
    language = np.where(group == GROUPS.index("other"), len(GROUPS) * (spoken + 1), group)
    kinds = (
        ("in_centre", "community.days_apart", list(zip(language, site, strict=True))),
        ("on_route", "community.days_apart", list(zip(language, journey, strict=True))),
        ("in_network", "community.days_apart_in_network", network.tolist()),
    )
    found: dict[tuple[int, int], int] = {}
    came = np.flatnonzero(arrival < 32767)
    for kind, (name, apart, circle) in enumerate(kinds):
        draw, known, days = name_key(f"contact {name}"), p.value(f"community.known_{name}"), round(p.value(apart))
        for place, i in enumerate(came):
            for j in came[place + 1 :]:
                if arrival[j] - arrival[i] > days:
                    break
                if circle[i] == circle[j] and circle[i] != -1:
                    low, high = np.sort(key[[i, j]])
                    if uniforms(chain_all(low, np.array([high])), draw, 0)[0] < known:
                        for pair in ((i, j), (j, i)):
                            found.setdefault((int(pair[0]), int(pair[1])), kind)
    return found
