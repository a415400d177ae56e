"""A folder of a paper made again from its own inputs, and compared with what it held."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sim.export.choices import Choices
from sim.export.paper import INPUTS, report_hash, write_paper
from sim.export.results import EXPORT, check_version, opened, read_json
from sim.export.tables import FOLDER
from sim.files.errors import InputError, raise_all
from sim.files.paths import expanded
from sim.report.checksums import changes, read_checksums
from sim.report.folder import open_folder, write_comparison, write_run

ACCEPTED = "a folder that b8sim export wrote"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Again:
    """What came out the second time.

    Attributes
    ----------
    files
        Number of files of the folder.
    different
        Files that hold something else now, or are no longer or only now there.
    packages
        Packages of another version than the first time: name to (then, now).
    """

    files: int
    different: tuple[str, ...]
    packages: Mapping[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        """Whether every file came out the same."""
        return not self.different


def reproduce(
    folder: str | PathLike[str],
    out: str | PathLike[str] | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Again:
    """Run again what a folder of a paper was made of, write it again, and compare every file.

    Parameters
    ----------
    folder
        The folder of the paper.
    out
        Where to keep the folder that was made again; None: nowhere.
    progress
        Called with done, total and a message.
    executor
        Any executor of ``concurrent.futures`` that runs the points of a study or a calibration, instead of processes.

    Raises
    ------
    InputError
        When it is no such folder, was changed, or was made by another version.
    """
    paper = expanded(folder)
    receipt, made = _checked(paper)
    known = read_checksums(paper)
    choices = Choices.read(made["choices"])
    with TemporaryDirectory() as hidden:
        results = Path(hidden) / "results"
        results.mkdir()
        _AGAIN[made["of"]](paper / INPUTS, receipt, results, progress, executor)
        target = Path(hidden) / "paper" if out is None else expanded(out)
        with open_folder(target) as again:
            write_paper(again, opened(results), choices)
        found = read_checksums(target)
    different = sorted(name for name in {*known, *found} if known.get(name) != found.get(name))
    return Again(len(known), tuple(different), _other_packages(receipt, made))


def _checked(paper: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the receipts of the run and of the export of a folder that is as it was made, by this version."""
    if not paper.is_dir():
        problem = "is not a folder" if paper.exists() else "does not exist"
        raise InputError(problem, file=paper, accepted=ACCEPTED)
    made = read_json(paper / EXPORT, "is missing, so this is no folder of a paper, or half of one", ACCEPTED)
    receipt = read_json(paper / "receipt.json", "is missing, so the folder is not whole", ACCEPTED)
    raise_all(changes(paper, read_checksums(paper)))
    check_version(receipt, paper / "receipt.json")
    if made.get("report_hash") != report_hash():
        accepted = f"{report_hash()}, of this program; or the version that made it"
        value = made.get("report_hash")
        raise InputError(
            "made by another version of b8sim", file=paper / EXPORT, key="report_hash", value=value, accepted=accepted
        )
    return receipt, made


def _compare_again(
    inputs: Path, receipt: Mapping[str, Any], results: Path, progress: Progress | None, executor: Executor | None
) -> None:
    """Run the comparison of the folder, and write its results."""
    from sim.runs.compare import compare

    write_comparison(results, compare(inputs / "scenario.toml", progress=progress, heed=lambda _: None))


def _run_again(
    inputs: Path, receipt: Mapping[str, Any], results: Path, progress: Progress | None, executor: Executor | None
) -> None:
    """Run the one regime of the folder, and write its results."""
    from sim.runs.single import run
    from sim.scenarios.scenario import Scenario

    loaded = Scenario.load(inputs / "scenario.toml")
    (regime,) = loaded.regimes
    write_run(results, run(loaded, regime, replicate=receipt["replicate"], heed=lambda _: None))


def _sweep_again(
    inputs: Path, receipt: Mapping[str, Any], results: Path, progress: Progress | None, executor: Executor | None
) -> None:
    """Run the study of the folder."""
    from sim.studies.study import Study
    from sim.studies.sweep import begin

    begin(Study.load(inputs / "study.toml"), results, progress=progress, executor=executor)


def _calibrate_again(
    inputs: Path, receipt: Mapping[str, Any], results: Path, progress: Progress | None, executor: Executor | None
) -> None:
    """Fit those camps that the folder has."""
    import pandas as pd

    from sim.calibration.calibration import Calibration
    from sim.calibration.folder import calibrate

    loaded = Calibration.load(inputs / "calibration.toml", inputs / "scenario.toml")
    camps = pd.read_csv(inputs.parent / FOLDER / "sets.csv", usecols=["camp"])["camp"].unique()
    calibrate(loaded, results, camps=list(camps), progress=progress, executor=executor)


def _follow_again(
    inputs: Path, receipt: Mapping[str, Any], results: Path, progress: Progress | None, executor: Executor | None
) -> None:
    """Follow the person of the folder, and write the story."""
    from sim.follow.record import write_story
    from sim.follow.story import follow

    write_story(results, follow(inputs / "scenario.toml", receipt["person"], replicate=receipt["replicate"]))


_AGAIN: Final[Mapping[str, Callable[[Path, Mapping[str, Any], Path, Progress | None, Executor | None], None]]] = {
    "comparison": _compare_again,
    "run": _run_again,
    "study": _sweep_again,
    "calibration": _calibrate_again,
    "person": _follow_again,
}
"""How results are made again, by what they are of."""


def _other_packages(receipt: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the packages, and Python, whose version is not the one of the receipts."""
    then = {**receipt["packages"], **made["packages"], "python": receipt["python"]}
    now = {name: platform.python_version() if name == "python" else _version(name) for name in then}
    return {name: (then[name], now[name]) for name in sorted(then) if then[name] != now[name]}


def _version(name: str) -> str:
    if name == "sqlite":
        return sqlite3.sqlite_version
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
