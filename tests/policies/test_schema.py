"""The shape of a regime file (`sim.policies.schema`): what belongs together, and what is missing."""

from __future__ import annotations

import pytest
from regime_files import CALENDAR, amend, head_with, refused

SHAPES = [
    (
        amend('takes = "b8.intake_days"'),
        "an amendment names exactly one of: step, decision, hazard",
        "amend[0]",
    ),
    (
        amend('step = "b8.report"\nhazard = "objects"\nrepeal = "x"'),
        "exactly one of: step, decision, hazard",
        "amend[0]",
    ),
    (amend('step = "b8.report"'), "nothing is changed; accepted: next", "amend[0]"),
    (amend('step = "b8.report"\nreplace = true'), "nothing is changed", "amend[0]"),
    (
        amend('step = "b8.report"\nrepeal = "b8.none"\nreplace = true'),
        "replace needs the branches",
        "amend[0]",
    ),
    (
        amend('step = "b8.report"\nchance = "b8.objects"'),
        "chance does not belong to a step",
        "accepted: next",
    ),
    (
        amend('decision = "objects"\ntakes = "b8.objects"'),
        "takes does not belong to a decision",
        "accepted: chance",
    ),
    (
        amend('hazard = "found"\nchance = "b8.objects"'),
        "chance does not belong to a hazard",
        "accepted: times",
    ),
    (amend('hazard = "found"\nper_year = "b8.objects"'), "amend[0].per_year: unknown key", "accepted:"),
    (
        amend('step = "b8.report"\nnext = [{ to = "refused", when = "minor", after = "permit", before = "permit" }]'),
        "a branch stands before or after another one, not both",
        "amend[0]",
    ),
    (
        amend('step = "b8.intake"\npriority = [{ when = "minor", rank = 3 }]'),
        "amend[0].priority[0].rank",
        "given: 3",
    ),
    (amend('step = "b8.report"\nwhy = "again"\nrepeal = "none"'), "given twice", "mine.toml"),
    (amend('step = "b8.permit_end"\nrepeal = "complaint"', why=""), "amend[0].why", "mine.toml"),
    ('[[period]]\nregime = "R0"\n', "a calendar has no amends", "mine.toml"),
]


@pytest.mark.parametrize(("body", "problem", "more"), SHAPES)
def test_a_wrong_shape_is_refused_where_it_is(body: str, problem: str, more: str) -> None:
    refused(body, problem, more)


HEADS = [
    (("in_force   = 2020-01-01\n", ""), "in_force is missing", "YYYY-MM-DD"),
    (('amends     = "vc_2018"\n', ""), "amends is missing", "the regime that is changed"),
    (("[regime]", "[layer]"), "a layer applies at once to everybody", "no amends"),
    (("[regime]", "[regimes]"), "regimes: unknown key", "nearest: regime"),
    (("status ", "statuss "), "regime.statuss: unknown key", "nearest: status"),
    (('"assumed"', '"guessed"'), "regime.status", "assumed"),
]


@pytest.mark.parametrize(("swap", "problem", "more"), HEADS)
def test_a_wrong_head_is_refused(swap: tuple[str, str], problem: str, more: str) -> None:
    refused(amend('step = "b8.permit_end"\nrepeal = "complaint"'), problem, more, head_with(*swap))


CALENDARS = [
    (
        '[[period]]\nregime = "R0"\nlayer = "c_66_21"\n',
        "a period names exactly one of: regime, layer",
        "period[0]",
    ),
    (
        '[[period]]\nregime = "R0"\n' + amend('step = "b8.report"\nrepeal = "none"'),
        "a calendar amends nothing itself",
        "mine.toml",
    ),
]


@pytest.mark.parametrize(("body", "problem", "more"), CALENDARS)
def test_a_wrong_calendar_is_refused(body: str, problem: str, more: str) -> None:
    refused(body, problem, more, CALENDAR)
