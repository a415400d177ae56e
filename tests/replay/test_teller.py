"""A rule in words: the amendment that led to a step (`sim.replay.teller`)."""

from __future__ import annotations

import datetime as dt

from case_files import DUBLIN, Told

from sim.policies.regime import Regime
from sim.policies.statute import Span
from sim.procedures.conditions import Criterion
from sim.replay.config import Config
from sim.replay.known import Known
from sim.replay.rules import Rules
from sim.replay.teller import Teller, wrapped


def test_an_amendment_that_led_to_a_step_is_told(told: Told) -> None:
    result = told("2019-10-09 b8.report", "2019-10-10 b8.necessity_test", facts=DUBLIN)
    (test,) = [step for step in result.steps if step.step == "b8.necessity_test"]
    assert "vc_2019_08" in test.rule
    assert "prosecution needs the person" in test.rule
    assert "prosecution needs the person" in " ".join(result.text.split())


def test_days_steps_and_conditions_in_words() -> None:
    law = Rules(Regime.load("vc_2019_08"), dt.date(2019, 10, 1), dt.date(2020, 3, 1))
    known = Known(law, {"dublin_claim": True})
    teller = Teller(law, known)
    assert teller.quoted("b8.report").endswith("[b8.report]")
    assert "Deskundigenbericht" in teller.title("b8.panel_opinion"), "a step of another regime has its title too"
    day = law.day(dt.date(2019, 10, 9))
    assert teller.day(day) == "2019-10-09"
    assert [teller.since(span) for span in (Span(day, day), Span(0, day), Span(day, day + 3))] == [
        "2019-10-09",
        "before 2019-10-09",
        "2019-10-09 or later",
    ]
    told = teller.item(Criterion.parse("not dublin_claim"), Config.blank(known), day)
    assert told.startswith("this holds: person with a Dublin claim")
    assert told.endswith("(fact of the case: dublin_claim = true)")


def test_a_paragraph_is_wrapped_at_the_width_of_a_page() -> None:
    lines = wrapped("word " * 60, "    ", "  - ").splitlines()
    assert lines[0].startswith("  - word")
    assert all(line.startswith("    word") and len(line) <= 100 for line in lines[1:])
