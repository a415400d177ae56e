"""What a folder held when it was made, and which of its files are no longer as they were."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sim.files.errors import InputError
from sim.report.checksums import NAME, changes, files_in, read_checksums, write_checksums


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "é.txt").write_bytes(b"x" * 3_000_000)
    (tmp_path / "a  two.txt").write_bytes(b"")
    write_checksums(tmp_path)
    return tmp_path


def test_every_file_has_its_hash_in_the_form_of_sha256sum(folder: Path) -> None:
    lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    big = hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert lines == [f"{hashlib.sha256().hexdigest()}  a  two.txt", f"{big}  b/é.txt"]
    assert list(changes(folder, read_checksums(folder))) == []
    write_checksums(folder)
    assert (folder / NAME).read_text(encoding="utf-8").splitlines() == lines


def test_a_changed_and_a_missing_file_are_named_and_an_added_one_is_not(folder: Path) -> None:
    known = read_checksums(folder)
    (folder / "a  two.txt").write_bytes(b"y")
    (folder / "b" / "é.txt").unlink()
    (folder / "note.txt").write_text("mine")
    found = {Path(problem.file or "").name: problem.problem for problem in changes(folder, known)}
    assert found == {"a  two.txt": "was changed after it was made: its SHA-256 is another", "é.txt": "is missing"}


def test_a_file_that_became_a_folder_is_named(folder: Path) -> None:
    known = read_checksums(folder)
    (folder / "a  two.txt").unlink()
    (folder / "a  two.txt").mkdir()
    (problem,) = changes(folder, known)
    assert "cannot be read" in problem.problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "nothing says what the folder held"), (b"\xff", "not UTF-8"), (b"abc  x\n", "not a line of a checksum")],
)
def test_a_list_that_cannot_be_read_is_refused(folder: Path, content: bytes | None, problem: str) -> None:
    (folder / NAME).unlink()
    if content is not None:
        (folder / NAME).write_bytes(content)
    with pytest.raises(InputError, match=problem):
        read_checksums(folder)


def test_files_are_in_the_order_of_their_names(folder: Path) -> None:
    assert [name for name, _ in files_in(folder)] == ["a  two.txt", "b/é.txt", NAME]
