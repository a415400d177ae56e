"""A regime (`sim.policies.regime`): its texts, its name, its hash; frozen."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies.library import readings
from sim.policies.regime import FactPeriod, Regime, StepVersion, shipped_regimes
from sim.procedures import Rulebook

BASE = Rulebook.load()
BASE_HASH = BASE.hash()
ANSWERS = [f"{question}={option}" for question, reading in readings().items() for option in reading.options]


def test_the_base_text_is_the_procedure_files() -> None:
    regime = Regime.load("vc_2018")
    assert regime.final_steps == dict(BASE.steps)
    assert regime.conditions == dict(BASE.conditions)
    assert all(
        versions == (StepVersion(versions[0].step, None, None, "vc_2018"),) for versions in regime.versions.values()
    )
    assert (regime.decisions, regime.hazards, regime.facts, regime.parameter_values) == ({}, {}, (), {})


@given(st.sampled_from(shipped_regimes()), st.sampled_from(ANSWERS))
@settings(deadline=None)
def test_throughout_keeps_the_final_texts_and_no_dates(name: str, answer: str) -> None:
    question, _, option = answer.partition("=")
    regime = Regime.load(name, {question: option})
    always = regime.throughout()
    assert always.final_steps == regime.final_steps
    assert all(len(versions) == 1 for versions in always.versions.values())
    assert all(v.in_force is None and v.applies_to is None for (v,) in always.versions.values())
    assert all(in_force is None for versions in always.decisions.values() for in_force, _ in versions)
    assert {fact.name for fact in always.facts} == {fact.name for fact in regime.facts if fact.until is None}
    assert all(fact.in_force is None and fact.until is None for fact in always.facts)
    assert always.throughout() == always
    assert (always.hash() == regime.hash()) == (name == "vc_2018")


def test_throughout_drops_a_fact_that_has_ended() -> None:
    facts = Regime.load("historical+U2=strict").throughout().facts
    assert facts == (FactPeriod("news_of_the_necessity_test", None, None),)


@pytest.mark.parametrize("name", shipped_regimes())
def test_loading_never_changes_the_base(name: str) -> None:
    before = Regime.load(name).hash()
    for answer in ANSWERS:
        Regime.load(name, dict([answer.split("=")]))
    assert Rulebook.load().hash() == BASE_HASH
    assert Rulebook.load(BASE.folder).hash() == BASE_HASH
    assert Regime.load("vc_2018").hash() == Regime.load("R0").hash()
    assert Regime.load(name).hash() == before


def test_the_name_of_a_regime_has_one_form() -> None:
    regime = Regime.load(" R2 + U7=wish_date +c_66_21+ U1 = ninety_days")
    assert regime.name == "vc_2019_08+c_66_21+U1=ninety_days+U7=wish_date"
    assert Regime.load(regime.name) == regime
    assert regime.readings["U7"] == "wish_date"
    assert regime.readings["U2"] == "mild"
    assert set(regime.readings) == set(readings())


def test_a_regime_is_frozen() -> None:
    regime = Regime.load("R2")
    with pytest.raises(FrozenInstanceError):
        regime.name = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        regime.versions["b8.report"][0].layer = "other"  # type: ignore[misc]
