"""Searches for a course of events in which a chronology happens.

The tracks of one person move side by side. A track of which the chronology has said nothing yet can be anywhere
that the rules allow, and moves only as the cause of something; from then on it is known, and moves by its own
steps. Between two events of a track a breadth-first search tries what may have happened unmentioned, on this track
and on those to which its rules look or from which they take signals. One move is: a step ends (its time is over, an
authority acts, a gate opens) or a hazard strikes, with everything that follows from it on the same day by signals
and by steps passed through. Four rules keep modest what is assumed:

* A hazard is never assumed for itself, only as what brought about an event that is mentioned.
* A file that comes to rest unmentioned does not start again.
* Where a decision of the case said no, no unmentioned detour leads to what it denied.
* What a fact of the case says does not change unmentioned.

Terms of law bind; what an authority or a person takes for something may take any time, from nothing on. Days that
are not known are spans, and the spans of two tracks are not held against each other: in doubt the search finds a
chronology possible. For each event it looks at no more than ``LARGEST`` configurations.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from sim.policies.regime import StepVersion
from sim.procedures.schema import Branch
from sim.replay_config import Block, Config, Frontier, Goal, Happening, Stand
from sim.replay_known import NO, OPEN, YES, Known
from sim.replay_law import PASSED_THROUGH, RESTING, Law, Span, plain, words

LARGEST: Final = 3_000
Work = tuple[tuple[str, str], ...]
"""What is still to be worked off in a moment: a signal to a step, or a step passed through."""


class Reach(enum.Enum):
    """What may move unmentioned on the way to an event, besides terms that end.

    Its own track; that track, also by signals of tracks of which nothing is known; the tracks near it too.
    """

    ITSELF = "itself"
    SIGNALS = "signals"
    OTHERS = "others"


class Search:
    """Carries all ways in which the events so far can have happened.

    Parameters
    ----------
    law, known
        The rules; the facts of the case.
    events
        The steps of its events.
    wide
        Let other tracks move for every event, and not only where it would otherwise be out of reach.

    Attributes
    ----------
    configs
        The ways, after the last event.
    blocks, explored
        What stood in the way of the present event, and every configuration that was looked at for it.
    exhausted
        Whether the search for the present event ended at its bound.
    hopeless
        Whether the present event is out of reach whatever other tracks do.
    """

    def __init__(self, law: Law, known: Known, events: Iterable[str], *, wide: bool = False) -> None:
        self.law, self.known, self.wide = law, known, wide
        self.open = self._open_tracks(events)
        self.hopeless = False
        self.configs = [Config.blank(known)]
        self.blocks: list[Block] = []
        self.explored: list[Config] = []
        self.exhausted = False
        self.distances: dict[str, int] = {}
        self.last_on: dict[int, list[Config]] = {}

    def _open_tracks(self, events: Iterable[str]) -> frozenset[int]:
        """Return the tracks of which nothing is kept: neither the events nor the facts are about their procedure."""
        procedures = {event.partition(".")[0] for event in events}
        facts = {track for track, _, _ in self.known.fixed.values()}
        return frozenset(
            track
            for track, name in enumerate(self.law.tracks)
            if track not in facts and name.partition(".")[0] not in procedures
        )

    # ---- one event ----

    def event(self, goal: Goal) -> list[Config]:
        """Return the ways in which an event can have happened after those before it, and keep them.

        First only the track of the event moves. If that does not lead to it, and what is known of other tracks is
        the reason, those move too.
        """
        self.blocks, self.explored, self.exhausted = [], [], False

        def search(configs: Iterable[Config], reach: Reach) -> list[Config]:
            found, enough = Frontier(), LARGEST
            for moves, config in self._course(configs, goal, goal.day, reach):
                if moves > enough:
                    break
                for hit in self._hits(config, goal):
                    found.add(hit)
                    # Of what other tracks may have done, the shortest courses will do.
                    enough = LARGEST if self.wide or reach is not Reach.OTHERS else moves
            return list(found)

        found = [] if self.wide else search(self.configs, Reach.ITSELF)
        # If it is out of reach even with nothing known of other tracks, these need not be tried.
        self.hopeless = not (found or self.wide) and not search(self._fresh(goal), Reach.SIGNALS)
        if not found and not self.hopeless:
            found = search(self.configs, Reach.OTHERS)
        self.configs = [config._replace(told=len(config.story)) for config in found]
        alone = Frontier()
        self.last_on[goal.track] = [a for a in map(goal.alone, self.configs) if alone.add(a)]
        return self.configs

    def _fresh(self, goal: Goal) -> list[Config]:
        """Return the track of an event as it was after the last event on it, with nothing known of other tracks."""
        return self.last_on.get(goal.track, [Config.blank(self.known)])

    def outcome_can_follow(self, goal: Goal, limit: int) -> bool:
        """Say whether what must follow from the last event can follow until a day."""
        self.blocks, self.explored, self.exhausted = [], [], False
        assert goal.outcome is not None
        outcome = goal._replace(step=goal.outcome, outcome=None)
        return any(
            all(track != goal.track for track, _ in config.outcomes)
            for reach in (Reach.ITSELF, Reach.OTHERS)
            for _, config in self._course(self.configs, outcome, limit, reach)
        )

    def _course(self, configs: Iterable[Config], goal: Goal, limit: int, reach: Reach) -> Iterator[tuple[int, Config]]:
        """Give the configurations that lead towards an event until a day, those with the fewest moves first."""
        self.distances = dict(self.law.distances(goal.step))
        seen = Frontier()
        queue = deque((0, config) for config in configs if seen.add(config))
        while queue:
            moves, config = queue.popleft()
            self.explored.append(config)
            yield moves, config
            for following in self._hidden(config, goal, limit, reach):
                step = following.step_on(goal.track)
                if step is not None and step not in self.distances:
                    continue
                if len(seen) >= LARGEST:
                    self.exhausted = True
                elif seen.add(following):
                    queue.append((moves + 1, following))

    def _hits(self, config: Config, goal: Goal) -> Iterator[Config]:
        """Give the ways in which the event of the goal happens on its day."""
        today = Span(goal.day, goal.day)
        happened = list(self._same_day(config, goal))
        if happened:
            yield from happened
            return
        if goal.occupied:
            yield from self._occupied(config, goal)
        tracks = [goal.track, *(t for t in self._known_tracks(config) if t != goal.track)]
        hits = [hit for track in tracks for hit in self._brought_about(config, track, today, goal)]
        # A track of which nothing is known is its cause only where nothing else can be.
        others = (track for track, stand in enumerate(config.stands) if stand is None and track != goal.track)
        yield from hits or (hit for track in others for hit in self._brought_about(config, track, today, goal))

    def _brought_about(self, config: Config, track: int, today: Span, goal: Goal) -> Iterator[Config]:
        """Give the ways in which a move of a track brings the event about."""
        for start in self._origins(config, track, goal):
            before = len(start.story)
            for following in self._moves(start, track, today, goal):
                if any(happening.mentioned for happening in following.story[before:]):
                    yield following.forgetting(self.open)

    def _known_tracks(self, config: Config) -> list[int]:
        return [track for track, stand in enumerate(config.stands) if stand is not None]

    def _same_day(self, config: Config, goal: Goal) -> Iterator[Config]:
        """Give the configuration if the event has happened on its day as a consequence of one before it."""
        today = Span(goal.day, goal.day)
        for place in range(len(config.story) - 1, -1, -1):
            happening = config.story[place]
            if self.law.track_of[happening.step] != goal.track:
                continue
            if happening.mentioned or happening.when != today:
                return
            if happening.step == goal.step:
                known = happening._replace(event=goal.number)
                story = (*config.story[:place], known, *config.story[place + 1 :])
                yield config._replace(story=story).mentioned(goal)
                return

    def _occupied(self, config: Config, goal: Goal) -> Iterator[Config]:
        """Give the ways in which a track is at a step that it has entered before."""
        stand = config.stands[goal.track]
        if stand is None and goal.step in self.known.possible(goal.track, goal.day):
            config = config.begun(goal.step, goal.day)
            stand = config.stands[goal.track]
        if stand is None or stand.step != goal.step or not self._can_stay(config, stand, goal.day):
            return
        there = stand._replace(seen=goal.day)
        yield config.at(there, Happening(goal.step, Span(goal.day, goal.day), goal.number, "stays")).mentioned(goal)

    def _origins(self, config: Config, track: int, goal: Goal) -> Iterator[Config]:
        """Give the configuration with a track where a move of it can bring about the goal."""
        stand = config.stands[track]
        if stand is not None:
            if goal.step in self.law.same_day[stand.step]:
                yield config
            return
        for step in sorted(self.known.possible(track, goal.day)):
            if goal.step in self.law.same_day[step]:
                yield config.begun(step, goal.day)

    def _can_stay(self, config: Config, stand: Stand, day: int) -> bool:
        """Say whether a track can still be at its step on a day: no term has ended that takes it away."""
        return self._latest(config, stand, day) >= day

    def _latest(self, config: Config, stand: Stand, day: int) -> int:
        """Return the last day, up to a day, before a term ends that takes a track away from its step."""
        for other in config.stands:
            if other is None or other.due is None or other.due.last >= day or other.step == stand.step:
                continue
            if any(stand.step in self.law.accepts[to] for to in self.law.same_day[other.step]):
                self._note_term("late", config, other, other.due.last)
                day = other.due.last
        return day if stand.due is None else min(day, stand.due.last)

    # ---- what may happen unmentioned ----

    def _hidden(self, config: Config, goal: Goal, limit: int, reach: Reach) -> Iterator[Config]:
        """Give what can follow from one unmentioned move until a day."""
        span = Span(0, limit)
        for track in self._near(config, goal.track):
            if track != goal.track and reach is not Reach.OTHERS and not self._term_ended(config, track, limit):
                continue
            if config.stands[track] is not None:
                for following in self._moves(config, track, span, None):
                    if self._facts_hold(config, following):
                        yield following.forgetting(self.open)
                if reach is not Reach.ITSELF:
                    yield from self._signalled_from_outside(config, track, goal, span)

    def _signalled_from_outside(self, config: Config, track: int, goal: Goal, span: Span) -> Iterator[Config]:
        """Give what follows when a track of which nothing is known sends another one on its way to the event."""
        stand = config.stands[track]
        if stand is None:
            return
        if self.law.kind[stand.step] == RESTING and not (track == goal.track and config.rested_before(track)):
            return
        for other, known in enumerate(config.stands):
            if known is not None:
                continue
            for step in sorted(self.known.possible(other, span.last)):
                if not any(stand.step in self.law.accepts[to] for to in self.law.same_day[step]):
                    continue
                begun = config.begun(step, span.last)
                for following in self._moves(begun, other, span, None):
                    new = following.step_on(track)
                    if new is None or new == stand.step or not self._facts_hold(begun, following):
                        continue
                    if track == goal.track or any(
                        goal.step in self.law.same_day[later] for later in self.law.onward(new)
                    ):
                        yield following.forgetting(self.open)

    def _term_ended(self, config: Config, track: int, day: int) -> bool:
        """Say whether the term of a step ends before a day, so that the track must move on."""
        stand = config.stands[track]
        return stand is not None and stand.due is not None and stand.due.last < day

    def _near(self, config: Config, track: int) -> list[int]:
        """Return the known tracks that may move for an event: its own, and those it looks at, hears or signals to."""
        near = {track}
        on_the_way = self._on_the_way(config, track)
        for step in on_the_way:
            near |= self.law.looked_at(step)
            near |= {self.law.track_of[signalled] for signalled in self.law.same_day[step]}
        for other, stand in enumerate(config.stands):
            if stand is not None and any(self.law.same_day[step] & on_the_way for step in self.law.onward(stand.step)):
                near.add(other)
        return [other for other in sorted(near) if config.stands[other] is not None]

    def _on_the_way(self, config: Config, track: int) -> frozenset[str]:
        """Return the steps of a track between where it is, or can be, and the event."""
        stand = config.stands[track]
        if stand is not None:
            return self.law.onward(stand.step) & self.distances.keys()
        return frozenset(step for step, distance in self.distances.items() if distance <= 1)

    # ---- moves ----

    def _moves(self, config: Config, track: int, span: Span, goal: Goal | None) -> Iterator[Config]:
        """Give what can follow from one step of a track ending, or a hazard striking it, within a span."""
        stand = config.stands[track]
        assert stand is not None
        if goal is not None:
            yield from self._struck(config, stand, span, goal)
        if self.law.kind[stand.step] == RESTING:
            return
        yield from self._taken_up(config, stand, span, goal)
        time = self._time(config, stand, span)
        if time is None:
            return
        for piece in self.law.pieces(time, self._turning_days(config, stand.step)):
            for text in self._texts(config, stand.step, piece.first):
                for place, branch in enumerate(text.step.next):
                    if self._can_take(config, stand.step, text, place, piece):
                        after = self._decided(config, stand.step, text, branch, piece)
                        yield from self._enter(
                            after, branch.to, piece, f"branch {text.layer}", branch.signals, (), goal
                        )

    def _time(self, config: Config, stand: Stand, span: Span) -> Span | None:
        """Return when a step can end within a span; None: not at all."""
        first, last = max(span.first, stand.entered.first, stand.seen), span.last
        if stand.due is not None:
            if stand.due.first > last:
                self._note_term("early", config, stand, stand.due.first)
            first = max(first, stand.due.first)
        last = self._latest(config, stand, last)
        return Span(first, last) if first <= last else None

    def _struck(self, config: Config, stand: Stand, span: Span, goal: Goal) -> Iterator[Config]:
        """Give what follows when a hazard strikes."""
        if stand.entered.first > span.last or not self._can_stay(config, stand, span.last):
            return
        for name, hazard in self.law.hazards.items():
            if stand.step in hazard.at and all(
                self.known.truth(item, config, span) in (YES, OPEN) for item in hazard.when
            ):
                yield from self._enter(config, hazard.to, span, f"hazard {name}", (), (), goal)

    def _taken_up(self, config: Config, stand: Stand, span: Span, goal: Goal | None) -> Iterator[Config]:
        """Give what follows when a case that waits is taken up: a bed in the shelter is there."""
        signals = self.law.texts(stand.step)[0].step.on_start
        first = max(span.first, stand.entered.first, stand.seen)
        if signals and first <= span.last:
            work = tuple(("signal", plain(signal)) for signal in signals)
            yield from self._settle(config, work, Span(first, span.last), goal)

    def _turning_days(self, config: Config, step: str) -> list[int]:
        """Return the days on which what a step asks for can change without a move."""
        days: list[int] = []
        for text in self.law.texts(step):
            for word in words(text.step):
                condition = self.law.regime.conditions.get(word)
                if condition is not None and condition.since is not None:
                    since = config.entered(condition.since)
                    days += self.law.days_that_matter(condition, since) if since is not None else ()
        for track in self.law.looked_at(step):
            stand = config.stands[track]
            if stand is not None:
                days.append(stand.entered.first)
                days += [stand.due.last + 1] if stand.due is not None else []
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
            self._note(Block("condition", step, to, now.first, config, text, tuple(items)))
        return possible

    def _decided(self, config: Config, step: str, text: StepVersion, branch: Branch, now: Span) -> Config:
        """Return the configuration after a step has asked what it asks, and gone one way."""
        denied = frozenset(
            other.to
            for other in text.step.next
            if other.to != branch.to
            and any(self.known.is_decision(item) and self.known.truth(item, None, now) is NO for item in other.when)
        )
        looked_at = [
            track
            for track in self.law.looked_at(step)
            if (stand := config.stands[track]) is not None and stand.entered.first <= now.first
        ]
        return config.noticed(looked_at, now.first).denying(denied)

    def _enter(
        self,
        config: Config,
        to: str,
        now: Span,
        cause: str,
        signals: Iterable[str],
        pending: Work,
        goal: Goal | None,
    ) -> Iterator[Config]:
        """Enter a step, and let follow what follows at once."""
        track = self.law.track_of[to]
        is_goal = goal is not None and to == goal.step
        present = config.step_on(track) or ""
        if to in config.denied:
            self._note(Block("denied", present, to, now.first, config))
            return
        outcomes = self._outcomes_after(config, track, to)
        if outcomes is None:
            self._note(Block("outcome", present, to, now.first, config))
            return
        config = config._replace(outcomes=outcomes)
        kind, _, layer = cause.partition(" ")
        number = goal.number if goal is not None and is_goal else None
        happening = Happening(to, now, number, *((kind, layer) if kind == "branch" else (cause,)))
        for text in self._texts(config.at(Stand(to, now), happening), to, now.first):
            after = config.at(Stand(to, now, self._due(config, to, text, now), now.first), happening)
            if is_goal and goal is not None:
                after = after.mentioned(goal)
            work = [("signal", plain(signal)) for signal in (*text.step.signals, *signals)]
            if self.law.kind[to] == PASSED_THROUGH:
                work.append(("pass", to))
            yield from self._settle(after, (*pending, *work), now, goal)

    def _due(self, config: Config, step: str, text: StepVersion, now: Span) -> Span | None:
        origin = text.step.counted_from
        counted = now if origin is None else config.entered(origin)
        return self.law.due(self.law.term(step, text.step), now, counted)

    def _settle(self, config: Config, work: Work, now: Span, goal: Goal | None) -> Iterator[Config]:
        """Work off signals and steps passed through, first in first out."""
        if not work:
            yield config
            return
        (kind, step), rest = work[0], work[1:]
        if kind == "signal":
            yield from self._signalled(config, step, rest, now, goal)
        elif config.step_on(self.law.track_of[step]) != step:
            yield from self._settle(config, rest, now, goal)
        else:
            for text in self._texts(config, step, now.first):
                for place, branch in enumerate(text.step.next):
                    if self._can_take(config, step, text, place, now):
                        after = self._decided(config, step, text, branch, now)
                        yield from self._enter(
                            after, branch.to, now, f"branch {text.layer}", branch.signals, rest, goal
                        )

    def _signalled(self, config: Config, to: str, rest: Work, now: Span, goal: Goal | None) -> Iterator[Config]:
        """Let a signal reach a track, or pass without effect."""
        track = self.law.track_of[to]
        stand, accepted = config.stands[track], self.law.accepts[to]
        if stand is None:
            may_be = self.known.possible(track, now.last)
            start, wanted = self.law.start[track], goal is not None and goal.step in self.law.same_or_next(to)
            # A track of which nothing is known is taken to be at its start, if it can be and the event allows.
            at_start = start in may_be and not wanted
            taken = start in accepted if at_start else bool(may_be & accepted)
            passed = start not in accepted if at_start else bool(may_be - accepted)
        else:
            first = max(now.first, stand.entered.first, stand.seen)
            in_time = first <= now.last and self._can_stay(config, stand, first)
            taken, passed = stand.step in accepted and in_time, stand.step not in accepted or not in_time
            now = Span(first, now.last) if taken else now
        if taken:
            yield from self._enter(config, to, now, "signal", (), rest, goal)
        if passed:
            yield from self._settle(config, rest, now, goal)

    # ---- bookkeeping ----

    def _outcomes_after(self, config: Config, track: int, to: str) -> tuple[tuple[int, str], ...] | None:
        """Return what must still follow when a step is entered; None: it should have been another one."""
        wanted = dict(config.outcomes).get(track)
        if wanted is None:
            return config.outcomes
        if wanted == to:
            return tuple(pair for pair in config.outcomes if pair[0] != track)
        ways_on = [text.step.next for text in self.law.texts(to)]
        single = all(len(branches) == 1 and not branches[0].when for branches in ways_on)
        return config.outcomes if single else None

    def _facts_hold(self, before: Config, after: Config) -> bool:
        """Say whether a move leaves the facts of the case as they are."""
        for track, at, value in self.known.fixed.values():
            old, new = before.step_on(track), after.step_on(track)
            if new != old and (new in at) != value and (old is None or (old in at) == value):
                return False
        return True

    def _note(self, block: Block) -> None:
        """Remember what stood in the way, if it was on the way to the event."""
        if block.to in self.distances:
            self.blocks.append(block)

    def _note_term(self, kind: str, config: Config, stand: Stand, day: int) -> None:
        for text in self.law.texts(stand.step):
            for branch in text.step.next:
                for to in (branch.to, *map(plain, branch.signals)):
                    self._note(Block(kind, stand.step, to, day, config, text))
