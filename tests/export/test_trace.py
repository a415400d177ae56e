"""TRACE says what evidence there is, and of what there is none."""

from __future__ import annotations

from sim.export.results import Results
from sim.export.trace import trace_text


def test_differences_are_counted(comparison: Results) -> None:
    shown = comparison.differences.query("group == 'all' and world == 'simulated' and reform == 'recognition_panel'")
    shown = shown[shown["low"].notna()]
    same = int(((shown["low"] == 0) & (shown["high"] == 0)).sum())
    zero = int(((shown["low"] <= 0) & (shown["high"] >= 0)).sum()) - same
    assert f"| `recognition_panel` | {len(shown)} | {zero} | {same} |" in trace_text(comparison)


def test_what_is_not_there_is_said(comparison: Results, single: Results) -> None:
    assert "Sensitivity to the assumptions is not in this folder." in trace_text(comparison)
    assert "compares no output with data" in trace_text(comparison)
    assert "One run: no differences." in trace_text(single)


def test_the_status_of_the_law_is_counted(comparison: Results) -> None:
    text = trace_text(comparison)
    assert "| read | " in text
    assert "| secondary | " in text
