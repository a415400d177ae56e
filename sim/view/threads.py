"""Work of the server beside its loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple, Unpack

import anyio

Given = TypeVarTuple("Given")
R = TypeVar("R")


async def in_thread(
    work: Callable[[Unpack[Given]], R], *arguments: *Given, limiter: anyio.CapacityLimiter | None = None
) -> R:
    """Return what the work returns, which is done in another thread.

    When the page is closed, nobody waits for it: it ends by itself, or with the process (`sim.view.leaving`).

    Parameters
    ----------
    work, arguments
        What is called, and with what.
    limiter
        How many threads work at the same time.
    """
    return await anyio.to_thread.run_sync(work, *arguments, limiter=limiter, abandon_on_cancel=True)
