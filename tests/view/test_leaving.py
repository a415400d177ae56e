"""Leaving the page (`sim.view.leaving`): at once and in order, whatever is computed, asked for or written meanwhile."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from command import SMALL

from verification.interruption import hear_interrupts

pytest.importorskip("uvicorn")

from sim.view import leaving
from sim.view.leaving import are_running, stopped

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")

SECONDS = 30
"""How long leaving takes at most on a computer that does much else; alone it takes a tenth of that."""
COMPILES = """
import llvmlite.binding as llvm
import sim.view.core

def compiled(*_, **__):
    blocks = 10000
    text = ["define i64 @f(ptr %p, i64 %n) {", "b0:", "  br label %b1"]
    for k in range(1, blocks):
        text += [f"b{k}:", f"  %x{k} = load i64, ptr %p", f"  %g{k} = getelementptr i64, ptr %p, i64 {k}"]
        text += [f"  %y{k} = load i64, ptr %g{k}", f"  %c{k} = icmp slt i64 %x{k}, %y{k}"]
        text += [f"  store i64 %x{k}, ptr %g{k}", f"  br i1 %c{k}, label %b{k + 1}, label %b{k * 7 % blocks + 1}"]
    module = llvm.parse_assembly("\\n".join([*text, f"b{blocks}:", "  ret i64 %n", "}"]))
    machine = llvm.Target.from_default_triple().create_target_machine(opt=3)
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    print("begun", file=sys.stderr, flush=True)
    builder.getModulePassManager().run(module, builder)

sim.view.core.core_of = compiled
"""
"""Puts a compilation that takes many seconds, and holds no lock of Python, in the place of a comparison."""
WRITES = """
import time
import sim.view.core
from pathlib import Path

