"""The objects of a world for OCEL 2.0: persons, B8 files, Dublin claims, investigations, beds and networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from sim.export.moves import Activity, Codes, Moved, codes_of

PERSON: Final = "person"
B8_FILE: Final = "B8 file"
DUBLIN_CLAIM: Final = "Dublin claim"
INVESTIGATION: Final = "investigation"
BED: Final = "bed"
NETWORK: Final = "network"
TYPES: Final = (PERSON, B8_FILE, DUBLIN_CLAIM, INVESTIGATION, BED, NETWORK)
_FILES: Final = {"b8": (B8_FILE, "b8"), "dublin": (DUBLIN_CLAIM, "dublin")}
"""By procedure: the object that its moves are about, and the beginning of its id."""
_SHELTER: Final = "whereabouts.shelter"
_ABOUT_NETWORK: Final = ("control", "investigation")

Relation = tuple[str, str]
"""Id of an object, and how an event or another object relates to it."""


class Event(NamedTuple):
    """One move with the objects that it is about."""

    id: str
    activity: Activity
    day: str
    order: int
    objects: list[Relation]


@dataclass(frozen=True)
class Objects:
    """All objects of a world.

    Attributes
    ----------
    kinds
        Id of each object, and its kind.
    relations
        Which object relates to which others.
    """

    kinds: dict[str, str]
    relations: dict[str, list[Relation]]


class Related:
    """The objects of a world and, move by move, those that each move is about."""

    def __init__(self, moved: Moved) -> None:
        self.moved = moved
        self.codes: Codes = codes_of(moved)
        self.networks = moved.networks()
        self.activities = [moved.activities.get(step) for step in self.codes.steps]
        self.objects = self._objects()

    def events(self) -> Iterator[Event]:
        """Give the moves as they happened."""
        codes, stays = self.codes, dict[str, int]()
        shelter = codes.steps.index(_SHELTER) if _SHELTER in codes.steps else -1
        for begin in range(0, codes.order.size, 100_000):
            part = slice(begin, begin + 100_000)
            columns = (codes.entity, codes.to, codes.origin, codes.order)
            numbers = zip(*(column[part].tolist() for column in columns), codes.day[part].astype(str), strict=True)
            for entity, to, origin, order, day in numbers:
                activity = self.activities[to]
                assert activity is not None
                who = codes.who[entity]
                about = self._about(who, activity)
                if shelter in (to, origin):
                    stays[who] = stays.get(who, 0) + (to == shelter)
                    about.append((f"bed:{who}:{stays[who]}", "moves in" if to == shelter else "moves out"))
                yield Event(f"e{order}", activity, day, order, about)

    def _about(self, who: str, activity: Activity) -> list[Relation]:
        if activity.of_network:
            own = [(who, "network")]
            return [*own, (f"investigation:{who}", "investigation")] if _is_investigation(activity) else own
        about = [(who, "person")]
        procedure = activity.step.partition(".")[0]
        if procedure in _FILES:
            about.append((f"{_FILES[procedure][1]}:{who}", "file" if procedure == "b8" else "claim"))
        network = self.networks.get(who)
        if network and procedure in _ABOUT_NETWORK:
            about.append((network, "network"))
        return about

    def _objects(self) -> Objects:
        """Collect the objects, each with the objects that it relates to."""
        kinds: dict[str, str] = {}
        relations: dict[str, list[Relation]] = {}
        codes = self.codes
        kind_of_step = np.array([_procedure_number(activity) for activity in self.activities], np.int64)
        seen = (
            np.unique(np.stack([codes.entity, kind_of_step[codes.to]]), axis=1)
            if codes.order.size
            else np.zeros((2, 0), np.int64)
        )
        for entity, number in zip(*seen.tolist(), strict=True):
            who = codes.who[entity]
            if number in {_NETWORK, _INVESTIGATED}:
                kinds[who] = NETWORK
                if number == _INVESTIGATED:
                    kinds[f"investigation:{who}"] = INVESTIGATION
                    relations[f"investigation:{who}"] = [(who, "of")]
                continue
            self._add_person(who, kinds, relations)
            if number in _NUMBERED:
                kind, begins = _NUMBERED[number]
                kinds[f"{begins}:{who}"] = kind
                relations[f"{begins}:{who}"] = [(who, "of")]
        for who, stays in self._stays().items():
            for number in range(1, stays + 1):
                kinds[f"bed:{who}:{number}"] = BED
                relations[f"bed:{who}:{number}"] = [(who, "held for")]
        return Objects(kinds, relations)

    def _add_person(self, who: str, kinds: dict[str, str], relations: dict[str, list[Relation]]) -> None:
        if who in kinds:
            return
        kinds[who] = PERSON
        network = self.networks.get(who)
        if network:
            kinds.setdefault(network, NETWORK)
            relations[who] = [(network, "held by")]

    def _stays(self) -> dict[str, int]:
        """Return how often each person came into specialised shelter."""
        codes = self.codes
        if _SHELTER not in codes.steps:
            return {}
        into = codes.entity[codes.to == codes.steps.index(_SHELTER)]
        people, counts = np.unique(into, return_counts=True)
        return {codes.who[person]: int(count) for person, count in zip(people, counts, strict=True)}


_PLAIN, _NETWORK, _INVESTIGATED = 0, 1, 2
_NUMBERED: Final = {3: _FILES["b8"], 4: _FILES["dublin"]}


def _procedure_number(activity: Activity | None) -> int:
    """Return which object a step brings with it, as a number."""
    if activity is None:
        return _PLAIN
    if activity.of_network:
        return _INVESTIGATED if _is_investigation(activity) else _NETWORK
    return {"b8": 3, "dublin": 4}.get(activity.step.partition(".")[0], _PLAIN)


def _is_investigation(activity: Activity) -> bool:
    return activity.step.startswith("investigation.")
