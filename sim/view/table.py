"""A card on the table of a room: its votes, hidden until the reveal, and what the model says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sim.outcomes.intervals import covering_interval, mean_interval
from sim.view.cards import CHOICES, Named

FEWEST_SHOWN: Final = 5
"""Voters from which a distribution is shown."""


@dataclass
class Vote:
    """One answer to a card, and how many per 1,000 the voter expects."""

    choice: str
    amount: float | None = None


@dataclass
class Round:
    """A card on the table.

    Attributes
    ----------
    number
        Counts the cards that were opened; a vote for an earlier round is refused.
    votes
        By the token of the member, which never leaves.
    hands
        Raised hands for each choice, counted by the host; None if they were not.
    ends
        When collecting ends, by the clock of the room; None without a limit.
    model
        What the model says, as far as it has come.
    """

    number: int
    card: Named
    votes: dict[str, Vote] = field(default_factory=dict)
    hands: list[int] | None = None
    ends: float | None = None
    revealed: bool = False
    model: dict[str, Any] | None = None

    @property
    def voters(self) -> int:
        """Number of answers, on devices and by hand."""
        return len(self.votes) + sum(self.hands or ())

    def counts(self) -> dict[str, int] | None:
        """Return the answers for each choice after the reveal; None before it, and with fewer voters than are shown."""
        if not self.revealed or self.voters < FEWEST_SHOWN:
            return None
        hands = self.hands or [0] * len(CHOICES)
        given = [vote.choice for vote in self.votes.values()]
        return {choice: given.count(choice) + raised for choice, raised in zip(CHOICES, hands, strict=True)}

    def amounts(self) -> list[float] | None:
        """Return the expected numbers in their order after the reveal, or None as for `counts`."""
        given = sorted(vote.amount for vote in self.votes.values() if vote.amount is not None)
        return given if self.revealed and len(given) >= FEWEST_SHOWN else None


def summary(name: str, answers: Mapping[int, tuple[float, float]], *, unit: str, people: float) -> dict[str, Any]:
    """Return what the model says of one measure, from the replicates that have come.

    Parameters
    ----------
    answers
        Number of the replicate to the level under the first and the last regime.
    unit
        Of the measure.
    people
        In the group, for numbers per 1,000.
    """
    pairs = np.array([answers[number] for number in sorted(answers)])
    differences = pairs[:, 1] - pairs[:, 0]
    found, level = covering_interval(differences[:, None], [unit], signed=True), mean_interval(pairs[:, 0])
    return {
        "measure": name,
        "unit": unit,
        "people": people,
        "runs": len(answers),
        "level": _or_none(level.mean),
        "difference": _or_none(found.mean[0]),
        "low": _or_none(found.low[0]),
        "high": _or_none(found.high[0]),
        "differences": [_or_none(value) for value in differences],
    }


def _or_none(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def choice_of(model: Mapping[str, Any], same_within: float) -> str | None:
    """Return which answer the model gives: ``fewer``, ``same``, ``more``; None where its runs show no direction.

    Parameters
    ----------
    model
        What `summary` returns.
    same_within
        Share of the level within which it is "about the same".
    """
    difference, low, high, level = (model[key] for key in ("difference", "low", "high", "level"))
    if difference is None or level is None:
        return None
    if abs(difference) <= same_within * abs(level):
        return "same"
    if low is None or low <= 0 <= high:
        return None
    return "more" if difference > 0 else "fewer"
