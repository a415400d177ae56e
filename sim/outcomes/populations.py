"""Of whom or what a measure is: its population, in words, to be set beside that of a published figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.procedures.schema import Title

if TYPE_CHECKING:
    from sim.outcomes.measures import Measure


def _both(en: str, nl: str) -> Title:
    return Title(en=en, nl=nl)


_WHO: Final[Mapping[str, Title]] = {
    "victim": _both("true victims, whom only the simulation knows", "echte slachtoffers, die alleen de simulatie kent"),
    "not victim": _both("people who are no victims", "mensen die geen slachtoffer zijn"),
    "strategic": _both(
        "people who claim for the sake of the stay", "mensen die een beroep doen omwille van het verblijf"
    ),
}
_EVERYONE: Final = _both("everyone who comes", "iedereen die komt")
_NETWORKS: Final = _both("networks", "netwerken")
_TOGETHER: Final = _both("people of a network", "mensen van een netwerk")
_REGISTERED: Final = _both("people whom a register shows", "mensen die een register laat zien")
_QUEUE: Final = _both("everyone who waits for or uses the pool", "iedereen die op de capaciteit wacht of haar gebruikt")
_THOSE_WITH: Final = _both("of whom only those at", "van wie alleen degenen bij")


def population_of(measure: Measure) -> Title:
    """Return of whom or what a measure of the simulated world is."""
    if measure.kind == "networks":
        return _NETWORKS
    found = [_WHO.get(str(one), _both(str(one), str(one))) for one in measure.among]
    if not found:
        found = [_TOGETHER if measure.kind == "together" else _EVERYONE]
    text = _both(" and ".join(one.en for one in found), " en ".join(one.nl for one in found))
    below = measure.per if measure.kind in ("share", "ratio") else ()
    if not below:
        return text
    steps = ", ".join(below)
    return _both(f"{text}, {_THOSE_WITH.en} {steps}", f"{text}, {_THOSE_WITH.nl} {steps}")


def other_population(name: str, world: str) -> Title:
    """Return of whom a measure is that no file defines: of registers, their counterparts, and pools."""
    if world == "recorded":
        return _REGISTERED
    return _WHO["victim"] if name.startswith("victims_") else _QUEUE
