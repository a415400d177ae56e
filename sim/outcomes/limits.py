"""Figures that a capacity sets: in a year in which a pool worked at its capacity throughout.

Then as many cases went through the pool as its capacity says, whatever happened before it. What counts entries into a
step right after it, in the order of the law, follows from an assumed number and is no result of the rest of the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.layout import OFFERED, USED
from sim.outcomes.measures import Measure
from sim.policies.statute import Statute

Floats = NDArray[np.float64]

FULL: Final = 0.99
"""Share of a year's capacity from which on it was used throughout: the queue was empty on hardly any working day."""
ONE_CASE: Final = 1.0
COUNTED: Final = ("persons", "entries", "networks")
"""Kinds of measures that count how many reached a step."""


class Limit(NamedTuple):
    """A figure that a capacity sets.

    Attributes
    ----------
    measure, regime, pool
        Their names.
    years
        In which the pool worked at its capacity throughout, in more than half of the replicates.
    used
        Share of the capacity of these years that was used, the mean over replicates.
    whole
        Whether every step that the measure counts comes after the pool; if not, the capacity sets a part of the figure.
    """

    measure: str
    regime: str
    pool: str
    years: tuple[int, ...]
    used: float
    whole: bool

    def as_data(self) -> dict[str, Any]:
        """Return it as it is in a receipt: names, numbers and lists."""
        return {**self._asdict(), "years": list(self.years)}


def said(
    found: Sequence[Limit], measures: Mapping[str, str], pools: Mapping[str, str], language: str = "en"
) -> list[str]:
    """Return in words, a sentence for each pool and its years, which figures its capacity sets.

    Parameters
    ----------
    measures
        The titles of the measures that are told, by name; others are left out.
    pools
        The titles of the pools, by name.
    language
        ``en`` or ``nl``.
    """
    told: dict[tuple[str, tuple[int, ...], tuple[tuple[str, bool], ...]], list[str]] = {}
    for pool, regime in dict.fromkeys((limit.pool, limit.regime) for limit in found):
        mine = [limit for limit in found if (limit.pool, limit.regime) == (pool, regime) and limit.measure in measures]
        for years in dict.fromkeys(limit.years for limit in mine):
            of_years = tuple((measures[m.measure], m.whole) for m in mine if m.years == years)
            told.setdefault((pool, years, of_years), []).append(regime)
    return [_sentence(pools[key[0]], key[1], key[2], regimes, language) for key, regimes in told.items()]


def _sentence(
    pool: str, years: Sequence[int], measures: Sequence[tuple[str, bool]], regimes: Sequence[str], language: str
) -> str:
    words = WORDS[language]
    whole, part = ("; ".join(title for title, is_whole in measures if is_whole is wanted) for wanted in (True, False))
    sets = "; ".join(filter(None, (whole, part and f"{words['part']}: {part}")))
    when = f" {words['and']} ".join(filter(None, (", ".join(map(str, years[:-1])), str(years[-1]))))
    return words["full"].format(pool=pool, years=when, regimes=", ".join(regimes), sets=sets)


WORDS: Final = {
    "en": {
        "full": "{pool}: at the assumed capacity throughout {years}, under {regimes}. From that number follow: {sets}",
        "part": "in part",
        "and": "and",
    },
    "nl": {
        "full": "{pool}: in {years} steeds aan de aangenomen capaciteit, onder {regimes}. Uit dat getal volgen: {sets}",
        "part": "deels",
        "and": "en",
    },
}
"""What is said, in each language; neutral about what would be with another capacity."""


def used_by_year(sums: Sequence[Floats]) -> Floats:
    """Return what was used and what was offered of each pool in each year, ``[years, pools, 2]``.

    Parameters
    ----------
    sums
        What the engine had summed on the last evening of each year, ``[pools, POOL_SUMS]`` each.
    """
    totals = np.stack(sums)[:, :, [USED, OFFERED]]
    return np.diff(totals, axis=0, prepend=0.0)


def limits(
    statute: Statute,
    measures: Mapping[str, Measure],
    regime: str,
    used: Floats,
    pools: Sequence[str],
    years: Sequence[int],
) -> Iterator[Limit]:
    """Yield the figures that a capacity sets under one regime, in the order of the measures.

    Parameters
    ----------
    used
        Of ``used_by_year`` in each replicate, ``[replicates, years, pools, 2]``.
    pools
        Names along the third axis.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(used[..., 1] > 0, used[..., 0] / used[..., 1], 0.0)
    # Where few cases a year are possible, the last of them may begin after the turn of the year.
    left = used[..., 1] - used[..., 0] < np.maximum((1.0 - FULL) * used[..., 1], ONE_CASE)
    full = (left & (used[..., 0] > ONE_CASE)).mean(axis=0) > 0.5  # [years, pools]
    if not full.any():
        return
    before = _before(statute)
    for name, measure in measures.items():
        if measure.kind not in COUNTED or measure.then:
            continue
        found = [_setting(measure, before, pools, full[y]) for y in range(len(years))]
        for number, pool in enumerate(pools):
            at = [y for y in range(len(years)) if any(pool in of_step for of_step in found[y])]
            if at:
                whole = all(found[y] and all(found[y]) for y in at)
                mean = min(float(share[:, at, number].mean()), 1.0)
                yield Limit(name, regime, pool, tuple(years[y] for y in at), mean, whole)


def _setting(
    measure: Measure, before: Mapping[str, frozenset[tuple[str, str]]], pools: Sequence[str], full: NDArray[np.bool_]
) -> list[frozenset[str]]:
    """Return for each step of a measure the nearest pools at their capacity through which people come to it."""
    busy = frozenset(pool for pool, is_full in zip(pools, full, strict=True) if is_full)

    @cache
    def found(step: str) -> frozenset[str]:
        seen, at_hand, nearest = {step}, [step], set()
        while at_hand:
            for earlier, pool in before.get(at_hand.pop(), frozenset()):
                if pool in busy:
                    nearest.add(pool)
                elif earlier not in seen:
                    seen.add(earlier)
                    at_hand.append(earlier)
        return frozenset(nearest)

    return [found(step) for step in measure.steps if step in before]


def _before(statute: Statute) -> dict[str, frozenset[tuple[str, str]]]:
    """Return for each step the steps from which a branch leads to it, each with its pool or an empty text."""
    leading: dict[str, set[tuple[str, str]]] = {}
    for step in statute.steps:
        for text in statute.texts(step):
            for branch in text.step.next:
                leading.setdefault(branch.to, set()).add((step, text.step.by or ""))
    return {step: frozenset(found) for step, found in leading.items()}
