"""Names on the command line (`sim.cli.options`): lists, repeated options, commas and homes in paths."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command import B8sim, everything, refused
from own_files import HYPOTHESIS, REGIME, SCENARIO, written

import sim
from sim.cli.options import regime_names, suggested_folder
from sim.files.errors import InputError
from sim.runs.world import people_of


@pytest.fixture
def own(b8sim: B8sim, tmp_path: Path) -> B8sim:
    """The command in a folder with files of the user."""
    written(tmp_path, small=SCENARIO, reform=REGIME, **{"a, b": REGIME, "h, 1": HYPOTHESIS})
    return b8sim


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["a,b"], ["a", "b"]),
        (["a", "b"], ["a", "b"]),
        (["a, b", "c"], ["a", "b", "c"]),
        (['"x, y.toml",b'], ["x, y.toml", "b"]),
        (['a, "x, y.toml+U1=none"'], ["a", "x, y.toml+U1=none"]),
        (["there, is.toml", "b"], ["there, is.toml", "b"]),
        (["there, is.toml+c_66_21", "b"], ["there, is.toml+c_66_21", "b"]),
        (["b,there, is.toml"], ["b", "there", "is.toml"]),
        (None, None),
        ([], None),
    ],
)
def test_regimes(
    given: list[str] | None, names: list[str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(written(tmp_path, **{"there, is": REGIME}))
    assert regime_names(given) == names


@pytest.mark.parametrize("given", [["a"], ["a,"], ["", "a"], [",,"]])
def test_what_is_no_list(given: list[str]) -> None:
    with pytest.raises(InputError, match="not a list of regimes") as caught:
        regime_names(given)
    assert "in double quotes" in str(caught.value.accepted)


@pytest.mark.parametrize(
    "regimes",
    [
        ["--regimes", 'vc_2018,"a, b.toml"'],
        ["--regimes", "vc_2018", "--regimes", "a, b.toml"],
        ["--regimes", "vc_2018", "--regimes", '"a, b.toml"'],
    ],
)
def test_a_path_with_a_comma(own: B8sim, regimes: list[str]) -> None:
    status, _, err = own("compare", "small.toml", *regimes, "--hypothesis", "h, 1.toml,H5", "--out", "x")
    assert status == 2, "a list of two, the first with a comma, needs quotes"
    assert "hypothesis" in err
    hypotheses = ["--hypothesis", "h, 1.toml", "--hypothesis", "H5"]
    assert own("compare", "small.toml", *regimes, *hypotheses, "--out", "x")[0] == 0
    receipt = json.loads(Path("x/receipt.json").read_text())
    assert receipt["regimes"] == ["vc_2018", "a, b"]
    assert set(receipt["hypotheses"]) == {"h, 1", "deterred_victims"}


def test_out_at_home(own: B8sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert own("run", "small.toml", "--regime", "vc_2018", "--out=~/x")[0] == 0
    assert (tmp_path / "home" / "x" / "receipt.json").exists()
    assert not (tmp_path / "~").exists()


def test_what_has_no_effect_is_the_first_line_and_with_quiet_the_only_one(own: B8sim) -> None:
    told = "vc_2023 is not in force in this period (it holds from 2023-05-19; the last day is 2020-02-29)"
    err = own("compare", "small.toml", "--regimes", "vc_2018,vc_2023")[2]
    people = len(people_of(sim.Scenario.load("small.toml")).names)
    assert err.splitlines()[0] == f"{people} people in each replicate; {told}"
    assert own("compare", "small.toml", "--regimes", "vc_2018,vc_2023", "--quiet", "--out", "x")[2] == f"{told}\n"
    assert told in Path("x/report.html").read_text(encoding="utf-8").partition("<h2")[0]
    assert own("run", "small.toml", "--regime", "vc_2023")[2].splitlines()[0].endswith(told)
    person = own("follow", "small.toml", "--person", "x", "--regimes", "vc_2018,vc_2023")
    assert person[2].splitlines()[0] == told


def test_a_suggested_folder_can_be_copied() -> None:
    assert suggested_folder("x.toml", ["a", "b"]) == "results/x-a-b"
    assert suggested_folder("x.toml", ["a, b"]) == "results/x-a_b"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ["compare", "x", "--replicates", "0"],
            '--replicates: out of range\n  given: "0"\n  accepted: a whole number from 1 to 1000000\n',
        ),
        (
            ["compare", "x", "--replicates", "1e3"],
            '--replicates: not a whole number\n  given: "1e3"\n  accepted: a whole number from 1 to 1000000\n',
        ),
        (
            ["compare", "x", "--seed", "9223372036854775808"],
            '--seed: out of range\n  given: "9223372036854775808"\n'
            "  accepted: a whole number from 0 to 9223372036854775807\n",
        ),
        (
            ["run", "x", "--regime", "a", "--seed", "-1"],
            '--seed: out of range\n  given: "-1"\n  accepted: a whole number from 0 to 9223372036854775807\n',
        ),
        (
            ["follow", "x", "--person", "1", "--replicate", "٣"],
            '--replicate: not a whole number\n  given: "٣"\n  accepted: a whole number from 0 to 1000000\n',
        ),
    ],
)
def test_numbers_out_of_bounds(b8sim: B8sim, arguments: list[str], text: str) -> None:
    assert b8sim(*arguments) == (2, "", text)


@pytest.mark.parametrize("regimes", ["a", "a,", "a,,b", ""])
def test_regimes_that_are_no_list(b8sim: B8sim, stand_in: Callable[..., None], tmp_path: Path, regimes: str) -> None:
    stand_in("sim.runs.compare", compare=pytest.fail)
    status, out, err = b8sim("compare", "x", "--regimes", regimes, "--out", "results")
    assert (status, out) == (2, "")
    assert err.startswith(f'--regimes: not a list of regimes\n  given: "{regimes}"\n')
    assert everything(tmp_path) == ["small.toml"]


def test_options_go_before_the_scenario_file(b8sim: B8sim, tmp_path: Path) -> None:
    status, out, err = b8sim(
        *("compare", "small.toml", "--regimes", "vc_2019_08, recognition_panel", "--replicates", "2"),
        *("--seed", "9", "--throughout", "--quiet", "--out", "x"),
    )
    assert (status, out, err) == (0, "", "")
    receipt = json.loads((tmp_path / "x" / "receipt.json").read_text())
    assert receipt["regimes"] == ["vc_2019_08", "recognition_panel"]
    assert (receipt["replicates"], receipt["seed"], receipt["throughout"]) == (2, 9, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["compare", "small.toml", "--replicates", "0"], "--replicates: out of range"),
        (["compare", "small.toml", "--replicates", "-2"], "--replicates: out of range"),
        (["compare", "small.toml", "--replicates", "many"], "--replicates: not a whole number"),
        (["compare", "small.toml", "--seed", "-1"], "--seed: out of range"),
        (["compare", "small.toml", "--regimes", "vc_2018"], "--regimes: not a list of regimes"),
        (["compare", "small.toml", "--regimes", "vc_2018,vc_2019_8"], "nearest: vc_2019_08"),
        (["compare", "small.toml", "--regimes", "vc_2018,vc_2019_08+U1=sixty_days"], "unknown answer to U1"),
        (["compare", "small.toml", "--regimes", "vc_2018,c_66_21"], "a court layer alone is no regime"),
        (["run", "small.toml", "--regime", "vc2018"], "nearest: vc_2018"),
        (["run", "smal.toml", "--regime", "vc_2018"], "nearest: small.toml"),
        (["run", "small.toml", "--regime", "vc_2018", "--replicate", "-1"], "--replicate: out of range"),
        (["diff", "vc_2018", "vc_2020"], "nearest: vc_2"),
        (["check", "small.tml"], "no such file"),
    ],
)
def test_mistakes_on_the_command_line(b8sim: B8sim, tmp_path: Path, arguments: list[str], told: str) -> None:
    out = ["--out", "x"] if arguments[0] in ("compare", "run") else []
    assert told in refused(b8sim, tmp_path, *arguments, *out)
