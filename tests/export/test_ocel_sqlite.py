"""OCEL 2.0 in SQLite holds what the JSON holds, with a table for each type."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from sim.export.moves import worlds
from sim.export.ocel_sqlite import write_ocel_sqlite
from sim.export.results import Results


def test_tables_hold_the_events_and_objects_of_the_json(logs: Path) -> None:
    content = json.loads((logs / "vc_2018.ocel.json").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(logs / "vc_2018.ocel.sqlite")) as database:
        ask = database.execute
        assert ask("PRAGMA integrity_check").fetchone() == ("ok",)
        assert ask("PRAGMA foreign_key_check").fetchall() == []
        events = dict(ask("SELECT ocel_id, ocel_type FROM event").fetchall())
        assert events == {event["id"]: event["type"] for event in content["events"]}
        objects = dict(ask("SELECT ocel_id, ocel_type FROM object").fetchall())
        assert objects == {entry["id"]: entry["type"] for entry in content["objects"]}
        related = set(ask("SELECT ocel_event_id, ocel_object_id, ocel_qualifier FROM event_object").fetchall())
        assert related == {
            (event["id"], relation["objectId"], relation["qualifier"])
            for event in content["events"]
            for relation in event["relationships"]
        }
        mapped = ask("SELECT ocel_type, ocel_type_map FROM event_map_type").fetchall()
        found = {
            row[0]: (name, row[1:])
            for name, table in mapped
            for row in ask(f'SELECT ocel_id, ocel_time, resource, "order", track, step FROM "event_{table}"')
        }
    for event in content["events"]:
        said = {attribute["name"]: attribute["value"] for attribute in event["attributes"]}
        row = (event["time"], said["resource"], said["order"], said["track"], said["step"])
        assert found[event["id"]] == (event["type"], row)


def test_the_same_moves_give_the_same_bytes(single: Results, tmp_path: Path) -> None:
    with worlds(single, (), 0) as (moved,):
        for name in ("one", "two"):
            write_ocel_sqlite(tmp_path / name, moved)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
