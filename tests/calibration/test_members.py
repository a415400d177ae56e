"""Fitted sets as points of a study (`sim.calibration.members`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_ensembles import made_ensembles

from sim.calibration.ensembles import ensembles
from sim.calibration.members import Members
from sim.files.errors import InputError


def test_members_are_spread_over_each_camp_and_become_points(tmp_path: Path) -> None:
    found = ensembles(made_ensembles(tmp_path / "made"))
    members = Members.of(found, 3)
    assert members.camps == ("first",) * 3 + ("second",) * 3
    column = [row[members.names.index("report.base")] for row in members.values]
    assert column[:3] == [float(found["first"].assumptions["report.base"].iloc[i]) for i in (0, 20, 39)]
    study = members.study(
        tmp_path / "points.csv",
        ["vc_2018", "vc_2019_08"],
        title="Members",
        persons=300,
        measures=("reports",),
        readings={"U7": ("report_date", "wish_date")},
    )
    order = members.order(study)
    assert [len(points) for points in order.values()] == [6, 6]
    values = {point.id: point.values["report.base"] for _, _, point in study.design}
    assert [values[point] for point in next(iter(order.values()))] == pytest.approx(column)


def test_an_assumption_can_be_set_in_all_of_them(tmp_path: Path) -> None:
    members = Members.of(ensembles(made_ensembles(tmp_path / "made")), 2).replaced({"report.base": 1.0, "unknown": 2.0})
    assert {row[members.names.index("report.base")] for row in members.values} == {1.0}
    assert "unknown" not in members.names


def test_no_sets_are_refused() -> None:
    with pytest.raises(InputError, match="no fitted sets"):
        Members.of({}, 3)
