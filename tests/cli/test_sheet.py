"""Tables on screens of any width (`sim.cli.sheet`): numbers and words stay whole, columns can be told apart."""

from __future__ import annotations

import fcntl
import functools
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from terminals import COMMANDS, MINI, environment, piped

from sim.cli.sheet import PIPE_COLUMNS, Sheet, terminal_columns, wrapped

pytestmark = pytest.mark.skipif(os.name == "nt", reason="terminals are made in another way there")
OF_HEADS = {
    "vc_2018",
    "vc_2019_08",
    "vc_2019_08+U7=report_date",
    "vc_2019_08+U7=wish_date",
    "Measure",
    "measure",
    "step",
    *("vc_2019_", "08+U7=", "report_", "wish_", "date"),  # broken over lines in a table
}
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@functools.cache
def into_a_pipe(name: str) -> str:
    """What one of the commands prints into a pipe."""
    with tempfile.TemporaryDirectory() as folder:
        return piped(Path(folder), *COMMANDS[name])


def on_terminal(folder: Path, columns: int, *arguments: str, **changes: str | None) -> str:
    """What a command prints on a terminal of some columns."""
    (folder / "mini.toml").write_text(MINI)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.cli", *arguments],
        cwd=folder, env=environment(**changes), stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    out = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # Linux says in this way that the other end is closed
            break
        if not read:
            break
        out += read
    os.close(ours)
    assert process.wait(timeout=300) == 0
    return out.decode("utf-8").replace("\r\n", "\n")


def words(text: str) -> set[str]:
    """The words of a text, without the lines of a table and the colon after a head."""
    return {word.rstrip(":") for word in re.sub("[\u2500-\u257f]", " ", ESCAPES.sub("", text)).split()}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("columns", [40, 60, 80])
def test_nothing_is_cut_on_a_narrow_terminal(tmp_path: Path, name: str, columns: int) -> None:
    shown = ESCAPES.sub("", on_terminal(tmp_path, columns, *COMMANDS[name]))
    whole = into_a_pipe(name)
    assert "…" not in shown
    assert words(whole) - words(shown) <= OF_HEADS
    too_long = [line for line in shown.splitlines() if cell_len(line) > columns and " " in line.strip()]
    assert not too_long


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_two_readings_of_a_regime_are_told_apart(tmp_path: Path, columns: int) -> None:
    shown = ESCAPES.sub("", on_terminal(tmp_path, columns, *COMMANDS["compare readings"]))
    lines = shown.splitlines()
    if "┏" not in shown:
        assert any("vc_2019_08+U7=report_date" in line for line in lines[3:])
        assert any("vc_2019_08+U7=wish_date" in line for line in lines[3:])
        return
    head = [line.split("┃")[1:-1] for line in lines if line.startswith("┃")]
    names = ["".join(row[at].strip() for row in head) for at in (2, 3)]
    assert names == ["vc_2019_08+U7=report_date", "vc_2019_08+U7=wish_date"]


def test_a_pipe_gets_a_table_with_a_line_for_each_row() -> None:
    shown = into_a_pipe("compare")
    assert "│ Reports taken by the police " in shown
    assert "\x1b" not in shown


def test_columns_that_are_set_count_for_a_terminal_and_not_for_a_pipe(tmp_path: Path) -> None:
    shown = on_terminal(tmp_path, 120, *COMMANDS["diff"], COLUMNS="50")
    beyond = [line for line in ESCAPES.sub("", shown).splitlines() if cell_len(line) > 50]
    # The name of a parameter stays uncut, so that it can be copied.
    assert all(len(line.split()) == 1 for line in beyond)
    assert piped(tmp_path, *COMMANDS["diff"], COLUMNS="50") == into_a_pipe("diff")


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("NO_COLOR", "1")])
def test_a_terminal_without_colours_gets_none(tmp_path: Path, name: str, value: str) -> None:
    shown = on_terminal(tmp_path, 60, *COMMANDS["diff"], **{name: value})
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", shown)
    assert max(cell_len(line) for line in ESCAPES.sub("", shown).splitlines()) <= 60


WORDS = st.text(st.sampled_from("abcé日−1"), min_size=1, max_size=30)
CELLS = st.lists(WORDS, max_size=30).map(" ".join)
NUMBERS = st.floats(-1e9, 1e9).map(lambda value: f"{value:,.1f}")


def printed(sheet: Sheet, columns: int | None) -> str:
    """What a table looks like on a terminal of some columns, or in a pipe."""
    out = Printed(columns is not None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setenv("COLUMNS", str(columns))
        sheet.show()
    return ESCAPES.sub("", "".join(out.kept))


@given(rows=st.lists(st.tuples(WORDS, CELLS, NUMBERS, NUMBERS), max_size=5), columns=st.none() | st.integers(1, 300))
def test_words_and_numbers_are_whole_at_any_width(rows: list[tuple[str, ...]], columns: int | None) -> None:
    heads = ["What", "Why so", "vc_2019_08+U7=wish_date", "Difference"]
    text = printed(Sheet("Two words", heads, [list(row) for row in rows], numbers_from=2), columns)
    found = text.replace("│", " ").split()
    for row in rows:
        for word in [word for cell in row for word in cell.split()]:
            assert word in found
    if columns is not None and "┏" in text:
        assert max(cell_len(line) for line in text.splitlines()) <= columns


class Printed:
    """A standard output that keeps what is written."""

    encoding = "utf-8"

    def __init__(self, terminal: bool) -> None:
        self.kept: list[str] = []
        self.isatty = lambda: terminal

    def write(self, text: str) -> int:
        self.kept.append(text)
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


def test_an_empty_table_has_its_heads() -> None:
    assert "Head" in printed(Sheet("Title", ["Head", "Other"], [], numbers_from=1), None)
    assert printed(Sheet("Title", ["Head", "Other"], [], numbers_from=1), 5) == "Title\n"


def test_a_long_word_makes_a_pipe_wider_and_nothing_else() -> None:
    text = printed(Sheet("Title", ["Head", "Other"], [["w" * 200, "1"]], numbers_from=1), None)
    assert "w" * 200 in text
    assert max(len(line) for line in text.splitlines()) == 200 + len("Other") + 7 > PIPE_COLUMNS


@pytest.mark.parametrize(("set_to", "told"), [("50", 50), ("0", 80), ("-5", 80), ("many", 80), ("", 80)])
def test_columns_that_are_no_number_are_not_taken(
    set_to: str, told: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", set_to)
    monkeypatch.setattr("sys.stdout", Printed(True))
    monkeypatch.setattr("shutil.os.get_terminal_size", nowhere)
    assert terminal_columns() == told


def nowhere(_file: int) -> os.terminal_size:
    """Know no size, as where there is no terminal."""
    raise OSError


def test_wide_characters_count_twice() -> None:
    assert wrapped("日本 日本", 8) == ["日本", "日本"]
    assert wrapped("日本 日本", 9) == ["日本 日本"]
    assert wrapped("", 5) == [""]
