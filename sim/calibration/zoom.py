"""Where a later wave puts its points: drawn where the emulators say that the figures come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.emulator import Emulator, fit_emulator
from sim.calibration.targets import Target

Floats = NDArray[np.float64]
NOT_RULED_OUT: Final = 3.0
"""Implausibility up to which a candidate stays (Pukelsheim's rule of three standard deviations)."""
CHAINS: Final = 400
STEPS: Final = 80
MOVED: Final = 5
"""Factors that a step of a walk moves, on average."""
STRIDE: Final = 0.2
"""Standard deviation of a move, in parts of the range."""


@dataclass(frozen=True)
class Judge:
    """Emulators of the figures that are fitted.

    Attributes
    ----------
    emulators
        Figure and emulator; figures without any (all runs gave the same, or too few runs) judge nothing.
    """

    emulators: tuple[tuple[Target, Emulator], ...]

    @classmethod
    def of(cls, targets: Sequence[Target], unit: Floats, columns: Mapping[tuple[str, str, str], Floats]) -> Judge:
        """Fit an emulator of each figure to all runs so far, at points ``[runs, factors]``."""
        fitted = ((target, fit_emulator(unit, target.scaled(target.model(columns)))) for target in targets)
        return cls(tuple((target, emulator) for target, emulator in fitted if emulator is not None))

    @property
    def explained(self) -> dict[str, float]:
        """The share of the variance of each figure that its emulator explains where it was not fitted; by name."""
        return {target.name: emulator.explained for target, emulator in self.emulators}

    def implausible(self, places: Floats) -> Floats:
        """Return how far each point is off the worst figure, in standard deviations of tolerance and emulator."""
        worst = np.zeros(places.shape[0])
        for target, emulator in self.emulators:
            mean, deviation = emulator.predict(places)
            unsure = np.sqrt(1 + np.square(deviation / target.document.tolerance))
            np.maximum(worst, np.abs(target.deviation(mean)) / unsure, out=worst)
        return worst

    def misfit(self, places: Floats) -> Floats:
        """Return half the sum of squares over the figures, in standard deviations of tolerance and emulator."""
        half = np.zeros(places.shape[0])
        for target, emulator in self.emulators:
            unsure = 1 + np.square(emulator.noise / target.document.tolerance)
            half += 0.5 * np.square(target.deviation(emulator.mean(places))) / unsure
        return half


def walk(
    judge: Judge, places: Floats, free: NDArray[np.bool_], size: int, seed: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Return points drawn with the density that the emulators give them, by walks from the best candidates.

    Parameters
    ----------
    judge
        The emulators.
    places
        Candidates in the unit cube, ``[candidates, factors]``.
    free
        Which factors move, ``[factors]``; the others stay as they are in the candidate.
    size
        How many points; at most as many as there are candidates.
    seed
        Of the random numbers.

    Returns
    -------
    places
        ``[size, factors]``.
    start
        The candidate from which each set out, ``[size]``.
    """
    rng = np.random.default_rng(seed)
    start = np.argsort(judge.misfit(places), kind="stable")[: max(CHAINS, size)]
    start = rng.permutation(start)
    at = places[start].copy()
    now = judge.misfit(at)
    chance = min(1.0, MOVED / max(int(free.sum()), 1))
    for _ in range(STEPS):
        moves = rng.normal(scale=STRIDE, size=at.shape) * (rng.random(at.shape) < chance) * free
        there = reflected(at + moves)
        then = judge.misfit(there)
        accepted = np.log(rng.random(at.shape[0])) < now - then
        at[accepted], now[accepted] = there[accepted], then[accepted]
    return at[:size], start[:size]


def reflected(places: Floats) -> Floats:
    """Return places with what left the unit cube sent back from its wall."""
    inside: Floats = 1 - np.abs(1 - np.mod(places, 2))
    return inside
