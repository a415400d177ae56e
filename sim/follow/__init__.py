"""One synthetic person under several regimes: the story, and the first step where the regimes part."""

from sim.follow.story import Following, follow

__all__ = ["Following", "follow"]
