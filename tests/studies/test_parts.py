"""Parts follow from the study alone; their tables hold every value, and nothing where a measure is undefined."""

from __future__ import annotations

import io

import numpy as np
import pyarrow.parquet as pq
from small_studies import small_study

from sim.studies.parts import as_parquet, parts_of, points_a_part, readings_table, receipts_table
from sim.studies.runner import Result


def test_no_part_is_in_two_blocks_so_that_an_extension_leaves_them() -> None:
    study = small_study(design_points=(3, 2))
    assert [len(part.points) for part in parts_of(study)] == [1] * 5
    more = parts_of(study.extended(70))
    assert more[:5] == parts_of(study)
    assert [len(part.points) for part in more[5:]] == [3] * 23 + [1]
    assert len({part.name for part in more}) == 5 + 24
    assert [len(part.points) for part in parts_of(small_study(design_points=2100))] == [64] * 32 + [52]


def test_parts_take_some_seconds_however_many_people_there_are() -> None:
    assert points_a_part(small_study()) == 64
    assert points_a_part(small_study(persons=10_000, replicates=4)) < 64
    assert points_a_part(small_study(persons=400_000, replicates=4)) == 1


def test_every_value_has_a_row() -> None:
    study = small_study(groups=("all", "dublin"))
    values = np.arange(2 * 2 * 3 * 2, dtype=float).reshape(2, 2, 3, 2)
    values[1, 0, 2, 1] = np.nan
    table = readings_table([Result("abc", values)], study.regimes, study.readings)
    rows = {tuple(row.values())[:-1]: row["value"] for row in table.to_pylist()}
    assert len(rows) == table.num_rows == 24
    assert rows["abc", "vc_2019_08", "b8_granted", "simulated", "dublin", 0] == values[0, 1, 1, 1]
    assert rows["abc", "vc_2018", "report_wait_days", "simulated", "dublin", 1] is None


def test_a_failed_point_has_no_readings_and_a_receipt() -> None:
    study = small_study()
    failed = Result("abc", np.empty((0, 0, 0, 0)), "it broke")
    assert readings_table([failed], study.regimes, study.readings).num_rows == 0
    (row,) = receipts_table([failed]).to_pylist()
    assert (row["status"], row["error"], row["replicates"]) == ("failed", "it broke", 0)


def test_the_same_table_gives_the_same_bytes() -> None:
    table = receipts_table([Result("abc", np.zeros((1, 2, 3, 1)), "", "ff", {"reports": 0.5})])
    assert as_parquet(table) == as_parquet(table.slice(0))
    assert pq.read_table(io.BytesIO(as_parquet(table))).to_pylist() == table.to_pylist()
