"""The server of the page: its files, its data, the answers to states, and the check of a state.

    GET  /                      the page
    GET  /web/...               its modules, style and texts
    GET  /data/core.json        what the page opens with (`sim.report.core`, `sim.view.opening`)
    GET  /data/later.json       ?stage=1: the same once a later stage is there; until then nothing (204)
    GET  /data/engine.bin       what the engine of the browser needs (`sim.runs.engine_data`), in gzip
    GET  /data/state.schema.json
    GET  /data/...              engine, and whatever else is shipped for the page
    POST /api/run               {state, from, to}: NDJSON, a head, then a line for each replicate
    POST /api/check             {state, replicates}: scenario, commands, link; or the refusal

A refusal is ``{"refusal": [{problem, key, given, accepted, nearest}]}``. Nothing is uploaded, no path is taken from a
request, and nothing is written to disk.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from sim.files.errors import MISSING, InputError, as_toml
from sim.files.numbers import MOST_REPLICATES
from sim.view.answers import Answers
from sim.view.guard import Guard, TooLong, refusal
from sim.view.lines import Lines
from sim.view.state import SCHEMA_FILE, State
from sim.view.threads import in_thread

if TYPE_CHECKING:
    from sim.view.room_routes import Meeting

FOLDER: Final = Path(__file__).parent
WEB: Final = FOLDER / "web"
KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
}
"""The kinds of files that are served, by their endings."""
MOST_REPLICATES_AT_ONCE: Final = 100
"""Replicates of one request."""
MOST_PAGES: Final = 200
"""Pages whose last request is remembered."""


@dataclass
class Service:
    """What the routes share.

    Attributes
    ----------
    answers
        The compiled states.
    core
        Returns the JSON that the page opens with.
    later
        Returns the JSON of a later stage than one with a number; None: there is none so far.
    files
        The files of the page: path in the address to file.
    threads
        How many replicates run at the same time.
    engine
        Returns the data of the engine of the browser, in gzip; None where it cannot run the scenario.
    admits
        Returns whether a request may start a computation; None: all requests may.
    newest
        The number of the last request of each page: an older one of the same page stops.
    lines
        What is computed for whoever asks for it.
    """

    answers: Answers
    core: Callable[[], str]
    later: Callable[[int], str | None]
    files: Mapping[str, Path]
    threads: anyio.CapacityLimiter
    engine: Callable[[], bytes | None]
    admits: Callable[[Request], bool] | None = None
    newest: OrderedDict[str, int] = field(default_factory=OrderedDict)
    lines: Lines = field(init=False)

    def __post_init__(self) -> None:
        """Let the lines be computed by the same threads."""
        self.lines = Lines(self.threads)

    def turn(self, page: str) -> int:
        """Note a request of a page, and return its number."""
        number = self.newest.pop(page, 0) + 1
        self.newest[page] = number
        while len(self.newest) > MOST_PAGES:
            self.newest.popitem(last=False)
        return number

    def is_newest(self, page: str, turn: int) -> bool:
        """Return whether a page has sent no newer request; a page without a name is asked for all it wants."""
        return not page or self.newest.get(page) == turn


def application(
    answers: Answers,
    core: Callable[[], str],
    hosts: Collection[str],
    *,
    threads: anyio.CapacityLimiter,
    meeting: Meeting | None = None,
    engine: Callable[[], bytes | None] = lambda: None,
    later: Callable[[int], str | None] = lambda _: None,
) -> ASGIApp:
    """Return the application that serves the page.

    Parameters
    ----------
    answers
        Over the scenario that the page is opened with.
    core
        Returns the JSON that the page opens with.
    hosts
        Names with ports that the server has; it answers to no other.
    threads
        How many replicates run at the same time.
    engine
        Returns the data of the engine of the browser; None where it cannot run the scenario.
    later
        Returns the JSON of a later stage than one with a number; None: there is none so far.
    meeting
        The room, if there is one; then only its members and the host may let this computer run something.
    """
    service = Service(answers, core, later, page_files(), threads, engine, None if meeting is None else meeting.admits)
    refusals = {} if meeting is None else meeting.refusals()
    app = Starlette(
        routes=[
            Route("/", _file),
            Route("/web/{path:path}", _file),
            Route("/data/core.json", _core),
            Route("/data/later.json", _later),
            Route("/data/engine.bin", _engine),
            Route("/data/{path:path}", _file),
            Route("/api/run", _run, methods=["POST"]),
            Route("/api/check", _check, methods=["POST"]),
            *(() if meeting is None else meeting.routes()),
        ],
        exception_handlers={InputError: _refused, HTTPException: _not_there, Exception: _defect, **refusals},
    )
    app.state.service = service
    # Around everything, so that the answer to a defect has the headers too.
    return Guard(app, hosts)


def page_files() -> dict[str, Path]:
    """Return the files of the page by their addresses; nothing outside this list can be asked for."""
    found = {"/": WEB / "index.html", "/data/state.schema.json": SCHEMA_FILE}
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and path.suffix in KINDS:
            found[f"/web/{path.relative_to(WEB).as_posix()}"] = path
    for path in sorted(FOLDER.glob("engine*.wasm")):
        found[f"/data/{path.name}"] = path
    return found


async def body_of(request: Request, *keys: str) -> dict[str, Any]:
    """Return the JSON object that a request sends.

    Raises
    ------
    InputError
        When it is none, or has other keys than those that are given.
    """
    text = await request.body()
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InputError("not JSON", key="body", accepted=f"an object with {', '.join(keys)}") from None
    if not isinstance(content, dict) or set(content) - set(keys):
        raise InputError("not what is asked for", key="body", accepted=f"an object with {', '.join(keys)}")
    return content


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def whole_of(content: Mapping[str, Any], key: str, low: int, high: int, default: int | None = None) -> int:
    """Return a whole number of a request.

    Raises
    ------
    InputError
        When it is missing without a default, no whole number, or out of range.
    """
    value = content.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        accepted = f"a whole number from {low} to {high}"
        raise InputError("not accepted", key=key, value=MISSING if value is None else value, accepted=accepted)
    return value


async def _file(request: Request) -> Response:
    service: Service = request.app.state.service
    path = service.files.get(request.url.path)
    if path is None or not path.is_file():
        raise HTTPException(404)
    content = await anyio.Path(path).read_bytes()
    return Response(content, media_type=KINDS[path.suffix], headers={"cache-control": "no-cache"})


async def _core(request: Request) -> Response:
    service: Service = request.app.state.service
    try:
        text = await in_thread(service.core)
    except CancelledError:
        raise HTTPException(503, "the page is being closed") from None
    return Response(text, media_type="application/json", headers={"cache-control": "no-cache"})


async def _later(request: Request) -> Response:
    service: Service = request.app.state.service
    stage = request.query_params.get("stage", "")
    if not (stage.isascii() and stage.isdigit() and len(stage) < 3):
        raise InputError("not accepted", key="stage", value=stage, accepted="the number of a stage")
    text = service.later(int(stage))
    headers = {"cache-control": "no-store"}
    return Response(text, media_type="application/json", headers=headers) if text else Response(None, 204, headers)


async def _engine(request: Request) -> Response:
    service: Service = request.app.state.service
    content = await in_thread(service.engine)
    if content is None:
        return Response(status_code=204)
    headers = {"cache-control": "no-cache", "content-encoding": "gzip"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _admitted(request: Request) -> Service:
    """Return what the routes share, to whoever may let the computer work."""
    service: Service = request.app.state.service
    if service.admits is not None and not service.admits(request):
        raise HTTPException(403, "not in the room: join with the code")
    return service


async def _run(request: Request) -> Response:
    service = _admitted(request)
    content = await body_of(request, "state", "from", "to")
    state = State.of(content.get("state"))
    first = whole_of(content, "from", 0, MOST_REPLICATES, 0)
    last = whole_of(content, "to", first + 1, first + MOST_REPLICATES_AT_ONCE, first + 1)
    page = request.headers.get("x-b8sim-page", "")[:64]
    turn = service.turn(page)
    question = await in_thread(service.answers.question, state, limiter=service.threads)

    async def lines() -> AsyncIterator[str]:
        yield _line(question.head())
        for number in range(first, last):
            if not service.is_newest(page, turn):
                yield _line({"kind": "stopped", "why": "a newer state of the same page"})
                return
            try:
                answer = await service.lines.line(state.simulated().link(), question, number)
            except Exception as error:
                _report(error)
                yield _line({"kind": "failed", "why": _why(error)})
                return
            yield answer
        yield _line({"kind": "end"})

    return StreamingResponse(lines(), media_type="application/x-ndjson", headers={"cache-control": "no-store"})


async def _check(request: Request) -> Response:
    service = _admitted(request)
    content = await body_of(request, "state", "replicates")
    state = State.of(content.get("state"))
    replicates = None
    if content.get("replicates") is not None:
        replicates = whole_of(content, "replicates", 1, MOST_REPLICATES)
    found = await in_thread(checked, service.answers, state, replicates, limiter=service.threads)
    return JSONResponse(found, headers={"cache-control": "no-store"})


def checked(answers: Answers, state: State, replicates: int | None = None) -> dict[str, Any]:
    """Return the scenario of a state, the commands that show the same as the page, and the link.

    Returns
    -------
    dict
        ``file``: a name; ``scenario``: the content of that file; ``beside``: own files that must lie beside it, path to
        content; ``commands``: name to command; ``link``: from ``#``.

    Raises
    ------
    InputError
        When the scenario does not accept the state.
    """
    from sim.report.file_names import file_part
    from sim.runs.loading import asked_of

    asked = asked_of(state.scenario(answers.base, replicates=replicates))
    file = f"{file_part(answers.base.name)}-view.toml"
    return {
        "file": file,
        "scenario": asked.text,
        "beside": dict(asked.own_files),
        "commands": state.commands(file),
        "link": state.link(),
    }


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    said = [one for problem in error.problems for one in refusal(**_plain(problem))["refusal"]]
    return JSONResponse({"refusal": said}, status_code=422, headers={"cache-control": "no-store"})


def _plain(problem: InputError) -> dict[str, Any]:
    """Return one mistake for the page: without the name of a file of the host's."""
    accepted, value = problem.accepted, problem.value
    if isinstance(value, str) and ("/" in value or "\\" in value):
        value = PurePath(value).name
    said = {
        "key": problem.key,
        "given": None if value is MISSING else as_toml(value),
        "accepted": accepted if accepted is None or isinstance(accepted, str) else list(accepted),
        "nearest": problem.nearest,
    }
    return {"problem": problem.problem, **{key: value for key, value in said.items() if value is not None}}


async def _not_there(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse(refusal(str(error.detail).lower()), status_code=error.status_code, headers=error.headers)


async def _defect(_: Request, error: Exception) -> Response:
    if isinstance(error, TooLong):
        raise error
    return JSONResponse(refusal(_why(error)), status_code=500, headers={"cache-control": "no-store"})


def _why(error: Exception) -> str:
    """Return why a run failed, for the page; the terminal of the host has the rest."""
    return str(error) if isinstance(error, InputError) else f"the run failed ({type(error).__name__})"


def _report(error: Exception) -> None:
    if not isinstance(error, InputError):
        sys.stderr.write("".join(traceback.format_exception(error)))


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, separators=(",", ":"), allow_nan=False) + "\n"
