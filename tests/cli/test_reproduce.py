"""``b8sim reproduce``: says whether every file is the same, and which are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import B8sim, refused
from paper_folders import small_run

from sim.cli.reproduce import DIFFERENT
from sim.export.choices import Choices
from sim.export.paper import write_paper
from sim.export.results import opened
from sim.report.checksums import write_checksums


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    folder = tmp_path / "paper"
    folder.mkdir()
    (tmp_path / "ran").mkdir()
    write_paper(folder, opened(small_run(tmp_path / "ran")), Choices.of())
    return folder


def test_the_same_files_and_different_ones_are_told(b8sim: B8sim, tmp_path: Path, paper: Path) -> None:
    status, out, err = b8sim("reproduce", "paper")
    assert (status, err) == (0, "")
    assert out.startswith("all ")
    assert out.endswith(" files are the same\n")
    (paper / "README.md").write_text("another", encoding="utf-8")
    assert "README.md: was changed after it was made" in refused(b8sim, tmp_path, "reproduce", "paper")
    write_checksums(paper)
    status, out, _ = b8sim("reproduce", "paper", "--out", "again")
    assert status == DIFFERENT
    assert "files are not the same:\n  README.md\n" in out
    assert (tmp_path / "again" / "README.md").exists()
