"""When a term binds and which text holds (`sim.replay.rules`)."""

from __future__ import annotations

import datetime as dt

import pytest
from case_files import DUBLIN, Told

from sim.policies.library import shipped
from sim.policies.regime import Regime
from sim.policies.statute import Span
from sim.procedures.rulebook import Rulebook
from sim.replay.rules import Rules


@pytest.mark.parametrize(("day", "possible"), [("2018-03-14", True), ("2018-03-15", True), ("2018-03-16", False)])
def test_who_acts_may_act_within_the_term_and_not_after_it(told: Told, day: str, possible: bool) -> None:
    """Take back on a Eurodac hit: two weeks."""
    assert told("2018-03-01 dublin.reply_eurodac", f"{day} dublin.accepted").possible == possible


@pytest.mark.parametrize(("day", "possible"), [("2019-01-14", False), ("2019-01-15", True), ("2019-01-16", False)])
def test_a_term_in_which_nobody_acts_ends_on_its_last_day(told: Told, day: str, possible: bool) -> None:
    assert told("2018-01-15 b8.permit", f"{day} b8.permit_second_year").possible == possible


@pytest.mark.parametrize(("day", "possible"), [("2019-07-31", True), ("2019-08-01", False)])
def test_the_text_of_the_day_holds(told: Told, day: str, possible: bool) -> None:
    result = told(f"{day} b8.report", f"{day} b8.grant_decision", facts=DUBLIN)
    assert result.possible == possible, result.text


def test_a_clock_of_another_track_ends_what_can_happen(told: Told) -> None:
    facts = "appeals_transfer_decision = false, is_detained_for_transfer = false"
    assert told("2018-01-10 dublin.accepted", "2018-07-09 dublin.transferred", facts=facts).possible
    late = told("2018-01-10 dublin.accepted", "2018-07-11 dublin.transferred", facts=facts)
    assert not late.possible
    assert "2018-07-10" in late.text


def test_which_steps_follow_within_a_day_and_what_leads_to_a_step() -> None:
    law = Rules(Regime.load("vc_2018"), dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    assert {"b8.grant_decision", "investigation.interview"} <= law.same_day["b8.wish_to_report"]
    assert "b8.refused" not in law.same_day["b8.report"], "an authority decides in between"
    ways = law.distances("b8.permit")
    assert ways["b8.permit"] == 0 < ways["b8.grant_decision"] < ways["b8.wish_to_report"]
    assert "dublin.lapsed" not in ways, "another track"
    assert law.causes("asylum.opens")["dublin.lapsed"] == 1


def test_a_span_is_cut_where_a_rule_changes() -> None:
    law = Rules(Regime.load("vc_2019_08"), dt.date(2019, 1, 1), dt.date(2019, 12, 31))
    change = law.day(dt.date(2019, 8, 1))
    assert list(law.cut(Span(change - 5, change + 5), [change, change + 2])) == [
        Span(change - 5, change - 1),
        Span(change, change + 1),
        Span(change + 2, change + 5),
    ]


def test_every_duration_of_the_shipped_law_says_how_it_binds() -> None:
    steps = dict(Rulebook.load().steps)
    for source in shipped():
        steps |= {name: step for name, step in source.file.step.items() if name not in steps}
    silent = sorted(name for name, step in steps.items() if (step.takes is None) != (step.binds is None))
    assert not silent


def test_a_step_that_does_not_say_how_its_time_binds_binds_nothing() -> None:
    law = Rules(Regime.load("vc_2018"), dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    permit = law.texts("b8.permit")[0].step
    bound, silent = law.term("b8.permit", permit), law.term("b8.permit", permit.model_copy(update={"binds": None}))
    assert bound is not None
    assert silent is not None
    day = Span(100, 100)
    assert law.due(bound, day, day) == Span(465, 465)
    assert law.due(silent, day, day) is None


@pytest.mark.parametrize(("day", "possible"), [("2019-03-05", False), ("2019-03-07", True), ("2019-05-07", True)])
def test_a_minimum_binds_until_it_is_over(told: Told, day: str, possible: bool) -> None:
    """At least six days of rest and preparation."""
    events = ("2019-03-01 asylum.track_assignment", f"{day} asylum.general_procedure")
    assert told(*events, facts="dublin_indicator = false").possible == possible


@pytest.mark.parametrize("day", ["2020-10-02", "2020-10-29"])
def test_an_objection_may_come_on_any_day_of_its_term(told: Told, day: str) -> None:
    assert told("2020-10-01 b8.objection_prepared", f"{day} b8.objection").possible
