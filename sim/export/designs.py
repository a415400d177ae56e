"""What was varied to get results, in the descriptions of the model."""

from __future__ import annotations

from sim.export.calibrated import calibration_text
from sim.export.results import Results
from sim.export.studied import study_text


def design_text(results: Results) -> str:
    """Return what a study or a calibration varied, as Markdown; nothing of results of one set of assumptions."""
    if results.kind == "study":
        return study_text(results)
    return calibration_text(results) if results.kind == "calibration" else ""
