"""The manual: its commands, Python and files run, its results are explained, and its tables are right.

Each page is worked through from top to bottom in an empty folder, with a small scenario under the name of the shipped
one. ``PYTHONPATH=.:tests python tests/project/test_docs.py`` writes the tables between ``<!-- table: NAME -->`` and
``<!-- end -->`` again.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from manual_pages import DOCS, IN_CODE, PAGES, PROJECT, blocks, every_page, lines_of, page_id, prose
from manual_tables import TABLE, TABLES, with_tables

from sim.cli import app, main
from sim.outcomes.groups import OUTCOMES, RULE_GROUPS
from sim.procedures.traits import FLAGS, LEVELS
from sim.scenarios.scenario import Scenario

FILE_NAME = re.compile(r"# ([\w.-]+\.toml)\n")
pages_that_run = pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=page_id)


# ---- what can be run ----


SMALLER = {
    "deterrence.toml": {
        "persons    = 10000": "start      = 2019-01-01\nend        = 2020-12-31\npersons    = 300",
        "replicates = 4": "replicates = 2",
        "points = 200": "points = [12, 12]",
    },
    "calibration.toml": {
        "persons  = 20000": "persons  = 300",
        "[160, 80, 80]": "[4, 2]",
        "candidates = 10000": "candidates = 200",
    },
}
"""What makes the shipped studies and calibrations small."""


@pytest.fixture
def small_netherlands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the name of the shipped scenario mean fewer people, years and replicates, and start in an empty folder."""
    small = Scenario.load("netherlands").replace(
        start=Scenario.load("netherlands").start.replace(year=2019),
        end=Scenario.load("netherlands").end.replace(year=2020),
        inflow={"scale": 0.05},
        replicates=2,
    )
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "netherlands.toml").write_text(small.text(), encoding="utf-8")
    shutil.copy(PROJECT / "scenarios" / "netherlands_drawn.toml", shipped)
    monkeypatch.setattr("sim.scenarios.reading.shipped_scenarios_dir", lambda: shipped)
    for name in ("example_study", "example_monitoring"):
        shutil.copytree(DOCS / name, tmp_path / "empty" / "docs" / name)
    (tmp_path / "empty" / "experiments").mkdir()
    for name, changes in SMALLER.items():
        study = (PROJECT / "experiments" / name).read_text(encoding="utf-8")
        for old, new in changes.items():
            assert old in study
            study = study.replace(old, new)
        (tmp_path / "empty" / "experiments" / name).write_text(study, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "empty")


@pages_that_run
@pytest.mark.usefixtures("small_netherlands")
def test_every_block_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {"__name__": page.stem}
    for block in blocks(page):
        where = f"{page_id(page)}, line {block.line}"
        if block.text.startswith("dask "):
            continue  # tests/studies/test_workers_dask.py runs it
        if block.language == "sh":
            for line in block.text.splitlines():
                run_line(line, where, monkeypatch)
        elif block.language == "python":
            exec(compile("\n" * block.line + block.text, str(page), "exec"), names)
        elif block.language == "toml":
            run_toml(block.text)
        else:
            pytest.fail(f"{where}: a block in {block.language or 'no language'} that nothing tests")


