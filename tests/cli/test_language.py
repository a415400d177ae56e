"""The language that a user asks for (`sim.cli.language`), and tables on the terminal in Dutch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command import B8sim

from sim.cli.language import language_of
from sim.files.errors import InputError


def test_other_languages_are_refused() -> None:
    assert language_of(" NL ") == "nl"
    with pytest.raises(InputError, match="unknown language"):
        language_of("de")


def words_of(table: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{4,}", table))


def test_a_comparison_and_a_run_in_dutch(b8sim: B8sim, tmp_path: Path) -> None:
    two = ("--replicates", "2")
    status, english, _ = b8sim("compare", "small.toml", *two)
    assert status == 0
    status, dutch, _ = b8sim("compare", "small.toml", *two, "--language", "nl")
    assert status == 0
    assert "vc_2019_08 vergeleken met vc_2018" in dutch
    assert "Aangiften opgenomen door de politie" in dutch
    left = words_of(english) & words_of(dutch)
    assert left <= {"interval", "Dublin", "over", "scenario"}, (
        "words that are the same in both languages, and no others"
    )
    digits = [re.sub(r"[.,]", "", text) for text in re.findall(r"[\d.,]+", english)]
    assert sorted(digits) == sorted(re.sub(r"[.,]", "", text) for text in re.findall(r"[\d.,]+", dutch))
    status, run, _ = b8sim("run", "small.toml", "--regime", "vc_2018", "--language", "nl")
    assert status == 0
    assert "Maten voor iedereen" in run
    assert "gesimuleerd" in run
    assert not {"persons", "simulated"} & words_of(run)
    for command in (["compare"], ["run", "--regime", "vc_2018"]):
        status, out, err = b8sim(*command, "small.toml", "--language", "fr")
        assert (status, out) == (2, "")
        assert "--language: unknown language" in err
