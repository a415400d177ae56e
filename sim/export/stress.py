"""The model after STRESS-ABS (Monks et al. 2019): what another team needs to make the results again."""

from __future__ import annotations

from sim.export.designs import design_text
from sim.export.facts import (
    evidence_table,
    measures_text,
    observed_text,
    pools_table,
    regimes_table,
    run_table,
    tracks_table,
    traits_text,
    written,
)
from sim.export.results import Results


def stress_text(results: Results) -> str:
    """Return the checklist with its answers as Markdown."""
    names = ", ".join(f"`{name}`" for name in results.regimes)
    replicates = results.receipt.get("replicates", 1)
    parts = [
        "# STRESS-ABS\n",
        "After Monks et al. (2019), *Journal of Simulation* 13(1) 55-67.\n",
        "## 1. Objectives\n",
        "### 1.1 Purpose of the model\n",
        written("purpose"),
        "### 1.2 Model outputs\n",
        measures_text(results),
        "### 1.3 Experimentation aims\n",
        f"The same synthetic people under {names}, where the first is the baseline.\n",
        "## 2. Logic\n",
        "### 2.1 Base model overview\n",
        tracks_table(results),
        "### 2.2 Base model logic\n",
        written("process"),
        "### 2.3 Scenario logic\n",
        regimes_table(results),
        "### 2.4 Algorithms\n",
        written("principles"),
        "### 2.5 Components\n",
        traits_text(),
        pools_table(),
        written("interaction"),
        "## 3. Data\n",
        "### 3.1 Data sources\n",
        f"{observed_text()}Sources: `model/sources.bib`.\n",
        "### 3.2 Input parameters\n",
        evidence_table(results),
        "### 3.3 Preprocessing\n",
        "None outside the program; monthly inflow is shared out over days by running sums.\n",
        "### 3.4 Assumptions\n",
        written("validity"),
        "## 4. Experimentation\n",
        "### 4.1 Initialisation\n",
        written("initialisation"),
        "### 4.2 Run length\n",
        f"{results.receipt['period']}. {_warm_up(results)}\n",
        "### 4.3 Estimation approach\n",
        design_text(results),
        f"{replicates} replicate{'' if replicates == 1 else 's'}, paired between regimes; 95% t-intervals of means "
        "over replicates.\n",
        "## 5. Implementation\n",
        "### 5.1 Software\n",
        run_table(results),
        "### 5.2 Random sampling\n",
        written("stochasticity"),
        "### 5.3 Model execution\n",
        "`b8sim reproduce` of this folder runs it again and compares every file.\n",
        "### 5.4 System specification\n",
        "The numbers do not depend on the machine or the number of processors; time and memory do.\n",
        "## 6. Code access\n",
        "b8sim, Apache-2.0; its version and the hash of its sources are above.\n",
    ]
    return "\n".join(parts)


def _warm_up(results: Results) -> str:
    """Return what came before the measured period, in a sentence."""
    first = results.receipt.get("history_from", "none")
    if first == "none":
        return "No warm-up is cut off."
    return (
        f"Before it the simulation runs from {first}, so that queues and stocks are there; only the period is measured."
    )
