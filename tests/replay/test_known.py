"""What is known at a moment of a chronology: facts, and where other tracks are (`sim.replay.known`)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from case_files import DUBLIN, Told

from sim.policies.regime import Regime
from sim.policies.statute import Span
from sim.procedures.conditions import Criterion
from sim.replay import replay
from sim.replay.config import Config, Happening, Stand
from sim.replay.known import Known, Truth
from sim.replay.rules import Rules


def test_a_condition_looks_at_what_is_known_of_another_track(told: Told) -> None:
    wish, transfer = "2018-05-02 b8.wish_to_report", "2018-05-20 dublin.transferred"
    waits = told(wish, transfer, facts=DUBLIN)
    assert not waits.possible
    assert "Asked to report; waits for the police" in waits.text
    gave_up = told(wish, "2018-05-10 b8.withdrawn", transfer, facts=DUBLIN)
    assert gave_up.possible, gave_up.text


def test_a_fact_does_not_change_unmentioned(told: Told) -> None:
    """A takeover at discretion would end the claim; the case would have to say so."""
    events = ("2019-08-15 dublin.decision", "2019-10-09 b8.report", "2019-10-09 b8.grant_decision")
    assert not told(*events, facts=DUBLIN).possible
    assert told(*events).possible


def test_the_way_to_an_event_can_end_a_fact(told: Told) -> None:
    events = ("2018-03-01 b8.report", "2019-03-04 b8.permit_second_year")
    result = told(*events, facts=DUBLIN, regime="vc_2018")
    assert result.possible, result.text
    assert "dublin.responsibility_shifts" in [step.step for step in result.steps]


def test_what_a_fact_excludes_cannot_happen(told: Told) -> None:
    result = told("2018-03-02 b8.permit", facts="recognised = false")
    assert not result.possible
    assert "recognised = false" in result.text


def test_what_waits_for_a_step_of_another_regime_has_never_happened(tmp_path: Path) -> None:
    """A hazard asks if somebody was ever recognised by the panel, which the base text does not have."""
    path = tmp_path / "case.toml"
    path.write_text(
        '[case]\ntitle = "x"\nsource = "kst165"\nregime = "vc_2018"\nfacts = { statement_has_lead = false }\n'
        '[[event]]\ndate = 2018-03-20\nstep = "investigation.assessment"\n'
        '[[event]]\ndate = 2018-03-21\nstep = "b8.permit"\n'
        '[[event]]\ndate = 2018-06-04\nstep = "investigation.lead_found"\n'
    )
    found = replay(path)
    assert not found.possible
    assert found.failure is not None
    assert found.failure.step == "investigation.lead_found"


def test_what_is_known_of_a_condition_and_of_its_opposite() -> None:
    law = Rules(Regime.load("vc_2018"), dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    known = Known(law, {"dublin_claim": True})
    day = Span(law.day(dt.date(2018, 6, 1)), law.day(dt.date(2018, 6, 1)))
    blank = Config.blank(known)
    for text, truth in (
        ("dublin_claim", Truth.YES),
        ("not dublin_claim", Truth.NO),
        ("minor", Truth.OPEN),
        ("not minor", Truth.OPEN),
    ):
        assert known.truth(Criterion.parse(text), blank, day) is truth, text
    entered = Span(day.first, day.first)
    for step, truth in (("dublin.lapsed", Truth.NO), ("dublin.transfer_resumes", Truth.CONTRARY)):
        elsewhere = blank.at(Stand(step, entered), Happening(step, entered, None, "branch"))
        assert known.truth(Criterion.parse("dublin_claim"), elsewhere, day) is truth, "a final step ends the fact"
