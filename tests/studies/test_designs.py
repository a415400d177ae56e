"""Designs: their points, what they look like in the unit cube, how they grow, and what cannot be one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_studies import TWO, small_study

from sim.files.errors import InputError
from sim.studies.designs import MOST_ROWS, Design

SAMPLED = ("latin_hypercube", "sobol", "morris", "saltelli")


def unit(kind: str, points: int | tuple[int, ...]) -> np.ndarray:
    return np.array([row.unit for row in small_study(kind, design_points=points).rows])


@pytest.mark.parametrize("kind", SAMPLED)
def test_a_block_more_leaves_the_points_as_they_were(kind: str) -> None:
    before, after = unit(kind, 4), unit(kind, (4, 4))
    assert np.array_equal(before, after[: len(before)])
    assert len(after) == 2 * len(before)
    assert len(np.unique(after, axis=0)) > len(np.unique(before, axis=0))


@pytest.mark.parametrize("kind", SAMPLED)
def test_another_seed_gives_other_points(kind: str) -> None:
    one, two = (np.array([r.unit for r in small_study(kind, design_seed=seed).rows]) for seed in (1, 2))
    assert not np.array_equal(one, two)


def test_each_block_of_a_hypercube_is_a_latin_hypercube() -> None:
    sample = unit("latin_hypercube", (8, 5))
    for block in (sample[:8], sample[8:]):
        cells = np.sort((block * len(block)).astype(int), axis=0)
        assert (cells == np.arange(len(block))[:, None]).all()


def test_a_sobol_sequence_of_two_blocks_is_that_of_one() -> None:
    assert np.array_equal(unit("sobol", (4, 4)), unit("sobol", 8))


def test_a_trajectory_moves_one_factor_at_a_time_and_says_which() -> None:
    rows = small_study("morris", design_points=3).rows
    assert len(rows) == 3 * 3
    for i, row in enumerate(rows):
        if i % 3 == 0:
            assert row.moved == ""
        else:
            changed = [name for name in row.values if row.values[name] != rows[i - 1].values[name]]
            assert changed == [row.moved]


def test_values_lie_in_their_ranges() -> None:
    for kind in SAMPLED:
        for row in small_study(kind).rows:
            assert 0.5 <= row.values["report.base"] <= 2.5
            assert 0.05 <= row.values["leaves.transfer_per_year"] <= 1.5


def test_a_grid_has_every_combination() -> None:
    study = small_study("grid", design_levels=3, parameters={**TWO, "om.needed_base": {"values": [-5.0, -3.0]}})
    assert len({tuple(row.values.items()) for row in study.rows}) == 3 * 3 * 2


def test_one_at_a_time_begins_with_the_scenario() -> None:
    rows = small_study("one_at_a_time").rows
    assert [(dict(row.values), row.moved) for row in rows] == [
        ({}, ""),
        ({"report.base": 0.5}, "report.base"),
        ({"report.base": 2.5}, "report.base"),
        ({"leaves.transfer_per_year": 0.05}, "leaves.transfer_per_year"),
        ({"leaves.transfer_per_year": 1.5}, "leaves.transfer_per_year"),
    ]


def test_one_share_alone_goes_as_far_as_the_others_leave() -> None:
    rows = small_study("one_at_a_time", parameters=dict.fromkeys(
        ("victim.sexual_share_NGA", "victim.labour_share_NGA"), "passport")).rows  # fmt: skip
    assert rows[2].values["victim.sexual_share_NGA"] == pytest.approx(1 - 0.06 - 0.05)


def test_shares_are_drawn_together() -> None:
    names = [f"victim.{kind}_share_NGA" for kind in ("sexual", "labour", "criminal")]
    for row in small_study(design_points=50, parameters=dict.fromkeys(names, "passport")).rows:
        assert sum(row.values.values()) <= 1 + 1e-9


# ---- lists ----


def listed(folder: Path, text: str) -> list[dict[str, float]]:
    (folder / "points.csv").write_text(text, encoding="utf-8")
    return [dict(row.values) for row in small_study("list", design_file=str(folder / "points.csv")).rows]


def test_a_list_is_read_as_it_is(tmp_path: Path) -> None:
    rows = listed(tmp_path, "leaves.transfer_per_year,report.base\n0.5,1\n\n 1.0 ,2.5\n")
    assert rows == [
        {"leaves.transfer_per_year": 0.5, "report.base": 1.0},
        {"leaves.transfer_per_year": 1.0, "report.base": 2.5},
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("report.base,leaves.transfer_per_year\n1\n", "line 2: 1 cells in 2 columns"),
        ("report.base,leaves.transfer_per_year\n1,x\n2,9\n", "line 3, leaves.transfer_per_year: not in the range"),
        ("report.base\n1\n", "lacks a factor"),
        ("report.base,leaves.transfer\n1,1\n", "nearest: leaves.transfer_per_year"),
        ("report.base,report.base,leaves.transfer_per_year\n1,1,1\n", "twice"),
        ("report.base,leaves.transfer_per_year\n", "no rows"),
        ("report.base,leaves.transfer_per_year\n1,nan\n", "not in the range"),
    ],
)
def test_broken_rows_are_told_with_their_lines(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        listed(tmp_path, text)
    assert said in str(error.value)
    assert "points.csv" in str(error.value)


# ---- what is no design ----

NOTIFIERS = [
    f"recording.notifier_share_{name}" for name in ("police", "care", "inspectorate", "border_police", "others")
]


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("latin_hypercube", {"points": 0}, "out of range"),
        ("latin_hypercube", {"points": MOST_ROWS + 1}, "too large to finish"),
        ("saltelli", {"points": 6}, "power of 2"),
        ("morris", {"points": 2, "levels": 5}, "4, 6, 8, 10"),
        ("grid", {"points": 9}, "as many points as its levels"),
        ("grid", {"levels": 1000, "parameters": {**TWO, "om.needed_base": "passport"}}, "too large to finish"),
        ("list", {}, "a list needs its file"),
        ("one_at_a_time", {"parameters": dict.fromkeys(NOTIFIERS, "passport")}, "cannot change alone"),
        ("drivers", {"parameters": {}}, "a design of drivers needs some"),
        ("sobol", {"points": 4, "file": "x.csv"}, "only a list has a file"),
        ("sobol", {"points": 4, "parameters": {}}, "nothing varies"),
        ("grid", {"parameters": dict.fromkeys(("victim.sexual_share_NGA", "victim.labour_share_NGA"), "passport")},
         "would sum to more"),
    ],
)  # fmt: skip
def test_what_is_no_design_is_refused(kind: str, more: dict[str, object], said: str) -> None:
    parameters = {"parameters": more.pop("parameters")} if "parameters" in more else {}
    with pytest.raises(InputError, match=said):
        len(small_study(kind, **{f"design_{key}": value for key, value in more.items()}, **parameters).rows)


def test_points_are_needed() -> None:
    assert Design(kind="sobol").blocks == ()
    with pytest.raises(InputError, match="needs a number of points"):
        small_study("sobol", design_points=None)
