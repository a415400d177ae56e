"""Moves are read in pieces, whole, with the activity of each step; those of tactics only where they are asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim.export import moves
from sim.export.moves import activities_of, codes_of, worlds
from sim.export.results import Results
from sim.policies.regime import Regime


def test_the_world_of_a_run_is_in_its_folder(single: Results, ran: Path) -> None:
    with worlds(single, (), 0) as found:
        (moved,) = found
        assert moved.transitions == ran / "transitions.parquet"
        table = pa.concat_tables(moved.batches(), promote_options="permissive").to_pandas()
    wanted = pd.read_parquet(ran / "transitions.parquet")
    wanted = wanted[~wanted["track"].str.startswith("tactics")]
    assert table["order"].tolist() == wanted["order"].tolist()
    assert table["to"].astype(str).tolist() == wanted["to"].tolist()


@pytest.mark.parametrize("rows", [1_000_000, 777])
def test_codes_give_back_every_move_whatever_the_pieces(
    single: Results, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(moves, "BATCH_ROWS", rows)
    with worlds(single, ("tactics",), 0) as found:
        codes = codes_of(found[0])
        wanted = pd.read_parquet(found[0].transitions)
    assert [codes.who[at] for at in codes.entity] == wanted["person"].tolist()
    assert [codes.steps[at] for at in codes.to] == wanted["to"].tolist()
    assert [codes.steps[at] for at in codes.origin] == wanted["from"].tolist()
    np.testing.assert_array_equal(codes.day, wanted["date"].to_numpy().astype("datetime64[D]"))
    np.testing.assert_array_equal(codes.order, wanted["order"])


def test_worlds_of_a_comparison_run_again_and_have_the_numbers_of_its_tables(comparison: Results) -> None:
    replicates = comparison.table("replicates")
    with worlds(comparison, (), 1) as found:
        assert [moved.part for moved in found] == ["vc_2018", "vc_2019_08+U1_ninety_days", "recognition_panel"]
        for moved in found:
            table = pa.concat_tables(moved.batches(), promote_options="permissive").to_pandas()
            left = table[table["to"] == "whereabouts.left_unknown"]["person"].nunique()
            wanted = replicates.query(
                "measure == 'left_unknown' and world == 'simulated' and group == 'all' and replicate == 1"
            )
            assert left == wanted.set_index("regime").loc[moved.regime, "value"]
        places = [moved.transitions for moved in found]
    assert not any(place.exists() for place in places)


def test_activities_have_titles_that_tell_them_apart_and_who_acts() -> None:
    regime = Regime.load("vc_2019_08")
    activities = activities_of(regime, ())
    names = [activity.name for activity in activities.values()]
    assert len(names) == len(set(names))
    assert activities["b8.wish_to_report"].resource == "avim.report"
    assert activities["b8.report"].resource == "police"
    assert activities["b8.closed"].name == "File closed [b8.closed]"
    assert activities["investigation.triage"].of_network
    assert not activities["investigation.interview"].of_network
    assert {step.partition(".")[0] for step in activities} == {
        "asylum", "b8", "control", "dublin", "investigation", "news", "whereabouts",
    }  # fmt: skip
    more = activities_of(regime, ("tactics",)).keys() - activities.keys()
    assert more
    assert all(step.startswith("tactics.") for step in more)


def test_networks_hold_the_persons_of_the_table(single: Results, ran: Path) -> None:
    persons = pd.read_parquet(ran / "persons.parquet")
    with worlds(single, (), 0) as found:
        networks = found[0].networks()
    assert networks == dict(persons.loc[persons["network"] != "", ["person", "network"]].itertuples(index=False))
    assert networks
