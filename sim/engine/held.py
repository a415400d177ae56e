"""Arrays that the next run uses again, so that nothing is allocated between replicates."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from math import prod
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

ROWS: Final = "rows"
"""Name of the largest array: the rows of a state, and when its run is over, all that counting needs meanwhile."""

OWN_PAGES: Final = 2**18
LARGE_PAGES: Final = 2**22
"""Bytes from which an array has pages of its own, and from which the system is asked for large ones, as numpy does."""
GIVEN_BACK: Final = 64 << 20
"""Bytes of an array from which its idle pages go back to the system: few people take less time without."""
LINE: Final = 64
"""Bytes of a line of the cache: arrays that lie side by side begin at one."""


class Take(Protocol):
    """What gives arrays by the names of their purposes."""

    def __call__(
        self, name: str, shape: tuple[int, ...], dtype: DTypeLike, values: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Return an array of a shape and a type, with arbitrary values, or with those of another array.

        Parameters
        ----------
        values
            What the array holds. They are written once: an array that has had the values of the same object, which
            nobody changes, still holds them, but for what its user wrote and writes again each time.
        """
        ...


def fresh(name: str, shape: tuple[int, ...], dtype: DTypeLike, values: NDArray[Any] | None = None) -> NDArray[Any]:
    """Return an array that nobody else has."""
    return np.empty(shape, dtype) if values is None else values.astype(dtype)


def side_by_side(
    take: Take, name: str, parts: Mapping[str, tuple[tuple[int, ...], DTypeLike]]
) -> dict[str, NDArray[Any]]:
    """Return arrays that lie one after another in the array of one name, with arbitrary values.

    Parameters
    ----------
    take
        Gives the array.
    name
        Its name: what it held before is lost.
    parts
        Shape and type of each array by its own name.
    """
    first, size = [], 0
    for shape, dtype in parts.values():
        first.append(size)
        size += -(-prod(shape) * np.dtype(dtype).itemsize // LINE) * LINE
    whole = take(name, (size,), np.uint8)
    # One call for each array; slices that are viewed and shaped take three times as long.
    return {
        part: np.ndarray(shape, dtype, whole, begin)
        for (part, (shape, dtype)), begin in zip(parts.items(), first, strict=True)
    }


class Held:
    """Arrays by name. One thread uses them at a time, and what it took before under a name is then lost."""

    def __init__(self) -> None:
        self._held: dict[str, NDArray[np.uint8]] = {}
        self._last: dict[str, NDArray[Any]] = {}
        self._values: dict[str, NDArray[Any]] = {}

    def take(
        self, name: str, shape: tuple[int, ...], dtype: DTypeLike, values: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Return the array of a name; a larger one where the present one is too small. See ``Take``."""
        last = self._last.get(name)
        if last is None or last.shape != shape or last.dtype != dtype:
            last = self._taken(name, shape, dtype)
            self._values.pop(name, None)
        if values is None:
            self._values.pop(name, None)
        elif self._values.get(name) is not values:
            last[...] = values
            self._values[name] = values
        return last

    def rest(self) -> None:
        """Give the pages of many people back to the system: nobody needs what the arrays hold."""
        if ROWS in self._held and self._held[ROWS].size >= GIVEN_BACK:
            for name, held in self._held.items():
                if held.size >= LARGE_PAGES:
                    self._values.pop(name, None)
                    _give_pages_back(held, 0)

    def _taken(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        kind = np.dtype(dtype)
        size = prod(shape) * kind.itemsize
        held = self._held.get(name)
        if held is None or held.size < size:
            self._held.pop(name, None)
            self._last.pop(name, None)
            # Some more than is needed: the next replicate has a few more moves or networks.
            held = self._held[name] = _memory(size + size // 8, often=name == ROWS)
        elif held.size >= GIVEN_BACK:
            _give_pages_back(held, size)
        array: NDArray[Any] = held[:size].view(kind).reshape(shape)
        self._last[name] = array
        return array


def give_back() -> None:
    """Give memory that was freed back to the system, where the C library can.

    glibc keeps what threads free for each of them. After a replicate those are tens of megabytes.
    """
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def _c_library() -> ctypes.CDLL | None:
    with suppress(OSError, TypeError):  # a system on which the program has no such library
        return ctypes.CDLL(None)
    return None


def _give_pages_back(held: NDArray[np.uint8], used: int) -> None:
    """Give the pages of an array behind the bytes that are used now back to the system, which has them until needed."""
    first = -(-used // LARGE_PAGES) * LARGE_PAGES
    pages: Any = held.base.obj if isinstance(held.base, memoryview) else held.base
    if first < held.size and hasattr(pages, "madvise") and hasattr(mmap, "MADV_DONTNEED"):
        pages.madvise(mmap.MADV_DONTNEED, first)


def _memory(size: int, often: bool) -> NDArray[np.uint8]:
    """Return bytes; many of them are pages of their own, which the system has back as soon as nobody uses them.

    Large pages save time where memory is read here and there, as rows are (``often``). Of an array that is filled from
    its beginning, such as a log, they would only hold more than is used.
    """
    if size < OWN_PAGES:
        return np.empty(size, np.uint8)
    # Private: of memory that processes could share, the system makes no large pages.
    private = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_ANONYMOUS") else {}
    pages = mmap.mmap(-1, size, **private)
    if often and size >= LARGE_PAGES and hasattr(pages, "madvise") and hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a system without them
            pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, np.uint8)
