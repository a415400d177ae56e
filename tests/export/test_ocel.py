"""OCEL 2.0 in JSON holds every event and object, and is read back by pm4py."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from readers import read_with

from sim.export.moves import worlds
from sim.export.objects import TYPES
from sim.export.ocel import ATTRIBUTES, write_ocel_json
from sim.export.results import Results


def test_the_file_is_json_with_every_event_and_its_objects(logs: Path) -> None:
    content = json.loads((logs / "recognition_panel.ocel.json").read_text(encoding="utf-8"))
    assert [kind["name"] for kind in content["objectTypes"]] == list(TYPES)
    known = {entry["id"] for entry in content["objects"]}
    types = {kind["name"] for kind in content["eventTypes"]}
    attributes = {name for name, _ in ATTRIBUTES}
    for event in content["events"]:
        assert event["type"] in types
        assert {attribute["name"] for attribute in event["attributes"]} == attributes
        assert {relation["objectId"] for relation in event["relationships"]} <= known
    csv = pd.read_csv(logs / "recognition_panel.csv")
    persons = [event for event in content["events"] if event["relationships"][0]["qualifier"] == "person"]
    assert [event["id"] for event in persons] == [f"e{order}" for order in csv["order"]]
    assert [event["time"] for event in persons] == csv["time:timestamp"].tolist()
    assert [event["type"] for event in persons] == csv["concept:name"].tolist()


def test_the_same_moves_give_the_same_bytes(single: Results, tmp_path: Path) -> None:
    with worlds(single, (), 0) as (moved,):
        for name in ("one", "two"):
            write_ocel_json(tmp_path / name, moved)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


PM4PY = """
import json, sys, pm4py
log = pm4py.read_ocel2(sys.argv[1])
kinds = log.objects["ocel:type"].value_counts().to_dict()
print(json.dumps([len(log.events), len(log.objects), len(log.relations), len(log.o2o), kinds]))
"""


@pytest.mark.parametrize("kind", ["ocel.json", "ocel.sqlite"])
def test_pm4py_reads_it_back(logs: Path, kind: str) -> None:
    content = json.loads((logs / "vc_2018.ocel.json").read_text(encoding="utf-8"))
    events, objects, relations, others, kinds = read_with("pm4py", PM4PY, str(logs / f"vc_2018.{kind}"))
    assert events == len(content["events"])
    assert objects == len(content["objects"])
    assert relations == sum(len(event["relationships"]) for event in content["events"])
    assert others == sum(len(entry["relationships"]) for entry in content["objects"])
    assert kinds == pd.Series([entry["type"] for entry in content["objects"]]).value_counts().to_dict()
