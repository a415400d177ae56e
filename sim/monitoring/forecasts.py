"""What the fitted sets of each camp say of figures: one value for each reading and set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensembles import Ensemble, ensembles
from sim.monitoring.ties import Key

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Forecasts:
    """The fitted sets of the camps that are weighed.

    Attributes
    ----------
    ensembles
        By camp. Camps of which no set reproduces the figures of before the change are left out, unless that is so of
        all: then their nearest sets are used.
    unfitted
        The camps that are left out, or all of them when their nearest sets are used.
    """

    ensembles: Mapping[str, Ensemble]
    unfitted: tuple[Ensemble, ...]

    @classmethod
    def load(cls, folder: str | PathLike[str] | None = None) -> Forecasts:
        """Read the ensembles that ship, or those of a folder.

        Raises
        ------
        InputError
            As `sim.calibration.ensembles.ensembles`.
        """
        found = ensembles(folder)
        fitted = {camp: one for camp, one in found.items() if one.accepted and one.size}
        left_out = tuple(one for one in found.values() if not one.accepted)
        return cls(fitted or {camp: one for camp, one in found.items() if one.size}, left_out)

    @property
    def are_fitted(self) -> bool:
        """Whether the camps that are weighed reproduce the figures of before the change."""
        return all(one.accepted for one in self.ensembles.values())

    @cached_property
    def values(self) -> dict[str, dict[Key, Floats]]:
        """Camp, then reading (measure, world, group), to the value of each set, ``[sets]``."""
        return {camp: one.lived() for camp, one in self.ensembles.items()}

    @cached_property
    def known(self) -> set[Key]:
        """The readings of which every camp has values."""
        return set.intersection(*(set(readings) for readings in self.values.values()))

    @cached_property
    def fitted(self) -> tuple[str, ...]:
        """Names of the targets that the sets were fitted to."""
        return tuple(next(iter(self.ensembles.values())).receipt["fitted"])

    @property
    def camps(self) -> tuple[str, ...]:
        """The camps that are weighed."""
        return tuple(self.ensembles)

    def sets(self, camp: str) -> int:
        """Return how many sets a camp has."""
        return self.ensembles[camp].size

    def title(self, camp: str, language: str = "en") -> str:
        """Return the title of a camp."""
        return self.ensembles[camp].title[language]
