"""Arrays as one file for a page (`sim.files.pack`)."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.files.pack import KINDS, packed, unpacked


def test_what_is_packed_comes_back() -> None:
    arrays = {kind: np.arange(2 * k, dtype=kind).reshape(2, k) for k, kind in enumerate(sorted(KINDS))}
    arrays |= {"turned": np.arange(6.0).reshape(2, 3).T, "big": np.arange(3, dtype=">i4"), "one": np.array(2.5)}
    head, found = unpacked(packed({"name": "één", "none": None}, arrays))
    assert head == {"name": "één", "none": None}
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].shape == array.shape
        assert found[name].tolist() == array.tolist()
        assert found[name].dtype.name == array.dtype.name


def test_each_array_begins_at_a_whole_unit() -> None:
    content = packed({"a": 1}, {"odd": np.zeros(3, np.uint8), "next": np.ones(1)})
    size = int.from_bytes(content[4:8], "little")
    places = json.loads(content[8 : 8 + size])["arrays"]
    assert size % 8 == 0
    assert [place % 8 for _, _, place in places.values()] == [0, 0]
    assert len(content) == 8 + size + 16


def test_what_cannot_be_packed_is_refused() -> None:
    with pytest.raises(ValueError, match="flags has elements of type bool; accepted: float32"):
        packed({}, {"flags": np.zeros(2, bool)})
    with pytest.raises(ValueError, match="must not have 'arrays'"):
        packed({"arrays": 1}, {})
    with pytest.raises(ValueError, match="not a file of this format"):
        unpacked(b"PK\x03\x04" + bytes(20))
    with pytest.raises(ValueError, match="JSON compliant"):
        packed({"x": float("nan")}, {})
