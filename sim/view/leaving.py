"""Leaving the page: what still computes is told to stop and waited for a moment, and then left behind.

Python cannot end as usual while a thread compiles: LLVM destroys what all its modules live in, the thread goes on
reading there, and the process aborts. A compilation takes half a minute and cannot be stopped, so that then the process
ends at once, without Python's own end. Such an end may come at any moment but while a file is being written.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from socket import socket
from types import CodeType, FrameType
from typing import Final, NoReturn

import uvicorn

from sim.engine.kept_code import KeptCode
from sim.view.opening import Opening

SECONDS_TO_STOP: Final = 1.0
"""How long what computes is waited for."""
SECONDS_TO_WRITE: Final = 5.0
"""How long a file is waited for after that: only a disk that hangs takes so long."""
SECONDS_OF_A_LOOK: Final = 0.05
"""How long a look at the threads takes at most."""
WRITERS: Final = (KeptCode.save_overload.__code__, Opening.keep.__code__)
"""What writes files in other threads."""


class Server(uvicorn.Server):
    """A server that says when it begins to close.

    Parameters
    ----------
    config
        As for a server that does not.
    closing
        Is called when a signal has asked it to close, before it waits for requests.
    """

    def __init__(self, config: uvicorn.Config, closing: Callable[[], None]) -> None:
        super().__init__(config)
        self._closing = closing

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals as they are: whoever runs the server passes them to ``handle_exit``, before it runs too."""
        yield

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Close the connections."""
        self._closing()
        # A request that is cut off is no mistake; uvicorn reports it with its traceback.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def stopped(seconds: float = SECONDS_TO_STOP) -> bool:
    """Return whether this thread is the only one, after waiting so long for the others that are no daemons."""
    until = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.0, until - time.monotonic()))
    return threading.active_count() == 1


def leave(status: int, writers: Collection[CodeType] = WRITERS) -> NoReturn:
    """End the process, whatever its other threads do; only a file that one of them writes is waited for.

    Parameters
    ----------
    status
        The exit status.
    writers
        The code of what writes files.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, without a reader, or not there (``pythonw``)
            stream.flush()
    # No other thread of Python goes on between the look at them and the end.
    sys.setswitchinterval(SECONDS_OF_A_LOOK)
    until = time.monotonic() + SECONDS_TO_WRITE
    while are_running(writers) and time.monotonic() < until:
        time.sleep(0.01)
    os._exit(status)


def are_running(codes: Collection[CodeType]) -> bool:
    """Return whether some thread is inside one of these functions."""
    for innermost in sys._current_frames().values():
        frame: FrameType | None = innermost
        while frame is not None:
            if frame.f_code in codes:
                return True
            frame = frame.f_back
    return False
