"""The doors of the command: exit statuses, messages, and nothing written when something is wrong.

What the commands call is replaced by small stand-ins: the tests are about the command alone, and an interrupt
or a defect comes from the real library only by chance.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.cli import main
from sim.files.errors import InputError, InputErrors

B8sim = Callable[..., tuple[int, str, str]]


@pytest.fixture
def b8sim(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Run the command in an empty folder: its exit status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["b8sim", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return call


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a module with the given names in the place of one of the library."""

    def put(module: str, **names: Any) -> None:
        instead = ModuleType(module)
        for name, value in names.items():
            setattr(instead, name, value)
        monkeypatch.setitem(sys.modules, module, instead)

    return put


def comparison(complete: bool = True) -> SimpleNamespace:
    """Return the tables of a comparison, as small as they can be."""
    measure = {"measure": "b8_granted", "world": "true", "group": "all"}
    level = {"low": 1.0, "high": 3.0, "unit": "persons", "replicates": 2}
    return SimpleNamespace(
        measures=pd.DataFrame(
            [
                {**measure, "regime": "a", "mean": 1234.5, **level},
                {**measure, "regime": "b", "mean": 2.0, **level},
            ]
        ),
        differences=pd.DataFrame(
            [
                {
                    **measure,
                    "baseline": "a",
                    "reform": "b",
                    "difference": -1232.5,
                    "low": -1300.0,
                    "high": -1100.0,
                    "unit": "persons",
                    "share_higher": 0.5,
                    "replicates": 2,
                }
            ]
        ),
        incidence=pd.DataFrame({"regime": ["a"], "incidence": [0.5]}),
        pairs=pd.DataFrame({"baseline": ["a"], "persons": [1.0]}),
        law_changes=pd.DataFrame({"step": ["b8.report"], "old": [None]}),
        assumptions=pd.DataFrame({"parameter": ["p"], "value": ["x"]}),
        catalogue=pd.DataFrame(
            [
                {
                    "measure": "b8_granted",
                    "world": "true",
                    "area": "protection",
                    "title": "B8 permits [granted]",
                    "unit": "persons",
                    "meaning": "",
                }
            ]
        ),
        regimes=["a", "b"],
        receipt={"seed": 1, "replicates": 2, "replicates_wanted": 5},
        complete=complete,
        scenario_text="title = 'x'\n",
    )


def write_report(_comparison: Any, folder: Path) -> None:
    """Stand in for the report."""
    (folder / "report.html").write_text("<html>")


