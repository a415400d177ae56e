"""The law that comes with the package: what each regime changes, and what it comes to."""

from __future__ import annotations

import datetime as dt

import pytest
from regime_files import said, targets

from sim.policies.library import shipped
from sim.policies.regime import FactPeriod, Regime, StepVersion
from sim.policies.shipped_law import check_law
from sim.policies.statute import Statute
from sim.procedures import Rulebook

BASE = Rulebook.load()
AUGUST_2019 = dt.date(2019, 8, 1)


def changed_steps(regime: Regime) -> set[str]:
    """Return the steps whose last text is not the base text."""
    return {name for name, step in regime.final_steps.items() if BASE.steps.get(name) != step}


AMENDED = {
    "working_method_2019": {"dublin.transfer_due"},
    "vc_2019_08": {
        "b8.wish_to_report",
        "b8.report",
        "b8.other_cooperation",
        "b8.necessity_test",
        "b8.objection",
        "dublin.transfer_due",
    },
    "quick_dismissal": {"investigation.assessment", "investigation.early_dismissal"},
}


@pytest.mark.parametrize(("name", "steps"), AMENDED.items())
def test_a_regime_on_the_base_text_changes_these_steps_only(name: str, steps: set[str]) -> None:
    assert changed_steps(Regime.load(name)) == steps


def test_august_2019_for_a_dublin_claimant() -> None:
    steps = Regime.load("R2").final_steps
    for name in ("b8.report", "b8.other_cooperation"):
        assert [(b.to, said(b.when)) for b in steps[name].next] == [
            ("b8.necessity_test", ("dublin_claim",)),
            ("b8.grant_decision", ()),
        ]
    strict = Regime.load("R2+U1=none").final_steps["b8.intake"].next[0]
    assert strict.to == "b8.reflection_excluded"
    assert "dublin_claim" in said(strict.when)
    assert said(steps["b8.objection"].signals) == ("dublin.clock_suspended",)
    (resumes,) = steps["dublin.clock_suspended"].next
    assert (resumes.to, said(resumes.when)) == ("dublin.clock_resumes", ("not objection_pending",))
    assert targets(steps["dublin.clock_resumes"]) == ["dublin.clock_running"]
    for name in ("b8.wish_to_report", "b8.necessity_test"):
        assert [(said(rank.when), rank.rank) for rank in steps[name].priority] == [(("dublin_claim",), 1)]


BARS = {
    "R0": {"not waits_before_report", "not reflection_runs"},
    "R1+U2=strict": set(),
    "R2": {"not waits_before_report", "not reflection_runs", "not refusal_held_back"},
    "R2+U18=does_not_bar": {"not waits_before_report", "not refusal_held_back"},
    "R2+U18=does_not_bar+c_66_21": {"not waits_before_report", "not refusal_held_back", "not reflection_runs"},
    "R2+c_338_21": {"not waits_before_report", "not reflection_runs", "not refusal_held_back"},
    "R2+c_338_21+U5=dropped": {"not waits_before_report", "not reflection_runs"},
    "R3": {"not waits_before_report", "not refusal_held_back", "not reflection_runs"},
    "R1+c_66_21": {"not waits_before_report", "not reflection_runs"},
    "R1+U2=strict+c_66_21": {"not reflection_runs"},
    "P2+U18=does_not_bar": {"not waits_before_report", "not refusal_held_back", "not reflection_runs"},
}
BY_LAW = {
    "not transfers_stopped",
    "not transfer_to_italy_barred",
    "not residence_document_issued",
    "not application_pending",
}


@pytest.mark.parametrize(("name", "bars"), BARS.items())
def test_what_bars_a_transfer(name: str, bars: set[str]) -> None:
    gate = Regime.load(name).final_steps["dublin.transfer_due"]
    assert set(said(gate.next[-1].when)) - BY_LAW == bars
    assert all(set(said(branch.when)) >= BY_LAW for branch in gate.next)
    assert set(targets(gate)) == {"dublin.transferred"}


def test_the_mild_working_method_lets_the_last_weeks_pass() -> None:
    first, second = Regime.load("R1").final_steps["dublin.transfer_due"].next
    assert set(said(first.when)) == BY_LAW | {"last_weeks_of_clock"}
    assert second == BASE.steps["dublin.transfer_due"].next[0]


def test_the_court_of_2022_bars_a_transfer_on_every_branch() -> None:
    branches = Regime.load("R1+c_66_21").final_steps["dublin.transfer_due"].next
    assert len(branches) == 2
    assert all("not reflection_runs" in said(branch.when) for branch in branches)


