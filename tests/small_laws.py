"""Laws of a few steps, and what is read from their runs, for the tests of the engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verification.small_worlds import SmallRun, SmallWorld, people, procedure, small_world

FINAL = "final = true"


def path(run: SmallRun, person: int = 0) -> list[tuple[int, str]]:
    """Return day and step of each move of a person."""
    return [(day, step) for day, entity, _, step in run.rows if entity == person]


def ask(folder: Path, when: str, *, steps: dict[str, str] | None = None, **more: object) -> SmallWorld:
    """Make a law in which people go to ``case.yes`` on arrival when something holds, else to ``case.no``."""
    given = {
        "away": f'next = [{{ to = "yes", when = {when} }}, {{ to = "no" }}]',
        "yes": FINAL,
        "no": FINAL,
        **(steps or {}),
    }
    return small_world(folder, {"case": procedure("case", "away", given)}, **more)  # type: ignore[arg-type]


def says_yes(run: SmallRun) -> list[bool]:
    """Return for each person whether ``case.yes`` was entered."""
    return (run.days("case.yes") >= 0).tolist()


def served_per_day(world: SmallWorld, arrival: NDArray[np.int64]) -> NDArray[np.int64]:
    """Let people come to the desk of `verification.erlang.queue_world`; return how many it served on each day."""
    run = world.run(people(arrival))
    days = run.days("served.busy")
    return np.bincount(days[days >= 0], minlength=world.calendar.end_day + 1)


def order_served(run: SmallRun) -> list[int]:
    """Return rows in the order in which work on them began."""
    return [entity for _, entity, _, step in run.rows if step == "served.busy"]
