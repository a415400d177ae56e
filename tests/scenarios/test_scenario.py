"""Scenario files: every key does what the manual says, and every mistake is told in full."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.agents.behaviour import FOLDER
from sim.cli import main
from sim.cli.checking import check
from sim.files.errors import InputError
from sim.procedures.traits import FLAG_BIT, GROUPS
from sim.runs.world import make_world, people_of, population_of
from sim.scenarios.scenario import Scenario

GOOD = """
[scenario]
title       = "A test"
description = "Small."
start       = 2019-01-01
end         = 2020-12-31
regimes     = ["vc_2018", "vc_2019_08"]
replicates  = 3
seed        = 11

[inflow]
scale            = 0.01
responds_to_rule = false

[[shock]]
name   = "transfers_stopped"
from   = 2020-03-15
until  = 2020-06-30
law    = ["rijksoverheid_20200701"]
status = "read"

[[shock]]
name   = "fewer_controls"
from   = 2020-03-15
until  = 2020-04-01
law    = "begroting2022_jv"
status = "assumed"
on     = false

[capacity]
"avim.report" = 4
"ind.asylum"  = [{ from = 2020-01-01, value = 9.5 }, { from = 2019-03-01, value = 2 }]

[parameters]
"dublin.accepted" = 0.5

[readings]
U7 = "wish_date"
"""


def write(folder: Path, text: str | bytes, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load(folder: Path, text: str) -> Scenario:
    return Scenario.load(write(folder, text))


def capacity(scenario: Scenario, pool: str, date: dt.date) -> float:
    world = make_world(scenario, sim.Regime.load("vc_2018"))
    return world.capacity(world.catalogue.pools.index(pool), (date - scenario.start).days)


# ---- every key ----


def test_header(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    header = scenario.document.scenario
    assert (scenario.name, scenario.title, header.description) == ("mine", "A test", "Small.")
    assert (scenario.start, scenario.end) == (dt.date(2019, 1, 1), dt.date(2020, 12, 31))
    assert scenario.regimes == ("vc_2018", "vc_2019_08")
    assert (header.replicates, header.seed) == (3, 11)
    result = sim.compare(scenario)
    assert result.regimes == ["vc_2018", "vc_2019_08"]
    receipt = result.receipt
    assert (receipt["replicates"], receipt["seed"], receipt["period"]) == (3, 11, "2019-01-01 to 2020-12-31")


def test_inflow(tmp_path: Path) -> None:
    small, large = (load(tmp_path, GOOD.replace("0.01", scale)) for scale in ("0.01", "0.1"))
    assert len(people_of(large).names) == pytest.approx(10 * len(people_of(small).names), rel=0.1)
    assert not people_of(large).drawn_by_rule.any()
    responding = load(
        tmp_path, GOOD.replace("0.01", "0.1").replace("rule = false", "rule = true\nresponds_from = 2019-08-01")
    )
    extra = people_of(responding)
    assert extra.drawn_by_rule.any()
    assert (extra.month_start[extra.drawn_by_rule] >= (dt.date(2019, 8, 1) - dt.date(2019, 1, 1)).days).all()
    others = [name for name, drawn in zip(extra.names, extra.drawn_by_rule, strict=True) if not drawn]
    assert others == people_of(large).names
    nobody = load(tmp_path, GOOD.replace("0.01", "0"))
    assert people_of(nobody).names == []
    assert sim.run(nobody, "vc_2018").transitions.empty


def test_without_inflow_table_everybody_comes(tmp_path: Path) -> None:
    text = GOOD.replace("[inflow]\nscale            = 0.01\nresponds_to_rule = false\n", "")
    assert len(people_of(load(tmp_path, text)).names) > 35_000


def test_shocks_hold_on_their_days_if_they_are_on(tmp_path: Path) -> None:
    """No transfer while transfers are stopped; the same event switched off changes nothing."""
    text = GOOD.replace("0.01", "0.3")
    stop = (dt.date(2020, 3, 15) - dt.date(2019, 1, 1)).days, (dt.date(2020, 6, 30) - dt.date(2019, 1, 1)).days
    on = sim.run(load(tmp_path, text), "vc_2018").transitions
    off = sim.run(load(tmp_path, text.replace('status = "read"', 'status = "read"\non = false')), "vc_2018")
    found = []
    for transitions in (on, off.transitions):
        days = (transitions.date[transitions.to == "dublin.transferred"] - np.datetime64("2019-01-01")).dt.days
        found.append(((days < stop[0]).sum(), days.between(*stop).sum(), (days == stop[1] + 1).sum()))
    assert found[0][0] == found[1][0] > 50
    assert found[0][1] == 0
    assert found[1][1] > 10
    assert found[0][2] > 5, "on the first day after the stop everybody who waited goes"
    assert load(tmp_path, text).document.shock[1].on is False


def test_capacity(tmp_path: Path) -> None:
    """One number throughout; a list from its days on, in any order, and the parameter before."""
    scenario = load(tmp_path, GOOD)
    default = scenario.parameter_values().value("ind.asylum_cases_per_working_day")
    assert capacity(scenario, "avim.report", dt.date(2019, 1, 1)) == 4
    assert capacity(scenario, "avim.report", dt.date(2020, 12, 31)) == 4
    dated = [(2019, 1, 1), (2019, 2, 28), (2019, 3, 1), (2019, 12, 31), (2020, 1, 1), (2020, 12, 31)]
    found = [capacity(scenario, "ind.asylum", dt.date(*day)) for day in dated]
    assert found == [default, default, 2, 2, 9.5, 9.5]
    assert capacity(scenario, "ind.b8", dt.date(2019, 1, 1)) == scenario.parameter_values().value(
        "ind.b8_decisions_per_working_day"
    )


def test_parameters_and_readings(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    assert scenario.parameter_values().value("dublin.accepted") == 0.5
    assert scenario.readings == {"U7": "wish_date"}
    world = make_world(scenario, sim.Regime.load("vc_2019_08", scenario.readings))
    assert {layer.applies_to for layer in world.regime.layers} == {None, "b8.wish_to_report"}
    result = sim.compare(scenario.replace(replicates=1))
    changed = result.assumptions.set_index("parameter").loc["dublin.accepted"]
    assert (changed.value, changed.grade) == (0.5, "assumption")
    assert result.receipt["readings"][0]["U7"] == "wish_date"


def test_a_reading_sets_a_parameter_unless_the_scenario_does(tmp_path: Path) -> None:
    text = GOOD.replace('U7 = "wish_date"', 'U10 = "fifty"')
    name = "shelter.specialised_places"
    for body, expected in ((text, 50), (text.replace("[parameters]", f'[parameters]\n"{name}" = 8'), 8)):
        scenario = load(tmp_path, body)
        regime = sim.Regime.load("vc_2018", scenario.readings)
        assert make_world(scenario, regime).parameters.value(name) == expected
        assert capacity_of(scenario, regime) == expected


def capacity_of(scenario: Scenario, regime: sim.Regime) -> float:
    world = make_world(scenario, regime)
    return world.capacity(world.catalogue.pools.index("shelter.specialised"), 0)


def test_extends_merges_tables_and_replaces_lists(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "parent.toml")
    child = 'extends = "parent"\n[scenario]\ntitle = "A child"\nend = 2019-12-31\nregimes = ["vc_2023"]\n'
    child += '[capacity]\n"avim.report" = 7\n'
    scenario = load(tmp_path, child.replace("end = 2019-12-31", "end = 2020-06-30"))
    assert (scenario.title, scenario.start, scenario.end) == ("A child", dt.date(2019, 1, 1), dt.date(2020, 6, 30))
    assert scenario.regimes == ("vc_2023",)
    assert set(scenario.document.capacity) == {"avim.report", "ind.asylum"}
    assert scenario.document.capacity["avim.report"] == 7
    assert len(scenario.document.shock) == 2
    shipped = load(tmp_path, 'extends = "netherlands"\n[inflow]\nscale = 0.5\n')
    assert shipped.start == Scenario.load("netherlands").start
    assert shipped.document.inflow.scale == 0.5
    by_path = load(tmp_path, 'extends = "parent.toml"\n[inflow]\nscale = 0.5\n')
    assert by_path.title == "A test"


def test_an_earlier_end_leaves_later_events_out(tmp_path: Path) -> None:
    """The shipped events of 2020 are no mistake in a scenario that ends before them, or in one that starts later."""
    child = 'extends = "netherlands"\n[scenario]\n{}\n[inflow]\nscale = 0.01\n'
    for period in ("end = 2019-12-31", "start = 2021-08-01"):
        assert len(sim.run(load(tmp_path, child.format(period)), "vc_2019_08").transitions) > 500


# ---- what it hashes and writes ----


def test_hash_is_of_the_content(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    assert Scenario.load(write(tmp_path, GOOD, "other.toml")).hash() == scenario.hash()
    assert load(tmp_path, GOOD.replace("A test", "Another title")).hash() == scenario.hash()
    changes = ("2019-01-01", "2019-01-02"), ("seed        = 11", "seed = 12"), ("= 4", "= 5"), ("0.5", "0.6")
    hashes = [load(tmp_path, GOOD.replace(*change, 1)).hash() for change in changes]
    assert len({scenario.hash(), *hashes}) == 5


def test_text_is_the_scenario_as_it_was_run(tmp_path: Path) -> None:
    """Written out and read again, parent and changes merged, it is the same scenario."""
    write(tmp_path, GOOD, "parent.toml")
    scenario = load(tmp_path, 'extends = "parent"\n[inflow]\nscale = 0.02\n').replace(capacity={"avim.intake": 3})
    again = load(tmp_path, scenario.text())
    assert again.hash() == scenario.hash()
    assert again.title == scenario.title
    assert Scenario.load(write(tmp_path, Scenario.load("netherlands").text())).hash() == (
        Scenario.load("netherlands").hash()
    )


def test_replace(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    changed = scenario.replace(
        title="B",
        start=dt.date(2018, 1, 1),
        seed=1,
        capacity={"avim.intake": 1},
        parameters={"dublin.appeals": 0.1},
        readings={"U1": "ninety_days"},
        inflow={"scale": 2},
        shocks=["fewer_controls"],
    )
    document = changed.document
    assert (changed.title, changed.start, document.scenario.seed) == ("B", dt.date(2018, 1, 1), 1)
    assert set(document.capacity) == {"avim.report", "ind.asylum", "avim.intake"}
    assert document.parameters == {"dublin.accepted": 0.5, "dublin.appeals": 0.1}
    assert changed.readings == {"U7": "wish_date", "U1": "ninety_days"}
    assert (document.inflow.scale, document.inflow.responds_to_rule) == (2, False)
    assert [(event.name, event.on) for event in document.shock] == [
        ("transfers_stopped", False),
        ("fewer_controls", True),
    ]
    assert scenario.hash() == load(tmp_path, GOOD).hash(), "the scenario itself stays as it is"
    assert scenario.replace().hash() == scenario.hash()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"capacty": {}}, ["capacty: unknown change", "nearest: capacity"]),
        ({"capacity": 3}, ["capacity: not a table", "given: 3"]),
        ({"capacity": {"avim.report": -1}}, ["capacity.avim.report", "given: -1"]),
        ({"capacity": {"avim.reports": 1}}, ["capacity.avim.reports: unknown pool", "nearest: avim.report"]),
        ({"parameters": {"dublin.accepted": 1.5}}, ["parameters.dublin.accepted", "given: 1.5", "0 to 1"]),
        ({"shocks": ["transfers_stoped"]}, ["shocks: unknown shock", "nearest: transfers_stopped"]),
        ({"end": dt.date(2018, 1, 1)}, ["scenario.end", "before it starts"]),
        ({"end": "01-01-2020"}, ["scenario.end: not a date", "2019-08-01"]),
        ({"seed": True}, ["scenario.seed", "wrong type"]),
        ({"replicates": 0}, ["scenario.replicates", "given: 0"]),
        ({"inflow": {"scal": 1}}, ["inflow.scal: unknown key", "nearest: scale"]),
    ],
)
def test_replace_refuses_what_a_file_would(tmp_path: Path, changes: dict[str, Any], told: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD).replace(**changes)
    for text in told:
        assert text in str(caught.value)


# ---- mistakes ----

B8sim = Callable[..., tuple[int, str, str]]


@pytest.fixture
def b8sim(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> B8sim:
    """Run the command in an empty folder: its exit status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["b8sim", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        output = capsys.readouterr()
        return int(left.value.code or 0), output.out, output.err

    return call


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


TABLE = "[[shock]]\n"
MISTAKES: dict[str, tuple[str, list[str]]] = {
    "unknown table": (changed("[readings]", "[reading]"), ["reading: unknown key", "nearest: readings"]),
    "unknown key at the top": ("sede = 1\n" + GOOD, ["sede: unknown key", "accepted: scenario, inflow, shock"]),
    "unknown key of the scenario": (
        changed("seed        = 11", "sede = 11"),
        ["scenario.sede: unknown key", "nearest: seed", "scenario.seed: missing"],
    ),
    "unknown key of inflow": (changed("scale   ", "scael"), ["inflow.scael: unknown key", "nearest: scale"]),
    "unknown key of a shock": (changed("until  =", "untill ="), ["shock[0].untill: unknown key", "nearest: until"]),
    "unknown key of a capacity": (
        changed("value = 2", "valeu = 2"),
        ["capacity.ind.asylum[1].valeu", "nearest: value"],
    ),
    "unknown pool": (
        changed('"avim.report"', '"avim.reprot"'),
        ["capacity.avim.reprot: unknown pool", "nearest: avim.report", 'given: "avim.reprot"'],
    ),
    "unknown parameter": (
        changed("dublin.accepted", "dublin.acepted"),
        ["parameters.dublin.acepted: unknown parameter", "nearest: dublin.accepted"],
    ),
    "unknown question": (
        changed('U7 = "wish_date"', 'U77 = "wish_date"'),
        ["readings", "unknown legal question", 'given: "U77"', "nearest: U7"],
    ),
    "unknown answer": (
        changed('"wish_date"', '"wish_dat"'),
        [
            "readings",
            "unknown answer to U7",
            'given: "wish_dat"',
            "accepted: report_date, wish_date",
            "nearest: wish_date",
        ],
    ),
    "misspelt regime": (
        changed('"vc_2019_08"]', '"vc_2019_8"]'),
        ["regimes", 'given: "vc_2019_8"', "nearest: vc_2019_08", "accepted: vc_2018, "],
    ),
    "unknown shock": (
        changed('"transfers_stopped"', '"transfer_stopped"'),
        ["shock[0].name", 'given: "transfer_stopped"', "nearest: transfers_stopped"],
    ),
    "unknown source": (
        changed('["rijksoverheid_20200701"]', '["rijksoverheid_2020070"]'),
        ["shock[0].law: unknown source", "nearest: rijksoverheid_20200701"],
    ),
    "unknown status": (changed('"read"', '"seen"'), ["shock[0].status", 'given: "seen"', "read, secondary, assumed"]),
    "no title": (changed('title       = "A test"', ""), ["scenario.title: missing"]),
    "an empty title": (changed('"A test"', '""'), ["scenario.title", 'given: ""']),
    "no scenario": ("[inflow]\nscale = 1\n", ["scenario: missing"]),
    "a number in quotes": (changed("replicates  = 3", 'replicates = "3"'), ["scenario.replicates: wrong type"]),
    "a seed with a point": (changed("= 11", "= 11.5"), ["scenario.seed: wrong type", "given: 11.5"]),
    "a date in quotes": (changed("2019-01-01", '"2019-01-01"'), ["scenario.start: wrong type"]),
    "a date with a time": (changed("2019-01-01", "2019-01-01T10:00:00"), ["scenario.start: wrong type"]),
    "true for a number": (changed("0.01", "true"), ["inflow.scale: wrong type", "given: true"]),
    "yes for true": (changed("on     = false", 'on = "no"'), ["shock[1].on: wrong type"]),
    "a number for regimes": (changed('["vc_2018", "vc_2019_08"]', "3"), ["scenario.regimes: wrong type"]),
    "a word for a capacity": (changed("= 4", '= "many"'), ["capacity.avim.report", 'given: "many"']),
    "true for a capacity": (changed("= 4", "= true"), ["capacity.avim.report", "given: true"]),
    "a word for a parameter": (changed("0.5", '"half"'), ["parameters.dublin.accepted: wrong type"]),
    "a table for a list": (changed(TABLE, "[shock]\n").replace(TABLE, "[shock2]\n"), ["shock: wrong type"]),
    "a negative capacity": (changed("= 4", "= -4"), ["capacity.avim.report", "given: -4", "0"]),
    "a negative dated capacity": (changed("value = 2", "value = -2"), ["capacity.ind.asylum[1].value", "given: -2"]),
    "an infinite capacity": (changed("= 4", "= inf"), ["capacity.avim.report", "given: inf"]),
    "no number at all": (changed("= 4", "= nan"), ["capacity.avim.report: not a number", "given: nan"]),
    "a negative duration": (
        changed('"dublin.accepted" = 0.5', '"b8.signal_days" = -1'),
        ["parameters.b8.signal_days", "given: -1"],
    ),
    "a probability above one": (
        changed('"dublin.accepted" = 0.5', '"dublin.accepted" = 1.01'),
        ["parameters.dublin.accepted", "given: 1.01", "a number from 0 to 1"],
    ),
    "a probability below zero": (changed("= 0.5", "= -0.5"), ["parameters.dublin.accepted", "given: -0.5"]),
    "an infinite parameter": (changed("= 0.5", "= inf"), ["parameters.dublin.accepted", "given: inf"]),
    "shares that are more than all": (
        changed('"dublin.accepted" = 0.5', '"victim.exploited_nl_share" = 0.9\n"victim.exploited_eu_share" = 0.9'),
        ["parameters.victim.exploited_nl_share", "the shares sum to 1.8"],
    ),
    "a negative inflow": (changed("0.01", "-0.01"), ["inflow.scale", "given: -0.01"]),
    "zero replicates": (changed("replicates  = 3", "replicates = 0"), ["scenario.replicates", "given: 0"]),
    "negative replicates": (changed("replicates  = 3", "replicates = -3"), ["scenario.replicates", "given: -3"]),
    "a negative seed": (changed("= 11", "= -11"), ["scenario.seed", "given: -11"]),
    "no regimes": (changed('["vc_2018", "vc_2019_08"]', "[]"), ["scenario.regimes"]),
    "one regime": (changed('["vc_2018", "vc_2019_08"]', '["vc_2018"]'), ["regimes", "two or more regimes"]),
    "an end before the start": (
        changed("2020-12-31", "2018-12-31"),
        ["scenario.end: the scenario ends before it starts", "given: 2018-12-31", "a date after 2019-01-01"],
    ),
    "a start before all numbers": (changed("2019-01-01", "1999-01-01"), ["scenario.start", "given: 1999-01-01"]),
    "an end after all numbers": (changed("2020-12-31", "2031-12-31"), ["scenario.end", "given: 2031-12-31"]),
    "a day that does not exist": (changed("2019-01-01", "2019-02-30"), ["not TOML"]),
    "a capacity from a day outside the horizon": (
        changed("from = 2020-01-01", "from = 2021-01-01"),
        ["capacity.ind.asylum[0].from: date outside the horizon", "given: 2021-01-01", "2019-01-01 to 2020-12-31"],
    ),
    "a shock that ends before it starts": (
        changed("until  = 2020-06-30", "until = 2020-03-14"),
        ["shock[0].until: ends before it starts", "2020-03-15 or later"],
    ),
    "a parent that is not there": ('extends = "nederland"\n' + GOOD, ["extends", "nearest: netherlands"]),
    "a parent that is a number": ("extends = 3\n" + GOOD, ["extends: not a name", "given: 3"]),
    "a parent that extends itself": ('extends = "mine"\n' + GOOD, ["extends: a scenario that is extended"]),
    "not TOML": ("[scenario\n" + GOOD, ["not TOML", 'given: "[scenario"', "TOML 1.0"]),
    "a key twice": (changed("seed        = 11", "seed = 11\nseed = 12"), ["a key or table is given twice"]),
    "a table twice": (GOOD + "\n[inflow]\nscale = 2\n", ["a key or table is given twice"]),
}


@pytest.mark.parametrize("name", list(MISTAKES))
def test_mistakes_in_a_file(b8sim: B8sim, tmp_path: Path, name: str) -> None:
    """Exit status 2; file, key, what was given, accepted and nearest on standard error; nothing else, nowhere."""
    text, told = MISTAKES[name]
    write(tmp_path, text)
    status, out, err = b8sim("compare", "mine.toml", "--out", "results")
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert err.startswith("mine.toml: "), err
    for fragment in told:
        assert fragment in err, err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]
    if name not in ("one regime",):
        assert b8sim("check", "mine.toml")[0] == 2, "checked without running"


