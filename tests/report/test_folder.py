"""A folder of results appears whole or not at all."""

from __future__ import annotations

import datetime as dt
import errno
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim.files.errors import InputError
from sim.report.folder import open_folder, write_comparison, write_receipt, write_run, write_table, write_text


def names(folder: Path) -> list[str]:
    """Return everything under a folder, hidden or not."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Give up the rights of root, for whom no folder is closed."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_folder_appears_at_the_end_with_its_parents(tmp_path: Path) -> None:
    target = tmp_path / "results" / "a"
    with open_folder(target) as folder:
        write_text(folder, "x.txt", "x\n")
        assert not target.exists()
    assert names(tmp_path) == ["results", "results/a", "results/a/x.txt"]


def test_empty_folder_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a"
    target.mkdir()
    monkeypatch.chdir(target)
    with open_folder(".") as folder:
        write_receipt(folder, {"seed": 1})
        (folder / "figures").mkdir()
        write_text(folder / "figures", "x.svg", "")
        assert list(target.glob("*.json")) == []
    assert names(target) == ["figures", "figures/x.svg", "receipt.json"]
    assert Path.cwd() == target


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, InputError])
@pytest.mark.parametrize("exists", [True, False])
def test_nothing_is_left_of_a_failure(tmp_path: Path, error: type[BaseException], exists: bool) -> None:
    target = tmp_path / "results" / "deep" / "a"
    if exists:
        target.mkdir(parents=True)
    before = names(tmp_path)

    def fail() -> None:
        with open_folder(target) as folder:
            write_text(folder, "x.txt", "half")
            raise error("stop")

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == before


@pytest.mark.parametrize("content", ["x.txt", ".hidden"])
def test_folder_that_is_not_empty_is_refused(tmp_path: Path, content: str) -> None:
    write_text(tmp_path, content, "keep")
    with pytest.raises(InputError) as caught, open_folder(tmp_path):
        pytest.fail("the block must not run")
    assert str(caught.value) == f"{tmp_path}: the folder is not empty\n  accepted: a new or an empty folder"
    assert names(tmp_path) == [content]


def test_file_is_refused_also_as_a_parent(tmp_path: Path) -> None:
    write_text(tmp_path, "x", "keep")
    for target, problem in ((tmp_path / "x", "is not a folder"), (tmp_path / "x" / "y", "cannot be written")):
        with pytest.raises(InputError, match=problem), open_folder(target):
            pytest.fail("the block must not run")
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("name", ["a\0b", "n" * 300])
def test_name_no_folder_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be written"), open_folder(tmp_path / "made" / name):
        pytest.fail("the block must not run")
    assert names(tmp_path) == []


def test_closed_parent_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with ordinary_user():
        for target in (tmp_path / "a", tmp_path / "b" / "c"):
            with pytest.raises(InputError, match="permission denied"), open_folder(target):
                pytest.fail("the block must not run")
    tmp_path.chmod(0o755)
    assert names(tmp_path) == []


@pytest.mark.parametrize("exists", [True, False])
def test_second_run_to_the_same_place_is_refused(tmp_path: Path, exists: bool) -> None:
    target = tmp_path / "a"
    if exists:
        target.mkdir()
    with open_folder(target) as folder:
        with pytest.raises(InputError, match=r"another run|not empty"), open_folder(target):
            pytest.fail("the block must not run")
        write_text(folder, "x.txt", "first")
    assert names(target) == ["x.txt"]


def test_place_that_was_taken_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "a"

    def write_ours() -> None:
        with open_folder(target) as folder:
            write_text(folder, "x.txt", "ours")
            target.mkdir()
            write_text(target, "x.txt", "theirs")

    with pytest.raises(InputError, match="cannot be written"):
        write_ours()
    assert names(tmp_path) == ["a", "a/x.txt"]
    assert (target / "x.txt").read_text() == "theirs"


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_interrupt_while_a_folder_is_filled_empties_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    target, rename, moved = tmp_path / "a", Path.rename, []

    def interrupted(self: Path, to: Path) -> Path:
        if len(moved) == after and self.name not in moved:
            raise KeyboardInterrupt
        moved.append(self.name)
        return rename(self, to)

    def write() -> None:
        with open_folder(target) as folder:
            for name in ("x.txt", "receipt.json", "y.txt"):
                write_text(folder, name, "x")
            monkeypatch.setattr(Path, "rename", interrupted)

    target.mkdir()
    with pytest.raises(KeyboardInterrupt):
        write()
    assert moved == ["x.txt", "y.txt"][:after] * 2
    assert names(tmp_path) == ["a"]


def test_full_disk_is_explained_and_other_failures_are_not_hidden(tmp_path: Path) -> None:
    for number in (errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EROFS):
        reason = os.strerror(number)
        with pytest.raises(InputError, match=f"cannot be written: {reason.lower()}"), open_folder(tmp_path / "a"):
            raise OSError(number, reason)
    with pytest.raises(FileNotFoundError), open_folder(tmp_path / "a") as folder:
        (folder / "missing").read_text()
    assert names(tmp_path) == []


def test_tables_are_the_same_bytes_in_csv_and_keep_all_digits_in_parquet(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "name": ["Đặng, Văn", 'a "b"'],
            "mean": [1 / 3, -0.0],
            "low": [math.nan, 1e-20],
            "persons": [1, 2],
            "day": pd.to_datetime(["2019-08-01", "2020-02-29"]),
        },
        index=[7, 3],
    )
    write_table(tmp_path, "measures", table)
    expected = 'name,mean,low,persons,day\n"Đặng, Văn",0.3333333333,,1,2019-08-01\n"a ""b""",0,1e-20,2,2020-02-29\n'
    assert (tmp_path / "measures.csv").read_bytes() == expected.encode()
    again = pd.read_parquet(tmp_path / "measures.parquet")
    assert again["mean"][0] == 1 / 3
    assert list(again["name"]) == list(table["name"])
    assert math.copysign(1, table["mean"].iloc[1]) == -1, "the table of the caller must stay as it is"
    first = (tmp_path / "measures.parquet").read_bytes()
    write_table(tmp_path, "measures", table)
    assert (tmp_path / "measures.parquet").read_bytes() == first


