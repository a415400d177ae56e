"""Tables on the terminal in Dutch (`sim.cli.dutch`): words, numbers, titles, and the options that ask for them."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from command import B8sim

from sim.cli.dutch import cell, compared, language_of, titles
from sim.files.errors import InputError

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("1,234.5", "1.234,5"),
        (f"{MINUS}0.12", f"{MINUS}0,12"),
        ("+3", "+3"),
        ("12.5%", "12,5%"),
        (f"{MINUS}1,234.5 to +2.5", f"{MINUS}1.234,5 tot +2,5"),
        ("12 of 20", "12 van 20"),
        ("persons", "personen"),
        ("the same in each, none", "in alle gelijk, geen"),
        ("one replicate, none", "één replicatie, geen"),
        ("my.unit", "my.unit"),
        ("vc_2019_08", "vc_2019_08"),
        ("", ""),
    ],
)
def test_a_cell_in_both_languages(english: str, dutch: str) -> None:
    assert cell(english, "nl") == dutch
    assert cell(english, "en") == english


def test_the_title_of_a_table() -> None:
    assert compared("b", "a", "en").startswith("b compared with a")
    assert compared("b", "a", "nl").startswith("b vergeleken met a")


def test_titles_come_from_the_catalogue() -> None:
    catalogue = pd.DataFrame({"title": ["Permits"], "title_nl": ["Vergunningen"]})
    assert titles(catalogue, "nl") == {"Permits": "Vergunningen"}
    assert titles(catalogue, "en") == titles(catalogue.drop(columns="title_nl"), "nl") == {"Permits": "Permits"}


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
    assert left <= {"interval", "Dublin"}, "words that are the same in both languages, and no others"
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
