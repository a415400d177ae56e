"""Emulators of known functions."""

from __future__ import annotations

import numpy as np

from sim.calibration.emulator import fit_emulator


def test_an_emulator_finds_a_known_function_and_says_how_sure_it_is() -> None:
    rng = np.random.default_rng(2)
    unit, there = rng.random((120, 5)), rng.random((200, 5))

    def truth(x: np.ndarray) -> np.ndarray:
        return 3 * x[:, 0] - 2 * x[:, 1] + np.sin(5 * x[:, 2])

    noise = 0.05
    emulator = fit_emulator(unit, truth(unit) + rng.normal(size=120) * noise)
    assert emulator is not None
    assert emulator.explained > 0.95
    mean, deviation = emulator.predict(there)
    off = np.abs(mean - truth(there)) / deviation
    assert np.sqrt(np.mean((mean - truth(there)) ** 2)) < 0.2
    assert (off < 3).mean() > 0.97


def test_no_emulator_of_a_constant_or_of_a_few_runs() -> None:
    unit = np.random.default_rng(3).random((30, 2))
    assert fit_emulator(unit, np.zeros(30)) is None
    assert fit_emulator(unit[:5], np.arange(5.0)) is None
