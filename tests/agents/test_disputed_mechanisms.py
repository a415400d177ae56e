"""Mechanisms that are neutral until a scenario sets them: each moves what it is about, and is off by default."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

import sim
from sim.evidence.parameters import Parameters
from sim.runs.single import Run
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

OLD, NEW = "vc_2018", "vc_2019_08"


@cache
def small() -> Scenario:
    return netherlands(0.15, end=dt.date(2020, 12, 31)).replace(start=dt.date(2019, 1, 1), shocks=[])


@cache
def ran(regime: str, changed: tuple[tuple[str, float], ...] = (), word_of_mouth: bool = False) -> Run:
    scenario = small().replace(parameters=dict(changed), switches={"word_of_mouth": word_of_mouth})
    return sim.run(scenario, regime, seed=3, throughout=True)


def under(regime: str, word_of_mouth: bool = False, **changed: float) -> Run:
    values = tuple((name.replace("__", "."), value) for name, value in changed.items())
    return ran(regime, values, word_of_mouth)


def entries(run: Run, step: str) -> int:
    return int((run.transitions["to"] == step).sum())


@pytest.mark.parametrize(
    ("name", "neutral"),
    [
        ("interview.leads_left_out_under_test", 0),
        ("interview.leads_left_out_per_week_of_queue", 0),
        ("lead.dismissed_under_test", 0),
        ("lead.dismissed_per_week_of_queue", 0),
        ("disclosure.per_known_loss_of_permit", 0),
        ("report.per_heard_suspension", 0),
        ("signal.heard_suspension_ratio", 1),
        ("shelter.without_reflection", 0),
    ],
)
def test_what_is_disputed_and_not_measured_is_neutral(name: str, neutral: float) -> None:
    passport = Parameters.load().passport(name)
    assert passport.value == neutral
    assert passport.low <= neutral <= passport.high
    assert passport.grade == "assumption"


@pytest.mark.parametrize(
    ("name", "none"),
    [
        ("report.per_known_loss_of_permit", 0),
        ("report.per_fear_and_known_loss", 0),
        ("report.per_reach_and_known_loss", 0),
        ("report.per_transfer_not_awaited", 0),
        ("report.per_heard_extension", 0),
        ("disclosure.per_known_loss_of_permit", 0),
        ("signal.known_loss_of_permit_ratio", 1),
        ("signal.heard_extension_ratio", 1),
        ("strategic.known_loss_of_permit_ratio", 1),
        ("asylum_instead.per_known_loss_of_permit", 0),
        ("leaves_instead.per_known_loss_of_permit", 0),
    ],
)
def test_no_range_decides_whether_a_rule_deters_or_attracts(name: str, none: float) -> None:
    passport = Parameters.load().passport(name)
    assert passport.low < none < passport.high


@pytest.mark.parametrize("name", ["interview__leads_left_out_under_test", "lead__dismissed_under_test"])
def test_the_rule_can_cost_leads_of_those_under_the_test(name: str) -> None:
    plain, on = under(NEW), under(NEW, **{name: 2.0})
    assert entries(on, "b8.report") == pytest.approx(entries(plain, "b8.report"), rel=0.05)
    assert entries(on, "investigation.lead_found") < 0.95 * entries(plain, "investigation.lead_found")
    plain, on = under(OLD), under(OLD, **{name: 2.0})
    assert entries(on, "investigation.lead_found") == entries(plain, "investigation.lead_found")


def test_a_long_queue_can_cost_leads_under_any_rule() -> None:
    plain, on = under(OLD), under(OLD, interview__leads_left_out_per_week_of_queue=0.3)
    asked = entries(plain, "investigation.asked_for_leads")
    assert entries(plain, "investigation.interview") == asked
    assert entries(on, "investigation.asked_for_leads") <= asked
    crowded = small().replace(capacity={"avim.report": 0.1})
    few = crowded.replace(parameters={"interview.leads_left_out_per_week_of_queue": 0.3})
    before, after = (sim.run(s, OLD, seed=3, throughout=True) for s in (crowded, few))
    assert entries(after, "investigation.interview") == entries(before, "investigation.interview") > 20
    left = entries(after, "investigation.asked_for_leads") / entries(before, "investigation.asked_for_leads")
    assert left < 0.5


def test_a_known_rule_can_make_people_tell_less_or_more_in_the_dublin_interview() -> None:
    """Fewer come to the attention of the police from the interview; the sign is that of the coefficient."""

    def signals(run: Run) -> int:
        moves = run.transitions
        interview = set(moves[moves["to"] == "dublin.interview"]["person"])
        return moves[(moves["to"] == "b8.signalled") & moves["person"].isin(interview)]["person"].nunique()

    less, plain, more = (
        signals(under(NEW, disclosure__per_known_loss_of_permit=x, trait__knowledge=0.8)) for x in (-3.0, 0.0, 1.0)
    )
    assert less < plain < more
    assert signals(under(OLD, disclosure__per_known_loss_of_permit=-3.0)) == signals(under(OLD))


def test_a_known_rule_can_make_fewer_or_more_people_come_forward() -> None:
    """In both directions, and under the rule that they know of only."""

    def came(regime: str, ratio: float) -> int:
        return entries(under(regime, signal__known_loss_of_permit_ratio=ratio, trait__knowledge=0.8), "b8.signalled")

    assert came(NEW, 0.05) < came(NEW, 1.0) < came(NEW, 4.0)
    assert came(OLD, 0.05) == came(OLD, 1.0)


def test_the_extension_and_the_suspension_are_heard_of_apart() -> None:
    """By default the window is suspended: belief in an extension stays 0, whatever it would do."""
    loud = {
        "heard__weight": 1.0, "heard__distorted_share": 0.0, "community__known_in_centre": 1.0, "community__sites": 20
    }  # fmt: skip
    plain = under(NEW, True, **loud)
    assert entries(plain, "dublin.clock_suspended") > 5
    extension = under(NEW, True, **loud, report__per_heard_extension=-3.0, signal__heard_extension_ratio=0.2)
    assert extension.transitions.equals(plain.transitions)
    suspension = under(NEW, True, **loud, report__per_heard_suspension=-3.0, signal__heard_suspension_ratio=0.2)
    assert not suspension.transitions.equals(plain.transitions)


def test_reports_abroad_come_over_time_after_the_transfer() -> None:
    moves = under(NEW).transitions
    abroad = moves[moves["to"] == "whereabouts.abroad_after_transfer"].groupby("person")["date"].min()
    report = moves[moves["to"] == "whereabouts.reports_abroad"].groupby("person")["date"].min()
    wait = (report - abroad.reindex(report.index)).dt.days
    assert len(wait) > 8
    assert (wait > 0).all()
    assert wait.quantile(0.9) > 90
    quick = under(NEW, abroad__reports_per_year=6.0)
    assert entries(quick, "whereabouts.reports_abroad") > 1.3 * len(wait)


def test_considering_again_is_worth_requests_to_report_and_only_while_the_reflection_period_runs() -> None:
    """U19: without it the old rule brings fewer requests; the rule of 2019, which takes the period away, hardly."""

    def asked(regime: str) -> int:
        return entries(sim.run(small(), regime, seed=3, throughout=True), "b8.wish_to_report")

    with_period, once = asked(OLD), asked(f"{OLD}+U19=once")
    assert once < 0.95 * with_period
    lost_new = asked(NEW) - asked(f"{NEW}+U19=once")
    assert with_period - once > 1.5 * lost_new


def test_placements_depend_on_who_may_have_a_bed() -> None:
    """U20: with beds for those without a reflection period the rule of 2019 costs no placements of Dublin claimants."""

    def placed(regime: str) -> int:
        run = sim.run(small(), regime, seed=3, throughout=True)
        dublin = run.persons[run.persons["dublin_indicator"]]["person"]
        moves = run.transitions[run.transitions["person"].isin(dublin)]
        return int((moves["to"] == "b8.placement").sum())

    assert placed(NEW) < 0.7 * placed(OLD)
    assert placed(f"{NEW}+U20=from_indication") > 0.9 * placed(OLD)
