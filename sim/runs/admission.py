"""Limits how many runs are in their periods at a time, when a run of many people needs most memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import BoundedSemaphore


@dataclass
class Admission:
    """The admission of one run to its period, while others are in their histories.

    Attributes
    ----------
    limit
        Shared by all runs: how many may be in their periods at a time; None: all of them.
    """

    limit: BoundedSemaphore | None = None
    _inside: bool = field(default=False, init=False)

    def enter(self) -> None:
        """Wait until there is room."""
        if self.limit is not None and not self._inside:
            self.limit.acquire()
            self._inside = True

    def leave(self) -> None:
        """Make room, if the run is inside."""
        if self.limit is not None and self._inside:
            self._inside = False
            self.limit.release()
