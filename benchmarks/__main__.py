"""Run the benchmarks: ``python -m benchmarks [PART ...] [--quick]``.

Measurements go into ``benchmarks/results.json``, and from there into ``docs/performance.md`` and its figures.
``--quick`` runs smaller sizes as a check, prints the measurements, and keeps nothing. ``page`` as the only part writes
the page again from the kept results.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.machine import Others, machine
from benchmarks.page import PARTS, write_page

RESULTS = Path(__file__).parent / "results.json"
PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the parts given on the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure and write docs/performance.md.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}, page; all by default")
    parser.add_argument("--quick", action="store_true", help="smaller sizes; prints and keeps nothing")
    given = parser.parse_args()
    unknown = set(given.parts) - {*PARTS, "page"}
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)} and page")
    kept = _kept()
    wanted = [part for part in given.parts or PARTS if part != "page"]
    for part in wanted:
        print(f"{part} ...", flush=True)
        others, start = Others(), time.perf_counter()
        measured = import_module(f"benchmarks.part_{part}").run(given.quick)
        measured["run_seconds"] = round(time.perf_counter() - start, 1)
        measured["others"] = others.share()
        print(f"{part}: {measured['run_seconds']} s", flush=True)
        if given.quick:
            print(json.dumps(measured, indent=1))
            continue
        kept["parts"][part] = measured
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if not given.quick:
        write_page(kept, PROJECT / "docs")


def _kept() -> dict[str, Any]:
    """Return the earlier measurements of this machine; those of another one are dropped."""
    here = machine()
    if RESULTS.exists():
        kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
        if kept["machine"] == here:
            return kept
        print("The results that are kept are of another machine or other versions; they are measured again.")
    return {"machine": here, "parts": {}}


if __name__ == "__main__":
    main()
