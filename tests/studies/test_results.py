"""What came of a study, as tables; and the store read by other programs, without this package."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_studies import in_threads, small_study

import sim
from sim.files.errors import InputError
from sim.studies.results import Results
from sim.studies.store import Store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("results") / "out"
    in_threads(
        small_study(groups=("all", "dublin"), measures=("wish_to_report", "left_unknown"), design_points=(3, 2)), out
    )
    return out


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return Results(folder)


def test_the_tables_are_tidy(results: Results) -> None:
    assert len(results.points) == 5
    labels = len(results.study.readings.labels)
    assert len(results.readings) == 5 * 2 * labels * 2 * 2
    assert list(results.long.columns) == [*results.readings.columns, *results.points.columns[1:]]
    assert len(results.wide) == 5 * 2 * 2
    assert {"wish_to_report", "wish_to_report dublin", "left_unknown recorded", "report.base"} <= set(
        results.wide.columns
    )
    assert (results.receipts["status"] == "done").all()
    assert repr(results) == "<Results A study: 5 of 5 points>"


def test_wide_and_long_say_the_same(results: Results) -> None:
    row = results.wide.iloc[7]
    found = results.long.query(
        "point == @row.point and regime == @row.regime and replicate == @row.replicate and measure == 'left_unknown' "
        "and world == 'recorded' and group == 'dublin'"
    )
    assert found["value"].item() == row["left_unknown recorded dublin"]
    assert found["report.base"].item() == row["report.base"]


def test_differences_are_those_of_a_comparison(results: Results) -> None:
    study = results.study
    _, point = study.points[2]
    compared = sim.compare(study.scenario_at(point), study.regimes, replicates=2, workers=1).differences
    ours = results.differences.set_index(["point", "measure", "world", "group"]).loc[point.id]
    theirs = compared.set_index(["measure", "world", "group"]).loc[ours.index]
    for column in ("difference", "low", "high"):
        assert np.allclose(ours[column], theirs[column], equal_nan=True)
    assert (ours["replicates"] == 2).all()
    assert ours["difference"].abs().max() > 0


def test_one_measure_can_be_taken_out(results: Results) -> None:
    sample = results.sample("wish_to_report", group="dublin")
    assert len(sample) == 10
    mean = sample.groupby("point")["difference"].mean()
    table = results.differences.query("measure == 'wish_to_report' and group == 'dublin'").set_index("point")
    assert np.allclose(mean.sort_index(), table["difference"].sort_index())
    with pytest.raises(InputError, match="nearest: wish_to_report"):
        results.sample("wish_to_reprt")
    with pytest.raises(InputError, match="reform among those of the study"):
        results.sample("wish_to_report", "vc_2018")


def test_a_spoilt_part_is_not_read(tmp_path: Path) -> None:
    in_threads(small_study(design_points=1), tmp_path / "out")
    store = Store.look(tmp_path / "out")
    file = store.file("readings", store.parts[0].name)
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(InputError, match="spoilt or gone") as error:
        Results(tmp_path / "out")
    assert "b8sim sweep resume" in str(error.value)
    with pytest.raises(InputError, match="nothing is finished"):
        len(Results(tmp_path / "out", sound_only=True).readings)


# ---- other programs ----

EXPECTED = ("wish_to_report", "vc_2019_08", "all")


def expected(results: Results) -> float:
    rows = results.readings.query("measure == 'wish_to_report' and regime == 'vc_2019_08' and group == 'all'")
    return float(rows["value"].mean())


MANUAL = Path(__file__).resolve().parents[2] / "docs" / "studies.md"


@pytest.fixture
def as_in_the_manual(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put the store where the manual has it; return the manual with a measure that the store has."""
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "study").symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    return MANUAL.read_text(encoding="utf-8").replace("reports", EXPECTED[0]).replace("'vc_2018'", f"'{EXPECTED[1]}'")


def test_duckdb_reads_the_store_as_the_manual_says(as_in_the_manual: str, results: Results) -> None:
    duckdb = pytest.importorskip("duckdb")
    (query,) = re.findall(r"`(select [^`]+)`", as_in_the_manual)
    rows = duckdb.connect().execute(query).fetchall()
    table = results.long.query(f"measure == '{EXPECTED[0]}' and regime == '{EXPECTED[1]}'")
    assert dict(rows) == pytest.approx(table.groupby("report.base")["value"].mean().to_dict())


def test_polars_reads_the_store_as_the_manual_says(as_in_the_manual: str, results: Results) -> None:
    pl = pytest.importorskip("polars")
    (query,) = re.findall(r"`(pl\.scan_parquet[^`]+)`", as_in_the_manual)
    rows = eval(query.replace('"vc_2018"', f'"{EXPECTED[1]}"'), {"pl": pl}).filter(group=EXPECTED[2])
    assert rows["value"].mean() == pytest.approx(expected(results))


def test_pandas_reads_the_store(folder: Path, results: Results) -> None:
    table = pd.read_parquet(folder / "readings").merge(pd.read_parquet(folder / "points.parquet"), on="point")
    rows = table[(table.measure == EXPECTED[0]) & (table.regime == EXPECTED[1]) & (table.group == EXPECTED[2])]
    assert rows["value"].mean() == pytest.approx(expected(results))


def test_arrow_reads_the_store_as_a_dataset(folder: Path, results: Results) -> None:
    """As R's arrow does, with the same library."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    data = ds.dataset(folder / "readings", format="parquet")
    chosen = (
        (pc.field("measure") == EXPECTED[0]) & (pc.field("regime") == EXPECTED[1]) & (pc.field("group") == EXPECTED[2])
    )
    assert pc.mean(data.to_table(filter=chosen)["value"]).as_py() == pytest.approx(expected(results))
