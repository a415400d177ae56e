"""``b8sim view``: the page for workshops, on this computer or for a room."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli.options import HypothesisOption, OwnOption, ReplicatesOption, SeedOption, given, under, whole_option
from sim.cli.work import note
from sim.files.errors import B8simError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenarios.scenario import Scenario

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

    settings = given(replicates=replicates, seed=seed)
    base = scenario_of(under(scenario, hypothesis, own))
    base = base.replace(**settings) if settings else base
    addresses = own_addresses() if share else []
    if share and not addresses:
        raise InputError("no network to share it on", key="--share", accepted="a computer with a network address")
    listener = listening("0.0.0.0" if share else HERE, port)
    number = listener.getsockname()[1]
    app = page_of(base, [f"{name}:{number}" for name in (HERE, "localhost", *addresses)])
    address = f"http://{HERE}:{number}/"
    note(f"The page is at {address} on this computer; Ctrl-C closes it.")
    if not no_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=1, lifespan="off"
    )
    with contextlib.suppress(KeyboardInterrupt), listener:
        uvicorn.Server(config).run(sockets=[listener])
    note("Closed.")


def page_of(base: Scenario, hosts: list[str]) -> Callable[..., object]:
    """Return the application of the page over a scenario; what it opens with is computed from now on."""
    from sim.view.answers import Answers
    from sim.view.opening import Opening
    from sim.view.server import application

    opening = Opening(base, tell=note)
    threading.Thread(target=opening.prepare, daemon=True).start()
    return application(Answers(base), opening.text, hosts, workers=os.cpu_count() or 1)


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
