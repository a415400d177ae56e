"""What people do before the rule: hearing of it, inflow that it draws, claims on entry. All off by default."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pandas as pd
import pytest

import sim
from sim.files.errors import InputError
from sim.runs.single import Run
from sim.runs.world import people_of, population_of
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

OLD, NEW = "vc_2018", "vc_2019_08"
RULE = dt.date(2019, 8, 1)
HEARD = ("news.heard_from_lawyer", "news.heard_from_ngo", "news.heard_from_network", "news.heard_from_others")
NEUTRAL = (
    "news.lawyer_tells_per_year",
    "news.ngo_tells_per_year",
    "news.others_tell_per_year",
    "news.network_tells",
    "inflow.learns_before_coming_per_year",
    "entry.police_first",
    "entry.asks_asylum_after_police_per_year",
    "entry.claims_victim",
    "entry.claims_strategic",
    "entry.claims_drawn",
    "entry.claims_victim_under_test",
)


@cache
def small() -> Scenario:
    return netherlands(0.15, end=dt.date(2020, 12, 31)).replace(start=dt.date(2018, 7, 1), shocks=[])


def run(regime: str, **changes: Any) -> Run:
    return sim.run(small().replace(**changes), regime, seed=3)


def first(of: Run, step: str) -> pd.Series:
    """Return the first day on which each person entered a step."""
    moves = of.transitions
    return moves[moves["to"] == step].groupby("person")["date"].min()


def wait(of: Run, step: str) -> pd.Series:
    """Return the days from arrival to a step, of everybody who entered it."""
    entered = first(of, step)
    return (entered - first(of, "whereabouts.arrival").reindex(entered.index)).dt.days


@pytest.mark.parametrize("name", NEUTRAL)
def test_it_is_off_by_default_and_its_range_begins_or_lies_around_there(name: str) -> None:
    passport = small().parameter_values().passport(name)
    assert passport.value == 0
    assert passport.low <= 0 < passport.high


def test_by_default_nobody_hears_claims_on_entry_or_is_drawn() -> None:
    plain = run(NEW)
    steps = set(plain.transitions["to"])
    assert not steps & set(HEARD)
    assert wait(plain, "b8.signalled").min() > 0 or (wait(plain, "b8.signalled") == 0).mean() < 0.01
    assert not plain.persons["drawn_by_rule"].any()


# ---- hearing of the rule ----


@pytest.mark.parametrize(
    ("parameters", "step"),
    [
        ({"news.lawyer_tells_per_year": 6.0}, "news.heard_from_lawyer"),
        ({"news.ngo_tells_per_year": 6.0}, "news.heard_from_ngo"),
        ({"news.others_tell_per_year": 2.0}, "news.heard_from_others"),
        ({"tactics.learns_rule_per_year": 6.0, "news.network_tells": 1.0}, "news.heard_from_network"),
    ],
)
def test_people_hear_of_the_rule_from_the_day_on_which_it_holds(parameters: dict[str, float], step: str) -> None:
    told = run(NEW, parameters=parameters)
    heard = first(told, step)
    assert len(heard) > 20
    assert heard.min().date() >= RULE
    assert set(told.transitions["to"]) & set(HEARD) == {step}
    assert not set(run(OLD, parameters=parameters).transitions["to"]) & set(HEARD)


def test_who_has_heard_of_the_rule_acts_as_who_knew_it() -> None:
    """Deterrence by a known rule grows as more hear of it; where it deters nobody, hearing changes no request."""
    lawyers = {"news.lawyer_tells_per_year": 12.0, "news.adds_knowledge": 1.0}
    deters = {"report.per_known_loss_of_permit": -3.0, "report.per_transfer_not_awaited": 0.0}

    def asked(parameters: dict[str, float]) -> int:
        days = first(run(NEW, parameters=parameters), "b8.wish_to_report")
        return int((days >= "2019-09-01").sum())

    assert asked({**deters, **lawyers}) < 0.9 * asked(deters)
    indifferent = {
        "report.per_known_loss_of_permit": 0.0, "strategic.known_loss_of_permit_ratio": 1.0,
        "report.per_knowledge": 0.0, "reflection.per_knowledge": 0.0,
    }  # fmt: skip
    assert asked({**indifferent, **lawyers}) == asked(indifferent)


def test_word_of_mouth_carries_the_rule_from_those_told_to_their_contacts() -> None:
    loud = {
        "heard.weight": 1.0, "heard.distorted_share": 0.0, "heard.fades_per_year": 0.0,
        "community.known_in_centre": 1.0, "community.sites": 5, "news.lawyer_tells_per_year": 6.0,
        "news.others_tell_per_year": 0.05, "news.heard_rule_ratio": 50.0,
    }  # fmt: skip
    silent = run(NEW, parameters=loud)
    heard = run(NEW, parameters=loud, switches={"word_of_mouth": True})
    others = "news.heard_from_others"
    assert len(first(heard, others)) > 2 * len(first(silent, others)) > 0


# ---- inflow ----


def test_what_people_believe_can_have_drawn_some_of_the_published_inflow() -> None:
    drawn = small().replace(inflow={"drawn_from": dt.date(2019, 1, 1)})
    people = people_of(drawn)
    assert people.names == people_of(small()).names, "the published numbers hold them"
    population = population_of(drawn, people, 3, 0)
    flag = population.flag("drawn_by_rule")
    share = drawn.parameter_values()["inflow.drawn_share_on_the_route"]
    entities = population.entities
    arrival = entities.arrival[: flag.size]
    dublin = population.flag("dublin_indicator") & population.flag("asks_asylum")
    first_day, last_day = (dt.date(2019, 1, 1) - drawn.start).days, (RULE - drawn.start).days
    window = (arrival >= first_day) & (arrival < last_day)
    assert not flag[~window | ~dublin | population.flag("other")].any()
    route = window & dublin & ~population.flag("other")
    assert abs(flag[route].mean() - share) < 0.1
    assert sim.run(drawn, "historical", seed=3).transitions.equals(run("historical").transitions), "they act as others"


def test_where_the_new_rule_had_always_held_those_drawn_stay_away() -> None:
    inflow = {"drawn_from": dt.date(2019, 1, 1)}
    always = sim.run(small().replace(inflow=inflow), NEW, seed=3, throughout=True)
    drawn = set(always.persons[always.persons["drawn_by_rule"]]["person"])
    assert drawn
    assert drawn == set(first(always, "whereabouts.stays_away").index)
    assert not drawn & set(first(always, "whereabouts.arrival").index)


def test_those_whom_the_old_rule_would_draw_can_hear_of_the_new_one_late() -> None:
    """With nobody knowing at once they come until they hear of it; the sooner they hear, the fewer come."""

    def came(parameters: dict[str, float]) -> pd.Series:
        of = run(NEW, inflow={"responds_to_rule": True}, parameters=parameters)
        days = first(of, "whereabouts.arrival")
        drawn = of.persons[of.persons["drawn_by_rule"]]["person"]
        return days[days.index.isin(drawn)]

    assert came({}).empty
    never = came({"inflow.knows_before_coming": 0.0})
    late = came({"inflow.knows_before_coming": 0.0, "inflow.learns_before_coming_per_year": 3.0})
    assert 0 < len(late) < 0.6 * len(never)
    assert late.mean() < never.mean(), "those who come early have had less time to hear of it"


@pytest.mark.parametrize(
    "inflow",
    [{"drawn_from": dt.date(2019, 8, 1)}, {"drawn_from": dt.date(2020, 1, 1)}],
)
def test_a_window_that_ends_before_it_begins_is_refused(inflow: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="drawn_from needs a later responds_from"):
        small().replace(inflow=inflow)


# ---- claims on entry ----


def test_a_share_of_victims_can_make_themselves_known_on_entry() -> None:
    plain, on = run(OLD), run(OLD, parameters={"entry.claims_victim": 0.7})

    def at_once(of: Run) -> float:
        victims = of.persons[of.persons["victim"] & of.persons["asks_asylum"]]["person"]
        arrived = first(of, "whereabouts.arrival")
        known = wait(of, "b8.signalled")
        return float((known[known.index.isin(victims)] == 0).sum() / arrived.index.isin(victims).sum())

    assert at_once(plain) < 0.02
    assert at_once(on) == pytest.approx(0.5, abs=0.08)
    assert wait(on, "b8.wish_to_report").median() < 0.85 * wait(plain, "b8.wish_to_report").median()


def test_the_rule_can_change_who_does_so_in_both_directions() -> None:
    def at_once(under_test: float) -> int:
        parameters = {"entry.claims_victim": 0.5, "entry.claims_victim_under_test": under_test}
        known = wait(run(NEW, parameters=parameters), "b8.signalled")
        late = first(run(NEW, parameters=parameters), "b8.signalled") >= "2019-09-01"
        return int(((known == 0) & late).sum())

    assert at_once(-0.5) < 0.1 * at_once(0.0)
    assert at_once(1.0) > 1.3 * at_once(0.0)


def test_those_drawn_by_the_rule_can_claim_on_entry() -> None:
    inflow = {"drawn_from": dt.date(2019, 1, 1)}
    on = run("historical", inflow=inflow, parameters={"entry.claims_drawn": 3.0})
    drawn = set(on.persons[on.persons["drawn_by_rule"]]["person"])
    known = wait(on, "b8.signalled")
    at_once = set(known[known == 0].index)
    assert len(at_once & drawn) > 0.9 * len(drawn) > 10
    asked = first(on, "b8.wish_to_report")
    before = first(run("historical", inflow=inflow), "b8.wish_to_report")
    spring = ("2019-01-01", "2019-07-31")
    assert asked.between(*spring).sum() > 1.2 * before.between(*spring).sum()


def test_some_victims_can_go_to_the_police_before_they_ask_asylum() -> None:
    """The order of the two procedures is published: about half came to the scheme first."""

    def first_shares(parameters: dict[str, float]) -> tuple[float, float]:
        table = run(OLD, parameters=parameters).measures.query("group == 'all' and world == 'simulated'")
        values = table.set_index("measure")["value"]
        return float(values["route_b8_then_asylum"]), float(values["route_asylum_then_b8"])

    b8_first, asylum_first = first_shares({})
    assert b8_first < 0.1 * asylum_first
    b8_first, asylum_first = first_shares(
        {"entry.police_first": 0.4, "entry.asks_asylum_after_police_per_year": 6.0, "asylum.asks_after_b8": 0.9}
    )
    assert b8_first > 0.3 * asylum_first
