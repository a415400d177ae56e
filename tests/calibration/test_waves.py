"""Where a later wave puts its points."""

from __future__ import annotations

import numpy as np

from sim.calibration.waves import spread


def test_points_are_spread_over_the_corners() -> None:
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    places = np.concatenate([np.full((50, 2), 0.5), corners])
    assert sorted(spread(places, 5)[1:]) == [50, 51, 52, 53]
