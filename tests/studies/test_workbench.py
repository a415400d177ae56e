"""The adapter for the EMA workbench (sim.studies.workbench)."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from small_studies import in_threads, small_study

from sim.files.errors import InputError
from sim.studies.results import Results
from sim.studies.workbench import identifier, outcome_names, workbench_model, workbench_results


def test_results_are_experiments_and_outcomes(tmp_path: Path) -> None:
    in_threads(small_study(), tmp_path / "out")
    experiments, outcomes = workbench_results(Results(tmp_path / "out"), "wish_to_report")
    assert list(experiments.columns) == ["report_base", "leaves_transfer_per_year"]
    assert outcomes["wish_to_report"].shape == (4,)
    assert identifier("capacity.avim.report") == "capacity_avim_report"


@pytest.mark.slow
def test_our_model_is_one_of_the_workbench() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbench = pytest.importorskip("ema_workbench")
        study = small_study()
        model = workbench_model(study)
        experiments, outcomes = workbench.perform_experiments(model, scenarios=3)
    assert set(outcomes) == set(outcome_names(study))
    assert experiments["report_base"].between(0.5, 2.5).all()
    point = {name: float(experiments[identifier(name)][0]) for name in ("report.base", "leaves.transfer_per_year")}
    import sim

    scenario = study.asked.scenario.replace(parameters=point)
    table = sim.compare(scenario, study.regimes, replicates=2, workers=1).differences
    row = table.query("measure == 'b8_granted' and group == 'all' and world == 'simulated'")
    assert outcomes["b8_granted"][0] == pytest.approx(row["difference"].item())
    assert np.isfinite(outcomes["wish_to_report"]).all()


def test_without_the_workbench_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(InputError, match="needs the EMA workbench") as error:
        workbench_model(small_study())
    assert "b8sim[ema]" in str(error.value)
