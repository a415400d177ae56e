"""A store: what is in it, what counts as finished, and when one may go on with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_studies import TEXT, content, in_threads, small_study

from sim.files.errors import InputError
from sim.studies.runner import Result
from sim.studies.store import Store, design_table, points_table

REFORM = """
[regime]
title      = { en = "Mine", nl = "Mijn" }
amends     = "vc_2018"
instrument = "none"
law        = ["wbv2019_10"]
status     = "assumed"
in_force   = 2019-08-01
applies_to = { event = "b8.report" }
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "out", small_study(design_points=(2, 2)))


def result(point: str) -> Result:
    return Result(point, np.zeros((2, 2, 3, 1)))


def test_a_part_counts_when_the_manifest_names_it(store: Store) -> None:
    first, *others = store.parts
    store.add(first, [result(p.id) for p in first.points])
    again = Store.open(store.folder)
    assert again.pending() == others
    assert again.status().points_done == 1
    again.manifest["parts"].clear()
    again.write_manifest()
    assert Store.open(store.folder).pending() == [first, *others], "whatever files are there"


@pytest.mark.parametrize("kind", ["readings", "receipts"])
@pytest.mark.parametrize("how", ["changed", "cut", "gone"])
def test_a_spoilt_part_is_found(store: Store, kind: str, how: str) -> None:
    first = store.parts[0]
    store.add(first, [result(p.id) for p in first.points])
    file = store.file(kind, first.name)
    whole = file.read_bytes()
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes(whole[:-40] if how == "cut" else whole[:60] + bytes([whole[60] ^ 1]) + whole[61:])
    again = Store.open(store.folder)
    assert first in again.pending()
    assert again.status().broken == (first.name,)
    assert not again.status().complete


def test_a_failed_point_is_finished_unless_asked_otherwise(store: Store) -> None:
    first = store.parts[0]
    store.add(first, [Result(first.points[0].id, np.empty((0, 0, 0, 0)), "broke")])
    assert store.status().points_failed == 1
    assert first not in store.pending()
    assert first in store.pending(failed=True)


def test_a_store_runs_again_from_its_own_folder(tmp_path: Path) -> None:
    """With the user's own scenario, regime, preset and list, and no path of a machine in it."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "reform.toml").write_text(REFORM, encoding="utf-8")
    (tmp_path / "mine" / "here.toml").write_text(
        'extends = "netherlands"\n[scenario]\ntitle = "Here"\nregimes = ["vc_2018", "reform.toml"]\n', encoding="utf-8"
    )
    (tmp_path / "mine" / "rows.csv").write_text("report.base,leaves.transfer_per_year\n1,1\n2,1\n", encoding="utf-8")
    text = TEXT.replace('"netherlands"', '"here.toml"').replace('regimes    = ["vc_2018", "vc_2019_08"]\n', "")
    text = text.replace('kind   = "latin_hypercube"\npoints = 6', 'kind = "list"\nfile = "rows.csv"')
    (tmp_path / "mine" / "study.toml").write_text(text, encoding="utf-8")
    from sim.studies.study import Study

    study = Study.load(tmp_path / "mine" / "study.toml")
    in_threads(study, tmp_path / "one")
    again = Study.load(tmp_path / "one" / "study.toml")
    assert again.hash() == study.hash()
    in_threads(again, tmp_path / "two")
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert str(tmp_path).encode() not in b"".join(content(tmp_path / "one").values())


# ---- what may not differ ----


def changed(store: Store, old: str, new: str) -> str:
    file = store.folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as error:
        Store.open(store.folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("persons = 300", "persons = 301", "study.study.persons: not as it was"),
        ("2.5", "2.6", "study.parameters.report.base"),
        ("seed = 3", "seed = 4", "seed: not as it was"),
        ('"b8_granted"', '"reports"', "study.study.measures"),
    ],
)
def test_a_changed_study_is_refused_with_the_difference(store: Store, old: str, new: str, key: str) -> None:
    said = changed(store, old, new)
    assert key in said
    assert "as it was; or a new sweep in another folder" in said


def test_a_changed_scenario_is_refused(store: Store) -> None:
    file = store.folder / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    assert '"leaves.hiding_per_year" = 0.3\n' in text
    file.write_text(text.replace('per_year" = 0.3\n', 'per_year" = 0.4\n'), encoding="utf-8")
    with pytest.raises(InputError, match="scenario_hash: not as it was when the sweep began"):
        Store.open(store.folder)


@pytest.mark.parametrize(
    ("key", "value"), [("version", "0.0.1"), ("source_hash", "abc"), ("packages", {"numpy": "1.0"})]
)
def test_another_version_is_refused(store: Store, key: str, value: Any) -> None:
    file = store.folder / "receipt.json"
    receipt = json.loads(file.read_text(encoding="utf-8"))
    receipt[key] = value
    file.write_text(json.dumps(receipt), encoding="utf-8")
    with pytest.raises(InputError, match=f"{key}.*not as it was"):
        Store.open(store.folder)
    assert Store.look(store.folder).status().points == 4, "to read it is another thing"


def test_another_python_may_go_on(store: Store) -> None:
    file = store.folder / "receipt.json"
    receipt = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(receipt | {"python": "3.99.0"}), encoding="utf-8")
    assert Store.open(store.folder).parts


def test_no_store_and_a_store_of_another_format_are_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a folder of a sweep"):
        Store.open(tmp_path)
    (store.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="not a folder of a sweep"):
        Store.open(store.folder)
    (store.folder / "manifest.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(InputError, match="made by another version"):
        Store.open(store.folder)


def test_a_folder_with_a_sweep_or_anything_else_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a sweep is in it") as error:
        Store.create(store.folder, store.study)
    assert "b8sim sweep resume" in str(error.value)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        Store.create(tmp_path / "full", store.study)


def test_points_and_design_hold_every_factor() -> None:
    study = small_study("one_at_a_time", presets=("none", "H5"), readings={"U7": ("report_date",)})
    points = points_table(study).to_pandas()
    assert list(points.columns) == [
        "point",
        "block",
        "presets",
        "readings",
        "drivers",
        *(f.name for f in study.factors),
    ]
    assert points["report.base"].tolist()[:3] == [1.5, 0.5, 2.5], "those that do not move are as in the scenario"
    assert set(points["presets"]) == {"none", "H5"}
    assert set(points["readings"]) == {"U7=report_date"}
    assert design_table(study).column("moved").to_pylist()[:3] == ["", "report.base", "report.base"]
    unit = design_table(small_study()).to_pandas()
    assert unit["unit report.base"].between(0, 1).all()
