"""Results of a small comparison and of one run, and the folders of a paper made of them, once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from paper_folders import small_calibrated, small_comparison, small_run, small_store, small_story

from sim.export.choices import Choices
from sim.export.event_log import write_events
from sim.export.paper import write_paper
from sim.export.results import Results, opened
from sim.report.folder import open_folder


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_comparison(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_run(tmp_path_factory.mktemp("ran"))


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_store(tmp_path_factory.mktemp("swept"))


@pytest.fixture(scope="session")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_story(tmp_path_factory.mktemp("followed"))


@pytest.fixture(scope="session")
def paper_of_person(followed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a paper of the story of one person, in Dutch."""
    folder = Path(tmp_path_factory.mktemp("paper_of_person")) / "paper"
    with open_folder(folder) as hidden:
        write_paper(hidden, opened(followed), Choices.of(language="nl", include=["persons"]))
    return folder


@pytest.fixture(scope="session")
def studied(swept: Path) -> Results:
    return opened(swept)


@pytest.fixture(scope="session")
def paper_of_study(studied: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a paper of a study."""
    folder = Path(tmp_path_factory.mktemp("paper_of_study")) / "paper"
    with open_folder(folder) as hidden:
        write_paper(hidden, studied, Choices.of(decimal_comma=True))
    return folder


@pytest.fixture(scope="session")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_calibrated(tmp_path_factory.mktemp("calibrated"))


@pytest.fixture(scope="session")
def fitted(calibrated: Path) -> Results:
    return opened(calibrated)


@pytest.fixture(scope="session")
def paper_of_calibration(fitted: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a paper of a calibration."""
    folder = Path(tmp_path_factory.mktemp("paper_of_calibration")) / "paper"
    with open_folder(folder) as hidden:
        write_paper(hidden, fitted, Choices.of())
    return folder


@pytest.fixture(scope="session")
def comparison(compared: Path) -> Results:
    return opened(compared)


@pytest.fixture(scope="session")
def single(ran: Path) -> Results:
    return opened(ran)


@pytest.fixture(scope="session")
def paper(comparison: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a paper with everything that a comparison can give."""
    folder = Path(tmp_path_factory.mktemp("paper")) / "paper"
    with open_folder(folder) as hidden:
        write_paper(hidden, comparison, Choices.of(decimal_comma=True))
    return folder


@pytest.fixture(scope="session")
def paper_of_run(single: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a paper of one run, in Dutch, with the persons."""
    folder = Path(tmp_path_factory.mktemp("paper_of_run")) / "paper"
    with open_folder(folder) as hidden:
        write_paper(hidden, single, Choices.of(language="nl", include=["persons"]))
    return folder


@pytest.fixture(scope="session")
def logs(comparison: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the event logs of the second replicate of a comparison, in every format."""
    folder = Path(tmp_path_factory.mktemp("logs"))
    write_events(folder, comparison, Choices.of(events=["all"], replicate=1))
    return folder / "events"
