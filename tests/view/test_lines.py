"""Lines of answers that are asked for at the same time (`sim.view.lines`): computed once."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any, cast

import anyio
import pytest
from view_server import finished

from sim.view.answers import Question
from sim.view.lines import MOST_LINES, Lines


class Made:
    """A question that counts how often it is computed."""

    def __init__(self, fails: int = 0) -> None:
        self.count, self.fails, self.lock = 0, fails, threading.Lock()

    def line(self, number: int) -> dict[str, Any]:
        with self.lock:
            self.count += 1
            if self.count <= self.fails:
                raise ValueError("no answer")
        return {"replicate": number}


def question(fails: int = 0) -> Question:
    return cast("Question", Made(fails))


def test_twenty_who_ask_the_same_are_answered_by_one_run() -> None:
    asked = question()

    async def room() -> list[str]:
        lines = Lines(anyio.CapacityLimiter(2))
        found = await asyncio.gather(*(lines.line("a", asked, 3) for _ in range(20)))
        assert lines.computed == 1
        await lines.line("b", asked, 3)
        await lines.line("a", asked, 4)
        assert lines.computed == 3, "another state and another replicate are other lines"
        return found

    found = finished(room())
    assert {json.dumps(json.loads(line)) for line in found} == {'{"replicate": 3}'}
    assert cast("Any", asked).count == 3


def test_a_failure_is_told_and_not_kept_and_old_lines_go() -> None:
    asked = question(fails=1)

    async def room() -> int:
        lines = Lines(anyio.CapacityLimiter(2))
        with pytest.raises(ValueError, match="no answer"):
            await lines.line("a", asked, 0)
        assert json.loads(await lines.line("a", asked, 0)) == {"replicate": 0}
        for number in range(1, MOST_LINES + 1):
            await lines.line("a", asked, number)
        await lines.line("a", asked, 0)
        return lines.computed

    assert finished(room()) == MOST_LINES + 3


def test_a_browser_that_goes_away_does_not_stop_what_others_wait_for() -> None:
    async def room() -> str:
        lines = Lines(anyio.CapacityLimiter(2))
        gone = asyncio.create_task(lines.line("a", question(), 1))
        other = asyncio.create_task(lines.line("a", question(), 1))
        await asyncio.sleep(0)
        gone.cancel()
        return await other

    assert json.loads(finished(room())) == {"replicate": 1}
