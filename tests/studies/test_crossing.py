"""Where something crosses a bound: known functions, and what a capacity does to waits in a small world."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from small_studies import small_study

from sim.files.errors import B8simError, InputError
from sim.studies import crossing
from sim.studies.crossing import needed, turning
from sim.studies.points import Point
from sim.studies.runner import Result
from sim.studies.study import Study

NOISE = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[float], float]], Study]:
    """Put a known function of ``report.base`` in the place of the engine: the reform has it, the baseline 10."""

    def put(function: Callable[[float], float]) -> Study:
        class Known:
            def __init__(self, job: object) -> None: ...

            def run(self, point: Point) -> Result:
                at = point.values["report.base"]
                values = np.stack([np.full(5, 10.0), 10 + function(at) + NOISE], axis=1)
                return Result(point.id, values[:, :, None, None])

        monkeypatch.setattr(crossing, "Runner", Known)
        return small_study(design_points=1)

    return put


def test_a_sign_that_changes_is_found_with_the_width_that_cannot_be_told(
    known: Callable[[Callable[[float], float]], Study],
) -> None:
    (search,) = turning(known(lambda x: x - 1.7), "b8_granted", "report.base")
    (found,) = search.crossings
    assert found.at == pytest.approx(1.7, abs=0.01)
    assert found.rises
    half = 2.776 * NOISE.std(ddof=1) / np.sqrt(5)
    assert found.low == pytest.approx(1.7 - half, abs=0.26)
    assert found.high == pytest.approx(1.7 + half, abs=0.26)
    assert found.low < 1.7 - half / 2 < 1.7 + half / 2 < found.high
    assert search.subject == "vc_2019_08 less vc_2018"


def test_a_variant_is_chosen_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Point] = []

    class Asked:
        def __init__(self, job: object) -> None: ...

        def run(self, point: Point) -> Result:
            asked.append(point)
            return Result(point.id, np.ones((5, 2, 1, 1)))

    monkeypatch.setattr(crossing, "Runner", Asked)
    study = small_study(design_points=1, presets=("none", "H5"), readings={"U1": ("none", "ninety_days")})
    for variant in (None, "H5; U1=ninety_days"):
        turning(study, "b8_granted", "report.base", variant=variant)
    found = dict.fromkeys((point.presets, point.readings) for point in asked)
    assert list(found) == [("", (("U1", "none"),)), ("H5", (("U1", "ninety_days"),))]
    with pytest.raises(InputError, match="unknown variant of the study") as caught:
        needed(study, "b8_granted", "report.base", 3.0, "at_least", variant="H5")
    assert "H5; U1=none" in str(caught.value)


def test_all_crossings_are_found_and_none_where_there_is_none(
    known: Callable[[Callable[[float], float]], Study],
) -> None:
    (search,) = turning(known(lambda x: (x - 1.0) * (x - 2.0)), "b8_granted", "report.base")
    assert [c.at for c in search.crossings] == pytest.approx([1.0, 2.0], abs=0.01)
    assert [c.rises for c in search.crossings] == [False, True]
    (search,) = turning(known(lambda x: 1.0), "b8_granted", "report.base")
    assert search.crossings == ()


def test_what_is_needed_is_the_value_that_reaches_the_target(
    known: Callable[[Callable[[float], float]], Study],
) -> None:
    old, new = needed(known(lambda x: -4 * x), "b8_granted", "report.base", 4.0, "at_most")
    assert old.crossings == ()
    assert old.tried[0].mean < 0, "never reached"
    (found,) = new.crossings
    assert found.at == pytest.approx(1.5, abs=0.01)
    assert found.rises
    assert 10 - 4 * found.at <= 4.0, "the target is met there"
    _, new = needed(known(lambda x: 4 * x), "b8_granted", "report.base", 16.0, "at_least")
    assert new.crossings[0].at == pytest.approx(1.5, abs=0.01)


def test_a_larger_range_can_be_asked(known: Callable[[Callable[[float], float]], Study]) -> None:
    study = known(lambda x: x - 3.5)
    assert turning(study, "b8_granted", "report.base")[0].crossings == ()
    (search,) = turning(study, "b8_granted", "report.base", high=5.0)
    assert search.crossings[0].at == pytest.approx(3.5, abs=0.02)
    assert search.factor.low == 0.5


def test_more_police_shortens_the_wait_to_report() -> None:
    study = small_study(design_points=1, persons=1500, measures=("report_wait_days",))
    by = "capacity.avim.report"
    searches = needed(study, "report_wait_days", by, 20.0, "at_most", low=0.3, high=6.0)
    for search in searches:
        waits = [20 - t.mean for t in search.tried]
        assert waits[0] > 2 * waits[-1]
        assert search.crossings
        assert 0.3 < search.crossings[0].at < 6.0


def test_a_point_that_fails_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("here")

    monkeypatch.setattr("sim.studies.runner.values_by_regime", broken)
    with pytest.raises(B8simError, match=r"report.base = 0.5: ZeroDivisionError"):
        turning(small_study(design_points=1), "b8_granted", "report.base")


def test_mistakes_are_told_before_anything_runs() -> None:
    study = small_study(design_points=1)
    for by, said in (("report.bass", "nearest: report.base"), ("capacity.avim.reports", "nearest: avim.report")):
        with pytest.raises(InputError, match=said):
            turning(study, "b8_granted", by)
    with pytest.raises(InputError, match="nearest: b8_granted"):
        turning(study, "b8_grant", "report.base")
    with pytest.raises(InputError, match="upside down"):
        turning(study, "b8_granted", "report.base", low=2.0, high=1.0)
    with pytest.raises(InputError, match="group among those of the study"):
        turning(study, "b8_granted", "report.base", group="dublin")
    with pytest.raises(InputError, match="no study for publication searches over it"):
        turning(study, "b8_granted", "tactics.coaches_per_year")
