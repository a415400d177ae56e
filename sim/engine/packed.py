"""A state packed: of each row only the words that differ from those of the first morning.

Two worlds that share their first days have one state until they part. It is packed for the second world while the
first runs on in its place, so that one thread holds one state at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.compiled import on_arrays
from sim.engine.held import Take, fresh
from sim.engine.state import State, blank_row

BLOCK: Final = 4096
"""Rows that are unpacked at a time."""
WORD_BITS: Final = 64
Words = NDArray[np.uint64]


class Packed:
    """What a run wrote into a state, in a third of the memory.

    Attributes
    ----------
    persons, day, turns
        As those of the state.
    made_from
        The arguments with which the state was made.
    written
        The arrays beside the rows, as far as they are used, by name.
    """

    def __init__(
        self, state: State, take: Take = fresh, name: str = "packed", words: str = "words", *, log_stays: bool = False
    ) -> None:
        """Pack a state, which stays as it is.

        Parameters
        ----------
        state
            Its rows are read.
        take
            Gives the arrays; those of another packed state have another ``name``.
        words
            Name of the array of words. It can be the log of the world that begins here, which is written when the
            words have been read.
        log_stays
            The run only adds to its log from now on, so that the log need not be copied.
        """
        self.persons, self.day, self.made_from = state.persons, state.day, state.made_from
        self.turns = dict(state.turns)
        self._parts, self._take, self._name = state.rows.dtype, take, name
        rows = state.rows.view(np.uint64).reshape(state.rows.size, -1)
        blocks = [*range(0, self.persons, BLOCK), *range(self.persons, len(rows), BLOCK)]
        self._first = np.array([*blocks, len(rows)], np.int64)
        self._place = take(f"{name}.place", (len(rows) + 1,), np.int64)
        self._mask = take(f"{name}.mask", (len(rows), -(-rows.shape[1] // WORD_BITS)), np.uint64)
        different = take(words, (rows.size,), np.uint64)
        self._blank = blank_row(self._parts)
        self._words = different[: _pack(rows, self._blank, self._mask, self._place, different)]
        self.written: dict[str, NDArray[Any]] = {}
        for part, values in state.written.items():
            if part == "log" and log_stays:
                self.written[part] = values
                continue
            self.written[part] = kept = take(f"{name}.{part}", values.shape, values.dtype)
            kept[:] = values

    def blocks(self) -> Iterator[tuple[slice, NDArray[Any]]]:
        """Yield rows of persons, then of networks: which, and their table, which the next block overwrites."""
        width = self._blank.size
        table = self._take(f"{self._name}.block", (BLOCK, width), np.uint64)
        for first, end in zip(self._first[:-1].tolist(), self._first[1:].tolist(), strict=True):
            some = table[: end - first]
            _unpack(self._words, self._place[first:end], self._mask[first:end], self._blank, some)
            yield slice(first, end), some.view(np.uint8).reshape(-1).view(self._parts)

    @property
    def nbytes(self) -> int:
        """Bytes that hold the rows."""
        return self._words.nbytes + self._mask.nbytes + self._place.nbytes

    @property
    def logged(self) -> NDArray[np.int32]:
        """The rows of the log, ``[moves, LOG_PARTS]``."""
        return self.written["log"]

    @property
    def told(self) -> int:
        """Number of news."""
        return int(self.written["counter"][layout.TOLD])


@on_arrays
def _pack(rows: Words, blank: Words, mask: Words, place: NDArray[np.int64], words: Words) -> int:
    """Write the words that differ, and for each row which they are and where they begin; return how many they are."""
    used = 0
    for e in range(rows.shape[0]):
        place[e] = used
        for part in range(mask.shape[1]):
            bits = np.uint64(0)
            for bit in range(min(WORD_BITS, rows.shape[1] - part * WORD_BITS)):
                word = rows[e, part * WORD_BITS + bit]
                if word != blank[part * WORD_BITS + bit]:
                    bits |= np.uint64(1) << np.uint64(bit)
                    words[used] = word
                    used += 1
            mask[e, part] = bits
    place[rows.shape[0]] = used
    return used


@on_arrays
def _unpack(words: Words, place: NDArray[np.int64], mask: Words, blank: Words, rows: Words) -> None:
    """Write the rows of a block."""
    for e in range(rows.shape[0]):
        at = place[e]
        for part in range(mask.shape[1]):
            bits = mask[e, part]
            for bit in range(min(WORD_BITS, rows.shape[1] - part * WORD_BITS)):
                column = part * WORD_BITS + bit
                if bits >> np.uint64(bit) & np.uint64(1):
                    rows[e, column] = words[at]
                    at += 1
                else:
                    rows[e, column] = blank[column]
