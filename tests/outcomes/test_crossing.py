"""Persons by both of their outcomes (`sim.outcomes.crossing`)."""

from __future__ import annotations

import numpy as np

from sim.outcomes.crossing import cross


def test_each_measured_person_is_counted_once_in_each_of_its_groups() -> None:
    generator = np.random.default_rng(1)
    before, after = generator.integers(0, 4, (2, 500)).astype(np.uint8)
    measured, groups = generator.random(500) < 0.7, generator.random((3, 500)) < 0.4
    expected = np.zeros((3, 4, 4))
    for group, e in np.argwhere(groups & measured):
        expected[group, before[e], after[e]] += 1
    np.testing.assert_array_equal(cross(before, after, measured, groups, 4), expected)
    assert not cross(before, after, np.zeros(500, bool), groups, 4).any()
