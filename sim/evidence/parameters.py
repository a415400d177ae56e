"""The parameters: every number about the world, with its passport.

A passport gives the value, its plausible range, unit and source, how good the evidence is and how the value
was derived. The code holds no number about the world.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sim.evidence.passport import DURATIONS, WEAKEST_FIRST, Passport, accepted_values, is_possible
from sim.files.errors import InputError, nearest, raise_all
from sim.files.toml import read_toml, validate

if TYPE_CHECKING:
    import pandas as pd

FILE: Final = Path(__file__).parent / "parameters.toml"

SUM_TO_ONE: Final = ("inflow.hidden_share_", "recording.notifier_share_")
"""Prefixes of the names of shares that sum to one."""
AT_MOST_ONE: Final = (
    ("victim.exploited_nl_share", "victim.exploited_eu_share"),
    ("victim.control_vehicle_share", "victim.control_person_share"),
    ("receiving.germany_share_of_rest", "receiving.france_share_of_rest", "receiving.spain_share_of_rest"),
)
"""Shares of one whole that sum to at most one."""
AT_MOST_ONE_BY_GROUP: Final = (("victim.sexual_share_", "victim.labour_share_", "victim.criminal_share_"),)
"""Prefixes of the names of such shares, which each nationality group has."""

_SUM_TOLERANCE = 1e-9
_COLUMNS = ("parameter", "value", "low", "high", "unit", "grade", "status", "source", "note")


class Parameters(Mapping[str, float]):
    """All parameters: an immutable mapping from dotted names (``om.necessity_test_days``) to values.

    Attributes
    ----------
    outside_range
        Names of parameters that were given a value outside their plausible range.
    """

    def __init__(self, passports: Mapping[str, Passport], changed: Mapping[str, float] | None = None) -> None:
        self._passports = dict(sorted(passports.items()))
        self._wholes = _wholes(self._passports)
        self._change(changed or {})

    def _change(self, changed: Mapping[str, float]) -> None:
        self._changed = dict(changed)
        self.__dict__.pop("_sums_are_right", None)
        self.outside_range: tuple[str, ...] = tuple(
            name
            for name, value in sorted(self._changed.items())
            if not self._passports[name].low <= value <= self._passports[name].high
        )

    @classmethod
    def load(cls, path: str | PathLike[str] | None = None, sources: Iterable[str] = ()) -> Parameters:
        """Read a file of parameters.

        Parameters
        ----------
        path
            The file; the shipped one by default.
        sources
            Keys of sources that exist beside the shipped ones.

        Raises
        ------
        InputError
            When the file is not as it should be, or shares of one whole do not sum to it.
        """
        return _shipped() if path is None else _read(path, sources)

    @property
    def passports(self) -> Mapping[str, Passport]:
        """The passports by name, as in the files."""
        return MappingProxyType(self._passports)

    def extended(self, passports: Mapping[str, Passport]) -> Parameters:
        """Return the parameters with more beside them; none may have the name of one that is there."""
        if not passports:
            return self
        assert not passports.keys() & self._passports.keys()
        return Parameters({**self._passports, **passports}, self._changed)

    # ---- reading them ----

    def value(self, name: str) -> float:
        """Return the value in use.

        Raises
        ------
        InputError
            If there is no such parameter.
        """
        if name in self._changed:
            return self._changed[name]
        return self.passport(name).value

    def agree(self, other: Parameters, names: Set[str]) -> bool:
        """Return whether some parameters have the same values in use as in other parameters."""
        if self._passports is other._passports:
            names = names & (self._changed.keys() | other._changed.keys())
        return all(self.get(name) == other.get(name) for name in names)

    def passport(self, name: str) -> Passport:
        """Return the passport as in the file, whatever value is in use.

        Raises
        ------
        InputError
            If there is no such parameter.
        """
        if name not in self._passports:
            raise self._unknown(name)
        return self._passports[name]

    def __getitem__(self, name: str) -> float:
        """Return the value in use; KeyError if there is no such parameter."""
        return self._changed[name] if name in self._changed else self._passports[name].value

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in alphabetical order."""
        return iter(self._passports)

    def __len__(self) -> int:
        """Return the number of parameters."""
        return len(self._passports)

    def hash(self) -> str:
        """Return a SHA-256 of what a run depends on: values, units, how durations vary; not the evidence."""
        content = {
            name: [self.value(name), passport.unit, passport.varies, passport.cv]
            for name, passport in self._passports.items()
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def table(self, switched_off: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return all parameters as a table, the weakest evidence first, then the widest range.

        Within a grade, parameters without effect come last: a rate, chance or coefficient of 0, a ratio of 1, or a
        name that begins with one of ``switched_off``.
        A value that was changed counts as an assumption, whatever evidence the value in the file had.

        Returns
        -------
        DataFrame
            parameter, value, low, high, unit, grade, status, source (keys, with ``; `` between), note.
        """
        import pandas as pd

        rows = [self._row(name) for name in self]
        rows.sort(
            key=lambda row: (
                WEAKEST_FIRST.index(row[5]),
                row[1] == (1.0 if row[4] == "ratio" else 0.0) or row[0].startswith(switched_off),
                -self._passports[row[0]].relative_width,
            )
        )
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    def _row(self, name: str) -> tuple[str, float, float, float, str, str, str, str, str]:
        passport, value = self._passports[name], self.value(name)
        head = (name, value, passport.low, passport.high, passport.unit)
        if value != passport.value:
            note = f"Changed from {passport.value:g} ({passport.grade}: {passport.note})"
            return *head, "assumption", "assumed", "", note
        return *head, passport.grade, passport.status, "; ".join(passport.source), passport.note

    # ---- changing them ----

    def replace(
        self,
        values: Mapping[str, float],
        *,
        file: str | PathLike[str] | None = None,
        key_prefix: str = "parameters",
    ) -> Parameters:
        """Return parameters with other values.

        Parameters
        ----------
        values
            New values by name. A value that the unit does not allow is refused; one outside the plausible
            range is accepted, and listed in ``outside_range``.
        file, key_prefix
            For error messages: where the values were given.

        Raises
        ------
        InputError
            For an unknown name, an impossible value, or shares of one whole that do not sum to it.
        """
        problems = [
            problem
            for name, value in values.items()
            if (problem := self._refused(name, value, file, key_prefix)) is not None
        ]
        raise_all(problems)
        result = object.__new__(type(self))
        result.__dict__.update(self.__dict__)
        result._change({**self._changed, **{name: float(value) for name, value in values.items()}})
        # Sums that were right are, unless a value in them is new.
        wholes = self._wholes.of(values) if self._sums_are_right else self._wholes
        raise_all(_wrong_sums(result, wholes, file, key_prefix))
        return result

    @cached_property
    def _sums_are_right(self) -> bool:
        return next(_wrong_sums(self, self._wholes, None, ""), None) is None

    def _refused(
        self, name: str, value: object, file: str | PathLike[str] | None, key_prefix: str
    ) -> InputError | None:
        key = f"{key_prefix}.{name}" if key_prefix else name
        if name not in self._passports:
            return self._unknown(name, file, key)
        passport = self._passports[name]
        unit = passport.unit
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and is_possible(unit, float(value)):  # type: ignore[arg-type]
            if passport.varies != "fixed" or unit not in DURATIONS or float(value).is_integer():  # type: ignore[arg-type]
                return None
            return InputError("not a whole number", file=file, key=key, value=value, accepted=f"whole {unit}")
        problem = "not possible in this unit" if number else "wrong type"
        accepted = f"{accepted_values(unit)} ({unit})"
        return InputError(problem, file=file, key=key, value=value, accepted=accepted)

    def _unknown(self, name: str, file: str | PathLike[str] | None = None, key: str | None = None) -> InputError:
        group = str(name).partition(".")[0]
        family = [other for other in self._passports if other.startswith(f"{group}.")]
        near = nearest(str(name), self._passports)
        return InputError("unknown parameter", file=file, key=key or str(name), accepted=family or None, nearest=near)


@cache
def _shipped() -> Parameters:
    return _read(FILE)


def _read(path: str | PathLike[str], sources: Iterable[str] = ()) -> Parameters:
    passports: dict[str, Passport] = {}
    problems: list[InputError] = []
    for name, table in _tables(read_toml(path)):
        try:
            passports[name] = validate(Passport, table, path, {"sources": sources})
        except InputError as error:
            problems += [_within(name, problem) for problem in error.problems]
    raise_all(problems)
    parameters = Parameters(passports)
    raise_all(_wrong_sums(parameters, parameters._wholes, path, ""))
    return parameters


def _tables(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the parameters of a file, which are tables ``[group.name]``."""
    for group, tables in content.items():
        if not isinstance(tables, dict):
            yield group, tables
            continue
        for name, table in tables.items():
            yield f"{group}.{name}", table


def _within(name: str, problem: InputError) -> InputError:
    """Return the mistake with the name of the parameter before its key."""
    key = f"{name}.{problem.key}" if problem.key else name
    return InputError(
        problem.problem,
        file=problem.file,
        key=key,
        value=problem.value,
        accepted=problem.accepted,
        nearest=problem.nearest,
    )


@dataclass(frozen=True)
class _Wholes:
    """The shares of one whole among some parameters."""

    sum_to_one: tuple[tuple[str, tuple[str, ...]], ...]
    at_most_one: tuple[tuple[str, ...], ...]

    def of(self, names: Iterable[str]) -> _Wholes:
        """Return those with a share that has one of some names."""
        touched = self._names.intersection(names)
        if not touched:
            return _Wholes((), ())
        return _Wholes(
            tuple(whole for whole in self.sum_to_one if touched.intersection(whole[1])),
            tuple(whole for whole in self.at_most_one if touched.intersection(whole)),
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(chain(*(names for _, names in self.sum_to_one), *self.at_most_one))


def _wholes(names: Iterable[str]) -> _Wholes:
    given = tuple(names)
    by_group = [
        tuple(f"{stem}{name.removeprefix(stems[0])}" for stem in stems)
        for stems in AT_MOST_ONE_BY_GROUP
        for name in given
        if name.startswith(stems[0])
    ]
    return _Wholes(
        tuple((stem, tuple(name for name in given if name.startswith(stem))) for stem in SUM_TO_ONE),
        (*AT_MOST_ONE, *by_group),
    )


def _wrong_sums(
    parameters: Parameters, wholes: _Wholes, file: str | PathLike[str] | None, key_prefix: str
) -> Iterator[InputError]:
    """Yield a mistake for each set of shares of one whole that does not sum to it."""
    prefix = f"{key_prefix}." if key_prefix else ""
    for stem, names in wholes.sum_to_one:
        shares = [parameters[name] for name in names]
        if shares and abs(math.fsum(shares) - 1) > _SUM_TOLERANCE:
            total = f"the shares sum to {math.fsum(shares):g}"
            yield InputError(total, file=file, key=f"{prefix}{stem}*", accepted="shares that sum to 1")
    for names in wholes.at_most_one:
        total_share = math.fsum(parameters.get(name, 0.0) for name in names)
        if total_share > 1 + _SUM_TOLERANCE:
            yield InputError(
                f"the shares sum to {total_share:g}",
                file=file,
                key=f"{prefix}{names[0]}",
                accepted=f"at most 1 together with {', '.join(names[1:])}",
            )