def files(folder: Path) -> list[str]:
    """Return everything under a folder, hidden or not."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# The command as such


def test_version(b8sim: B8sim) -> None:
    import sim

    assert b8sim("--version") == (0, f"b8sim {sim.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["comprae", "x"], "compare"),
        (["compare", "x", "--replicats", "3"], "--replicates"),
        (["diff", "a"], "B"),
        (["run", "x"], "--regime"),
        (["diff", "a", "b", "--format", "html"], "markdown"),
    ],
)
def test_unknown_words_end_with_2_and_a_hint(b8sim: B8sim, arguments: list[str], hint: str) -> None:
    status, out, err = b8sim(*arguments)
    assert (status, out) == (2, "")
    assert hint in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ["compare", "x", "--replicates", "0"],
            '--replicates: out of range\n  given: "0"\n  accepted: a whole number from 1 to 1000000\n',
        ),
        (
            ["compare", "x", "--replicates", "1e3"],
            '--replicates: not a whole number\n  given: "1e3"\n  accepted: a whole number from 1 to 1000000\n',
        ),
        (
            ["compare", "x", "--seed", "9223372036854775808"],
            '--seed: out of range\n  given: "9223372036854775808"\n'
            "  accepted: a whole number from 0 to 9223372036854775807\n",
        ),
        (
            ["run", "x", "--regime", "a", "--seed", "-1"],
            '--seed: out of range\n  given: "-1"\n  accepted: a whole number from 0 to 9223372036854775807\n',
        ),
        (
            ["follow", "x", "--person", "1", "--replicate", "٣"],
            '--replicate: not a whole number\n  given: "٣"\n  accepted: a whole number from 0 to 1000000\n',
        ),
    ],
)
def test_numbers_out_of_bounds(b8sim: B8sim, arguments: list[str], text: str) -> None:
    assert b8sim(*arguments) == (2, "", text)


@pytest.mark.parametrize("regimes", ["a", "a,", "a,,b", ""])
def test_regimes_that_are_no_list(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path, regimes: str) -> None:
    stand_in("sim.runs.compare", compare=pytest.fail)
    status, out, err = b8sim("compare", "x", "--regimes", regimes, "--out", "results")
    assert (status, out) == (2, "")
    assert err.startswith(f'--regimes: not a list of regimes\n  given: "{regimes}"\n')
    assert files(tmp_path) == []


# A comparison


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
    assert asked == {"scenario": "x", "regimes": ["a", "b"], "seed": 7, "throughout": False, "progress": None}
    assert "B8 permits [granted]" in out
    (row,) = (line for line in out.splitlines() if "B8 permits" in line)
    cells = [cell.strip() for cell in row.split("│")[1:-1]]
    minus = "\N{MINUS SIGN}"
    assert cells[2:] == ["1,234", "2", f"{minus}1,232", f"{minus}1,300 to {minus}1,100", "1 of 2"]
    assert err == "Tables, figures and report.html are in results/x\n"
    tables = [
        f"{name}.{end}" for name in ("differences", "incidence", "measures", "pairs") for end in ("csv", "parquet")
    ]
    others = ["assumptions.csv", "law_changes.csv", "receipt.json", "report.html", "scenario.toml"]
    assert files(tmp_path / "results" / "x") == sorted(tables + others)


def test_comparison_without_a_folder_says_that_nothing_was_written(
    b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path
) -> None:
    stand_in("sim.runs.compare", compare=lambda *_, **__: comparison())
    status, out, err = b8sim("compare", "scenarios/x.toml")
    assert (status, err) == (
        0,
        "Nothing was written; --out results/x-a-b keeps the tables and the report.\n",
    )
    assert "b compared with a" in out
    assert b8sim("compare", "x", "--quiet") == (0, "", "")
    assert files(tmp_path) == []


def test_folder_is_refused_before_the_work(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path) -> None:
    stand_in("sim.runs.compare", compare=pytest.fail)
    stand_in("sim.runs.single", run=pytest.fail)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    text = "full: the folder is not empty\n  accepted: a new or an empty folder\n"
    assert b8sim("compare", "x", "--out", "full") == (2, "", text)
    assert b8sim("run", "x", "--regime", "a", "--out", "full") == (2, "", text)


def test_mistakes_of_the_library_end_with_2_and_nothing_written(
    b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path
) -> None:
    problems = [InputError("unknown key", file="x.toml", key="a"), InputError("too small", key="b", value=-1)]

    def refuse(*_: Any, **__: Any) -> None:
        raise InputErrors(problems)

    text = "x.toml: a: unknown key\nb: too small\n  given: -1\n"
    stand_in("sim.runs.compare", compare=refuse)
    stand_in("sim.runs.single", run=refuse)
    stand_in("sim.cli.checking", check=refuse)
    assert b8sim("compare", "x", "--out", "results/x") == (2, "", text)
    assert b8sim("run", "x", "--regime", "a", "--out", "results/x") == (2, "", text)
    assert b8sim("check", "x.toml") == (2, "", text)
    assert files(tmp_path) == []


def test_interrupt_before_anything_is_done(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    stand_in("sim.runs.compare", compare=interrupted)
    assert b8sim("compare", "x", "--out", "x") == (130, "", "interrupted; nothing was written\n")
    assert files(tmp_path) == []
    assert b8sim("compare", "x") == (130, "", "interrupted\n")


def test_interrupt_keeps_what_is_done(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path) -> None:
    stand_in("sim.runs.compare", compare=lambda *_, **__: comparison(complete=False))
    stand_in("sim.report.html", write_report=write_report)
    status, out, err = b8sim("compare", "x", "--out", "x")
    assert status == 130
    assert "B8 permits" in out
    assert err.endswith("interrupted: the results are of 2 of 5 replicates\n")
    assert "measures.csv" in files(tmp_path / "x")


def test_defect_shows_its_traceback_and_has_its_own_exit_status(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stand_in: Callable[..., None],
    tmp_path: Path,
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["b8sim", "compare", "x", "--out", "x"])
    stand_in("sim.runs.compare", compare=broken)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 70
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert files(tmp_path) == []


# The other commands


def test_run_prints_and_writes(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path) -> None:
    table = pd.DataFrame({"measure": ["reports", "reports"], "group": ["all", "women"], "value": [12.5, 7.5]})
    table = table.assign(world="true", unit="reports")
    result = SimpleNamespace(measures=table, transitions=table, persons=table, receipt={})
    stand_in("sim.runs.single", run=lambda *_, **__: result)
    status, out, err = b8sim("run", "x", "--regime", "a", "--out", "x")
    assert (status, err) == (0, "Transitions, persons and measures are in x\n")
    assert "12.5" in out
    assert "7.5" not in out
    assert {"transitions.csv", "persons.parquet", "receipt.json"} <= set(files(tmp_path / "x"))


def test_diff_in_three_formats(b8sim: B8sim, stand_in: Callable[..., None]) -> None:
    row = {
        "step": "b8.report",
        "title": "Report",
        "what": "next",
        "old": None,
        "new": "a|b",
        "source": "wbv2019_10",
    }
    changes = pd.DataFrame([{**row, "status": "read", "why": "since"}])
    stand_in("sim.policies.diff", diff=lambda a, b: changes if a != b else changes.iloc[:0])
    status, out, _ = b8sim("diff", "a", "b")
    assert status == 0
    assert "b8.report" in out
    assert b8sim("diff", "a", "b", "--format", "csv")[1] == (
        "step,title,what,old,new,source,status,why\nb8.report,Report,next,,a|b,wbv2019_10,read,since\n"
    )
    assert b8sim("diff", "a", "b", "--format", "markdown")[1].splitlines() == [
        "| step | title | what | old | new | source | status | why |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        r"| b8.report | Report | next |  | a\|b | wbv2019_10 | read | since |",
    ]
    assert b8sim("diff", "a", "a") == (0, "a and a are the same.\n", "")


def test_replay_ends_with_the_status_of_its_answer(b8sim: B8sim, stand_in: Callable[..., None]) -> None:
    def replay(path: Path, regime: str | None) -> SimpleNamespace:
        answer = {"a": "possible", "b": "possible_only_if"}.get(regime or "", "impossible")
        return SimpleNamespace(possible=answer == "possible", answer=answer, text=f"{path.name} under {regime}")

    stand_in("sim.replay", replay=replay)
    assert b8sim("replay", "c.toml", "--regime", "a") == (0, "c.toml under a\n", "")
    assert b8sim("replay", "c.toml", "--regime", "b") == (3, "c.toml under b\n", "")
    assert b8sim("replay", "c.toml") == (1, "c.toml under None\n", "")


def test_follow_and_check_print_what_they_get(b8sim: B8sim, stand_in: Callable[..., None]) -> None:
    stand_in("sim.follow.story", follow=lambda *_, **given: SimpleNamespace(text=str(sorted(given))))
    stand_in("sim.cli.checking", check=lambda paths: [f"{path}: ok" for path in paths or ["all"]])
    assert b8sim("follow", "x", "--person", "1")[1] == "['person', 'replicate', 'throughout']\n"
    assert b8sim("check", "a.toml", "b.toml") == (0, "a.toml: ok\nb.toml: ok\n", "")
    assert b8sim("check") == (0, "all: ok\n", "")
