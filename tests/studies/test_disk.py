"""A file is there whole or not at all; one process at a time works in a folder."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.files.errors import InputError
from sim.studies.disk import only_here, remove_unfinished, sha256, write_whole


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.parquet"
    write_whole(file, b"before")
    names: list[list[str]] = []
    sync = os.fsync

    def seen(number: int) -> None:
        names.append(sorted(path.name for path in tmp_path.iterdir()))
        sync(number)

    monkeypatch.setattr(os, "fsync", seen)
    write_whole(file, b"after")
    assert names[0] == [".a.parquet.unfinished", "a.parquet"], "synced before it has its name"
    assert names[1] == ["a.parquet"], "and the name is synced after"
    assert file.read_bytes() == b"after"


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_full_disk_is_explained_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    file = tmp_path / "a.parquet"
    write_whole(file, b"before")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if moment == "fsync" else (Path, "replace")), full)
    with pytest.raises(InputError, match="no space left") as error:
        write_whole(file, b"after")
    assert "b8sim sweep resume" in str(error.value)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]
    assert file.read_bytes() == b"before"


def test_what_was_begun_is_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "readings").mkdir()
    for name in (".part-1.parquet.unfinished", "part-2.parquet", ".lock"):
        (tmp_path / "readings" / name).write_bytes(b"x")
    remove_unfinished(tmp_path)
    assert sorted(path.name for path in (tmp_path / "readings").iterdir()) == [".lock", "part-2.parquet"]
    assert sha256(tmp_path / "gone") == ""


def test_a_second_process_is_kept_out_until_the_first_ends(tmp_path: Path) -> None:
    hold = (
        f"from pathlib import Path; from sim.studies.disk import only_here\nwith only_here(Path({str(tmp_path)!r})):\n"
    )
    hold += "    print('in', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with pytest.raises(InputError, match="another sweep is at work"), only_here(tmp_path):
            pass
        other.kill()
        other.wait()
    with only_here(tmp_path):
        pass


def test_a_folder_that_is_gone_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"), only_here(tmp_path / "gone"):
        pass
