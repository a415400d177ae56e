"""A state packed: of each row only the words that differ from those of the same person before the first move.

Two worlds that share their first days have one state until they part. It is packed for the second world while the
first runs on in its place, so that one thread holds one state at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.compiled import on_arrays
from sim.engine.held import Take, fresh, side_by_side
from sim.engine.state import State, blank_row
from sim.procedures.traits import LEVELS

BLOCK: Final = 4096
"""Rows that are packed or unpacked at a time."""
MASK_BITS: Final = 64
OWN: Final = 4 + len(LEVELS)
"""Words of a row that a population gives: key, flags, network, levels."""
Words = NDArray[np.uint32]
Masks = NDArray[np.uint64]


class Packed:
    """What a run wrote into a state, in about a quarter of the memory.

    Attributes
    ----------
    persons, places, day, turns
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
        self.persons, self.places, self.day = state.persons, state.places, state.day
        self.made_from = state.made_from
        self.turns = dict(state.turns)
        self._parts, self._take, self._name = state.rows.dtype, take, name
        rows = state.rows.view(np.uint32).reshape(state.rows.size, -1)
        firsts = [*range(0, self.persons, BLOCK), *range(self.persons, len(rows), BLOCK)]
        self._blocks = [slice(*ends) for ends in pairwise([*firsts, len(rows)])]
        masks = (len(rows), -(-rows.shape[1] // MASK_BITS))
        arrays = side_by_side(take, words, {"mask": (masks, np.uint64), "words": ((rows.size,), np.uint32)})
        self._mask, self._words, used = arrays["mask"], arrays["words"], 0
        self._begin = []
        for some in self._blocks:
            self._begin.append(used)
            used += _pack(rows[some], *self._expected(some), self._mask[some], self._words[used:])
        self._words = self._words[:used]
        self.written: dict[str, NDArray[Any]] = {}
        for part, values in state.written.items():
            if part == "log" and log_stays:
                self.written[part] = values
                continue
            self.written[part] = kept = take(f"{name}.{part}", values.shape, values.dtype)
            kept[:] = values

    def blocks(
        self, onto: NDArray[Any] | None = None, kinds: tuple[bool, bool] = (True, True)
    ) -> Iterator[tuple[slice, NDArray[Any]]]:
        """Yield rows of persons, then of networks: which, and their table, which the next block overwrites.

        Parameters
        ----------
        onto
            Rows of the same parts: the rows are written there instead, and nothing overwrites them.
        kinds
            Whether those of persons are, and those of networks.
        """
        for some, begin in zip(self._blocks, self._begin, strict=True):
            size = some.stop - some.start
            if onto is not None and kinds[some.start >= self.persons]:
                table = onto[some]
            else:
                table = self._take(f"{self._name}.block", (BLOCK,), self._parts)[:size]
            rows = table.view(np.uint32).reshape(size, -1)
            _unpack(self._words[begin:], self._mask[some], *self._expected(some), rows)
            yield some, table

    def _expected(self, some: slice) -> tuple[Words, Words, NDArray[np.int64]]:
        """Return what rows were before the first move, but for the day of coming and the group.

        Returns
        -------
        blank
            The words that all persons, or all networks, have.
        own
            Words of their own, ``[rows, own]``.
        at
            The places of those words.
        """
        row = blank_row(self._parts).copy()
        tables, _, entities, *_ = self.made_from
        row.view(self._parts)["step"] = tables.start_state[0 if some.start < self.persons else 1]
        own = self._take(f"{self._name}.own", (BLOCK, OWN), np.uint32)[: some.stop - some.start]
        own[:, 0:2] = entities.key[some].view(np.uint32).reshape(-1, 2)
        own[:, 2] = entities.flags[some]
        own[:, 3] = entities.network[some].view(np.uint32)
        own[:, 4:] = entities.level[some].view(np.uint32)
        assert self._parts.fields is not None
        first = {part: self._parts.fields[part][1] // 4 for part in ("key", "trait", "level")}
        traits = [first["trait"] + layout.FLAGS, first["trait"] + layout.NETWORK_ROW]
        at = [first["key"], first["key"] + 1, *traits, *range(first["level"], first["level"] + len(LEVELS))]
        return row.view(np.uint32), own, np.array(at, np.int64)

    @property
    def nbytes(self) -> int:
        """Bytes that hold the rows."""
        return self._words.nbytes + self._mask.nbytes

    @property
    def logged(self) -> NDArray[np.int32]:
        """The rows of the log, ``[moves, LOG_PARTS]``."""
        return self.written["log"]

    @property
    def told(self) -> int:
        """Number of news."""
        return int(self.written["counter"][layout.TOLD])


@on_arrays
def _pack(rows: Words, expected: Words, own: Words, at: NDArray[np.int64], mask: Masks, words: Words) -> int:
    """Write the words of a block that differ, and for each row which they are; return how many they are."""
    used = 0
    for e in range(rows.shape[0]):
        for k in range(at.size):
            expected[at[k]] = own[e, k]
        for part in range(mask.shape[1]):
            bits = np.uint64(0)
            for bit in range(min(MASK_BITS, rows.shape[1] - part * MASK_BITS)):
                word = rows[e, part * MASK_BITS + bit]
                if word != expected[part * MASK_BITS + bit]:
                    bits |= np.uint64(1) << np.uint64(bit)
                    words[used] = word
                    used += 1
            mask[e, part] = bits
    return used


@on_arrays
def _unpack(words: Words, mask: Masks, expected: Words, own: Words, at: NDArray[np.int64], rows: Words) -> None:
    """Write the rows of a block: what is expected, and the words that differ."""
    used = 0
    for e in range(rows.shape[0]):
        rows[e] = expected
        for k in range(at.size):
            rows[e, at[k]] = own[e, k]
        for part in range(mask.shape[1]):
            bits = mask[e, part]
            column = part * MASK_BITS
            while bits:
                if bits & np.uint64(1):
                    rows[e, column] = words[used]
                    used += 1
                bits >>= np.uint64(1)
                column += 1
