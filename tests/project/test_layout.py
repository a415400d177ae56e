"""The house: tests mirror the tree, imports between rooms go one way, modules stay small with names of their own."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TESTS = PROJECT / "tests"
UNNAMED = ("__init__", "__main__")
MODULES = sorted(
    path.relative_to(PROJECT).with_suffix("").as_posix()
    for path in (PROJECT / "sim").rglob("*.py")
    if path.stem not in UNNAMED
)
MOST_LINES = 400

# One test file covers several modules where none of them can be run without the others; it names each of them.
COVERED_TOGETHER = {
    "sim/engine/access": "engine/test_kernel.py",
    "sim/engine/layout": "engine/test_state.py",
    "sim/engine/tables": "compile/test_assemble.py",
    "sim/engine/turnover": "runs/test_rows.py",
    "sim/outcomes/asking": "outcomes/test_counting.py",
    "sim/outcomes/closing": "outcomes/test_counting.py",
    "sim/outcomes/plan": "outcomes/test_counting.py",
    "sim/outcomes/registers": "outcomes/test_counting.py",
    "sim/outcomes/tally": "outcomes/test_counting.py",
    "sim/runs/course": "runs/test_rows.py",
}
# Test files of a room that are about no single module.
ACROSS_MODULES = {
    "agents/test_disputed_mechanisms.py": "mechanisms that are neutral until a scenario sets them",
    "agents/test_early.py": "what people do before the rule: hearing of it, inflow that it draws, claims on entry",
    "scenarios/test_surge_2019.py": "a shipped set of assumptions beside the figures of 2019 and 2020",
    "engine/test_randomness_battery.py": "the random numbers through a battery of statistical tests",
    "outcomes/test_spells.py": "waits and terms that the end of a scenario cuts off",
    "replay/test_answers.py": "the three answers, and what they may depend on",
    "replay/test_cases.py": "the chronologies of tests/cases",
}


def dotted(module: str) -> str:
    return module.replace("/", ".")


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the dotted names that a file imports anywhere in it, also for type checkers only."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def names_it(test: Path, module: str) -> bool:
    """Return whether a test file imports a module, or names it as what it runs."""
    name = dotted(module)
    text = test.read_text(encoding="utf-8")
    return name in imports(test) or bool(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text))


def file_for(module: str) -> Path:
    if module in COVERED_TOGETHER:
        return TESTS / COVERED_TOGETHER[module]
    *room, name = module.split("/")[1:]
    return TESTS.joinpath(*room, f"test_{name}.py")


def test_every_module_has_a_test_file_that_imports_or_runs_it() -> None:
    missing = []
    for module in MODULES:
        test = file_for(module)
        where = test.relative_to(PROJECT)
        if not test.is_file():
            missing.append(f"{dotted(module)} has no {where}")
        elif not names_it(test, module):
            missing.append(f"{where} neither imports nor names {dotted(module)}")
        elif not any(node.name.startswith("test_") for node in functions(test)):
            missing.append(f"{where} tests nothing")
    assert missing == []


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def test_every_test_file_of_a_room_is_that_of_a_module() -> None:
    """Or of one side of it: ``test_single_tables.py`` for ``sim/runs/single.py``."""
    rooms = {path.name for path in (PROJECT / "sim").iterdir() if path.is_dir()}
    found = {
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("test_*.py")
        if len(path.relative_to(TESTS).parts) == 1 or path.relative_to(TESTS).parts[0] in rooms
        if "hypotheses" not in path.parts
    }
    wanted = {file_for(module).relative_to(TESTS).as_posix() for module in MODULES}
    own = {path for path in found if any(path.startswith(f"{name.removesuffix('.py')}_") for name in wanted)}
    assert found - wanted - own == ACROSS_MODULES.keys()
    assert set(COVERED_TOGETHER) <= set(MODULES), "a module that is gone is covered by nothing"


def edges() -> dict[tuple[str, str], set[str]]:
    """Return which folder of ``sim`` imports which, and the files that do; a module outside folders is one too."""
    found = defaultdict(set)
    for path in sorted((PROJECT / "sim").rglob("*.py")):
        room = path.relative_to(PROJECT / "sim").with_suffix("").parts[0]
        for name in imports(path):
            top, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            is_room = (PROJECT / "sim" / other).is_dir() or (PROJECT / "sim" / f"{other}.py").is_file()
            if top == "sim" and other and is_room and room not in (other, "__init__"):
                found[room, other].add(path.relative_to(PROJECT).as_posix())
    return found


def test_no_folder_imports_in_a_circle() -> None:
    found = edges()
    left = set(found)
    while True:
        sources, targets = {a for a, _ in left}, {b for _, b in left}
        inner = {(a, b) for a, b in left if b in sources and a in targets}
        if inner == left:
            break
        left = inner
    assert not left, {f"{a} -> {b}": sorted(found[a, b]) for a, b in sorted(left)}


def test_no_module_is_too_long() -> None:
    lines = {module: len((PROJECT / f"{module}.py").read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {module: size for module, size in lines.items() if size > MOST_LINES} == {}


def test_no_name_is_shared_by_four_folders() -> None:
    folders = defaultdict(set)
    for room in ("sim", "benchmarks", "verification"):
        for path in (PROJECT / room).rglob("*.py"):
            if path.stem not in UNNAMED:
                folders[path.stem].add(path.parent.relative_to(PROJECT).as_posix())
    assert {name: sorted(found) for name, found in folders.items() if len(found) >= 4} == {}


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("sim", ("tests", "verification", "benchmarks", "experiments")),
        ("verification", ("tests",)),
        ("benchmarks", ("tests",)),
    ],
)
def test_what_ships_does_not_import_what_tests_it(folder: str, forbidden: tuple[str, ...]) -> None:
    helpers = {path.stem for path in TESTS.rglob("*.py")} if "tests" in forbidden else set()
    for path in (PROJECT / folder).rglob("*.py"):
        tops = {name.partition(".")[0] for name in imports(path)}
        assert not tops & {*forbidden, *helpers}, path.relative_to(PROJECT)


def test_outcomes_measure_and_never_run_anything() -> None:
    for path in (PROJECT / "sim" / "outcomes").rglob("*.py"):
        assert not any(re.match(r"sim\.runs(\.|$)", name) for name in imports(path)), path.relative_to(PROJECT)
