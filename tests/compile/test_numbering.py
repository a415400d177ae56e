"""Names of the law as numbers, and conditions as rows (`sim.compile.numbering`)."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.compile.numbering import Numbering
from sim.engine.calendar import Calendar
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.policies.regime import Regime
from sim.policies.statute import Statute
from sim.procedures.conditions import Criterion

CALENDAR = Calendar(dt.date(2019, 1, 1), dt.date(2019, 12, 31))


def nobody_asks(name: str) -> int:
    raise AssertionError(name)


def numbering(**parameters: float) -> Numbering:
    statute = Statute(Regime.load("vc_2019_08"), parameters=Parameters.load().replace(parameters), calendar=CALENDAR)
    return Numbering(statute, {}, (), False, nobody_asks, nobody_asks)


def test_a_name_has_one_number() -> None:
    of = numbering()
    assert of.reference("b8.report") == of.reference("b8.report") != of.reference("b8.permit")
    assert of.ever("b8.report") == of.ever("b8.report") != of.ever("b8.permit")
    assert of.draw("asks_to_report") == of.draw("asks_to_report") != of.draw("objects")
    assert of.due_row("b8.permit_years", "none") == of.due_row("b8.permit_years", "none")
    assert of.set_of(("b8.report", "b8.permit")) == of.set_of(("b8.permit", "b8.report"))


def test_a_set_of_steps_lies_on_one_track_or_on_several() -> None:
    of = numbering()
    _, one = of.set_of(("b8.report", "b8.permit"))
    assert one == of.slot["b8.file"]
    _, several = of.set_of(("b8.report", "dublin.lapsed"))
    assert several == -((1 << of.slot["b8.file"]) + (1 << of.slot["dublin.claim"]))
    with pytest.raises(InputError, match=r"unknown step(.|\n)*nearest: b8\.report"):
        of.set_of(("b8.reprot",))


def test_conditions_are_a_range_of_rows() -> None:
    of = numbering()
    first, end = of.conditions(map(Criterion.parse, ("minor", "not victim", "at b8.report")))
    assert end - first == of.conds.size - first == 3
    assert of.conds["negated"][first:end] == [False, True, False]
    with pytest.raises(InputError, match="unknown condition or factor") as caught:
        of.conditions((Criterion.parse("minr"),))
    assert caught.value.nearest == "minor"


def test_there_are_bits_for_so_many_steps_ever_entered() -> None:
    of = numbering()
    for step in of.steps[:31]:
        of.ever(step)
    with pytest.raises(InputError, match="more than 31 steps are asked for with 'ever'"):
        of.ever(of.steps[31])


def test_a_fact_is_true_on_its_days_and_those_of_others_never() -> None:
    of = numbering()
    known = of.environment[of.environments.index("news_of_the_necessity_test")]
    august = CALENDAR.day_of(dt.date(2019, 8, 1))
    assert (known[august - 1], known[august]) == (False, True)
    assert not of.environment[of.environments.index("transfer_is_a_handover")].any(), "a fact of another regime"


def test_a_term_that_no_calendar_can_count_is_refused() -> None:
    with pytest.raises(InputError, match="whole number"):
        numbering(**{"b8.permit_years": 1.5}).due_row("b8.permit_years", "none")
