"""Which camps are weighed (`sim.monitoring.forecasts`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_ensembles import READINGS, made_ensembles

from sim.files.errors import InputError
from sim.monitoring.forecasts import Forecasts


def test_camps_that_reproduce_the_figures_are_weighed(tmp_path: Path) -> None:
    both = Forecasts.load(made_ensembles(tmp_path / "both"))
    assert (both.camps, both.unfitted, both.are_fitted, both.sets("first")) == (("first", "second"), (), True, 40)
    assert len(both.known) == len(READINGS)
    assert "nigerian_departures_2018" in both.fitted
    one = Forecasts.load(made_ensembles(tmp_path / "one", accepted={"first": False}))
    assert (one.camps, [left.camp for left in one.unfitted]) == (("second",), ["first"])
    assert one.title("second", "nl") == "De tweede"


def test_where_none_does_the_nearest_sets_are_weighed(tmp_path: Path) -> None:
    none = Forecasts.load(made_ensembles(tmp_path / "none", accepted={"first": False, "second": False}))
    assert (none.camps, none.are_fitted) == (("first", "second"), False)


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no fitted sets"):
        Forecasts.load(tmp_path)
