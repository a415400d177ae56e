"""``b8sim compare`` (`sim.cli.compare`), from end to end on a small scenario."""

from __future__ import annotations

import getpass
import json
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import SMALL, B8sim, comparison, everything, write_report

import sim
from sim.outcomes.groups import CAUSES, OUTCOMES, RULE_GROUPS, Groups


def test_comparison_writes_the_folder_and_prints_the_headlines(
    b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path
) -> None:
    asked: dict[str, Any] = {}

    def compare(scenario: str, **settings: Any) -> SimpleNamespace:
        asked.update(settings, scenario=scenario)
        return comparison()

    stand_in("sim.runs.compare", compare=compare)
    stand_in("sim.report.html", write_report=write_report)
    status, out, err = b8sim("compare", "x", "--regimes", "a, b", "--seed", "7", "--out", "results/x")
    assert status == 0
    assert callable(asked.pop("heed"))
    assert asked == {"scenario": "x", "regimes": ["a", "b"], "seed": 7, "progress": None, "partial": True}
    assert "B8 permits [granted]" in out
    (row,) = (line for line in out.splitlines() if "B8 permits" in line)
    cells = [cell.strip() for cell in row.split("│")[1:-1]]
    minus = "\N{MINUS SIGN}"
    assert cells[2:] == ["1,234", "2", f"{minus}1,232", f"{minus}1,300 to {minus}1,100", "1 / 0 / 1"]
    assert err == "Tables, figures and report.html are in results/x\n"
    tables = [
        f"{name}.{end}" for name in ("differences", "incidence", "measures", "pairs") for end in ("csv", "parquet")
    ]
    others = ["assumptions.csv", "catalogue.csv", "checksums.sha256", "law_changes.csv"]
    others += ["receipt.json", "report.html", "scenario.toml"]
    others += ["regimes", "regimes/mine.toml"]
    assert everything(tmp_path / "results" / "x") == sorted(tables + others)


