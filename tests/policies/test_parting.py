"""From which day on two statutes differ (`sim.policies.parting`)."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.policies.parting import FROM_THE_START, NEVER, first_difference
from sim.policies.regime import Regime
from sim.policies.statute import Statute


def statute(name: str, **readings: str) -> Statute:
    return Statute(Regime.load(name, readings))


@pytest.mark.parametrize(
    ("one", "other", "day"),
    [
        ("vc_2018", "vc_2018", NEVER),
        ("vc_2018", "working_method_2019", dt.date(2019, 5, 1)),
        ("vc_2019_08", "working_method_2019", dt.date(2019, 5, 1)),
        ("vc_2019_08", "vc_2023", dt.date(2023, 3, 30)),  # when it was published
    ],
)
def test_it_is_the_day_of_the_first_text_that_differs(one: str, other: str, day: dt.date) -> None:
    assert first_difference(statute(one), statute(other)) == day
    assert first_difference(statute(other), statute(one)) == day


def test_other_numbers_differ_from_the_start() -> None:
    one = statute("vc_2018")
    other = one.with_parameters(one.parameters.replace({"report.base": 0.3}))
    assert first_difference(one, other) == FROM_THE_START


def test_another_behaviour_differs_from_the_start() -> None:
    one = statute("vc_2018")
    name = next(iter(one.behaviour.decision))
    changed = one.behaviour.decision[name].model_copy(update={"law": ("other",)})
    behaviour = one.behaviour.model_copy(update={"decision": {**one.behaviour.decision, name: changed}})
    assert first_difference(one, Statute(one.regime, behaviour)) == FROM_THE_START


def test_a_text_without_a_day_differs_from_the_start() -> None:
    throughout = Regime.load("vc_2019_08").throughout()
    assert first_difference(statute("vc_2018"), Statute(throughout)) == FROM_THE_START


def test_every_later_text_of_a_regime_has_its_day() -> None:
    """A regime differs from the one that it amends no later than its first change of a step."""
    for name in ("vc_2019_08", "vc_2023", "recognition_panel", "safe_reporting"):
        later = statute(name)
        dates = [text.in_force for texts in later.regime.versions.values() for text in texts[1:] if text.in_force]
        found = first_difference(statute("vc_2018"), later)
        assert FROM_THE_START < found <= min(dates)
