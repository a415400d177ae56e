"""The notebook of the manual runs from top to bottom, and carries no results of its own."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import sim

PROJECT = Path(__file__).resolve().parents[2]
NOTEBOOK = json.loads((PROJECT / "docs" / "studies.ipynb").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With threads of this process, so that no worker has to start."""
    monkeypatch.chdir(tmp_path)
    plain = sim.sweep
    pool = ThreadPoolExecutor(2)
    monkeypatch.setattr(sim, "sweep", lambda study, **how: plain(study, executor=pool, workers=2, **how))
    names: dict[str, Any] = {}
    for cell in NOTEBOOK["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    assert len(names["results"].points) == 24
    assert (names["table"]["value"] > 0).any()


def test_it_carries_no_results() -> None:
    for cell in NOTEBOOK["cells"]:
        assert cell["cell_type"] == "markdown" or (cell["outputs"] == [] and cell["execution_count"] is None)
