"""The hashed names of those who might come, compiled: for a page, which lists them itself.

In Python ``sim.engine.draws.name_keys`` and NumPy give the same numbers. Names are numbered within a month and a group,
so that a few numbers say all of them, while no compression makes their hashes smaller than eight bytes each. Written in
the part of Python of the kernel (``sim.engine.kernel``).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import Ints
from sim.engine.compiled import compiled, int64, outermost
from sim.engine.pinned import pinned

MOST_BYTES: Final = 128
"""Bytes of a name: one block of the hash function."""
WORDS: Final = 16
ROUNDS: Final = 12
LENGTH: Final = 12
"""The word to which the length of the name is added."""
BIT_24, BIT_16, BIT_63 = np.uint64(24), np.uint64(16), np.uint64(63)
BIT_32, BIT_40, BIT_48, BIT_1 = np.uint64(32), np.uint64(40), np.uint64(48), np.uint64(1)
BYTE: Final = 256
LOW: Final = np.uint64(255)
NONE: Final = np.uint64(0)


class Listing(NamedTuple):
    """What the hashing of names reads and writes; C names, T bytes."""

    text: NDArray[np.uint8]  # [T] the names, one after the other
    first: Ints  # [C + 1] the first byte of each name
    begin: NDArray[np.uint64]  # [WORDS] the words before a name is hashed
    order: NDArray[np.uint8]  # [ROUNDS, WORDS] in which order each round takes the words of the name
    word: NDArray[np.uint64]  # [WORDS] scratch
    given: NDArray[np.uint64]  # [WORDS] scratch: the words of the name
    of_byte: Ints  # [BYTE + 1] scratch
    other: Ints  # [C] scratch
    name: NDArray[np.uint64]  # [C] the hash of each name
    by_name: Ints  # [C] the names in the order of their hashes


@outermost
def list_names(a: Listing) -> int:
    """Hash all names (BLAKE2b, RFC 7693, eight bytes without a key), and sort them by their hashes; return how many."""
    a = pinned(a)
    names = int64(a.name.shape[0])
    for number in range(names):
        hash_name(a, number)
        a.by_name[number] = number
    for place in range(8):
        sort_by_byte(a, place)
    return names


@compiled
def hash_name(a: Listing, number: int) -> None:
    """Write the hash of one name."""
    first = int64(a.first[number])
    length = int64(a.first[number + 1]) - first
    for place in range(WORDS):
        a.word[place] = a.begin[place]
        a.given[place] = NONE
    for place in range(length):
        a.given[place >> 3] |= np.uint64(a.text[first + place]) << np.uint64(8 * (place & 7))
    a.word[LENGTH] ^= np.uint64(length)
    for turn in range(ROUNDS):
        for column in range(4):
            stir(a, turn, 2 * column, column, 4 + column, 8 + column, 12 + column)
        for column in range(4):
            stir(a, turn, 8 + 2 * column, column, 4 + (column + 1 & 3), 8 + (column + 2 & 3), 12 + (column + 3 & 3))
    a.name[number] = a.begin[0] ^ a.word[0] ^ a.word[8]


@compiled
def stir(a: Listing, turn: int, place: int, p: int, q: int, r: int, s: int) -> None:
    """Mix two words of a name into four words."""
    a.word[p] = a.word[p] + a.word[q] + a.given[a.order[turn, place]]
    x = a.word[s] ^ a.word[p]
    a.word[s] = (x >> BIT_32) | (x << BIT_32)
    a.word[r] = a.word[r] + a.word[s]
    x = a.word[q] ^ a.word[r]
    a.word[q] = (x >> BIT_24) | (x << BIT_40)
    a.word[p] = a.word[p] + a.word[q] + a.given[a.order[turn, place + 1]]
    x = a.word[s] ^ a.word[p]
    a.word[s] = (x >> BIT_16) | (x << BIT_48)
    a.word[r] = a.word[r] + a.word[s]
    x = a.word[q] ^ a.word[r]
    a.word[q] = (x >> BIT_63) | (x << BIT_1)


@compiled
def sort_by_byte(a: Listing, place: int) -> None:
    """Sort the names by one byte of their hashes; those that are alike stay in their order."""
    names, shift = int64(a.name.shape[0]), np.uint64(8 * place)
    for byte in range(BYTE + 1):
        a.of_byte[byte] = 0
    for number in range(names):
        a.of_byte[int64((a.name[number] >> shift) & LOW) + 1] += 1
    for byte in range(BYTE):
        a.of_byte[byte + 1] += a.of_byte[byte]
    for row in range(names):
        number = int64(a.by_name[row])
        byte = int64((a.name[number] >> shift) & LOW)
        a.other[a.of_byte[byte]] = number
        a.of_byte[byte] += 1
    for row in range(names):
        a.by_name[row] = a.other[row]


def hashing() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Return ``begin`` and ``order`` of a listing: the constants of BLAKE2b for eight bytes without a key."""
    # The fractions of the square roots of the first eight primes, as SHA-512 has them.
    start = np.array(
        [
            *(0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1),
            *(0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179),
        ],
        np.uint64,
    )
    begin = np.concatenate([start, start])
    begin[0] ^= np.uint64(0x01010008)
    begin[14] = ~begin[14]  # the only block is the last one
    rows = [
        *("0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d"),
        *("2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"),
    ]
    rounds = [*rows, *rows[: ROUNDS - len(rows)]]
    return begin, np.array([[int(c, 16) for c in row] for row in rounds], np.uint8)