def test_the_good_file_is_good(b8sim: B8sim, tmp_path: Path) -> None:
    """The mistakes above are the only ones."""
    write(tmp_path, GOOD)
    status, out, err = b8sim("check", "mine.toml")
    assert (status, err) == (0, "")
    assert "mine.toml" in out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, ["absent.toml: no such file", "accepted: mine.toml"]),
        (b"", ["absent.toml: empty file"]),
        (b"# nothing but a comment\n", ["absent.toml: empty file"]),
        (b"\x00\x01\x02", ["absent.toml: not a text file"]),
        (b'title = "\xff\xfe"\n', ["absent.toml: not UTF-8 (line 1, bytes ff"]),
        (b"PK\x03\x04\x14", ["absent.toml: not TOML"]),
        ("folder", ["absent.toml: is a folder"]),
    ],
)
def test_files_that_are_no_scenario(b8sim: B8sim, tmp_path: Path, content: Any, told: list[str]) -> None:
    write(tmp_path, GOOD)
    if content == "folder":
        (tmp_path / "absent.toml").mkdir()
    elif content is not None:
        write(tmp_path, content, "absent.toml")
    before = sorted(path.name for path in tmp_path.iterdir())
    status, out, err = b8sim("compare", "absent.toml", "--out", "results")
    assert (status, out) == (2, "")
    for fragment in told:
        assert fragment in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_name_that_is_no_scenario(b8sim: B8sim) -> None:
    status, out, err = b8sim("compare", "nederlands")
    assert (status, out) == (2, "")
    assert "nederlands: no such scenario" in err
    assert "nearest: netherlands" in err


