"""What an earlier event of a chronology bars on a later day, whatever else has happened.

A way to an event is closed for good

* if it asks that something has never happened which has: a permit bars each later transfer;
* if a decision of the case, or a reading, says no to it;
* if it asks that a term is over which is not, counted from the day that the chronology gives; if what it is counted
  from happened again, the term would end later still;
* if it leaves a step whose own term is not over, for the same reason.

An event to which nothing leads but such ways cannot happen, and no search is needed to see it.
"""

from __future__ import annotations

from sim.policies.statute import Span
from sim.procedures.conditions import Criterion
from sim.procedures.schema import Branch
from sim.replay.config import Block, Config, Goal, Stand
from sim.replay.known import NO, Known
from sim.replay.noted import Noted
from sim.replay.rules import Rules

BINDS_FROM_BELOW = ("exact", "at_least")
"""How a term binds before whose end a step is not left by one of its branches."""


class Barred:
    """Finds what is barred for good in one case under one regime."""

    def __init__(self, law: Rules, known: Known) -> None:
        self.law, self.known = law, known
        self.noted = Noted(law, known)

    def block(self, goal: Goal, config: Config) -> Block | None:
        """Return what stands in every way to an event; None: a way may be open.

        Parameters
        ----------
        goal
            The event.
        config
            What the chronology tells before the day of the event.
        """
        ways = self.law.only_ways_to(goal.step)
        blocks = [self._closed(origin, branch, goal, config) for origin, branch in ways]
        if not blocks or any(block is None for block in blocks):
            return None
        told = (block for block in blocks if block is not None and config.told_of(block.step) is not None)
        return next(told, blocks[0])

    def _closed(self, origin: str, branch: Branch, goal: Goal, config: Config) -> Block | None:
        """Return what closes one way to an event; None: nothing does for good."""
        text = self.noted.text_then(config, origin, goal.day)
        if any(self._never_holds(item, config, goal.day) for item in branch.when):
            return Block("condition", origin, goal.step, goal.day, config, text)
        entered, due = config.told_of(origin), self._ends(origin, config)
        if entered is None or due is None or due.first <= goal.day or self._left(origin, config):
            return None
        there = config.placed(self.law.track_of[origin], Stand(origin, entered, due))
        return Block("early", origin, goal.step, due.first, there, text)

    def _left(self, step: str, config: Config) -> bool:
        """Return whether the chronology tells that a track has gone on from a step: then other rules say why not."""
        track = self.law.track_of[step]
        told = [happening.step for happening in config.story if self.law.track_of[happening.step] == track]
        return told[-1] != step

    def _never_holds(self, item: Criterion, config: Config, day: int) -> bool:
        """Return whether an item of ``when`` cannot hold on a day, whatever has happened that is not told."""
        if self.known.is_past_for_good(item, config):
            return True
        condition = self.law.statute.condition(item.name) if item.name else None
        if condition is None:
            return bool(item.name) and self.known.truth(item, None, Span(day, day)) is NO
        since = None if condition.since is None or item.negated else config.told_of(condition.since)
        return since is not None and self.law.term_is_over(condition, since, Span(day, day)) is False

    def _ends(self, step: str, config: Config) -> Span | None:
        """Return when a step that the chronology tells can end by its own term; None: at any time."""
        entered = config.told_of(step)
        dues: list[Span] = []
        for text in self.law.texts(step):
            term, origin = self.law.term(step, text.step), text.step.counted_from
            counted = entered if origin is None else config.told_of(origin)
            due = None if entered is None else self.law.due(term, entered, counted)
            if term is None or term.binds not in BINDS_FROM_BELOW or due is None:
                return None
            dues.append(due)
        return min(dues, default=None)
