"""Compiled code is kept where it can be; where it cannot, a run costs time and one line, never a traceback."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest
from numba.core import caching

import sim
from sim.engine import kept_code
from sim.engine.compiled import _kept

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")

FOUR_MONTHS = """
extends = "netherlands"
[scenario]
history_from = "start"
title = "four months, few people"
start = 2019-07-01
end = 2019-10-31
replicates = 1
[inflow]
scale = 0.02
"""
NUMBER = 1


def answer() -> int:
    return NUMBER


def fresh() -> Any:
    """Compile the function as a new process would, with what is on the disk."""
    return _kept(answer, takes_long=True)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder for compiled code, and nothing said yet."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(kept_code, "_told", set())
    return tmp_path


def files(place: Path, ending: str) -> list[Path]:
    return sorted(place.rglob(f"*.{ending}"))


def test_code_is_kept_and_the_compiling_is_told_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fresh()() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("b8sim: compiling the engine")
    assert str(place) in said
    assert len(files(place, "nbc")) == len(files(place, "nbi")) == 1
    kept_code._told.clear()
    again = fresh()
    assert again() == 1
    assert sum(again.stats.cache_hits.values()) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("is_called", [True, False])
def test_what_only_callers_would_need_is_let_go_where_there_are_none(place: Path, is_called: bool) -> None:
    for _ in range(2):  # compiled, then loaded
        function: Any = _kept(answer, is_called)
        assert function() == 1
    (code,) = function.overloads.values()
    assert files(place, "nbc")
    assert hasattr(code.library, kept_code.UNCOMPILED), "numba has it elsewhere now: see there"
    assert (getattr(code.library, kept_code.UNCOMPILED) is not None) is is_called
    if is_called:
        caller = numba.njit(lambda: function() + 1)
        assert caller() == 2, "others can be compiled that call it"


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("content", [b"", b"\x80\x05cut short", b"\x80\x04\x8c\x04echo."])
def test_a_spoilt_file_is_as_good_as_none(place: Path, ending: str, content: bytes) -> None:
    fresh()()
    files(place, ending)[0].write_bytes(content)
    assert fresh()() == 1
    repaired = fresh()
    assert repaired() == 1
    assert sum(repaired.stats.cache_hits.values()) == 1


def test_a_file_that_cannot_be_read_is_as_good_as_none(place: Path) -> None:
    fresh()()
    index = files(place, "nbi")[0]
    index.unlink()
    index.mkdir()  # cannot be read as a file, by any user
    assert fresh()() == 1


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_: Any) -> None:
        raise error

    return fail


@pytest.mark.parametrize("part", ["_save_index", "_save_data"])
def test_a_full_disk_costs_one_line(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], part: str
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(caching.IndexDataCacheFile, part, failing(full))
    assert fresh()() == 1
    assert fresh()() == 1
    compiling, not_kept = capsys.readouterr().err.splitlines()
    assert compiling.startswith("b8sim: compiling the engine")
    assert not_kept.startswith("b8sim: the compiled engine is not kept: no space left on device")
    assert str(place) in not_kept
    assert "NUMBA_CACHE_DIR" in not_kept
    assert files(place, "nbi") == []


@pytest.mark.parametrize("end", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_old_code_never_lies_under_a_fresh_index(
    place: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    """A run that ends between index and code leaves no code of other sources to be used for its own."""
    monkeypatch.setattr(kept_code, "sources_hash", lambda folder="engine": "old")
    assert fresh()() == 1
    monkeypatch.setattr(kept_code, "sources_hash", lambda folder="engine": "new")
    monkeypatch.setitem(globals(), "NUMBER", 2)
    with monkeypatch.context() as ending:
        ending.setattr(caching.IndexDataCacheFile, "_save_data", failing(end))
        try:
            assert fresh()() == 2
        except KeyboardInterrupt:
            assert isinstance(end, KeyboardInterrupt)
    assert fresh()() == 2
    assert len(files(place, "nbc")) == 1


def test_a_closed_standard_error_is_no_mistake(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert fresh()() == 1


# ---- whole runs ------------------------------------------------------------------------------------------------------


def in_another_process(arguments: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "four_months.toml").write_text(FOUR_MONTHS)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**clean, "NUMBA_OPT": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done


def compiling(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if "compil" in line]


ALL_PATHS = """
import sys, sim
from sim.follow.story import follow
print("imported", file=sys.stderr)
model = sim.PathwayModel("four_months.toml")
model.step()
print("stepped", file=sys.stderr)
sim.run("four_months.toml", "vc_2018").measures
sim.compare("four_months.toml", replicates=1)
follow("four_months.toml", person=model.population.name(0))
print(model.population.name(0))
"""


@pytest.mark.slow
def test_every_path_says_so_when_it_compiles_and_only_then(tmp_path: Path) -> None:
    place = {"NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    first = in_another_process(["-c", ALL_PATHS], tmp_path, **place)
    before, line, after = first.stderr.splitlines()
    assert (before, after) == ("imported", "stepped")
    assert str(tmp_path / "kept") in line
    person = first.stdout.split()[-1]
    for command in (["follow", "four_months.toml", "--person", person], ["run", "four_months.toml"]):
        more = ["--regime", "vc_2018"] if command[0] == "run" else []
        assert compiling(in_another_process(["-m", "sim.cli", *command, *more], tmp_path, **place)) == []
    other = {"NUMBA_CACHE_DIR": str(tmp_path / "other")}
    compare = ["-m", "sim.cli", "compare", "four_months.toml", "--replicates", "1", "--quiet", "--out", "compared"]
    assert len(compiling(in_another_process(compare, tmp_path, **other))) == 1


@pytest.mark.slow
def test_an_installation_that_cannot_be_written_to(tmp_path: Path) -> None:
    """Neither the package nor a home to write to, as in a container under another user; also true for root."""
    source = Path(sim.__file__).parent
    shutil.copytree(source, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    if (source.parent / "scenarios").is_dir():
        shutil.copytree(source.parent / "scenarios", tmp_path / "scenarios")
    for folder in (tmp_path / "sim").rglob("*"):
        if folder.is_dir():
            (folder / "__pycache__").touch()
    bare = {"HOME": os.devnull, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    checked = in_another_process(["-m", "sim.cli", "check"], tmp_path, **bare)
    assert compiling(checked) == []
    run = ["-m", "sim.cli", "run", "four_months.toml", "--regime", "vc_2018"]
    (line,) = compiling(in_another_process(run, tmp_path, **bare))
    assert "no folder was found that can keep it" in line
    assert "NUMBA_CACHE_DIR" in line
