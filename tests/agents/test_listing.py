"""The hashed names that a page makes itself (`sim.agents.listing`): those of the draws, in the order of the people."""

from __future__ import annotations

import numpy as np

from sim.agents.listing import BYTE, MOST_BYTES, WORDS, Listing, hashing, list_names
from sim.engine.draws import name_keys


def listed(names: list[str]) -> Listing:
    texts = [name.encode() for name in names]
    begin, order = hashing()
    size = len(names)
    a = Listing(
        text=np.frombuffer(b"".join(texts), np.uint8).copy(),
        first=np.r_[0, np.cumsum([len(text) for text in texts])].astype(np.int32),
        begin=begin,
        order=order,
        word=np.zeros(WORDS, np.uint64),
        given=np.zeros(WORDS, np.uint64),
        of_byte=np.zeros(BYTE + 1, np.int32),
        other=np.zeros(size, np.int32),
        name=np.zeros(size, np.uint64),
        by_name=np.zeros(size, np.int32),
    )
    assert list_names(a) == size
    return a


def test_the_hashes_are_those_of_the_draws_and_sorted() -> None:
    """Names of every length that one block can hold, and of people."""
    names = ["x" * length for length in range(1, MOST_BYTES + 1)]
    names += [f"NGA-2019-03-{mark}{number:04d}" for mark in ("", "H", "R") for number in range(1, 200)]
    a = listed(names)
    assert a.name.tolist() == name_keys(names).tolist()
    assert a.by_name.tolist() == np.argsort(a.name, kind="stable").tolist()


def test_the_same_name_twice_stays_in_its_order() -> None:
    a = listed(["a", "b", "a"])
    rows = a.by_name.tolist()
    assert rows.index(0) < rows.index(2)
