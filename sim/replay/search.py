"""Searches for a course of events in which a chronology happens.

The tracks of one person move side by side. A track of which the chronology has said nothing yet can be anywhere
that the rules allow, and moves only as the cause of something; from then on it is known, and moves by its own
steps. Between two events of a track a breadth-first search tries what may have happened unmentioned, on this track
and on those to which its rules look or from which they take signals. One move is: a step ends (its time is over, an
authority acts, a gate opens) or a hazard strikes, with everything that follows from it on the same day by signals
and by steps passed through. Some rules keep modest what is assumed:

* A hazard is never assumed for itself, only as what brought about an event that is mentioned.
* A file that comes to rest unmentioned does not start again.
* Where a decision of the case said no, no unmentioned detour leads to what it denied.
* What a fact of the case says does not change unmentioned, unless the way to the event itself ends it.
* A track does not come round to the same step unmentioned.
* A term of law that began unmentioned is not cut short by a track of which nothing is known.

Terms of law bind; what an authority or a person takes for something may take any time, from nothing on. Days that
are not known are spans, and the spans of two tracks are not held against each other: in doubt the search finds a
chronology possible. For each event it looks at no more than ``LARGEST`` configurations.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sim.policies.statute import Span
from sim.procedures.conditions import StepId
from sim.procedures.schema import Kind
from sim.replay.config import Block, Config, Frontier, Goal, Happening
from sim.replay.known import Known
from sim.replay.moves import Moves
from sim.replay.rules import Rules

LARGEST: Final = 3_000
MODEST: Final = 4
"""So many assumed steps before an event are taken without asking whether other tracks explain it with fewer."""


class Reach(enum.Enum):
    """What may move unmentioned on the way to an event, besides terms that end.

    Its own track; its own and those near it; these, and any track of which nothing is known. Within the procedure
    of the event, and outside the procedures that the case is about, an unknown track may always be the cause.
    """

    ITSELF = 0
    OTHERS = 1
    ANYTHING = 2


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
    explored
        Every configuration that was looked at for the present event.
    exhausted
        Whether the search for the present event ended at its bound.
    hopeless
        Whether the present event is out of reach whatever other tracks do.
    """

    def __init__(self, law: Rules, known: Known, events: Iterable[str], *, wide: bool = False) -> None:
        self.law, self.known, self.wide = law, known, wide
        self.open = self._open_tracks(events)
        self.moves = Moves(law, known, self.open)
        self.hopeless = False
        self.configs = [Config.blank(known)]
        self.explored: list[Config] = []
        self.exhausted = False
        self.distances: Mapping[str, int] = {}
        self.last_on: dict[int, list[Config]] = {}

    def _open_tracks(self, events: Iterable[str]) -> frozenset[int]:
        """Return the tracks of which nothing is kept: neither the events nor the facts are about their procedure."""
        procedures = {StepId(event).procedure for event in events}
        facts = {track for track, _, _ in self.known.fixed.values()}
        return frozenset(
            track
            for track, name in enumerate(self.law.tracks)
            if track not in facts and StepId(name).procedure not in procedures
        )

    @property
    def blocks(self) -> list[Block]:
        """What stood in the way of the present event."""
        return self.moves.blocks

    def _forget(self) -> None:
        """Begin with another event."""
        self.moves.blocks, self.explored, self.exhausted = [], [], False

    # ---- one event ----

    def event(self, goal: Goal) -> list[Config]:
        """Return the ways in which an event can have happened after those before it, and keep them.

        First only the track of the event moves. If that does not lead to it, and what is known of other tracks is
        the reason, those move too.
        """
        self._forget()

        found = self._search(self.configs, goal, Reach.ITSELF) if not self.wide else []
        # If it is out of reach even with nothing known of other tracks, these need not be tried.
        self.hopeless = not (found or self.wide or self._search(self._fresh(goal), goal, Reach.ANYTHING))
        for reach in (Reach.OTHERS, Reach.ANYTHING):
            if not self.hopeless and (not found or min(map(_assumed, found)) > MODEST):
                found += self._search(self.configs, goal, reach)
        if found and not self.wide:
            most = min(map(_assumed, found)) + MODEST
            found = [config for config in found if _assumed(config) <= most]
        self.configs = [config._replace(told=len(config.story)) for config in found]
        alone = Frontier()
        self.last_on[goal.track] = [a for a in map(goal.alone, self.configs) if alone.add(a)]
        return self.configs

    def _search(self, configs: Iterable[Config], goal: Goal, reach: Reach) -> list[Config]:
        """Return the ways to an event that a reach allows; of what other tracks may have done, the shortest will do."""
        found, enough = Frontier(), LARGEST
        for moves, config in self._course(configs, goal, goal.day, reach):
            if moves > enough:
                break
            for hit in self._hits(config, goal, reach):
                found.add(hit)
                enough = LARGEST if self.wide or reach is Reach.ITSELF else moves
        return list(found)

    def _fresh(self, goal: Goal) -> list[Config]:
        """Return the track of an event as it was after the last event on it, with nothing known of other tracks."""
        if goal.track in self.last_on:
            return self.last_on[goal.track]
        everything, blank = frozenset(range(len(self.law.tracks))), Frontier()
        return [config for config in (c.forgetting(everything) for c in self.configs) if blank.add(config)]

    def outcome_can_follow(self, goal: Goal, limit: int) -> bool:
        """Say whether what must follow from the last event can follow until a day."""
        self._forget()
        assert goal.outcome is not None
        outcome = goal._replace(step=goal.outcome, outcome=None)
        return any(
            all(track != goal.track for track, _ in config.outcomes)
            for reach in Reach
            for _, config in self._course(self.configs, outcome, limit, reach)
        )

    def _course(self, configs: Iterable[Config], goal: Goal, limit: int, reach: Reach) -> Iterator[tuple[int, Config]]:
        """Give the configurations that lead towards an event until a day, those with the fewest moves first."""
        self.distances = self.law.distances(goal.step)
        self.moves.causes = self.law.causes(goal.step)
        seen = Frontier()
        queue = deque((0, config) for config in configs if seen.add(config))
        while queue:
            moves, config = queue.popleft()
            self.explored.append(config)
            yield moves, config
            for following in self._hidden(config, goal, limit, reach):
                step = following.step_on(goal.track)
                if step is not None and (step not in self.distances or following.goes_round(goal.track)):
                    continue
                if len(seen) >= LARGEST:
                    self.exhausted = True
                elif seen.add(following):
                    queue.append((moves + 1, following))

    def _hits(self, config: Config, goal: Goal, reach: Reach) -> Iterator[Config]:
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
        others = (track for track in self._causes(config, goal, reach) if track != goal.track)
        yield from hits or (hit for track in others for hit in self._brought_about(config, track, today, goal))

    def _causes(self, config: Config, goal: Goal, reach: Reach) -> Iterator[int]:
        """Give the tracks of which nothing is known that may move for an event."""
        procedure = StepId(goal.step).procedure
        for track, stand in enumerate(config.stands):
            natural = track in self.open or StepId(self.law.tracks[track]).procedure == procedure
            if stand is None and (natural or reach is Reach.ANYTHING):
                yield track

    def _brought_about(self, config: Config, track: int, today: Span, goal: Goal) -> Iterator[Config]:
        """Give the ways in which a move of a track brings the event about."""
        for start in self._origins(config, track, goal):
            before = len(start.story)
            for following in self.moves.moves(start, track, today, goal):
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
        if stand is None and goal.step in self.known.waiting(goal.track, goal.day):
            config = config.begun(goal.step, goal.day)
            stand = config.stands[goal.track]
        if stand is None or stand.step != goal.step or not self.moves.can_stay(config, stand, goal.day):
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
        # On its own track the event says where it was; elsewhere the facts of the case do.
        possible = self.known.waiting if track == goal.track else self.known.possible
        for step in sorted(possible(track, goal.day)):
            if goal.step in self.law.same_day[step]:
                yield config.begun(step, goal.day)

    # ---- what may happen unmentioned ----

    def _hidden(self, config: Config, goal: Goal, limit: int, reach: Reach) -> Iterator[Config]:
        """Give what can follow from one unmentioned move until a day."""
        span = Span(0, limit)
        near = self._near(config, goal.track) if reach is not Reach.ANYTHING else self._known_tracks(config)
        for track in self._known_tracks(config):
            moves = track == goal.track or (track in near and reach is not Reach.ITSELF)
            if not moves and not self._term_ended(config, track, limit):
                continue
            if config.stands[track] is not None:
                for following in self.moves.moves(config, track, span, None):
                    # What the chronology says to have followed may end a fact, like an event.
                    if self._facts_hold(config, following, goal, track) or following.outcomes != config.outcomes:
                        yield following.forgetting(self.open)
                if reach is not Reach.ITSELF:
                    yield from self._signalled_from_outside(config, track, goal, span, reach)

    def _signalled_from_outside(
        self, config: Config, track: int, goal: Goal, span: Span, reach: Reach
    ) -> Iterator[Config]:
        """Give what follows when a track of which nothing is known sends another one on its way to the event."""
        stand = config.stands[track]
        if stand is None:
            return
        if self.law.kind[stand.step] is Kind.RESTING and not (track == goal.track and config.rested_before(track)):
            return
        if stand.due is not None and not config.is_mentioned(track):
            return
        for other in self._causes(config, goal, reach):
            for step in sorted(self.known.possible(other, span.last) & self.law.senders(stand.step)):
                begun = config.begun(step, span.last)
                for following in self.moves.moves(begun, other, span, None):
                    new = following.step_on(track)
                    if new is None or new == stand.step or not self._facts_hold(begun, following, goal, other):
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

    def _facts_hold(self, before: Config, after: Config, goal: Goal, mover: int) -> bool:
        """Say whether a move leaves the facts of the case as they are.

        On its way to the event the track of the event may end a fact about another track, as the permit ends a claim.
        """
        for track, at, value in self.known.fixed.values():
            old, new = before.step_on(track), after.step_on(track)
            if new == old or (new in at) == value or (mover == goal.track and track != goal.track):
                continue
            if old is None or (old in at) == value:
                return False
        return True


def _assumed(config: Config) -> int:
    """Return how many steps had to be assumed before the last event, since the one before it."""
    since = config.story[config.told :]
    return next((place for place, happening in enumerate(since) if happening.mentioned), len(since))
