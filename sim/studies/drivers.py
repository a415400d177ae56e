"""Drivers: changes of a scenario that can be on or off, and every combination of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field, field_validator

from sim.files.document import Document, as_tuple

LISTS: Final = ("shocks", "programmes")
"""What drivers share: all that is named by the drivers that are on is on, and nothing else."""
TABLES: Final = ("inflow", "parameters")


class Setting(Document):
    """What a scenario is like with a driver on, or off."""

    shocks: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    inflow: dict[str, Any] = Field(default_factory=dict)
    parameters: dict[str, float] = Field(default_factory=dict)

    _tuples = field_validator("shocks", "programmes", mode="before")(as_tuple)


class Driver(Document):
    """A change that can be on or off."""

    title: str
    off: Setting = Setting()
    on: Setting = Setting()


def combinations_of(drivers: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """List all sets of drivers, from none to all; bit ``i`` of a place says if driver ``i`` is on."""
    return tuple(tuple(name for i, name in enumerate(drivers) if place >> i & 1) for place in range(1 << len(drivers)))


def with_drivers(drivers: Mapping[str, Driver], on: Sequence[str]) -> dict[str, Any]:
    """Return what differs with some drivers on and all others off, by the names of `Scenario.replace`."""
    lists: dict[str, list[str]] = {key: [] for key in LISTS}
    tables: dict[str, dict[str, Any]] = {key: {} for key in TABLES}
    for name, driver in drivers.items():
        setting = driver.on if name in on else driver.off
        for key in LISTS:
            lists[key] += getattr(setting, key)
        for key in TABLES:
            tables[key] |= getattr(setting, key)
    # What no driver speaks of stays as the scenario has it.
    spoken = {
        key: wanted
        for key, wanted in lists.items()
        if any(getattr(setting, key) for driver in drivers.values() for setting in (driver.off, driver.on))
    }
    return {**spoken, **{key: table for key, table in tables.items() if table}}
