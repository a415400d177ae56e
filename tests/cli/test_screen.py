"""Tables on the terminal (`sim.cli.screen`)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.cli.screen import markdown, print_changes


def test_the_screen_shows_what_the_tables_hold(compared: Path) -> None:
    screen = (compared / "screen.txt").read_text()
    table = pd.read_parquet(compared / "results" / "one" / "measures.parquet").set_index(
        ["measure", "world", "group", "regime"]
    )
    assert screen.startswith("vc_2019_08 compared with vc_2018")
    row = next(line for line in screen.splitlines() if "Reports taken by the police" in line)
    cells = [cell.strip() for cell in row.split("│")[1:-1]]
    for cell, regime in zip(cells[2:4], ("vc_2018", "vc_2019_08"), strict=True):
        assert float(cell.replace(",", "")) == pytest.approx(
            table["mean"]["reports", "simulated", "all", regime], rel=0.02
        )


def test_a_table_in_markdown_keeps_its_cells_apart() -> None:
    table = pd.DataFrame({"a|b": ["x|y", "two\nlines"], "c": [None, "back\\slash"]})
    assert markdown(table).splitlines() == [
        r"| a\|b | c |",
        "| --- | --- |",
        r"| x\|y |  |",
        r"| two<br>lines | back\\slash |",
    ]


def test_changes_are_printed_without_titles_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"step": "b8.report", "title": "Report", "what": "next", "old": None, "new": "[bold]", "why": "because"}
    print_changes("What changed", pd.DataFrame([row]))
    out = capsys.readouterr().out
    assert out.startswith("What changed")
    assert "[bold]" in out, "text, not markup"
    assert "Report" not in out
    assert "because" not in out
