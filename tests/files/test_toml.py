"""The door for TOML (`sim.files.toml`): what is read, and what is no TOML."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.files.errors import InputError
from sim.files.toml import LARGEST_BYTES, read_toml


def write(folder: Path, content: str | bytes, name: str = "x.toml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def mistake_in(folder: Path, content: str | bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        read_toml(write(folder, content))
    return caught.value


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Give up the rights of root, before whom no file is closed."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_reads_tables_and_passes_over_a_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeffname = 'a'\r\n[capacity]\r\n'avim.report' = { servers = 1 }"
    assert read_toml(write(tmp_path, text)) == {"name": "a", "capacity": {"avim.report": {"servers": 1}}}


def test_missing_file_names_the_nearest_one(tmp_path: Path) -> None:
    write(tmp_path, "a = 1", "netherlands.toml")
    write(tmp_path, "a = 1", "quiet.toml")
    wanted = tmp_path / "netherland.toml"
    with pytest.raises(InputError) as caught:
        read_toml(wanted)
    assert str(caught.value) == (
        f"{wanted}: no such file\n  accepted: netherlands.toml, quiet.toml\n  nearest: {tmp_path / 'netherlands.toml'}"
    )


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_toml(tmp_path / "nowhere" / "x.toml")


def test_folder(tmp_path: Path) -> None:
    write(tmp_path, "a = 1")
    with pytest.raises(InputError) as caught:
        read_toml(tmp_path)
    assert str(caught.value) == f"{tmp_path}: is a folder\n  accepted: x.toml"


@pytest.mark.parametrize("content", ["", "\n\n", "# only a remark"])
def test_empty_file(tmp_path: Path, content: str) -> None:
    assert mistake_in(tmp_path, content).problem == "empty file"


def test_binary_file(tmp_path: Path) -> None:
    assert "NUL" in mistake_in(tmp_path, b"PK\x03\x04\0\0").problem


def test_not_utf_8(tmp_path: Path) -> None:
    assert mistake_in(tmp_path, b"a = 1\nb = 'caf\xe9'\n").problem == "not UTF-8 (line 2, bytes e9)"


def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path, "a = 1")
    path.chmod(0)
    with ordinary_user(), pytest.raises(InputError, match="no permission"):
        read_toml(path)


def test_too_large(tmp_path: Path) -> None:
    assert mistake_in(tmp_path, b"#" * (LARGEST_BYTES + 1)).problem == "too large"


def test_a_name_no_file_can_have() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_toml("a\0b.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_toml("a" * 5000)


@pytest.mark.parametrize(
    ("content", "line", "given"),
    [
        ("a = 1\na = 2", 2, "a = 2"),
        ("a = 1\n[b]\nc = 1\n\n[b]\n", 5, "[b]"),
        ("x = { a = 1, a = 2 }", 1, "x = { a = 1, a = 2 }"),
        ("a.b = 1\n[a.b]", 2, "[a.b]"),
    ],
)
def test_a_key_twice(tmp_path: Path, content: str, line: int, given: str) -> None:
    error = mistake_in(tmp_path, content)
    assert "is given twice" in error.problem
    assert f"line {line}," in error.problem
    assert error.value == given


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a = 1\nb = yes\n", 2),
        ("a =", 1),
        ("a = 2019-13-01", 1),
        ("[a\n", 1),
        ("a = 1.e", 1),
        ("a = '''b", None),
    ],
)
def test_not_toml_keeps_the_line(tmp_path: Path, content: str, line: int | None) -> None:
    error = mistake_in(tmp_path, content)
    assert error.problem.startswith("not TOML: ")
    if line is not None:
        assert f"line {line}," in error.problem


@pytest.mark.parametrize("content", ["a = " + "[" * 5000, "a" + ".a" * 200 + " = 1"])
def test_nested_too_deeply(tmp_path: Path, content: str) -> None:
    assert mistake_in(tmp_path, content).problem == "nested too deeply"


def test_numbers_that_are_no_numbers(tmp_path: Path) -> None:
    error = mistake_in(tmp_path, "a = [1, nan]\n[b.c]\nd = 9223372036854775808\n")
    assert [(one.key, one.problem) for one in error.problems] == [
        ("a[1]", "not a number"),
        ("b.c.d", "too long"),
    ]
    assert "too long" in mistake_in(tmp_path, "a = " + "9" * 5000).problem
    assert read_toml(write(tmp_path, "a = inf"))["a"] > 0
