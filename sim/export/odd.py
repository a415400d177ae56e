"""The model after ODD+D (Müller et al. 2013), in the order of the second update of ODD (Grimm et al. 2020)."""

from __future__ import annotations

from sim.export.designs import design_text
from sim.export.facts import (
    decisions_table,
    evidence_table,
    hazards_table,
    measures_text,
    observed_text,
    pools_table,
    readings_table,
    regimes_table,
    run_table,
    steps_table,
    tracks_table,
    traits_text,
    written,
)
from sim.export.results import Results


def odd_text(results: Results) -> str:
    """Return the description as Markdown: what is in the files is read from them, why is marked as written by hand."""
    parts = [
        "# ODD+D\n",
        "After Grimm et al. (2020), *JASSS* 23(2) 7, with the questions on human decisions of Müller et al. (2013).\n",
        "## 1. Purpose and patterns\n",
        written("purpose"),
        written("patterns"),
        observed_text(),
        "## 2. Entities, state variables and scales\n",
        tracks_table(results),
        traits_text(),
        pools_table(),
        written("scales"),
        "## 3. Process overview and scheduling\n",
        written("process"),
        "## 4. Design concepts\n",
        "### Basic principles\n",
        written("principles"),
        "### Emergence\n",
        written("emergence"),
        "### Adaptation: individual decision making\n",
        written("decision_making"),
        decisions_table(results),
        hazards_table(results),
        "### Objectives, learning, prediction\n",
        written("learning"),
        "### Sensing\n",
        written("sensing"),
        "### Interaction, collectives\n",
        written("interaction"),
        "### Heterogeneity\n",
        written("heterogeneity"),
        "### Stochasticity\n",
        written("stochasticity"),
        "### Observation\n",
        written("observation"),
        measures_text(results),
        "## 5. Initialisation\n",
        written("initialisation"),
        run_table(results),
        design_text(results),
        "## 6. Input data\n",
        "First applications by nationality and month and dated external events, from published sources, and dated "
        "capacities: `inputs/scenario.toml`.\n",
        "## 7. Submodels\n",
        "### Rules\n",
        regimes_table(results),
        "### Open legal questions\n",
        readings_table(results),
        "### Steps\n",
        steps_table(results),
        "### Parameters\n",
        evidence_table(results),
        _where_parameters_are(results),
    ]
    return "\n".join(parts)


def _where_parameters_are(results: Results) -> str:
    if "assumptions" in results.tables:
        return "Each with value, range, unit, grade, status and source: `tables/assumptions.csv`.\n"
    return (
        "Each with value, range, unit, grade, status and source: `sim/evidence/parameters.toml` of the version above.\n"
    )
