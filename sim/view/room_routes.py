"""The routes of a room. All but ``join`` are for members, or for the host, whose token is in a header.

GET  /room/cards      the cards
GET  /room/events     what everybody may see, sent again after each change (server-sent events)
POST /room/join       {code}: a colour; the token is in a cookie that no script reads
POST /room/leave      {}
POST /room/vote       {round, choice, amount}
POST /room/state      {state}: a member's position; of the host: what the members follow, or null
POST /room/host       {}: the code, the addresses; a cookie for the events
POST /room/card       {open, seconds} | {reveal: round} | {clear: true}
POST /room/hands      {round, counts}
POST /room/note       {kind, text}
POST /room/figure     {figure, who, when}
POST /room/turns      {parameter, state}: whether the answer turns between the positions of the members
POST /room/minutes    {language}: the session as JSON and as a page to print; nothing is kept here
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.files.errors import MISSING, InputError
from sim.view.answers import Answers
from sim.view.cards import CHOICES
from sim.view.minutes import minutes_page
from sim.view.room import LONGEST_COLLECTION, Member, NotAllowedError, Room, TooManyError
from sim.view.server import body_of, whole_of
from sim.view.state import State
from sim.view.table import Round, choice_of, summary
from sim.view.threads import in_thread
from sim.view.turning import RUNS, Answer, turning

COOKIE: Final = "b8sim_room"
HOST_COOKIE: Final = "b8sim_host"
HOST_HEADER: Final = "x-b8sim-host"
NO_STORE: Final = {"cache-control": "no-store"}
STREAMS_OF_A_MEMBER: Final = 3
ALIVE_SECONDS: Final = 15.0
LOOPBACK: Final = ("127.0.0.1", "::1")
PEOPLE_OF_TURNING: Final = 10_000


@dataclass
class Meeting:
    """A room on a server.

    Attributes
    ----------
    room
        The room.
    answers
        The compiled states.
    threads
        How many replicates run at the same time.
    replicates
        Of what the model says of a card.
    addresses
        Where others find the page; empty: it is not shared.
    """

    room: Room
    answers: Answers
    threads: anyio.CapacityLimiter
    replicates: int
    addresses: Collection[str] = ()
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def shared(self) -> bool:
        """Whether others can join."""
        return bool(self.addresses)

    def routes(self) -> list[Route]:
        """Return the routes of the room."""
        posts = {
            "join": self.join,
            "leave": self.leave,
            "vote": self.vote,
            "state": self.state,
            "host": self.host,
            "card": self.card,
            "hands": self.hands,
            "note": self.note,
            "figure": self.figure,
            "turns": self.turns,
            "minutes": self.minutes,
        }
        return [
            Route("/room/cards", self.cards),
            Route("/room/events", self.events),
            *(Route(f"/room/{name}", answer, methods=["POST"]) for name, answer in posts.items()),
        ]

    def refusals(self) -> dict[Any, Any]:
        """Return how mistakes of the room are answered."""
        return {NotAllowedError: _refused, TooManyError: _refused}

    def admits(self, request: Request) -> bool:
        """Return whether a request may let the computer work: it comes from this computer, or from a member."""
        return _address(request) in LOOPBACK or request.cookies.get(COOKIE, "") in self.room.members

    # ---- for everybody ----

    async def cards(self, _: Request) -> Response:
        """Answer with the cards, in their order."""
        return _answer({"cards": [one.plain() for one in self.room.cards.values()]})

    async def events(self, request: Request) -> Response:
        """Answer with what everybody may see: now, and after each change; a slow reader gets only the newest."""
        member = self._watcher(request)
        if member is not None:
            if member.streams >= STREAMS_OF_A_MEMBER:
                raise TooManyError("the room is open in too many windows")
            member.streams += 1

        async def stream() -> AsyncIterator[str]:
            changed = asyncio.Event()
            stop = self.room.listen(changed.set)
            try:
                yield "retry: 1000\n\n"
                while member is None or member.token in self.room.members:
                    changed.clear()
                    yield f"event: room\ndata: {json.dumps(self.room.snapshot(), allow_nan=False)}\n\n"
                    while not changed.is_set():
                        try:
                            await asyncio.wait_for(changed.wait(), ALIVE_SECONDS)
                        except TimeoutError:
                            yield ": alive\n\n"
                yield "event: gone\ndata: {}\n\n"
            finally:
                stop()
                if member is not None:
                    member.streams -= 1

        return StreamingResponse(stream(), media_type="text/event-stream", headers=NO_STORE)

    async def join(self, request: Request) -> Response:
        """Let somebody in who has the code."""
        content = await body_of(request, "code")
        if not self.shared and _address(request) not in LOOPBACK:
            raise NotAllowedError("this page is not shared")
        member = self.room.join(_text(content, "code"), _address(request), request.cookies.get(COOKIE))
        table = self.room.on_the_table
        vote = None if table is None else table.votes.get(member.token)
        answer = _answer(
            {
                "colour": member.number,
                "state": None if member.state is None else member.state.plain(),
                "vote": None if vote is None else {"choice": vote.choice, "amount": vote.amount},
            }
        )
        answer.set_cookie(COOKIE, member.token, httponly=True, samesite="strict", path="/")
        return answer

    # ---- for members ----

    async def leave(self, request: Request) -> Response:
        """Let a member go."""
        await body_of(request)
        self.room.leave(request.cookies.get(COOKIE))
        answer = _answer({})
        answer.delete_cookie(COOKIE, path="/")
        return answer

    async def vote(self, request: Request) -> Response:
        """Take an answer to the card on the table."""
        member = self.room.member(request.cookies.get(COOKIE))
        content = await body_of(request, "round", "choice", "amount")
        amount = content.get("amount")
        is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if amount is not None and not (is_number and math.isfinite(amount) and abs(amount) <= 1000):
            raise InputError("not a number per 1,000", key="amount", value=amount, accepted="-1000 to 1000, or null")
        number = whole_of(content, "round", 1, 10**6)
        self.room.vote(member, number, _text(content, "choice"), None if amount is None else float(amount))
        return _answer({})

    async def state(self, request: Request) -> Response:
        """Take the position of a member, or what the host wants to be followed."""
        is_host = request.headers.get(HOST_HEADER) is not None
        if is_host:
            self._check_host(request)
        content = await body_of(request, "state")
        given = content.get("state")
        if is_host:
            self.room.follow(None if given is None else self._state(given))
        else:
            self.room.position(self.room.member(request.cookies.get(COOKIE)), self._state(given))
        return _answer({})

    # ---- for the host ----

    async def host(self, request: Request) -> Response:
        """Tell the host the code and where the room is."""
        self._check_host(request)
        await body_of(request)
        answer = _answer(
            {
                "code": self.room.code if self.shared else None,
                "addresses": [f"http://{name}/" for name in self.addresses],
                "log": self.room.log(),
            }
        )
        answer.set_cookie(HOST_COOKIE, self.room.host_token, httponly=True, samesite="strict", path="/")
        return answer

    async def card(self, request: Request) -> Response:
        """Open a card, reveal its answers, or clear the table."""
        self._check_host(request)
        content = await body_of(request, "open", "seconds", "reveal", "clear")
        if "open" in content:
            seconds = content.get("seconds")
            limit = None if seconds is None else whole_of(content, "seconds", 5, LONGEST_COLLECTION)
            table = self.room.open(_text(content, "open"), limit)
            task = asyncio.create_task(self._model(table))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            return _answer({"round": table.number})
        if "reveal" in content:
            self.room.reveal(whole_of(content, "reveal", 1, 10**6))
        elif content.get("clear") is True:
            self.room.clear()
        else:
            raise InputError("nothing to do", key="body", accepted="open, reveal or clear")
        return _answer({})

    async def hands(self, request: Request) -> Response:
        """Take a show of hands."""
        self._check_host(request)
        content = await body_of(request, "round", "counts")
        counts = content.get("counts")
        if not (
            isinstance(counts, list)
            and len(counts) == len(CHOICES)
            and all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= 1000 for one in counts)
        ):
            raise InputError("not a show of hands", key="counts", accepted=f"three numbers, for {', '.join(CHOICES)}")
        self.room.hands(whole_of(content, "round", 1, 10**6), counts)
        return _answer({})

    async def note(self, request: Request) -> Response:
        """Take a note."""
        self._check_host(request)
        content = await body_of(request, "kind", "text")
        self.room.note(_text(content, "kind"), _text(content, "text"))
        return _answer({"notes": self.room.notes})

    async def figure(self, request: Request) -> Response:
        """Take a figure that is to be asked for."""
        self._check_host(request)
        content = await body_of(request, "figure", "who", "when")
        self.room.figure(_text(content, "figure"), _text(content, "who"), _text(content, "when"))
        return _answer({"figures": self.room.figures})

    async def turns(self, request: Request) -> Response:
        """Answer whether the difference turns between the positions, where, and whether it does on other people."""
        self._check_host(request)
        content = await body_of(request, "parameter", "state")
        parameter, state = _text(content, "parameter"), self._state(content.get("state"))
        rows = [row for row in self.room.disagreement() if row["parameter"] == parameter and row["lowest"] is not None]
        if not rows or state.measure is None or state.group is None:
            accepted = "a parameter that enough members moved, and a state with measure and group"
            raise InputError("nothing to compare", key="parameter", value=parameter, accepted=accepted)
        known = self.answers.base.parameter_values()
        positions = (float(rows[0]["lowest"]), float(rows[0]["highest"]))
        passport = known.passport(parameter) if parameter in known else None
        plausible = positions if passport is None else (passport.low, passport.high)
        found = await turning(partial(self._difference, state, parameter), positions, plausible)
        self.room.turns(parameter, found.plain())
        return _answer({"parameter": parameter, **found.plain()})

    async def minutes(self, request: Request) -> Response:
        """Answer with the session as JSON and as a page."""
        self._check_host(request)
        content = await body_of(request, "language")
        language = content.get("language", "en")
        if language not in ("en", "nl"):
            raise InputError("unknown language", key="language", value=language, accepted="en, nl")
        log = self.room.log() | {"scenario": self.answers.base.name, "title": self.answers.base.title}
        return _answer({"log": log, "page": minutes_page(log, self.answers.base, language)})

    # ---- inside ----

    def _check_host(self, request: Request) -> None:
        """Refuse everybody but the host, who sits at this computer."""
        if _address(request) not in LOOPBACK:
            raise NotAllowedError("only the host can do this")
        self.room.check_host(request.headers.get(HOST_HEADER))

    def _watcher(self, request: Request) -> Member | None:
        """Return the member who watches, or None for the host; refuse everybody else."""
        given = request.cookies.get(HOST_COOKIE)
        if given is not None and _address(request) in LOOPBACK:
            self.room.check_host(given)
            return None
        return self.room.member(request.cookies.get(COOKIE))

    def _state(self, content: object) -> State:
        """Return a state that the scenario accepts."""
        state = State.of(content)
        state.scenario(self.answers.base)
        return state

    async def _model(self, table: Round) -> None:
        """Run what the model says of a card, and tell the room as it comes."""
        card = table.card.card
        question = await in_thread(self.answers.question, table.card.state, limiter=self.threads)
        places = {name: question.place(name, card.group) for name in (card.measure, *card.beside)}
        _, the_group = places[card.measure]
        levels: dict[str, dict[int, tuple[float, float]]] = {name: {} for name in places}
        sizes: list[float] = []
        for number in range(self.replicates):
            if self.room.on_the_table is not table:
                return
            reduced = await in_thread(question.replicate, number, limiter=self.threads)
            sizes.append(float(reduced.pairs[0, the_group].sum()))
            for name, (at, group) in places.items():
                levels[name][number] = (float(reduced.values[0, at, group]), float(reduced.values[-1, at, group]))
            people = sum(sizes) / len(sizes)
            found = {
                name: summary(name, levels[name], unit=question.measures[at][2], people=people)
                for name, (at, _) in places.items()
            }
            model = {
                "answer": found[card.measure],
                "choice": choice_of(found[card.measure], card.same_within),
                "beside": [found[name] for name in card.beside],
                "group": card.group,
                "regimes": [question.regimes[0], question.regimes[-1]],
                "runs": number + 1,
                "of": self.replicates,
                "covers": "chance",
            }
            self.room.modelled(table, model)

    async def _difference(self, state: State, parameter: str, value: float, first: int) -> Answer:
        """Return the mean difference with one value of a parameter and its sign, from some replicate on."""
        people = await in_thread(self.answers.people, limiter=self.threads)
        moved = replace(
            state, changes={**state.changes, parameter: value}, size=state.size or min(PEOPLE_OF_TURNING, people)
        )
        question = await in_thread(self.answers.question, moved, limiter=self.threads)
        at, group = question.place(str(state.measure), str(state.group))
        levels = {}
        for number in range(first, first + RUNS):
            reduced = await in_thread(question.replicate, number, limiter=self.threads)
            levels[number] = (float(reduced.values[0, at, group]), float(reduced.values[-1, at, group]))
        found = summary(parameter, levels, unit="", people=question.people)
        choice = choice_of(found, 0.0)
        return found["difference"] or 0.0, {"fewer": -1, "more": 1}.get(choice or "")


async def _refused(_: Request, error: Exception) -> Response:
    """Answer somebody who may not do something, or tries it too often."""
    from sim.view.guard import refusal

    status = 429 if isinstance(error, TooManyError) else 403
    return JSONResponse(refusal(str(error)), status_code=status, headers=NO_STORE)


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _answer(content: Mapping[str, Any]) -> JSONResponse:
    return JSONResponse(content, headers=NO_STORE)


def _text(content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str):
        raise InputError("not a text", key=key, value=MISSING if value is None else value, accepted="a text")
    return value
