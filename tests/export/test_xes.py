"""XES is well formed, escapes what XML would act upon, and is the same bytes each time."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd

from sim.export.moves import Activity
from sim.export.xes import Trace, write_xes

NAMESPACE = "{http://www.xes-standard.org/}"


def test_events_stand_in_their_traces_with_all_attributes(tmp_path: Path) -> None:
    activity = Activity("b8.x", "b8.file", 'Asked "why" <twice> & left', "police", False)
    trace = Trace("P1 @ a<b", "P1", "a<b", [activity, activity], ["2019-08-01", "2019-08-02"], [4, 9])
    for name in ("one", "two"):
        write_xes(tmp_path / name, [trace])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    root = ET.fromstring(gzip.decompress((tmp_path / "one").read_bytes()))
    (found,) = root.iter(f"{NAMESPACE}trace")
    said = {part.get("key"): part.get("value") for part in found if part.tag != f"{NAMESPACE}event"}
    assert said == {"concept:name": "P1 @ a<b", "person": "P1", "regime": "a<b"}
    events = [{part.get("key"): part.get("value") for part in event} for event in found.iter(f"{NAMESPACE}event")]
    assert [event["order"] for event in events] == ["4", "9"]
    assert events[1] == {
        "concept:name": 'Asked "why" <twice> & left',
        "lifecycle:transition": "complete",
        "org:resource": "police",
        "step": "b8.x",
        "track": "b8.file",
        "time:timestamp": "2019-08-02T00:00:00.000+00:00",
        "order": "9",
    }


def test_a_log_has_the_events_of_the_table_case_by_case(logs: Path) -> None:
    csv = pd.read_csv(logs / "vc_2018.csv")
    root = ET.fromstring(gzip.decompress((logs / "vc_2018.xes.gz").read_bytes()))
    found = [
        (trace[0].get("value"), event.find(f"{NAMESPACE}int").get("value"))  # type: ignore[union-attr]
        for trace in root.iter(f"{NAMESPACE}trace")
        for event in trace.iter(f"{NAMESPACE}event")
    ]
    wanted = csv.sort_values(["case:concept:name", "order"])[["case:concept:name", "order"]].astype(str)
    assert sorted(found, key=lambda pair: (pair[0], int(pair[1]))) == list(wanted.itertuples(index=False, name=None))
    by_case = pd.DataFrame(found, columns=["case", "order"]).astype({"order": int}).groupby("case")["order"]
    assert all(orders.is_monotonic_increasing for _, orders in by_case)
