"""Who knows whom (`sim.agents.community`), and whom word of mouth reaches."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.agents.community import KINDS, Contacts
from sim.agents.population import Candidates
from sim.runs.world import people_of, population_of
from verification.small_worlds import (
    BigRun,
    big_run,
    netherlands,
    unlimited,
)


def test_without_word_of_mouth_a_row_has_no_beliefs() -> None:
    run = big_run(netherlands(0.01))
    assert run.outcome.state.belief.shape[1] == 0
    assert run.population.contacts is None


@pytest.fixture(scope="module")
def known() -> Contacts:
    scenario = netherlands(0.1).replace(switches={"word_of_mouth": True})
    contacts = population_of(scenario, people_of(scenario), 1, 0).contacts
    assert contacts is not None
    return contacts


def test_contacts_are_mutual_and_of_a_kind(known: Contacts) -> None:
    teller = np.repeat(np.arange(known.start.size - 1), np.diff(known.start))
    pairs = set(zip(teller.tolist(), known.other.tolist(), known.kind.tolist(), strict=True))
    assert pairs == {(b, a, kind) for a, b, kind in pairs}
    assert len({(a, b) for a, b, _ in pairs}) == len(pairs), "nobody is known twice"
    assert not any(a == b for a, b, _ in pairs)
    assert {kind for _, _, kind in pairs} == set(range(len(KINDS)))


def test_contacts_in_a_centre_live_there_and_speak_one_language(known: Contacts) -> None:
    scenario = netherlands(0.1).replace(switches={"word_of_mouth": True})
    entities = population_of(scenario, people_of(scenario), 1, 0).entities
    teller = np.repeat(np.arange(known.start.size - 1), np.diff(known.start))
    centre = known.kind == KINDS.index("same centre and language")
    assert np.array_equal(known.site[teller[centre]], known.site[known.other[centre]])
    assert np.array_equal(entities.group[teller[centre]], entities.group[known.other[centre]])
    network = known.kind == KINDS.index("same network")
    assert np.array_equal(entities.network[teller[network]], entities.network[known.other[network]])


def test_the_graph_has_every_contact_once(known: Contacts) -> None:
    graph = known.graph()
    assert graph.number_of_nodes() == known.start.size - 1
    assert 2 * graph.number_of_edges() == known.other.size
    person = int(np.argmax(np.diff(known.start)))
    assert known.of(person) == {other: graph.edges[person, other]["kind"] for other in graph[person]}


def test_one_person_more_changes_no_contact_between_others() -> None:
    loud = {"community.known_in_centre": 1.0, "community.sites": 20, "community.days_apart": 120}
    scenario = netherlands(0.05).replace(switches={"word_of_mouth": True}, parameters=loud)
    given = people_of(scenario)
    like = int(np.flatnonzero(given.group == given.group.max())[1000])
    more = Candidates(
        names=["other-9999", *given.names],
        **{
            field: np.insert(getattr(given, field), 0, getattr(given, field)[like])
            for field in ("group", "month_start", "month_days", "hidden", "drawn_by_rule", "may_be_drawn")
        },
    )
    found, named = [], []
    for people_there in (given, more):
        population = population_of(scenario, people_there, 1, 0)
        contacts, names = population.contacts, population.names()
        named.append(set(names))
        assert contacts is not None
        teller = np.repeat(np.arange(len(names)), np.diff(contacts.start)).tolist()
        found.append({(names[a], names[b]) for a, b in zip(teller, contacts.other.tolist(), strict=True)})
    (newcomer,) = named[1] - named[0]
    assert {pair for pair in found[1] if newcomer not in pair} == found[0]
    assert len(found[1]) > len(found[0]) > 1000, "the newcomer knows people too"


def reached(scenario_on: bool, **parameters: float) -> tuple[set[str], set[str]]:
    """Names to whom the reform made a difference, and of those without one to whom something else happened."""
    from sim.policies.regime import Regime
    from sim.runs.world import make_world, run_world

    scenario = unlimited(netherlands(0.1)).replace(switches={"word_of_mouth": scenario_on}, parameters=parameters)
    old, new = (Regime.load(name) for name in ("vc_2018", "vc_2019_08"))
    population = population_of(scenario, people_of(scenario), 1, 0)
    runs = []
    for regime, reference in ((old, new), (new, old)):
        small = make_world(scenario, regime, reference=reference)
        runs.append(BigRun(small, population, run_world(small, population)))
    ruled = set()
    for run in runs:
        ruled |= {run.names[row] for row in np.flatnonzero(run.outcome.state.ruled)}
    before, after = runs[0].histories, runs[1].histories
    return ruled, {name for name in before if before[name] != after[name] and name not in ruled}


def test_people_whose_rule_did_not_change_are_reached_by_word_of_mouth_only() -> None:
    no_convictions = {"network.prosecuted": 0.5, "network.opens_base": -3.0, "network.opens_per_lead": 0.0}
    ruled, others = reached(False, **no_convictions)
    assert len(ruled) > 20
    networks = {name for name in others if name.startswith("network")}
    assert others - networks == set(), "no queue, no word of mouth: nobody else, to the bit"
    loud = {"heard.weight": 1.0, "community.known_in_centre": 1.0, "community.sites": 20, "community.days_apart": 120}
    ruled, others = reached(True, **no_convictions, **loud)
    assert len({name for name in others if not name.startswith("network")}) > 5


def test_before_a_change_is_announced_and_holds_nothing_differs_though_people_talk() -> None:
    """Beliefs are brought up to date on the same days in both worlds, so that nobody differs by that alone."""
    loud = {"heard.weight": 0.9, "community.known_in_centre": 1.0, "community.days_apart": 120}
    scenario = netherlands(0.2).replace(switches={"word_of_mouth": True}, parameters=loud)
    old, new = (big_run(scenario, regime).moves for regime in ("vc_2018", "vc_2019_08"))
    change = (dt.date(2019, 8, 1) - scenario.start).days
    before = [[move for move in moves if move[0] < change] for moves in (old, new)]
    assert before[0] == before[1]
    assert old != new
