"""What a search noted on its way, read for the reason: which steps were near, and what stood in the way of them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.policies.regime import StepVersion
from sim.policies.statute import Span
from sim.procedures.conditions import Criterion
from sim.replay.config import Block, Config, Goal, Happening, Stand
from sim.replay.known import Known
from sim.replay.rules import Rules
from sim.replay.search import Trace

CLOSE = 2
"""How many steps from the event a way may end that, being barred, says why the event cannot happen."""


class Noted:
    """Reads the traces of one case under one regime."""

    def __init__(self, law: Rules, known: Known) -> None:
        self.law, self.known = law, known

    def nearest(self, goal: Goal, trace: Trace) -> list[Block]:
        """Return what stood in the way nearest to the event; with the least that had to be assumed first."""
        noted = [block for block in trace.blocks if block.kind != "late" and block.to in self.law.causes(goal.step)]
        least = min((self.law.causes(goal.step)[block.to] for block in noted), default=0)
        near = [block for block in noted if self.law.causes(goal.step)[block.to] == least]
        return sorted(near, key=lambda block: (len(block.config.story), -block.day))

    def passed(self, trace: Trace, goal: Goal) -> Iterator[Block]:
        """Give the steps of the story from which the event could have followed, under this text or another one."""
        for config in trace.explored[:1]:
            for happening in reversed(config.story):
                step, now = happening.step, happening.when.last
                leads = any(b.to == goal.step for text in self.law.texts(step) for b in text.step.next)
                if not leads or step == config.step_on(goal.track):
                    continue
                text = self.text_then(config, step, now)
                items = self.items(text, goal.step, config, now)
                if items or all(branch.to != goal.step for branch in text.step.next):
                    yield Block("condition", step, goal.step, now, config, text, items)

    def set_off_on_the_day(self, trace: Trace, goal: Goal) -> Iterator[Block]:
        """Give the steps passed through on the day of the event that could have set it off, had they gone that way."""
        for config in trace.explored[:1]:
            for happening in reversed(config.story):
                step, now = happening.step, happening.when.last
                if now != goal.day or happening.when.first != now or self.law.track_of[step] == goal.track:
                    continue
                text = self.text_then(config, step, now)
                items = self.items(text, goal.step, config, now)
                went_elsewhere = config.is_mentioned(self.law.track_of[step])
                sets_off = any(goal.step in branch.enters[1:] for branch in text.step.next)
                if sets_off and (items or went_elsewhere):
                    yield Block("condition", step, goal.step, now, config, text, items)

    def by_another_text(self, trace: Trace, goal: Goal) -> Iterator[Block]:
        """Give the steps of the story that lead nearer to the event under another text than the one that applied."""
        for config in trace.explored[:1]:
            present = self.law.distances(goal.step).get(config.step_on(goal.track) or "")
            own = [happening for happening in config.story if self.law.track_of[happening.step] == goal.track]
            last = max((place for place, happening in enumerate(own) if happening.mentioned), default=0)
            for happening in own[last:]:
                step, now = happening.step, happening.when.last
                text = self.text_then(config, step, now)
                here = {branch.to for branch in text.step.next}
                for to in (branch.to for other in self.law.texts(step) for branch in other.step.next):
                    distance = self.law.distances(goal.step).get(to)
                    if to not in here and distance is not None and (present is None or distance < present):
                        yield Block("condition", step, to, now, config, text)

    def text_then(self, config: Config, step: str, day: int) -> StepVersion:
        """Return the text of a step under which the person fell on a day."""
        return self.law.statute.texts_that_may_hold(step, day, config.entered)[0]

    def items(self, text: StepVersion, to: str, config: Config | None, day: int) -> tuple[Criterion, ...]:
        """Return what stands in the way of the branches of a text that lead to a step or set it off.

        Nothing does where one of them asks for nothing and can be taken.
        """
        found: list[Criterion] = []
        for place, branch in enumerate(text.step.next):
            if to in branch.enters:
                possible, items = self.known.can_take(text.step.next, place, config, Span(day, day))
                if possible and not branch.when:
                    return ()
                found += [] if possible else items
        return tuple(found)

    def is_told(self, block: Block) -> bool:
        """Return whether the chronology has the step at which something stood in the way."""
        return block.config.is_mentioned(self.law.track_of[block.step])

    def is_close(self, block: Block, goal: Goal) -> bool:
        """Return whether a way that was barred leads to the event, or nearly so."""
        return block.step != goal.step and self.law.causes(goal.step)[block.to] <= CLOSE

    def is_at_hand(self, block: Block, goal: Goal) -> bool:
        """Return whether on the track of the event at most one step was assumed before what stood in the way."""
        track = self.law.track_of[block.step]
        if track != goal.track:
            return True
        own = [happening for happening in block.config.story if self.law.track_of[happening.step] == track]
        told = max((place for place, happening in enumerate(own) if happening.mentioned), default=0)
        return len(own) - 1 - told <= 1

    def at_once_with(self, happening: Happening) -> frozenset[str]:
        """Return the steps that can be entered on the same day because one was."""
        return self.law.enters_at_once[happening.step] - {happening.step}

    def came_already(self, goal: Goal, config: Config) -> Iterator[tuple[Happening, Happening]]:
        """Give the event with which a goal came at once on an earlier day, and the step that set it off."""
        for came in [happening for happening in config.story if happening.step == goal.step][-1:]:
            if came.mentioned or came.when.first < came.when.last or came.when.last >= goal.day:
                continue
            with_it = [h for h in config.story if h.when == came.when and goal.step in self.at_once_with(h)]
            event = next((h for h in with_it if h.mentioned), None)
            if event is not None:
                yield event, with_it[-1]

    def leading(self, step: str) -> set[str]:
        """Return the layers with a text that leads to a step or sets it off."""
        return {
            text.layer
            for name in self.law.statute.steps
            for text in self.law.texts(name)
            if step in text.step.sets_off or any(step in branch.enters for branch in text.step.next)
        }

    def open_ways(self, text: StepVersion, config: Config | None, day: int) -> tuple[str, ...]:
        """Return where the branches of a text can lead."""
        branches = text.step.next
        taken = (
            branch.to
            for place, branch in enumerate(branches)
            if self.known.can_take(branches, place, config, Span(day, day))[0]
        )
        return tuple(dict.fromkeys(taken))

    def standing(self, trace: Trace, track: int) -> Stand | None:
        """Return where a track was where the search went no further; None: not known."""
        return next((stand for config in trace.explored if (stand := config.stands[track])), None)
