"""The rows of the regulation of 2026 in a diff, and rules that have new words and stay (`[[keeps]]`)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from regime_files import row

from sim.files.errors import InputError
from sim.policies.diff import diff
from sim.policies.regime import Regime

ROWS = {
    "D2 interview": ("discloses_in_dublin_interview", "arts 19(1)(i), 22"),
    "D3 take charge": ("dublin.claim", "art. 39(1)"),
    "D3 take back": ("dublin.claim", "art. 41(1)"),
    "D4 take charge": ("dublin.reply", "art. 40"),
    "D4 take charge, hit": ("dublin.reply_charge_hit", "AMMR art. 40"),
    "D4 take back": ("dublin.take_back_notified", "AMMR art. 41(3)-(4)"),
    "D6 decision": ("dublin.decision", "art. 42(1)"),
    "D7 appeal": ("dublin.appeal", "art. 43(3)-(4)"),
    "D7 grounds": ("transfer_appeal_succeeds", "art. 43(1)"),
    "D9 window": ("dublin.clock_running", "AMMR art. 46(1)"),
    "D9x absconding": ("whereabouts.left_unknown", "art. 46(2)"),
    "D9x back": ("dublin.transfer_resumes", "art. 46(2)"),
    "D9x imprisonment": ("dublin.detained", "AMMR art. 46(2)"),
    "detention": ("dublin.in_custody", "art. 45"),
    "detention, grounds and terms": ("dublin.detained", "AMMR arts 44, 45"),
    "D10 handover": ("dublin.transferred", "AMMR arts 48-50"),
    "D11 lapse": ("dublin.lapsed", "AMMR arts 46(2), 37(1)"),
    "D12 discretion": ("dublin.discretionary", "AMMR arts 35(1), 22(1)"),
    "D13 permit": ("dublin.responsibility_shifts", "AMMR art. 37(1)"),
    "D14 irregular entry": ("dublin.criterion_ended_2026", "AMMR art. 33"),
    "other criteria": ("dublin.claim", "AMMR arts 29(4), 30"),
    "end of the other state's duty": ("dublin.withdrawn", "AMMR art. 37(2), (4)"),
    "reception after the decision": ("dublin.decision", "art. 18(1), (3)"),
    "T1/T2 signal": ("comes_forward", "art. 18(3)"),
    "T14 objection": ("dublin.transfer_due", "art. 43(3)"),
    "A1-A5 asylum": ("asylum.extended_procedure", "APR arts 34(5), 35, 36(5), 37"),
    "A2": ("asylum.track_assignment", "APR art. 39(1)(a)"),
    "A7": ("asylum.granted", "Bill 36 871"),
    "A9": ("asylum.appeal", "APR art. 68(5)"),
    "B8/3": ("b8.report", "Directive 2004/81"),
}
"""What the regulation of 2026 changes or words anew: the row of the diff and its article."""


@pytest.fixture(scope="module")
def to_2026() -> pd.DataFrame:
    return diff("vc_2023", "ammr_2026")


@pytest.mark.parametrize(("step", "article"), ROWS.values(), ids=ROWS)
def test_every_rule_of_the_regulation_of_2026_is_a_row_with_its_article(
    to_2026: pd.DataFrame, step: str, article: str
) -> None:
    found = to_2026[to_2026.step == step]
    assert len(found), "no such row"
    assert found[["new", "why"]].agg(" ".join, axis=1).str.contains(article, regex=False).any()
    assert found.source.str.contains("Regulation|Bill|Directive|EU", regex=True).any()


def test_what_stays_says_where_it_was_and_is_written(to_2026: pd.DataFrame) -> None:
    window = row(to_2026, "dublin.clock_running")
    assert (window["what"], window["old"], window["new"]) == ("stays", "Dublin III art. 29(1)", "AMMR art. 46(1)")
    handover = row(to_2026, "dublin.transferred")
    assert handover["what"] == "stays: the change is not followed"


def test_what_stays_read_backwards_swaps_the_articles(to_2026: pd.DataFrame) -> None:
    back = row(diff("ammr_2026", "vc_2023"), "dublin.clock_running")
    assert (back["old"], back["new"]) == ("AMMR art. 46(1)", "Dublin III art. 29(1)")
    assert diff("ammr_2026", "ammr_2026").empty


def test_a_dublin_claimant_is_a_person_with_a_dublin_claim_in_a_diff() -> None:
    report = row(diff("vc_2018", "vc_2019_08"), "b8.report", "branch added")
    assert "if person with a Dublin claim: " in report["new"]


KEEPS = """
[regime]
title      = { en = "Example", nl = "Voorbeeld" }
amends     = "vc_2018"
instrument = "Example"
in_force   = 2020-01-01
law        = ["vcb-2015"]
status     = "assumed"

[[keeps]]
step    = "b8.report"
article = "Art. 1"
why     = "Another number"
"""


def test_a_regime_may_only_word_anew_and_then_changes_nothing_in_the_model(tmp_path: Path) -> None:
    file = tmp_path / "renumbered.toml"
    file.write_text(KEEPS, encoding="utf-8")
    found = row(diff("vc_2018", str(file)), "b8.report")
    assert (found["what"], found["new"], found["why"]) == ("stays", "Art. 1", "Another number")
    assert Regime.load(file).hash() == Regime.load("vc_2018").hash()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"b8.report"', '"b8.reprt"', "nearest: b8.report"),
        ('why     = "Another number"', "", "keeps[0].why"),
        ('why     = "Another number"', 'why = "x"\nreading = "U99=yes"', "unknown legal question"),
    ],
)
def test_a_mistake_in_what_stays_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    from sim.cli.checking import check

    file = tmp_path / "renumbered.toml"
    file.write_text(KEEPS.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match="keeps") as mistake:
        check([str(file)])
    assert said in str(mistake.value)
