"""Scenario and regime as a caller may give them: an object, a file or a name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.policies.regime import Regime
from sim.scenarios.scenario import Scenario


def scenario_of(scenario: Scenario | str | Path) -> Scenario:
    """Return a scenario that is given as an object, a file or the name of a shipped one."""
    return scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)


def regime_of(scenario: Scenario, regime: str | Regime, throughout: bool) -> Regime:
    """Return a regime that is given as an object or a name, with the readings of the scenario."""
    loaded = regime if isinstance(regime, Regime) else Regime.load(regime, scenario.readings)
    return from_the_first_day(loaded) if throughout else loaded


def from_the_first_day(regime: Regime) -> Regime:
    """Return a regime whose last text holds from the first day; the base text stays, to tell whom it makes differ."""
    always = regime.throughout()
    versions = {
        name: (regime.versions[name][0], *texts) if len(regime.versions[name]) > 1 else texts
        for name, texts in always.versions.items()
    }
    return replace(always, versions=versions)
