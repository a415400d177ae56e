"""The identity of a point follows from its content."""

from __future__ import annotations

from sim.studies.points import Point


def test_the_same_content_has_the_same_identity() -> None:
    one = Point({"report.base": 1.0, "capacity.avim.report": 2}, "H5", (("U1", "none"),))
    same = Point({"capacity.avim.report": 2.0, "report.base": 1}, "H5", (("U1", "none"),))
    assert one.id == same.id == "d61dd94bc538e7f4"


def test_other_content_has_another_identity() -> None:
    base = Point({"report.base": 1.0})
    others = [Point({"report.base": 1.0 + 1e-15}), Point({}), Point({"report.base": 1.0}, "H5"),
              Point({"report.base": 1.0}, "", (("U1", "none"),))]  # fmt: skip
    assert len({p.id for p in (base, *others)}) == 5


def test_capacities_and_parameters_go_to_their_tables() -> None:
    point = Point({"report.base": 1.0, "capacity.avim.report": 2.0}, readings=(("U1", "none"),))
    assert point.changes == {"capacity": {"avim.report": 2.0}, "parameters": {"report.base": 1.0}}
    assert point.readings_text == "U1=none"
    assert Point({}).changes == {}
