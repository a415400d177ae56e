"""Runs ``engine.wasm`` in Node on the arrays of a state."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.engine.layout import COUNTERS, LOGGED
from sim.engine.state import State
from sim.files.pack import packed
from sim.view.portable import FILE, structs

SCRIPT: Final = Path(__file__).with_name("advance.mjs")
REPLICATES: Final = SCRIPT.with_name("replicates.mjs")
WANTED: Final = ("rows", "counter", "queue", "sums", "after", "before", "log")


def node() -> str | None:
    """Return Node, if it is there."""
    return shutil.which("node")


@dataclass(frozen=True)
class Ran:
    """What the engine left: its status, the processor seconds of the loop, and the bytes of some arrays by name."""

    status: int
    seconds: float
    left: dict[str, bytes]

    @property
    def log(self) -> bytes:
        """The log, as far as it is used."""
        logged = int(np.frombuffer(self.left["counter"], np.int64, COUNTERS)[LOGGED])
        return self.left["log"][: 12 * logged]


def run_in_node(folder: Path, state: State, until: int) -> Ran:
    """Run the engine on a copy of a state, up to and including a day."""
    fields = structs()["Arrays"]
    rows = state.rows
    parts = rows.dtype.fields or {}
    inside = {name: [rows.dtype[name].base.name, int(parts[name][1])] for name, _ in fields if name in parts}
    arrays = {name: getattr(state.arrays, name) for name, _ in fields if name not in inside}
    spare = np.zeros(rows.itemsize, np.uint8)  # the array of a part is one of whole rows
    arrays["rows"] = np.r_[rows.view(np.uint8).ravel(), spare]
    head: dict[str, Any] = {"struct": fields, "parts": inside, "rows": rows.size, "width": rows.itemsize}
    given, out = folder / "state.bin", folder / "left.bin"
    given.write_bytes(packed({**head, "wanted": WANTED}, arrays))
    # Optimised from the first call on: one call of the loop runs through, and V8 replaces code between calls only.
    line = [str(node()), "--no-liftoff", str(SCRIPT), str(FILE), str(given), str(until), str(out)]
    result = subprocess.run(line, capture_output=True, text=True, check=False, timeout=550)
    if result.returncode:
        raise RuntimeError(f"Node refused the engine:\n{result.stderr[-2000:]}")
    told, content, left, place = json.loads(result.stdout), out.read_bytes(), {}, 0
    for name, size in zip(WANTED, told["bytes"], strict=True):
        left[name] = content[place : place + size]
        place += size
    left["rows"] = left["rows"][: rows.nbytes]
    return Ran(told["status"], told["seconds"], left)


def in_node(data: Path, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run replicates of a file of `sim.runs.engine_data`, as ``replicates.mjs`` says."""
    line = [str(node()), str(REPLICATES), str(FILE), str(data)]
    result = subprocess.run(
        line, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=550, encoding="utf-8"
    )
    if result.returncode:
        raise RuntimeError(f"Node refused the engine:\n{result.stderr[-3000:]}")
    return list(json.loads(result.stdout))
