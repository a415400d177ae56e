"""The tables of one run, as a reader finds them who sorts, shuffles or stores them elsewhere."""

from __future__ import annotations

import datetime as dt
import functools
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.report.folder import write_run
from sim.runs.single import Run


@functools.cache
def ran() -> Run:
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start", start=dt.date(2019, 7, 1), end=dt.date(2019, 12, 31), inflow={"scale": 0.05}
    )
    return sim.run(scenario, "vc_2019_08", seed=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The written run."""
    path = tmp_path_factory.mktemp("run")
    write_run(path, ran())
    return path


def broken(moves: pd.DataFrame) -> int:
    """Count the moves that do not begin where the one before on the same track ended."""
    before = moves.groupby(["person", "track"])["to"].shift()
    return int((before.notna() & (before != moves["from"])).sum())


def test_moves_follow_from_one_another_and_are_numbered() -> None:
    moves = ran().transitions
    assert broken(moves) == 0
    assert moves["order"].tolist() == list(range(len(moves)))
    assert moves["date"].is_monotonic_increasing
    shared = moves.duplicated(["person", "date"], keep=False)
    assert shared.mean() > 0.3, "if no moves shared a day this would hold nothing"


@pytest.mark.parametrize("by", [["order"], ["date", "order"], ["person", "order"], ["person", "track", "order"]])
def test_the_number_gives_the_order_back_after_a_shuffle(by: list[str]) -> None:
    shuffled = ran().transitions.sample(frac=1, random_state=1)
    assert broken(shuffled.sort_values([key for key in by if key != "order"] or ["date"], kind="quicksort")) > 0
    again = shuffled.sort_values(by)
    assert broken(again) == 0
    pd.testing.assert_frame_equal(again.sort_values("order").reset_index(drop=True), ran().transitions)


def test_files_and_a_database_keep_it(folder: Path) -> None:
    parquet = pd.read_parquet(folder / "transitions.parquet")
    pd.testing.assert_frame_equal(parquet, ran().transitions, check_dtype=False)
    csv = pd.read_csv(folder / "transitions.csv").sample(frac=1, random_state=2)
    with sqlite3.connect(":memory:") as database:
        csv.to_sql("moves", database, index=False)
        stored = pd.read_sql('select * from moves order by person, date, "order"', database)
    assert broken(stored) == 0
    assert np.array_equal(np.sort(stored["order"]), parquet["order"])


def test_the_number_takes_little_space(folder: Path) -> None:
    import pyarrow.parquet as pq

    group = pq.ParquetFile(folder / "transitions.parquet").metadata.row_group(0)
    size = {group.column(at).path_in_schema: group.column(at).total_compressed_size for at in range(group.num_columns)}
    assert size["order"] < len(ran().transitions) / 4
