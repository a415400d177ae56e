"""A real browser for the tests of the page: headless Chromium, in which any request outside the page is a failure."""

from __future__ import annotations

import atexit
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import Any

CHROMIUM = os.environ.get("B8SIM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = CHROMIUM is None or find_spec("playwright") is None
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@dataclass
class Visit:
    """A page that is open, and what went wrong in it."""

    page: Any
    allowed: str
    faults: list[str] = field(default_factory=list)

    def until(self, condition: str, seconds: float = 20) -> Any:
        """Wait until a JavaScript expression is true; a page under a strict policy allows no waiting by text."""
        end = time.monotonic() + seconds
        while not (found := self.page.evaluate(condition)):
            assert time.monotonic() < end, f"{condition} did not become true; {self.faults}"
            self.page.wait_for_timeout(50)
        return found

    def go(self, **state: Any) -> None:
        """Change the state of the page, as its controls do."""
        self.page.evaluate("(patch) => window.b8sim.set(patch)", state)

    def check(self) -> None:
        """Fail where anything went wrong."""
        assert self.faults == []


@contextmanager
def visiting(
    address: str, *, width: int = 1440, height: int = 900, arguments: tuple[str, ...] = (), **context: Any
) -> Iterator[Visit]:
    """Open a page in a new browser and yield it when it shows a screen.

    Requests to another place than the page's own, refused ones, errors on the console and violations of the content
    security policy are noted as faults; ``check`` is called at the end.
    """
    browser = player().chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *arguments])
    try:
        page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
        allowed = address.split("#", maxsplit=1)[0] if address.startswith("file:") else "/".join(address.split("/")[:3])
        visit = Visit(page, allowed)
        page.on("request", lambda request: _note_request(visit, request.url))
        page.on("response", lambda got: got.status >= 400 and visit.faults.append(f"{got.status} {got.url}"))
        page.on("pageerror", lambda error: visit.faults.append(f"error: {error}"))
        page.on("console", lambda said: said.type in ("error", "warning") and visit.faults.append(f"said: {said.text}"))
        page.goto(address)
        visit.until("!!window.b8sim")
        yield visit
        visit.check()
    finally:
        browser.close()


@cache
def player() -> Any:
    """Return Playwright, started once for all tests of a process: a second one beside it would not start."""
    from playwright.sync_api import sync_playwright

    started = sync_playwright().start()
    atexit.register(started.stop)
    return started


def _note_request(visit: Visit, url: str) -> None:
    if not url.startswith((visit.allowed, "data:", "blob:")):
        visit.faults.append(f"request to {url[:80]}")
