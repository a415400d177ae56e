"""Options that commands share (`sim.cli.options`), and mistakes in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command import B8sim, everything, refused


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
