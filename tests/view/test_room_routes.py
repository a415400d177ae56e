"""The routes of a room (`sim.view.room_routes`), over real connections: who may do what, and who sees what."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import pytest
from view_server import HOST, finished, httpx, page, serve

from sim.view.cards import shipped_cards
from sim.view.room import Room
from sim.view.room_routes import COOKIE, HOST_HEADER


class Party:
    """A room that is served, its host and those who join."""

    def __init__(self) -> None:
        self.room = Room(shipped_cards())
        self.address = serve(page(self.room))
        self.open: list[httpx.Client] = []
        self.host = self.browser()
        self.host.headers[HOST_HEADER] = self.room.host_token

    def browser(self) -> httpx.Client:
        client = httpx.Client(base_url=self.address, headers={"host": HOST}, timeout=60)
        self.open.append(client)
        return client

    def member(self) -> httpx.Client:
        client = self.browser()
        assert client.post("/room/join", json={"code": self.room.code}).status_code == 200
        return client


@pytest.fixture
def party() -> Iterator[Party]:
    one = Party()
    yield one
    for client in one.open:
        client.close()


def waited(condition: Callable[[], Any]) -> Any:
    for _ in range(600):
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("it never happened")


@contextmanager
def watching(client: httpx.Client) -> Iterator[list[str]]:
    """Collect every byte of the events that a browser receives, as text, in the background."""
    received: list[str] = []
    stop = threading.Event()

    def watch() -> None:
        cookies = dict(client.cookies.items())
        with (
            httpx.Client(base_url=client.base_url, headers={"host": HOST}, cookies=cookies, timeout=60) as own,
            own.stream("GET", "/room/events") as answer,
        ):
            assert answer.status_code == 200
            for text in answer.iter_text():
                received.append(text)
                if stop.is_set():
                    return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    waited(lambda: "event: room" in "".join(received))
    yield received
    stop.set()


def newest(received: list[str]) -> dict[str, Any]:
    events = [one for one in "".join(received).split("\n\n") if one.startswith("event: room\n")]
    found: dict[str, Any] = json.loads(events[-1].partition("data: ")[2])
    return found


def test_no_vote_reaches_another_client_before_the_reveal(party: Party) -> None:
    members = [party.member() for _ in range(6)]
    with watching(members[0]) as received:
        opened = party.host.post("/room/card", json={"open": "permits", "seconds": 60}).json()
        vote = {"round": opened["round"], "choice": "more", "amount": 431.25}
        for member in members[1:]:
            assert member.post("/room/vote", json=vote).json() == {}
        waited(lambda: newest(received)["table"]["answered"] == 5)
        before = "".join(received)
        for secret in ("431.25", '"choice"', '"more"', COOKIE, party.room.host_token, party.room.code):
            assert secret not in before
        assert newest(received)["table"]["votes"] is None
        assert party.host.post("/room/card", json={"reveal": opened["round"]}).status_code == 200
        table = waited(lambda: (shown := newest(received)["table"])["revealed"] and shown)
        assert table["votes"] == {"fewer": 0, "same": 0, "more": 5}
        assert table["amounts"] == [431.25] * 5


def test_the_host_sees_no_vote_either(party: Party) -> None:
    members = [party.member() for _ in range(5)]
    number = party.host.post("/room/card", json={"open": "permits"}).json()["round"]
    for member in members:
        member.post("/room/vote", json={"round": number, "choice": "fewer", "amount": 431.25})
    said = party.host.post("/room/host", json={}).text
    minutes = party.host.post("/room/minutes", json={"language": "en"}).text
    with watching(party.host) as received:
        assert newest(received)["table"]["answered"] == 5
        for text in (said, minutes, "".join(received)):
            assert "431.25" not in text
            assert '"fewer": 5' not in text
            assert "fewer: 5" not in text


def test_what_the_model_says_is_that_of_a_run(party: Party) -> None:
    number = party.host.post("/room/card", json={"open": "permits"}).json()["round"]
    party.host.post("/room/host", json={})
    table = party.room.rounds[0]
    waited(lambda: table.model is not None and table.model["runs"] == 3)
    party.host.post("/room/hands", json={"round": number, "counts": [3, 1, 2]})
    party.host.post("/room/card", json={"reveal": number})
    with watching(party.host) as received:
        shown = newest(received)["table"]
    answer = shown["model"]["answer"]
    lines = [
        json.loads(line)
        for line in party.host.post("/api/run", json={"state": table.card.state.plain(), "to": 3}).text.splitlines()
    ]
    head, runs = lines[0], lines[1:4]
    at = [name for name, world, _ in head["measures"] if world == "simulated"].index("b8_granted_victims")
    group = head["groups"].index("dublin")
    differences = [run["values"][1][at][group] - run["values"][0][at][group] for run in runs]
    assert answer["differences"] == differences
    assert answer["people"] == np.mean([np.sum(run["pairs"][0][group]) for run in runs])
    assert [one["measure"] for one in shown["model"]["beside"]] == ["left_unknown_victims", "exploited_days"]
    assert shown["votes"] == {"fewer": 3, "same": 1, "more": 2}


@pytest.mark.parametrize("code", ["000000x", "12345", 123456, None, ["1"]])
def test_a_wrong_code_lets_nobody_in(party: Party, code: object) -> None:
    answer = party.browser().post("/room/join", json={"code": code})
    assert answer.status_code in (403, 422)
    assert "set-cookie" not in answer.headers
    assert party.room.members == {}


def test_many_wrong_codes_are_stopped(party: Party) -> None:
    browser = party.browser()
    statuses = [browser.post("/room/join", json={"code": "no"}).status_code for _ in range(7)]
    assert statuses == [403] * 5 + [429] * 2


def test_a_token_that_has_left_is_refused_everywhere(party: Party) -> None:
    member = party.member()
    token = member.cookies[COOKIE]
    assert member.post("/room/leave", json={}).status_code == 200
    assert COOKIE not in member.cookies
    again = party.browser()
    again.cookies.set(COOKIE, token)
    number = party.host.post("/room/card", json={"open": "permits"}).json()["round"]
    assert again.post("/room/vote", json={"round": number, "choice": "more"}).status_code == 403
    assert again.post("/room/state", json={"state": {}}).status_code == 403
    assert again.get("/room/events").status_code == 403
    assert party.room.rounds[0].votes == {}


def test_a_vote_that_is_sent_again_later_is_refused(party: Party) -> None:
    member = party.member()
    number = party.host.post("/room/card", json={"open": "permits"}).json()["round"]
    vote = {"round": number, "choice": "more", "amount": None}
    assert member.post("/room/vote", json=vote).status_code == 200
    party.host.post("/room/card", json={"open": "transfers"})
    answer = member.post("/room/vote", json=vote)
    assert answer.status_code == 422
    assert answer.json()["refusal"][0]["problem"] == "not the card on the table"


@pytest.mark.parametrize(
    "body",
    [
        {"round": 1, "choice": "more", "amount": 1e9},
        {"round": 1, "choice": "more", "amount": True},
        {"round": 1, "choice": "more", "amount": "3"},
        {"round": "1", "choice": "more"},
        {"round": 1, "choice": 2},
        {"round": 1, "choice": "<script>"},
        {"round": 1, "choice": "more", "who": "me"},
        [],
    ],
)
def test_what_is_no_vote_is_refused(party: Party, body: object) -> None:
    member = party.member()
    party.host.post("/room/card", json={"open": "permits"})
    assert member.post("/room/vote", json=body).status_code == 422
    assert party.room.rounds[0].votes == {}


def test_bodies_are_short(party: Party) -> None:
    member = party.member()
    for path in ("vote", "state", "join", "note"):
        assert member.post(f"/room/{path}", json={"state": "x" * 5000}).status_code == 413


HOST_ONLY = {
    "host": {},
    "card": {"open": "permits"},
    "hands": {"round": 1, "counts": [1, 2, 3]},
    "note": {"kind": "finding", "text": "x"},
    "figure": {"figure": "x", "who": "y", "when": "z"},
    "turns": {"parameter": "om.needed_base", "state": {}},
    "minutes": {"language": "en"},
}


@pytest.mark.parametrize("path", HOST_ONLY)
def test_only_the_host_does_what_is_the_hosts(party: Party, path: str) -> None:
    member = party.member()
    for token in (None, "", "0" * 48, member.cookies[COOKIE]):
        headers = {} if token is None else {HOST_HEADER: token}
        assert member.post(f"/room/{path}", json=HOST_ONLY[path], headers=headers).status_code == 403
    assert member.post("/room/state", json={"state": None}, headers={HOST_HEADER: "0"}).status_code == 403
    assert (party.room.rounds, party.room.notes, party.room.figures) == ([], [], [])


def from_elsewhere(
    room: Room, calls: list[tuple[str, dict[str, Any], dict[str, str]]], shared: bool = True
) -> list[int]:
    """Return the statuses of requests that come from another computer."""

    async def asked() -> list[int]:
        transport = httpx.ASGITransport(
            page(room, ("192.168.1.5:8228",) if shared else ()),
            client=("192.168.1.77", 4242),
            raise_app_exceptions=False,
        )
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return [(await client.post(path, json=body, headers=headers)).status_code for path, body, headers in calls]

    return finished(asked())


def test_another_computer_works_only_for_members() -> None:
    room = Room(shipped_cards())
    run = ("/api/run", {"state": {}, "to": 1}, {})
    check = ("/api/check", {"state": {}}, {})
    join = ("/room/join", {"code": room.code}, {})
    assert from_elsewhere(room, [run, check, join, run, check]) == [403, 403, 200, 200, 200]


def test_the_host_sits_at_this_computer() -> None:
    room = Room(shipped_cards())
    stolen = {HOST_HEADER: room.host_token}
    calls = [(f"/room/{path}", body, stolen) for path, body in HOST_ONLY.items()]
    assert from_elsewhere(room, calls) == [403] * len(calls)


def test_nobody_joins_a_page_that_is_not_shared() -> None:
    room = Room(shipped_cards())
    assert from_elsewhere(room, [("/room/join", {"code": room.code}, {})], shared=False) == [403]


def test_a_browser_that_comes_back_finds_its_state(party: Party) -> None:
    member = party.member()
    member.post("/room/state", json={"state": {"changes": {"om.needed_base": -2.5}}})
    number = party.host.post("/room/card", json={"open": "permits"}).json()["round"]
    member.post("/room/vote", json={"round": number, "choice": "same", "amount": 2})
    found = member.post("/room/join", json={"code": "forgotten"}).json()
    assert found == {
        "colour": 1,
        "state": {"changes": {"om.needed_base": -2.5}},
        "vote": {"choice": "same", "amount": 2.0},
    }


@pytest.mark.parametrize("state", [{"x": 1}, {"changes": {"om.needed_base": 99}}, {"regimes": ["a", "b"]}, None, 3])
def test_a_position_that_is_no_state_is_refused(party: Party, state: object) -> None:
    member = party.member()
    assert member.post("/room/state", json={"state": state}).status_code == 422


def test_the_room_follows_the_host(party: Party) -> None:
    member = party.member()
    with watching(member) as received:
        party.host.post("/room/state", json={"state": {"screen": "law"}})
        waited(lambda: newest(received)["follow"] == {"screen": "law"})
        party.host.post("/room/state", json={"state": None})
        waited(lambda: newest(received)["follow"] is None)


def test_a_slow_client_gets_the_newest_only(party: Party) -> None:
    """Twenty watch, the host moves a hundred times; in the end everybody has the last state."""
    members = [party.member() for _ in range(20)]
    with ExitStack() as stack:
        all_received = [stack.enter_context(watching(member)) for member in members]
        for k in range(100):
            party.host.post("/room/state", json={"state": {"size": 100 + k}})
        for received in all_received:
            waited(lambda received=received: newest(received)["follow"] == {"size": 199})


def test_too_many_windows_of_a_member_are_refused(party: Party) -> None:
    member = party.member()
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(watching(member))
        assert member.get("/room/events").status_code == 429
    with watching(party.member()):
        pass


def test_whether_a_disagreement_matters(party: Party) -> None:
    members = [party.member() for _ in range(5)]
    state = {"measure": "b8_granted", "group": "all", "size": 200}
    asked = {"parameter": "om.needed_base", "state": state}
    assert party.host.post("/room/turns", json=asked).status_code == 422, "nobody has moved it"
    for member, value in zip(members, (-5, -4.5, -4, -3, -2), strict=True):
        member.post("/room/state", json={"state": {"changes": {"om.needed_base": value}}})
    found = party.host.post("/room/turns", json=asked).json()
    assert found["answer"] in ("yes", "no", "unclear")
    assert found["again"] in ("yes", "no", "unclear")
    assert party.room.disagreement()[0]["turns"] == {key: found[key] for key in found if key != "parameter"}
    assert party.host.post("/room/turns", json={"parameter": "om.needed_base", "state": {}}).status_code == 422


def test_cards_are_there_for_everybody(party: Party) -> None:
    cards = party.browser().get("/room/cards").json()["cards"]
    assert [one["name"] for one in cards] == [one.name for one in shipped_cards()]


def test_a_show_of_hands_is_three_numbers(party: Party) -> None:
    number = party.host.post("/room/card", json={"open": "permits"}).json()["round"]
    for counts in ([1, 2], [1, 2, -3], [1, 2, True], "123", None, [1, 2, 3.5], [1, 2, 10**9]):
        assert party.host.post("/room/hands", json={"round": number, "counts": counts}).status_code == 422
    assert party.host.post("/room/hands", json={"round": number, "counts": [0, 0, 3]}).status_code == 200
