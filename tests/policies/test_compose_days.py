"""A reading of the day of entry: when the regulation of 2026 begins to apply (`in_force_readings`)."""

from __future__ import annotations

import datetime as dt

import pytest
from regime_files import HEAD, amend, mine, row

from sim.files.errors import InputError
from sim.policies.diff import diff
from sim.policies.regime import Regime

CHANGE = amend('step = "b8.report"\nrepeal = "grant_decision"\nnext = [{ to = "declined" }]')


def dated(answer: str, day: str) -> str:
    """Return the head of a regime file with another day of entry under an answer."""
    first = "in_force   = 2020-01-01"
    return HEAD.replace(first, f'{first}\nin_force_readings = {{ "{answer}" = {day} }}')


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("ammr_2026", dt.date(2026, 7, 1)),
        ("ammr_2026+U14=text", dt.date(2026, 7, 1)),
        ("ammr_2026+U14=government", dt.date(2026, 6, 12)),
    ],
)
def test_the_day_of_the_regulation_of_2026_hangs_on_an_open_question(name: str, day: dt.date) -> None:
    regime = Regime.load(name)
    assert regime.layers[-1].in_force == day
    assert regime.versions["dublin.reply"][-1].in_force == day


def test_a_diff_shows_the_other_day() -> None:
    entry = row(diff("ammr_2026", "ammr_2026+U14=government"), "ammr_2026", "entry into force")
    assert (entry["old"], entry["new"]) == ("2026-07-01", "2026-06-12")


def test_a_regime_that_does_not_depend_on_it_refuses_the_answer() -> None:
    with pytest.raises(InputError, match="vc_2023 does not depend on U14"):
        Regime.load("vc_2023+U14=government")


def test_an_own_regime_may_have_another_day_under_an_answer() -> None:
    head = dated("U1=none", "2021-01-01")
    assert mine(CHANGE, head).layers[-1].in_force == dt.date(2020, 1, 1)
    assert mine(CHANGE, head, {"U1": "none"}).layers[-1].in_force == dt.date(2021, 1, 1)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (dated("U99=none", "2021-01-01"), "unknown legal question"),
        (dated("U1=nothing", "2021-01-01"), "unknown answer to U1"),
        (dated("U1=none", '"soon"'), "in_force_readings"),
        (dated("U1=none", "2019-01-01").replace('"vc_2018"', '"vc_2019_08"'), "before the day of what it amends"),
        (
            dated("U1=none", "2021-01-01").replace("in_force   = 2020-01-01\n", ""),
            "in_force_readings needs in_force",
        ),
    ],
)
def test_a_mistake_in_the_days_is_named(head: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        mine(CHANGE, head)