def test_several_mistakes_are_told_at_once(b8sim: B8sim, tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("0.01", "-1").replace("= 11", '= "x"').replace("value = 2", "value = -2"))
    status, _, err = b8sim("compare", "mine.toml")
    assert status == 2
    for key in ("inflow.scale", "scenario.seed", "capacity.ind.asylum[1].value"):
        assert key in err


def test_every_group_comes(tmp_path: Path) -> None:
    """The inflow has people of each group in each year."""
    people = people_of(load(tmp_path, GOOD.replace("0.01", "0.3")))
    years = {(int(group), name.split("-")[1]) for group, name in zip(people.group, people.names, strict=True)}
    assert {(group, year) for group in range(len(GROUPS)) for year in ("2019", "2020")} <= years


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[parameters]\n"strategic.shar" = 0.1', "parameters.strategic.shar: unknown parameter"),
        ("[inflow]\nscale = -1", "inflow.scale: too small"),
        ('[curves]\nnobody_asks = "linkage"', "curves.nobody_asks: this decision has no other forms"),
    ],
)
def test_a_mistake_in_a_preset_names_the_preset(tmp_path: Path, table: str, told: str) -> None:
    path = tmp_path / "mine.toml"
    words = "".join(f'{key} = "x"\n' for key in ("id", "title", "holder", "mechanism", "signature", "fails"))
    path.write_text(f'[hypothesis]\n{words}law = "kst165"\n\n{table}\n')
    with pytest.raises(InputError) as caught:
        Scenario.load("netherlands").under(path)
    assert str(caught.value).startswith(f"{path}: {told}")


