"""How the engine is compiled: the decorators of the functions of the kernel."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

F = TypeVar("F", bound=Callable[..., Any])
int64: Callable[[Any], int] = cast(Any, np.int64)
"""Makes every whole number of the kernel one type, so that each function is compiled once."""
KERNEL = (
    *("access", "codes", "columns", "compiled", "decisions", "draws", "kernel", "layout", "moves", "news", "pinned"),
    *("queue_entry", "queues"),
)
"""The modules that are compiled into the kernel: ``kernel`` and all that it imports."""


def compiled(function: F) -> F:
    """Compile a function that only the kernel calls."""
    return _compiled(function, no_cpython_wrapper=True)


def inlined(function: F) -> F:
    """Compile a small function of the kernel into its callers: a call costs more than what it does."""
    return _compiled(function, no_cpython_wrapper=True, forceinline=True)


def entrance(function: F) -> F:
    """Compile a function that Python calls too."""
    return _compiled(function)


def inlined_entrance(function: F) -> F:
    """Compile a small function into its callers, one that Python calls too."""
    return _compiled(function, forceinline=True)


def _compiled(function: F, **more: Any) -> F:
    """Compile a function: cached on disk, without the interpreter lock, without reference counting.

    The functions of the kernel get all arrays behind one address (``sim.engine.pinned``) and allocate nothing.
    Counting references to each array of the tuple at each call (atomically, so that threads would wait for one
    another) costs some ten times the work itself; the code that lets Python call a function takes a third of the
    time of compiling it.
    """
    options: Any = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
    dispatcher = njit(**options, **more)(function)
    _stamp(dispatcher)
    return cast(F, dispatcher)


def _stamp(dispatcher: Any) -> None:
    """Make the cache on disk valid for these sources only.

    Numba looks at the file of a function, not at the modules from which it has constants; a constant changed elsewhere
    would leave old machine code in use, in silence. Without the JIT there is no cache to stamp.
    """
    if hasattr(dispatcher, "_cache"):
        dispatcher._cache._cache_file._source_stamp = sources_hash()


@lru_cache(maxsize=1)
def sources_hash() -> str:
    """Return a hash of all sources that are compiled into the kernel."""
    digest = hashlib.sha256()
    for name in KERNEL:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.hexdigest()
