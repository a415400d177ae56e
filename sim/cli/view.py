"""``b8sim view``: the page for workshops, on this computer or for a room."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli.options import HypothesisOption, OwnOption, ReplicatesOption, SeedOption, given, under, whole_option
from sim.cli.work import note
from sim.files.errors import B8simError, InputError
from sim.files.paths import expanded
from sim.runs import interrupts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sim.scenarios.scenario import Scenario
    from sim.view.cards import Named
    from sim.view.opening import Opening
    from sim.view.room import Room

PORT: Final = 8228
HERE: Final = "127.0.0.1"
MISSING_EXTRA: Final = 'the page needs packages that a plain install does not have: pip install "b8sim[view]"'


def view_command(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A TOML file, or a shipped name. Default: netherlands.")
    ] = "netherlands",
    *,
    share: Annotated[
        bool, typer.Option("--share", help="Let others on the local network join with a code of six figures.")
    ] = False,
    port: Annotated[
        int | None, whole_option("--port", 1, 65535, "N", f"The port. Default: {PORT}, or a free one.")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the browser; print the address.")
    ] = False,
    cards: Annotated[
        Path | None,
        typer.Option(
            "--cards", parser=expanded, metavar="DIR", help="Your own cards (*.toml) instead of the shipped ones."
        ),
    ] = None,
    replicates: ReplicatesOption = None,
    seed: SeedOption = None,
    hypothesis: HypothesisOption = None,
    own: OwnOption = None,
) -> None:
    """Open the page for workshops in the browser; Ctrl-C closes it. Nothing leaves this computer."""
    try:
        import uvicorn
    except ImportError:
        raise B8simError(MISSING_EXTRA) from None
    from sim.runs.loading import scenario_of
    from sim.view.leaving import Server, leave, stopped
    from sim.view.room import Room

    settings = given(replicates=replicates, seed=seed)
    base = scenario_of(under(scenario, hypothesis, own))
    base = base.replace(**settings) if settings else base
    deck = _deck(base, cards)
    addresses = own_addresses() if share else []
    if share and not addresses:
        raise InputError("no network to share it on", key="--share", accepted="a computer with a network address")
    listener = listening("0.0.0.0" if share else HERE, port)
    number = listener.getsockname()[1]
    room = Room(deck)
    app, opening = page_of(
        base, room, [f"{name}:{number}" for name in (HERE, "localhost")], [f"{a}:{number}" for a in addresses]
    )
    address = f"http://{HERE}:{number}/#host={room.host_token}"
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=1, lifespan="off"
    )
    server = Server(config, opening.close)
    # From the first line on that says how to close it, closing it is no interrupt.
    with interrupts.passed_to(server.handle_exit), listener, contextlib.closing(opening):
        note(f"The page is at {address} on this computer; Ctrl-C closes it.")
        if share:
            note(
                f"Others on this network find it at http://{addresses[0]}:{number}/ and join with the code {room.code}."
            )
        opening.begin()
        if not no_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        server.run(sockets=[listener])
    alone = stopped()
    note("Closed.")
    if not alone:
        leave(0)


def page_of(
    base: Scenario, room: Room, names: list[str], shared: list[str]
) -> tuple[Callable[..., Awaitable[None]], Opening]:
    """Return the application of the page over a scenario, and what it opens with, which is not yet computed.

    Parameters
    ----------
    base
        The scenario.
    room
        The room of the page.
    names, shared
        Names with ports that the server has on this computer, and on the network.
    """
    import anyio

    from sim.view.answers import Answers
    from sim.view.opening import Opening, usual_folder
    from sim.view.room_routes import Meeting
    from sim.view.server import application

    opening, answers = Opening(base, note, usual_folder()), Answers(base)
    threads = anyio.CapacityLimiter(os.cpu_count() or 1)
    meeting = Meeting(room, answers, threads, base.document.scenario.replicates, shared)
    app = application(
        answers,
        opening.first,
        [*names, *shared],
        threads=threads,
        meeting=meeting,
        engine=opening.engine,
        later=opening.later,
    )
    return app, opening


def _deck(base: Scenario, folder: Path | None) -> tuple[Named, ...]:
    """Return the cards: the user's, which must suit the scenario, or those shipped that do."""
    from sim.view.cards import cards_in, check_card, shipped_cards

    if folder is not None:
        found = cards_in(folder)
        for one in found:
            check_card(one, base, folder / f"{one.name}.toml")
        return found
    suited = []
    for one in shipped_cards():
        try:
            check_card(one, base)
        except InputError:
            continue
        suited.append(one)
    left = len(shipped_cards()) - len(suited)
    if left:
        note(f"{left} of the {len(shipped_cards())} cards do not suit this scenario and are left out.")
    return tuple(suited)


def listening(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens: at the port that is given, else at the usual one or any that is free.

    Raises
    ------
    InputError
        When the port that is given cannot be used.
    """
    for number in (PORT, 0) if port is None else (port,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if sys.platform != "win32":  # there it would let two programs listen at one port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, number))
            listener.listen(128)
        except OSError as error:
            listener.close()
            reason = (error.strerror or str(error)).lower()
            if port is not None:
                raise InputError(
                    f"cannot be used: {reason}", key="--port", value=port, accepted="a free port"
                ) from None
        else:
            return listener
    raise InputError("no free port", key="--port", accepted="a port that nothing else uses")


def own_addresses() -> list[str]:
    """Return the addresses of this computer on its networks, the one that others most likely reach first."""
    found: list[str] = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Of a protocol without connections: nothing is sent, the system only says which of its addresses it would use.
        probe.connect(("192.0.2.1", 9))
        found.append(str(probe.getsockname()[0]))
    with contextlib.suppress(OSError):
        found += [str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [address for address in dict.fromkeys(found) if not address.startswith(("127.", "0."))]
