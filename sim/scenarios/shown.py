"""A scenario in one line and as a small table, for consoles and notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.files.html import small_table

if TYPE_CHECKING:
    from sim.scenarios.scenario import Scenario


def scenario_line(scenario: Scenario) -> str:
    """Return the scenario in one line."""
    under = f", under {', '.join(scenario.hypotheses)}" if scenario.hypotheses else ""
    period = f"{scenario.start} to {scenario.end}"
    return f"<Scenario {scenario.name}: {period}, regimes {', '.join(_regimes(scenario))}{under}>"


def scenario_html(scenario: Scenario) -> str:
    """Return the scenario as a small table in HTML."""
    document = scenario.document
    header, inflow = document.scenario, document.inflow
    rows = {
        "Period": f"{scenario.start} to {scenario.end}",
        "History": f"from {scenario.first_day}" if scenario.first_day < scenario.start else "",
        "Regimes": ", ".join(_regimes(scenario)),
        "Replicates": f"{header.replicates}, seed {header.seed}",
        "Inflow": f"{inflow.scale:g} times {inflow.level}",
        "Under": ", ".join(scenario.hypotheses),
        "External events": ", ".join(event.name for event in document.shock if event.on),
        "Programmes": ", ".join(programme.name for programme in document.programme if programme.on),
        "Other parameters": ", ".join(f"{k} = {v:g}" for k, v in document.parameters.items()),
    }
    return small_table(f"{scenario.name}: {scenario.title}", rows)


def _regimes(scenario: Scenario) -> list[str]:
    """Return the names of the regimes without folders."""
    from sim.policies.library import without_folder

    return [without_folder(regime) for regime in scenario.regimes]