def test_a_library_that_is_missing_is_told_before_the_run(
    b8sim: B8sim, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sim.cli.work.find_spec", lambda name: None if name == "matplotlib" else find_spec(name))
    monkeypatch.setattr("sim.runs.compare.compare", lambda *_, **__: pytest.fail("it ran"))
    status, out, err = b8sim("compare", "netherlands", "--out", str(tmp_path / "x"))
    assert status == 2
    assert out == ""
    assert err == "matplotlib is not installed: the results could not be written (pip install matplotlib)\n"
    assert not (tmp_path / "x").exists()


COLUMNS = {
    "measures": "measure, world, group, regime, mean, low, high, unit, replicates",
    "differences": "measure, world, group, baseline, reform, difference, low, high, unit, "
    "share_higher, share_lower, share_equal, replicates",
    "incidence": "regime, group, cohort, cause, day, incidence",
    "pairs": "baseline, reform, group, baseline_outcome, reform_outcome, persons, low, high",
}
NAMES = """
victims_signalled victims_recognised victims_never_seen registrations triage_sensitivity triage_specificity
reflection_offered reflection_used b8_applications b8_granted b8_refused b8_withdrawn protected_days
shelter_placements continued_stay asylum_granted route_b8_only route_asylum_only route_asylum_then_b8
route_b8_then_asylum route_none wish_to_report reports report_wait_days gone_before_heard leads_per_report
investigations early_dismissals networks_with_lead networks_with_suspect networks_convicted leads_lost
dublin_claims dublin_accepted dublin_transferred dublin_lapsed nl_responsible_by_permit nl_responsible_by_lapse
protected_abroad returned_after_transfer left_unknown left_unknown_trafficker left_unknown_transfer
left_unknown_onward left_unknown_waiting seen_again re_exploited exploited_days om_target_met strategic_claims
strategic_granted victims_losing_b8_per_strategic_claim_prevented
"""


def test_compare_writes_the_whole_folder(compared: Path) -> None:
    found = {path.name for path in (compared / "results" / "one").iterdir()}
    tables = {f"{name}.{kind}" for name in COLUMNS for kind in ("csv", "parquet")}
    others = {
        "report.html",
        "receipt.json",
        "scenario.toml",
        "law_changes.csv",
        "assumptions.csv",
        "replicates.parquet",
    }
    assert tables | others <= found
    assert not [path for path in everything(compared / "results") if "partial" in path]


@pytest.mark.parametrize("name", list(COLUMNS))
def test_tables_have_the_columns_of_the_manual_and_are_the_same_twice(compared: Path, name: str) -> None:
    csv = pd.read_csv(compared / "results" / "one" / f"{name}.csv", keep_default_na=False, na_values=[""])
    parquet = pd.read_parquet(compared / "results" / "one" / f"{name}.parquet")
    assert ", ".join(csv.columns) == ", ".join(parquet.columns) == COLUMNS[name]
    assert len(csv) == len(parquet) > 500
    for column in csv.columns:
        if parquet[column].dtype.kind in "fi":
            np.testing.assert_allclose(csv[column].astype(float), parquet[column].astype(float), rtol=1e-9)
        else:
            assert csv[column].tolist() == parquet[column].tolist()
    text = (compared / "results" / "one" / f"{name}.csv").read_bytes()
    assert b"\r" not in text
    assert b"-0," not in text
    assert text.endswith(b"\n")


def test_tables_hold_every_measure_group_and_exit(compared: Path) -> None:
    tables = {name: pd.read_parquet(compared / "results" / "one" / f"{name}.parquet") for name in COLUMNS}
    measures, differences = tables["measures"], tables["differences"]
    assert set(NAMES.split()) <= set(measures.measure)
    for kind in ("queue", "wait", "utilisation"):
        assert (measures.measure == f"{kind}_avim.report").any()
    assert set(measures.world) == {"simulated", "recorded"}
    assert set(measures.regime) == {"vc_2018", "vc_2019_08"}
    assert set(measures.group) == {*Groups.load().names, *RULE_GROUPS}
    needed = "all dublin non_dublin NGA UGA GMB GIN SLE other women men minors exploited_nl exploited_eu"
    assert {*needed.split(), "exploited_outside"} <= set(Groups.load().names)
    assert set(differences.baseline) == {"vc_2018"}
    assert set(differences.reform) == {"vc_2019_08"}
    assert set(tables["incidence"].cause) == set(CAUSES)
    assert set(tables["pairs"].baseline_outcome) == set(tables["pairs"].reform_outcome) == set(OUTCOMES)
    assert "all" in set(tables["incidence"].cohort)
    assert any(cohort.isdecimal() for cohort in set(tables["incidence"].cohort))
    assert not measures.duplicated(["measure", "world", "group", "regime"]).any()
    assert not differences.duplicated(["measure", "world", "group", "reform"]).any()
    curves = tables["incidence"].dropna()
    for _, curve in curves.groupby(["regime", "group", "cohort", "cause"]):
        assert (np.diff(curve.sort_values("day").incidence) >= -1e-12).all()
    assert curves.groupby(["regime", "group", "cohort", "day"]).incidence.sum().max() <= 1 + 1e-9


def test_the_folder_says_what_was_run_and_not_by_whom(compared: Path) -> None:
    folder = compared / "results" / "one"
    receipt = json.loads((folder / "receipt.json").read_text())
    assert receipt["version"] == sim.__version__
    assert (receipt["seed"], receipt["replicates"]) == (5, 3)
    assert receipt["regimes"] == ["vc_2018", "vc_2019_08"]
    assert receipt["scenario_hash"] == sim.Scenario.load(compared / "small.toml").hash()
    assert sim.Scenario.load(folder / "scenario.toml").hash() == receipt["scenario_hash"]
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert receipt["scenario_hash"][:8] in report
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert str(compared).encode() not in content, path
        assert platform.node().encode() not in content or len(platform.node()) < 6, path
        assert f"/home/{getpass.getuser()}".encode() not in content, path


def test_the_report_needs_nothing_from_elsewhere(compared: Path) -> None:
    report = (compared / "results" / "one" / "report.html").read_text(encoding="utf-8")
    assert report.lstrip().startswith("<!DOCTYPE html>")
    assert "scenario small" in report
    assert not re.findall(r'(?:src|href)="(?!data:|#|https?://|[\w./-]+\.(?:csv|json|toml|svg|pdf|png|html)")', report)
    assert "<script src" not in report
    assert "<link" not in report


def test_the_same_command_twice_writes_the_same_bytes(compared: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "sim.cli", "compare", "small.toml", "--out", "results/two", "--quiet"],
        cwd=compared,
        check=True,
        capture_output=True,
    )
    one, two = compared / "results" / "one", compared / "results" / "two"
    assert everything(one) == everything(two)
    differing = [
        path
        for path in everything(one)
        if (one / path).is_file() and (one / path).read_bytes() != (two / path).read_bytes()
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("scale", "arguments"),
    [
        ("0", ["--replicates", "2"]),
        ("0.01", ["--replicates", "1", "--regimes", "vc_2018,vc_2018,vc_2019_08+c_66_21+U1=ninety_days"]),
    ],
)
def test_odd_comparisons_have_a_folder_and_a_report_too(
    b8sim: B8sim, tmp_path: Path, scale: str, arguments: list[str]
) -> None:
    """Nobody at all; one replicate of three regimes, one of them against itself."""
    (tmp_path / "small.toml").write_text(SMALL.replace("0.02", scale))
    status, out, err = b8sim("compare", "small.toml", *arguments, "--out", "x")
    assert status == 0
    first, last = err.splitlines()
    assert re.match("[0-9,]+ people in each replicate", first)
    assert ("; c_66_21 is not in force in this period" in first) == ("c_66_21" in arguments[-1])
    assert last == "Tables, figures and report.html are in x"
    assert "Received the B8 permit" in out
    assert "nan" not in out.lower().replace("rechtspraak", "")
    assert "report.html" in everything(tmp_path / "x")
