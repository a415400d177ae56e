"""H9: victims whom the rule deters choose asylum, or stay silent in it."""

from __future__ import annotations

import functools

import pandas as pd
from journeys import NEW, OLD, change, journeys, netherlands

from sim.scenarios.scenario import Scenario

PLAIN = netherlands()
ON = PLAIN.under("route_switching")
SAME_PEOPLE = {"trait.knowledge": 0.7, "strategic.share": 0.0}
UNMOVED = PLAIN.under("rule_changes_little").replace(parameters=SAME_PEOPLE)
"""The rival in which nobody responds: departures rise by the lost permits alone."""
LEAVING = ON.replace(parameters={"leaves_instead.base": -3.0, "leaves_instead.per_known_loss_of_permit": 4.0})
"""The rival in which the deterred leave."""

changed = functools.cache(change)


def left_within_a_week(scenario: Scenario) -> float:
    """Return which share of those who do not report under the new rule leaves within a week of it."""
    run = journeys(scenario, NEW, throughout=True)
    left = run.first("whereabouts.left_unknown")
    declined = run.first("b8.declined")
    days = (left.reindex(declined.index) - declined) / pd.Timedelta(days=1)
    return float(((days >= 0) & (days <= 7)).mean())


def test_asylum_only_rises_as_the_scheme_is_used_less() -> None:
    on = changed(ON)
    applied, asylum = (on.loc[name, "dublin_victims"] for name in ("b8_applications", "asylum_only_share"))
    assert applied.difference < -0.2 * applied.before
    assert asylum.low > 0.05
    assert changed(UNMOVED).loc[("asylum_only_share", "dublin_victims"), "difference"] < 0.03


def test_departures_rise_no_more_than_the_lost_permits_make_them() -> None:
    rows = {
        name: changed(scenario).loc["left_unknown_victims", "dublin_victims"]
        for name, scenario in (("on", ON), ("unmoved", UNMOVED), ("leaving", LEAVING))
    }
    margin = 0.04 * rows["unmoved"].before
    assert rows["on"].difference < rows["unmoved"].difference + margin
    assert rows["leaving"].difference > rows["on"].difference + margin


def test_who_does_not_report_does_not_leave_at_that_moment() -> None:
    assert left_within_a_week(ON) < 0.08
    assert left_within_a_week(LEAVING) > 0.2


def test_victims_who_have_not_applied_ask_asylum_instead() -> None:
    def turned(scenario: Scenario, regime: str) -> int:
        found = 0
        for replicate in range(3):
            moves = journeys(scenario, regime, throughout=True, replicate=replicate).moves
            asked = moves[(moves["from"] == "b8.considers_report") & (moves["to"] == "b8.declined")]
            registered = moves[moves["to"] == "asylum.registration"]
            both = asked.merge(registered, on=["person", "date"])
            found += both.person.nunique()
        return found

    assert turned(ON, NEW) >= turned(ON, OLD) + 5
    assert abs(turned(UNMOVED, NEW) - turned(UNMOVED, OLD)) <= 2
