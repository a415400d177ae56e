"""A room (`sim.view.room`): who is in it, hidden votes, the reveal, and where people disagree."""

from __future__ import annotations

import json

import pytest

from sim.files.errors import InputError
from sim.view.cards import shipped_cards
from sim.view.room import (
    ALL_WRONG_CODES,
    MOST_MEMBERS,
    WAIT_SECONDS,
    WRONG_CODES,
    Member,
    NotAllowedError,
    Room,
    TooManyError,
)
from sim.view.state import State


class Clock:
    """A clock that the test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


TURNS = {"answer": "yes", "again": "yes", "at": -3.25, "change": 0.75, "runs": 10}


def room() -> Room:
    return Room(shipped_cards(), Clock())


def filled(count: int) -> tuple[Room, list[Member]]:
    one = room()
    return one, [one.join(one.code, f"10.0.0.{k}") for k in range(count)]


def wrong(one: Room) -> str:
    return f"{(int(one.code) + 1) % 10**6:06}"


def test_a_room_has_a_code_and_secrets_of_its_own() -> None:
    one, other = room(), room()
    assert len(one.code) == 6
    assert one.code.isdigit()
    assert one.host_token != other.host_token
    assert len(one.host_token) == 48


def test_members_are_colours_and_come_back_as_the_same() -> None:
    one, (first, second) = filled(2)
    assert (first.number, second.number) == (1, 2)
    first.state = State.of({"size": 3000})
    back = one.join("no code is needed", "10.0.0.9", first.token)
    assert back is first
    one.leave(first.token)
    assert one.join(one.code, "10.0.0.3").number == 1, "a colour that is free is given again"


def test_a_token_is_worth_nothing_after_leaving() -> None:
    one, (member,) = filled(1)
    one.leave(member.token)
    for call in (one.member, one.leave):
        with pytest.raises(NotAllowedError):
            call(member.token)
    with pytest.raises(NotAllowedError):
        one.join(wrong(one), "10.0.0.1", member.token)
    with pytest.raises(NotAllowedError):
        one.member(None)


def test_codes_cannot_be_tried_one_after_another() -> None:
    one = room()
    for _ in range(WRONG_CODES):
        with pytest.raises(NotAllowedError, match="not the code"):
            one.join(wrong(one), "10.0.0.1")
    with pytest.raises(TooManyError, match="wait"):
        one.join(one.code, "10.0.0.1")
    assert one.join(one.code, "10.0.0.2"), "others can still come in"
    clock = one._clock
    assert isinstance(clock, Clock)
    clock.now += WAIT_SECONDS
    assert one.join(one.code, "10.0.0.1")


def test_nor_from_many_addresses() -> None:
    one = room()
    for k in range(ALL_WRONG_CODES):
        with pytest.raises(NotAllowedError):
            one.join(wrong(one), f"10.0.1.{k}")
    with pytest.raises(TooManyError):
        one.join(one.code, "10.0.2.1")


@pytest.mark.parametrize("code", ["", "1234567", "١٢٣٤٥٦", "\ud800", "000000 "])
def test_what_is_no_code_is_a_wrong_code(code: str) -> None:
    one = room()
    one.code = "123456"
    with pytest.raises(NotAllowedError):
        one.join(code, "10.0.0.1")


def test_a_full_room_takes_nobody_but_in_the_place_of_one_who_is_away() -> None:
    one, members = filled(MOST_MEMBERS)
    for member in members:
        member.streams = 1
    with pytest.raises(TooManyError, match="full"):
        one.join(one.code, "10.1.0.1")
    members[4].streams = 0
    assert one.join(one.code, "10.1.0.1").number == 5
    with pytest.raises(NotAllowedError):
        one.member(members[4].token)


def test_only_the_host_is_the_host() -> None:
    one, (member,) = filled(1)
    one.check_host(one.host_token)
    for token in (None, "", member.token, room().host_token, one.host_token[:-1], "é"):
        with pytest.raises(NotAllowedError):
            one.check_host(token)


def test_votes_stay_hidden_until_the_reveal() -> None:
    one, members = filled(6)
    table = one.open("permits", 60)
    before = json.dumps(one.snapshot()["table"]).replace('"answered": 0', "")
    for member in members:
        one.vote(member, table.number, "more", 3.25)
    hidden = one.snapshot()["table"]
    assert json.dumps(hidden).replace('"answered": 6', "") == before, "only how many have answered"
    assert "votes" in hidden
    assert hidden["votes"] is None
    one.vote(members[0], table.number, "fewer", None)
    assert one.snapshot()["table"]["answered"] == 6, "the last answer counts"
    one.reveal(table.number)
    shown = one.snapshot()["table"]
    assert shown["votes"] == {"fewer": 1, "same": 0, "more": 5}
    assert shown["amounts"] == [3.25] * 5
    text = json.dumps(one.snapshot()) + json.dumps(one.log())
    assert all(member.token not in text for member in members)
    assert one.host_token not in text


def test_few_voters_have_no_distribution() -> None:
    one, members = filled(4)
    table = one.open("permits")
    for member in members:
        one.vote(member, table.number, "more", 1.0)
    one.reveal(table.number)
    shown = one.snapshot()["table"]
    assert (shown["votes"], shown["amounts"], shown["few"]) == (None, None, True)
    assert one.log()["cards"][0]["votes"] is None


@pytest.mark.parametrize("choice", ["less", "", "MORE", "more;"])
def test_what_is_no_answer_is_refused(choice: str) -> None:
    one, (member,) = filled(1)
    table = one.open("permits")
    with pytest.raises(InputError, match="not an answer"):
        one.vote(member, table.number, choice, None)


def test_a_vote_counts_for_its_round_only() -> None:
    one, (member,) = filled(1)
    with pytest.raises(InputError, match="no card is on the table"):
        one.vote(member, 1, "more", None)
    old = one.open("permits")
    new = one.open("transfers")
    with pytest.raises(InputError, match="not the card on the table"):
        one.vote(member, old.number, "more", None)
    one.reveal(new.number)
    with pytest.raises(InputError, match="revealed already"):
        one.vote(member, new.number, "more", None)
    with pytest.raises(InputError, match="revealed already"):
        one.hands(new.number, [1, 2, 3])
    one.clear()
    assert one.snapshot()["table"] is None
    with pytest.raises(InputError, match="no such card"):
        one.open("permit")


def test_a_show_of_hands_needs_no_device() -> None:
    one = room()
    table = one.open("permits")
    one.hands(table.number, [2, 1, 4])
    assert one.snapshot()["table"]["answered"] == 7
    one.reveal(table.number)
    assert one.snapshot()["table"]["votes"] == {"fewer": 2, "same": 1, "more": 4}


def test_the_time_is_shown_while_answers_are_collected() -> None:
    one = room()
    table = one.open("permits", 42)
    assert one.snapshot()["table"]["seconds"] == 42
    clock = one._clock
    assert isinstance(clock, Clock)
    clock.now += 50
    assert one.snapshot()["table"]["seconds"] == 0
    one.reveal(table.number)
    assert one.snapshot()["table"]["seconds"] is None


def test_what_the_model_says_comes_with_the_reveal() -> None:
    one = room()
    table = one.open("permits")
    one.modelled(table, {"runs": 3})
    assert one.snapshot()["table"]["model"] is None
    one.reveal(table.number)
    assert one.snapshot()["table"]["model"] == {"runs": 3}


def test_disagreement_is_by_how_many_and_between_which_values() -> None:
    one, members = filled(7)
    for member, value in zip(members, [-4.0, -3.5, -3.0, -2.5, -2.0, None, None], strict=True):
        changes = {} if value is None else {"om.needed_base": value}
        if member.number <= 2:
            changes["report.base"] = 1.0
        one.position(member, State.of({"changes": changes}))
    first, second = one.disagreement()
    assert first == {
        "parameter": "om.needed_base",
        "touched": 5,
        "of": 7,
        "lowest": -4.0,
        "median": -3.0,
        "highest": -2.0,
        "turns": None,
    }
    assert (second["parameter"], second["touched"], second["lowest"]) == ("report.base", 2, None)
    one.turns("om.needed_base", TURNS)
    one.turns("report.base", TURNS)
    assert [row["turns"] for row in one.disagreement()] == [TURNS, None], "two people are no distribution"


def test_notes_and_figures_are_kept_as_they_are_written() -> None:
    one = room()
    one.note("finding", "  Permits\nfall  <b>by a half</b> ")
    one.figure("Reports by month", "AVIM", "1 March")
    log = one.log()
    assert log["notes"] == [{"kind": "finding", "text": "Permits fall <b>by a half</b>"}]
    assert log["figures"] == [{"figure": "Reports by month", "who": "AVIM", "when": "1 March"}]
    for kind, text in (("secret", "x"), ("finding", ""), ("finding", "x" * 301), ("finding", "a\x00b")):
        with pytest.raises(InputError):
            one.note(kind, text)


def test_the_room_follows_the_host_until_it_is_free() -> None:
    one = room()
    one.follow(State.of({"size": 3000, "screen": "law"}))
    assert one.snapshot()["follow"] == {"size": 3000, "screen": "law"}
    one.follow(None)
    assert one.snapshot()["follow"] is None


def test_listeners_hear_each_change_until_they_stop() -> None:
    one = room()
    heard: list[int] = []
    stop = one.listen(lambda: heard.append(one.version))
    one.open("permits")
    one.clear()
    stop()
    one.open("permits")
    assert heard == [1, 2]
