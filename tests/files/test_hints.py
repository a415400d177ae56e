"""A line that is not TOML, and what was probably meant by it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from sim.files.errors import InputError
from sim.files.hints import hint
from sim.files.toml import read_toml

MEANT = {
    "0,0528": "0.0528",
    "-0,5": "-0.5",
    "1.234,5": "1234.5",
    "1,234.5": "1234.5",
    "[0,05, 0,1]": "0.05",
    "01-01-2019": "2019-01-01",
    "1/8/2019": "2019-08-01",
    "12/31/2019": "2019-12-31",
    "2019/8/1": "2019-08-01",
    "yes": "true",
    "nee": "false",
    "True": "true",
    "None": "left out",
    "50%": "0.5",
    "12,5 %": "0.125",
    "007": "7",
    ".5": "0.5",
    "5.": "5.0",
    "vc_2018": '"vc_2018"',
    "2019-02-30": "a day that exists",
}


@pytest.mark.parametrize("value", list(MEANT))
def test_the_error_says_how_toml_writes_it(tmp_path: Path, value: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(f"title = 'x'\nwanted = {value}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_toml(path)
    assert caught.value.value == f"wanted = {value}"
    assert f"; here {hint(f'wanted = {value}')}" in str(caught.value)
    assert MEANT[value] in str(caught.value).partition("; here ")[2]


@pytest.mark.parametrize("value", [v for v, m in MEANT.items() if re.match(r'[-"\w.]+$', m)])
def test_what_it_says_is_toml(value: str) -> None:
    read = tomllib.loads(f"wanted = {MEANT[value]}")["wanted"]
    assert isinstance(read, float | int | bool | str | dt.date)


@pytest.mark.parametrize("line", ["[scenario", "wanted", "wanted = 'x", "wanted =", "= 3 }", ""])
def test_nothing_is_guessed_of_other_lines(line: str) -> None:
    assert hint(line) is None or ("=" in line and hint(line) is None)
