"""Sets of configurations, none of which another one covers."""

from __future__ import annotations

from sim.replay.config import Config


class Frontier:
    """Configurations, none of which another one covers: the same steps, and days as wide or wider."""

    def __init__(self) -> None:
        self._by_steps: dict[object, _Rows] = {}

    def add(self, config: Config, besides: object = None) -> bool:
        """Add a configuration; False when one that is there covers it, and has the same besides."""
        key, freedom = (_key(config), besides), _freedom(config)
        rows = self._by_steps.get(key)
        if rows is None:
            rows = self._by_steps[key] = _Rows()
        elif rows.covers(freedom):
            return False
        rows.append(freedom)
        return True


def _key(config: Config) -> object:
    """Return what two configurations must share for one to cover the other."""
    return (
        tuple(None if stand is None else (stand.step, stand.due is None, stand.assumed) for stand in config.stands),
        config.outcomes,
        config.denied,
        tuple(step for step, _ in config.days),
        tuple(first is None for first in config.firsts),
    )


def _freedom(config: Config) -> tuple[int, ...]:
    """Return the numbers of a configuration; the smaller one is, the more is left open."""
    numbers = [-first for first in config.firsts if first is not None]
    for stand in config.stands:
        if stand is not None:
            numbers += (stand.seen, stand.entered.first, -stand.entered.last)
            if stand.due is not None:
                numbers += (stand.due.first, -stand.due.last)
    for _, span in config.days:
        numbers += (span.first, -span.last)
    return tuple(numbers)


class _Rows:
    """Rows of numbers: one covers another if none of its numbers is larger."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, ...]] = []

    def covers(self, freedom: tuple[int, ...]) -> bool:
        """Say whether a row that is there covers these numbers."""
        return any(all(mine <= other for mine, other in zip(row, freedom, strict=True)) for row in self._rows)

    def append(self, freedom: tuple[int, ...]) -> None:
        """Add a row; the last one is looked at first."""
        self._rows.insert(0, freedom)
