"""Can a dated chronology happen under these rules? If not: the first step that cannot, and why.

    result = replay("case.toml", "vc_2018")
    result.possible, result.failure, result.text

A case is a TOML file: a table ``[case]`` with title, source, regime and facts, and ``[[event]]`` tables, each a step
of the procedures on a day; see `sim.replay.case`. What the case does not say may have happened in any way that the
rules allow; how far that goes stands in `sim.replay.search`.

The day of an event is the day on which the step is entered. For steps at which one waits (for an authority, for a
gate to open, or for as long as somebody takes) it may also be a later day on which one is still there: the day on
which a court or the prosecution dealt with the file.
"""

from sim.replay.answer import Failure, Needed, Replay, ReplayedStep
from sim.replay.attempt import replay
from sim.replay.case import read_case

__all__ = ["Failure", "Needed", "Replay", "ReplayedStep", "read_case", "replay"]
