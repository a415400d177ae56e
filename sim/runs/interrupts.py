"""Ctrl-C, a request to terminate, a terminal that hangs up and a limit of processor time end a command where it is.

Python answers a signal with an exception at whatever line it has reached. Two kinds of line lose it: those that Python
runs on its own (when an object is freed, an exception is printed and forgotten), and compiled code of others that turns
any exception into one of its own. So the first kind is asked again a moment later, and of the second it is remembered
that an exception may be an interrupt in disguise.

SIGQUIT is left as it is: it ends a program at once.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from sim.runs.comparison import Comparison

A_MOMENT = 0.02
"""Seconds until an interrupt that was lost is raised again."""
SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGXCPU") if hasattr(signal, name)
)
OUTPUT: Final = (1, 2)
"""File descriptors of standard output and standard error."""
_heard = threading.Event()
_terminals: set[int] = set()


def with_partial(interrupt: KeyboardInterrupt, comparison: Comparison) -> KeyboardInterrupt:
    """Return the interrupt with a comparison of the replicates that were finished as its ``partial``.

    It stays a plain ``KeyboardInterrupt``: of that alone Python ends as if killed by the signal, which a loop in a
    shell must see to end too.
    """
    done, wanted = (comparison.receipt[key] for key in ("replicates", "replicates_wanted"))
    interrupt.partial = comparison  # type: ignore[attr-defined]
    interrupt.add_note(f"{done} of {wanted} replicates were finished: they are in .partial of this exception")
    return interrupt


def heard() -> bool:
    """Return whether an interrupt has come since the last `answered` began."""
    return _heard.is_set()


@contextmanager
def answered() -> Iterator[None]:
    """Let the signals raise ``KeyboardInterrupt`` in this block, also where Python would lose it.

    Who starts a program may have it ignore one of them, as ``nohup`` does with a terminal that hangs up; that stays so.
    Outside the main thread nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _heard.clear()
    _terminals.update(number for number in OUTPUT if os.isatty(number))
    numbers = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before, hook = {number: signal.signal(number, _stop) for number in numbers}, sys.unraisablehook

    def once_more(lost: sys.UnraisableHookArgs) -> None:
        if lost.exc_type is KeyboardInterrupt:
            signal.signal(signal.SIGALRM, _stop)
            signal.setitimer(signal.ITIMER_REAL, A_MOMENT)
        else:
            hook(lost)

    sys.unraisablehook = once_more
    try:
        yield
    finally:
        sys.unraisablehook = hook
        if signal.getsignal(signal.SIGALRM) is _stop:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for number, handler in before.items():
            signal.signal(number, handler)
        _terminals.clear()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    _heard.set()
    if hasattr(signal, "SIGHUP"):
        # A terminal that closes is told twice, by the system and by the shell: the second must not stop the writing.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _leave_lost_terminals()
    raise KeyboardInterrupt


def _leave_lost_terminals() -> None:
    """Let output go nowhere where there was a terminal and is none any more: to write to it would be a failure."""
    for number in _terminals:
        if not os.isatty(number):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, number)
            os.close(nowhere)
