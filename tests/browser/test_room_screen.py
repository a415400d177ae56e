"""The room in a real browser: a host and those who join, from the code to the minutes, in both languages."""

from __future__ import annotations

import json
import socket
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from browsing import MISSING, Visit, visiting
from view_server import answers, anyio, small, uvicorn

from sim.view.cards import shipped_cards
from sim.view.core import as_json, core_of
from sim.view.room import Room
from sim.view.room_routes import Meeting
from sim.view.server import application

pytestmark = pytest.mark.skipif(MISSING, reason="needs chromium and playwright")

SECRET_AMOUNT = 431.25


@pytest.fixture(scope="module")
def core() -> str:
    """The data that the page opens with."""
    return as_json(core_of(small()))


@pytest.fixture
def room() -> Room:
    """The room."""
    return Room(shipped_cards())


@pytest.fixture
def address(core: str, room: Room) -> Iterator[str]:
    """Where the page and its room are served."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    name = f"127.0.0.1:{listener.getsockname()[1]}"
    threads = anyio.CapacityLimiter(2)
    meeting = Meeting(room, answers(), threads, 3, [name])
    app = application(answers(), lambda: core, [name], threads=threads, meeting=meeting)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://{name}/"
    server.force_exit = server.should_exit = True
    thread.join(20)
    listener.close()


def shown(visit: Visit, selector: str) -> bool:
    return bool(
        visit.page.evaluate(
            "(s) => !!document.querySelector(s)?.checkVisibility({ visibilityProperty: true })", selector
        )
    )


def press(visit: Visit, selector: str) -> None:
    visit.until(f"!!document.querySelector({json.dumps(selector)})?.checkVisibility()")
    visit.page.click(selector)


def text(visit: Visit, selector: str = "main") -> str:
    found: str = visit.page.inner_text(selector)
    return found


def joined(visit: Visit, room: Room) -> None:
    press(visit, "#note-read")
    visit.page.fill("#room-code", room.code)
    press(visit, "#room-join")
    visit.until("document.querySelector('.member-colour')?.checkVisibility() ?? false")


def hosted(address: str, room: Room, stack: ExitStack, **more: Any) -> Visit:
    host = stack.enter_context(visiting(f"{address}#host={room.host_token}", **more))
    assert room.host_token not in host.page.url, "the token does not stay in a link that can be passed on"
    press(host, "#tab-room")
    press(host, "#note-read")
    return host


def clipped(visit: Visit) -> list[str]:
    """Return texts of the page that do not fit their boxes, or leave the window."""
    found: list[str] = visit.page.evaluate(
        """() => [...document.querySelectorAll("#app main *")].filter((node) => {
            if (!node.checkVisibility() || node.closest(".visually-hidden") || node.closest("svg")) return false;
            const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
            if (!own) return false;
            const box = node.getBoundingClientRect();
            return node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible"
                || box.right > innerWidth + 1 || box.left < -1;
        }).map((node) => node.textContent)"""
    )
    return found


def test_a_host_and_two_who_join(address: str, room: Room, tmp_path: Path) -> None:
    with ExitStack() as stack:
        host = hosted(address, room, stack, accept_downloads=True)
        assert room.code in text(host, ".share")
        members = [stack.enter_context(visiting(f"{address}#screen=room", width=1024, height=768)) for _ in range(2)]
        for member in members:
            assert not shown(member, "#room-code"), "the content note comes first"
            joined(member, room)
            assert not shown(member, "#open-permits")
            assert not shown(member, "#room-minutes")
        press(host, "#open-permits")
        for number in (0, 1):
            press(members[number], "#vote-fewer")
            members[number].until("document.querySelector('#vote-amount')?.checkVisibility() ?? false")
            members[number].page.fill("#vote-amount", str(SECRET_AMOUNT))
            press(members[number], "#vote-send")
        host.until("document.querySelector('.answered').textContent.includes('2')")
        seen = [visit.page.evaluate("JSON.stringify(window.b8sim.room.seen)") for visit in (host, *members)]
        assert all(str(SECRET_AMOUNT) not in one and '"votes":null' in one for one in seen)
        host.page.fill("#hands-more", "4")
        press(host, "#hands-send")
        host.until("document.querySelector('.answered').textContent.includes('6')")
        press(host, "#room-reveal")
        for visit in (host, *members):
            visit.until("document.querySelectorAll('.answer-dot').length === 6")
            assert "fewer: 2" in text(visit, ".figure-votes")
            visit.until("document.querySelector('.model .sentence')?.textContent.includes('1,000') ?? false")
            assert "not established" in text(visit, ".model")
            assert clipped(visit) == []
        host.page.fill("#note-text", "Ask <b>first</b>")
        press(host, "#note-add")
        for name, value in (("figure", "Tests by outcome"), ("figure-who", "OM"), ("figure-when", "1 March")):
            host.page.fill(f"#{name}", value)
        press(host, "#figure-add")
        host.until("document.querySelector('.papers').textContent.includes('Tests by outcome (OM, 1 March)')")
        kept = []
        host.page.on("download", lambda one: kept.append(one))  # noqa: PLW0108 - Playwright marks what it calls
        press(host, "#room-minutes")
        host.until("true")
        for _ in range(100):
            if len(kept) == 2:
                break
            host.page.wait_for_timeout(50)
        files = {one.suggested_filename: Path(one.path()).read_text(encoding="utf-8") for one in kept}
        assert "Tests by outcome" in files["b8sim-minutes.html"]
        assert "Ask &lt;b&gt;first&lt;/b&gt;" in files["b8sim-minutes.html"]
        assert json.loads(files["b8sim-minutes.json"])["cards"][0]["votes"] == {"fewer": 2, "same": 0, "more": 4}


def test_a_browser_that_comes_back_and_one_that_leaves(address: str, room: Room) -> None:
    with ExitStack() as stack:
        host = hosted(address, room, stack)
        member = stack.enter_context(visiting(f"{address}#screen=room"))
        joined(member, room)
        press(host, "#open-transfers")
        press(member, "#vote-same")
        member.until("document.querySelector('#vote-same').getAttribute('aria-pressed') === 'true'")
        member.page.reload()
        member.until("window.b8sim?.room?.me?.colour === 1")
        member.until("document.querySelector('#vote-same').getAttribute('aria-pressed') === 'true'")
        host.page.reload()
        host.until("document.querySelector('.answered')?.textContent.includes('1') ?? false")
        press(member, "#room-leave")
        member.until("document.querySelector('#room-code').checkVisibility()")
        assert room.members == {}


def test_members_follow_the_host_and_say_where_they_stand_themselves(address: str, room: Room) -> None:
    with ExitStack() as stack:
        host = hosted(address, room, stack)
        member = stack.enter_context(visiting(f"{address}#screen=room&language=nl"))
        joined(member, room)
        press(host, "#room-lead")
        host.go(group="women", screen="compare", changes={"om.needed_base": -3})
        member.until("window.b8sim.state.group === 'women' && window.b8sim.state.screen === 'compare'")
        assert member.page.evaluate("window.b8sim.state.language") == "nl"
        member.page.wait_for_timeout(500)
        assert all(not (one.state and one.state.changes) for one in room.members.values()), "to follow is no position"
        host.go(screen="room")
        press(host, "#room-lead")
        member.until("window.b8sim.room.seen.follow === null")
        member.go(changes={"om.needed_base": -5})
        for _ in range(600):
            if room.disagreement():
                break
            member.page.wait_for_timeout(50)
        (row,) = room.disagreement()
        assert (row["parameter"], row["touched"], row["lowest"]) == ("om.needed_base", 1, None)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (1024, 768)])
def test_on_a_projector_by_keys_alone(address: str, room: Room, width: int, height: int) -> None:
    with ExitStack() as stack:
        host = hosted(address, room, stack, width=width, height=height)
        host.page.evaluate("document.activeElement.blur()")
        host.page.keyboard.press("p")
        host.page.keyboard.press("ArrowRight")
        host.until("document.querySelector('.question')?.textContent.includes('B8') ?? false")
        assert not shown(host, ".deck"), "the screen shows question, clock and count only"
        assert not shown(host, ".code")
        room.hands(1, [3, 2, 1])
        host.page.keyboard.press("Space")
        host.until("document.querySelectorAll('.answer-dot').length === 6")
        sizes = host.page.evaluate(
            """() => [...document.querySelectorAll("#app main *")].filter((node) => node.checkVisibility()
                && !node.closest(".visually-hidden")
                && [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()))
                .map((node) => [parseFloat(getComputedStyle(node).fontSize), node.textContent])"""
        )
        assert [pair for pair in sizes if pair[0] < 24] == []
        assert clipped(host) == []
        host.page.keyboard.press("l")
        host.until("document.documentElement.lang === 'nl'")
        host.until("document.querySelector('.question').textContent.startsWith('Hoeveel')")
        assert clipped(host) == []
        host.page.keyboard.press("ArrowRight")
        host.until("window.b8sim.room.seen.table.card === 'transfers'")
        host.page.keyboard.press("r")
        host.until("window.b8sim.room.seen.table.round === 3")


def test_a_state_is_saved_as_a_scenario_with_its_command(address: str) -> None:
    with visiting(f"{address}#changes=om.needed_base:-3", accept_downloads=True) as visit:
        press(visit, "#reproduce")
        visit.until("document.querySelector('.reproduce code')?.textContent === 'b8sim compare netherlands-view.toml'")
        kept: list[Any] = []
        visit.page.on("download", lambda one: kept.append(one))  # noqa: PLW0108 - Playwright marks what it calls
        press(visit, "#reproduce-save")
        for _ in range(100):
            if kept:
                break
            visit.page.wait_for_timeout(50)
        scenario = tomllib.loads(Path(kept[0].path()).read_text(encoding="utf-8"))
        assert scenario["parameters"]["om.needed_base"] == -3
        assert kept[0].suggested_filename == "netherlands-view.toml"


def test_a_wrong_code_is_said_and_nothing_happens(address: str, room: Room) -> None:
    with visiting(f"{address}#screen=room") as member:
        press(member, "#note-read")
        member.page.fill("#room-code", f"{(int(room.code) + 1) % 10**6:06}")
        press(member, "#room-join")
        member.until("document.querySelector('[role=alert]').textContent.includes('not the code of this room')")
        assert room.members == {}
        assert member.faults
        assert all("403" in fault for fault in member.faults)
        member.faults.clear()  # a browser notes every refusal
