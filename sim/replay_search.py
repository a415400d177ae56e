"""Searches for a course of events in which a chronology happens.

The tracks of one person move side by side. A track of which the chronology has said nothing yet can be anywhere
that the rules allow and moves only as the cause of something that is mentioned; from then on it is known, and
moves by its own steps. Between two events a breadth-first search tries what may have happened unmentioned. One
move is: a step ends (its time is over, an authority acts, a gate opens) or a hazard strikes, with everything that
follows from it on the same day by signals and by steps passed through. Four rules keep what is assumed modest:

* A hazard is never assumed for itself, only as what brought about an event that is mentioned.
* A file that has come to rest does not start again unmentioned.
* Where a decision of the case said no, no unmentioned detour leads to what it denied.
* What a fact of the case says does not change unmentioned.

Terms of law bind; what an authority or a person takes for something may take any time, from nothing on. Days that
are not known are spans, and the spans of two tracks are not held against each other: in doubt the search finds a
chronology possible. For each event it looks at no more than ``LARGEST`` configurations.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from sim.policies.regime import StepVersion
from sim.procedures.schema import Branch
from sim.replay_known import NO, OPEN, YES, Known
from sim.replay_law import PASSED_THROUGH, RESTING, Law, Span, plain, words

LARGEST: Final = 20_000
MENTIONED, ASSUMED = "mentioned", "assumed"


@dataclass(frozen=True)
class Stand:
    """Where a track is: the step, when it was entered, and when its term can end."""

    step: str
    entered: Span
    due: Span | None = None


@dataclass(frozen=True)
class Happening:
    """A step that was entered in the course of events that was found.

    Attributes
    ----------
    step
        The step.
    when
        The day, or the days between which it lies.
    mentioned
        The chronology has it; otherwise it was assumed.
    cause
        ``branch``, ``signal``, ``hazard NAME``, or ``start`` where the chronology begins in the middle.
    """

    step: str
    when: Span
    mentioned: bool
    cause: str


@dataclass(frozen=True)
class Config:
    """One way things can stand.

    Attributes
    ----------
    stands
        By track; None where nothing is known.
    now
        Nothing that is still to come lies before this day.
    days
        The days of the steps on which rules look back.
    firsts
        By track: how far from the start the first step lay that is known of it.
    outcomes
        By track: what must follow next, as the chronology says.
    denied
        Steps to which a decision of the case has said no since the last event of their track.
    story
        What has happened so far.
    """

    known: Known = field(compare=False, repr=False)
    stands: tuple[Stand | None, ...]
    now: int = 0
    days: tuple[tuple[str, Span], ...] = ()
    firsts: tuple[int | None, ...] = ()
    outcomes: tuple[tuple[int, str], ...] = ()
    denied: frozenset[str] = frozenset()
    story: tuple[Happening, ...] = field(default=(), compare=False)

    def step_on(self, track: int) -> str | None:
        """Return the step on a track; None: not known."""
        stand = self.stands[track]
        return None if stand is None else stand.step

    def entered(self, step: str) -> Span | None:
        """Return when a step was last entered; None: not in the chronology."""
        for name, span in self.days:
            if name == step:
                return span
        stand = self.stands[self.known.law.track_of[step]]
        return stand.entered if stand is not None and stand.step == step else None

    def before_it(self, step: str) -> bool:
        """Say whether a step may lie before the first one that is known of its track."""
        first = self.firsts[self.known.law.track_of[step]]
        return first is None or self.known.depth(step) < first


@dataclass(frozen=True)
class Goal:
    """What the search looks for: a step, on a day or from a day on until another, and what must follow from it."""

    step: str
    track: int
    day: int
    outcome: str | None = None
    by_occupation: bool = False


@dataclass(frozen=True)
class Block:
    """Something that stood in the way of an event.

    Attributes
    ----------
    kind
        ``condition`` (items do not hold), ``early`` (a term has not ended on the last day, ``day``), ``late`` (it ended
        before), ``denied``, ``outcome``, ``fact``.
    step, to
        The step that would have been left, and the one that would have been entered.
    """

    kind: str
    step: str
    to: str
    text: StepVersion | None = None
    items: tuple[str, ...] = ()
    day: int = 0
    config: Config | None = None


class Search:
    """Carries all ways in which the events so far can have happened.

    Parameters
    ----------
    law, known
        The rules; the facts of the case.

    Attributes
    ----------
    configs
        The ways, after the last event.
    blocks, explored
        What stood in the way of the present event, and every configuration that was looked at for it.
    exhausted
        Whether the search for the present event ended at its bound.
    """

    def __init__(self, law: Law, known: Known) -> None:
        self.law, self.known = law, known
        nothing = (None,) * len(law.tracks)
        self.configs = [Config(known, nothing, firsts=nothing)]
        self.remembered = law.dating_steps | _looked_back_at(law)
        self.blocks: list[Block] = []
        self.explored: list[Config] = []
        self.exhausted = False
        self._distances: dict[str, int] = {}

    # ---- one event ----

    def event(self, goal: Goal) -> list[Config]:
        """Return every way in which an event can have happened after those before it, and keep them."""
        self.blocks, self.exhausted = [], False
        self._distances = dict(self.law.distances(goal.step))
        found = _Frontier()
        seen = _Frontier()
        queue = deque(config for config in self.configs if seen.add(config))
        while queue:
            config = queue.popleft()
            for hit in self._hits(config, goal):
                found.add(hit)
            for following in self._hidden(config, goal.track, goal.day):
                if len(seen) >= LARGEST:
                    self.exhausted = True
                elif seen.add(following):
                    queue.append(following)
        self.explored = list(seen)
        self.configs = list(found)
        return self.configs

    def outcome_can_follow(self, goal: Goal, limit: int) -> bool:
        """Say whether what must follow from the last event can follow until a day."""
        seen = _Frontier()
        queue = deque(config for config in self.configs if seen.add(config))
        while queue and len(seen) < LARGEST:
            config = queue.popleft()
            if all(track != goal.track for track, _ in config.outcomes):
                return True
            queue.extend(c for c in self._hidden(config, goal.track, limit) if seen.add(c))
        self.explored = list(seen)
        return False

    def _hits(self, config: Config, goal: Goal) -> Iterator[Config]:
        """Give the ways in which the event of the goal happens on its day."""
        today = Span(goal.day, goal.day)
        stand = config.stands[goal.track]
        if goal.by_occupation and stand is None and goal.step in self.known.possible(goal.track, goal.day):
            begun = self._begun(config, goal.track, goal.step, goal.day)
            yield self._at_goal(begun, goal)
        if goal.by_occupation and stand is not None and stand.step == goal.step and self._can_wait(config, goal.day):
            yield self._at_goal(config, goal)
        for track in range(len(self.law.tracks)):
            for start in self._origins(config, track, goal):
                for following in self._moves(start, track, today, goal):
                    if any(
                        happening.mentioned and happening.step == goal.step
                        for happening in following.story[len(start.story) :]
                    ):
                        yield following

    def _origins(self, config: Config, track: int, goal: Goal) -> Iterator[Config]:
        """Give the configuration with a track as it is, or as it can be, from where a move can bring about the goal."""
        stand = config.stands[track]
        if stand is not None:
            if goal.step in self.law.same_day[stand.step]:
                yield config
            return
        for step in sorted(self.known.possible(track, goal.day)):
            if goal.step in self.law.same_day[step]:
                yield self._begun(config, track, step, goal.day)

    def _at_goal(self, config: Config, goal: Goal) -> Config:
        """Return the configuration at a step that is occupied on the day of the goal."""
        happening = Happening(goal.step, Span(goal.day, goal.day), True, "occupied")
        return replace(
            _with_outcome(config, goal),
            now=max(config.now, goal.day),
            denied=self._forgotten(config, goal.track),
            story=(*config.story, happening),
        )

    def _can_wait(self, config: Config, day: int, but: int = -1) -> bool:
        """Say whether no term ends before a day."""
        return all(
            stand is None or stand.due is None or stand.due.last >= day
            for track, stand in enumerate(config.stands)
            if track != but
        )

    def _begun(self, config: Config, track: int, step: str, day: int) -> Config:
        """Return the configuration with the chronology of a track beginning in the middle, at a step."""
        entered = Span(0, day)
        stands, firsts = list(config.stands), list(config.firsts)
        stands[track], firsts[track] = Stand(step, entered), self.known.depth(step)
        happening = Happening(step, entered, False, "start")
        return replace(
            config,
            stands=tuple(stands),
            firsts=tuple(firsts),
            days=self._noted(config, step, entered),
            story=(*config.story, happening),
        )

    # ---- what may happen unmentioned ----

    def _hidden(self, config: Config, track: int, limit: int) -> Iterator[Config]:
        """Give what can follow from one unmentioned move until a day."""
        span = Span(config.now, limit)
        for other, stand in enumerate(config.stands):
            if stand is not None:
                for following in self._moves(config, other, span, None):
                    if self._facts_hold(config, following):
                        yield following
        stand = config.stands[track]
        if stand is None or self.law.kind[stand.step] == RESTING:
            return
        for other in self._unknown(config):
            for step in sorted(self.known.possible(other, limit)):
                if any(stand.step in self.law.accepts[to] for to in self.law.same_day[step]):
                    begun = self._begun(config, other, step, limit)
                    for following in self._moves(begun, other, span, None):
                        if following.step_on(track) != stand.step and self._facts_hold(begun, following):
                            yield following

    def _unknown(self, config: Config) -> list[int]:
        return [track for track, stand in enumerate(config.stands) if stand is None]

    # ---- moves ----

    def _moves(self, config: Config, track: int, span: Span, goal: Goal | None) -> Iterator[Config]:
        """Give what can follow from one step of a track ending, or a hazard striking it, within a span."""
        stand = config.stands[track]
        assert stand is not None
        if goal is not None and self._can_wait(config, span.first):
            yield from self._struck(config, stand, span, goal)
        if self.law.kind[stand.step] == RESTING:
            return
        yield from self._started(config, stand, span, goal)
        time = self._time(config, track, stand, span)
        if time is None:
            return
        for piece in self.law.pieces(time, self._turning_days(config, stand.step)):
            for text in self._texts(config, stand.step, piece.first):
                for place, branch in enumerate(text.step.next):
                    if self._can_take(config, stand.step, text, place, piece):
                        yield from self._go(config, branch, text, piece, goal)

    def _time(self, config: Config, track: int, stand: Stand, span: Span) -> Span | None:
        """Return when a step can end within a span; None: not at all."""
        first, last = max(span.first, config.now, stand.entered.first), span.last
        if stand.due is not None:
            if stand.due.first > last:
                self._note_early(config, stand)
            first, last = max(first, stand.due.first), min(last, stand.due.last)
        for other, waiting in enumerate(config.stands):
            if other != track and waiting is not None and waiting.due is not None:
                last = min(last, waiting.due.last)
        return Span(first, last) if first <= last else None

    def _struck(self, config: Config, stand: Stand, span: Span, goal: Goal) -> Iterator[Config]:
        """Give what follows when a hazard strikes."""
        for name, hazard in self.law.hazards.items():
            if stand.step in hazard.at and all(
                self.known.truth(item, config, span) in (YES, OPEN) for item in hazard.when
            ):
                yield from self._enter(replace(config, now=span.first), hazard.to, span, f"hazard {name}", (), (), goal)

    def _started(self, config: Config, stand: Stand, span: Span, goal: Goal | None) -> Iterator[Config]:
        """Give what follows when an authority takes up a case that waits: the place in a shelter is there."""
        step = self.law.texts(stand.step)[0].step
        first = max(span.first, config.now)
        if step.on_start and first <= span.last and self._can_wait(config, first):
            at = Span(first, span.last)
            yield from self._settle(
                replace(config, now=first), tuple(("signal", plain(s)) for s in step.on_start), at, goal
            )

    def _turning_days(self, config: Config, step: str) -> list[int]:
        """Return the days on which a condition that a step asks for changes by the mere passing of time."""
        days: list[int] = []
        for text in self.law.texts(step):
            for word in words(text.step):
                condition = self.law.regime.conditions.get(word)
                if condition is not None and condition.since is not None:
                    since = config.entered(condition.since)
                    if since is not None:
                        days += self.law.days_that_matter(condition, since)
        return days

    def _texts(self, config: Config, step: str, day: int) -> list[StepVersion]:
        """Return the texts of a step under which the person can fall on a day."""

        def decided(event: str) -> Span | None:
            span = config.entered(event)
            if span is None and config.firsts[self.law.track_of[event]] is not None and config.before_it(event):
                return Span(0, day)
            return span

        return self.law.texts_in_force(step, day, decided)

    def _can_take(self, config: Config, step: str, text: StepVersion, place: int, now: Span) -> bool:
        """Say whether a branch can be taken, and note what stands in the way."""
        possible, items = self.known.can_take(text.step.next, place, config, now)
        if not possible:
            to = text.step.next[place].to
            self._note(Block("condition", step, to, text, tuple(items), now.first, config))
        return possible

    def _go(self, config: Config, branch: Branch, text: StepVersion, now: Span, goal: Goal | None) -> Iterator[Config]:
        """Take a branch."""
        denied = self._denied(text, now)
        after = replace(config, now=now.first, denied=config.denied | (denied - {branch.to}))
        yield from self._enter(after, branch.to, now, "branch", branch.signals, (), goal)

    def _denied(self, text: StepVersion, now: Span) -> frozenset[str]:
        """Return the steps to which a decision of the case, made here, says no."""
        return frozenset(
            branch.to
            for branch in text.step.next
            if any(self.known.is_decision(item) and self.known.truth(item, None, now) is NO for item in branch.when)
        )

    def _enter(
        self,
        config: Config,
        to: str,
        now: Span,
        cause: str,
        signals: Iterable[str],
        pending: tuple[tuple[str, str], ...],
        goal: Goal | None,
    ) -> Iterator[Config]:
        """Enter a step, and let follow what follows at once."""
        track = self.law.track_of[to]
        is_goal = goal is not None and to == goal.step and track == goal.track
        if to in config.denied:
            self._note(Block("denied", config.step_on(track) or "", to, config=config))
            return
        outcomes = self._outcomes_after(config, track, to)
        if outcomes is None:
            self._note(Block("outcome", config.step_on(track) or "", to, config=config))
            return
        remembering = replace(config, days=self._noted(config, to, now))
        for text in self._texts(remembering, to, now.first):
            stands, firsts = list(config.stands), list(config.firsts)
            counted = now if text.step.counted_from is None else remembering.entered(text.step.counted_from)
            due = self.law.due(self.law.term(to, text.step), now, counted)
            stands[track] = Stand(to, now, due)
            if firsts[track] is None:
                firsts[track] = self.known.depth(to)
            after = replace(
                remembering,
                stands=tuple(stands),
                firsts=tuple(firsts),
                outcomes=outcomes,
                denied=self._forgotten(config, track) if is_goal else config.denied,
                story=(*config.story, Happening(to, now, is_goal, cause)),
            )
            if is_goal and goal is not None:
                after = _with_outcome(after, goal)
            work = [("signal", plain(signal)) for signal in (*text.step.signals, *signals)]
            if self.law.kind[to] == PASSED_THROUGH:
                work.append(("pass", to))
            yield from self._settle(after, (*pending, *work), now, goal)

    def _settle(
        self, config: Config, work: tuple[tuple[str, str], ...], now: Span, goal: Goal | None
    ) -> Iterator[Config]:
        """Work off signals and steps passed through, first in first out."""
        if not work:
            yield config
            return
        (kind, step), rest = work[0], work[1:]
        if kind == "signal":
            yield from self._signalled(config, step, rest, now, goal)
            return
        if config.step_on(self.law.track_of[step]) != step:
            yield from self._settle(config, rest, now, goal)
            return
        for text in self._texts(config, step, now.first):
            for place, branch in enumerate(text.step.next):
                if self._can_take(config, step, text, place, now):
                    denied = config.denied | (self._denied(text, now) - {branch.to})
                    after = replace(config, denied=denied)
                    yield from self._enter(after, branch.to, now, "branch", branch.signals, rest, goal)

    def _signalled(
        self, config: Config, to: str, rest: tuple[tuple[str, str], ...], now: Span, goal: Goal | None
    ) -> Iterator[Config]:
        """Let a signal reach a track, or pass without effect."""
        track = self.law.track_of[to]
        present, accepted = config.step_on(track), self.law.accepts[to]
        may_be = frozenset((present,)) if present is not None else self.known.possible(track, now.last)
        if may_be & accepted:
            yield from self._enter(config, to, now, "signal", (), rest, goal)
        # A track that nothing is known of is taken to be at its start, if it can be.
        at_start = present is None and self.law.start[track] in may_be & accepted
        if may_be - accepted and not at_start:
            yield from self._settle(config, rest, now, goal)

    # ---- bookkeeping ----

    def _outcomes_after(self, config: Config, track: int, to: str) -> tuple[tuple[int, str], ...] | None:
        """Return what must still follow when a step is entered; None: it should have been another one."""
        wanted = dict(config.outcomes).get(track)
        if wanted is None:
            return config.outcomes
        if wanted == to:
            return tuple(pair for pair in config.outcomes if pair[0] != track)
        only_way = self.law.texts(to)[0].step.next
        single = len(self.law.texts(to)) == 1 and len(only_way) == 1 and not only_way[0].when
        return config.outcomes if single else None

    def _forgotten(self, config: Config, track: int) -> frozenset[str]:
        """Return what is denied, but for a track on which something is mentioned."""
        return frozenset(step for step in config.denied if self.law.track_of[step] != track)

    def _noted(self, config: Config, step: str, now: Span) -> tuple[tuple[str, Span], ...]:
        if step not in self.remembered:
            return config.days
        return tuple(sorted({**dict(config.days), step: now}.items()))

    def _facts_hold(self, before: Config, after: Config) -> bool:
        """Say whether a move leaves the facts of the case as they are."""
        return all(
            before.step_on(track) == after.step_on(track)
            or (after.step_on(track) in at) == value
            or (before.step_on(track) is not None and (before.step_on(track) in at) != value)
            for track, at, value in self.known.fixed.values()
        )

    def _note(self, block: Block) -> None:
        if block.to in self._distances:
            self.blocks.append(block)

    def _note_early(self, config: Config, stand: Stand) -> None:
        assert stand.due is not None
        for text in self.law.texts(stand.step):
            for branch in text.step.next:
                self._note(Block("early", stand.step, branch.to, text, (), stand.due.first, config))


class _Frontier:
    """Configurations, none of which another one covers: the same steps, and days as wide or wider."""

    def __init__(self) -> None:
        self._by_steps: dict[object, list[tuple[tuple[int, ...], Config]]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Config]:
        for configs in self._by_steps.values():
            for _, config in configs:
                yield config

    def add(self, config: Config) -> bool:
        """Add a configuration; False when one that is there covers it."""
        key = (
            tuple(None if stand is None else (stand.step, stand.due is None) for stand in config.stands),
            config.firsts,
            config.outcomes,
            config.denied,
            tuple(step for step, _ in config.days),
        )
        # Every number counts for more freedom the smaller it is.
        spans = [span for stand in config.stands if stand for span in (stand.entered, stand.due) if span]
        spans += [span for _, span in config.days]
        freedom = (config.now, *(number for span in spans for number in (span.first, -span.last)))
        there = self._by_steps.setdefault(key, [])
        if any(all(a <= b for a, b in zip(other, freedom, strict=True)) for other, _ in there):
            return False
        there.append((freedom, config))
        self._size += 1
        return True


def _with_outcome(config: Config, goal: Goal) -> Config:
    if goal.outcome is None:
        return config
    others = tuple(pair for pair in config.outcomes if pair[0] != goal.track)
    return replace(config, outcomes=(*others, (goal.track, goal.outcome)))


def _looked_back_at(law: Law) -> frozenset[str]:
    """Return the steps that a rule asks whether they have ever been entered."""
    steps = {step for condition in law.regime.conditions.values() for step in condition.ever}
    for texts in law.regime.versions.values():
        for text in texts:
            steps |= {word.removeprefix("ever ") for word in words(text.step) if word.startswith("ever ")}
    return frozenset(steps)
