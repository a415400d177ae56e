"""Work beside the loop (`sim.view.threads`): a loop that ends does not wait for it."""

from __future__ import annotations

import asyncio
import threading

import pytest
from view_server import finished

pytest.importorskip("anyio")

from sim.view.threads import in_thread


def test_it_returns_what_the_work_returns() -> None:
    async def both() -> tuple[int, bool]:
        return await in_thread(max, 3, 4), await in_thread(threading.current_thread) is threading.current_thread()

    assert finished(both()) == (4, False)


def test_a_loop_that_ends_does_not_wait_for_it() -> None:
    go_on = threading.Event()

    async def left() -> None:
        task = asyncio.create_task(in_thread(go_on.wait, 60))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task], timeout=30)
        assert task.cancelled()
        assert not go_on.is_set()

    finished(left())
    go_on.set()
