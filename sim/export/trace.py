"""The model after TRACE (Grimm et al. 2014): the evidence that it was thought through, tested and analysed."""

from __future__ import annotations

from sim.export.facts import (
    evidence_table,
    observed_text,
    readings_table,
    run_table,
    steps_of,
    table,
    written,
)
from sim.export.results import Results


def trace_text(results: Results) -> str:
    """Return the document as Markdown; what this folder has no evidence of is said."""
    parts = [
        "# TRACE\n",
        "After Grimm et al. (2014), *Ecological Modelling* 280, 129-139.\n",
        "## 1. Problem formulation\n",
        written("purpose"),
        "## 2. Model description\n",
        "`model/odd.md`.\n",
        "## 3. Data evaluation\n",
        evidence_table(results),
        _law_table(results),
        observed_text(),
        "## 4. Conceptual model evaluation\n",
        written("principles"),
        "Open legal questions, and the answers that these results rest on:\n",
        readings_table(results),
        "## 5. Implementation verification\n",
        "`make verify` of the version below: theory, randomness, spoilt files, law by worked cases. Its results are "
        "in `docs/verification.md` of that version, not in this folder.\n",
        "## 6. Model output verification\n",
        written("validity"),
        "## 7. Model analysis\n",
        _spread(results),
        "## 8. Model output corroboration\n",
        "This folder compares no output with data that were not used to build the model. The measures of the recorded "
        "world are those to compare with published figures.\n",
        "## What was run\n",
        run_table(results),
    ]
    return "\n".join(parts)


def _law_table(results: Results) -> str:
    """Return how many steps rest on a text that was read."""
    counts: dict[str, int] = {}
    for step in steps_of(results).values():
        counts[step.status] = counts.get(step.status, 0) + 1
    return table(("status of the law", "steps"), sorted(counts.items()))


def _spread(results: Results) -> str:
    """Return for how many measures of everyone the interval of the difference includes zero, reform by reform."""
    if results.kind == "study":
        return (
            "`tables/ranges.csv` has the range of each difference over the sets of assumptions of the study, "
            "`tables/point_differences.csv` the difference at each.\n"
        )
    if results.kind == "calibration":
        return (
            "`tables/camp_differences.csv` has the range of each difference over the sets that fit, camp by camp, "
            "`tables/figures.csv` what they give for each published figure.\n"
        )
    if results.kind != "comparison":
        return f"One {results.kind}: no differences.\n"
    rows = []
    shown = results.differences
    shown = shown[(shown["group"] == "all") & (shown["world"] == "simulated") & shown["low"].notna()]
    for reform in results.regimes[1:]:
        mine = shown[shown["reform"] == reform]
        same = ((mine["low"] == 0) & (mine["high"] == 0)).sum()
        zero = ((mine["low"] <= 0) & (mine["high"] >= 0)).sum() - same
        rows.append((f"`{reform}`", len(mine), int(zero), int(same)))
    head = ("reform", "measures with an interval", "of which includes zero", "of which the same in every replicate")
    return table(head, rows) + "\nSensitivity to the assumptions is not in this folder.\n"
