"""How a regime is put together of parts in the order of their days, with answers (`sim.policies.compose`)."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regime_files import CALENDAR, HEAD, amend, head_with, mine, refused, rows

from sim.evidence.parameters import Parameters
from sim.policies.library import readings
from sim.policies.regime import Regime, shipped_regimes
from sim.procedures import Rulebook

BASE = Rulebook.load()
AUGUST_2019 = dt.date(2019, 8, 1)
ANSWERS = [f"{question}={option}" for question, reading in readings().items() for option in reading.options]


def test_the_default_number_of_shelter_places_is_the_parameter() -> None:
    reading = readings()["U10"]
    assert reading.options[reading.default].set == {
        "shelter.specialised_places": Parameters.load().value("shelter.specialised_places")
    }
    assert Regime.load("R2").parameter_values == {}
    assert Regime.load("R2+U10=fifty_three").parameter_values == {"shelter.specialised_places": 53}
    assert Regime.load("R2", {"U10": "seventy_eight"}).parameter_values == {"shelter.specialised_places": 78}


def test_the_transitional_rule_follows_the_reading() -> None:
    for spec, event in (
        ("R2", "b8.report"),
        ("R2+U7=report_date", "b8.report"),
        ("R2+U7=wish_date", "b8.wish_to_report"),
    ):
        regime = Regime.load(spec)
        old, new = regime.versions["b8.report"]
        assert (old.in_force, old.applies_to, old.layer) == (None, None, "vc_2018")
        assert (new.in_force, new.applies_to, new.layer) == (AUGUST_2019, event, "vc_2019_08")
        assert regime.layers[-1].applies_to == event
    assert Regime.load("R1").versions["dublin.transfer_due"][-1].applies_to is None
    assert Regime.load("R3").versions["b8.reflection_offered"][-1].applies_to == "b8.reflection_offered"


def test_the_calendar_in_the_order_of_its_days() -> None:
    regime = Regime.load("historical")
    assert [(layer.name, layer.in_force) for layer in regime.layers] == [
        ("vc_2018", None),
        ("working_method_2019", dt.date(2019, 5, 1)),
        ("vc_2019_08", AUGUST_2019),
        ("c_66_21", dt.date(2022, 10, 20)),
        ("c_338_21", dt.date(2023, 3, 30)),
        ("vc_2023", dt.date(2023, 5, 19)),
    ]
    assert [version.layer for version in regime.versions["dublin.transfer_due"]] == [
        "vc_2018",
        "working_method_2019",
        "vc_2019_08",
    ]


@pytest.mark.parametrize("reading", ["mild", "strict"])
def test_the_working_method_ends_when_the_new_text_enters(reading: str) -> None:
    calendar = Regime.load(f"historical+U2={reading}")
    assert (
        calendar.versions["dublin.transfer_due"][1].step
        == (Regime.load(f"R1+U2={reading}").final_steps["dublin.transfer_due"])
    )
    assert calendar.versions["dublin.transfer_due"][2].step == Regime.load("R2").final_steps["dublin.transfer_due"]
    assert calendar.final_steps == Regime.load("R3").final_steps
    named = {fact.name: (fact.in_force, fact.until) for fact in calendar.facts}
    assert named["news_of_the_necessity_test"] == (AUGUST_2019, None)
    assert named.get("transfer_not_awaited") == ((dt.date(2019, 5, 1), AUGUST_2019) if reading == "strict" else None)


@given(st.sampled_from(shipped_regimes()), st.sampled_from(ANSWERS))
@settings(deadline=None)
def test_versions_enter_in_order_and_the_first_always_holds(name: str, answer: str) -> None:
    question, _, option = answer.partition("=")
    regime = Regime.load(name, {question: option})
    assert set(regime.versions) >= set(BASE.steps)
    for versions in regime.versions.values():
        assert versions[0].in_force is None
        assert versions[0].applies_to is None
        days = [version.in_force for version in versions[1:]]
        assert None not in days
        assert days == sorted(days)
        assert all(a.step != b.step for a, b in itertools.pairwise(versions))
    names = {layer.name for layer in regime.layers}
    assert {version.layer for versions in regime.versions.values() for version in versions} <= names


def test_a_default_answer_changes_nothing_but_the_name() -> None:
    plain, said = Regime.load("R2"), Regime.load("R2+U1=if_granted")
    assert plain.hash() == said.hash()
    assert (plain.name, said.name) == ("vc_2019_08", "vc_2019_08+U1=if_granted")


def test_each_other_answer_has_a_hash_of_its_own() -> None:
    specs = [
        "R2",
        "R2+U1=ninety_days",
        "R2+U1=none",
        "R2+U18=does_not_bar",
        "R2+U3=refused_without_test",
        "R2+U7=wish_date",
        "R2+U10=fifty",
        "R2+U11=extension",
    ]
    specs += ["R1", "R1+U2=strict", "R3", "R3+U5=dropped", "historical", "R2+U18=does_not_bar+c_66_21", "R2+c_338_21"]
    assert len({Regime.load(spec).hash() for spec in specs}) == len(specs)


def test_answers_beside_the_name_fill_what_the_name_leaves_open() -> None:
    assert Regime.load("R2+U1=none", {"U1": "ninety_days"}).readings["U1"] == "none"
    assert Regime.load("R2", {"U1": "ninety_days"}).hash() == Regime.load("R2+U1=ninety_days").hash()
    assert Regime.load("R0", {"U1": "ninety_days"}).hash() == Regime.load("R0").hash()


def test_a_layer_says_what_it_is() -> None:
    layer = Regime.load("R2").layers[-1]
    assert layer.instrument == "WBV 2019/10 of 10 July 2019, Staatscourant 2019, 40593"
    assert (layer.title.nl, layer.status) == ("Vreemdelingencirculaire B8/3 per augustus 2019", "secondary")
    assert "wbv2019-10" in layer.law


HEADS = [
    (("vc_2018", "c_66_21"), "regime.amends: a court layer cannot be amended", 'given: "c_66_21"'),
    (
        ('"vc_2018"', '"R3"\nlayers = "c_66_21"'),
        "before the day of what it amends (R3)",
        "accepted: 2023-05-19 or later",
    ),
    (
        ('"vc_2018"', '"R2"\nlayers = ["c_66_21", "R1"]'),
        "regime.layers[1]: not a court layer",
        "accepted: c_338_21, c_66_21",
    ),
]


@pytest.mark.parametrize(("swap", "problem", "more"), HEADS)
def test_what_cannot_be_put_together_is_refused(swap: tuple[str, str], problem: str, more: str) -> None:
    refused(amend('step = "b8.permit_end"\nrepeal = "complaint"'), problem, more, head_with(*swap))


CALENDARS = [
    (
        '[[period]]\nregime = "R0"\n[[period]]\nregime = "R3"\n',
        "period[1]: vc_2019_08 does not come before vc_2023",
        "accepted: vc_2018",
    ),
    (
        '[[period]]\nregime = "R0"\n[[period]]\nlayer = "R1"\n',
        "period[1]: a period is one regime or one layer",
        "working_method_2019",
    ),
    (
        '[[period]]\nregime = "R0"\n[[period]]\nregime = "calendar"\n',
        "period[1]: a period is one regime or one layer",
        "historical",
    ),
    (
        '[[period]]\nregime = "R0"\n[[period]]\nlayer = "c_66_21"\n[[period]]\nregime = "R2"\n',
        "period[2]: the periods are not in the order of their days",
        "vc_2019_08",
    ),
    (
        '[[period]]\nregime = "R0"\n[[period]]\nregime = "R2"\nreplaces = "R1"\n',
        "R1 does not come before vc_2019_08",
        "vc_2018",
    ),
    (
        '[[period]]\nregime = "vc_2081"\n',
        "period[0].regime: unknown regime or court layer",
        "nearest: vc_2018",
    ),
]


@pytest.mark.parametrize(("body", "problem", "more"), CALENDARS)
def test_a_calendar_that_cannot_be_put_together_is_refused(body: str, problem: str, more: str) -> None:
    refused(body, problem, more, CALENDAR)


@pytest.mark.parametrize("swap", [("2020-01-01", "2018-01-01\nlayers = []"), ('"vc_2018"', '"P1"\nlayers = "c_66_21"')])
def test_a_head_may_name_layers(swap: tuple[str, str]) -> None:
    assert mine(amend('step = "b8.permit_end"\nrepeal = "complaint"'), head_with(*swap)).name == "mine"


def test_a_regime_of_the_user_is_named_by_its_file_and_takes_layers() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a+b.toml")
        path.write_text(HEAD.replace("vc_2018", "R2") + amend('step = "b8.permit_end"\nrepeal = "complaint"'))
        regime = Regime.load(f"{path}+c_66_21+U1=ninety_days")
    assert regime.name == "a+b+c_66_21+U1=ninety_days"
    assert [layer.name for layer in regime.layers] == ["vc_2018", "vc_2019_08", "a+b", "c_66_21"]
    assert rows("R2+c_66_21+U1=ninety_days", regime) == {("b8.permit_end", "branch removed")}


def test_a_regime_of_the_user_can_go_on_from_the_calendar() -> None:
    head = HEAD.replace("vc_2018", "historical").replace("2020-01-01", "2024-01-01")
    regime = mine(amend('step = "b8.permit_end"\nrepeal = "complaint"'), head)
    assert [layer.name for layer in regime.layers][-2:] == ["vc_2023", "mine"]
    assert len(regime.layers) == 7


def test_a_calendar_of_the_user() -> None:
    regime = mine('[[period]]\nregime = "R0"\n[[period]]\nregime = "R2"\n[[period]]\nlayer = "c_338_21"\n', CALENDAR)
    assert [layer.name for layer in regime.layers] == ["vc_2018", "vc_2019_08", "c_338_21"]
    assert regime.final_steps == Regime.load("R2+c_338_21").final_steps
