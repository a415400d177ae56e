"""The manual lists in full what it promises to: keys, units, grades; and the sizes it names are right."""

from __future__ import annotations

import re
import tomllib

from manual_pages import DOCS, IN_CODE, blocks, prose

from sim.evidence.parameters import Parameters
from sim.policies.library import shipped_regimes
from sim.policies.regime import Regime
from sim.procedures.traits import SHOCKS
from sim.scenarios.scenario import Scenario


def test_every_key_of_a_scenario_is_explained() -> None:
    from sim.scenarios.dated import DatedCapacity, Event, Programme
    from sim.scenarios.scenario import Header, Inflow, ScenarioFile, Switches

    example = next(block.text for block in blocks(DOCS / "scenarios.md") if block.language == "toml")
    content = tomllib.loads(example)
    keys = {field.alias or name for name, field in ScenarioFile.model_fields.items()}
    assert content.keys() == {*keys, "extends"} - {"hypotheses_included"}, "which b8sim writes, and nobody else"
    for model, table in (
        (Header, content["scenario"] | {"own": "on a page of its own"}),
        (Inflow, content["inflow"] | {"persons": "instead of scale"}),
        (Event, content["shock"][0]),
        (Programme, content["programme"][0]),
        (Switches, content["switches"]),
        (DatedCapacity, content["capacity"]["avim.report"][0] | content["capacity"]["avim.report"][1]),
    ):
        assert table.keys() == {field.alias or name for name, field in model.model_fields.items()}
    explained = set(IN_CODE.findall(prose(DOCS / "scenarios.md")))
    assert {f"scenario.{name}" for name in Header.model_fields} <= explained
    assert {f"inflow.{name}" for name in Inflow.model_fields} <= explained
    assert {"word_of_mouth", "capacity_times"} <= explained
    assert {*keys - {"scenario", "inflow"}, "extends", *SHOCKS} <= explained


def test_every_key_of_a_regime_is_explained() -> None:
    from sim.policies.schema import KEYS, AppliesTo, Fact, Head, NewBranch, NewStep

    page = (DOCS / "regimes.md").read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", page))
    keys = {key for kind in KEYS.values() for key in kind}
    keys |= {*Head.model_fields, *AppliesTo.model_fields, *NewBranch.model_fields, *Fact.model_fields}
    keys |= {"counted_in", "left_by", "reading", "period", "layer"}
    assert {"counted_in", "left_by", "reading"} <= NewStep.model_fields.keys()
    assert keys - words == set()


def test_every_unit_and_grade_is_explained() -> None:
    from typing import get_args

    from sim.evidence.passport import Grade, Passport, Status, Unit

    explained = set(IN_CODE.findall(prose(DOCS / "parameters.md")))
    assert {*get_args(Unit), *get_args(Grade), *get_args(Status), *Passport.model_fields} <= explained


def test_most_parameters_are_assumptions_or_judgements() -> None:
    grades = [Parameters.load().passport(name).grade for name in Parameters.load()]
    weak = sum(grade in ("assumption", "judgement") for grade in grades)
    assert weak > len(grades) / 2, "README.md says that most numbers are"


def test_a_row_is_as_small_as_the_manual_says() -> None:
    from sim.engine.state import State
    from sim.runs.world import make_world, people_of, population_of

    scenario = Scenario.load("netherlands").replace(history_from="start", inflow={"scale": 0.001})
    for name in shipped_regimes():
        world = make_world(scenario, Regime.load(name))
        people = population_of(scenario, people_of(scenario), 1, 0)
        assert State(world.tables, world.catalogue, people.entities).rows.itemsize < 390


def test_picture_is_small_and_made_by_the_program() -> None:
    picture = (DOCS / "picture.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert b"Software\0b8sim" in picture
    assert len(picture) < 200_000
