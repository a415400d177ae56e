"""The receipt: everything needed to reproduce the numbers, and the hashes of their sources."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.outcomes.groups import Groups
from sim.outcomes.measures import Measures
from sim.procedures.rulebook import content_hash
from sim.runs.loading import Asked
from sim.scenarios.extrapolated import extrapolated

if TYPE_CHECKING:
    from sim.runs.world import World

PACKAGES = ("mesa", "numpy", "scipy", "numba", "networkx", "pandas", "holidays")
SHOWING = ("_shipped", "cli", "export", "follow", "replay", "report", "view")
"""Rooms of the package that decide no number of a run; the scenarios that ship are in the receipt by their own hash."""
SOURCES = (".bib", ".csv", ".py", ".toml")


def receipt_of(asked: Asked, worlds: list[World], measures: Measures) -> dict[str, Any]:
    """Return everything needed to reproduce the numbers; no time, user, machine or path of one."""
    scenario = asked.scenario
    return {
        "version": sim.__version__,
        "source_hash": source_hash(),
        "scenario": scenario.name,
        "scenario_hash": scenario.hash(),
        "hypotheses": scenario.hypotheses,
        "period": f"{scenario.start} to {scenario.end}",
        "history_from": str(scenario.first_day) if scenario.first_day < scenario.start else "none",
        "extrapolated": list(extrapolated(scenario)),
        "regimes": [world.regime.name for world in worlds],
        "regime_hashes": [world.regime.hash() for world in worlds],
        "readings": [dict(world.regime.readings) for world in worlds],
        "behaviour_hash": content_hash(scenario.behaviour),
        "parameters_hashes": [world.parameters.hash() for world in worlds],
        "parameters_outside_range": sorted({name for world in worlds for name in world.parameters.outside_range}),
        "measures_hash": content_hash(measures),
        "groups": Groups.load(scenario.own).titles(worlds[-1].parameters),
        "own_files": {name: _sha256(text.encode()) for name, text in sorted(asked.own_files.items())},
        "throughout": asked.throughout,
        "seed": asked.seed,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


@cache
def source_hash() -> str:
    """Return a SHA-256 of the files of this package that decide numbers: code, law, behaviour, parameters, measures.

    It is the same in a checkout and in an installed wheel, whatever the line endings.
    """
    digest = hashlib.sha256()
    for name, content in source_files(Path(sim.__file__).parent):
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def source_files(package: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files that decide numbers in the order of their names: path from the package, and content."""
    for path in sorted(package.rglob("*"), key=lambda path: path.relative_to(package).as_posix()):
        inside = path.relative_to(package)
        if path.suffix in SOURCES and inside.parts[0] not in SHOWING and path.is_file():
            yield inside.as_posix(), path.read_bytes().replace(b"\r\n", b"\n")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
