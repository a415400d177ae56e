"""What a study varies: a number of the world or a capacity, with the range from which its values come."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.agents.behaviour import Authorities
from sim.evidence.parameters import Parameters
from sim.evidence.passport import DURATIONS, Passport, accepted_values, is_possible
from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, raise_all
from sim.files.place import Place
from sim.files.toml import validate

PASSPORT: Final = "passport"
CAPACITY: Final = "capacity."
"""How the name of a capacity begins among the factors."""
FORMS: Final = (
    f'[low, high], "{PASSPORT}" for its published range, {{ scale = "log" }} for that range on a logarithmic scale, '
    "{ values = [...] }, or a number that is kept"
)


class Range(Document):
    """From where the values of a factor come: from ``low`` to ``high``, or one of ``values``."""

    low: float | None = None
    high: float | None = None
    scale: Literal["linear", "log"] = "linear"
    values: tuple[float, ...] = Field(default=(), max_length=10_000)

    _tuples = field_validator("values", mode="before")(as_tuple)

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if bool(self.values) == (self.low is not None or self.high is not None):
            raise ValueError("takes low and high, or values")
        if not self.values and (self.low is None or self.high is None):
            raise ValueError("needs low and high")
        if len(set(self.values)) != len(self.values):
            raise ValueError("a value is given twice")
        return self


@dataclass(frozen=True)
class Factor:
    """One thing that a study varies.

    Attributes
    ----------
    name
        Name of a parameter, or ``capacity.POOL``.
    low, high
        Its range, in ``unit``.
    values
        The only values that it takes; empty: any in the range.
    base
        Its value in the scenario.
    whole
        Whether only whole numbers make sense.
    log
        Whether equal ratios, instead of equal differences, weigh the same.
    """

    name: str
    low: float
    high: float
    base: float
    unit: str
    values: tuple[float, ...] = ()
    whole: bool = False
    log: bool = False

    @property
    def pool(self) -> str | None:
        """The pool whose capacity it is, if it is one."""
        return self.name.removeprefix(CAPACITY) if self.name.startswith(CAPACITY) else None

    def at(self, share: float) -> float:
        """Return the value at a share from 0 to 1 of the range."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.log:
            value = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + share * (self.high - self.low)
        return self.rounded(min(max(value, self.low), self.high))

    def rounded(self, value: float) -> float:
        """Return the value as the scenario takes it."""
        return float(round(value)) if self.whole else float(value)

    def levels(self, number: int) -> list[float]:
        """Return its values, or so many of them at equal steps over the range, each once."""
        if self.values:
            return list(self.values)
        return list(dict.fromkeys(self.at(i / (number - 1)) for i in range(number)))


def factors_of(
    parameters: Mapping[str, Any], capacities: Mapping[str, Any], known: Parameters, place: Place, capacity: Any = None
) -> tuple[list[Factor], dict[str, float]]:
    """Read the tables ``[parameters]`` and ``[capacities]`` of a study.

    Parameters
    ----------
    parameters, capacities
        Name to what the study says of it.
    known
        The parameters of the scenario.
    place
        The file of the study.
    capacity
        Capacities that the scenario sets.

    Returns
    -------
    tuple
        What varies, in the order of the file, and what is kept at a value: ``capacity.POOL`` or parameter to number.

    Raises
    ------
    InputError
        With every unknown name and every range that cannot be.
    """
    factors: list[Factor] = []
    kept: dict[str, float] = {}
    problems: list[InputError] = []
    for name, given, key, passport, base in _asked(parameters, capacities, known, place, capacity or {}, problems):
        try:
            found = _read(name, given, place.at(key), passport, base)
        except InputError as error:
            problems.append(error)
            continue
        if isinstance(found, Factor):
            factors.append(found)
        else:
            kept[name] = found
    raise_all(problems)
    return factors, kept


def _asked(
    parameters: Mapping[str, Any],
    capacities: Mapping[str, Any],
    known: Parameters,
    place: Place,
    given: Mapping[str, Any],
    problems: list[InputError],
) -> Iterator[tuple[str, Any, str, Passport, float]]:
    """Go through what a study names: name, what it says, key, passport and value in the scenario."""
    for name, said in parameters.items():
        if name in known:
            yield name, said, f"parameters.{name}", known.passport(name), known.value(name)
        else:
            problems.append(place.at(f"parameters.{name}").unknown("parameter", name, known))
    pools = Authorities.load().pool
    for name, said in capacities.items():
        if name not in pools:
            problems.append(place.at(f"capacities.{name}").unknown("pool", name, pools))
            continue
        usual, base = pools[name].capacity, given.get(name)
        value = float(base) if isinstance(base, int | float) else known.value(usual)
        yield f"{CAPACITY}{name}", said, f"capacities.{name}", known.passport(usual), value


def _read(name: str, given: Any, place: Place, passport: Passport, base: float) -> Factor | float:
    """Return the factor that a study describes, or the value at which it keeps it."""
    whole = passport.varies == "fixed" and passport.unit in DURATIONS
    if isinstance(given, int | float) and not isinstance(given, bool):
        _possible([float(given)], passport, place, whole)
        return float(given)
    found = _range(given, place, passport)
    if found.values:
        _possible(found.values, passport, place, whole)
        low, high = min(found.values), max(found.values)
    else:
        assert found.low is not None
        assert found.high is not None
        low, high = found.low, found.high
        _possible((low, high), passport, place, whole)
        _not_upside_down(low, high, place, given)
        if found.scale == "log" and low <= 0:
            raise place.error("a logarithmic range begins above 0", value=low, accepted="a low above 0")
    return Factor(name, low, high, base, passport.unit, tuple(map(float, found.values)), whole, found.scale == "log")


def _range(given: Any, place: Place, passport: Passport) -> Range:
    if given == PASSPORT or (isinstance(given, Mapping) and set(given) == {"scale"}):
        if passport.low == passport.high:
            raise place.error("its published range is one value", value=passport.low, accepted=FORMS)
        published = {"low": float(passport.low), "high": float(passport.high)}
        if given == PASSPORT:
            return Range(low=published["low"], high=published["high"])
        given = {**published, **given}
    if isinstance(given, Mapping):
        try:
            return validate(Range, dict(given), place.file or "study")
        except InputError as error:
            problems = (
                place.at(p.key or "").error(p.problem, value=p.value, accepted=p.accepted) for p in error.problems
            )
            raise_all(problems)
            raise
    numbers = isinstance(given, Sequence) and not isinstance(given, str)
    if not numbers or len(given) != 2 or not all(_is_number(x) for x in given):
        raise place.error("not a range", value=given, accepted=FORMS)
    return Range(low=float(given[0]), high=float(given[1]))


def _not_upside_down(low: float, high: float, place: Place, given: Any) -> None:
    if high < low:
        raise place.error("the range is upside down", value=given, accepted=f"[{high:g}, {low:g}]")
    if high == low:
        raise place.error("the range is one value", value=given, accepted=FORMS)


def _possible(values: Sequence[float], passport: Passport, place: Place, whole: bool) -> None:
    for value in values:
        if not is_possible(passport.unit, value):
            accepted = f"{accepted_values(passport.unit)} ({passport.unit})"
            raise place.error("not possible in this unit", value=value, accepted=accepted)
        if whole and not float(value).is_integer():
            raise place.error("not a whole number", value=value, accepted=f"whole {passport.unit}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
