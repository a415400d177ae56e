"""A store is written in parts: which points are in which, and the tables of one part as Parquet.

What is in a part follows from the study alone, never from time or workers: a sweep that was broken off gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs.world import people_of
from sim.studies.points import Point
from sim.studies.readings import Readings
from sim.studies.runner import Result
from sim.studies.study import Study

SECONDS_A_PART: Final = 4.0
MOST_POINTS: Final = 64
FEWEST_PARTS: Final = 32
"""Parts of a block that is large enough, so that many workers, or machines, can take some each."""
SECONDS_A_WORLD: Final = 0.02
SECONDS_A_PERSON_YEAR: Final = 1e-6
"""Of one regime, as a laptop takes them: they decide only how large parts are."""
DAYS_A_YEAR: Final = 365.25

READINGS = pa.schema(
    [
        ("point", pa.string()),
        ("regime", pa.string()),
        ("measure", pa.string()),
        ("world", pa.string()),
        ("group", pa.string()),
        ("replicate", pa.int32()),
        ("value", pa.float64()),
    ]
)
RECEIPTS = pa.schema(
    [
        ("point", pa.string()),
        ("status", pa.string()),
        ("error", pa.string()),
        ("replicates", pa.int32()),
        ("people_hash", pa.string()),
        ("half_widths", pa.string()),
    ]
)


@dataclass(frozen=True)
class Part:
    """Some points that are run and written together.

    Attributes
    ----------
    name
        Of its files, without ending: its number, and a hash of its points.
    points
        In the order of the design.
    """

    name: str
    points: tuple[Point, ...]


def parts_of(study: Study) -> list[Part]:
    """Return the parts of a study: at most some seconds of work each, and none in two blocks of the design."""
    size = points_a_part(study)
    parts: list[Part] = []
    for _, block in itertools.groupby(study.points, key=lambda pair: pair[0]):
        points = [point for _, point in block]
        step = min(size, math.ceil(len(points) / FEWEST_PARTS))
        for first in range(0, len(points), step):
            chosen = tuple(points[first : first + step])
            digest = hashlib.sha256("".join(point.id for point in chosen).encode()).hexdigest()
            parts.append(Part(f"part-{len(parts):05d}-{digest[:8]}", chosen))
    return parts


def points_a_part(study: Study) -> int:
    """Return how many points take some seconds, by the number of people, days, regimes and replicates."""
    scenario = study.asked.scenario
    years = ((scenario.end - scenario.first_day).days + 1) / DAYS_A_YEAR
    people = len(people_of(scenario).names)
    seconds = SECONDS_A_WORLD + people * years * SECONDS_A_PERSON_YEAR * study.document.study.replicates
    seconds *= len(study.asked.regimes)
    return max(1, min(MOST_POINTS, int(SECONDS_A_PART / seconds)))


def readings_table(results: Iterable[Result], regimes: Sequence[str], readings: Readings) -> pa.Table:
    """Return the readings of some points, one row for each point, regime, measure, world, group and replicate.

    A measure that is undefined in a run has no value (null).
    """
    tables = [_readings(result, regimes, readings) for result in results if result.values.size]
    return pa.concat_tables(tables) if tables else READINGS.empty_table()


def _readings(result: Result, regimes: Sequence[str], readings: Readings) -> pa.Table:
    values = result.values.transpose(1, 2, 3, 0)  # [regimes, readings, groups, replicates]
    regime, reading, group, replicate = (axis.ravel() for axis in np.indices(values.shape))
    columns = [
        np.full(values.size, result.point, dtype=object),
        _named(regimes)[regime],
        _named([label.name for label in readings.labels])[reading],
        _named([label.world for label in readings.labels])[reading],
        _named(readings.groups.names)[group],
        replicate.astype(np.int32),
    ]
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, READINGS, strict=False)]
    arrays.append(pa.array(values.ravel(), type=pa.float64(), from_pandas=True))
    return pa.Table.from_arrays(arrays, schema=READINGS)


def receipts_table(results: Iterable[Result]) -> pa.Table:
    """Return what came of each point: done or failed and why, how many replicates, which people."""
    rows: list[dict[str, Any]] = [
        {
            "point": result.point,
            "status": "failed" if result.error else "done",
            "error": result.error,
            "replicates": result.values.shape[0],
            "people_hash": result.people_hash,
            "half_widths": json.dumps(dict(result.precision), sort_keys=True) if result.precision else "",
        }
        for result in results
    ]
    return pa.Table.from_pylist(rows, schema=RECEIPTS)


def as_parquet(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file: the same for the same table."""
    into = io.BytesIO()
    pq.write_table(table, into, compression="zstd", store_schema=False)
    return into.getvalue()


def _named(names: Sequence[str]) -> np.ndarray[Any, Any]:
    return np.array(list(names), dtype=object)