@pytest.mark.parametrize("reading", ["suspension", "extension"])
def test_after_the_court_of_2023_an_objection_does_not_touch_the_clock(reading: str) -> None:
    before = Regime.load(f"R2+U11={reading}").final_steps["b8.objection"]
    after = Regime.load(f"R2+c_338_21+U11={reading}").final_steps["b8.objection"]
    assert before.signals
    assert after == BASE.steps["b8.objection"]


def test_thirty_days_in_2023() -> None:
    regime = Regime.load("R3")
    steps = regime.final_steps
    dublin = [branch for branch in steps["b8.reflection_offered"].next if "dublin_claim" in said(branch.when)]
    assert [said(branch.signals) for branch in dublin] == [
        ("b8.reflection_running_dublin", "b8.placement"),
        ("b8.reflection_running_dublin",),
    ]
    assert steps["b8.reflection_offered"].next[2:] == BASE.steps["b8.reflection_offered"].next
    assert steps["b8.intake"] == BASE.steps["b8.intake"]
    assert regime.conditions["reflection_runs"].at == (
        "b8.reflection_running",
        "b8.reflection_running_dublin",
    )
    assert "b8.reflection_running_dublin" in steps["b8.reflection_over"].from_


def test_a_report_after_three_months() -> None:
    regime = Regime.load("R2+U3=refused_without_test")
    step = regime.final_steps["b8.report"]
    assert targets(step) == ["b8.late_report", "b8.necessity_test", "b8.grant_decision"]
    assert said(step.next[0].when) == ("dublin_claim", "report_deadline_over")
    late = regime.final_steps["b8.late_report"]
    assert (late.actor, late.by, late.takes) == ("IND", "ind.b8", "b8.late_report_decision_days")
    assert targets(late) == ["b8.refused"]
    assert "b8.late_report" in regime.conditions["application_pending"].at, "the application bars a transfer"
    assert "b8.late_report" not in Regime.load("R2").final_steps


def test_safe_reporting_changes_the_interview_and_not_the_permit() -> None:
    regime, before = Regime.load("P6"), Regime.load("R2")
    assert targets(regime.final_steps["b8.wish_to_report"]) == ["b8.second_session", "b8.report"]
    second = regime.final_steps["b8.second_session"]
    assert (second.by, targets(second)) == ("avim.report", ["b8.report"])
    assert second.priority == before.final_steps["b8.wish_to_report"].priority
    assert "b8.second_session" in regime.conditions["trafficking_file_pending"].at, "the transfer waits for it too"
    for name in ("b8.report", "b8.necessity_test", "dublin.transfer_due"):
        assert regime.final_steps[name] == before.final_steps[name]
    _, (in_force, asked) = Statute(regime).decisions["police_ask_for_leads"]
    assert (in_force, asked.chance) == (AUGUST_2019, "interview.leads_asked_when_trauma_aware")


def test_the_panel_is_open_without_a_report_to_dublin_claimants_only() -> None:
    steps = Regime.load("P1").final_steps
    branches = [b for b in steps["b8.considers_report"].next if b.to == "b8.panel_opinion"]
    assert [said(branch.when) for branch in branches] == [("dublin_claim", "asks_recognition")]
    assert targets(steps["b8.considers_report"])[-1] == "b8.declined"


def test_the_panel_stands_where_the_test_stood() -> None:
    steps = Regime.load("P1").final_steps
    assert targets(steps["b8.report"]) == ["b8.panel_opinion", "b8.grant_decision"]
    assert targets(steps["b8.panel_opinion"]) == ["b8.recognised_by_panel", "b8.refused"]
    assert targets(steps["b8.continued_stay_application"])[-2:] == ["b8.continued_stay", "b8.refused"]
    assert all("b8.necessity_test" not in targets(step) for step in steps.values())


def test_without_the_necessity_test_a_report_leads_to_the_permit_again() -> None:
    regime = Regime.load("P3")
    for name in ("b8.report", "b8.other_cooperation"):
        assert regime.versions[name] == (StepVersion(BASE.steps[name], None, None, "vc_2018"),)
    assert [fact.name for fact in regime.facts] == ["change_announced"], "announced it was"


def test_a_warm_handover_has_its_own_parameters() -> None:
    regime = Regime.load("P4")
    statute = Statute(regime)
    _, (in_force, decision) = statute.decisions["finds_protection_abroad"]
    assert (in_force, decision.chance) == (AUGUST_2019, "abroad.finds_protection_after_handover")
    factors = {str(product): name for product, name in statute.hazards["returns_after_transfer"].times.items()}
    assert factors["transfer_is_a_handover"] == "abroad.returns_after_handover_ratio"
    assert FactPeriod("transfer_is_a_handover", AUGUST_2019, None) in regime.facts


def test_the_shipped_law_holds_together() -> None:
    checked = check_law()
    base = Rulebook.load()
    assert checked["steps"] == len(base.steps)
    assert checked["regimes"] + checked["layers"] == len(shipped())
