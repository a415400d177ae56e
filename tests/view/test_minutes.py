"""The minutes of a workshop (`sim.view.minutes`): two pages, both languages, and nothing that was not revealed."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sim.files.toml import read_toml
from sim.scenarios.scenario import Scenario
from sim.view.cards import shipped_cards
from sim.view.minutes import WORDS, in_language, minutes_page, words
from sim.view.room import Room
from sim.view.state import State

CHROMIUM = Path("/usr/bin/chromium")


TURNS = {"answer": "yes", "again": "no", "at": -3.25, "change": -1.25, "runs": 10}


def held(cards: int = 7, members: int = 6) -> dict[str, Any]:
    """Return the log of a workshop with everything in it."""
    room = Room(shipped_cards())
    people = [room.join(room.code, str(k)) for k in range(members)]
    for one in list(room.cards.values())[:cards]:
        table = room.open(one.name)
        for member in people:
            room.vote(member, table.number, "more" if member.number % 3 else "same", 2.5)
        answer = {"measure": one.card.measure, "unit": "persons", "people": 2000, "runs": 20, "level": 50.0}
        answer |= {"difference": -3.0, "low": -4.0, "high": -2.0, "differences": []}
        room.modelled(table, {"answer": answer, "runs": 20})
        room.reveal(table.number)
    for k, member in enumerate(people):
        room.position(member, State.of({"changes": {"om.needed_base": -5 + k / 2, "report.base": 1.0}}))
    room.turns("om.needed_base", TURNS)
    room.note("decision", "Ask the <b>OM</b> & the IND")
    room.figure("Necessity tests by outcome", "OM", "1 March")
    room.open("permits")
    return room.log() | {"title": "The Netherlands", "scenario": "netherlands"}


def minutes(log: dict[str, Any], language: str = "en") -> str:
    return minutes_page(log, Scenario.load("netherlands"), language, dt.date(2026, 11, 5))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]).split())


def test_positions_disagreements_and_figures_are_in_it() -> None:
    page = minutes(held())
    said = text_of(page)
    assert "2026-11-05" in said
    assert "fewer: 0; about the same: 2; more: 4" in said
    assert "\N{MINUS SIGN}1.5 per 1,000 people of the group (\N{MINUS SIGN}2.0 to \N{MINUS SIGN}1.0); 20 runs" in said
    row = "om.needed_base {0}5 {0}3.75 {0}2.50 6 of 6 yes; at {0}3.25 ({0}1.25); other people: no"
    assert row.format("\N{MINUS SIGN}") in said
    assert "Necessity tests by outcome OM 1 March" in said
    assert said.index("What is published on om.needed_base") < said.index("What is published on report.base")
    assert "Ask the &lt;b&gt;OM&lt;/b&gt; &amp; the IND" in page
    assert "no answer here is established" in said


def test_in_dutch_words_numbers_and_dates_are_dutch() -> None:
    said = text_of(minutes(held(), "nl"))
    assert "Verslag van de werksessie" in said
    assert "5-11-2026" in said
    assert "\N{MINUS SIGN}1,5 per 1.000 mensen van de groep" in said
    assert "minder: 0; ongeveer evenveel: 2; meer: 4" in said
    assert "The room" not in said


def test_few_voters_and_cards_that_were_not_revealed_stay_hidden() -> None:
    few = minutes(held(members=4))
    assert "fewer than 5 answered: not shown" in few
    assert "more: " not in few
    assert "No card was revealed." in minutes(held(cards=0))


def test_what_has_no_interval_or_no_run_is_said() -> None:
    log = held(cards=2)
    log["cards"][0]["model"]["answer"] |= {"low": None, "high": None}
    log["cards"][1]["model"] = None
    said = text_of(minutes(log))
    assert "one run, so no interval" in said
    assert "not run" in said


def test_every_word_is_in_both_languages() -> None:
    content = read_toml(WORDS)
    assert all(set(title) == {"en", "nl"} for title in content.values())
    english, dutch = words("en"), words("nl")
    assert [key for key in english if english[key] == dutch[key] and key not in ("hypothesis",)] == []
    assert [key for key in english if english[key].count("{") != dutch[key].count("{")] == []
    assert in_language("1,234.5", "nl") == "1.234,5"


def test_it_carries_no_script_and_asks_for_nothing() -> None:
    page = minutes(held())
    assert "<script" not in page
    assert not re.search(r"(src|href)=", page)


@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs chromium")
@pytest.mark.parametrize("language", ["en", "nl"])
def test_it_is_two_pages_of_paper(tmp_path: Path, language: str) -> None:
    from pypdf import PdfReader

    log = held()
    log["cards"] += log["cards"]
    log["notes"] = [{"kind": "finding", "text": "a word " * 43}] * 20
    log["figures"] = [{"figure": "figure " * 17, "who": "who " * 20, "when": "when " * 16}] * 12
    log["disagreement"] = [log["disagreement"][0]] * 20
    file = tmp_path / "minutes.html"
    file.write_text(minutes(log, language), encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={tmp_path / 'minutes.pdf'}", file.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert len(PdfReader(tmp_path / "minutes.pdf").pages) == 2
