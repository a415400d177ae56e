"""A room that moves sliders: twenty clients at once ask the server of the page for one replicate of 3,000 people.

The page is served by ``b8sim view`` in a process of its own; the clients are threads of this one, which only wait. Each
asks for a state that nobody has asked for before; then all for one and the same new state, as a room does that follows
its host.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.machine import machine

CLIENTS = 20
PEOPLE = 3000
ROUNDS = 5
PARAMETER = "om.needed_base"
SCENARIO = f"""
extends = "netherlands"

[scenario]
title      = "A room"
replicates = 1

[inflow]
persons    = {PEOPLE}
capacities = "in_proportion"
"""


def run(quick: bool) -> dict[str, Any]:
    """Measure how long each of the clients waits for its answer, in several rounds."""
    rounds = 1 if quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder) / "room.toml"
        scenario.write_text(SCENARIO, encoding="utf-8")
        command = [sys.executable, "-m", "sim.cli", "view", str(scenario), "--no-browser"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
            try:
                assert server.stderr is not None
                found = next(m for line in server.stderr if (m := re.search(r"http://127\.0\.0\.1:\d+", line)))
                with urllib.request.urlopen(f"{found[0]}/data/core.json", timeout=600) as opening:
                    opening.read()
                _asked(found[0], 0.0)
                before = _processor_seconds(server.pid)
                waits = [_round(found[0], k) for k in range(rounds)]
                after = _processor_seconds(server.pid)
                alike = [_round(found[0], k, alike=True) for k in range(rounds)]
            finally:
                server.terminate()
                server.communicate()
    here = machine()
    return {
        "machine": f"{here['processors']} processors ({here['processor']})",
        "clients": CLIENTS,
        "people": PEOPLE,
        "rounds": rounds,
        "median_seconds": statistics.median(wait for one in waits for wait in one),
        "worst_seconds": [max(one) for one in waits],
        "worst_seconds_alike": [max(one) for one in alike],
        "processor_seconds_a_round": None if before is None or after is None else (after - before) / rounds,
    }


def _processor_seconds(process: int) -> float | None:
    """Return what a process took of the processors; None where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _round(address: str, number: int, alike: bool = False) -> list[float]:
    """Return the seconds that each client waits when all ask at once, each for a state of its own or all for one."""
    waits: list[float] = []
    ready = threading.Barrier(CLIENTS)

    def client(k: int) -> None:
        ready.wait()
        value = -4 - number / 1000 if alike else -3 - (number * CLIENTS + k) / 1000
        waits.append(_asked(address, value))

    threads = [threading.Thread(target=client, args=(k,)) for k in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == CLIENTS, "every client has its answer"
    return waits


def _asked(address: str, value: float) -> float:
    """Return the seconds until the answer to a state is there."""
    state = {"changes": {PARAMETER: value}} if value else {}
    request = urllib.request.Request(
        f"{address}/api/run", json.dumps({"state": state, "to": 1}).encode(), {"content-type": "application/json"}
    )
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as answer:
        lines = answer.read().splitlines()
    assert json.loads(lines[1])["kind"] == "replicate"
    return time.perf_counter() - start
