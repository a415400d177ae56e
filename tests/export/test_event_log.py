"""Event logs hold every move of every person with the names of XES, one log for each world and one of all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from readers import read_with

from sim.export.choices import Choices
from sim.export.dictionary import dictionary
from sim.export.event_log import write_events
from sim.export.results import Results

WORLDS = ("vc_2018", "vc_2019_08+U1_ninety_days", "recognition_panel")


def log_of(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False)


def test_every_world_and_all_together_have_a_log_in_each_format(logs: Path) -> None:
    formats = ("csv", "parquet", "xes.gz", "ocel.json", "ocel.sqlite")
    wanted = {f"{world}.{kind}" for world in WORLDS for kind in formats}
    wanted |= {f"paired.{kind}" for kind in formats[:3]}
    assert {path.name for path in logs.iterdir()} == wanted


def test_csv_and_parquet_hold_the_same_with_the_columns_of_the_dictionary(logs: Path) -> None:
    csv, parquet = log_of(logs, "vc_2018"), pd.read_parquet(logs / "vc_2018.parquet")
    assert list(csv.columns) == list(parquet.columns) == list(dictionary().table["events"].columns)
    csv["time:timestamp"] = pd.to_datetime(csv["time:timestamp"])
    pd.testing.assert_frame_equal(csv, parquet, check_dtype=False)
    assert (csv["time:timestamp"].dt.strftime("%H:%M:%S%z") == "00:00:00+0000").all()
    assert csv["order"].is_monotonic_increasing
    assert (csv["case:concept:name"] == csv["person"]).all()


def test_the_log_of_all_worlds_tells_a_person_apart_in_each(logs: Path) -> None:
    paired, parts = log_of(logs, "paired"), [log_of(logs, name) for name in WORLDS]
    assert len(paired) == sum(map(len, parts))
    assert paired["case:concept:name"].equals(paired["person"] + " @ " + paired["regime"])
    people = paired.groupby("regime")["person"].agg(set)
    assert len(people) == 3
    assert len(set.intersection(*people)) > 300


def test_moves_of_networks_are_in_no_log_of_persons(logs: Path) -> None:
    assert log_of(logs, "paired")["person"].str.fullmatch(r"P\d+").all()


def test_logs_of_a_run_are_of_its_folder_and_tables_are_described(single: Results, ran: Path, tmp_path: Path) -> None:
    pieces, tables = write_events(tmp_path, single, Choices.of(events=["csv", "xes"]))
    assert [piece.path for piece in pieces] == ["events/vc_2019_08.csv", "events/vc_2019_08.xes.gz"]
    assert [(table.name, table.path) for table in tables] == [("events-vc_2019_08", "events/vc_2019_08.csv")]
    assert "replicate 1" in pieces[0].caption.en
    moves = pd.read_parquet(ran / "transitions.parquet")
    assert len(log_of(tmp_path / "events", "vc_2019_08")) == moves["person"].str.startswith("P").sum()


def test_no_log_is_written_unless_one_is_asked_for(single: Results, tmp_path: Path) -> None:
    assert write_events(tmp_path, single, Choices.of()) == ([], [])
    assert list(tmp_path.iterdir()) == []


PM4PY = """
import json, sys, pm4py, pandas
folder = sys.argv[1]
xes = pm4py.read_xes(folder + "/paired.xes.gz")
csv = pandas.read_csv(folder + "/paired.csv", parse_dates=["time:timestamp"])
dfg = [pm4py.discover_dfg(log)[0] for log in (xes, csv)]
same = {str(k): v for k, v in dfg[0].items()} == {str(k): v for k, v in dfg[1].items()}
print(json.dumps([len(xes), len(csv), int(xes["case:concept:name"].nunique()), same, sum(dfg[0].values())]))
"""


def test_pm4py_finds_the_same_in_xes_and_csv(logs: Path) -> None:
    wanted = log_of(logs, "paired")
    events, rows, cases, same, follows = read_with("pm4py", PM4PY, str(logs))
    assert events == rows == len(wanted)
    assert cases == wanted["case:concept:name"].nunique()
    assert same
    assert follows == len(wanted) - cases


@pytest.mark.parametrize("include", [(), ("tactics",)])
def test_tactics_change_no_log_of_persons(single: Results, tmp_path: Path, include: tuple[str, ...]) -> None:
    write_events(tmp_path, single, Choices.of(events=["csv"], include=include))
    assert "tactics" not in set(log_of(tmp_path / "events", "vc_2019_08")["track"].str.partition(".")[0])