def test_more_people_than_can_be_listed_are_refused_before_anything_is_run() -> None:
    scenario = Scenario.load("netherlands").replace(
        inflow={"scale": 50.0}, parameters={"inflow.hidden_victims_per_year": 1e6}
    )
    with pytest.raises(InputError) as caught:
        people_of(scenario)
    text = str(caught.value)
    assert text.startswith(f"{scenario.file}: inflow: too many people\n  given: 25")
    assert "at most 10000000: a smaller scale, fewer persons, or fewer hidden victims a year" in text


def test_networks_without_skew_have_victims_too() -> None:
    """A power next to 0 makes every draw next to 1."""
    scenario = Scenario.load("netherlands").replace(
        inflow={"scale": 0.02}, parameters={"network.size_skew": 1e-300}, end=dt.date(2017, 12, 31)
    )
    entities = population_of(scenario, people_of(scenario), 1, 0).entities
    victims = entities.flags[: entities.persons] & np.uint32(FLAG_BIT["victim"]) != 0
    assert victims.sum() > 10
    assert (entities.network[: entities.persons][victims] >= 0).all()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('at = ["b8.intake"]', 'at = ["b8.intak"]', "unknown step"),
        ('{ step = "', '{ step = "x', "unknown step"),
        (', other = "asylum.recognition_other"', "", "chance_by needs a chance for each of NGA"),
        ('when = ["', 'when = ["ever b8.no_such_step", "', 'given: "b8.no_such_step"'),
    ],
)
def test_a_name_that_would_never_count_in_a_file_of_behaviour_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    text = re.sub(r" +=", " =", (FOLDER / "behaviour.toml").read_text(encoding="utf-8"))
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check([path])
    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)
