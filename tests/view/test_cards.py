"""The cards of a workshop (`sim.view.cards`): the shipped ones are balanced and valid; others are checked."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from sim.cli.checking import check
from sim.files.errors import InputError
from sim.scenarios.scenario import Scenario
from sim.view.cards import CHOICES, SHIPPED, WITH_REPORTS, cards_in, check_card, read_card, shipped_cards
from sim.view.state import State

CARD = """
[card]
concern  = "control"
question = { en = "How many?", nl = "Hoeveel?" }
because  = { en = "One way or the other.", nl = "Het kan beide kanten op." }
measure  = "dublin_transferred"
"""


def netherlands() -> Scenario:
    return Scenario.load("netherlands")


def test_seven_are_shipped_and_no_concern_outweighs_another() -> None:
    cards = shipped_cards()
    assert len(cards) == len(list(SHIPPED.glob("*.toml"))) == 7
    assert Counter(one.card.concern for one in cards) == {"protection": 3, "control": 3, "tracing": 1}
    order = [one.card.concern for one in cards]
    assert all(one != other for one, other in itertools.pairwise(order)), "they take turns"
    assert len({one.card.order for one in cards}) == 7


@pytest.mark.parametrize("one", shipped_cards(), ids=lambda one: one.name)
def test_a_shipped_card_is_a_state_of_the_page(one) -> None:  # type: ignore[no-untyped-def]
    check_card(one, netherlands())
    assert State.of(one.state.plain()) == one.state
    assert one.plain()["state"]["measure"] == one.card.measure
    for text in (one.card.question, one.card.because):
        assert text.en != text.nl
        assert text.en.endswith(("?", "."))
    assert set(CHOICES) == set(one.plain()["words"]["nl"])


def test_reports_are_never_asked_alone(tmp_path: Path) -> None:
    for one in shipped_cards():
        if "reports" in (one.card.measure, *one.card.beside):
            assert set(WITH_REPORTS) <= set(one.card.beside)
    (tmp_path / "alone.toml").write_text(CARD.replace("dublin_transferred", "reports"))
    with pytest.raises(InputError, match="never shown without victims_never_seen, leads_lost, re_exploited"):
        read_card(tmp_path / "alone.toml")


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        ('measure = "dublin_transfered"', "card.measure", "nearest: dublin_transferred"),
        ('group = "dublinn"', "card.group", "nearest: dublin"),
        ('beside = ["nothing"]', "card.beside", "unknown measure"),
        ('regimes = ["vc_2018"]', "card.regimes", "one regime"),
        ('regimes = ["vc_2018", "vc_2091"]', "card.", "vc_2019"),
        ('regimes = ["vc_2018", "../mine.toml"]', "card.regimes", "mine.toml"),
        ('changes = { "om.needed_bas" = -3.0 }', "card.changes.om.needed_bas", "nearest: om.needed_base"),
        ('changes = { "om.needed_base" = 9.0 }', "card.changes.om.needed_base", "-6 to -2"),
        ('concern = "mine"', "card.concern", "protection"),
        ('answer = "more"', "card.answer", "unknown"),
        ("same_within = 2.0", "card.same_within", ""),
    ],
)
def test_what_is_wrong_with_a_card_is_said(tmp_path: Path, line: str, key: str, said: str) -> None:
    key_of_line = line.partition(" ")[0]
    kept = "\n".join(row for row in CARD.splitlines() if not row.startswith(key_of_line))
    (tmp_path / "mine.toml").write_text(f"{kept}\n{line}\n")
    with pytest.raises(InputError) as refused:
        check([str(tmp_path / "mine.toml")])
    text = str(refused.value)
    assert str(tmp_path / "mine.toml") in text
    assert said in text
    if key != "card.beside":
        assert key in text


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(CARD)
    (tmp_path / "a.toml").write_text(CARD + "order = 200\n")
    assert [one.name for one in cards_in(tmp_path)] == ["b", "a"]
    assert check([str(tmp_path / "b.toml")]) == [f"{tmp_path / 'b.toml'}: a card of a workshop: ok"]
    (tmp_path / "c.toml").write_text(CARD.replace("question", "qestion"))
    (tmp_path / "d.toml").write_text("[card")
    with pytest.raises(InputError) as refused:
        cards_in(tmp_path)
    assert {Path(str(one.file)).name for one in refused.value.problems} == {"c.toml", "d.toml"}
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (empty, tmp_path / "none"):
        with pytest.raises(InputError, match="--cards"):
            cards_in(folder)


def test_check_has_read_the_shipped_cards() -> None:
    assert {f"{one.name}.toml: a card of a workshop: ok" for one in shipped_cards()} <= set(check())
