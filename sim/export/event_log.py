"""Event logs of persons: one for each world and one of all worlds together, as CSV, Parquet, XES and OCEL 2.0."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sim.export.choices import Choices
from sim.export.dictionary import Described, described, dictionary
from sim.export.moves import Moved, codes_of, worlds
from sim.export.ocel import write_ocel_json
from sim.export.ocel_sqlite import write_ocel_sqlite
from sim.export.pieces import Piece
from sim.export.results import Results
from sim.export.words import both
from sim.export.xes import Trace, write_xes
from sim.procedures.schema import Title

FOLDER: Final = "events"
PAIRED: Final = "paired"
"""The log of all worlds: a case is a person in a world, and ``person`` is the same in all of them."""


def write_events(paper: Path, results: Results, choices: Choices) -> tuple[list[Piece], list[Described]]:
    """Write the event logs in the formats that were chosen; return their files, and the tables among them."""
    if not choices.events:
        return [], []
    (paper / FOLDER).mkdir()
    pieces: list[Piece] = []
    tables: list[Described] = []
    with worlds(results, choices.include, choices.replicate or 0) as found:
        logs = {moved.part: [moved] for moved in found}
        if len(found) > 1:
            logs[PAIRED if PAIRED not in logs else f"{PAIRED}_worlds"] = found
        for name, moved in logs.items():
            title, caption = _said(results, moved, choices)
            for path in _written(paper, name, moved, choices):
                pieces.append(Piece(path, "event log", title, caption, ("inputs/scenario.toml", "receipt.json")))
                if path.endswith(".csv"):
                    columns = dictionary().table["events"].columns
                    tables.append(described("events", path, columns, resource=f"events-{name}"))
    return pieces, tables


def _written(paper: Path, name: str, moved: list[Moved], choices: Choices) -> Iterator[str]:
    """Write one log in each format, and give the names of its files."""
    path = f"{FOLDER}/{name}"
    paired = len(moved) > 1
    if {"csv", "parquet"} & set(choices.events):
        yield from _write_tables(paper, path, moved, choices.events)
    if "xes" in choices.events:
        write_xes(paper / f"{path}.xes.gz", _traces(moved))
        yield f"{path}.xes.gz"
    if "ocel-json" in choices.events and not paired:
        write_ocel_json(paper / f"{path}.ocel.json", moved[0])
        yield f"{path}.ocel.json"
    if "ocel-sqlite" in choices.events and not paired:
        write_ocel_sqlite(paper / f"{path}.ocel.sqlite", moved[0])
        yield f"{path}.ocel.sqlite"


def rows_of(moved: Moved, paired: bool) -> Iterator[pa.Table]:
    """Give the rows of a log, some at a time: the moves of persons, with the columns of the dictionary.

    Parameters
    ----------
    moved
        The world.
    paired
        Whether the name of a case says of which world it is.
    """
    persons = {step: activity for step, activity in moved.activities.items() if not activity.of_network}
    names = pa.array([activity.name for activity in persons.values()])
    resources = pa.array([activity.resource for activity in persons.values()])
    steps = pa.array(list(persons))
    for moves in moved.batches():
        table = moves.filter(pc.is_in(moves["to"].cast(pa.string()), value_set=steps))
        to = table["to"].cast(pa.string())
        at = pc.index_in(to, value_set=steps)
        person = table["person"].cast(pa.string())
        case = pc.binary_join_element_wise(person, moved.regime, " @ ") if paired else person
        yield pa.table(
            {
                "case:concept:name": case,
                "concept:name": names.take(at),
                "time:timestamp": table["date"].cast(pa.timestamp("ms", "UTC")),
                "lifecycle:transition": _constant("complete", at),
                "org:resource": resources.take(at),
                "order": table["order"],
                "person": person,
                "regime": _constant(moved.regime, at),
                "step": to,
                "track": table["track"].cast(pa.string()),
                "cause": table["cause"].cast(pa.string()),
                "layer": table["layer"].cast(pa.string()),
            }
        )


def _constant(text: str, like: pa.Array) -> pa.Array:
    return pa.repeat(pa.scalar(text), len(like))


def _write_tables(paper: Path, path: str, moved: list[Moved], formats: tuple[str, ...]) -> Iterator[str]:
    """Write a log as CSV and Parquet at once, as the rows come."""
    csv: pa_csv.CSVWriter | None = None
    parquet: pq.ParquetWriter | None = None
    try:
        for world in moved:
            for rows in rows_of(world, len(moved) > 1):
                if "parquet" in formats:
                    parquet = parquet or _parquet_writer(paper / f"{path}.parquet", rows.schema)
                    parquet.write_table(rows)
                if "csv" in formats:
                    text = pc.strftime(rows["time:timestamp"], format="%Y-%m-%dT%H:%M:%SZ")
                    seconds = pc.replace_substring(text, ".000Z", "Z")
                    written = rows.set_column(rows.schema.get_field_index("time:timestamp"), "time:timestamp", seconds)
                    csv = csv or _csv_writer(paper / f"{path}.csv", written.schema)
                    csv.write_table(written)
    finally:
        for writer in (csv, parquet):
            if writer is not None:
                writer.close()
    yield from (f"{path}.{kind}" for kind, writer in (("csv", csv), ("parquet", parquet)) if writer is not None)


def _csv_writer(path: Path, schema: pa.Schema) -> pa_csv.CSVWriter:
    return pa_csv.CSVWriter(path, schema, write_options=pa_csv.WriteOptions(quoting_style="needed"))


def _parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    dictionary_columns = [name for name in schema.names if name != "order"]
    return pq.ParquetWriter(
        path, schema, use_dictionary=dictionary_columns, column_encoding={"order": "DELTA_BINARY_PACKED"}
    )


def _traces(moved: list[Moved]) -> Iterator[Trace]:
    """Give the moves of each person in each world, person by person."""
    paired = len(moved) > 1
    for world in moved:
        codes = codes_of(world)
        persons = [world.activities.get(step) for step in codes.steps]
        ours = [activity is not None and not activity.of_network for activity in persons]
        keep = pa.array(ours).to_numpy(zero_copy_only=False)[codes.to] if ours else codes.to.astype(bool)
        rows = keep.nonzero()[0]
        rows = rows[codes.entity[rows].argsort(kind="stable")]
        starts = (codes.entity[rows][1:] != codes.entity[rows][:-1]).nonzero()[0] + 1
        for begin, end in zip([0, *starts], [*starts, len(rows)], strict=True):
            if begin == end:
                continue
            chosen = rows[begin:end]
            person = codes.who[codes.entity[chosen[0]]]
            yield Trace(
                f"{person} @ {world.regime}" if paired else person,
                person,
                world.regime,
                [persons[at] for at in codes.to[chosen].tolist()],
                codes.day[chosen].astype(str).tolist(),
                codes.order[chosen].tolist(),
            )


def _said(results: Results, moved: list[Moved], choices: Choices) -> tuple[Title, Title]:
    """Return title and caption of a log."""
    replicate = results.receipt.get("replicate", choices.replicate or 0)
    titles = [results.titles.regimes[world.regime] for world in moved]
    if len(moved) > 1:
        name = both("Event log of all worlds", "Event log van alle werelden")
    else:
        name = both(f"Event log: {titles[0].en}", f"Event log: {titles[0].nl}")
    english = (
        "Moves of synthetic persons in replicate {}. A case is a person{}; the time is a day, and order says what was "
        "first."
    )
    dutch = (
        "Stappen van synthetische personen in replicatie {}. Een case is een persoon{}; de tijd is een dag, en order "
        "zegt wat eerst kwam."
    )
    in_world = (" in a world", " in een wereld") if len(moved) > 1 else ("", "")
    return name, both(english.format(replicate, in_world[0]), dutch.format(replicate, in_world[1]))
