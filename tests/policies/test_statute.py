"""The statute: one reading of regime, behaviour, parameters and calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import sim
from sim.agents.behaviour import FOLDER, Behaviour
from sim.engine.calendar import Calendar
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.policies.diff import diff
from sim.policies.regime import Regime
from sim.policies.statute import Span, Statute
from sim.procedures.conditions import Name, Product, StepId
from sim.procedures.schema import Kind

AUGUST_2019 = dt.date(2019, 8, 1)
CALENDAR = Calendar(dt.date(2019, 1, 1), dt.date(2020, 12, 31))
RULE_DAY = (AUGUST_2019 - CALENDAR.start).days


def with_behaviour(folder: Path, old: str, new: str) -> Behaviour:
    """Return the shipped behaviour with one text in it replaced."""
    text = (FOLDER / "behaviour.toml").read_text(encoding="utf-8")
    assert old in text
    path = folder / "behaviour.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Behaviour.load(path)


# ---- which text holds ----


def test_the_event_of_the_transitional_rule_decides() -> None:
    statute = Statute(Regime.load("vc_2019_08"), calendar=CALENDAR)

    def layer(report_day: int | None, day: int) -> str:
        return statute.text_on("b8.report", day, lambda event: report_day).layer

    assert layer(None, RULE_DAY - 1) == "vc_2018"
    assert layer(None, RULE_DAY) == "vc_2019_08"
    assert layer(RULE_DAY - 1, RULE_DAY + 100) == "vc_2018", "reported before the day of entry"
    assert layer(RULE_DAY, RULE_DAY + 100) == "vc_2019_08"


def test_where_the_deciding_day_is_open_several_texts_may_hold() -> None:
    statute = Statute(Regime.load("vc_2019_08"), calendar=CALENDAR)

    def layers(span: Span | None) -> list[str]:
        return [text.layer for text in statute.texts_that_may_hold("b8.report", RULE_DAY + 9, lambda event: span)]

    assert layers(Span(RULE_DAY - 5, RULE_DAY + 5)) == ["vc_2019_08", "vc_2018"]
    assert layers(Span(RULE_DAY - 5, RULE_DAY - 1)) == ["vc_2018"]
    assert layers(Span(RULE_DAY, RULE_DAY + 5)) == ["vc_2019_08"]
    assert layers(None) == ["vc_2019_08"]


def test_days_of_dates_stay_within_the_calendar() -> None:
    statute = Statute(Regime.load("vc_2019_08"), calendar=CALENDAR)
    assert [statute.day_of(date) for date in (None, dt.date(2001, 1, 1), AUGUST_2019, dt.date(2099, 1, 1))] == [
        0,
        0,
        RULE_DAY,
        CALENDAR.days,
    ]
    (period,) = statute.days_of_fact("news_of_the_necessity_test")
    assert period == Span(RULE_DAY, CALENDAR.days - 1)
    (announced,) = statute.days_of_fact("change_announced")
    assert announced.last == RULE_DAY - 1
    assert statute.days_of_fact("never_heard_of") == ()


def test_terms_end_as_the_calendar_says() -> None:
    statute = Statute(Regime.load("vc_2018"), calendar=CALENDAR)
    name = "dublin.claim_term_months"
    value, unit = int(statute.parameters.value(name)), statute.parameters.passport(name).unit
    assert (statute.term_ends(name, "eu") == CALENDAR.term_table(value, unit, "eu")).all()


# ---- what follows, what it waits for, who made it so ----


def test_a_branch_knows_the_amendment_that_wrote_it() -> None:
    statute = Statute(Regime.load("vc_2019_08"))
    new, old = statute.last_text("b8.report").next
    assert new.to == "b8.necessity_test"
    assert new.made_by is not None
    assert (new.made_by.layer, new.made_by.kind, new.made_by.name) == ("vc_2019_08", "step", "b8.report")
    assert new.made_by in statute.regime.reasons
    assert old.made_by is None, "the branch of the base text"
    text = statute.texts("b8.report")[-1]
    assert statute.reasons_of_branch(text, new) == (new.made_by,)
    assert new.made_by in statute.reasons(text)


def test_a_condition_that_is_added_is_by_the_amendment() -> None:
    gate = Statute(Regime.load("vc_2019_08+c_66_21+U18=does_not_bar")).last_text("dublin.transfer_due")
    assert {branch.made_by.layer for branch in gate.next if branch.made_by} == {"c_66_21"}


def test_who_wrote_a_branch_makes_it_no_other_branch() -> None:
    plain = Statute(Regime.load("vc_2018")).last_text("b8.report").next[0]
    reason = Regime.load("vc_2019_08").reasons[0]
    assert plain.by(reason) == plain
    assert hash(plain.by(reason)) == hash(plain)
    assert plain.by(reason).within("b8").made_by == reason


def test_what_a_step_waits_for_and_what_follows() -> None:
    statute = Statute(Regime.load("vc_2019_08"))
    assert statute.kind("b8.necessity_test") is Kind.QUEUE
    assert statute.kind("dublin.transfer_due") is Kind.GATE
    assert statute.track("b8.report") == "b8.file"
    assert not statute.is_of_network("b8.report")
    ways = {way.entered[0] for way in statute.ways_out("b8.report")}
    assert ways == {"b8.necessity_test", "b8.grant_decision"}
    struck = {way.hazard for way in statute.ways_out("b8.wish_to_report") if way.hazard}
    assert "drops_report" in struck
    assert Name("dublin_claim") in set(statute.asks("b8.report"))


def test_people_choose_and_authorities_decide() -> None:
    statute = Statute(Regime.load("vc_2019_08"))
    considers, test = statute.last_text("b8.considers_report"), statute.last_text("b8.necessity_test")
    assert "asks_to_report" in statute.asked(considers)
    assert statute.is_choice(considers)
    assert statute.asked(test)
    assert not statute.is_choice(test)


# ---- a caller's behaviour and a scenario's numbers stay ----


def test_a_regime_amends_the_callers_behaviour_and_does_not_replace_it(tmp_path: Path) -> None:
    own = with_behaviour(tmp_path, 'per_year = "abroad.returns_per_year"', 'per_year = "leaves.onward_per_year"')
    regime = Regime.load("warm_handover")
    hazard = Statute(regime, own).hazards["returns_after_transfer"]
    assert hazard.per_year == "leaves.onward_per_year"
    assert hazard.times[Product.parse("transfer_is_a_handover")] == "abroad.returns_after_handover_ratio"
    assert Statute(regime).hazards["returns_after_transfer"].per_year == "abroad.returns_per_year"


def test_own_behaviour_changes_a_run_under_a_regime_that_amends_it(tmp_path: Path) -> None:
    """Under ``warm_handover`` the returns of the caller's behaviour were dropped: the same number as without it."""
    own = with_behaviour(tmp_path, 'per_year = "abroad.returns_per_year"', 'per_year = "leaves.onward_per_year"')
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start",
        start=dt.date(2019, 1, 1),
        inflow={"scale": 0.1},
        parameters={"leaves.onward_per_year": 6.0},
    )
    returns = {}
    for name, behaviour in (("shipped", None), ("own", own)):
        run = sim.run(scenario, "warm_handover", seed=1, behaviour=behaviour)
        returns[name] = int((run.transitions["cause"] == "hazard returns_after_transfer").sum())
    assert returns["own"] > 2 * returns["shipped"]


