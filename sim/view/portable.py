"""The engine for the browser: the kernel and what stands around it as one file of WebAssembly.

``make engine`` (``python -m sim.view.portable``) translates the functions of ``ENTRANCES`` and all that they call to C,
compiles them, and writes ``engine.wasm`` and ``engine.json`` beside this file. ``pip install 'b8sim[engine]'`` brings a
compiler (Zig's); ``clang`` with ``lld`` does as well.

In ``engine.json``: ``program``, the hash of the C program, by which the file is known to be of these sources;
``compiler`` and ``options``; ``engine``, the hash of ``engine.wasm``; ``structs``, for each tuple of arrays the names
and types of the elements in the order of the struct. A struct has three numbers of 8 bytes for each array: its address,
and two sizes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final, get_type_hints

from sim.agents.listing import list_names
from sim.agents.meetings import make_meetings
from sim.agents.people import make_people
from sim.engine.draws import chain
from sim.engine.elementary import log
from sim.engine.kernel import advance
from sim.engine.morning import begin
from sim.engine.portable.expressions import kind_of
from sim.engine.portable.translate import kernel_in_c
from sim.outcomes.by_person import sort_moves
from sim.outcomes.counting import count_run

ENTRANCES: Final = (list_names, make_people, make_meetings, begin, advance, sort_moves, count_run, chain, log)
"""The functions that a page calls."""
FILE: Final = Path(__file__).with_name("engine.wasm")
ABOUT: Final = FILE.with_suffix(".json")
OPTIONS: Final = (
    *("--target=wasm32-freestanding", "-O3", "-mbulk-memory", "-ffp-contract=off", "-fno-math-errno"),
    *("-fno-strict-aliasing", "-fno-builtin", "-nostdlib", "-g0", "-Wl,--no-entry", "-Wl,--strip-all"),
    *("-Wl,--export=__heap_base", "-Wl,-z,stack-size=65536"),
)
"""No fused operations, as in the engine, so that all round alike; rows of bytes are read in several widths."""


@cache
def program() -> str:
    """Return the C program of the engine."""
    return kernel_in_c(*ENTRANCES)


def hash_of(content: bytes) -> str:
    """Return the hash by which a program or an engine is known."""
    return hashlib.sha256(content).hexdigest()


def is_stale() -> bool:
    """Return whether the engine that is shipped was built from other sources."""
    return bool(about()["program"] != hash_of(program().encode()))


def about() -> dict[str, Any]:
    """Return what ``engine.json`` says."""
    content: dict[str, Any] = json.loads(ABOUT.read_text(encoding="utf-8"))
    return content


def compiler() -> tuple[list[str], str] | None:
    """Return the command of a compiler to WebAssembly and its name with the version; None where there is none."""
    if importlib.util.find_spec("ziglang") is not None:
        command = [sys.executable, "-m", "ziglang"]
        return [*command, "cc"], f"zig {_printed([*command, 'version']).strip()}"
    clang = shutil.which("clang")
    if clang is not None and shutil.which("wasm-ld") is not None:
        return [clang], _printed([clang, "--version"]).splitlines()[0]
    return None


def _printed(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def build(target: Path) -> str:
    """Compile the engine to a file; return the name of the compiler.

    Raises
    ------
    RuntimeError
        When there is no compiler, or it refuses the program.
    """
    found = compiler()
    if found is None:
        raise RuntimeError("no compiler to WebAssembly was found: pip install 'b8sim[engine]', or clang with lld")
    command, name = found
    with tempfile.TemporaryDirectory() as folder:
        # Names without a path, so that no file depends on where it was made.
        Path(folder, "engine.c").write_text(program(), encoding="utf-8")
        line = [*command, *_options(name), "-o", "engine.wasm", "engine.c"]
        result = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode:
            raise RuntimeError(f"the compiler refused the engine:\n{result.stderr[:2000]}")
        shutil.copyfile(Path(folder, "engine.wasm"), target)
    return name


def _options(name: str) -> tuple[str, ...]:
    return OPTIONS if name.startswith("zig") else ("--target=wasm32", *OPTIONS[1:])


def structs() -> dict[str, list[list[str]]]:
    """Return, for each tuple of arrays that an entrance takes, the name and the type of the elements of each array."""
    found = {}
    for entrance in ENTRANCES:
        function = getattr(entrance, "py_func", entrance)
        arrays = function.__globals__.get(next(iter(function.__annotations__.values())))
        if arrays is None:  # a function of numbers
            continue
        found[arrays.__name__] = [[name, kind_of(hint).name] for name, hint in get_type_hints(arrays).items()]
    return found


def write() -> None:
    """Build the engine that is shipped, and note what it was built from."""
    name = build(FILE)
    content = {
        "program": hash_of(program().encode()),
        "compiler": name,
        "options": list(_options(name)),
        "engine": hash_of(FILE.read_bytes()),
        "structs": structs(),
    }
    ABOUT.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{FILE} ({FILE.stat().st_size:,} bytes)\n")
