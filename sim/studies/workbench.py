"""Our model as one of the EMA workbench, and our results as its experiments and outcomes.

The workbench (BSD) is no part of a plain install: it requires Platypus, which is under the GPL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.files.errors import B8simError, InputError
from sim.studies.points import Point
from sim.studies.results import Results
from sim.studies.runner import Job, packed, run_points
from sim.studies.sample import Floats, means, sample_of
from sim.studies.study import Study

if TYPE_CHECKING:
    import pandas as pd


def identifier(name: str) -> str:
    """Return a name as the workbench takes it: ``report.base`` is ``report_base``."""
    return name.replace(".", "_")


def workbench_model(study: Study, name: str = "b8sim") -> Any:
    """Return a study as a ``Model`` of the EMA workbench.

    Its uncertainties are the factors; its outcomes the mean paired difference of each measure, for the first group and
    the first reform: a point is run on the same people under both regimes.

    Parameters
    ----------
    study
        The study; its design is left to the workbench.
    name
        Letters and digits.

    Raises
    ------
    InputError
        When the workbench is not installed, or the study has no second regime.
    """
    try:
        from ema_workbench import CategoricalParameter, IntegerParameter, Model, RealParameter, ScalarOutcome
    except ImportError:
        raise InputError("needs the EMA workbench", accepted="pip install 'b8sim[ema]'") from None
    if len(study.regimes) < 2:
        raise InputError("a difference needs two regimes", file=study.file, key="study.regimes")
    model = Model(name, function=_Function(study))
    uncertainties = []
    for factor in study.factors:
        if factor.values:
            uncertainties.append(CategoricalParameter(identifier(factor.name), list(factor.values)))
        else:
            kind = IntegerParameter if factor.whole else RealParameter
            bounds = (int(factor.low), int(factor.high)) if factor.whole else (factor.low, factor.high)
            uncertainties.append(kind(identifier(factor.name), *bounds))
    model.uncertainties = uncertainties
    model.outcomes = [ScalarOutcome(identifier(measure)) for measure in outcome_names(study)]
    return model


def outcome_names(study: Study) -> list[str]:
    """Return the names of the outcomes: the measures of the simulated world."""
    return [label.name for label in study.readings.labels if label.world == "simulated"]


def workbench_results(results: Results, measure: str, **which: Any) -> tuple[pd.DataFrame, dict[str, NDArray[Any]]]:
    """Return experiments and outcomes, as the workbench's PRIM, CART and feature scoring take them.

    Parameters
    ----------
    results
        What came of the study.
    measure
        The measure whose mean paired difference is the outcome.
    **which
        ``reform``, ``world``, ``group``, ``variant`` as for `sample_of`.
    """
    import pandas as pd

    sample = sample_of(results, measure, **which).known()
    experiments = pd.DataFrame(sample.values, columns=[identifier(name) for name in sample.factors])
    return experiments, {identifier(measure): sample.mean}


class _Function:
    """One experiment of the workbench; it can be pickled, and keeps its people where it is."""

    def __init__(self, study: Study) -> None:
        self.job = packed(Job.of(study))
        self.names = {identifier(factor.name): factor.name for factor in study.factors}
        self.variant = next(iter(study.variants))
        labels = study.readings.labels
        self.rows = {identifier(n): next(i for i, x in enumerate(labels) if x.name == n) for n in outcome_names(study)}

    def __call__(self, **factors: float) -> dict[str, float]:
        values = {self.names[key]: float(value) for key, value in factors.items()}
        (result,) = run_points(self.job, (Point(values, *self.variant),))
        if result.error:
            raise B8simError(result.error)
        return {name: _mean(result.values[:, 1, i, 0] - result.values[:, 0, i, 0]) for name, i in self.rows.items()}


def _mean(difference: Floats) -> float:
    return float(means(np.asarray(difference)[None, :])[0])
