"""The page inside a report: the same modules, style and data as `b8sim view` serves, in one file that loads nothing.

ES modules in one HTML file: an import map gives each module the content of its file as a ``data:`` address, so nothing
is bundled. A content security policy allows these scripts, by their hashes, and no request.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, cast

from markupsafe import Markup

import sim
from sim.report.core import core_data

if TYPE_CHECKING:
    from sim.report.book import Comparison, LiveComparison

VIEW: Final = Path(sim.__file__).parent / "view"
WEB: Final = VIEW / "web"
ENGINE: Final = VIEW / "engine.wasm"
ENTRY: Final = "app.js"
WORKER: Final = "engine/worker.js"
PREFIX: Final = "b8sim/"
_IMPORT: Final = re.compile(
    r"""^((?:import|export)\b[^"';]*?\bfrom\s*|import\s*)(["'])(\.{1,2}/[^"']+)\2""", re.MULTILINE
)
START: Final = f'import "{PREFIX}{ENTRY}";'
EARLY: Final = (
    "if (HTMLScriptElement.supports?.('importmap') && self.DecompressionStream) "
    "document.documentElement.classList.add('opening');"
)
"""Where the page will open, the report to print is not laid out first: that would take longer than the page itself."""


@dataclass(frozen=True)
class Live:
    """The parts of the page for the template of the report.

    Attributes
    ----------
    policy
        The content security policy.
    early
        The script that runs before the report is laid out.
    style
        Content of ``style.css``.
    core
        The data: JSON, gzip, base64.
    engine, engine_data, engine_worker
        The engine of the browser and its data, gzip, base64, and the module of its workers as an address; empty where
        there is none: the page then shows the stored results.
    schema
        The schema of the state, as JSON that can be inside a script element.
    modules
        The import map.
    start
        The script that starts the page.
    """

    policy: str
    early: Markup
    style: Markup
    core: Markup
    engine: Markup
    engine_data: Markup
    engine_worker: Markup
    schema: Markup
    modules: Markup
    start: Markup


def live_of(comparison: Comparison) -> Live | None:
    """Return the page of a comparison; None for one that is made of tables only, or of one regime."""
    if len(comparison.regimes) < 2 or not hasattr(comparison, "parting"):
        return None
    given = cast("LiveComparison", comparison)
    return live(core_data(given), given.engine)


def live(core: dict[str, Any], engine: bytes | None = None) -> Live:
    """Return the page with some data.

    Parameters
    ----------
    core
        As `sim.report.core.core_data` returns them.
    engine
        The data of the engine of the browser, in gzip (`sim.runs.engine_data`); None: no number can be changed.
    """
    modules = json.dumps({"imports": import_map()}, separators=(",", ":"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(EARLY)} {_hash(modules)} {_hash(START)} data: 'wasm-unsafe-eval'",
            "worker-src blob: data:",
            "img-src data: blob:",
            "style-src 'unsafe-inline'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return Live(
        policy=policy,
        early=Markup(EARLY),
        style=Markup((WEB / "style.css").read_text(encoding="utf-8")),
        core=Markup(_packed(json.dumps(core, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode())),
        engine=Markup("" if engine is None else _packed(ENGINE.read_bytes())),
        engine_data=Markup("" if engine is None else base64.b64encode(engine).decode()),
        engine_worker=Markup("" if engine is None else _address(self_contained(WORKER))),
        schema=_inside((VIEW / "state.schema.json").read_text(encoding="utf-8")),
        modules=Markup(modules),
        start=Markup(START),
    )


def import_map() -> dict[str, str]:
    """Return the modules that the page needs: name to ``data:`` address, in the order of their names."""
    texts: dict[str, str] = {}
    wanted = [ENTRY]
    while wanted:
        name = wanted.pop()
        if name in texts:
            continue
        text = (WEB / name).read_text(encoding="utf-8")
        found = {match[3]: _joined(name, match[3]) for match in _IMPORT.finditer(text)}
        texts[name] = _IMPORT.sub(lambda match, found=found: f'{match[1]}"{PREFIX}{found[match[3]]}"', text)  # type: ignore[misc]
        wanted += found.values()
    return {f"{PREFIX}{name}": _address(texts[name]) for name in sorted(texts)}


def self_contained(name: str) -> str:
    """Return a module in which each import is the address of what it imports: a worker knows no import map."""
    text = (WEB / name).read_text(encoding="utf-8")
    found = {match[3]: _address(self_contained(_joined(name, match[3]))) for match in _IMPORT.finditer(text)}
    return _IMPORT.sub(lambda match: f'{match[1]}"{found[match[3]]}"', text)


def _joined(name: str, relative: str) -> str:
    """Return the path of a module from the one that imports it."""
    parts: list[str] = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(relative).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _address(text: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(text.encode()).decode()}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def _inside(text: str) -> Markup:
    """Return JSON that cannot end the script element it is in."""
    return Markup(text.replace("<", "\\u003c"))
