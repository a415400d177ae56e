"""Agents as views on the rows of the engine (`sim.agents.views`)."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pytest
from mesa.agent import AgentSet

import sim
from sim.agents.behaviour import Authorities
from sim.agents.community import language_name
from sim.agents.views import Applicant, Authority, Community, Trafficker, Victim
from sim.model import PathwayModel
from sim.procedures.traits import GROUPS
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.01, end=dt.date(2020, 12, 31))


def after(days: int, **more: object) -> PathwayModel:
    model = PathwayModel(SCENARIO, "vc_2019_08", seed=5, **more)  # type: ignore[arg-type]
    for _ in range(days):
        model.step()
    return model


def test_agents_are_views_on_rows() -> None:
    model = after(900, people="all")
    entities, names = model.population.entities, model.population.names()
    seen: Counter[str] = Counter()
    for agent in (*model.agents_by_type[Victim], *model.agents_by_type[Applicant]):
        assert agent.name == names[agent.row]
        assert agent.victim is isinstance(agent, Victim)
        assert agent.women == bool(model.population.flag("women")[agent.row])
        assert getattr(agent, agent.group) is True
        assert 0 <= agent.fear <= 1
        assert agent.is_here == (agent.whereabouts != "whereabouts.not_arrived")
        assert agent.is_here == (entities.arrival[agent.row] <= model.day)
        seen[agent.whereabouts] += 1
        seen[agent.at("b8.file")] += 1
    assert seen["whereabouts.reception"] == model.count_at("whereabouts.reception") > 5
    assert seen["b8.none"] == model.count_at("b8.none")
    with pytest.raises(AttributeError, match="has no attribute 'height'"):
        _ = agent.height
    with pytest.raises(sim.InputError, match="unknown track"):
        agent.at("b8.no_such_track")


def test_traffickers_know_their_victims_and_victims_their_network() -> None:
    model = after(1200)
    by_row = {agent.row: agent for agent in model.agents_by_type[Victim]}
    found = 0
    for network in model.agents_by_type[Trafficker]:
        assert network.name.startswith("network-")
        for row in network.victims:
            assert by_row[row].network == network.row
            found += 1
    assert found == sum(victim.network is not None for victim in by_row.values()) > 20
    assert sum(network.leads for network in model.agents_by_type[Trafficker]) == sum(
        1 for step in model.log.to_step if model.world.catalogue.steps[step] == "investigation.lead_found"
    )


def test_reading_shows_the_present_not_the_past() -> None:
    """A view follows the engine: the same agent object, another day."""
    model = after(0)
    first = min(model.agents_by_type[Victim], key=lambda agent: model.population.entities.arrival[agent.row])
    assert first.whereabouts == "whereabouts.not_arrived"
    while model.day < model.population.entities.arrival[first.row]:
        assert not first.is_here
        model.step()
    assert first.is_here


def test_communities_are_people_of_one_language_in_one_site() -> None:
    scenario = SCENARIO.replace(
        switches={"word_of_mouth": True},
        inflow={"scale": 0.05},
        parameters={"community.sites": 20, "heard.weight": 0.8, "community.known_in_centre": 1.0},
    )
    model = PathwayModel(scenario, "vc_2019_08", seed=5, people="none")
    communities = model.agents_by_type[Community]
    contacts, entities = model.population.contacts, model.population.entities
    assert contacts is not None
    assert sorted(row for agent in communities for row in agent.members) == list(range(entities.persons))
    for agent in communities:
        assert set(contacts.site[agent.members]) == {agent.site}
        assert {language_name(number) for number in contacts.language[agent.members].tolist()} == {agent.language}
        assert {GROUPS[group] for group in entities.group[agent.members]} == {agent.language.split("-")[0]}
    assert len({agent.name for agent in communities}) == len(communities) > 40
    while model.day < 1200:
        model.step()
    inside = [model.world.catalogue.steps[number] for number in model.hearing]
    assert sum(agent.present.size for agent in communities) == sum(map(model.count_at, inside)) > 50
    heard = communities.select(lambda agent: agent.present.size > 0 and agent.heard_gain != 0)
    assert isinstance(heard, AgentSet)
    assert 3 < len(heard) < len(communities)
    for agent in heard:
        mean = float(np.mean([model.state.believed(1200)[row, 0] for row in agent.present]))
        assert agent.heard_gain == pytest.approx(mean)
        assert -1 <= agent.heard_gain <= 1
    with pytest.raises(AttributeError, match="has no attribute 'height'"):
        _ = communities[0].height


def test_tactics_of_a_network_are_seen() -> None:
    scenario = SCENARIO.replace(parameters={"tactics.learns_rule_per_year": 6.0})
    model = PathwayModel(scenario, "vc_2019_08", seed=5, people="none")
    eve = (dt.date(2019, 7, 31) - dt.date(2017, 1, 1)).days
    while model.day < eve:
        model.step()
    assert set(model.agents_by_type[Trafficker].get("tactics")) == {"tactics.as_before"}
    while model.running:
        model.step()
    adapted = model.agents_by_type[Trafficker].select(lambda agent: agent.tactics == "tactics.adapted")
    assert len(adapted) > 0.8 * len(model.agents_by_type[Trafficker])


def test_authorities() -> None:
    scenario = SCENARIO.replace(capacity={"avim.registration": 0.2, "coa.reception": 30})
    model = PathwayModel(scenario, "vc_2018", seed=5)
    while model.running:
        model.step()
    by_pool = {agent.pool: agent for agent in model.agents_by_type[Authority]}
    assert list(by_pool) == list(Authorities.load().pool)
    assert by_pool["avim.registration"].waiting > 20
    assert by_pool["avim.registration"].capacity == 0.2
    assert by_pool["coa.reception"].in_use == 30
    assert by_pool["coa.reception"].waiting == model.count_at("whereabouts.reception") - 30
