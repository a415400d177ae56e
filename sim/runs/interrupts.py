"""Ctrl-C and the request to terminate (SIGTERM) end a command wherever they come.

Python answers a signal with an exception at whatever line it has reached. Two kinds of line lose it: those that Python
runs on its own (when an object is freed, an exception is printed and forgotten), and compiled code of others that turns
any exception into one of its own. So the first kind is asked again a moment later, and of the second it is remembered
that an exception may be an interrupt in disguise.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sim.runs.comparison import Comparison

A_MOMENT = 0.02
"""Seconds until an interrupt that was lost is raised again."""
_heard = threading.Event()


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
    """Has an interrupt come since the last `answered` began?"""
    return _heard.is_set()


@contextmanager
def answered() -> Iterator[None]:
    """Let both signals raise ``KeyboardInterrupt`` in this block, also where Python would lose it.

    Who starts a program may have it ignore Ctrl-C; that stays so. Outside the main thread nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _heard.clear()
    numbers = [signal.SIGTERM]
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        numbers.append(signal.SIGINT)
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


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    _heard.set()
    raise KeyboardInterrupt
