"""There is one engine (`sim.engine.compiled`): compiled or not, bounds checked or not, the same log comes out."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine.kept_code import KERNEL
from sim.policies.library import shipped_regimes
from sim.scenarios.presets import shipped_hypotheses
from verification.small_worlds import fingerprints

PROJECT = Path(__file__).resolve().parents[2]
SMALL_LAWS = [
    f"tests/engine/test_{name}.py" for name in ("decisions", "kernel", "moves", "news", "queue_entry", "queues")
]
REGIMES = tuple(shipped_regimes())
WORLDS = (*REGIMES, *(f"vc_2019_08 under {preset.name}" for preset in shipped_hypotheses()))
"""Every regime, and every rival explanation."""


def in_another_process(code: str, folder: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run some code from the project's root, or another, with other switches of numba."""
    names = ("NUMBA_DISABLE_JIT", "NUMBA_BOUNDSCHECK", "NUMBA_CACHE_DIR", "NUMBA_OPT")
    inherited = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=550,
        check=False,
    )


INTERPRETED = (
    *("vc_2018", "working_method_2019", "historical", "safe_reporting"),
    *(f"vc_2019_08 under {name}" for name in ("steering_by_networks", "more_arrivals", "word_of_mouth")),
)
"""The interpreter is slow; in these worlds it takes every path through the engine that it takes in any of them."""


def printed(worlds: tuple[str, ...]) -> str:
    return f"import json; from verification import small_worlds as w; print(json.dumps(w.fingerprints{worlds!r}))"


def test_without_the_compiler_the_same_log_comes_out() -> None:
    """The debugger's version is the same source; it says nothing on standard error either."""
    result = in_another_process(printed(INTERPRETED), NUMBA_DISABLE_JIT="1")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == fingerprints(*INTERPRETED)
    assert result.stderr == ""


def test_the_fingerprint_tells_runs_apart() -> None:
    """The test above could not fail if the hash were of nothing."""
    found = fingerprints(*WORLDS)
    assert len(set(found.values())) > 0.8 * len(WORLDS), "a few worlds are the same in so small a crowd"
    assert all(int(text.split()[0]) > 5000 for text in found.values())
    assert fingerprints("vc_2018") == {"vc_2018": found["vc_2018"]}


@pytest.mark.slow
def test_with_checked_bounds_the_same_log_comes_out(tmp_path: Path) -> None:
    """The kernel is compiled again, since cached code ignores the switch; an index out of range would end the run."""
    # Less optimised code is compiled in half the time; the checks and the values are the same.
    switches = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_OPT": "1", "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    result = in_another_process(f"{printed(WORLDS)}; print(w.out_of_bounds())", **switches)
    assert result.returncode == 0, result.stderr
    found, told = result.stdout.splitlines()
    assert json.loads(found) == fingerprints(*WORLDS)
    assert told.startswith("IndexError"), "the switch was on"
    # The small laws of the kernel's tests too, with what has just been compiled.
    arguments = ["-q", "-x", "-p", "no:cacheprovider", *SMALL_LAWS]
    result = in_another_process(f"import sys, pytest; sys.exit(pytest.main({arguments!r}))", **switches)
    assert result.returncode == 0, result.stdout[-3000:]
    assert list((tmp_path / "cache").rglob("*.nbc")), "compiled into the empty folder"


def test_no_compiled_function_calls_one_that_only_python_calls() -> None:
    """It could not be compiled: what it would need is let go when the other one is loaded."""
    outermost, called = set(), set()
    for path in sorted((PROJECT / "sim").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            decorators = {node.id for node in function.decorator_list if isinstance(node, ast.Name)}
            if decorators & {"outermost", "engine"}:
                outermost.add(function.name)
            if decorators & {"compiled", "inlined", "entrance", "inlined_entrance", "on_arrays", "outermost", "engine"}:
                calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
                called |= {call.id for call in calls if isinstance(call, ast.Name)}
    assert {"advance", "count_run", "begin", "make_people"} <= outermost
    assert not outermost & called - {"begin"}, "``begin`` is also the name of a function of the queues"


def imported(module: str) -> set[str]:
    """Return the modules of this project that a module imports."""
    tree = ast.parse((PROJECT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    found = set()
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)):
        names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name for name in (str(node.module), *names) if name.startswith("sim.")}
    return {name for name in found if (PROJECT / f"{name.replace('.', '/')}.py").is_file()}


def test_the_cache_is_stamped_with_the_kernel_and_all_that_it_imports() -> None:
    """A module that is missing would leave old machine code in use; one too many would compile for nothing."""
    seen, new = set(), {"sim.engine.kernel"}
    while new:
        seen |= new
        new = {name for module in new for name in imported(module)} - seen
    assert {f"sim.engine.{name}" for name in KERNEL} == seen
    assert "moves" in KERNEL
    assert not {"calendar", "log", "state", "tables"} & set(KERNEL)


def test_editing_the_builder_leaves_the_compiled_kernel_and_editing_the_kernel_does_not(tmp_path: Path) -> None:
    """Seen at one function of the kernel in a copy of the package: is it taken from the cache, or compiled?"""
    shutil.copytree(PROJECT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import sim.engine.draws as d; value = d.exponential(0.5); "
        "print(d.__file__, round(value, 6), sum(d.exponential.stats.cache_hits.values()))"
    )

    def hits() -> int:
        result = in_another_process(code, folder=tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "cache"))
        assert result.returncode == 0, result.stderr
        file, value, count = result.stdout.split()
        assert Path(file).is_relative_to(tmp_path)
        assert float(value) == 0.693147
        return int(count)

    def edit(*modules: str) -> None:
        for module in modules:
            with (tmp_path / "sim" / f"{module}.py").open("a", encoding="utf-8") as file:
                file.write("\n# A word more.\n")

    assert [hits(), hits()] == [0, 1]
    edit("compile/builder", "compile/assemble", "engine/calendar", "engine/log", "engine/state", "procedures/traits")
    assert hits() == 1
    edit("engine/columns")
    assert [hits(), hits()] == [0, 1]
