"""Figures need no window (`sim.report.drawing`), and leave the settings of matplotlib to the user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
MINI = """
extends = "netherlands"
[scenario]
history_from = "start"
title = "four months, few people"
start = 2019-07-01
end = 2019-10-31
replicates = 1
[inflow]
scale = 0.02
"""
BACKENDS = {
    "of a notebook of another environment": "module://matplotlib_inline.backend_inline_that_is_not_here",
    "of an old kernel": "module://ipykernel.pylab.backend_inline",
    "of an editor": "module://backend_interagg",
    "misspelt": "Tk",
    "that needs a screen": "TkAgg",
    "of another format": "pdf",
    "empty": "",
}
DRAWN = """
import hashlib, os, sys
from synthetic_comparison import synthetic_comparison
from sim.report.figures import flow_figure, headline_figure, incidence_figure
from sim.report.style import figure_bytes
import matplotlib
before, variable = {k: matplotlib.rcParams._get(k) for k in matplotlib.rcParams}, os.environ.get("MPLBACKEND")
comparison = synthetic_comparison(2)
figures = headline_figure(comparison), incidence_figure(comparison), flow_figure(comparison, reform="vc_2019_08")
drawn = b"".join(figure_bytes(figure, kind) for figure in figures for kind in ("svg", "png", "pdf"))
assert {k: matplotlib.rcParams._get(k) for k in matplotlib.rcParams} == before
assert os.environ.get("MPLBACKEND") == variable
assert "matplotlib.pyplot" not in sys.modules
print(hashlib.sha256(drawn).hexdigest(), matplotlib.rcParams._get_backend_or_none())
"""


def drawn(folder: Path, **environment: str) -> tuple[str, str]:
    """Draw every kind of figure in a process of its own: hash of the files, and the backend that is set afterwards."""
    known = {name: value for name, value in os.environ.items() if name not in {"MPLBACKEND", "MATPLOTLIBRC"}}
    known |= {"PYTHONPATH": str(TESTS), **environment}
    program = [sys.executable, "-c", DRAWN]
    done = subprocess.run(program, cwd=folder, env=known, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    digest, backend = done.stdout.split()
    return digest, backend


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The hash of the figures where nothing is set."""
    digest, backend = drawn(tmp_path_factory.mktemp("plain"))
    assert backend == "None"
    return digest


@pytest.mark.parametrize("backend", BACKENDS.values(), ids=BACKENDS)
def test_any_backend_gives_the_same_figures(tmp_path: Path, plain: str, backend: str) -> None:
    assert drawn(tmp_path, MPLBACKEND=backend)[0] == plain


def test_a_backend_that_matplotlib_knows_stays_the_users(tmp_path: Path) -> None:
    assert drawn(tmp_path, MPLBACKEND="pdf")[1] == "pdf"


SETTINGS = {
    "LaTeX, which is not installed": "text.usetex: True\npgf.texsystem: lualatex\n",
    "fonts that are not installed": "font.family: No Such Font\nfont.sans-serif: None Either\nmathtext.fontset: stix\n",
    "a backend that is not installed": "backend: module://nowhere\ninteractive: True\n",
    "sizes and colours": "savefig.bbox: tight\nsavefig.dpi: 30\naxes.facecolor: black\nfigure.autolayout: 1\n",
    "lines that mean nothing": "a line\nno.such.key: 1\nfigure.dpi: many\n",
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_any_settings_file_gives_the_same_figures(tmp_path: Path, plain: str, settings: str) -> None:
    (tmp_path / "matplotlibrc").write_text(settings)
    assert drawn(tmp_path)[0] == plain


def command(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Compare a small scenario into a folder."""
    (folder / "mini.toml").write_text(MINI)
    program = [sys.executable, "-m", "sim.cli", "compare", "mini.toml", "--quiet", "--out", "kept"]
    return subprocess.run(
        program, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=300
    )


def test_a_comparison_started_from_a_notebook_writes_its_figures(tmp_path: Path) -> None:
    done = command(tmp_path, MPLBACKEND=BACKENDS["of a notebook of another environment"])
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "kept" / "figures").glob("headline_*")) == [
        "headline_all.png",
        "headline_all.svg",
        "headline_dublin.png",
        "headline_dublin.svg",
    ]


def test_a_settings_file_that_cannot_be_read_is_told_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_bytes(b"axes.titlesize: gro\xdf\n")
    done = command(tmp_path)
    assert done.returncode == 2
    assert "\nmatplotlibrc: matplotlib cannot read its settings: 'utf-8' codec can't decode" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["matplotlibrc", "mini.toml"]
