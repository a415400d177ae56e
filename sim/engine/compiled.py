"""How the engine is compiled: the decorators of the functions of the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from sim.engine.kept_code import KeptCode

F = TypeVar("F", bound=Callable[..., Any])
int64: Callable[[Any], int] = cast(Any, np.int64)
"""Makes every whole number of the kernel one type, so that each function is compiled once."""


def compiled(function: F) -> F:
    """Compile a function that only the kernel calls."""
    return _compiled(function, no_cpython_wrapper=True)


def inlined(function: F) -> F:
    """Compile a small function of the kernel into its callers: a call costs more than what it does."""
    return _compiled(function, no_cpython_wrapper=True, forceinline=True)


def entrance(function: F) -> F:
    """Compile a function that Python calls too."""
    return _compiled(function)


def outermost(function: F) -> F:
    """Compile a function that only Python calls; what its callers would need is megabytes, and is let go."""
    return _compiled(function, is_called=False)


def engine(function: F) -> F:
    """Compile the loop that calls everything else, and tell the user, since it takes long."""
    return _compiled(function, is_called=False, takes_long=True)


def inlined_entrance(function: F) -> F:
    """Compile a small function into its callers, one that Python calls too."""
    return _compiled(function, forceinline=True)


def on_arrays(function: F) -> F:
    """Compile a function that Python calls and that makes arrays."""
    return _kept(function, nogil=True)


def _compiled(function: F, **more: Any) -> F:
    """Compile a function: cached on disk, without the interpreter lock, without reference counting.

    The functions of the kernel get all arrays behind one address (``sim.engine.pinned``) and allocate nothing.
    Counting references to each array of the tuple at each call (atomically, so that threads would wait for one
    another) costs some ten times the work itself; the code that lets Python call a function takes a third of the
    time of compiling it.
    """
    return _kept(function, nogil=True, error_model="numpy", _nrt=False, no_cfunc_wrapper=True, **more)


def _kept(function: F, is_called: bool = True, takes_long: bool = False, **options: Any) -> F:
    dispatcher = njit(**options)(function)
    if dispatcher is not function:  # with the JIT switched off numba gives the function back
        dispatcher._cache = KeptCode(function, is_called, takes_long)
    return cast(F, dispatcher)