def slowly(path, content):
    with path.open("wb") as file:
        print("begun", file=sys.stderr, flush=True)
        for at in range(0, len(content), len(content) // 10):
            file.write(content[at : at + len(content) // 10])
            file.flush()
            time.sleep(0.1)

sim.view.core.core_of = lambda *_, **__: {"receipt": {"replicates": 2, "replicates_wanted": 2}}
Path.write_bytes = slowly
"""
"""Puts a file that takes a second in the place of the opening that is kept."""


class Page(NamedTuple):
    """A page that is open: its process, its port, the token of its host."""

    process: subprocess.Popen[str]
    port: int
    token: str


class End(NamedTuple):
    """How a page ended: status, seconds, what it said since its address."""

    status: int
    seconds: float
    said: str


@contextmanager
def opened(folder: Path, before: str = "", *more: str, browser: str | None = None) -> Iterator[Page]:
    """Open the page of the small scenario, with some code before it."""
    (folder / "small.toml").write_text(SMALL)
    arguments = ["b8sim", "view", "small.toml", *more, *([] if browser else ["--no-browser"])]
    code = f"import sys\nsys.argv = {arguments}\n{before}\nfrom sim.cli import main\nmain()"
    where = {"XDG_CACHE_HOME": str(folder / "kept"), "BROWSER": browser or "", "NUMBA_CACHE_DIR": str(folder / "code")}
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **where},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interrupts,  # noqa: PLW1509 - it only sets a signal
    ) as process:
        assert process.stderr is not None
        found = re.search(r"127\.0\.0\.1:(\d+)/#host=(\w+)", process.stderr.readline())
        assert found is not None
        try:
            yield Page(process, int(found[1]), found[2])
        finally:
            process.kill()


def closed(page: Page, number: signal.Signals = signal.SIGTERM) -> End:
    """Send the signal, and return how the page ended."""
    began = time.monotonic()
    page.process.send_signal(number)
    _, said = page.process.communicate(timeout=120)
    return End(page.process.returncode, time.monotonic() - began, said)


def assert_in_order(end: End) -> None:
    assert end.status == 0, end.said
    assert end.said.endswith("Closed.\n"), end.said
    assert "Traceback" not in end.said, end.said
    assert "ERROR" not in end.said, end.said
    assert end.seconds < SECONDS, end.said


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_at_any_moment_of_a_first_start(tmp_path: Path) -> None:
    def end_after(k: int) -> End:
        folder = tmp_path / str(k)
        folder.mkdir()
        with opened(folder) as page:
            time.sleep(0.2 * k)
            return closed(page, (signal.SIGTERM, signal.SIGINT)[k % 2])

    with ThreadPoolExecutor(2) as pool:
        for end in pool.map(end_after, range(8)):
            assert_in_order(end)
    assert not [name for name in files_in(tmp_path) if ".tmp." in name], "half-written code"


def test_while_code_is_compiled(tmp_path: Path) -> None:
    """Python's end would destroy under LLVM what it works on, and abort the process."""
    with opened(tmp_path, COMPILES) as page:
        assert page.process.stderr is not None
        assert "begun\n" in iter(page.process.stderr.readline, "")
        assert_in_order(closed(page))


def test_while_the_opening_is_being_kept(tmp_path: Path) -> None:
    with opened(tmp_path, WRITES) as page:
        assert page.process.stderr is not None
        assert "begun\n" in iter(page.process.stderr.readline, "")
        assert_in_order(closed(page))
    (kept,) = files_in(tmp_path / "kept")
    assert kept.endswith(".json.gz")


def test_while_a_browser_is_being_opened(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\ntouch opened\nexec sleep 9 2>&-\n")
    browser.chmod(0o755)
    with opened(tmp_path, browser=str(browser)) as page:
        while not (tmp_path / "opened").exists():
            time.sleep(0.01)
        assert_in_order(closed(page, signal.SIGINT))


def test_while_pages_wait_for_answers(tmp_path: Path) -> None:
    """Nobody who asks is waited for longer than a moment: their answers are compiled first, or stay for ever."""
    with opened(tmp_path) as page, ExitStack() as stack:

        def asked(method: str, path: str, body: str | None = None, **headers: str) -> http.client.HTTPConnection:
            connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
            stack.callback(connection.close)
            headers = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"content-type": "application/json", **headers})
            return connection

        core = asked("GET", "/data/core.json")
        asked("GET", "/data/engine.bin")
        run = asked("POST", "/api/run", json.dumps({"state": {}, "from": 0, "to": 9}))
        host = asked("POST", "/room/host", "{}", x_b8sim_host=page.token).getresponse()
        events = asked("GET", "/room/events", cookie=str(host.getheader("set-cookie")).split(";")[0])
        assert run.getresponse().readline(), "it computes the first replicate"
        assert events.getresponse().readline()
        end = closed(page, signal.SIGHUP)
        assert core.getresponse().status == 503
    assert_in_order(end)


def test_what_computes_on_is_found() -> None:
    go_on = threading.Event()

    def compute(seconds: float | None = None) -> None:
        go_on.wait(seconds)

    thread = threading.Thread(target=compute)
    thread.start()
    assert are_running([compute.__code__])
    assert not stopped(0.01)
    go_on.set()
    thread.join()
    assert not are_running([compute.__code__])


def test_a_file_is_waited_for_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[tuple[int, float]] = []
    monkeypatch.setattr(os, "_exit", lambda status: ends.append((status, time.monotonic())))
    for most, seconds in ((30.0, 0.1), (0.2, 60.0)):
        monkeypatch.setattr(leaving, "SECONDS_TO_WRITE", most)
        written = threading.Event()

        def write(written: threading.Event = written, seconds: float = seconds) -> None:
            written.wait(seconds)

        thread, began = threading.Thread(target=write), time.monotonic()
        thread.start()
        leaving.leave(3, [write.__code__])
        status, ended = ends[-1]
        assert status == 3
        assert min(most, seconds) <= ended - began < 20
        written.set()
        thread.join()
