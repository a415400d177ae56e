"""What it takes, as a share of the fitted sets (`sim.studies.reached`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from fitted_today import fitted_today

import sim
from sim.studies.crossing import Crossing, Search, Tried
from sim.studies.factors import Factor
from sim.studies.reached import share_of_sets
from sim.studies.study import Study

BY = "capacity.avim.report"


def study(scenario: str = "netherlands", **more: object) -> Study:
    return Study(
        scenario,
        ["vc_2018", "vc_2019_08"],
        design={"kind": "latin_hypercube", "points": 2},
        parameters={"report.base": [0.5, 2.5], **more},
        persons=400,
        replicates=5,
        measures=("reports",),
    )


def search(subject: str, *at: float, rises: bool = True) -> Search:
    """A search over 0 to 9 that found some values; none: the target is missed everywhere, least at 9."""
    tried = (Tried(0.0, -5.0, -6.0, -4.0), Tried(9.0, -1.0, -2.0, 0.0))
    crossings = tuple(Crossing(value, value, value, rises) for value in at)
    return Search(Factor(BY, 0.0, 9.0, 2.0, "per_working_day"), subject, 1.0, tried, crossings)


def test_sets_reach_what_they_reach_at_the_value_found(tmp_path: Path) -> None:
    folder = fitted_today(tmp_path / "sets")
    one = study()
    searches = [search("vc_2018", 0.001), search("vc_2019_08")]
    found = share_of_sets(one, searches, "reports", 1.0, "at_least", sets=2, folder=folder)
    assert found is not None
    assert [(x.subject, x.at, x.sets) for x in found] == [("vc_2018", 0.001, 2), ("vc_2019_08", 9.0, 2)]
    # Hardly any police: nobody is heard. Much: somebody is, in each set.
    assert [x.reached for x in found] == [0, 2]
    below = share_of_sets(one, searches, "reports", 0.0, "at_most", sets=2, folder=folder)
    assert below is not None
    assert [x.reached for x in below] == [2, 0]


@pytest.mark.parametrize("other", ["another country", "none asked"])
def test_sets_of_another_country_say_nothing(other: str, tmp_path: Path) -> None:
    scenario = "netherlands"
    if other == "another country":
        scenario = str(tmp_path / "mine.toml")
        Path(scenario).write_text('extends = "netherlands"\n[parameters]\n"report.base" = 2.0\n', encoding="utf-8")
    sets = 0 if other == "none asked" else 2
    assert share_of_sets(study(scenario), [search("vc_2018", 1.0)], "reports", 1.0, "at_least", sets=sets) is None


def test_a_set_that_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    bad = [search("vc_2018", -1.0)]
    with pytest.raises(sim.B8simError, match="a fitted set"):
        share_of_sets(study(), bad, "reports", 1.0, "at_least", sets=1, folder=fitted_today(tmp_path / "sets"))
