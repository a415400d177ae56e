"""What was varied to get results, in the descriptions of the model."""

from __future__ import annotations

from sim.export.results import Results


def design_text(results: Results) -> str:
    """Return what a study or a calibration varied, as Markdown; nothing of results of one set of assumptions."""
    # What opens studies and calibrations loads the engine, which a comparison has no need of here.
    if results.kind == "study":
        from sim.export.studied import study_text

        return study_text(results)
    if results.kind == "calibration":
        from sim.export.calibrated import calibration_text

        return calibration_text(results)
    return ""
