"""What an analysis looks at: the paired difference row by row, and intervals over points and replicates."""

from __future__ import annotations

import numpy as np
import pytest
from made_samples import made
from small_studies import in_threads, small_study

from sim.files.errors import InputError
from sim.studies.results import Results
from sim.studies.sample import bootstrapped, means, sample_of, variants_of


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    out = tmp_path_factory.mktemp("sample") / "out"
    in_threads(small_study("morris", design_points=3, presets=("none", "H5"), groups=("all", "dublin")), out)
    return Results(out)


def test_every_row_of_the_design_has_the_difference_of_its_point(results: Results) -> None:
    sample = sample_of(results, "wish_to_report", group="dublin")
    rows = results.design[results.design["presets"] == "none"]
    table = results.differences.query("measure == 'wish_to_report' and group == 'dublin'").set_index("point")
    assert np.allclose(sample.mean, table.loc[rows["point"], "difference"])
    assert sample.unit.shape == (9, 2)
    assert sample.title == "wish_to_report, dublin: vc_2019_08 less vc_2018"


def test_variants_are_apart(results: Results) -> None:
    assert variants_of(results) == ["as it is", "H5"]
    one, other = (sample_of(results, "wish_to_report", variant=v) for v in ("as it is", "H5"))
    assert np.array_equal(one.values, other.values)
    assert not np.array_equal(one.difference, other.difference)
    with pytest.raises(InputError, match="no such variant"):
        sample_of(results, "wish_to_report", variant="H6")


def test_a_row_without_a_difference_takes_its_group_with_it() -> None:
    sample = made(np.random.default_rng(1).random((6, 2)), lambda u: u[:, 0])
    sample.difference[4] = np.nan
    sample.difference[0, 1:] = np.nan
    assert len(sample.known().moved) == 5
    assert len(sample.known(3).moved) == 3
    assert means(sample.difference)[0] == sample.difference[0, 0]
    assert np.isnan(means(sample.difference)[4])


@pytest.mark.parametrize("truth", [0.5])
def test_intervals_cover_what_is_known_as_often_as_they_say(truth: float) -> None:
    covered = 0
    for seed in range(60):
        sample = made(np.random.default_rng(seed).random((60, 1)), lambda u: u[:, 0])
        value, low, high = bootstrapped(sample, lambda s: np.array([s.mean.mean()]), resamples=200)
        assert low[0] <= value[0] <= high[0]
        covered += bool(low[0] <= truth <= high[0])
    assert covered >= 52


def test_noise_between_replicates_widens_the_interval() -> None:
    unit = np.random.default_rng(1).random((60, 1))
    widths = []
    for noise in (0.0, 3.0):
        sample = made(unit, lambda u: 0 * u[:, 0], 0.0)
        sample.difference[:] += noise * np.array([1.0, -1.0, 0.5, -0.5])  # the same at every point: people, not points
        _, low, high = bootstrapped(sample, lambda s: np.array([s.mean.mean()]))
        widths.append(high[0] - low[0])
    assert widths[0] == 0
    assert widths[1] > 1
