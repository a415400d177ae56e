"""The space that runs of a world need."""

from __future__ import annotations

from dataclasses import dataclass

from sim.engine.layout import USUAL_AT_ONCE
from sim.engine.state import State


@dataclass
class Needs:
    """What runs of a world turned out to need, so that later ones begin with it; it changes no number.

    Attributes
    ----------
    at_once
        Hazards that can run at the same time for one person.
    """

    at_once: int = USUAL_AT_ONCE

    def learn(self, stopped: State) -> None:
        """Note that a run stopped because more hazards would have run at the same time than its state can hold."""
        self.at_once = max(self.at_once, stopped.at_once + USUAL_AT_ONCE)
