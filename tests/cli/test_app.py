"""The door of the command (`sim.cli.app`): exit statuses, interrupts, defects, and its streams."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import B8sim, comparison, everything, write_report

import sim
from sim.cli import main
from sim.files.errors import InputError, InputErrors


def test_version(b8sim: B8sim) -> None:

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
    assert everything(tmp_path) == ["small.toml"]


def test_interrupt_before_anything_is_done(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    stand_in("sim.runs.compare", compare=interrupted)
    assert b8sim("compare", "x", "--out", "x") == (130, "", "interrupted; nothing was written\n")
    assert everything(tmp_path) == ["small.toml"]
    assert b8sim("compare", "x") == (130, "", "interrupted\n")


def test_interrupt_keeps_what_is_done(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path) -> None:
    stand_in("sim.runs.compare", compare=lambda *_, **__: comparison(complete=False))
    stand_in("sim.report.html", write_report=write_report)
    status, out, err = b8sim("compare", "x", "--out", "x")
    assert status == 130
    assert "B8 permits" in out
    assert err.endswith("interrupted: the results are of 2 of 5 replicates\n")
    assert "measures.csv" in everything(tmp_path / "x")


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
    assert everything(tmp_path) == []


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sim.cli", "--help"], capture_output=True, text=True, check=True
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "typer" in imported
    assert not {"numba", "pandas", "numpy", "scipy", "matplotlib", "mesa", "pydantic"} & imported
    for command in ("compare", "run", "diff", "check"):
        assert re.search(rf"^\W*{command}\b", done.stdout, re.MULTILINE)


COMMANDS = ("compare", "run", "diff", "follow", "replay", "check", "sweep", "analyse")
OF_TWO_WORDS = (("sweep", "run"), ("analyse", "STORE", "needed"))


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS), *OF_TWO_WORDS])
def test_help_starts_without_the_heavy_libraries(command: tuple[str, ...]) -> None:
    program = (
        "import sys; sys.argv = ['b8sim', *sys.argv[1:]]\n"
        "from sim.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as left:\n    assert not left.code\n"
        "heavy = {'numba', 'pandas', 'numpy', 'scipy', 'matplotlib', 'mesa', 'pyarrow', 'holidays'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command, "--help"], capture_output=True, text=True, check=True
    )
    assert "Usage: b8sim" in done.stdout
    assert done.stdout.endswith("HEAVY []\n")
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="closed pipes are reported in another way there")
@pytest.mark.parametrize("lines", [1, 100_000])
def test_reader_that_goes_away_is_no_defect(lines: int) -> None:
    program = (
        "import sys, types\n"
        "lines = ['a.toml: ok'] * int(sys.argv[1])\n"
        "sys.modules['sim.cli.checking'] = types.SimpleNamespace(check=lambda paths: lines)\n"
        "from sim.cli import main\n"
        "sys.argv = ['b8sim', 'check']\n"
        "main()\n"
    )
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", program, str(lines)],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_terminal_that_lacks_a_character_gets_a_plain_one() -> None:
    program = (
        "import sys, types\n"
        "sys.modules['sim.cli.checking'] = types.SimpleNamespace(check=lambda paths: ['\\N{MINUS SIGN}1'])\n"
        "from sim.cli import main\n"
        "sys.argv = ['b8sim', 'check']\n"
        "main()\n"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "-1\n"
