"""Searches for the course of events in which a chronology happens and least must be taken for granted.

One search goes through the whole chronology: from a configuration either the next event happens, or one move is made
unmentioned before it. Looked at first is what has the fewest moves out of the ordinary (`sim.replay.ordinary`) and,
among those, what has the fewest steps unmentioned, with those that are still needed at least. So the first course that
reaches the end asks for the least.

The search is narrow or wide. Narrow, nothing out of the ordinary happens, and on the way to an event only those tracks
move that its rules look at: this answers most chronologies, and says where the others fail. Wide, anything may happen.

Terms of law bind; what an authority or a person takes for something may take any time, from nothing on. Days that are
not known are spans, and the spans of two tracks are not held against each other: in doubt a chronology is possible.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final, NamedTuple

from sim.replay.config import Block, Config, Goal
from sim.replay.expand import Expander
from sim.replay.frontier import Frontier
from sim.replay.known import Known
from sim.replay.ordinary import Ordinary
from sim.replay.rules import Rules

OUTCOMES: Final = 300
"""How many configurations are looked at to see whether an outcome can follow."""
FAR: Final = 1_000
"""How far an event is that is out of reach: what makes a later one so is looked at last."""
WORTH: Final = 8
"""In a wide search, how many unmentioned steps of the ordinary kind are assumed before one move out of the ordinary."""


class Stage(NamedTuple):
    """What must happen next: an event, or what is said to have followed from it.

    Attributes
    ----------
    goal
        The event; of an outcome the step that followed.
    limit
        For an outcome the last day on which it can follow; None: an event.
    """

    goal: Goal
    limit: int | None = None


@dataclass
class Trace:
    """What a search saw where it went no further.

    Attributes
    ----------
    stage
        The place of what must happen next.
    explored
        The configurations looked at, those that ask for the least first.
    blocks
        What stood in the way.
    exhausted
        Whether the search ended at its bound.
    """

    stage: int
    explored: list[Config] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    exhausted: bool = False


class Search:
    """One search through a chronology.

    Parameters
    ----------
    law, known
        The rules; the facts of the case.
    ordinary
        What is ordinary.
    stages
        What must happen, one after the other; only what is on a track that is kept counts.
    kept
        The tracks that are followed.
    most
        How many configurations are looked at.
    wide
        Whether what is out of the ordinary may happen.
    everywhere
        Whether every track moves on the way to an event, or only those near it.

    Attributes
    ----------
    course
        A way to the end; None: there is none.
    as_written, trace
        What was seen where it went no further with what is ordinary; and with all else, where that went further.
    exhausted
        Whether the search ended at its bound.
    """

    def __init__(
        self,
        law: Rules,
        known: Known,
        ordinary: Ordinary,
        stages: Sequence[Stage],
        kept: frozenset[int],
        most: int,
        *,
        wide: bool = False,
        everywhere: bool = False,
    ) -> None:
        self.law, self.known, self.most, self.wide = law, known, most, wide
        self.stages = [stage for stage in stages if stage.goal.track in kept]
        stages = self.stages
        self.expander = Expander(law, known, ordinary, kept, wide=wide, everywhere=everywhere)
        self.course: Config | None = None
        self.as_written, self.trace = Trace(0), Trace(-1)
        self.exhausted = False
        self._matters = law.looks_back_on(kept)
        self._by_facts: dict[int, str | None] = {track: None for track, _, _ in known.fixed.values()}
        self._needed = [self._still_needed(place) for place in range(len(stages) + 1)]
        self._run()

    # ---- how much is still needed ----

    def _still_needed(self, place: int) -> tuple[dict[int, str], int]:
        """Return the next event on each track from a stage on, and how many steps lie between the later ones."""
        following: dict[int, str] = {}
        last: dict[int, str] = {}
        between = 0
        for stage in self.stages[place:]:
            if stage.limit is not None:
                continue
            track, step = stage.goal.track, stage.goal.step
            if track in last:
                between += max(self.law.distances(step).get(last[track], FAR) - 1, 0)
            following.setdefault(track, step)
            last[track] = step
        return following, between

    def _rest(self, place: int, config: Config) -> int:
        """Return how many steps are needed at least after a configuration."""
        if place == len(self.stages):
            return 0
        following, steps = self._needed[place]
        happened = self._happened_already(place, config)
        for track, step in following.items():
            if step in happened:
                steps -= 1  # it is assumed already, and will be told
                continue
            present = config.step_on(track)
            if present is not None:
                steps += max(self.law.distances(step).get(present, FAR) - 1, 0)
        return steps

    # ---- the search ----

    def _run(self) -> None:
        number = count()
        queue: list[tuple[int, int, int, int, Config]] = []

        def put(place: int, config: Config) -> None:
            least = config.assumed + self._rest(place, config)
            worth = WORTH if self.wide else FAR * FAR
            heapq.heappush(queue, (least + worth * config.odd, -place, next(number), place, config))

        seen = [Frontier(self.law, self._matters) for _ in range(len(self.stages) + 1)]
        put(0, Config.blank(self.known))
        looked_at = 0
        while queue:
            *_, place, config = heapq.heappop(queue)
            if place == len(self.stages):
                self.course = config
                return
            if not seen[place].add(config, self._happened_already(place, config)):
                continue
            looked_at += 1
            if looked_at > self.most:
                self.exhausted = True
                return
            blocks = self._note(place, config)
            for following in self._passing(place, config, blocks):
                put(place + 1, following)
            stage = self.stages[place]
            if stage.limit is None:
                for following in self.expander.hidden(config, stage.goal, stage.goal.day):
                    put(place, following)

    def _happened_already(self, place: int, config: Config) -> tuple[str, ...]:
        """Return the events still to come that have happened, on their day, as consequences of one before them."""
        day = self.stages[place].goal.day
        wanted = {stage.goal.step for stage in self.stages[place:] if stage.goal.day == day}
        return tuple(
            sorted({h.step for h in config.story if not h.mentioned and h.step in wanted and h.when == (day, day)})
        )

    def _note(self, place: int, config: Config) -> list[Block]:
        """Remember what was looked at where the search has gone furthest; return the list for what is in the way."""
        if place > self.trace.stage:
            self.trace = Trace(place)
        if config.odd == 0 and place > self.as_written.stage:
            self.as_written = Trace(place, blocks=self._ended_today(place))
        trace = self.as_written if config.odd == 0 else self.trace
        if place != trace.stage:
            return []
        trace.explored.append(config)
        return trace.blocks

    def _ended_today(self, place: int) -> list[Block]:
        """Return the terms that stood in the way of the stage before, on the same day: also of what it set off."""
        before = self.as_written
        if self.stages[place].goal.day != self.stages[before.stage].goal.day:
            return []
        return [block for block in before.blocks if block.kind == "late"]

    def _passing(self, place: int, config: Config, blocks: list[Block]) -> Iterator[Config]:
        """Give the ways in which a stage is passed."""
        stage = self.stages[place]
        self.expander.turn_to(stage.goal, {**self._by_facts, **self._needed[place][0]}, blocks)
        if stage.limit is None:
            yield from self.expander.hits(config, stage.goal)
        elif self._can_follow(config, stage.goal, stage.limit):
            yield config

    def _can_follow(self, config: Config, goal: Goal, limit: int) -> bool:
        """Return whether what is said to have followed from an event can follow by a day, in the ordinary course."""
        seen, waiting = Frontier(self.law, self._matters), [config]
        for _ in range(OUTCOMES):
            if not waiting:
                return False
            present = waiting.pop(0)
            if all(track != goal.track for track, _ in present.outcomes):
                return True
            for following in self.expander.hidden(present, goal, limit):
                if following.odd == config.odd and seen.add(following):
                    waiting.append(following)
        return False
