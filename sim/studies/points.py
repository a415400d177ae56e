"""A point of a study: what a scenario is like there, with an identity that follows from its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sim.studies.factors import CAPACITY

ID_DIGITS: Final = 16
AS_IT_IS: Final = "as it is"
"""What a variant without presets is called."""
Variety = tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]
"""Presets, readings and drivers that are on."""


@dataclass(frozen=True)
class Point:
    """One set of values under one variant of the scenario; all regimes are run on it.

    Attributes
    ----------
    values
        Factors that differ from the scenario: name to value.
    presets
        Rival explanations that hold, with commas between; empty: none.
    readings
        Chosen readings of open legal questions: question to option.
    drivers
        Drivers of the study that are on.
    """

    values: Mapping[str, float]
    presets: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    drivers: tuple[str, ...] = ()

    @cached_property
    def id(self) -> str:
        """What the point is called: the same for the same content, wherever and whenever it is run."""
        content = {"values": {k: repr(float(v)) for k, v in sorted(self.values.items())}}
        content |= {"presets": self.presets, "readings": dict(self.readings)}  # type: ignore[dict-item]
        if self.drivers:
            content["drivers"] = list(self.drivers)  # type: ignore[assignment]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:ID_DIGITS]

    @property
    def variant(self) -> Variety:
        """What is not a number: presets, readings and drivers."""
        return self.presets, self.readings, self.drivers

    @property
    def readings_text(self) -> str:
        """The readings in one text, such as ``U1=none, U7=report_date``."""
        return ", ".join(f"{question}={option}" for question, option in self.readings)

    @property
    def drivers_text(self) -> str:
        """The drivers in one text, such as ``covid + inflow``."""
        return " + ".join(self.drivers)

    @property
    def variant_text(self) -> str:
        """Presets, readings and drivers in one text, as analyses name a variant: ``as it is``, ``H5; U1=none``."""
        return "; ".join([self.presets or AS_IT_IS, *filter(None, (self.readings_text, self.drivers_text))])

    @property
    def changes(self) -> dict[str, Any]:
        """What differs from the scenario of the variant, by the names of ``Scenario.replace``."""
        capacity = {k.removeprefix(CAPACITY): v for k, v in self.values.items() if k.startswith(CAPACITY)}
        parameters = {k: v for k, v in self.values.items() if not k.startswith(CAPACITY)}
        return {key: table for key, table in (("capacity", capacity), ("parameters", parameters)) if table}
