"""Shares of one whole are drawn together: uniform over all sets of them that keep their sum.

Shares of which each may lie in its range alone can sum to more than the whole (`sim.evidence.parameters`). Drawn one by
one and thrown away where they do not fit, a design would lose its spread. So each is drawn from its distribution given
those before it, which is known in closed form: the volume of a box cut by a sum is a sum over its corners.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evidence.parameters import AT_MOST_ONE, AT_MOST_ONE_BY_GROUP, SUM_TO_ONE, Parameters
from sim.files.errors import raise_all
from sim.files.place import Place
from sim.studies.factors import Factor

Floats = NDArray[np.float64]
_HALVINGS = 60
_CLOSE = 1e-9


@dataclass(frozen=True)
class Family:
    """Shares of one whole that a study varies.

    Attributes
    ----------
    names
        Of the factors.
    lows, highs
        Their ranges.
    whole
        What they may sum to: 1 less the shares that are kept.
    exact
        Whether they must sum to it, or may leave a rest.
    """

    names: tuple[str, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    whole: float
    exact: bool

    @property
    def binds(self) -> bool:
        """Return whether drawn one by one they could sum to more than the whole."""
        return self.exact or math.fsum(self.highs) > self.whole + _CLOSE

    def drawn(self, unit: Floats) -> Floats:
        """Return shares for points of the unit cube.

        Parameters
        ----------
        unit
            ``[points, shares]``, from 0 to 1. Where the shares must sum to the whole the last column is not used.

        Returns
        -------
        Floats
            ``[points, shares]``; for uniform ``unit`` uniform over all sets of shares that are possible.
        """
        widths = np.subtract(self.highs, self.lows)
        left = np.full(unit.shape[0], self.whole - math.fsum(self.lows))
        out = np.empty_like(unit)
        last = unit.shape[1] - 1
        for i in range(unit.shape[1]):
            if self.exact and i == last:
                step = np.clip(left, 0.0, widths[i])
            else:
                step = _given_before(unit[:, i], left, float(widths[i]), widths[i + 1 :], self.exact)
            out[:, i] = self.lows[i] + step
            left = left - step
        return out


def families_of(factors: Sequence[Factor], parameters: Parameters, place: Place) -> list[Family]:
    """Return the families of shares among the factors that must be drawn together.

    Parameters
    ----------
    factors
        What is varied.
    parameters
        The values in use: those of a family that are not varied.
    place
        The study, for the error.

    Raises
    ------
    InputError
        When no set of shares in their ranges is possible.
    """
    by_name = {factor.name: factor for factor in factors}
    found = []
    problems = []
    for names, exact in _whole_families(parameters):
        varied = [name for name in names if name in by_name]
        if not varied:
            continue
        whole = 1.0 - math.fsum(parameters.value(name) for name in names if name not in by_name)
        family = Family(
            tuple(varied),
            tuple(by_name[name].low for name in varied),
            tuple(by_name[name].high for name in varied),
            whole,
            exact,
        )
        low, high = math.fsum(family.lows), math.fsum(family.highs)
        where = place.at(f"parameters.{varied[0]}")
        if exact and len(varied) < 2:
            problems.append(
                where.error(
                    "a share of a whole cannot change alone", accepted=f"another of {', '.join(names)} beside it"
                )
            )
        elif low > whole + _CLOSE or (exact and high < whole - _CLOSE):
            wanted = f"ranges in which they can sum to {'' if exact else 'at most '}{whole:g}: {', '.join(varied)}"
            problems.append(where.error(f"the shares sum to {low:g} at least, {high:g} at most", accepted=wanted))
        elif family.binds and any(by_name[name].values for name in varied):
            wanted = (
                f"a low and a high: {', '.join(varied)} could sum to more than {whole:g}, so they are drawn together"
            )
            problems.append(where.error("single values of shares that are drawn together", accepted=wanted))
        elif family.binds:
            found.append(family)
    raise_all(problems)
    return found


def _whole_families(parameters: Mapping[str, float]) -> list[tuple[tuple[str, ...], bool]]:
    """List the families of shares, and whether each must sum to 1."""
    families: list[tuple[tuple[str, ...], bool]] = [(names, False) for names in AT_MOST_ONE]
    for stem in SUM_TO_ONE:
        families.append((tuple(name for name in parameters if name.startswith(stem)), True))
    for stems in AT_MOST_ONE_BY_GROUP:
        groups = [name.removeprefix(stems[0]) for name in parameters if name.startswith(stems[0])]
        families += [(tuple(f"{stem}{group}" for stem in stems), False) for group in groups]
    return families


def _given_before(unit: Floats, left: Floats, width: float, others: Floats, exact: bool) -> Floats:
    """Return the share of one of a family, given what those before it left: the inverse of its distribution."""
    low = np.maximum(left - others.sum(), 0.0) if exact else np.zeros_like(left)
    high = np.minimum(width, left)
    low = np.minimum(low, high)
    below, above = _mass(left, low, others, exact), _mass(left, high, others, exact)
    target = below + unit * (above - below)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        under = _mass(left, middle, others, exact) < target
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2)


def _mass(left: Floats, share: Floats, others: Floats, exact: bool) -> Floats:
    """Return the volume, up to a constant of ``left``, of sets of which the first share is at most ``share``."""
    power = others.size if exact else others.size + 1
    return -_cut_box(left - share, others, power)


def _cut_box(total: Floats, widths: Floats, power: int) -> Floats:
    """Return the volume of a box below a sum (``power`` the number of its sides), or an integral of it."""
    out = np.zeros_like(total)
    for chosen in itertools.product((0, 1), repeat=widths.size):
        corner = float(np.dot(chosen, widths))
        out += (-1) ** sum(chosen) * np.maximum(total - corner, 0.0) ** power
    return out
