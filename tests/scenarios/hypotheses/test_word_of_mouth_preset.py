"""H11: people act on what others met with: later than the rule, and where the others live."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
from spread import circles_of, near_and_far, ratio

import sim
from sim.agents.views import Community
from sim.model import PathwayModel
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

SEED = 1
PLAIN = netherlands(0.4, end=dt.date(2020, 9, 30)).replace(start=dt.date(2018, 1, 1), shocks=[])
ON = PLAIN.under("H11")
OFF = ON.replace(switches={"word_of_mouth": False})
"""The rival: the same people with the same rates, who do not tell each other anything."""
AFTER = int(ON.document.parameters["heard.after_days"])
RUSH = {"signal.change_announced_ratio": 10.0, "strategic.change_announced_ratio": 20.0}


def around_permits(scenario: Scenario) -> tuple[float, float]:
    """How many times as many come forward near a permit as far from one: before the news arrives, and after."""
    scenario = scenario.replace(end=dt.date(2020, 3, 1))
    counts = np.zeros((2, 2, 2))
    for replicate in range(4):
        run = sim.run(scenario, "vc_2018", seed=SEED, replicate=replicate)
        circles = circles_of(ON.replace(end=scenario.end), SEED, replicate)
        persons = run.persons.set_index("person")
        among = persons.victim | persons.strategic
        for i, window in enumerate(((0, AFTER), (AFTER, AFTER + 120))):
            counts[i] += near_and_far(run, circles, "b8.permit", "b8.signalled", window, among)
    return ratio(counts[0]), ratio(counts[1])


def test_coming_forward_clusters_by_centre_and_language_once_the_news_is_there() -> None:
    early, late = around_permits(ON)
    assert late > 1.2
    assert late > 1.25 * early
    early, late = around_permits(OFF)
    assert 0.75 < early < 1.25
    assert 0.75 < late < 1.25


@cache
def believed(regime: str) -> pd.Series:
    """Mean belief that a report leads to a permit, over all communities, on the first of each month."""
    rows = []
    for replicate in range(2):
        model = PathwayModel(ON, regime, seed=SEED, replicate=replicate, people="none")
        communities, by_month = model.agents_by_type[Community], {}
        while model.running:
            model.step()
            if model.date.day == 1 and model.date >= dt.date(2019, 6, 1):
                here = [(agent.present.size, agent.heard_gain) for agent in communities]
                by_month[model.date] = sum(n * mean for n, mean in here if n) / sum(n for n, _ in here)
        rows.append(pd.Series(by_month))
    return pd.concat(rows, axis=1).mean(axis=1)


def test_after_a_change_of_rule_beliefs_lag_by_months() -> None:
    kept = believed("vc_2019_08") / believed("vc_2018")
    assert kept[dt.date(2019, 8, 1)] > 0.98
    assert kept[dt.date(2019, 9, 1)] > 0.95, "the rule has changed, what is told has not"
    assert kept[dt.date(2019, 10, 1)] > 0.7
    later = kept[kept.index >= dt.date(2020, 2, 1)]
    assert later.mean() < 0.6
    assert later.max() < 0.7
    halfway = kept[kept < (1 + later.mean()) / 2].index[0]
    assert (halfway - dt.date(2019, 8, 1)).days >= 60


@cache
def claims(scenario_with_rush: bool, regime: str) -> pd.Series:
    """Month of the first signal of each person, by replicate."""
    scenario = ON.replace(end=dt.date(2020, 3, 1), parameters=RUSH if scenario_with_rush else {})
    days = {}
    for replicate in range(3):
        moves = sim.run(scenario, regime, seed=SEED, replicate=replicate).transitions
        first = moves[moves["to"] == "b8.signalled"].drop_duplicates("person").set_index("person").date
        days |= {(replicate, person): day for person, day in first.dt.strftime("%Y-%m").items()}
    return pd.Series(days)


def test_with_a_rush_claims_peak_between_announcement_and_change_and_are_fewer_after() -> None:
    calm, rush, old = claims(False, "vc_2019_08"), claims(True, "vc_2019_08"), claims(False, "vc_2018")
    july = "2019-07"
    assert (rush == july).sum() > 1.15 * (calm == july).sum()
    assert abs((calm == july).sum() - (old == july).sum()) <= 0.02 * (old == july).sum(), "no rush without this ratio"
    assert (rush < "2019-06").sum() == (calm < "2019-06").sum() > 500
    in_the_rush = rush[rush == july].index.difference(calm[calm <= july].index)
    would_have_later = in_the_rush.intersection(calm.index)
    assert len(in_the_rush) > 15
    assert len(would_have_later) > 0.4 * len(in_the_rush), "those who come in the rush are missing later"
