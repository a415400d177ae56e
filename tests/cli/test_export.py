"""``b8sim export``: a folder of a paper, or an error that says which file and why, and nothing written."""

from __future__ import annotations

import errno
import gc
from pathlib import Path

import pytest
from command import B8sim, everything, refused
from paper_folders import small_run

import sim.cli.export as command
from sim.report import folder as writing


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_run(tmp_path_factory.mktemp("ran"))


def test_export_writes_the_folder(b8sim: B8sim, tmp_path: Path, results: Path) -> None:
    arguments = (
        "--events",
        "csv,xes",
        "--decimal-comma",
        "--language",
        "nl",
        "--include",
        "persons",
        "--licence",
        "CC0-1.0",
    )
    status, out, err = b8sim("export", str(results), "--out", "papers/one", *arguments)
    assert (status, out) == (0, "")
    assert err == "The folder of the paper is papers/one; b8sim reproduce makes it again\n"
    found = everything(tmp_path / "papers" / "one")
    assert {
        "tables/values.csv",
        "tables/persons.csv",
        "tables/decimal_comma/values.csv",
        "latex/values_all.tex",
        "events/vc_2019_08.csv",
    } <= set(found)
    assert not [name for name in everything(tmp_path) if "partial" in name]
    assert command.export_command.__doc__ is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", "--out", "x"), "nowhere: does not exist"),
        (("RESULTS", "--out", "x", "--language", "fr"), '--language: unknown name\n  given: "fr"\n  accepted: en, nl'),
        (("RESULTS", "--out", "x", "--include", "person"), "nearest: persons"),
        (("RESULTS", "--out", "x", "--include", "persons,"), "--include: an empty name"),
        (("RESULTS", "--out", "x", "--licence", "MIT"), "--licence: unknown name"),
        (("RESULTS", "--out", "x", "--replicate", "0"), "--replicate: there are no event logs for it"),
        (("RESULTS", "--out", "x", "--events", "csv", "--replicate", "0"), "--replicate: not of a run"),
        (("RESULTS", "--out", "x", "--events", "xml"), "--events: unknown name"),
        (("RESULTS", "--out", "taken"), "taken: the folder is not empty"),
    ],
)
def test_mistakes_are_explained_and_nothing_is_written(
    b8sim: B8sim, tmp_path: Path, results: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").write_text("")
    given = [str(results) if argument == "RESULTS" else argument for argument in arguments]
    assert said in refused(b8sim, tmp_path, "export", *given)


def test_a_full_disk_leaves_nothing(
    b8sim: B8sim, tmp_path: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.Path, "write_text", full)
    assert "x: cannot be written: no space left on device" in refused(
        b8sim, tmp_path, "export", str(results), "--out", "x"
    )


def test_the_garbage_collector_is_paused_no_longer_than_the_export() -> None:
    def fails() -> None:
        with command.collector_paused():
            assert not gc.isenabled()
            raise RuntimeError

    assert gc.isenabled()
    with pytest.raises(RuntimeError):
        fails()
    assert gc.isenabled()
