"""The data that the page of a scenario opens with: a comparison of its regimes, as `sim.report.core` describes it.

The shape of the document is at the head of `sim.report.core`; ``GET /data/core.json`` serves it as it is.
"""

from __future__ import annotations

import json
from os import PathLike
from typing import TYPE_CHECKING, Any

from sim.report.core import core_data

if TYPE_CHECKING:
    from sim.scenarios.scenario import Scenario


def core_of(scenario: Scenario | str | PathLike[str], **settings: Any) -> dict[str, Any]:
    """Compare the regimes of a scenario and return the data of the page.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    **settings
        As for `sim.compare`: ``regimes``, ``replicates``, ``seed``, ``throughout``, ``progress``, ``heed``, ``cancel``.

    Raises
    ------
    InputError
        When a name, file or number is not accepted.
    """
    from sim.runs.compare import compare

    return core_data(compare(scenario, **settings))


def as_json(core: dict[str, Any]) -> str:
    """Return the data of the page as JSON, the same text for the same comparison."""
    return json.dumps(core, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=False)
