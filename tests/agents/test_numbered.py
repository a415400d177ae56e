"""Names that are numbered within blocks (`sim.agents.numbered`)."""

from __future__ import annotations

import pytest

from sim.agents.numbered import NumberedNames

given = NumberedNames(["NGA-2019-03-", "NGA-2019-03-H", "UGA-2019-03-", "GIN-2019-03-"], [2, 0, 1, 3])
listed = ["NGA-2019-03-0001", "NGA-2019-03-0002", "UGA-2019-03-0001"] + [f"GIN-2019-03-000{n}" for n in (1, 2, 3)]


def test_names_are_a_list_that_is_nowhere_kept() -> None:
    assert len(given) == len(listed)
    assert list(given) == listed
    assert [given[i] for i in range(-6, 6)] == [*listed, *listed]
    assert given[1:4] == listed[1:4]
    assert listed[3] in given
    assert given.index(listed[4]) == 4
    with pytest.raises(IndexError):
        given[6]


def test_names_are_equal_to_the_same_names() -> None:
    assert given == listed
    assert given == NumberedNames(["NGA-2019-03-", "UGA-2019-03-", "GIN-2019-03-"], [2, 1, 3])
    assert given != listed[:-1]
    assert given != [*listed[:-1], "GIN-2019-03-0004"]
    assert given != "NGA"
    assert NumberedNames([], []) == []


def test_more_than_four_digits_are_kept() -> None:
    assert NumberedNames(["X"], [12_345])[12_344] == "X12345"
