"""How the engine is compiled: one decorator for every function of the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function of the kernel: cached on disk, without the interpreter lock, without reference counting.

    The functions get all arrays as one tuple and allocate nothing. Counting references to each array of the tuple at each
    call (atomically, so that threads would wait for one another) costs some twenty times the work itself.
    """
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function))
