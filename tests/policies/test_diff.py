"""What the law changed from one regime to another (`sim.policies.diff`)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regime_files import row, rows

from sim.evidence.parameters import Parameters
from sim.policies.diff import COLUMNS, diff
from sim.policies.library import readings
from sim.policies.regime import Regime, shipped_regimes

ANSWERS = [f"{question}={option}" for question, reading in readings().items() for option in reading.options]
DIFFERENCES = {
    ("R2", "P1"): {
        ("b8.report", "branches changed"),
        ("b8.other_cooperation", "branches changed"),
        ("b8.considers_report", "branch added"),
        ("b8.continued_stay_application", "branch added"),
        ("b8.file_lapsed", "can follow"),
        ("b8.panel_opinion", "new step"),
        ("b8.recognised_by_panel", "new step"),
        ("trafficking_file_pending", "condition holds at"),
        ("application_pending", "condition holds at"),
        ("b8_file_open", "condition holds at"),
        ("recognised", "condition holds at"),
        ("recognition_apart_from_prosecution", "fact"),
    },
    ("R2", "P2"): {("b8.intake", "branch removed")},
    ("R2+U1=none", "P2+U1=none"): {("b8.intake", "branch removed")},
    ("R2+U18=does_not_bar", "P2+U18=does_not_bar"): {
        ("b8.intake", "branch removed"),
        ("dublin.transfer_due", "branches changed"),
    },
    ("R2", "P3"): {
        ("b8.report", "branch removed"),
        ("b8.other_cooperation", "branch removed"),
        ("news_of_the_necessity_test", "fact"),
    },
    ("R2", "P4"): {
        ("dublin.transferred", "sets off"),
        ("investigation.information_secured", "new step"),
        ("reports_abroad", "hazard: times.transfer is a handover"),
        ("finds_protection_abroad", "decision: chance"),
        ("returns_after_transfer", "hazard: times.transfer is a handover"),
        ("transfer_is_a_handover", "fact"),
    },
    ("R2", "P6"): {
        ("b8.wish_to_report", "branch added"),
        ("b8.second_session", "new step"),
        ("b8.file_lapsed", "can follow"),
        ("trafficking_file_pending", "condition holds at"),
        ("b8_file_open", "condition holds at"),
        ("waits_to_be_heard", "condition holds at"),
        ("waits_before_report", "condition holds at"),
        ("police_ask_for_leads", "decision: chance"),
        ("trauma_aware_interview", "fact"),
    },
    ("R0", "P9"): {("investigation.assessment", "duration"), ("investigation.early_dismissal", "duration")},
    ("R0", "R1"): {("dublin.transfer_due", "branch added")},
    ("R0", "R1+U2=strict"): {("dublin.transfer_due", "branches changed"), ("transfer_not_awaited", "fact")},
    ("R2", "R2+c_66_21"): set(),
    ("R2+U18=does_not_bar", "R2+U18=does_not_bar+c_66_21"): {("dublin.transfer_due", "branches changed")},
    ("R2", "R2+c_338_21"): {("b8.objection", "sets off"), ("dublin.clock_suspended", "branch added")},
    ("R2+c_338_21", "R2+c_338_21+U5=dropped"): {("dublin.transfer_due", "branches changed")},
    ("R2", "R2+U1=ninety_days"): {("reflection_granted_to_dublin_claimant", "decision: chance")},
    ("R2", "R2+U3=refused_without_test"): {
        ("b8.report", "branch added"),
        ("b8.late_report", "new step"),
        ("b8.file_lapsed", "can follow"),
        ("trafficking_file_pending", "condition holds at"),
        ("application_pending", "condition holds at"),
        ("b8_file_open", "condition holds at"),
    },
    ("R2", "R2+U7=wish_date"): set(),
    ("R2", "R2+U10=seventy"): {("shelter.specialised_places", "parameter value")},
    ("R2", "R2+U11=extension"): {
        ("b8.objection", "sets off"),
        ("dublin.clock_extended_objection", "new step"),
        ("dublin.clock_off", "can follow"),
        ("dublin.clock_extended_absconding", "can follow"),
        ("transfer_window_open", "condition holds at"),
    },
    ("R2+c_66_21+c_338_21", "R3"): {
        ("reflection_granted_to_dublin_claimant", "decision: chance"),
        ("reflection_had", "condition holds at"),
        ("b8.reflection_offered", "branch added"),
        ("b8.reflection_running_dublin", "new step"),
        ("b8.reflection_over", "can follow"),
        ("reflection_runs", "condition holds at"),
    },
    ("R3", "historical"): set(),
    ("R0", "R0+c_66_21+c_338_21"): {("dublin.clock_suspended", "branch added")},
}


@pytest.mark.parametrize(("pair", "expected"), DIFFERENCES.items())
def test_a_diff_shows_what_was_changed_and_nothing_else(pair: tuple[str, str], expected: set[tuple[str, str]]) -> None:
    assert rows(*pair) == expected


@given(st.sampled_from(shipped_regimes()), st.sampled_from(ANSWERS))
@settings(deadline=None, max_examples=40)
def test_nothing_differs_from_itself(name: str, answer: str) -> None:
    regime = Regime.load(name, dict([answer.split("=")]))
    for a, b in ((name, name), (regime, regime), (regime.throughout(), regime.throughout())):
        table = diff(a, b)
        assert table.empty
        assert tuple(table.columns) == COLUMNS


MIRRORED = {
    "branch added": "branch removed",
    "branch removed": "branch added",
    "new step": "step left out",
    "step left out": "new step",
}


@pytest.mark.parametrize(
    ("a", "b"), list(itertools.combinations(["R0", "R1", "R2+U11=extension", "R3", "P1", "P4", "P9"], 2))
)
def test_a_diff_read_backwards_swaps_old_and_new(a: str, b: str) -> None:
    there = {(r.step, r.what, r.old, r.new) for r in diff(a, b).itertuples()}
    back = {(r.step, MIRRORED.get(r.what, r.what), r.new, r.old) for r in diff(b, a).itertuples()}
    assert there == back
    assert there


@pytest.mark.parametrize(
    "pair", list(itertools.permutations(["R0", "R1", "R2", "R3", "P1", "P3", "P4"], 2)), ids=" ".join
)
def test_every_row_says_why_and_on_what_authority(pair: tuple[str, str]) -> None:
    table = diff(*pair)
    assert not table.isna().any(axis=None)
    for column in ("step", "title", "what", "source", "why"):
        assert (table[column].str.len() > 0).all(), column
    assert (table["old"] != table["new"]).all()
    assert set(table["status"]) <= {"read", "secondary", "assumed"}


def test_a_diff_shows_parameters_with_their_values() -> None:
    table = diff("R0", "P9")
    value = Parameters.load().value("om.quick_assessment_days")
    assert row(table, "investigation.assessment")["new"] == f"{value:g} days (om.quick_assessment_days)"
    values = row(diff("R2+U10=fifty", "R2+U10=seventy"), "shelter.specialised_places")
    assert (values["old"], values["new"], values["why"]) == ("50", "70", "U10: 70 at three sites")
    assert row(diff("R0", "R0+c_66_21"), "c_66_21", "transitional rule")["new"] == "applies at once to everybody"
