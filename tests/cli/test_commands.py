"""The command from end to end on a small scenario: what it prints, writes, refuses and keeps."""

from __future__ import annotations

import getpass
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.outcomes.groups import CAUSES, GROUPS, OUTCOMES, RULE_GROUPS
from sim.policies import library

B8sim = Callable[..., tuple[int, str, str]]
PEOPLE = "[0-9,]+ people in each replicate\n"
"""The first line on standard error."""

SMALL = """
extends = "netherlands"

[scenario]
title      = "A small Netherlands"
end        = 2020-06-30
replicates = 3
seed       = 5

[inflow]
scale = 0.02
"""
COLUMNS = {
    "measures": "measure, world, group, regime, mean, low, high, unit, replicates",
    "differences": "measure, world, group, baseline, reform, difference, low, high, unit, "
    "share_higher, share_lower, share_equal, replicates",
    "incidence": "regime, group, cause, day, incidence",
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


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of results of a comparison, made once by a process of its own."""
    folder = tmp_path_factory.mktemp("end to end")
    (folder / "small.toml").write_text(SMALL)
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "compare", "small.toml", "--out", "results/one"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = "".join(
        line for line in done.stderr.splitlines(keepends=True) if not line.startswith("b8sim: compiling the engine")
    )
    assert re.fullmatch(PEOPLE + "Tables, figures and report.html are in results/one\n", said)
    (folder / "screen.txt").write_text(done.stdout)
    return folder


@pytest.fixture
def b8sim(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Run the command in a folder that holds the small scenario: exit status, standard output and error."""
    (tmp_path / "small.toml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["b8sim", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return call


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# ---- compare ----


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
    assert set(measures.group) == {*GROUPS, *RULE_GROUPS}
    needed = "all dublin non_dublin NGA UGA GMB GIN SLE other women men minors exploited_nl exploited_eu"
    assert {*needed.split(), "exploited_outside"} <= set(GROUPS)
    assert set(differences.baseline) == {"vc_2018"}
    assert set(differences.reform) == {"vc_2019_08"}
    assert set(tables["incidence"].cause) == set(CAUSES)
    assert set(tables["pairs"].baseline_outcome) == set(tables["pairs"].reform_outcome) == set(OUTCOMES)
    assert not measures.duplicated(["measure", "world", "group", "regime"]).any()
    assert not differences.duplicated(["measure", "world", "group", "reform"]).any()
    curves = tables["incidence"].dropna()
    for _, curve in curves.groupby(["regime", "group", "cause"]):
        assert (np.diff(curve.sort_values("day").incidence) >= -1e-12).all()
    assert curves.groupby(["regime", "group", "day"]).incidence.sum().max() <= 1 + 1e-9


def test_the_screen_shows_what_the_tables_hold(compared: Path) -> None:
    screen = (compared / "screen.txt").read_text()
    table = pd.read_parquet(compared / "results" / "one" / "measures.parquet").set_index(
        ["measure", "world", "group", "regime"]
    )
    assert screen.startswith("vc_2019_08 compared with vc_2018")
    row = next(line for line in screen.splitlines() if "Reports taken by the police" in line)
    cells = [cell.strip() for cell in row.split("│")[1:-1]]
    for cell, regime in zip(cells[2:4], ("vc_2018", "vc_2019_08"), strict=True):
        assert float(cell.replace(",", "")) == pytest.approx(
            table["mean"]["reports", "simulated", "all", regime], rel=0.02
        )


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


def test_options_go_before_the_scenario_file(b8sim: B8sim, tmp_path: Path) -> None:
    status, out, err = b8sim(
        *("compare", "small.toml", "--regimes", "vc_2019_08, recognition_panel", "--replicates", "2"),
        *("--seed", "9", "--throughout", "--quiet", "--out", "x"),
    )
    assert (status, out, err) == (0, "", "")
    receipt = json.loads((tmp_path / "x" / "receipt.json").read_text())
    assert receipt["regimes"] == ["vc_2019_08", "recognition_panel"]
    assert (receipt["replicates"], receipt["seed"], receipt["throughout"]) == (2, 9, True)


@pytest.mark.parametrize(
    ("scale", "arguments"),
    [
        ("0.01", ["--replicates", "1"]),
        ("0", ["--replicates", "2"]),
        ("0.01", ["--replicates", "2", "--regimes", "vc_2018,vc_2018"]),
        ("0.01", ["--replicates", "2", "--regimes", "vc_2018,vc_2019_08+c_66_21+U1=ninety_days,P1"]),
    ],
)
def test_odd_comparisons_have_a_folder_and_a_report_too(
    b8sim: B8sim, tmp_path: Path, scale: str, arguments: list[str]
) -> None:
    """One replicate, nobody at all, a regime against itself, three regimes."""
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


# ---- run, diff, check ----


def test_run_writes_what_the_library_returns(b8sim: B8sim, tmp_path: Path) -> None:
    status, out, err = b8sim("run", "small.toml", "--regime", "vc_2019_08", "--replicate", "1", "--out", "x")
    assert status == 0
    assert re.fullmatch(PEOPLE + "Transitions, persons and measures are in x\n", err)
    assert "b8_granted" in out
    result = sim.run(tmp_path / "small.toml", "vc_2019_08", replicate=1)
    for name in ("transitions", "persons", "measures"):
        written = pd.read_parquet(tmp_path / "x" / f"{name}.parquet")
        pd.testing.assert_frame_equal(written, getattr(result, name), check_dtype=False)
        csv = pd.read_csv(tmp_path / "x" / f"{name}.csv")
        assert list(csv.columns) == list(written.columns)
        assert len(csv) == len(written) > 100
    receipt = json.loads((tmp_path / "x" / "receipt.json").read_text())
    assert (receipt["replicate"], receipt["seed"], receipt["regimes"]) == (1, 5, ["vc_2019_08"])
    assert len(everything(tmp_path / "x")) == 8


def test_run_without_a_folder_writes_nothing(b8sim: B8sim, tmp_path: Path) -> None:
    status, out, err = b8sim("run", "small.toml", "--regime", "vc_2018")
    assert status == 0
    assert "b8_granted" in out
    assert re.match(PEOPLE + "Nothing was written", err)
    assert everything(tmp_path) == ["small.toml"]


def test_diff_in_three_formats_says_the_same(b8sim: B8sim) -> None:
    from sim.policies.diff import diff

    table = diff("vc_2018", "vc_2019_08")
    status, terminal, err = b8sim("diff", "vc_2018", "vc_2019_08")
    assert (status, err) == (0, "")
    status, csv, err = b8sim("diff", "vc_2018", "vc_2019_08", "--format", "csv")
    assert (status, err) == (0, "")
    assert csv.splitlines()[0] == "step,title,what,old,new,source,status,why"
    assert csv == table.to_csv(index=False, lineterminator="\n")
    status, markdown, err = b8sim("diff", "vc_2018", "vc_2019_08", "--format", "markdown")
    assert (status, err) == (0, "")
    assert len(markdown.splitlines()) == len(table) + 2
    for text in (terminal, csv, markdown):
        assert "b8.report" in text
        assert "necessity" in text
    status, out, _ = b8sim("diff", "vc_2018", "vc_2018")
    assert (status, out) == (0, "vc_2018 and vc_2018 are the same.\n")
    assert b8sim("diff", "R0", "vc_2018", "--format", "csv")[1].count("\n") == 1


def test_check_reads_everything_and_runs_nothing(b8sim: B8sim, tmp_path: Path) -> None:
    status, out, err = b8sim("check")
    assert (status, err) == (0, "")
    assert "netherlands.toml" in out
    status, out, err = b8sim("check", "small.toml")
    assert (status, err) == (0, "")
    assert out.startswith("small.toml")
    (tmp_path / "wrong.toml").write_text(SMALL.replace("scale", "scael"))
    status, out, err = b8sim("check", "small.toml", "wrong.toml")
    assert (status, out) == (2, "")
    assert "inflow.scael: unknown key" in err
    assert everything(tmp_path) == ["small.toml", "wrong.toml"]


def test_check_takes_a_court_layer(b8sim: B8sim, tmp_path: Path) -> None:
    """A layer alone is no regime, but a file that can be right or wrong."""
    text = (library.POLICIES / "c_66_21.toml").read_text()
    (tmp_path / "mine.toml").write_text(text)
    assert b8sim("check", "mine.toml") == (0, "mine.toml: a court layer: ok\n", "")
    (tmp_path / "mine.toml").write_text(re.sub(r"step +=.*", 'step = "b8.reprot"', text))
    assert "mine.toml: amend[0].step: unknown step" in refused(b8sim, tmp_path, "check", "mine.toml")


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sim.cli", "--help"], capture_output=True, text=True, check=True
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "typer" in imported
    assert not {"numba", "pandas", "numpy", "scipy", "matplotlib", "mesa", "pydantic"} & imported
    for command in ("compare", "run", "diff", "check"):
        assert re.search(rf"^\W*{command}\b", done.stdout, re.MULTILINE)


# ---- what is refused ----


def refused(b8sim: B8sim, folder: Path, *arguments: str) -> str:
    """Exit status 2, one explanation on standard error, nothing on standard output and nothing written."""
    before = everything(folder)
    status, out, err = b8sim(*arguments)
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert everything(folder) == before
    return err


WORK = (["compare", "small.toml"], ["run", "small.toml", "--regime", "vc_2018"])


@pytest.mark.parametrize("work", WORK)
def test_a_folder_in_use_is_refused(b8sim: B8sim, tmp_path: Path, work: list[str]) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    assert refused(b8sim, tmp_path, *work, "--out", "used").startswith("used: the folder is not empty\n")
    assert "is not a folder" in refused(b8sim, tmp_path, *work, "--out", "small.toml")
    (tmp_path / ".busy.partial").mkdir()
    assert "another run is writing to it" in refused(b8sim, tmp_path, *work, "--out", "busy")
    assert (tmp_path / "used" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("work", WORK)
def test_a_place_that_cannot_be_written_is_refused(b8sim: B8sim, tmp_path: Path, work: list[str]) -> None:
    """Also for one who may do everything: below a file, in a file system that takes no files, a name too long."""
    places = ["small.toml/x", "x" * 300]
    if Path("/proc/self").exists():
        places.append("/proc/b8sim/x")
    for place in places:
        assert "cannot be written" in refused(b8sim, tmp_path, *work, "--out", place)


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(b8sim: B8sim, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "permission denied" in refused(b8sim, tmp_path, "compare", "small.toml", "--out", "closed/x")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["compare", "small.toml", "--replicates", "0"], "--replicates: out of range"),
        (["compare", "small.toml", "--replicates", "-2"], "--replicates: out of range"),
        (["compare", "small.toml", "--replicates", "many"], "--replicates: not a whole number"),
        (["compare", "small.toml", "--seed", "-1"], "--seed: out of range"),
        (["compare", "small.toml", "--regimes", "vc_2018"], "--regimes: not a list of regimes"),
        (["compare", "small.toml", "--regimes", "vc_2018,vc_2019_8"], "nearest: vc_2019_08"),
        (["compare", "small.toml", "--regimes", "vc_2018,vc_2019_08+U1=sixty_days"], "unknown answer to U1"),
        (["compare", "small.toml", "--regimes", "vc_2018,c_66_21"], "a court layer alone is no regime"),
        (["run", "small.toml", "--regime", "vc2018"], "nearest: vc_2018"),
        (["run", "smal.toml", "--regime", "vc_2018"], "nearest: small.toml"),
        (["run", "small.toml", "--regime", "vc_2018", "--replicate", "-1"], "--replicate: out of range"),
        (["diff", "vc_2018", "vc_2020"], "nearest: vc_2"),
        (["check", "small.tml"], "no such file"),
    ],
)
def test_mistakes_on_the_command_line(b8sim: B8sim, tmp_path: Path, arguments: list[str], told: str) -> None:
    out = ["--out", "x"] if arguments[0] in ("compare", "run") else []
    assert told in refused(b8sim, tmp_path, *arguments, *out)


# ---- interrupted ----

SLOW = """
import sys, time, pathlib
import sim.runs.executors as runner
reduce = runner.reduce_replicate
def slowly(*arguments):
    replicate = arguments[-1]
    if replicate >= {fast}:
        pathlib.Path("started").touch()
        time.sleep({pause})
    return reduce(*arguments)
runner.reduce_replicate = slowly
sys.argv = ["b8sim", *sys.argv[1:]]
from sim.cli import main
main()
"""


COMMAND = ("compare", "small.toml", "--replicates", "40", "--out", "kept")


def hear_interrupts() -> None:
    """Undo what a shell does to commands in the background: it has them ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(folder: Path, *, fast: int, pause: float) -> tuple[int, str, str]:
    """Press Ctrl-C when the first of the slow replicates has begun."""
    (folder / "small.toml").write_text(SMALL)
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(fast=fast, pause=pause), *COMMAND],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interrupts,  # noqa: PLW1509 - it only sets a signal
    )
    deadline = time.monotonic() + 120
    while not (folder / "started").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_half_way_keeps_what_is_finished_and_says_so(tmp_path: Path) -> None:
    status, out, err = interrupted(tmp_path, fast=4, pause=1.0)
    assert status == 130, err
    assert "Traceback" not in err
    told = re.search(r"interrupted: the results are of (\d+) of 40 replicates\n$", err)
    assert told, err
    finished = int(told[1])
    assert 4 <= finished < 40
    assert "Received the B8 permit" in out
    receipt = json.loads((tmp_path / "kept" / "receipt.json").read_text())
    assert (receipt["replicates"], receipt["replicates_wanted"]) == (finished, 40)
    table = pd.read_parquet(tmp_path / "kept" / "measures.parquet")
    assert table[table.measure == "reports"].replicates.max() == finished
    assert "report.html" in everything(tmp_path / "kept")
    whole = sim.compare(tmp_path / "small.toml", replicates=4)
    assert receipt["population_hashes"][:4] == whole.receipt["population_hashes"]


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_before_anything_is_finished_leaves_nothing(tmp_path: Path) -> None:
    status, out, err = interrupted(tmp_path, fast=0, pause=60.0)
    assert (status, out) == (130, "")
    assert re.fullmatch(PEOPLE + "interrupted; nothing was written\n", err)
    assert everything(tmp_path) == ["small.toml", "started"]
