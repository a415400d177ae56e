"""LaTeX tables are well formed, say what the report says, and are set by a real TeX where there is one."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from pylatexenc.latexwalker import LatexEnvironmentNode, LatexWalker

from sim.export.choices import Choices
from sim.export.latex import write_latex
from sim.export.results import Results

TEX = shutil.which("pdflatex")


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of the body of a table."""
    body = text.split("\\midrule\n", 1)[1].split("\\bottomrule", 1)[0]
    return [line.removesuffix(r" \\").split(" & ") for line in body.splitlines() if line.endswith(r"\\")]


def test_every_table_is_well_formed(paper: Path) -> None:
    files = sorted((paper / "latex").glob("*.tex"))
    assert len(files) > 6
    for file in files:
        text = file.read_text(encoding="utf-8")
        nodes, _, _ = LatexWalker(text, tolerant_parsing=False).get_latex_nodes()
        found = {node.environmentname for node in nodes if isinstance(node, LatexEnvironmentNode)}
        assert found & {"table", "document"} or "longtable" in text, file.name
        if file.stem not in {"tables"} and "longtable" not in text:
            assert len({len(row) for row in rows_of(text)}) == 1, file.name
            assert text.startswith("% b8sim 0.1.0, scenario hash ")
            for rule in ("\\toprule", "\\midrule", "\\bottomrule"):
                assert text.count(rule) == 1


def test_a_row_has_the_numbers_of_the_tables(paper: Path, comparison: Results) -> None:
    text = (paper / "latex" / "differences_recognition_panel_all.tex").read_text(encoding="utf-8")
    (row,) = (row for row in rows_of(text) if row[0] == "Left with unknown destination (persons)")
    wanted = comparison.differences.query(
        "measure == 'left_unknown' and world == 'simulated' and group == 'all' and reform == 'recognition_panel'"
    ).iloc[0]
    levels = comparison.measures.query("measure == 'left_unknown' and world == 'simulated' and group == 'all'")
    means = levels.set_index("regime")["mean"]
    numbers = [means["vc_2018"], means["recognition_panel"], wanted["difference"], wanted["low"], wanted["high"]]
    for cell, number in zip(row[1:6], numbers, strict=True):
        places = len(cell.partition(".")[2])
        assert float(cell) == pytest.approx(number, abs=0.5000001 * 10**-places)
    signs = (round(wanted[f"share_{sign}"] * 2) for sign in ("lower", "equal", "higher"))
    assert row[6] == " / ".join(map(str, signs))


def test_small_counts_are_shown(paper: Path, comparison: Results) -> None:
    text = (paper / "latex" / "differences_recognition_panel_dublin.tex").read_text(encoding="utf-8")
    levels = comparison.measures.query("world == 'simulated' and group == 'dublin' and unit in ['persons', 'cases']")
    small = levels[(levels["mean"] > 0) & (levels["mean"] < 5)]["measure"]
    titles = {comparison.titles.measure(name, "en") for name in small}
    shown = [row for row in rows_of(text) if row[0].rpartition(" (")[0] in titles]
    assert shown
    assert all("{--}" not in row[1:4] and row[6].count(" / ") == 2 for row in shown)
    assert r"{\textless{}5}" not in text


def test_dutch_tables_have_dutch_words_and_decimal_commas(paper_of_run: Path) -> None:
    text = (paper_of_run / "latex" / "values_all.tex").read_text(encoding="utf-8")
    assert "Maat & Eenheid & {Waarde}" in text
    assert "output-decimal-marker={,}" in text
    assert "B8-vergunning verleend & personen" in text


def of_a_country(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return a table of a small country with the figures of a large one."""
    times = table["unit"].map({"days": 300.0}).fillna(100.0).where(table["unit"] != "ratio", 0.1)
    many = table["replicates"].where(table["replicates"] == 0, 1000)
    return table.assign(replicates=many, **{name: times * table[name] for name in columns})


@pytest.mark.skipif(TEX is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("which", ["paper", "paper_of_run", "paper_of_calibration", "country", "strange"])
def test_a_real_tex_sets_all_tables_within_the_page(
    which: str, request: pytest.FixtureRequest, tmp_path: Path, comparison: Results
) -> None:
    if which == "strange":
        strange = comparison.law_changes.assign(old='50% of $x_1 & {y} ~ ^ \\ # | < > " → ≥ …', new="x" * 60)
        results = dataclasses.replace(comparison)
        results.__dict__["law_changes"] = strange
        write_latex(tmp_path, results, Choices.of(language="nl"))
        folder = tmp_path / "latex"
    elif which == "country":  # as many figures as in the whole Netherlands, over a thousand replicates
        results = dataclasses.replace(comparison)
        results.__dict__["measures"] = of_a_country(comparison.measures, ["mean", "low", "high"])
        results.__dict__["differences"] = of_a_country(comparison.differences, ["difference", "low", "high"])
        write_latex(tmp_path, results, Choices.of(language="nl"))
        folder = tmp_path / "latex"
    else:
        folder = Path(shutil.copytree(request.getfixturevalue(which) / "latex", tmp_path / "latex"))
    command = [str(TEX), "-interaction=nonstopmode", "-halt-on-error", "tables.tex"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, errors="replace")
    assert result.returncode == 0, result.stdout[-2000:]
    log = (folder / "tables.log").read_text(encoding="utf-8", errors="replace")
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    if which != "strange":  # a word of sixty letters fits in no column
        assert max(wide, default=0) < 2
    assert (folder / "tables.pdf").stat().st_size > 10_000


def test_no_changes_of_the_law_give_no_table(comparison: Results, tmp_path: Path) -> None:
    results = dataclasses.replace(comparison)
    results.__dict__["law_changes"] = pd.DataFrame(columns=comparison.law_changes.columns)
    names = [piece.path for piece in write_latex(tmp_path, results, Choices.of())]
    assert not [name for name in names if "law_" in name]
