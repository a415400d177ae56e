"""What is shipped: the wheel, and the files that name the version."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from paper_folders import small_run
from readers import read_with

from sim.export.choices import Choices
from sim.export.paper import write_paper
from sim.export.results import opened
from sim.files.shipped import shipped_scenarios_dir
from sim.report.folder import open_folder

PROJECT = Path(__file__).resolve().parents[2]
PROJECT_TABLE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
pytestmark = pytest.mark.skipif(not (PROJECT / "scenarios").is_dir(), reason="not a checkout")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (path,) = folder.glob("*.whl")
    return path


def shipped_files() -> set[str]:
    """Return what a wheel must hold: the package with its data, and the scenarios inside it."""
    package = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "sim").rglob("*") if path.is_file()}
    folder = PROJECT / "scenarios"
    scenarios = {f"sim/_shipped/scenarios/{path.relative_to(folder)}" for path in folder.rglob("*.toml")}
    return {name for name in package if "__pycache__" not in name} | scenarios


def test_the_wheel_holds_the_package_its_data_and_the_scenarios(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    information = {name for name in names if ".dist-info/" in name}
    assert names - information == shipped_files()
    assert any(name.endswith("licenses/LICENSE") for name in information)


def test_an_installed_wheel_finds_its_scenarios(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "import sim.files.shipped as s; print(s.shipped_scenarios_dir()); print(s.__file__)"
    command = [sys.executable, "-c", code]
    output = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    folder, module = map(Path, output.splitlines())
    assert module.is_relative_to(tmp_path)
    assert folder == tmp_path / "sim" / "_shipped" / "scenarios"
    assert {path.name for path in folder.iterdir()} == {path.name for path in shipped_scenarios_dir().iterdir()}


@pytest.mark.slow
def test_an_installed_wheel_makes_a_paper_again(wheel: Path, tmp_path: Path) -> None:
    """With equal hashes, in a folder that has nothing but the wheel: another place, another compilation."""
    (tmp_path / "made").mkdir()
    with open_folder(tmp_path / "paper") as hidden:
        write_paper(hidden, opened(small_run(tmp_path / "made")), Choices.of(events=["csv"]))
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", "sim.cli", "reproduce", str(tmp_path / "paper")]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "files are the same" in result.stdout


def test_one_version_everywhere() -> None:
    version = PROJECT_TABLE["version"]
    assert f"\nversion: {version}\n" in (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = changelog.split("\n## [", 2)[1].split("]")[0]
    assert newest in {"Unreleased", version}


def test_the_licence_is_the_one_that_is_named() -> None:
    assert PROJECT_TABLE["license"] == "Apache-2.0"
    assert "\nlicense: Apache-2.0\n" in (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    assert "Apache License" in (PROJECT / "LICENSE").read_text(encoding="utf-8")


def test_the_citation_file_is_valid_as_it_is_and_with_its_slots_filled(tmp_path: Path) -> None:
    """What an archive gives (DOI, date, addresses) is there behind marks."""
    text = (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    filled = re.sub(r"^# (?=(doi|date-released|url|repository-code): )", "", text, flags=re.MULTILINE)
    assert filled.count("\n") == text.count("\n")
    assert len(filled) == len(text) - 4 * len("# ")
    (tmp_path / "CITATION.cff").write_text(filled, encoding="utf-8")
    code = (
        "import json, sys\nfrom cffconvert import Citation\n"
        "for path in sys.argv[1:]: Citation(open(path, encoding='utf-8').read()).validate()\nprint(json.dumps('valid'))"
    )
    assert read_with("cffconvert", code, str(PROJECT / "CITATION.cff"), str(tmp_path / "CITATION.cff")) == "valid"
