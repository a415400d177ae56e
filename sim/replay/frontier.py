"""Sets of configurations, none of which another one covers."""

from __future__ import annotations

from sim.policies.statute import Span
from sim.replay.config import Config
from sim.replay.rules import Rules

Days = tuple[tuple[str, Span], ...]


class Frontier:
    """Configurations, none of which another one covers.

    One covers another with the same steps if its days are as wide or wider, no step is assumed in it that is told in
    the other, and no more steps are denied. They are added in the order of what they ask for, the least first.

    Parameters
    ----------
    law
        The rules.
    matters
        The steps on whose days something depends.
    """

    def __init__(self, law: Rules, matters: frozenset[str]) -> None:
        self._by_steps: dict[object, _Rows] = {}
        self._law, self._steps = law, matters

    def add(self, config: Config, besides: object = None) -> bool:
        """Add a configuration; False when one that is there covers it, and has the same besides."""
        days = tuple((step, span) for step, span in config.days if self._matters(step, config))
        key, freedom = (_key(config, days), besides), _freedom(config, days)
        rows = self._by_steps.get(key)
        if rows is None:
            rows = self._by_steps[key] = _Rows()
        elif rows.covers(freedom, config.denied):
            return False
        rows.append(freedom, config.denied)
        return True

    def _matters(self, step: str, config: Config) -> bool:
        """Return whether the day of a step can still make a difference."""
        return step in self._steps and not self._law.is_past(step, config.step_on(self._law.track_of[step]))


def _key(config: Config, days: Days) -> object:
    """Return what two configurations must share for one to cover the other."""
    return (
        tuple(None if stand is None else (stand.step, stand.due is None) for stand in config.stands),
        config.outcomes,
        tuple(step for step, _ in days),
        tuple(first is None for first in config.firsts),
    )


def _freedom(config: Config, days: Days) -> tuple[int, ...]:
    """Return the numbers of a configuration; the smaller one is, the more is left open."""
    numbers = [-first for first in config.firsts if first is not None]
    for stand in config.stands:
        if stand is not None:
            numbers += (stand.seen, stand.entered.first, -stand.entered.last, stand.assumed)
            if stand.due is not None:
                numbers += (stand.due.first, -stand.due.last)
    for _, span in days:
        numbers += (span.first, -span.last)
    return tuple(numbers)


class _Rows:
    """Rows of numbers: one covers another if none of its numbers is larger, and it denies nothing more."""

    def __init__(self) -> None:
        self._rows: list[tuple[tuple[int, ...], frozenset[str]]] = []

    def covers(self, freedom: tuple[int, ...], denied: frozenset[str]) -> bool:
        """Return whether a row that is there covers these numbers."""
        return any(
            no_more <= denied and all(mine <= other for mine, other in zip(row, freedom, strict=True))
            for row, no_more in self._rows
        )

    def append(self, freedom: tuple[int, ...], denied: frozenset[str]) -> None:
        """Add a row; the last one is looked at first."""
        self._rows.insert(0, (freedom, denied))
