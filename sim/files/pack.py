"""Arrays with a description as one binary file, which a page reads without copying.

The file, in little-endian order::

    0    4 bytes   "b8s" and the number of the format
    4    4 bytes   length of the head in bytes, a multiple of 8
    8    head      JSON (UTF-8), filled with spaces: what the writer says, and under "arrays" for each array
                   its name: [type of the elements, shape, offset in the data in bytes]
         data      the arrays, each in C order from a multiple of 8 bytes
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"b8s\x01"
UNIT: Final = 8
KINDS: Final = frozenset(
    ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")
)
"""Types of elements that a page has arrays for."""


def packed(head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return one file.

    Parameters
    ----------
    head
        What JSON can hold; ``arrays`` is added to it.
    arrays
        By name; of any shape.

    Raises
    ------
    ValueError
        When an array has elements for which a page has no array, or the head has ``arrays`` already.
    """
    if "arrays" in head:
        raise ValueError("the head must not have 'arrays'")
    data, places = bytearray(), {}
    for name, array in arrays.items():
        if array.dtype.name not in KINDS:
            raise ValueError(f"{name} has elements of type {array.dtype.name}; accepted: {', '.join(sorted(KINDS))}")
        places[name] = [array.dtype.name, list(array.shape), len(data)]
        data += np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        data += bytes(-len(data) % UNIT)
    text = json.dumps({**head, "arrays": places}, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % UNIT)
    return MAGIC + len(text).to_bytes(4, "little") + text + bytes(data)


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the head, without ``arrays``, and the arrays of a file.

    Raises
    ------
    ValueError
        When it is no such file.
    """
    if content[:4] != MAGIC:
        raise ValueError(f"not a file of this format: begins with {content[:4]!r}, accepted: {MAGIC!r}")
    start = 8 + int.from_bytes(content[4:8], "little")
    head: dict[str, Any] = json.loads(content[8:start])
    arrays = {}
    for name, (kind, shape, place) in head.pop("arrays").items():
        size = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(content, np.dtype(kind).newbyteorder("<"), size, start + place).reshape(shape)
    return head, arrays
