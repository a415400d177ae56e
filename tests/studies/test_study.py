"""A study as a file and as an object: what is run where, and every mistake before the first run."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_studies import TEXT, small_study

from sim.files.errors import InputError
from sim.scenarios.scenario import Scenario
from sim.studies.study import Study

PROJECT = Path(__file__).resolve().parents[2]


def written(folder: Path, text: str = TEXT) -> Path:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder / "study.toml"


def test_a_study_file_says_what_is_run(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path))
    assert study.regimes == ("vc_2018", "vc_2019_08")
    assert len(study.points) == 6
    assert study.asked.scenario.document.inflow.persons == 300
    assert study.asked.scenario.document.inflow.capacities == "in_proportion"
    _, point = study.points[0]
    shipped = Scenario.load("netherlands").document.parameters
    assert study.scenario_at(point).document.parameters == {**shipped, **point.values}


def test_the_shipped_study_is_as_it_should_be() -> None:
    study = Study.load(PROJECT / "experiments" / "deterrence.toml")
    assert len(study.points) == 200
    assert [f.name for f in study.factors][-1] == "capacity.avim.report"


def test_paths_begin_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here.toml").write_text('extends = "netherlands"\n[scenario]\ntitle = "Here"\n', encoding="utf-8")
    (tmp_path / "points.csv").write_text("report.base,leaves.transfer_per_year\n1,1\n", encoding="utf-8")
    text = TEXT.replace('"netherlands"', '"here.toml"').replace(
        '"latin_hypercube"\npoints = 6', '"list"\nfile = "points.csv"'
    )
    file = written(tmp_path, text)
    monkeypatch.chdir("/")
    study = Study.load(file)
    assert study.asked.scenario.title == "Here"
    assert len(study.points) == 1


def test_presets_and_readings_cross_the_design() -> None:
    study = small_study(presets=("none", "H5"), readings={"U7": ("report_date", "wish_date")})
    assert len(study.points) == 4 * 2 * 2
    assert len({point.variant for _, point in study.points}) == 4
    assert study.design[0][2].presets == ""
    assert [number for number, _, _ in study.design] == list(range(16))


def test_a_number_in_place_of_a_range_is_kept_everywhere() -> None:
    study = small_study(parameters={"report.base": (0.5, 2.5), "om.needed_base": -3.0})
    _, point = study.points[0]
    assert study.scenario_at(point).document.parameters["om.needed_base"] == -3.0
    assert "om.needed_base" not in point.values


def test_rows_that_are_the_same_point_are_run_once() -> None:
    study = small_study("morris", design_points=30)
    assert len(study.points) < len(study.design)
    assert len({point.id for _, point in study.points}) == len(study.points)


def test_an_extended_study_begins_with_its_points() -> None:
    study = small_study(design_points=4)
    more = study.extended(3)
    assert [p.id for _, p in more.points][:4] == [p.id for _, p in study.points]
    assert [block for block, _ in more.points] == [0] * 4 + [1] * 3
    assert more.hash() == study.hash(), "the number of points is not what decides them"
    with pytest.raises(InputError, match="complete"):
        small_study("grid").extended(3)


def test_the_hash_is_of_what_is_run() -> None:
    hashes = {
        small_study().hash(),
        small_study(persons=301).hash(),
        small_study(design_seed=2).hash(),
        small_study(measures=("reports",)).hash(),
        small_study(parameters={"report.base": (0.5, 2.6), "leaves.transfer_per_year": "passport"}).hash(),
    }
    assert len(hashes) == 5
    assert small_study(title="Another").hash() in hashes


def test_its_text_gives_the_same_study(tmp_path: Path) -> None:
    study = small_study(groups=("all", "dublin"), capacities={"avim.report": {"values": [1.0, 2.0]}})
    (tmp_path / "scenario.toml").write_text(study.asked.text, encoding="utf-8")
    again = Study.load(written(tmp_path, study.text("scenario.toml", None)))
    assert again.hash() == study.hash()
    assert [p.id for _, p in again.points] == [p.id for _, p in study.points]


def test_its_text_keeps_the_order_of_what_varies(tmp_path: Path) -> None:
    mixed = {
        "signal.victim_ratio": {"scale": "log"},
        "report.base": (0.5, 2.5),
        "leaves.onward_per_year": {"values": [0.1, 0.2]},
        "leaves.transfer_per_year": "passport",
        "om.needed_base": -3.0,
    }
    study = small_study(parameters=mixed)
    again = Study.load(written(tmp_path, study.text("netherlands", None)))
    assert [f.name for f in again.factors] == [name for name in mixed if name != "om.needed_base"]
    assert [p.id for _, p in again.points] == [p.id for _, p in study.points]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"report.base"              = [0.5, 2.5]', '"report.base" = [2.5, 0.5]', "upside down"),
        ('"report.base"', '"report.bass"', "nearest: report.base"),
        ('"b8_granted"', '"b8_grnated"', "nearest: b8_granted"),
        ('"netherlands"', '"netherland"', "nearest: netherlands"),
        ('"vc_2019_08"', '"vc_2019_8"', "nearest: vc_2019_08"),
        ("points = 6", "points = 600000000", "too large to finish"),
        ("points = 6", "point = 6", "nearest: points"),
        ("points = 6", 'points = "6"', "points"),
        ("persons    = 300", "persons = 0", "persons"),
        ("2020-03-31", "2018-03-31", "ends before it starts"),
        ("replicates = 2", "replicates = 2\npresets = ['H99']", "no such hypothesis"),
        ("replicates = 2", "replicates = 2\npresets = ['none', 'none']", "named twice"),
        ("replicates = 2", "replicates = 2\nprecision = {reports = 0.05}", "unknown measure among those of the study"),
        ("replicates = 2", "replicates = 2\nprecision = {b8_granted = 5}", "between 0 and 1"),
    ],
)  # fmt: skip
def test_every_mistake_comes_before_the_first_run(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = TEXT.replace(old, new)
    assert text != TEXT
    with pytest.raises(InputError) as error:
        _ = Study.load(written(tmp_path, text)).points
    assert said in str(error.value)


def test_a_preset_that_sets_what_varies_is_refused() -> None:
    from sim.scenarios.presets import shipped_hypotheses

    preset = next(p for p in shipped_hypotheses() if p.document.parameters)
    name = next(iter(preset.document.parameters))
    with pytest.raises(InputError, match=r"varies, and .* sets it"):
        small_study(parameters={name: "passport"}, presets=(preset.document.hypothesis.id,))


@pytest.mark.parametrize("name", ["tactics.coaches_per_year", "intake.base"])
def test_what_helps_a_trafficker_varies_in_no_study_for_publication(name: str) -> None:
    with pytest.raises(InputError, match="no study for publication"):
        small_study(parameters={name: "passport"})
    assert small_study(parameters={name: "passport"}, publication=False).points


def test_the_study_of_proposals_has_every_shipped_regime() -> None:
    from sim.policies.library import shipped_regimes

    study = Study.load(PROJECT / "experiments" / "proposals.toml")
    assert set(study.asked.scenario.regimes) == set(shipped_regimes()) - {"historical"}
    assert study.asked.throughout
