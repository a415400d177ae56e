"""Names of regimes that files, programs and figures would confuse: each keeps a figure and a name of its own."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from regime_files import HEAD

from sim.cli.options import suggested_folder
from sim.report.file_names import LONGEST, file_part, file_parts
from sim.report.phrases import short_name, wrap_name
from sim.runs.naming import distinct, readable

MINI = """
extends = "netherlands"
[scenario]
history_from = "start"
title = "four months, few people"
start = 2019-07-01
end = 2019-10-31
replicates = 2
[inflow]
scale = 0.02
"""
LONG = "r" * 240
FILES = ["été.toml", "âtà.toml", "null.toml", "2019.toml", "here/mine.toml", "there/mine.toml", "mine (2).toml"]
FILES += ["MINE.toml", f"{LONG}.toml"]
NAMES = ["été", "âtà", "null (regime)", "2019 (regime)", "mine", "mine (3)", "mine (2)", "MINE", LONG]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a comparison of regimes with names that are hard to keep apart."""
    folder = tmp_path_factory.mktemp("names")
    (folder / "mini.toml").write_text(MINI)
    for number, file in enumerate(FILES):
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            HEAD.replace("A proposal", f"Proposal {number}").replace("2020-01-01", "2019-08-01"), encoding="utf-8"
        )
    program = [sys.executable, "-m", "sim.cli", "compare", "mini.toml", "--quiet", "--out", "kept", "--regimes"]
    done = subprocess.run(
        [*program, ",".join(["vc_2018", *FILES])],
        cwd=folder, env=os.environ, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "kept"


def test_each_regime_has_figures_of_its_own_to_which_the_report_leads(kept: Path) -> None:
    files = {path.name for path in (kept / "figures").iterdir()}
    flow = {name for name in files if name.startswith("flow_") and name.endswith("_all.png")}
    assert len({name.casefold() for name in files}) == len(files)
    assert len(flow) == len(FILES)
    page = re.sub(r"base64,[A-Za-z0-9+/=]*", "", (kept / "report.html").read_text(encoding="utf-8"))
    named = re.findall(r"figures/(flow_[^<]*_all)\.png", page)
    assert sorted(f"{name}.png" for name in named) == sorted(flow)


@pytest.mark.parametrize("table", ["measures", "differences", "incidence", "pairs", "law_changes"])
def test_names_come_back_from_a_table_as_they_went_in(kept: Path, table: str) -> None:
    read = pd.read_csv(kept / f"{table}.csv")
    for column in {"regime", "baseline", "reform"} & set(read.columns):
        assert set(read[column]) <= {"vc_2018", *NAMES}
    column = "regime" if "regime" in read else "reform"
    assert {"vc_2018", *read[column]} == {"vc_2018", *NAMES}


@pytest.mark.parametrize(
    ("given_names", "told"),
    [
        (["a", "a"], ["a", "a (2)"]),
        (["a", "a", "a (2)"], ["a", "a (3)", "a (2)"]),
        (["a (2)", "a", "a"], ["a (2)", "a", "a (3)"]),
        (["null", "null"], ["null (regime)", "null (regime) (2)"]),
        (["vc_2018", "vc_2019_08"], ["vc_2018", "vc_2019_08"]),
    ],
)
def test_a_name_that_comes_twice_gets_a_number_that_is_free(given_names: list[str], told: list[str]) -> None:
    assert distinct(given_names) == told


@pytest.mark.parametrize(
    "name",
    ["null", "NA", "nan", "None", "true", "False", "12", "1e5", "-3.5", "inf", "2019-08-01", "#N/A", "yes", " 7"],
)
def test_a_name_that_reads_as_something_else_is_marked(name: str) -> None:
    read = pd.read_csv(io.StringIO(pd.DataFrame({"reform": [readable(name)] * 2}).to_csv(index=False)))
    assert read.reform.tolist() == [f"{name} (regime)"] * 2


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), unique=True, max_size=6))
@example(["ABC", "abc", "abc-2", "ábc"])
@example(["x" * 90 + "1", "x" * 90 + "2", "/", "\\", "", "\x00"])
def test_file_names_are_portable_and_apart(names: list[str]) -> None:
    parts = file_parts(names)
    assert list(parts) == names
    assert len({part.casefold() for part in parts.values()}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_.+-]*", part) and len(part) <= LONGEST + 4 for part in parts.values())


def test_shipped_names_stay_as_they_are() -> None:
    for name in ("vc_2019_08", "vc_2019_08+c_66_21", "working_method_2019"):
        assert file_part(name) == name == readable(name) == short_name(name)


@pytest.mark.parametrize("width", [8, 26])
def test_a_name_without_a_place_to_break_is_broken_all_the_same(width: int) -> None:
    lines = wrap_name(short_name(LONG), width).split("\n")
    assert "".join(lines) == short_name(LONG)
    assert np.max([len(line) for line in lines]) <= max(width, 14)


def test_the_folder_that_is_suggested_is_one_word() -> None:
    assert suggested_folder("netherlands", ["vc_2018", "vc_2019_08"]) == "results/netherlands-vc_2018-vc_2019_08"
    assert suggested_folder("a b.toml", ["âtà", "mine (2)"]) == "results/a_b-ata-mine_2_"
    assert len(suggested_folder("s", [LONG])) == len("results/") + LONGEST
