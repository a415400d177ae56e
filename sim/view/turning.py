"""Whether a disagreement on one number matters: where between two positions, or how far beyond them, the answer turns.

The same people and draws at every value; then once more on other people and draws, so that nobody takes the chance of
one draw for an answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

RUNS: Final = 10
"""Replicates at each value."""
HALVINGS: Final = 4
"""Steps towards the value at which the answer turns: a sixteenth of where it lies."""

Verdict = Literal["yes", "no", "unclear"]
Answer = tuple[float, int | None]
"""Mean paired difference at a value, and its sign; no sign where the runs show no direction."""
Ask = Callable[[float, int], Awaitable[Answer]]
"""Returns the answer at a value, in `RUNS` replicates from one on."""


@dataclass(frozen=True)
class Turning:
    """What the positions of a room on one number do to an answer.

    Attributes
    ----------
    answer
        Whether it turns between the lowest and the highest position.
    again
        The same on other people and draws.
    at
        The value at which it turns, between the positions or beyond them within the plausible range; None where it
        turns nowhere there, or the runs cannot tell.
    change
        The smallest change of a position to that value: of the lowest (upwards) or the highest where it lies between
        them, beyond them of the nearer.
    runs
        Replicates at each value.
    """

    answer: Verdict
    again: Verdict
    at: float | None
    change: float | None
    runs: int = RUNS

    def plain(self) -> dict[str, Any]:
        """Return it as numbers and texts."""
        return asdict(self)


async def turning(ask: Ask, positions: tuple[float, float], plausible: tuple[float, float]) -> Turning:
    """Return what two positions on a number do to an answer.

    Parameters
    ----------
    ask
        Returns the answer at a value.
    positions
        The lowest and the highest.
    plausible
        The range of the number.
    """
    lowest, highest = positions
    first = [await ask(value, 0) for value in positions]
    again = _verdict([(await ask(value, RUNS))[1] for value in positions])
    answer = _verdict([sign for _, sign in first])
    at = None
    if answer == "yes":
        at = await _between(ask, lowest, first[0][0], highest)
    elif answer == "no":
        at = await _beyond(ask, positions, first[0][0], plausible)
    change = None if at is None else min((at - lowest, at - highest), key=abs)
    return Turning(answer, again, at, change)


def _verdict(signs: list[int | None]) -> Verdict:
    if None in signs:
        return "unclear"
    return "no" if signs[0] == signs[1] else "yes"


async def _between(ask: Ask, one: float, mean: float, other: float) -> float:
    """Return where between two values the mean difference changes its sign, to a sixteenth of what lies between."""
    for _ in range(HALVINGS):
        middle = (one + other) / 2
        if (await ask(middle, 0))[0] * mean > 0:
            one = middle
        else:
            other = middle
    return (one + other) / 2


async def _beyond(
    ask: Ask, positions: tuple[float, float], mean: float, plausible: tuple[float, float]
) -> float | None:
    """Return the value nearest to a position, outside both, at which the answer turns; None where there is none."""
    found = []
    for position, end in zip(positions, plausible, strict=True):
        is_outside = end < position if position == positions[0] else end > position
        if is_outside and (await ask(end, 0))[0] * mean < 0:
            found.append((position, await _between(ask, position, mean, end)))
    return min(found, key=lambda pair: abs(pair[1] - pair[0]))[1] if found else None
