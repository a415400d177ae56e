"""The receipt (`sim.runs.receipt`): what is needed to make the same numbers again; any input changes it."""

from __future__ import annotations

import getpass
import json
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from compared_runs import REGIMES, REPLICATES, SCENARIO, SEED, compared, ran
from own_files import HYPOTHESIS, REGIME, behaviour_text, for_women, with_regimes, written

import sim
import sim.runs.receipt
from sim.agents.behaviour import Behaviour
from sim.outcomes.groups import Groups
from sim.outcomes.measures import Measures
from sim.runs.naming import distinct
from sim.runs.receipt import source_files, source_hash


def test_the_receipt_is_of_what_was_run() -> None:
    receipt = compared().receipt
    assert (receipt["seed"], receipt["replicates"], receipt["replicates_wanted"]) == (SEED, REPLICATES, REPLICATES)
    assert receipt["regimes"] == REGIMES
    as_run = SCENARIO.replace(regimes=REGIMES, replicates=REPLICATES, seed=SEED)
    assert receipt["scenario_hash"] == as_run.hash()
    assert receipt["transitions"] == sum(len(ran(r, k).transitions) for r in REGIMES for k in range(REPLICATES))
    assert len(set(receipt["population_hashes"])) == REPLICATES
    assert compared().complete


