"""The traits that everybody has from the start (`sim.procedures.traits`)."""

from __future__ import annotations

from collections import Counter

from sim.procedures.traits import BEYOND_FIRST, FLAG_BIT, FLAGS, GROUPS, LEVEL_INDEX, LEVELS, NETWORK_LEVELS, SHOCKS


def test_a_word_of_the_law_means_one_thing() -> None:
    uses = Counter((*FLAGS, *LEVELS, *NETWORK_LEVELS, *BEYOND_FIRST, *SHOCKS))
    assert [name for name, count in uses.items() if count > 1] == []
    assert set(GROUPS) <= set(FLAGS), "a condition may ask for a nationality group"
    assert set(BEYOND_FIRST.values()) <= LEVEL_INDEX.keys()


def test_flags_have_bits_of_their_own_in_a_row_of_32() -> None:
    bits = list(FLAG_BIT.values())
    assert sum(bits) == (1 << len(FLAGS)) - 1
    assert max(bits) < 1 << 32
