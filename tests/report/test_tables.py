"""The tables of the report (`sim.report.tables`)."""

from __future__ import annotations

import pandas as pd
from report_page import Written

from sim.report.book import Book
from sim.report.phrases import level_text
from sim.report.tables import cell_text, flow_sentence, measure_row, recorded_rows, registers_only_rows


def test_cells() -> None:
    cells = {
        0.123456: "0.123456",
        30.0: "30",
        -1.5: "\N{MINUS SIGN}1.5",
        2_500_000.0: "2,500,000",
        2019: "2019",
    }
    assert {value: cell_text(value) for value in cells} == cells
    assert cell_text(float("nan")) == cell_text("") == cell_text(None) == "\N{EM DASH}"
    assert cell_text(["a", "b"]) == "a, b"
    assert cell_text(-0.0) == "0", "not a number below zero"


def test_flow_says_how_many_and_the_largest_move() -> None:
    outcomes = ["b8_permit", "left_unknown"]
    cells = [(a, b) for a in outcomes for b in outcomes]
    table = pd.DataFrame(cells, columns=["baseline_outcome", "reform_outcome"])
    table = table.assign(reform="r", group="dublin", persons=[70.0, 20.0, 10.0, 900.0])
    assert flow_sentence(table, "base", "r", "dublin") == (
        "Of 1,000 people with a Dublin claim, 30 (3.0%) end differently under r than under base; the "
        "largest move is from 'B8 permit' to 'left, destination unknown': 20."
    )
    still = table.assign(persons=[70.0, 0.0, 0.0, 900.0])
    assert flow_sentence(still, "base", "r", "dublin") == (
        "All 970 people with a Dublin claim end the same under r as under base."
    )
    few = table.assign(persons=[70.0, 1.0, 2.0, 900.0])
    assert flow_sentence(few, "base", "r", "dublin").startswith("Of 973 people with a Dublin claim, 3 (0.3%) end")
    rare = table.assign(persons=[70.0, 0.3, 0.04, 900.0])
    assert flow_sentence(rare, "base", "r", "dublin").endswith("'left, destination unknown': 0.3.")


def test_small_counts_of_groups_are_shown_with_their_interval(
    two: Written,
) -> None:
    comparison = two[0]
    book = Book(comparison)
    entry = book.entry("dublin_transferred")
    assert entry is not None
    assert max(book.levels(entry, "minors")) < 5
    row = measure_row(book, entry, "minors", "minors")
    assert row.baseline == level_text(book.levels(entry, "minors")[0], entry.unit)
    assert row.reforms[0].difference[0] in "+−0"
    assert " to " in row.reforms[0].interval
    assert row.reforms[0].signs.count(" / ") == 2
    assert "<5" not in two[2].text
    assert measure_row(book, entry, "all", "everyone").reforms[0].difference.startswith("+")


def test_recorded_world_stands_beside_the_true_one(two: Written) -> None:
    comparison, _, page = two
    book = Book(comparison)
    levels = comparison.measures.query("group == 'all'").set_index(["measure", "regime", "world"])["mean"]
    rows = {found["title"]: found["regimes"] for found in recorded_rows(book)}
    for regime, permit in zip(comparison.regimes, rows["Victims who received a B8 permit"], strict=True):
        true, seen = (levels["b8_granted", regime, world] for world in ("simulated", "recorded"))
        share = f"{100 * seen / true:.0f}%"
        assert permit == {"simulated": f"{true:,.0f}", "recorded": f"{seen:,.0f}", "share": share}
        assert set(permit.values()) <= set(page.words)
    assert [found.title for found in registers_only_rows(book)] == ["Registrations of possible victims"]
    assert "What only the registers have (1)" in page.text
