"""A world as OCEL 2.0 in SQLite: tables of events, objects and how they relate."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from sim.export.moves import Moved
from sim.export.objects import TYPES, Event, Related

_ROWS: Final = 20_000
_BEGINNING: Final = "1970-01-01T00:00:00Z"
_TABLES: Final = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type(ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type(ocel_type));
CREATE TABLE event_object (
  ocel_event_id TEXT REFERENCES event(ocel_id), ocel_object_id TEXT REFERENCES object(ocel_id), ocel_qualifier TEXT,
  PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
);
CREATE TABLE object_object (
  ocel_source_id TEXT REFERENCES object(ocel_id), ocel_target_id TEXT REFERENCES object(ocel_id), ocel_qualifier TEXT,
  PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""


def write_ocel_sqlite(path: Path, moved: Moved) -> None:
    """Write the log of a world; the same bytes for the same moves and the same version of SQLite."""
    related = Related(moved)
    with closing(sqlite3.connect(path)) as database:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;")
        database.executescript(_TABLES)
        tables = _event_tables(database, related)
        _write_objects(database, related)
        events = related.events()
        while part := list(islice(events, _ROWS)):
            _write_events(database, part, tables)
        database.commit()


def _event_tables(database: sqlite3.Connection, related: Related) -> dict[str, str]:
    """Make a table for each type of event; return their names by step."""
    names = {}
    for activity in sorted({a for a in related.activities if a is not None}, key=lambda activity: activity.step):
        mapped = re.sub(r"[^A-Za-z0-9_]", "_", activity.step.replace(".", "__"))
        names[activity.step] = f"event_{mapped}"
        database.execute("INSERT INTO event_map_type VALUES (?, ?)", (activity.name, mapped))
        database.execute(
            f'CREATE TABLE "event_{mapped}" (ocel_id TEXT PRIMARY KEY REFERENCES event(ocel_id), ocel_time TIMESTAMP, '
            '"resource" TEXT, "order" INTEGER, "track" TEXT, "step" TEXT)'
        )
    return names


def _write_objects(database: sqlite3.Connection, related: Related) -> None:
    objects = related.objects
    for kind in TYPES:
        mapped = kind.replace(" ", "_")
        database.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, mapped))
        database.execute(
            f'CREATE TABLE "object_{mapped}" (ocel_id TEXT REFERENCES object(ocel_id), ocel_time TIMESTAMP, '
            "ocel_changed_field TEXT)"
        )
        mine = ((name, _BEGINNING) for name, own in objects.kinds.items() if own == kind)
        database.executemany(f'INSERT INTO "object_{mapped}" VALUES (?, ?, NULL)', mine)
    database.executemany("INSERT INTO object VALUES (?, ?)", objects.kinds.items())
    database.executemany("INSERT INTO object_object VALUES (?, ?, ?)", _pairs(objects.relations))


def _pairs(relations: dict[str, list[tuple[str, str]]]) -> Iterator[tuple[str, str, str]]:
    for name, others in relations.items():
        for other, how in others:
            yield name, other, how


def _write_events(database: sqlite3.Connection, events: list[Event], tables: dict[str, str]) -> None:
    database.executemany("INSERT INTO event VALUES (?, ?)", ((event.id, event.activity.name) for event in events))
    related = ((event.id, name, how) for event in events for name, how in event.objects)
    database.executemany("INSERT INTO event_object VALUES (?, ?, ?)", related)
    by_step: dict[str, list[tuple[str, str, str, int, str, str]]] = {}
    for event in events:
        a = event.activity
        row = (event.id, f"{event.day}T00:00:00Z", a.resource, event.order, a.track, a.step)
        by_step.setdefault(a.step, []).append(row)
    for step, rows in by_step.items():
        database.executemany(f'INSERT INTO "{tables[step]}" VALUES (?, ?, ?, ?, ?, ?)', rows)