def test_table_of_mixed_columns_goes_to_csv_alone(tmp_path: Path) -> None:
    write_table(tmp_path, "mixed", pd.DataFrame({"old": ["a", 1, None]}), parquet=False)
    assert names(tmp_path) == ["mixed.csv"]


def test_receipt_is_sorted_and_strict_json(tmp_path: Path) -> None:
    write_receipt(tmp_path, {"seed": 1, "hash": {"b": "é", "a": None}})
    text = (tmp_path / "receipt.json").read_text(encoding="utf-8")
    assert text.index('"hash"') < text.index('"seed"')
    assert text.index('"a"') < text.index('"b"')
    assert "é" in text
    assert text.endswith("}\n")
    assert json.loads(text)["seed"] == 1
    with pytest.raises(ValueError, match="JSON"):
        write_receipt(tmp_path, {"seed": math.nan})


def test_a_table_without_rows_keeps_its_types(tmp_path: Path) -> None:
    table = pd.DataFrame({"person": np.array(["a"], object), "order": np.array([1], np.int32), "mean": [0.5]})
    write_table(tmp_path, "one", table)
    write_table(tmp_path, "none", table.iloc[:0])
    one, none = (pq.read_schema(tmp_path / f"{name}.parquet") for name in ("one", "none"))
    assert [str(field.type).removeprefix("large_") for field in one] == ["string", "int32", "double"]
    assert [str(field.type).removeprefix("large_") for field in none] == ["string", "int32", "double"]
    assert (tmp_path / "none.csv").read_text() == "person,order,mean\n"


@pytest.mark.parametrize("scale", [0.0, 0.03])
def test_other_programs_find_in_the_files_what_is_in_the_tables(tmp_path: Path, scale: float) -> None:
    """No text reads as a missing value or a boolean, and no number as something else; also where nobody comes."""
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start",
        start=dt.date(2019, 7, 1),
        end=dt.date(2019, 12, 31),
        inflow={"scale": scale},
        capacity={"om.triage": 0.0},
    )
    for name in ("run", "compared"):
        (tmp_path / name).mkdir()
    write_run(tmp_path / "run", sim.run(scenario.under("H5"), "vc_2019_08"))
    write_comparison(tmp_path / "compared", sim.compare(scenario, ["vc_2018", "vc_2019_08"], replicates=2))
    files = sorted(tmp_path.rglob("*.csv"))
    assert len(files) == 11
    for file in files:
        text = pd.read_csv(file, dtype=str, keep_default_na=False)
        read = pd.read_csv(file)
        assert (read.isna() == (text == "")).all(axis=None), file.name
        cells = set(text.to_numpy().ravel().tolist())
        # A fact of a rule holds or does not: its cell in the changes of the law says true, among other texts.
        strange = {"nan", "NaN", "inf", "-inf", "None", "-0", "true", "false"}
        assert not cells & (strange - {"true"} if file.name == "law_changes.csv" else strange), file.name
    assert set(pd.read_csv(tmp_path / "compared" / "measures.csv").world) == {"simulated", "recorded"}
    assert "nan" not in (tmp_path / "compared" / "receipt.json").read_text(encoding="utf-8").lower()
    table = pd.read_csv(tmp_path / "compared" / "measures.csv").query("world == 'simulated' and group == 'all'")
    assert len(table) > 200
    undefined = table[table.replicates == 0]
    assert undefined[["mean", "low", "high"]].isna().all(axis=None)
    assert "utilisation_om.triage" in set(undefined.measure)
