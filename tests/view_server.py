"""A small page for the tests of the server: three hundred people, half a year before and a year after the rule."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

import pytest

from sim.scenarios.scenario import Scenario

anyio = pytest.importorskip("anyio")
uvicorn = pytest.importorskip("uvicorn")
httpx = pytest.importorskip("httpx")

from sim.view.answers import Answers  # noqa: E402
from sim.view.room import Room  # noqa: E402
from sim.view.room_routes import Meeting  # noqa: E402
from sim.view.server import application  # noqa: E402

T = TypeVar("T")
HOST = "127.0.0.1:8228"
JSON = {"content-type": "application/json"}


@cache
def small() -> Scenario:
    """Return the scenario of the page."""
    return Scenario.load("netherlands").replace(
        history_from="start",
        start="2019-01-01",
        end="2020-06-30",
        replicates=3,
        seed=5,
        inflow={"persons": 300, "capacities": "in_proportion"},
    )


@cache
def answers() -> Answers:
    """Return the compiled states, shared by all tests."""
    return Answers(small())


def serve(app: Any) -> str:
    """Serve an application as long as the tests run, and return its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    threading.Thread(target=server.run, args=([listener],), daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@cache
def address() -> str:
    """Return where the small page is served."""
    return serve(page())


def page(room: Room | None = None, shared: Sequence[str] = ("192.168.1.5:8228",)) -> Any:
    """Return the application of the small page, with a room or without."""
    threads = anyio.CapacityLimiter(2)
    meeting = None if room is None else Meeting(room, answers(), threads, 3, shared)
    return application(answers(), lambda: '{"format":1}', [HOST, *shared], threads=threads, meeting=meeting)


@cache
def client(base: str | None = None) -> Any:
    """Return a browser's side of the page, which calls the server by `HOST`; open as long as the tests run."""
    return httpx.Client(base_url=base or address(), headers={"host": HOST}, timeout=120)


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of an answer."""
    yield from (line for line in text.split("\n") if line)


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns.

    It runs in a thread of its own: a browser that another test has started keeps a loop running in this one.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
