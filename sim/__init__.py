"""b8sim: how victims of trafficking move through Dublin, B8 and asylum, and what changes with the rules.

The names below are imported when they are first used, so that ``import sim`` itself costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.calibration.ensembles import ensembles
    from sim.calibration.folder import calibrate
    from sim.files.errors import B8simError, InputError, InputWarning
    from sim.model import PathwayModel
    from sim.policies.diff import diff
    from sim.policies.regime import Regime
    from sim.runs.compare import compare
    from sim.runs.session import Session
    from sim.runs.single import run
    from sim.scenarios.scenario import Scenario
    from sim.studies.results import Results
    from sim.studies.study import Study
    from sim.studies.sweep import sweep

    __version__: str

__all__ = [
    "B8simError",
    "InputError",
    "InputWarning",
    "PathwayModel",
    "Regime",
    "Results",
    "Scenario",
    "Session",
    "Study",
    "__version__",
    "calibrate",
    "compare",
    "diff",
    "ensembles",
    "run",
    "sweep",
]

_HOMES = {
    "B8simError": "sim.files.errors",
    "InputError": "sim.files.errors",
    "InputWarning": "sim.files.errors",
    "PathwayModel": "sim.model",
    "Regime": "sim.policies.regime",
    "Results": "sim.studies.results",
    "Scenario": "sim.scenarios.scenario",
    "Session": "sim.runs.session",
    "Study": "sim.studies.study",
    "calibrate": "sim.calibration.folder",
    "compare": "sim.runs.compare",
    "diff": "sim.policies.diff",
    "ensembles": "sim.calibration.ensembles",
    "run": "sim.runs.single",
    "sweep": "sim.studies.sweep",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name == "__version__":
        value: Any = _version()
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})


def _version() -> str:
    """Return the version of the installed distribution, or ``0+unknown`` if there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("b8sim")
    except PackageNotFoundError:
        return "0+unknown"
