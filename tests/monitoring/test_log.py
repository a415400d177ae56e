"""The log of forecasts (`sim.monitoring.log`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_ensembles import made_ensembles

from sim.files.errors import InputError
from sim.monitoring.forecasts import Forecasts
from sim.monitoring.log import hash_of, logged_rows


def test_no_log_has_no_figures_and_a_broken_line_is_named(tmp_path: Path) -> None:
    forecasts = Forecasts.load(made_ensembles(tmp_path / "made"))
    assert logged_rows(tmp_path / "none.jsonl", forecasts) == []
    broken = tmp_path / "broken.jsonl"
    broken.write_text("[1, 2]\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        logged_rows(broken, forecasts)
    assert "line 1" in str(caught.value)


def test_a_hash_is_of_the_values(tmp_path: Path) -> None:
    one, same, other = (
        Forecasts.load(made_ensembles(tmp_path / str(i), seed=seed)) for i, seed in enumerate((1, 1, 2))
    )
    assert hash_of(one) == hash_of(same) != hash_of(other)
