"""Why an event cannot happen: the rule that forbids it, and what could happen instead (`sim.replay.why`)."""

from __future__ import annotations

import datetime as dt

from case_files import DUBLIN, Told


def test_the_failure_names_event_step_date_rule_source_and_what_instead(told: Told) -> None:
    result = told("2019-10-09 b8.report", "2019-10-09 b8.grant_decision", facts=DUBLIN)
    failure = result.failure
    assert failure is not None
    assert (failure.event, failure.step, failure.date) == (1, "b8.grant_decision", dt.date(2019, 10, 9))
    assert "dublin_claim = true" in failure.reason
    assert "Decision on the permit (Verlening tijdelijk humanitair)" in failure.reason
    assert "WBV 2019/10" in failure.rule
    assert "2019-08-01" in failure.rule
    assert "Stichting LOS 2019" in failure.source
    assert any("b8.necessity_test" in instead for instead in failure.instead)
    for part in (failure.reason, failure.rule, failure.source):
        assert " ".join(part.split()) in " ".join(result.text.split())


def test_the_transitional_rule_is_told(told: Told) -> None:
    result = told(
        "2019-07-09 b8.wish_to_report",
        "2019-10-09 b8.report",
        "2019-10-09 b8.necessity_test",
        facts=DUBLIN,
        regime="vc_2019_08+U7=wish_date",
    )
    assert result.failure is not None
    assert "Not for this person: text of vc_2019_08" in result.failure.rule
    assert "2019-07-09" in result.failure.rule


def test_a_signal_that_a_judgment_took_away_is_told(told: Told) -> None:
    events = ("2022-12-01 dublin.accepted", "2023-04-12 b8.objection", "2023-04-12 dublin.clock_suspended")
    result = told(*events, facts=DUBLIN, regime="vc_2019_08+c_338_21")
    assert result.failure is not None
    assert "does not set off" in result.failure.reason
    assert "C-338/21" in result.failure.rule


def test_a_step_that_no_rule_leads_to_is_placed_in_the_regimes_that_do(told: Told) -> None:
    result = told("2020-02-13 b8.necessity_test", regime="vc_2018")
    assert result.failure is not None
    assert "vc_2019_08" in result.failure.reason
    assert "b8.grant_decision" in " ".join(result.failure.instead)


def test_a_step_of_another_regime_is_no_mistake_but_cannot_happen(told: Told) -> None:
    result = told("2020-02-13 b8.panel_opinion")
    assert not result.possible
    assert "does not have this step" in result.text
    assert "recognition_panel" in result.text
