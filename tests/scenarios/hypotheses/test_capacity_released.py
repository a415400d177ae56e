"""H6: under the new rule waits fall; leads, suspects and convictions rise, for each report and in total."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from proportions import QUICK_JUSTICE, proportional, total

from sim.scenarios.scenario import Scenario

PLAIN = proportional(0.2, end=dt.date(2021, 6, 30)).replace(parameters=QUICK_JUSTICE)
OLD, NEW = "vc_2018", "vc_2019_08"


@cache
def under(per_week_of_queue: float | None = None) -> Scenario:
    scenario = PLAIN.under("H6")
    if per_week_of_queue is None:
        return scenario
    return scenario.replace(parameters={"lead.per_week_of_queue": per_week_of_queue})


def ratio(scenario: Scenario, measure: str) -> float:
    """How many times the value under the old rule that under the new one is."""
    return total(scenario, NEW, measure) / total(scenario, OLD, measure)


def test_the_queue_shortens_because_others_than_victims_no_longer_report() -> None:
    assert ratio(under(), "strategic_claims") < 0.25
    assert 0.9 < ratio(under(), "wish_to_report_victims") < 1.15, "victims ask as before"
    assert ratio(under(), "wait_avim.report") < 0.5


@pytest.mark.parametrize(
    ("measure", "least"), [("networks_with_lead", 1.3), ("networks_with_suspect", 1.3), ("networks_convicted", 1.3)]
)
def test_what_comes_of_reports_rises_in_total_and_for_each(measure: str, least: float) -> None:
    assert total(under(), OLD, measure) >= 5
    in_total = ratio(under(), measure)
    assert in_total > least
    assert in_total / ratio(under(), "reports") > least


@pytest.mark.parametrize("measure", ["networks_with_lead", "networks_with_suspect"])
def test_without_the_hypothesis_the_rule_raises_nothing(measure: str) -> None:
    assert 0.85 < ratio(PLAIN, measure) < 1.1
    assert 0.85 < ratio(PLAIN, measure) / ratio(PLAIN, "reports") < 1.1


def test_it_is_the_load_that_matters() -> None:
    """The rival: the same claims, but what a statement brings out does not depend on the queue."""
    assert ratio(under(), "leads_per_report") > 1.6
    assert ratio(under(0.0), "networks_with_lead") < 1.2