# ---- each input alone ----


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, in which the user is, with a scenario that names own files."""
    text = with_regimes("vc_2019_08", "reform.toml").replace("title ", 'behaviour = "mine.toml"\ntitle ')
    monkeypatch.chdir(written(tmp_path, scenario=text, reform=REGIME, mine=behaviour_text(), own=HYPOTHESIS))
    return tmp_path


def receipt(scenario: sim.Scenario | None = None, **settings: Any) -> dict[str, Any]:
    """Return the receipt of a comparison of one replicate, without what every replicate adds."""
    given = {"replicates": 1, **settings}
    return sim.compare(scenario or sim.Scenario.load("scenario.toml"), **given).receipt


def changed(**changes: Any) -> dict[str, Any]:
    return receipt(sim.Scenario.load("scenario.toml").replace(**changes))


def with_file(name: str, text: str) -> dict[str, Any]:
    written(Path(), **{name: text})
    return receipt()


def with_measure(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    measures = Measures.load()
    other = measures.measure["reports"].model_copy(update={"steps": ("b8.permit",)})
    with monkeypatch.context() as patch:
        patch.setattr(
            Measures, "load", lambda *_: measures.model_copy(update={"measure": {**measures.measure, "reports": other}})
        )
        return receipt()


def with_name(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, value: Any) -> dict[str, Any]:
    with monkeypatch.context() as patch:
        patch.setattr(where, name, value)
        return receipt()


INPUTS: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], dict[str, Any]]]] = {
    "first day": ("scenario_hash", lambda _: changed(start="2019-07-02")),
    "last day": ("scenario_hash", lambda _: changed(end="2020-02-28")),
    "inflow": ("scenario_hash", lambda _: changed(inflow={"scale": 0.021})),
    "capacity": ("scenario_hash", lambda _: changed(capacity={"avim.report": 1})),
    "switch": ("scenario_hash", lambda _: changed(switches={"word_of_mouth": True})),
    "external event": ("scenario_hash", lambda _: changed(shocks=["transfers_stopped"])),
    "form of a decision": ("scenario_hash", lambda _: changed(curves={"investigation_finds_suspect": "linkage"})),
    "parameter": ("parameters_hashes", lambda _: changed(parameters={"dublin.accepted_other": 0.5})),
    "reading": ("readings", lambda _: changed(readings={"U1": "ninety_days"})),
    "reading of one regime": ("readings", lambda _: receipt(regimes=["vc_2019_08+U7=wish_date", "reform.toml"])),
    "regime": ("regime_hashes", lambda _: receipt(regimes=["vc_2018", "reform.toml"])),
    "text of the own regime": ("own_files", lambda _: with_file("reform", for_women())),
    "a word in the own regime": ("own_files", lambda _: with_file("reform", REGIME.replace("Voorbeeld", "Nog een"))),
    "own behaviour": (
        "behaviour_hash",
        lambda _: with_file("mine", behaviour_text().replace("per_trust", "per_fear", 1)),
    ),
    "shipped behaviour": ("behaviour_hash", lambda _: receipt(behaviour=Behaviour.load())),
    "hypothesis": ("hypotheses", lambda _: receipt(sim.Scenario.load("scenario.toml").under("H5"))),
    "own hypothesis": ("parameters_hashes", lambda _: receipt(sim.Scenario.load("scenario.toml").under("own.toml"))),
    "seed": ("seed", lambda _: receipt(seed=9)),
    "replicates": ("replicates", lambda _: receipt(replicates=2)),
    "throughout": ("throughout", lambda _: receipt(throughout=True)),
    "measures": ("measures_hash", with_measure),
    "groups": ("groups", lambda m: with_name(m, Groups, "titles", lambda *_: {"tall": "Tall people"})),
    "version": ("version", lambda m: with_name(m, sim, "__version__", "9.9")),
    "code": ("source_hash", lambda m: with_name(m, sim.runs.receipt, "source_hash", lambda: "x")),
}


@pytest.mark.parametrize("name", list(INPUTS))
def test_an_input_alone_changes_the_receipt(project: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    key, change = INPUTS[name]
    before = receipt()
    after = change(monkeypatch)
    assert before.keys() == after.keys()
    assert before[key] != after[key]
    written(project, reform=REGIME, mine=behaviour_text())
    assert receipt() == before, "and nothing else does"


def test_no_file_of_the_code_can_change_unnoticed(tmp_path: Path) -> None:
    package = Path(sim.__file__).parent
    copy = tmp_path / "sim"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "report", "cli"))
    before = dict(source_files(copy))
    shown = ("cli/", "follow/", "replay/", "report/")
    assert before == dict(source_files(package))
    assert source_hash() == source_hash()
    assert {"engine/kernel.py", "procedures/b8.toml", "policies/vc_2019_08.toml", "outcomes/measures.toml"} <= set(
        before
    )
    assert {"evidence/observed.csv", "evidence/parameters.toml", "agents/behaviour.toml"} <= set(before)
    assert not any(name.startswith(shown) for name in before)
    for name, content in before.items():
        (copy / name).write_bytes(content.replace(b"\n", b"\r\n"))
    assert dict(source_files(copy)) == before, "the ends of lines do not count"


# ---- what it does not say, and what it says of several regimes ----


def test_it_names_nobody_and_no_place(project: Path) -> None:
    text = json.dumps(receipt())
    for secret in (
        str(project),
        f"/home/{getpass.getuser()}",
        platform.node() if len(platform.node()) > 5 else "/tmp/",
    ):
        assert secret not in text


def test_each_regime_has_its_readings_and_its_parameters(project: Path) -> None:
    comparison = sim.compare("scenario.toml", ["vc_2018+U10=fifty", "vc_2019_08"], replicates=1)
    assert [chosen["U10"] for chosen in comparison.receipt["readings"]] == ["fifty", "sixty_one"]
    assert len(set(comparison.receipt["parameters_hashes"])) == 2
    table = comparison.assumptions
    places = table[table.parameter == "shelter.specialised_places"]
    assert dict(zip(places.regimes, places.value, strict=True)) == {"vc_2018+U10=fifty": 50, "vc_2019_08": 61}
    assert set(table.regimes[table.parameter != "shelter.specialised_places"]) == {""}
    assert len(table) == len(SCENARIO.parameter_values()) + 1


def test_a_run_has_one_too(project: Path) -> None:
    one = sim.run("scenario.toml", "reform.toml", replicate=np.int64(1)).receipt
    assert (one["regimes"], one["replicate"]) == (["reform"], 1)
    assert set(one["own_files"]) == {"behaviour.toml", "regimes/reform.toml"}
    assert one["behaviour_hash"] == receipt()["behaviour_hash"]


# ---- the same numbers again ----


def test_the_folder_gives_the_same_numbers_and_the_same_receipt(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(project / "d", reform=for_women())
    scenario = sim.Scenario.load("scenario.toml").under("H5", "own.toml")
    given = ["vc_2018", "reform.toml", Path("d/reform.toml"), "vc_2018", sim.Regime.load("reform.toml+U1=ninety_days")]
    first = sim.compare(scenario, given, replicates=2, seed=4, throughout=True)
    folder = first.save(project / "kept")
    written(project, reform="", mine="")
    monkeypatch.chdir("/")
    again = sim.compare(folder / "scenario.toml")
    assert again.receipt == first.receipt
    assert again.regimes == first.regimes == ["vc_2018", "reform", "reform (2)", "vc_2018 (2)", "reform+U1=ninety_days"]
    for table in ("measures", "differences", "incidence", "pairs", "law_changes", "assumptions"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(first, table))
    twice = again.save(project / "twice")
    assert [path.relative_to(folder) for path in sorted(folder.rglob("*"))] == [
        path.relative_to(twice) for path in sorted(twice.rglob("*"))
    ]
    for path in folder.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (twice / path.relative_to(folder)).read_bytes(), path
            assert str(project).encode() not in path.read_bytes(), path


def test_a_regime_compared_with_itself_has_a_name_of_its_own() -> None:
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
