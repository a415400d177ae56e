"""What a session can change, and the check of changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sim.agents.behaviour import Authorities
from sim.files.errors import InputError, nearest, raise_all
from sim.scenarios.changes import plain
from sim.scenarios.scenario import MERGED, SWITCHED, Header, Inflow, Scenario

CAPACITY: Final = "capacity."
MOST_CAPACITY: Final = 1e9
MOST_NAMES: Final = 12
"""Names that an error lists."""


class Movable(NamedTuple):
    """A number that a session can change.

    ``lower`` and ``upper`` are its plausible range, ``value`` what the scenario has; NaN for a capacity that changes
    with the date, which a set value replaces on all days.
    """

    lower: float
    upper: float
    value: float
    unit: str


def movable_of(scenario: Scenario) -> dict[str, Movable]:
    """Return what a session of a scenario can change, by name; capacities are called ``capacity.POOL``."""
    parameters = scenario.parameter_values()
    found = {
        name: Movable(passport.low, passport.high, parameters[name], passport.unit)
        for name, passport in parameters.passports.items()
    }
    given = scenario.document.capacity
    for name, pool in Authorities.load().pool.items():
        passport = parameters.passport(pool.capacity)
        value = given.get(name, parameters[pool.capacity])
        now = float("nan") if isinstance(value, tuple) else float(value)
        dated = [row.value for row in value if row.value is not None] if isinstance(value, tuple) else [now]
        found[f"{CAPACITY}{name}"] = Movable(
            min(passport.low, *dated, parameters[pool.capacity]),
            max(passport.high, *dated, parameters[pool.capacity]),
            now,
            passport.unit,
        )
    return found


def checked(
    changes: Mapping[str, float], scenario: Scenario, movable: Mapping[str, Movable]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return parameters and capacities to set, by their names.

    Raises
    ------
    InputError
        For unknown names and values that cannot be; all of them at once.
    """
    if not isinstance(changes, Mapping):
        raise InputError("not a table", key="changes", value=changes, accepted='{"report.base": 0.5}')
    parameters: dict[str, float] = {}
    capacity: dict[str, float] = {}
    problems: list[InputError] = []
    for name, value in plain(changes).items():
        if name not in movable:
            problems.append(_not_movable(str(name), value, movable))
        elif name.startswith(CAPACITY):
            problem = _capacity_problem(name, value)
            if problem is None:
                capacity[name.removeprefix(CAPACITY)] = float(value)
            else:
                problems.append(problem)
        else:
            parameters[name] = value
    try:
        scenario.parameter_values().replace(parameters, key_prefix="")
    except InputError as error:
        problems.append(error)
    raise_all(problems)
    return {name: float(value) for name, value in parameters.items()}, capacity


def _capacity_problem(name: str, value: Any) -> InputError | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_CAPACITY:
        return None
    return InputError("not a capacity", key=name, value=value, accepted=f"a number from 0 to {MOST_CAPACITY:.0f}")


def _not_movable(name: str, value: object, movable: Mapping[str, Movable]) -> InputError:
    """Return the mistake of a name that is none of a number, or of a part of the scenario that is compiled in."""
    first, _, last = name.replace("[", ".").partition(".")
    compiled_in = {*Header.model_fields, *MERGED, *SWITCHED, "shock", "programme", "scenario"}
    if first in compiled_in - {"parameters", "capacity", "inflow"} or (
        first == "inflow" and last in Inflow.model_fields
    ):
        accepted = f"sim.Session of a scenario with another {name}, by Scenario.replace"
        return InputError("this change needs a new session", key=name, value=value, accepted=accepted)
    family = [other for other in movable if other.startswith(f"{first}.")][:MOST_NAMES]
    return InputError(
        "unknown parameter",
        key=name,
        value=value,
        accepted=family or "a name of session.movable",
        nearest=nearest(name, movable),
    )
