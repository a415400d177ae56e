"""The shipped regimes: each changes what it says and nothing else, and the base text is never touched."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import FrozenInstanceError

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regime_files import amend, mine, rows

from sim.evidence.parameters import Parameters
from sim.policies.diff import COLUMNS, diff
from sim.policies.library import aliases, readings, shipped_layers
from sim.policies.regime import FactPeriod, Regime, StepVersion, shipped_regimes
from sim.procedures import Rulebook
from sim.procedures.schema import Step

BASE = Rulebook.load()
BASE_HASH = BASE.hash()
AUGUST_2019 = dt.date(2019, 8, 1)
ANSWERS = [f"{question}={option}" for question, reading in readings().items() for option in reading.options]


def targets(step: Step) -> list[str]:
    """Return where the branches of a step lead."""
    return [branch.to for branch in step.next]


def changed_steps(regime: Regime) -> set[str]:
    """Return the steps whose last text is not the base text."""
    return {name for name, step in regime.final_steps.items() if BASE.steps.get(name) != step}


# ---- the shipped regimes ----


def test_the_shipped_regimes_by_name_and_alias() -> None:
    assert shipped_regimes() == [
        "vc_2018",
        "working_method_2019",
        "vc_2019_08",
        "vc_2023",
        "ammr_2026",
        "historical",
        "recognition_panel",
        "referral_protocol",
        "asylum_beside_reflection",
        "victimhood_is_hardship",
        "complaint_awaited",
        "own_motion_in_dublin",
        "reflection_for_all",
        "no_necessity_test",
        "warm_handover",
        "safe_reporting",
        "quick_dismissal",
    ]
    assert shipped_layers() == ["c_338_21", "c_66_21"]
    assert aliases() == {
        "P1": "recognition_panel",
        "P2": "reflection_for_all",
        "P3": "no_necessity_test",
        "P4": "warm_handover",
        "P6": "safe_reporting",
        "P9": "quick_dismissal",
        "P10": "referral_protocol",
        "P13": "asylum_beside_reflection",
        "P15": "victimhood_is_hardship",
        "P16": "complaint_awaited",
        "P17": "own_motion_in_dublin",
        "R0": "vc_2018",
        "R1": "working_method_2019",
        "R2": "vc_2019_08",
        "R3": "vc_2023",
        "R4": "ammr_2026",
        "calendar": "historical",
    }


@pytest.mark.parametrize(("alias", "name"), aliases().items())
def test_an_alias_is_the_regime(alias: str, name: str) -> None:
    assert Regime.load(alias) == Regime.load(name)
    assert Regime.load(f"{alias}+U10=fifty").name == f"{name}+U10=fifty"


def test_the_base_text_is_the_procedure_files() -> None:
    regime = Regime.load("vc_2018")
    assert regime.final_steps == dict(BASE.steps)
    assert regime.conditions == dict(BASE.conditions)
    assert all(
        versions == (StepVersion(versions[0].step, None, None, "vc_2018"),) for versions in regime.versions.values()
    )
    assert (regime.decisions, regime.hazards, regime.facts, regime.parameter_values) == ({}, {}, (), {})


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
        ("reports_abroad", "decision: chance"),
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
    ("R2", "R2+U3=refused_without_test"): {("b8.report", "branch added")},
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


# ---- what the law says ----


def test_august_2019_for_a_dublin_claimant() -> None:
    steps = Regime.load("R2").final_steps
    for name in ("b8.report", "b8.other_cooperation"):
        assert [(b.to, b.when) for b in steps[name].next] == [
            ("b8.necessity_test", ("dublin_claim",)),
            ("b8.grant_decision", ()),
        ]
    strict = Regime.load("R2+U1=none").final_steps["b8.intake"].next[0]
    assert strict.to == "b8.reflection_excluded"
    assert "dublin_claim" in strict.when
    assert steps["b8.objection"].signals == ("dublin.clock_suspended",)
    assert [(b.to, b.when) for b in steps["dublin.clock_suspended"].next] == [
        ("dublin.clock_resumes", ("not objection_pending",))
    ]
    assert targets(steps["dublin.clock_resumes"]) == ["dublin.clock_running"]
    for name in ("b8.wish_to_report", "b8.necessity_test"):
        assert [(rank.when, rank.rank) for rank in steps[name].priority] == [(("dublin_claim",), 1)]


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
BY_LAW = {"not transfers_stopped", "not residence_document_issued", "not application_pending"}


@pytest.mark.parametrize(("name", "bars"), BARS.items())
def test_what_bars_a_transfer(name: str, bars: set[str]) -> None:
    gate = Regime.load(name).final_steps["dublin.transfer_due"]
    assert set(gate.next[-1].when) - BY_LAW == bars
    assert all(set(branch.when) >= BY_LAW for branch in gate.next)
    assert set(targets(gate)) == {"dublin.transferred"}


def test_the_mild_working_method_lets_the_last_weeks_pass() -> None:
    first, second = Regime.load("R1").final_steps["dublin.transfer_due"].next
    assert set(first.when) == BY_LAW | {"last_weeks_of_clock"}
    assert second == BASE.steps["dublin.transfer_due"].next[0]


def test_the_court_of_2022_bars_a_transfer_on_every_branch() -> None:
    branches = Regime.load("R1+c_66_21").final_steps["dublin.transfer_due"].next
    assert len(branches) == 2
    assert all("not reflection_runs" in branch.when for branch in branches)


@pytest.mark.parametrize("reading", ["suspension", "extension"])
def test_after_the_court_of_2023_an_objection_does_not_touch_the_clock(reading: str) -> None:
    before = Regime.load(f"R2+U11={reading}").final_steps["b8.objection"]
    after = Regime.load(f"R2+c_338_21+U11={reading}").final_steps["b8.objection"]
    assert before.signals
    assert after == BASE.steps["b8.objection"]


def test_thirty_days_in_2023() -> None:
    regime = Regime.load("R3")
    steps = regime.final_steps
    dublin = [branch for branch in steps["b8.reflection_offered"].next if "dublin_claim" in branch.when]
    assert [branch.signals for branch in dublin] == [
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
    step = Regime.load("R2+U3=refused_without_test").final_steps["b8.report"]
    assert targets(step) == ["b8.refused", "b8.necessity_test", "b8.grant_decision"]
    assert step.next[0].when == ("dublin_claim", "report_deadline_over")


def test_safe_reporting_changes_the_interview_and_not_the_permit() -> None:
    regime, before = Regime.load("P6"), Regime.load("R2")
    assert targets(regime.final_steps["b8.wish_to_report"]) == ["b8.second_session", "b8.report"]
    second = regime.final_steps["b8.second_session"]
    assert (second.by, targets(second)) == ("avim.report", ["b8.report"])
    assert second.priority == before.final_steps["b8.wish_to_report"].priority
    assert "b8.second_session" in regime.conditions["trafficking_file_pending"].at, "the transfer waits for it too"
    for name in ("b8.report", "b8.necessity_test", "dublin.transfer_due"):
        assert regime.final_steps[name] == before.final_steps[name]
    ((in_force, asked),) = regime.decisions["police_ask_for_leads"]
    assert (in_force, asked.chance) == (AUGUST_2019, "interview.leads_asked_when_trauma_aware")


def test_the_panel_is_open_without_a_report_to_dublin_claimants_only() -> None:
    steps = Regime.load("P1").final_steps
    branches = [b for b in steps["b8.considers_report"].next if b.to == "b8.panel_opinion"]
    assert [branch.when for branch in branches] == [("dublin_claim", "asks_recognition")]
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
    ((in_force, decision),) = regime.decisions["finds_protection_abroad"]
    assert (in_force, decision.chance) == (AUGUST_2019, "abroad.finds_protection_after_handover")
    ((_, hazard),) = regime.hazards["returns_after_transfer"]
    assert hazard.times["transfer_is_a_handover"] == "abroad.returns_after_handover_ratio"
    assert FactPeriod("transfer_is_a_handover", AUGUST_2019, None) in regime.facts


def test_the_default_number_of_shelter_places_is_the_parameter() -> None:
    reading = readings()["U10"]
    assert reading.options[reading.default].set == {
        "shelter.specialised_places": Parameters.load().value("shelter.specialised_places")
    }
    assert Regime.load("R2").parameter_values == {}
    assert Regime.load("R2+U10=fifty_three").parameter_values == {"shelter.specialised_places": 53}
    assert Regime.load("R2", {"U10": "seventy_eight"}).parameter_values == {"shelter.specialised_places": 78}


# ---- dates and transitional rules ----


def test_the_transitional_rule_follows_the_reading() -> None:
    for spec, event in (
        ("R2", "b8.report"),
        ("R2+U7=report_date", "b8.report"),
        ("R2+U7=wish_date", "b8.wish_to_report"),
    ):
        regime = Regime.load(spec)
        old, new = regime.versions["b8.report"]
        assert (old.in_force, old.applies_to, old.layer) == (None, None, "vc_2018")
        assert (new.in_force, new.applies_to, new.layer) == (AUGUST_2019, event, "vc_2019_08")
        assert regime.layers[-1].applies_to == event
    assert Regime.load("R1").versions["dublin.transfer_due"][-1].applies_to is None
    assert Regime.load("R3").versions["b8.reflection_offered"][-1].applies_to == "b8.reflection_offered"


def test_the_calendar_in_the_order_of_its_days() -> None:
    regime = Regime.load("historical")
    assert [(layer.name, layer.in_force) for layer in regime.layers] == [
        ("vc_2018", None),
        ("working_method_2019", dt.date(2019, 5, 1)),
        ("vc_2019_08", AUGUST_2019),
        ("c_66_21", dt.date(2022, 10, 20)),
        ("c_338_21", dt.date(2023, 3, 30)),
        ("vc_2023", dt.date(2023, 5, 19)),
    ]
    assert [version.layer for version in regime.versions["dublin.transfer_due"]] == [
        "vc_2018",
        "working_method_2019",
        "vc_2019_08",
    ]


@pytest.mark.parametrize("reading", ["mild", "strict"])
def test_the_working_method_ends_when_the_new_text_enters(reading: str) -> None:
    calendar = Regime.load(f"historical+U2={reading}")
    assert (
        calendar.versions["dublin.transfer_due"][1].step
        == (Regime.load(f"R1+U2={reading}").final_steps["dublin.transfer_due"])
    )
    assert calendar.versions["dublin.transfer_due"][2].step == Regime.load("R2").final_steps["dublin.transfer_due"]
    assert calendar.final_steps == Regime.load("R3").final_steps
    named = {fact.name: (fact.in_force, fact.until) for fact in calendar.facts}
    assert named["news_of_the_necessity_test"] == (AUGUST_2019, None)
    assert named.get("transfer_not_awaited") == ((dt.date(2019, 5, 1), AUGUST_2019) if reading == "strict" else None)


@given(st.sampled_from(shipped_regimes()), st.sampled_from(ANSWERS))
@settings(deadline=None)
def test_versions_enter_in_order_and_the_first_always_holds(name: str, answer: str) -> None:
    question, _, option = answer.partition("=")
    regime = Regime.load(name, {question: option})
    assert set(regime.versions) >= set(BASE.steps)
    for versions in regime.versions.values():
        assert versions[0].in_force is None
        assert versions[0].applies_to is None
        days = [version.in_force for version in versions[1:]]
        assert None not in days
        assert days == sorted(days)
        assert all(a.step != b.step for a, b in itertools.pairwise(versions))
    names = {layer.name for layer in regime.layers}
    assert {version.layer for versions in regime.versions.values() for version in versions} <= names


@given(st.sampled_from(shipped_regimes()), st.sampled_from(ANSWERS))
@settings(deadline=None)
def test_throughout_keeps_the_final_texts_and_no_dates(name: str, answer: str) -> None:
    question, _, option = answer.partition("=")
    regime = Regime.load(name, {question: option})
    always = regime.throughout()
    assert always.final_steps == regime.final_steps
    assert all(len(versions) == 1 for versions in always.versions.values())
    assert all(v.in_force is None and v.applies_to is None for (v,) in always.versions.values())
    assert all(in_force is None for versions in always.decisions.values() for in_force, _ in versions)
    assert {fact.name for fact in always.facts} == {fact.name for fact in regime.facts if fact.until is None}
    assert all(fact.in_force is None and fact.until is None for fact in always.facts)
    assert always.throughout() == always
    assert (always.hash() == regime.hash()) == (name == "vc_2018")


def test_throughout_drops_a_fact_that_has_ended() -> None:
    facts = Regime.load("historical+U2=strict").throughout().facts
    assert facts == (FactPeriod("news_of_the_necessity_test", None, None),)


# ---- hashes, names, frozen ----


@given(st.sampled_from(shipped_regimes()), st.sampled_from([None, *ANSWERS]))
@settings(deadline=None)
def test_loading_never_changes_the_base(name: str, answer: str | None) -> None:
    regime = Regime.load(name, dict([answer.split("=")]) if answer else {})
    assert Rulebook.load().hash() == BASE_HASH
    assert Rulebook.load(BASE.folder).hash() == BASE_HASH
    assert Regime.load("vc_2018").hash() == Regime.load("R0").hash()
    assert regime.hash() == Regime.load(name, dict([answer.split("=")]) if answer else {}).hash()


def test_a_default_answer_changes_nothing_but_the_name() -> None:
    plain, said = Regime.load("R2"), Regime.load("R2+U1=if_granted")
    assert plain.hash() == said.hash()
    assert (plain.name, said.name) == ("vc_2019_08", "vc_2019_08+U1=if_granted")


def test_each_other_answer_has_a_hash_of_its_own() -> None:
    specs = [
        "R2",
        "R2+U1=ninety_days",
        "R2+U1=none",
        "R2+U18=does_not_bar",
        "R2+U3=refused_without_test",
        "R2+U7=wish_date",
        "R2+U10=fifty",
        "R2+U11=extension",
    ]
    specs += ["R1", "R1+U2=strict", "R3", "R3+U5=dropped", "historical", "R2+U18=does_not_bar+c_66_21", "R2+c_338_21"]
    assert len({Regime.load(spec).hash() for spec in specs}) == len(specs)


def test_the_name_of_a_regime_has_one_form() -> None:
    regime = Regime.load(" R2 + U7=wish_date +c_66_21+ U1 = ninety_days")
    assert regime.name == "vc_2019_08+c_66_21+U1=ninety_days+U7=wish_date"
    assert Regime.load(regime.name) == regime
    assert regime.readings["U7"] == "wish_date"
    assert regime.readings["U2"] == "mild"
    assert set(regime.readings) == set(readings())


def test_answers_beside_the_name_fill_what_the_name_leaves_open() -> None:
    assert Regime.load("R2+U1=none", {"U1": "ninety_days"}).readings["U1"] == "none"
    assert Regime.load("R2", {"U1": "ninety_days"}).hash() == Regime.load("R2+U1=ninety_days").hash()
    assert Regime.load("R0", {"U1": "ninety_days"}).hash() == Regime.load("R0").hash()


def test_a_regime_is_frozen() -> None:
    regime = Regime.load("R2")
    with pytest.raises(FrozenInstanceError):
        regime.name = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        regime.versions["b8.report"][0].layer = "other"  # type: ignore[misc]


def test_a_layer_says_what_it_is() -> None:
    layer = Regime.load("R2").layers[-1]
    assert layer.instrument == "WBV 2019/10 of 10 July 2019, Staatscourant 2019, 40593"
    assert (layer.title.nl, layer.status) == ("Vreemdelingencirculaire B8/3 per augustus 2019", "secondary")
    assert "wbv2019-10" in layer.law


# ---- diff ----


@given(st.sampled_from(shipped_regimes()), st.sampled_from(ANSWERS))
@settings(deadline=None)
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


def row(table: pd.DataFrame, step: str, what: str | None = None) -> dict[str, str]:
    """Return the one row about a step."""
    (found,) = [r for r in table.to_dict("records") if r["step"] == step and what in (None, r["what"])]
    return {str(key): str(value) for key, value in found.items()}


def test_a_diff_in_words_that_a_lawyer_can_read() -> None:
    table = diff("vc_2018", "vc_2019_08")
    claim = "if person with a Dublin claim"
    why = "For a Dublin claimant the permit depends on whether the prosecution needs the person "
    why += "in the Netherlands"
    assert row(table, "b8.report") == {
        "step": "b8.report",
        "title": "Report taken; counts as permit application",
        "what": "branch added",
        "old": "1. Decision on the permit",
        "new": f"1. {claim}: Is the person needed in the Netherlands?; 2. otherwise: Decision on the permit",
        "source": row(table, "b8.report")["source"],
        "status": "secondary",
        "why": why,
    }
    assert "Kamerstuk 28 638, nr. 236" in row(table, "b8.report")["source"]
    assert row(table, "b8.objection")["new"] == "Window suspended during the objection"
    assert row(table, "b8.wish_to_report")["old"] == "in order of arrival"
    assert row(table, "vc_2019_08", "entry into force")["new"] == "2019-08-01"
    assert row(table, "vc_2019_08", "transitional rule")["new"] == (
        'earlier text for those at "Report taken; counts as permit application" before that day'
    )
    title = row(table, "news_of_the_necessity_test")["title"]
    assert title == "What people can know of the test: a report alone gives no permit"
    back = row(diff("vc_2019_08", "vc_2018"), "b8.report")
    assert back["why"].startswith("Taken back: For a Dublin claimant")


def test_a_diff_shows_parameters_with_their_values() -> None:
    table = diff("R0", "P9")
    value = Parameters.load().value("om.quick_assessment_days")
    assert row(table, "investigation.assessment")["new"] == f"{value:g} days (om.quick_assessment_days)"
    values = row(diff("R2+U10=fifty", "R2+U10=seventy"), "shelter.specialised_places")
    assert (values["old"], values["new"], values["why"]) == ("50", "70", "U10: 70 at three sites")
    assert row(diff("R0", "R0+c_66_21"), "c_66_21", "transitional rule")["new"] == "applies at once to everybody"


def test_a_diff_of_a_change_of_everything() -> None:
    regime = mine(
        amend('step = "control.threatened"\nchanges = { trust = { set = "control.threat_adds_fear" } }')
        + amend(
            'step = "b8.intake"\nreplace = true\n'
            'next = [{ to = "closed", when = "not ever permit" }, { to = "closed" }]'
        )
        + amend(
            'step = "asylum.outcome_known"\nrepeal = ["extended_procedure", "granted"]\n'
            'next = [{ to = "granted", when = "ind_grants_asylum", before = "intention" }, '
            '{ to = "extended_procedure", when = "goes_to_extended_procedure", before = "intention" }]'
        )
        + amend(
            'step = "investigation.lead_found"\n'
            'signals_add = ["network:lead_received", "victims:control.network_disrupted"]'
        )
    )
    table = diff("R0", regime)
    assert "trust: set to" in row(table, "control.threatened")["new"]
    assert row(table, "b8.intake")["new"] == (
        '1. if not (has been at "B8/3 permit, first year"): File closed; 2. otherwise: File closed'
    )
    assert row(table, "b8.intake")["what"] == "branches changed"
    assert row(table, "asylum.outcome_known")["what"] == "branches reordered"
    assert row(table, "investigation.lead_found")["new"] == (
        "A lead comes in for the network; The network is convicted; its hold ends for the victims of the network"
    )
