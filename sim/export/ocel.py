"""A world as OCEL 2.0 in JSON, written event by event."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TextIO

from sim.export.moves import Moved
from sim.export.objects import TYPES, Related, Relation

ATTRIBUTES: Final = (("resource", "string"), ("order", "integer"), ("track", "string"), ("step", "string"))
"""Attributes of an event of any type, and their types."""


def write_ocel_json(path: Path, moved: Moved) -> None:
    """Write the log of a world; the same bytes for the same moves."""
    related = Related(moved)
    attributes = [{"name": name, "type": kind} for name, kind in ATTRIBUTES]
    used = sorted({activity.name for activity in related.activities if activity is not None})
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"objectTypes":')
        file.write(_json([{"name": name, "attributes": []} for name in TYPES]))
        file.write(',\n"eventTypes":')
        file.write(_json([{"name": name, "attributes": attributes} for name in used]))
        file.write(',\n"objects":[\n')
        _write_objects(file, related)
        file.write('],\n"events":[\n')
        _write_events(file, related)
        file.write("]}\n")


def _write_objects(file: TextIO, related: Related) -> None:
    between = ""
    for name, kind in related.objects.kinds.items():
        others = _relations(related.objects.relations.get(name, []))
        file.write(f'{between}{{"id":"{name}","type":"{kind}","attributes":[],"relationships":{others}}}')
        between = ",\n"
    file.write("\n")


def _write_events(file: TextIO, related: Related) -> None:
    heads: dict[str, tuple[str, str]] = {}
    between = ""
    for event in related.events():
        activity = event.activity
        head = heads.get(activity.step)
        if head is None:
            values = (("resource", activity.resource), ("track", activity.track), ("step", activity.step))
            fixed = ",".join(_json({"name": name, "value": value}) for name, value in values)
            head = heads[activity.step] = (_json(activity.name), fixed)
        file.write(
            f'{between}{{"id":"{event.id}","type":{head[0]},"time":"{event.day}T00:00:00Z","attributes":'
            f'[{head[1]},{{"name":"order","value":{event.order}}}],"relationships":{_relations(event.objects)}}}'
        )
        between = ",\n"
    file.write("\n")


def _relations(relations: Sequence[Relation]) -> str:
    # Ids are of letters, digits and a few signs, so they need no escaping.
    return "[" + ",".join(f'{{"objectId":"{name}","qualifier":"{how}"}}' for name, how in relations) + "]"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
