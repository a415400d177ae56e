"""What follows from parameters is made again only when a number that it read has another value.

Most changes leave the people as they are: what varies seldom decides who comes. Which numbers a thing depends on is
not listed anywhere; it is watched while the thing is made.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, cast

from sim.evidence.parameters import Parameters

R = TypeVar("R")


class Watched(Parameters):
    """Parameters that note which of them were read.

    Attributes
    ----------
    read
        Name to value.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.__dict__.update(parameters.__dict__)
        self.read: dict[str, float] = {}

    def value(self, name: str) -> float:
        """Return the value in use, and note it."""
        found = self.read[name] = super().value(name)
        return found

    def __getitem__(self, name: str) -> float:
        """Return the value in use, and note it; KeyError if there is no such parameter."""
        found = self.read[name] = super().__getitem__(name)
        return found


@dataclass(frozen=True)
class _Kept:
    read: frozenset[str]
    parameters: Parameters
    made: Any
    size: int


class Memory:
    """Keeps what was made last, up to a size; threads may share it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(
        self, key: Hashable, parameters: Parameters, make: Callable[[Parameters], R], size: Callable[[R], int]
    ) -> R:
        """Return what ``make`` gives for these parameters.

        Parameters
        ----------
        key
            What else it depends on.
        make
            Makes it; it must read parameters from its argument only.
        size
            Gives its size, in the unit of ``most``.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and parameters.agree(kept.parameters, kept.read):
                self._kept.move_to_end(key)
                return cast("R", kept.made)
        watched = Watched(parameters)
        made = make(watched)
        with self._lock:
            self._kept[key] = _Kept(frozenset(watched.read), parameters, made, size(made))
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(one.size for one in self._kept.values()) > self.most:
                self._kept.popitem(last=False)
        return made
