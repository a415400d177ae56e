"""A place in a file and its mistakes (`sim.files.place`)."""

from __future__ import annotations

from pathlib import Path

from sim.files.place import Place


def test_a_place_below_another() -> None:
    top = Place(Path("x.toml"), "")
    assert top.at("step").at("b8.report") == Place(Path("x.toml"), "step.b8.report")


def test_a_mistake_says_where_it_is() -> None:
    error = Place(Path("x.toml"), "inflow").at("scale").error("too small", value=-1, accepted="0 or more")
    assert str(error) == "x.toml: inflow.scale: too small\n  given: -1\n  accepted: 0 or more"
    assert str(Place(None, "regimes").error("missing")) == "regimes: missing"


def test_an_unknown_name_gets_the_nearest_also_of_those_that_are_not_listed() -> None:
    error = Place(None, "regime").unknown("regime", "R22", ["vc_2018", "vc_2019_08"], hidden=["R2"])
    assert error.problem == "unknown regime"
    assert error.nearest == "R2"
    assert "accepted: vc_2018, vc_2019_08" in str(error)