def run_line(line: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = shlex.split(line)
    if words[0] == "make":
        targets = re.findall(r"^(\w+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert set(words[1:]) <= set(targets), where
        return
    if words[0] == "timeout":
        run_killed(words[words.index("b8sim") + 1 :])
        return
    if words[:2] == ["b8sim", "view"]:
        run_viewed(words[1:])
        return
    if words[0] == "diff":
        assert subprocess.run(words, check=False).returncode == 0, f"{where}: {line}"
        return
    assert words[0] == "b8sim", f"{where}: {line}: only b8sim, make, timeout and diff"
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code in (0, None), f"{where}: {line}"


def run_viewed(arguments: list[str]) -> None:
    """Open the page without a browser, in a process of its own, and ask it for something."""
    address = re.compile(r"http://127\.0\.0\.1:\d+/")
    command = [sys.executable, "-m", "sim.cli", *arguments, "--no-browser"]
    kept = {**os.environ, "XDG_CACHE_HOME": str(Path("kept").absolute())}
    with subprocess.Popen(command, env=kept, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        found = next((found for line in running.stderr if (found := address.search(line))), None)
        assert found is not None
        with urllib.request.urlopen(f"{found[0]}data/state.schema.json") as answer:
            assert json.load(answer)["title"]
        running.terminate()
        said = running.stderr.read()
    assert running.returncode == 0, said


def run_killed(arguments: list[str]) -> None:
    """Run a sweep in a process of its own, and kill it when the first part is finished."""
    manifest = Path(arguments[arguments.index("--out") + 1], "manifest.json")
    with subprocess.Popen([sys.executable, "-m", "sim.cli", *arguments, "--workers", "1"]) as running:
        while running.poll() is None and not (manifest.exists() and '"part-' in manifest.read_text(encoding="utf-8")):
            time.sleep(0.02)
        running.kill()
    assert running.returncode == -signal.SIGKILL, "it was through before it could be killed"


def run_toml(text: str) -> None:
    """Check a file if it has a name in its first line, and keep it; else see that it is TOML."""
    from sim.cli.checking import check

    named = FILE_NAME.match(text)
    if named:
        Path(named[1]).write_text(text, encoding="utf-8")
        assert check([named[1]])[0].endswith(": ok")
    else:
        assert tomllib.loads(text)


def test_every_command_is_in_the_manual() -> None:
    shown = {shlex.split(line)[1] for line in lines_of("sh") if line.startswith("b8sim ")}
    assert shown == {c.name for c in app.registered_commands} | {g.name for g in app.registered_groups}
    for group in app.registered_groups:
        commands = {command.name for command in group.typer_instance.registered_commands}
        lines = [line for line in lines_of("sh") if line.startswith(f"b8sim {group.name} ")]
        assert commands == {command for command in commands for line in lines if command in shlex.split(line)}


def test_quoted_models_are_the_shipped_ones() -> None:
    shipped = tomllib.loads((PROJECT / "sim/agents/behaviour.toml").read_text(encoding="utf-8"))
    quoted = 0
    for block in blocks(DOCS / "behaviour.md"):
        if block.language == "toml":
            for kind, models in tomllib.loads(block.text).items():
                for name, model in models.items():
                    assert model == shipped[kind][name]
                    quoted += 1
    assert quoted == 3


@pytest.mark.usefixtures("small_netherlands")
def test_every_file_and_column_of_results_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    explained = set(IN_CODE.findall(prose(DOCS / "results.md")))
    run_line("b8sim compare netherlands --quiet --out compared", "", monkeypatch)
    run_line("b8sim run netherlands --regime vc_2018 --out run", "", monkeypatch)
    traits = {*FLAGS, *LEVELS}
    for folder in (Path("compared"), Path("run")):
        for file in folder.iterdir():
            name = file.name + ("/" if file.is_dir() else "")
            assert name in explained or name.replace(".parquet", ".csv") in explained
            if file.suffix == ".csv":
                assert set(pd.read_csv(file, nrows=0).columns) - traits <= explained
    import json

    for folder in (Path("compared"), Path("run")):
        assert json.loads((folder / "receipt.json").read_text(encoding="utf-8")).keys() <= explained
    assert {*OUTCOMES, *RULE_GROUPS} <= explained


# ---- tables ----


@every_page
def test_tables_are_right(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert with_tables(text) == text, "python tests/project/test_docs.py writes the tables again"


def test_every_table_is_shown() -> None:
    shown = [m[2] for page in PAGES for m in TABLE.finditer(page.read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(TABLES)


if __name__ == "__main__":
    for changed in PAGES:
        before = changed.read_text(encoding="utf-8")
        after = with_tables(before)
        if after != before:
            changed.write_text(after, encoding="utf-8")
            print(page_id(changed))
