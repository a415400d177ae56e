"""H15: a panel that recognises victims without a report brings more forward, keeps more, and hears some later."""

from __future__ import annotations

from functools import cache

from proportions import proportional, run, total, with_many_victims

from sim.scenarios.scenario import Scenario

PLAIN = with_many_victims(proportional(0.1))
NEW, PANEL = "vc_2019_08", "recognition_panel"
REPLICATES = 4


@cache
def under() -> Scenario:
    return PLAIN.under("H15")


def change(scenario: Scenario, measure: str) -> float:
    """Change by the panel as a share of the level without it."""
    with_panel, without = (total(scenario, regime, measure, replicates=REPLICATES) for regime in (PANEL, NEW))
    return with_panel / without - 1


def test_more_victims_come_forward() -> None:
    assert change(under(), "victims_signalled") > 0.1
    assert abs(change(PLAIN, "victims_signalled")) < 0.01


def test_more_are_recognised_without_a_report() -> None:
    on, off = (total(s, PANEL, "recognised_without_report", replicates=REPLICATES) for s in (under(), PLAIN))
    assert on > 1.4 * off
    assert on > 40
    assert total(under(), NEW, "recognised_without_report", replicates=REPLICATES) == 0, "without a panel nobody is"


def test_some_of_them_make_a_statement_later() -> None:
    assert total(under(), PANEL, "statements_after_recognition", replicates=REPLICATES) >= 15
    assert total(PLAIN, PANEL, "statements_after_recognition", replicates=REPLICATES) == 0
    days = []
    for k in range(REPLICATES):
        moves = run(under(), PANEL, k, True).transitions
        first = moves.drop_duplicates(["person", "to"]).set_index(["to", "person"])["date"]
        recognised, spoke = first["b8.recognised_by_panel"], first["investigation.interview"]
        later = (spoke - recognised.reindex(spoke.index)).dt.days
        days += later[later > 0].tolist()
    assert len(days) >= 15
    assert sum(days) / len(days) > 60, "months later, not at once"


def test_fewer_victims_leave() -> None:
    assert change(under(), "left_unknown_victims") < change(PLAIN, "left_unknown_victims") - 0.04 < -0.04


def test_without_a_panel_the_hypothesis_says_nothing() -> None:
    for measure in ("victims_signalled", "left_unknown_victims", "reports"):
        assert total(under(), NEW, measure, replicates=2) == total(PLAIN, NEW, measure, replicates=2)
