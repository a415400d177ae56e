"""The page simulates itself: in a real browser the engine gives what the command gives, and asks no server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from browsing import MISSING, Visit, visiting

pytest.importorskip("starlette")
uvicorn = pytest.importorskip("uvicorn")

import anyio  # noqa: E402

import sim  # noqa: E402
from sim.report.core import core_data  # noqa: E402
from sim.runs.engine_data import engine_of  # noqa: E402
from sim.runs.loading import asked_of  # noqa: E402
from sim.view.answers import Answers  # noqa: E402
from sim.view.core import as_json  # noqa: E402
from sim.view.room import Room  # noqa: E402
from sim.view.room_routes import Meeting  # noqa: E402
from sim.view.server import application  # noqa: E402
from verification.small_worlds import netherlands  # noqa: E402

pytestmark = pytest.mark.skipif(MISSING, reason="there is no Chromium here")
SMALL = netherlands(0.03).replace(regimes=["vc_2018", "vc_2019_08"], replicates=3, seed=5)
MOVED = {"om.needed_base": -2.0, "leaves.transfer_per_year": 0.9, "trait.fear_person": 0.3, "capacity.avim.report": 0.4}


@pytest.fixture(scope="module")
def visit() -> Iterator[Visit]:
    text, data = as_json(core_data(sim.compare(SMALL))), engine_of(asked_of(SMALL))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    answers, threads = Answers(SMALL), anyio.CapacityLimiter(2)
    meeting = Meeting(Room([]), answers, threads, 3, [])
    app = application(answers, lambda: text, [host], threads=threads, meeting=meeting, engine=lambda: data)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    threading.Thread(target=server.run, args=([listener],), daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    with visiting(f"http://{host}/") as opened:
        opened.until("b8sim.engine.kind === 'wasm'", 60)
        yield opened


def runs_on_the_server(visit: Visit) -> int:
    code = "performance.getEntriesByType('resource').filter((one) => one.name.includes('api/run')).length"
    return int(visit.page.evaluate(code))


def test_every_number_is_that_of_the_session(visit: Visit) -> None:
    before = runs_on_the_server(visit)
    found = visit.page.evaluate(
        "async (changes) => { const all = [];"
        " await b8sim.engine.run({changes}, {from: 1, replicates: 2}, (reading) => all.push(reading)); return all; }",
        MOVED,
    )
    session = sim.Session(SMALL)
    session.set(MOVED)
    for reading in sorted(found, key=lambda one: one["replicate"]):
        wanted = session.reading(reading["replicate"])
        values = np.array(reading["values"], float)
        assert np.isfinite(values).sum() > 1000
        np.testing.assert_array_equal(values, np.where(np.isfinite(wanted.values), wanted.values, np.nan))
        np.testing.assert_array_equal(np.array(reading["pairs"]), wanted.pairs)
    assert [one["replicate"] for one in sorted(found, key=lambda one: one["replicate"])] == [1, 2]
    assert runs_on_the_server(visit) == before
    visit.check()


def test_a_moved_slider_is_computed_here_and_a_reading_on_the_server(visit: Visit) -> None:
    before = runs_on_the_server(visit)
    visit.page.evaluate("b8sim.set({changes: {'om.needed_base': -2}}); undefined")
    visit.until("!b8sim.ladder.busy", 60)
    assert visit.page.evaluate("b8sim.result.kind") == "computed"
    table = sim.compare(SMALL.replace(parameters={"om.needed_base": -2.0}))
    rows = table.differences[(table.differences.measure == "b8_granted") & (table.differences.group == "all")]
    people = table.pairs[table.pairs.group == "all"]["persons"].sum()
    shown = visit.page.evaluate("b8sim.result.difference('b8_granted', 'all', 1).mean")
    assert shown == pytest.approx(1000 * float(rows["difference"].iloc[0]) / people, rel=1e-6)
    assert runs_on_the_server(visit) == before
    visit.page.evaluate("b8sim.set({changes: {}, readings: {U1: 'none'}}); undefined")
    visit.until("!b8sim.ladder.busy", 60)
    assert visit.page.evaluate("b8sim.result.kind") == "computed"
    assert runs_on_the_server(visit) > before
    visit.check()
