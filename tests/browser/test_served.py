"""The page as `sim.view.server` serves it, in a real browser: it computes what is changed, and shows nothing stale."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from browsing import MISSING, Visit, visiting

pytest.importorskip("starlette")
uvicorn = pytest.importorskip("uvicorn")

import anyio  # noqa: E402

import sim  # noqa: E402
from sim.files.errors import InputError  # noqa: E402
from sim.report.core import core_data  # noqa: E402
from sim.view.answers import Answers  # noqa: E402
from sim.view.core import as_json  # noqa: E402
from sim.view.room import Room  # noqa: E402
from sim.view.room_routes import Meeting  # noqa: E402
from sim.view.server import application  # noqa: E402
from verification.small_worlds import netherlands  # noqa: E402

pytestmark = pytest.mark.skipif(MISSING, reason="there is no Chromium here")
SMALL = netherlands(0.03).replace(regimes=["vc_2018", "vc_2019_08"], replicates=3, seed=5)


@pytest.fixture(scope="module")
def address() -> str:
    text = as_json(core_data(sim.compare(SMALL)))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    answers, threads = Answers(SMALL), anyio.CapacityLimiter(2)
    meeting = Meeting(Room([]), answers, threads, 3, [])
    app = application(answers, lambda: text, [host], threads=threads, meeting=meeting)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    threading.Thread(target=server.run, args=([listener],), daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return f"http://{host}/"


@pytest.fixture(scope="module")
def visit(address: str) -> Iterator[Visit]:
    with visiting(address) as opened:
        yield opened


def mean(visit: Visit) -> float:
    found: float = visit.page.evaluate("b8sim.result.difference('b8_granted', 'all', 1).mean")
    return found


def settled(visit: Visit) -> None:
    visit.until("!b8sim.ladder.busy", 60)


def test_a_moved_slider_gives_what_the_command_gives(visit: Visit) -> None:
    visit.go(screen="assumptions", group="all")
    visit.page.fill("#slider-om-needed_base-typed", "-2")
    visit.page.keyboard.press("Tab")
    settled(visit)
    assert visit.page.evaluate("b8sim.result.kind") == "computed"
    table = sim.compare(SMALL.replace(parameters={"om.needed_base": -2.0}))
    rows = table.differences[(table.differences.measure == "b8_granted") & (table.differences.group == "all")]
    people = table.pairs[table.pairs.group == "all"]["persons"].sum()
    assert mean(visit) == pytest.approx(1000 * float(rows["difference"].iloc[0]) / people, rel=1e-6)
    assert "-2" in visit.page.inner_text(".changed-list").replace("\N{MINUS SIGN}", "-")
    assert "Changed by you" in visit.page.inner_text(".notices")
    assert "CHANGED" in visit.page.inner_text("footer")
    visit.check()


def test_undo_goes_back_to_the_stored_result_and_redo_forward(visit: Visit) -> None:
    changed = mean(visit)
    visit.page.click("#undo")
    settled(visit)
    assert visit.page.evaluate("b8sim.result === b8sim.stored")
    visit.page.click("#redo")
    settled(visit)
    assert mean(visit) == changed
    visit.page.click("#reset-all")
    settled(visit)
    assert visit.page.evaluate("b8sim.result === b8sim.stored")
    visit.check()


def test_a_drag_settles_on_the_last_value(visit: Visit) -> None:
    """And each picture on the way is of the state that was in view."""
    visit.page.evaluate(
        "for (let k = 0; k < 30; k += 1) b8sim.set({changes: {'om.needed_base': -3.5 + k / 20}}); undefined"
    )
    settled(visit)
    assert visit.page.evaluate("b8sim.state.changes['om.needed_base']") == pytest.approx(-2.05)
    assert visit.page.evaluate("b8sim.result.kind") == "computed"
    table = sim.compare(SMALL.replace(parameters={"om.needed_base": -2.05}))
    rows = table.differences[(table.differences.measure == "b8_granted") & (table.differences.group == "all")]
    people = table.pairs[table.pairs.group == "all"]["persons"].sum()
    assert mean(visit) == pytest.approx(1000 * float(rows["difference"].iloc[0]) / people, rel=1e-6)
    visit.check()


def test_a_rival_explanation_and_a_reading_are_computed(visit: Visit) -> None:
    visit.go(changes={})
    settled(visit)
    visit.page.check("#preset-deterred_victims")
    settled(visit)
    assert visit.page.evaluate("b8sim.result.kind") == "computed"
    assert "H5" in visit.page.inner_text(".changed-list")
    visit.go(presets=[], screen="law")
    visit.page.check("#U1-none")
    settled(visit)
    assert visit.page.evaluate("b8sim.result !== b8sim.stored && b8sim.result.kind === 'computed'")
    visit.go(readings={})
    settled(visit)
    visit.check()


def test_what_cannot_be_computed_says_why_and_the_picture_stays(visit: Visit) -> None:
    """Two explanations that want different values do not go together."""
    with pytest.raises(InputError):
        SMALL.under("H5", "H16")
    visit.go(screen="compare", presets=["deterred_victims", "rule_changes_little"])
    visit.until("document.querySelector('.notices').textContent.includes('Not computed')")
    assert visit.page.locator("canvas.dots").count() == 1
    visit.faults[:] = [fault for fault in visit.faults if "422" not in fault]
    visit.go(presets=[])
    settled(visit)
    visit.check()


def test_a_person_has_two_lives_and_the_same_as_follow(visit: Visit) -> None:
    visit.go(screen="person", group="all")
    key = visit.page.evaluate("b8sim.core.parting.persons[b8sim.core.parting.reforms[0].lives[0].person].key")
    visit.go(person=key)
    story = sim.compare(SMALL).parting.lives[0]
    assert story.key == key
    rects = visit.page.locator("svg rect.spell").count()
    assert rects > 10
    before = visit.page.inner_text(".parts")
    visit.page.click("#next")
    assert visit.page.inner_text(".parts") != before
    assert f"b8sim follow SCENARIO --person {visit.page.evaluate('b8sim.state.person')}" in visit.page.inner_text(
        "main"
    )
    visit.check()


def test_the_law_counts_everyone_who_parts(visit: Visit) -> None:
    visit.go(screen="law", group="all")
    rows = visit.page.locator(".law-changes tbody tr").count()
    assert rows == visit.page.evaluate("b8sim.core.law.length")
    cells = visit.page.locator("section:first-of-type td:nth-of-type(3)").all_inner_texts()
    counted = sum(int(cell.replace(",", "")) for cell in cells if cell)
    lives = sim.compare(SMALL).parting
    moved = [
        other for other in lives.reforms[0].lives if other.moves or len(lives.lives[other.person].moves) > other.shared
    ]
    assert counted == len(moved) > 0
    visit.check()


def test_a_number_is_asked_what_it_does_to_the_answer(visit: Visit) -> None:
    visit.go(screen="assumptions", group="all", measure="b8_granted")
    visit.page.click("#probe-om-needed_base")
    visit.until("document.querySelector('.probe').textContent.includes('range')", 120)
    said = visit.page.inner_text(".probe")
    assert re.search(r"the difference goes from \S+ \(at \S6\) to \S+ \(at \S2\)", said)
    assert "turns" in said
    visit.check()
