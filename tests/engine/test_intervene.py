"""What a user changes on agents reaches the engine (`sim.engine.intervene`), or is refused with what can be changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

import mesa
import numpy as np
import pytest

import sim
from sim.agents.views import Applicant, Authority, Community, Trafficker, Victim
from sim.engine.state import State
from sim.model import SPACE, PathwayModel
from sim.procedures.traits import FLAGS, LEVEL_INDEX, LEVELS
from sim.runs.world import log_of, run_until
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.05, end=dt.date(2018, 12, 31)).replace(switches={"word_of_mouth": True})
LAST_DAY = 729


def model_of(days: int = 0, **more: Any) -> PathwayModel:
    model = PathwayModel(SCENARIO, "vc_2018", seed=3, **more)
    for _ in range(days):
        model.step()
    return model


def set_all(trait: str, value: float) -> Callable[[PathwayModel], None]:
    return lambda model: model.agents_by_type[Victim].set(trait, value)


def same_log(one: Any, other: Any) -> bool:
    return all(np.array_equal(mine, its) for mine, its in zip(one, other, strict=True))


def changed_on(day: int, change: Callable[[PathwayModel], None], **more: Any) -> PathwayModel:
    """Change something in the evening of a day (-1: before the first) and run to the end."""
    model = model_of(day + 1, **more)
    change(model)
    model.run_model()
    return model


@cache
def plain() -> PathwayModel:
    """Return the model at its end, with nothing changed."""
    model = model_of()
    model.run_model()
    return model


# ---- changes that are taken up ---------------------------------------------------------------------------------------


def test_a_trait_set_before_the_first_day_is_as_if_people_had_come_with_it() -> None:
    model = changed_on(-1, set_all("fear", 0.0))
    level = plain().population.entities.level.copy()
    level[: plain().population.entities.persons][plain().population.flag("victim"), LEVEL_INDEX["fear"]] = 0.0
    entities = plain().population.entities._replace(level=level)
    state = State(plain().world.tables, plain().catalogue, entities, SPACE)
    run_until(plain().world, state, LAST_DAY)
    assert same_log(model.log, log_of(state))
    assert not same_log(model.log, plain().log)


@pytest.mark.parametrize("day", [-1, 200, 500])
@pytest.mark.parametrize("trait", ["fear", "trust", "knowledge", "retribution"])
def test_a_change_acts_from_its_day_on(trait: str, day: int) -> None:
    low, high = (changed_on(day, set_all(trait, value)) for value in (0.0, 1.0))
    for model in (low, high):
        assert (model.log.day[: (model.log.day <= day).sum()] <= day).all()
        before, own = plain().log.day <= day, model.log.day <= day
        assert np.array_equal(plain().log.to_step[before], model.log.to_step[own]), "the past stays as it was"
    assert not same_log(low.log, high.log)


def reports(model: PathwayModel) -> int:
    return int((model.log.to_step == model.catalogue.step("b8.report")).sum())


def test_fear_keeps_people_from_reporting() -> None:
    assert (
        reports(changed_on(-1, set_all("fear", 1.0))) < reports(plain()) < reports(changed_on(-1, set_all("fear", 0.0)))
    )


@pytest.mark.parametrize("days", [(-1,), (0, 1), (100, 101, 102, 400)])
def test_a_change_to_the_same_value_changes_nothing(days: tuple[int, ...]) -> None:
    model = model_of(people="all")
    for day in range(LAST_DAY + 1):
        if day - 1 in days:
            for agent in (*model.agents_by_type[Victim], *model.agents_by_type[Applicant]):
                for trait in LEVELS:
                    setattr(agent, trait, getattr(agent, trait))
        model.step()
    assert same_log(model.log, plain().log)
    assert np.array_equal(model.state.pool_sums, plain().state.pool_sums)


def test_a_change_that_is_taken_back_on_the_same_evening_changes_nothing() -> None:
    def there_and_back(model: PathwayModel) -> None:
        for agent in model.agents_by_type[Victim]:
            before = agent.fear
            agent.fear = 0.0
            agent.fear = before

    assert same_log(changed_on(300, there_and_back).log, plain().log)


def test_one_person_changed_leaves_the_people_of_before_alone() -> None:
    """A change of one moves others only through queues and networks: with room for all, and no network, nobody."""
    roomy = SCENARIO.replace(
        capacity=dict.fromkeys(plain().catalogue.pools, 1e6),
        switches={"word_of_mouth": False},
        end=dt.date(2018, 6, 30),
    )
    logs = []
    for change in (False, True):
        model = PathwayModel(roomy, "vc_2018", seed=3, people="all")
        for day in range(400):
            model.step()
            if change and day == 100:
                one = next(a for a in model.agents_by_type[Applicant] if a.is_here and a.at("b8.file") == "b8.none")
                one.fear = 0.0 if one.fear > 0.5 else 1.0
        others = model.log.entity != one.row if change else slice(None)
        logs.append([column[others] for column in model.log])
    kept = logs[0][1] != one.row
    assert same_log([column[kept] for column in logs[0]], logs[1])


@pytest.mark.parametrize("value", [0, 1, 0.5, np.float32(0.25), np.float64(0.75), np.int64(1)])
def test_numbers_are_taken_as_they_come(value: float) -> None:
    model = model_of(5)
    victim = model.agents_by_type[Victim][0]
    victim.trust = value
    assert victim.trust == pytest.approx(float(value))
    assert model.state.level[victim.row, LEVEL_INDEX["trust"]] == pytest.approx(float(value))


# ---- changes that are refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf"), True, None, "0.5", [0.5]])
def test_a_level_is_a_number_from_0_to_1(value: Any) -> None:
    victim = model_of().agents_by_type[Victim][0]
    before = victim.fear
    with pytest.raises(sim.InputError) as caught:
        victim.fear = value
    assert "Victim.fear: not a level" in str(caught.value)
    assert "a number from 0 to 1" in str(caught.value)
    assert victim.fear == before


REFUSED = {
    "a flag": (Victim, "minor", True, "cannot be changed during a run"),
    "what the person is": (Victim, "victim", False, "cannot be changed during a run"),
    "a flag of the group": (Victim, "NGA", True, "cannot be changed during a run"),
    "the group": (Victim, "group", "UGA", "cannot be changed during a run"),
    "the network": (Victim, "network", 3, "cannot be changed during a run"),
    "the step": (Victim, "whereabouts", "whereabouts.shelter", "cannot be changed during a run"),
    "the row": (Victim, "row", 0, "cannot be changed during a run"),
    "a typing error": (Victim, "feer", 0.0, "no such attribute"),
    "something of one's own": (Victim, "mark", 1, "no such attribute"),
    "leads": (Trafficker, "leads", 9.0, "cannot be changed during a run"),
    "victims of a network": (Trafficker, "victims", [], "cannot be changed during a run"),
    "a trait of persons on a network": (Trafficker, "fear", 0.0, "no such attribute"),
    "a capacity": (Authority, "capacity", 0.0, "cannot be changed during a run"),
    "who waits": (Authority, "waiting", 0, "cannot be changed during a run"),
    "a belief": (Community, "heard_gain", 1.0, "cannot be changed during a run"),
    "members": (Community, "members", np.zeros(0, np.int64), "cannot be changed during a run"),
}


@pytest.mark.parametrize("days", [0, 40])
@pytest.mark.parametrize("case", REFUSED)
def test_what_the_engine_cannot_take_up_is_refused(case: str, days: int) -> None:
    kind, name, value, problem = REFUSED[case]
    agent = model_of(days).agents_by_type[kind][0]
    with pytest.raises(AttributeError) as caught:
        setattr(agent, name, value)
    assert isinstance(caught.value, sim.InputError)
    text = str(caught.value)
    assert text.startswith(f"{kind.__name__}.{name}: {problem}")
    told = {
        Victim: "changes of fear, trust",
        Authority: "[capacity]",
        Trafficker: "parameters",
        Community: "community.*",
    }
    assert told[kind] in text
    assert ("nearest: fear" in text) is (case == "a typing error")


def test_a_note_of_ones_own_begins_with_an_underscore() -> None:
    model = model_of()
    victim = model.agents_by_type[Victim][0]
    victim._mark = 7
    assert victim._mark == 7
    del victim._mark
    assert not hasattr(victim, "_mark")
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del victim.row


@pytest.mark.parametrize(
    "remove",
    [
        lambda model: model.agents_by_type[Victim][0].remove(),
        lambda model: model.agents_by_type[Victim].do("remove"),
        lambda model: model.deregister_agent(model.agents_by_type[Victim][0]),
        lambda model: model.remove_all_agents(),
        lambda model: model.agents_by_type[Authority][0].remove(),
    ],
)
def test_agents_are_not_removed(remove: Callable[[PathwayModel], None]) -> None:
    model = model_of()
    before = len(model.agents)
    with pytest.raises(AttributeError) as caught:
        remove(model)
    assert "cannot be removed" in str(caught.value)
    assert 'people="none"' in str(caught.value)
    assert len(model.agents) == before
    model.run_model()
    assert same_log(model.log, plain().log)


def test_ones_own_agents_come_and_go_as_in_any_model() -> None:
    model = model_of()
    own = mesa.Agent(model)
    assert own in model.agents
    own.remove()
    assert own not in model.agents


# ---- looking ---------------------------------------------------------------------------------------------------------


def test_traits_are_listed() -> None:
    model = model_of()
    victim = model.agents_by_type[Victim][0]
    assert {*FLAGS, *LEVELS, "group", "network", "whereabouts", "at"} <= set(dir(victim))
    for name in {*dir(victim)} - {"scenario"}:  # Mesa's own, which a PathwayModel does not have
        getattr(victim, name)
    assert set(model.catalogue.beliefs) <= set(dir(model.agents_by_type[Community][0]))


def test_representations_are_short() -> None:
    model = model_of(3, people="all")
    assert repr(model) == (
        f"<PathwayModel netherlands under vc_2018: 2017-01-03, day 2 of 729, {plain().population.entities.persons:,} "
        "people, seed 3, replicate 0>"
    )
    for kind in (Victim, Applicant, Trafficker, Authority, Community):
        agent = model.agents_by_type[kind][0]
        assert repr(agent) == f"<{kind.__name__} {agent.name}>"
    assert repr(model.agents_by_type[Authority][0]) == "<Authority avim.registration>"


def test_a_track_of_others_is_refused() -> None:
    model = model_of()
    for agent, track in (
        (model.agents_by_type[Victim][0], "tactics.tactics"),
        (model.agents_by_type[Trafficker][0], "b8.file"),
    ):
        with pytest.raises(sim.InputError, match="unknown track"):
            agent.at(track)
    with pytest.raises(sim.InputError, match=r"nearest: b8\.file"):
        model.agents_by_type[Victim][0].at("b8.fil")
    with pytest.raises(sim.InputError, match=r"nearest: b8\.permit"):
        model.count_at("b8.permitt")
    with pytest.raises(sim.InputError, match="unknown step"):
        model.count_at("tactics.as_before")
