"""The report as a file in Chromium: how long a reader waits for a picture, on opening it and on moving a slider."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import sim
from benchmarks.machine import machine
from benchmarks.worlds import scaled

CHROMIUM: Final = os.environ.get("B8SIM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
)
SCALE: Final = 0.1
PARAMETER: Final = "om.needed_base"
LOW, HIGH = -6.0, -2.0
MOVE: Final = """async (values) => {
  const at = performance.now();
  for (const value of values) {
    b8sim.set({ changes: { NAME: value } });
    if (values.length > 1) await new Promise((resolve) => setTimeout(resolve, 15));
  }
  const last = performance.now();
  while (b8sim.result.kind !== "preview" || !b8sim.ladder.busy) await new Promise((resolve) => setTimeout(resolve, 1));
  const found = performance.now() - (values.length > 1 ? last : at);
  b8sim.set({ changes: {} });
  while (b8sim.result !== b8sim.stored) await new Promise((resolve) => setTimeout(resolve, 1));
  return found / 1000;
}""".replace("NAME", f"'{PARAMETER}'")
ALL: Final = """async (value) => {
  const at = performance.now();
  await b8sim.engine.run({ changes: { NAME: value } }, { replicates: 20 }, () => {});
  return (performance.now() - at) / 1000;
}""".replace("NAME", f"'{PARAMETER}'")
FIRST: Final = """async (value) => {
  const at = performance.now();
  await b8sim.engine.run({ changes: { NAME: value } }, { size: b8sim.engine.sizes[1] }, () => {});
  return (performance.now() - at) / 1000;
}""".replace("NAME", f"'{PARAMETER}'")
SPREAD: Final = """async (value) => {
  const at = performance.now();
  b8sim.set({ changes: { NAME: value } });
  while (!b8sim.result.spread) await new Promise((resolve) => setTimeout(resolve, 5));
  const found = performance.now() - at;
  b8sim.set({ changes: {} });
  while (b8sim.result !== b8sim.stored) await new Promise((resolve) => setTimeout(resolve, 1));
  return found / 1000;
}""".replace("NAME", f"'{PARAMETER}'")
READY: Final = "window.b8sim && b8sim.engine.kind === 'wasm'"
SETS: Final = "b8sim.core.fitted.again.length"
PREPARED: Final = f"b8sim.ladder.spread.before.size === {SETS}"
HEAP: Final = "() => { gc(); return performance.memory.usedJSHeapSize; }"


def run(quick: bool) -> dict[str, Any]:
    """Measure one report; without Chromium or Playwright return the reason and no measurement."""
    if CHROMIUM is None or find_spec("playwright") is None:
        return {"skipped": "Chromium or Playwright was not found"}
    with tempfile.TemporaryDirectory() as folder:
        scenario = scaled(SCALE)
        page = sim.compare(scenario, replicates=2 if quick else 8).report(folder)
        whole = sim.compare("netherlands", replicates=2).report(Path(folder, "whole"))
        return {
            "machine": f"{machine()['processors']} processors ({machine()['processor']})",
            "bytes": page.stat().st_size,
            **_measured(page, 3 if quick else 12, 20 if quick else 1000),
            "whole": _whole(whole, 2 if quick else 6),
        }


def _measured(page: Path, moves: int, many: int) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        opened = [_opened(browser, page) for _ in range(moves)]
        view = browser.new_page()
        view.goto(page.as_uri())
        _until(view, READY)
        view.evaluate(MOVE, [LOW])  # the few people as shipped are run once
        values = [LOW + (HIGH - LOW) * (k + 0.5) / moves for k in range(moves)]
        first = [float(view.evaluate(MOVE, [value])) for value in values]
        every = float(view.evaluate(ALL, HIGH))
        drag = float(view.evaluate(MOVE, [LOW + (HIGH - LOW) * k / 30 for k in range(1, 31)]))
        before = float(view.evaluate(HEAP))
        for k in range(many):
            view.evaluate(
                "(value) => { b8sim.set({ changes: { [value[0]]: value[1] } }); }", [PARAMETER, LOW + k % 7 / 2]
            )
        view.evaluate(MOVE, [HIGH])
        after = float(view.evaluate(HEAP))
        people = view.evaluate("b8sim.engine.sizes")
        browser.close()
    return {
        "people": people,
        "open_seconds": [min(opened), statistics.median(opened), max(opened)],
        "first_seconds": [min(first), statistics.median(first), max(first)],
        "twenty_seconds": every,
        "drag_seconds": drag,
        "moves": many,
        "heap_ratio": after / before,
    }


def _whole(page: Path, moves: int) -> dict[str, Any]:
    """Measure the report of the whole country with its history, the one that has a range over fitted sets."""
    from playwright.sync_api import sync_playwright

    values = [LOW + (HIGH - LOW) * (k + 0.5) / moves for k in range(moves)]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        at_once = []
        for value in values[: max(moves // 2, 1)]:
            view = browser.new_page()
            view.goto(page.as_uri())
            _until(view, READY)
            at_once.append(float(view.evaluate(SPREAD, value)))
            view.close()
        view = browser.new_page()
        view.goto(page.as_uri())
        _until(view, f"{READY} && {PREPARED}")
        later = [float(view.evaluate(SPREAD, value)) for value in values]
        view.evaluate(FIRST, LOW)  # a first run allocates the memory
        first = [float(view.evaluate(FIRST, value)) for value in values]
        found = {"sets": view.evaluate(SETS), "people": view.evaluate("b8sim.engine.sizes")}
        browser.close()
    told = {"at_once": at_once, "later": later, "first": first}
    for name, seconds in told.items():
        found[f"{name}_seconds"] = [min(seconds), statistics.median(seconds), max(seconds)]
    return found


def _opened(browser: Any, page: Path) -> float:
    """Return the seconds until the page shows its first screen."""
    view, start = browser.new_page(), time.perf_counter()
    view.goto(page.as_uri())
    _until(view, "!!window.b8sim")
    seconds = time.perf_counter() - start
    view.close()
    return seconds


def _until(view: Any, condition: str) -> None:
    while not view.evaluate(condition):
        view.wait_for_timeout(5)
