"""Interrupts: Ctrl-C, a request to terminate, a terminal that hangs up and a limit of processor time.

Python answers a signal with an exception at whatever line it has reached. Two kinds of code lose it: finalisers (Python
prints an exception in them and drops it), and compiled code of other packages that turns any exception into its own. So
a lost interrupt is raised again a moment later, and after a signal any exception counts as a possible interrupt.

SIGQUIT keeps its meaning: it ends a program at once.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from sim.runs.comparison import Comparison

A_MOMENT = 0.02
"""Seconds until a lost interrupt is raised again."""
SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGXCPU") if hasattr(signal, name)
)
OUTPUT: Final = (1, 2)
"""File descriptors of standard output and standard error."""
_heard = threading.Event()
_terminals: set[int] = set()


def with_partial(interrupt: KeyboardInterrupt, comparison: Comparison) -> KeyboardInterrupt:
    """Return the interrupt with a comparison of the finished replicates as its ``partial``.

    It stays a plain ``KeyboardInterrupt``: only after that Python ends as if killed by the signal, which a loop in a
    shell needs in order to end too.
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
    """Make the signals raise ``KeyboardInterrupt`` in this block, also where Python would lose it.

    A signal that the caller has set to be ignored, as ``nohup`` does with a hang-up, stays ignored. Outside the main
    thread nothing changes.
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


@contextmanager
def passed_to(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Pass the signals to a function in this block, and ignore them up to the end of `answered`.

    Parameters
    ----------
    handler
        Of a signal, as ``signal.signal`` takes it. A signal that is ignored stays ignored.
    """
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)
    try:
        yield
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    _heard.set()
    if hasattr(signal, "SIGHUP"):
        # A closing terminal sends one signal from the system and one from the shell: only the first may interrupt.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _leave_lost_terminals()
    raise KeyboardInterrupt


def _leave_lost_terminals() -> None:
    """Discard the output to a terminal that is gone, since writing to it would fail."""
    for number in _terminals:
        if not os.isatty(number):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, number)
            os.close(nowhere)
