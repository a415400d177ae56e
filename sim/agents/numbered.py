"""Names that are numbered within blocks: made when they are asked for, since a country's would fill 20 MB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np


class NumberedNames(Sequence[str]):
    """Names of blocks: ``PREFIX0001``, ``PREFIX0002``, and so on.

    Parameters
    ----------
    prefixes, sizes
        What the names of each block begin with, and how many there are.
    """

    def __init__(self, prefixes: Sequence[str], sizes: Sequence[int]) -> None:
        self._prefixes, self._sizes = tuple(prefixes), tuple(sizes)
        self._ends = np.cumsum(self._sizes, dtype=np.int64)

    def __len__(self) -> int:
        """Return how many names there are."""
        return int(self._ends[-1]) if self._ends.size else 0

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return the name at a place, or those of a slice."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        at = range(len(self))[place]
        block = int(np.searchsorted(self._ends, at, side="right"))
        return f"{self._prefixes[block]}{at - int(self._ends[block]) + self._sizes[block] + 1:04d}"

    def __iter__(self) -> Iterator[str]:
        """Yield all names in order."""
        for prefix, size in zip(self._prefixes, self._sizes, strict=True):
            for number in range(1, size + 1):
                yield f"{prefix}{number:04d}"

    def __eq__(self, other: object) -> bool:
        """Return whether another sequence has the same names in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(one == its for one, its in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]