def test_another_form_than_a_regime_amends_is_refused(tmp_path: Path) -> None:
    own = with_behaviour(
        tmp_path,
        'chance = "abroad.finds_protection"',
        'logit  = { constant = "report.base" }',
    )
    with pytest.raises(InputError) as caught:
        sim.run("netherlands", "warm_handover", behaviour=own)
    assert str(caught.value).startswith("decision.finds_protection_abroad.chance: warm_handover amends the chance of")
    assert "gives as logit" in str(caught.value)


def test_a_behaviour_without_what_a_regime_amends_is_refused() -> None:
    shipped = Behaviour.load()
    fewer = {name: hazard for name, hazard in shipped.hazard.items() if name != "returns_after_transfer"}
    with pytest.raises(InputError, match=r"hazard.returns_after_transfer: warm_handover amends this hazard"):
        Statute(Regime.load("warm_handover"), shipped.model_copy(update={"hazard": fewer}))


def test_changes_of_the_law_are_printed_with_the_numbers_of_the_scenario() -> None:
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start", parameters={"abroad.finds_protection_after_handover": 0.99}
    )
    values = scenario.parameter_values()
    old, new = (Statute(Regime.load(name), parameters=values) for name in ("vc_2018", "warm_handover"))
    rows = diff(old, new).query("step == 'finds_protection_abroad'")
    assert rows["new"].str.startswith("0.99").all()
    shipped = diff("vc_2018", "warm_handover").query("step == 'finds_protection_abroad'")
    shown = f"{Parameters.load().value('abroad.finds_protection_after_handover'):g}"
    assert shipped["new"].str.startswith(shown).all()
    assert len(rows) == len(shipped) == 1


def test_a_comparison_prints_the_numbers_of_the_scenario() -> None:
    small = sim.Scenario.load("netherlands").replace(
        history_from="start",
        start=dt.date(2020, 10, 1),
        inflow={"scale": 0.05},
        parameters={"abroad.finds_protection_after_handover": 0.99},
    )
    changes = sim.compare(small, ["vc_2018", "warm_handover"], replicates=1).law_changes
    assert changes.set_index("step").loc["finds_protection_abroad", "new"].startswith("0.99")


def test_dating_steps() -> None:
    steps = Statute(Regime.load("vc_2019_08")).dating_steps
    assert {StepId("b8.report"), StepId("dublin.indication")} <= steps
