"""Where a path leads: beside the file that names it, from where the user is, and at home."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.files.paths import absolute, expanded, shown
from sim.files.toml import read_toml


def test_a_path_begins_where_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("x.toml") == tmp_path / "x.toml"
    assert absolute("x.toml", "sub") == tmp_path / "sub" / "x.toml"
    assert absolute("/y/x.toml", "sub") == Path("/y/x.toml")
    assert shown(tmp_path / "sub" / "x.toml") == Path("sub/x.toml")
    assert shown("/y/x.toml") == Path("/y/x.toml")


def test_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x.toml").write_text("a = 1")
    assert expanded("~/x.toml") == absolute("~/x.toml", "anywhere") == tmp_path / "x.toml"
    assert read_toml("~/x.toml") == {"a": 1}
    assert expanded("~nobody-of-this-name/x.toml") == Path("~nobody-of-this-name/x.toml")
    assert expanded("x~.toml") == Path("x~.toml")


def test_a_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert shown("/y/x.toml") == Path("/y/x.toml")
