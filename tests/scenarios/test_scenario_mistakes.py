"""Mistakes in scenario files are reported with file, key, value, accepted and nearest (`sim.scenarios.scenario`)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scenario_files import GOOD, changed, write

from sim.agents.behaviour import FOLDER
from sim.cli import main
from sim.cli.checking import check
from sim.files.errors import InputError
from sim.runs.world import people_of
from sim.scenarios.scenario import Scenario

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
        changed("dublin.accepted_other", "dublin.acepted_other"),
        ["parameters.dublin.acepted_other: unknown parameter", "nearest: dublin.accepted_other"],
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
    "a word for a parameter": (changed("0.5", '"half"'), ["parameters.dublin.accepted_other: wrong type"]),
    "a table for a list": (changed(TABLE, "[shock]\n").replace(TABLE, "[shock2]\n"), ["shock: wrong type"]),
    "a negative capacity": (changed("= 4", "= -4"), ["capacity.avim.report", "given: -4", "0"]),
    "a negative dated capacity": (changed("value = 2", "value = -2"), ["capacity.ind.asylum[1].value", "given: -2"]),
    "an infinite capacity": (changed("= 4", "= inf"), ["capacity.avim.report", "given: inf"]),
    "no number at all": (changed("= 4", "= nan"), ["capacity.avim.report: not a number", "given: nan"]),
    "a negative duration": (
        changed('"dublin.accepted_other" = 0.5', '"b8.signal_days" = -1'),
        ["parameters.b8.signal_days", "given: -1"],
    ),
    "a probability above one": (
        changed('"dublin.accepted_other" = 0.5', '"dublin.accepted_other" = 1.01'),
        ["parameters.dublin.accepted_other", "given: 1.01", "a number from 0 to 1"],
    ),
    "a probability below zero": (changed("= 0.5", "= -0.5"), ["parameters.dublin.accepted_other", "given: -0.5"]),
    "an infinite parameter": (changed("= 0.5", "= inf"), ["parameters.dublin.accepted_other", "given: inf"]),
    "shares that are more than all": (
        changed(
            '"dublin.accepted_other" = 0.5', '"victim.exploited_nl_share" = 0.9\n"victim.exploited_eu_share" = 0.9'
        ),
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
    "a capacity from a day that cannot be simulated": (
        changed("from = 2020-01-01", "from = 2031-01-01"),
        ["capacity.ind.asylum[0].from: no effect", "given: 2031-01-01", "1998-01-01 to 2030-12-31"],
    ),
    "a capacity that is a number and a ratio": (
        changed("from = 2020-01-01", 'from = 2020-01-01, times = "national_approach.reports_ratio"'),
        ["capacity.ind.asylum[0]", "takes value (a number) or times (the name of a parameter), one of the two"],
    ),
    "a capacity times a parameter that is not there": (
        changed("from = 2020-01-01, value = 9.5", 'from = 2020-01-01, times = "national_approach.report_ratio"'),
        ["capacity.ind.asylum[0].times: unknown parameter", "nearest: national_approach.reports_ratio"],
    ),
    "a history that begins with the period": (
        changed("start       = 2019-01-01", "start = 2019-01-01\nhistory_from = 2019"),
        ["scenario.history_from: the history begins when the period has begun", "2019-01-01", '"start"'],
    ),
    "a history before all numbers": (
        changed("start       = 2019-01-01", "start = 2019-01-01\nhistory_from = 1997"),
        ["scenario.history_from: the history begins before the years", "given: 1997-01-01", "1998-01-01"],
    ),
    "applicants who begin after the period": (
        changed("[inflow]\n", "[inflow]\napplicants_from = 2019-01-02\n"),
        ["inflow.applicants_from: first applicants of the period would be missing", "given: 2019-01-02", "2019-01-01"],
    ),
    "applicants from no day": (
        changed("[inflow]\n", '[inflow]\napplicants_from = "start"\n'),
        ["inflow.applicants_from", "takes a year such as 2012 or a date such as 2012-01-01", '"start"'],
    ),
    "a history from no day": (
        changed("start       = 2019-01-01", 'start = 2019-01-01\nhistory_from = "2012-13-01"'),
        ["scenario.history_from", "takes a year such as 2012", '"2012-13-01"'],
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


def test_more_people_than_can_be_listed_are_refused_before_anything_is_run() -> None:
    scenario = Scenario.load("netherlands").replace(
        history_from="start", inflow={"scale": 50.0}, parameters={"inflow.hidden_victims_per_year": 1e6}
    )
    with pytest.raises(InputError) as caught:
        people_of(scenario)
    text = str(caught.value)
    assert text.startswith(f"{scenario.file}: inflow: too many people\n  given: 25")
    assert "at most 10000000: a smaller scale, fewer persons, or fewer hidden victims a year" in text
