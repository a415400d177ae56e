"""The state of the page (`sim.view.state`): what it accepts, its link, its scenario and its commands."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.files.errors import InputError
from sim.runs.people import people_in
from sim.scenarios.scenario import Scenario
from sim.view.state import State, schema

NAMES = st.from_regex(r"\A[A-Za-z0-9_]{1,12}\Z")
DAYS = st.dates(dt.date(2017, 1, 1), dt.date(2021, 12, 31))
STATES = st.fixed_dictionaries(
    {},
    optional={
        "regimes": st.lists(
            st.sampled_from(["vc_2018", "vc_2019_08+c_66_21+U1=none", "mine"]), min_size=2, unique=True
        ),
        "readings": st.dictionaries(NAMES, NAMES, min_size=1, max_size=3),
        "presets": st.lists(NAMES, min_size=1, max_size=3, unique=True),
        "changes": st.dictionaries(
            st.builds("{}.{}".format, NAMES, NAMES), st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=4
        ),
        "group": NAMES,
        "measure": NAMES,
        "period": st.tuples(DAYS, DAYS).map(lambda two: [day.isoformat() for day in two]),
        "size": st.integers(1, 1_000_000),
        "day": st.integers(0, 6209),
        "person": st.integers(0, 10**12).map("P{}".format),
        "screen": st.sampled_from(["compare", "assumptions", "person", "law", "room"]),
        "language": st.sampled_from(["en", "nl"]),
    },
)


def netherlands() -> Scenario:
    return Scenario.load("netherlands")


@given(STATES)
def test_a_link_holds_the_whole_state(content: dict[str, Any]) -> None:
    state = State.of(content)
    assert State.from_link(state.link()) == state
    assert State.of(json.loads(json.dumps(state.plain()))) == state


def test_a_link_reads_like_the_page() -> None:
    state = State.of({"regimes": ["vc_2018", "vc_2019_08+U1=none"], "changes": {"om.needed_base": -2.5, "a.b": 1e-7}})
    assert state.link() == "#regimes=vc_2018,vc_2019_08%2BU1%3Dnone&changes=om.needed_base:-2.5,a.b:1e-7"
    assert State().link() == ""
    assert State.from_link("http://127.0.0.1:8000/") == State.from_link("") == State()
    assert State.from_link("http://127.0.0.1:8000/#size=3000").size == 3000


@pytest.mark.parametrize(
    ("content", "key", "problem"),
    [
        ([1], "state", "not a state"),
        ({"regime": "vc_2018"}, "regime", "unknown key"),
        ({"regimes": ["vc_2018"]}, "regimes", "too few"),
        ({"regimes": ["vc_2018", "vc_2018"]}, "regimes", "given twice"),
        ({"regimes": ["vc_2018", "../../etc/passwd"]}, "regimes.1", "not accepted"),
        ({"regimes": ["vc_2018", "/tmp/mine.toml"]}, "regimes.1", "not accepted"),
        ({"regimes": ["vc_2018", "vc_2019_08\n"]}, "regimes.1", "not accepted"),
        ({"presets": ["~/x.toml"]}, "presets.0", "not accepted"),
        ({"readings": {"U1": 3}}, "readings.U1", "wrong type"),
        ({"changes": {"om.needed_base": "-3"}}, "changes.om.needed_base", "wrong type"),
        ({"changes": {"om.needed_base": True}}, "changes.om.needed_base", "wrong type"),
        ({"changes": {"om.needed_base": float("nan")}}, "changes.om.needed_base", "not a number"),
        ({"changes": {"om.needed_base": float("inf")}}, "changes.om.needed_base", "too large"),
        ({"changes": {f"a.b{i}": 1 for i in range(41)}}, "changes", "too many"),
        ({"group": "<script>"}, "group", "not accepted"),
        ({"period": ["2019-02-30", "2020-01-01"]}, "period", "no such day"),
        ({"size": 1e12}, "size", "too large"),
        ({"size": -1}, "size", "too small"),
        ({"day": 1.5}, "day", "wrong type"),
        ({"person": "P1; rm"}, "person", "not accepted"),
        ({"screen": "admin"}, "screen", "not accepted"),
        ({"language": None}, "language", "not accepted"),
    ],
)
def test_what_is_no_state_is_refused_by_key(content: object, key: str, problem: str) -> None:
    with pytest.raises(InputError) as refused:
        State.of(content)
    assert (key, problem) in [(one.key, one.problem) for one in refused.value.problems]


def test_a_long_state_is_refused() -> None:
    long = {f"{'a' * 39}.{'b' * 35}{i:02}": 0.123456789 for i in range(40)}
    with pytest.raises(InputError, match="the state is too long"):
        State.of({"changes": long})
    with pytest.raises(InputError, match="the link is too long"):
        State.from_link("#" + "x" * 5000)


@pytest.mark.parametrize(
    "link",
    ["#regimes", "#size=3&size=4", "#changes=a.b:1,a.b:2", "#size=NaN", "#size=1e999", "#changes=a.b:NaN", "#x=1"],
)
def test_what_is_no_link_is_refused(link: str) -> None:
    with pytest.raises(InputError):
        State.from_link(link)


def test_a_state_is_a_scenario() -> None:
    base = netherlands()
    assert State().scenario(base) is base
    state = State.of(
        {
            "regimes": ["vc_2019_08", "vc_2018"],
            "readings": {"U1": "none"},
            "presets": ["H5"],
            "changes": {"om.needed_base": -2.5},
            "period": ["2018-01-01", "2020-12-31"],
            "size": 3000,
        }
    )
    scenario = state.scenario(base, replicates=7)
    document = scenario.document
    assert scenario.regimes == ("vc_2019_08", "vc_2018")
    assert (scenario.start, scenario.end) == (dt.date(2018, 1, 1), dt.date(2020, 12, 31))
    assert scenario.readings["U1"] == "none"
    assert scenario.readings["U7"] == base.readings["U7"]
    assert document.parameters["om.needed_base"] == -2.5
    assert list(scenario.hypotheses) == list(base.under("H5").hypotheses)
    assert (document.inflow.persons, document.inflow.scale, document.inflow.capacities) == (3000, None, "in_proportion")
    assert (document.scenario.replicates, document.scenario.seed) == (7, base.document.scenario.seed)


@pytest.mark.parametrize(
    ("content", "key", "said"),
    [
        ({"changes": {"om.needed_bas": -3}}, "changes.om.needed_bas", "om.needed_base"),
        ({"changes": {"om.needed_base": 5}}, "changes.om.needed_base", "-6 to -2"),
        ({"period": ["2016-12-31", "2020-01-01"]}, "period", "2017-01-01"),
        ({"period": ["2020-01-01", "2019-01-01"]}, "period", "in their order"),
        ({"size": 999_999}, "size", "the people of the scenario"),
        ({"regimes": ["vc_2018", "vc_2091"]}, "scenario.regimes", "vc_2019"),
        ({"presets": ["H99"]}, "hypothesis", "H1"),
        ({"readings": {"U1": "never"}}, "readings.U1", "none"),
    ],
)
def test_what_the_scenario_does_not_have_is_refused(content: object, key: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        State.of(content).scenario(netherlands()).text()
    (problem,) = refused.value.problems
    assert str(problem.key).startswith(key)
    assert said in str(problem)


def test_a_regime_of_ones_own_is_named_without_its_folder() -> None:
    base = netherlands().with_regimes(["vc_2018", "/somewhere/mine.toml+U1=none"])
    state = State.of({"regimes": ["mine+U1=none", "vc_2018"]})
    with pytest.raises(InputError, match=r"mine\.toml"):  # it looks for the scenario's own file, which is not there
        state.scenario(base)


def test_commands_show_what_the_page_shows() -> None:
    state = State.of({"regimes": ["vc_2018", "vc_2019_08"], "person": "P12"})
    assert state.commands("mine.toml") == {
        "compare": "b8sim compare mine.toml",
        "follow": "b8sim follow mine.toml --person P12",
        "diff": "b8sim diff vc_2018 vc_2019_08",
    }


def test_what_only_decides_the_view_does_not_simulate() -> None:
    one = State.of({"size": 3000, "screen": "law", "language": "nl", "group": "dublin", "day": 5, "person": "P1"})
    assert one.simulated() == State.of({"size": 3000})


def test_people_are_those_of_the_scenario() -> None:
    assert people_in(netherlands().replace(inflow={"persons": 500})) == 500


def test_every_key_is_described() -> None:
    assert all(one["description"] for one in schema()["properties"].values())
