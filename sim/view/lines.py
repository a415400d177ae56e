"""Lines of answers that a room asks for at the same time: computed once, and the newest kept."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from typing import Final

import anyio

from sim.view.answers import Question
from sim.view.threads import in_thread

MOST_LINES: Final = 600
"""Lines that are kept, each of some 25 kB."""


class Lines:
    """One replicate of one state is one line, whoever asks for it.

    Parameters
    ----------
    threads
        How many are computed at once.
    """

    def __init__(self, threads: anyio.CapacityLimiter) -> None:
        self.threads = threads
        self.computed = 0
        """How many were computed so far."""
        self._kept: OrderedDict[tuple[str, int], asyncio.Task[str]] = OrderedDict()

    async def line(self, state: str, question: Question, number: int) -> str:
        """Return the line of a replicate as JSON; who asks while it is computed waits for it.

        Parameters
        ----------
        state
            What tells the state from others: the link of what is simulated.
        question
            The compiled state.
        number
            Of the replicate, from 0.
        """
        key = (state, number)
        if key not in self._kept or self._kept[key].cancelled():
            self._kept[key] = asyncio.create_task(self._computed(question, number))
            while len(self._kept) > MOST_LINES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        try:
            # A browser that goes away does not stop what others wait for.
            return await asyncio.shield(self._kept[key])
        except Exception:
            self._kept.pop(key, None)
            raise

    async def _computed(self, question: Question, number: int) -> str:
        self.computed += 1
        return await in_thread(_text, question, number, limiter=self.threads)


def _text(question: Question, number: int) -> str:
    return json.dumps(question.line(number), allow_nan=False, separators=(",", ":")) + "\n"
