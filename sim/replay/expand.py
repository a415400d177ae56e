"""From one configuration of a chronology on: how the next event can happen, and what may happen unmentioned before it.

The tracks of one person move side by side. A track of which the chronology has said nothing yet can be anywhere
that the rules allow, and moves only as the cause of something; from then on it is known, and moves by its own steps.
One move is: a step ends (its time is over, an authority acts, a gate opens) or a hazard strikes, with everything that
follows from it on the same day by signals and by steps passed through.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim.policies.statute import Span
from sim.procedures.conditions import StepId
from sim.procedures.schema import Kind
from sim.replay.config import Block, Config, Goal, Happening
from sim.replay.known import Known
from sim.replay.moves import Moves
from sim.replay.ordinary import AGAIN, CUT_SHORT, KNOWN, NOTHING_AHEAD, Ordinary
from sim.replay.outside import Outside
from sim.replay.rules import Rules


class Expander:
    """Gives what can follow from configurations, on the way to one event after another.

    Parameters
    ----------
    law, known
        The rules; the facts of the case.
    ordinary
        What is ordinary.
    kept
        The tracks that are followed; of the others nothing is kept.
    wide
        Let happen what is out of the ordinary.
    everywhere
        Let every track move on the way to an event; otherwise only its own and those to which its rules look, or from
        which they take signals.

    Attributes
    ----------
    distances
        How many steps each step of the track of the present event lies from it.
    """

    def __init__(
        self, law: Rules, known: Known, ordinary: Ordinary, kept: frozenset[int], *, wide: bool, everywhere: bool
    ) -> None:
        self.law, self.known, self.ordinary, self.wide, self.everywhere = law, known, ordinary, wide, everywhere
        self.open = frozenset(range(len(law.tracks))) - kept
        self.moves = Moves(law, known, self.open, wide=wide)
        self.outside = Outside(law, known, ordinary, self.open, wide=wide)
        self.distances: Mapping[str, int] = {}
        self.ahead: Mapping[int, str | None] = NOTHING_AHEAD

    def turn_to(self, goal: Goal, ahead: Mapping[int, str | None], blocks: list[Block]) -> None:
        """Look for an event from now on, with what is to come next on each track; note what stands in its way."""
        self.ahead = ahead
        self.distances = self.law.distances(goal.step)
        self.moves.causes, self.moves.blocks = self.law.causes(goal.step), blocks

    # ---- the event ----

    def hits(self, config: Config, goal: Goal) -> Iterator[Config]:
        """Give the ways in which the event of a goal happens on its day."""
        today = Span(goal.day, goal.day)
        happened = list(self._same_day(config, goal))
        yield from happened
        if happened and not self.wide:
            return
        if goal.occupied:
            yield from self._occupied(config, goal)
        tracks = [goal.track, *(track for track in self._known_tracks(config) if track != goal.track)]
        hits = [hit for track in tracks for hit in self._brought_about(config, track, today, goal)]
        yield from hits
        # A track of which nothing is known is its cause only where nothing else can be.
        if self.wide or not hits:
            for track in self._unknown(config):
                if track != goal.track:
                    yield from self._brought_about(config, track, today, goal)
            yield from self._from_outside(config, today, goal)

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
                yield config._replace(story=story, assumed=config.assumed - 1).mentioned(goal)
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

    def _brought_about(self, config: Config, track: int, today: Span, goal: Goal) -> Iterator[Config]:
        """Give the ways in which a move of a track brings the event about."""
        for start in self._origins(config, track, goal):
            before = len(start.story)
            for following in self.moves.moves(start, track, today, goal):
                if any(happening.mentioned for happening in following.story[before:]):
                    judged = self.ordinary.judged(start, following)
                    if not self._against_facts(judged):
                        yield judged.forgetting(self.open)

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

    def _from_outside(self, config: Config, today: Span, goal: Goal) -> Iterator[Config]:
        """Give the ways in which the event is brought about by a track that the case is not about."""
        before = len(config.story)
        for signals, when, _ in self.outside.messages(today, told=True):
            if any(goal.step in self.law.enters_at_once[to] for to in signals):
                for following in self.moves.received(config, signals, when, goal):
                    if any(happening.mentioned for happening in following.story[before:]):
                        yield self.ordinary.judged(config, following).forgetting(self.open)

    def _unknown(self, config: Config) -> Iterator[int]:
        """Give the tracks that the case is about, but of which nothing is known yet."""
        for track, stand in enumerate(config.stands):
            if stand is None and track not in self.open:
                yield track

    def _procedure(self, track: int) -> str:
        return StepId(self.law.tracks[track]).procedure

    def _known_tracks(self, config: Config) -> list[int]:
        return [track for track, stand in enumerate(config.stands) if stand is not None]

    # ---- what may happen unmentioned ----

    def hidden(self, config: Config, goal: Goal, limit: int) -> Iterator[Config]:
        """Give what can follow from one unmentioned move until a day, on the way to the event."""
        span = Span(0, limit)
        near = self._known_tracks(config) if self.everywhere else self._near(config, goal.track)
        yield from self._messages_from_outside(config, near, goal, span)
        for track in self._known_tracks(config):
            if track in near or self._term_ended(config, track, limit):
                yield from self._own_moves(config, track, goal, span)
                if track in near:
                    yield from self._signalled_from_outside(config, track, goal, span)

    def _own_moves(self, config: Config, track: int, goal: Goal, span: Span) -> Iterator[Config]:
        """Give what follows from an unmentioned move of a known track."""
        for following in self.moves.moves(config, track, span, None):
            # What the chronology says to have followed may end a fact, and so may the way to the event itself.
            free = following.outcomes != config.outcomes
            if free or not self._fact_ended(config, following, but=track if track == goal.track else None):
                yield from self._on_the_way(self.ordinary.judged(config, following, ahead=self.ahead), goal)

    def _on_the_way(self, config: Config, goal: Goal) -> Iterator[Config]:
        """Give a configuration unless the event is out of reach from where its track is, or a fact comes to an end."""
        step = config.step_on(goal.track)
        if (step is None or step in self.distances) and not self._against_facts(config):
            yield config.forgetting(self.open)

    def _against_facts(self, config: Config) -> bool:
        """Return whether a file has started again after one that ended a fact of the case, which holds throughout."""
        if not any(happening.odd == AGAIN for happening in config.story):
            return False
        present = ((config.step_on(track), at, value) for track, at, value in self.known.fixed.values())
        return any(step is not None and (step in at) != value for step, at, value in present)

    def _signalled_from_outside(self, config: Config, track: int, goal: Goal, span: Span) -> Iterator[Config]:
        """Give what follows when a track of which nothing is known sends another one on its way to the event."""
        stand = config.stands[track]
        assert stand is not None
        resting = self.law.kind[stand.step] is Kind.RESTING
        if resting and stand.assumed and not self.wide:
            return
        for other in self._unknown(config):
            beside = self._procedure(other) == self._procedure(track)
            # What runs beside a file, as the clock does, ends it by the rules; that something else did would be told.
            short = not resting and (not beside or (stand.due is not None and not config.is_mentioned(track)))
            if (short or self._procedure(other) != StepId(goal.step).procedure) and not self.wide:
                continue
            for step in sorted(self.known.possible(other, span.last) & self.law.senders(stand.step)):
                begun = config.begun(step, span.last)
                for following in self.moves.moves(begun, other, span, None):
                    if self._is_sent_on(begun, following, track, goal) and not self._fact_ended(begun, following):
                        judged = self.ordinary.judged(begun, following, CUT_SHORT if short else "", ahead=self.ahead)
                        yield from self._on_the_way(judged, goal)

    def _messages_from_outside(self, config: Config, near: Collection[int], goal: Goal, span: Span) -> Iterator[Config]:
        """Give what follows when a track that the case is not about sends others on their way to the event."""
        for signals, when, odd in self.outside.messages(span):
            moved = [track for track in map(self.law.track_of.__getitem__, signals) if track in near]
            if not any(self._hears(config, to) for to in signals if self.law.track_of[to] in near):
                continue
            heard = [to for to in signals if self._hears(config, to)]
            stands = [stand for to in heard if (stand := config.stands[self.law.track_of[to]]) is not None]
            # A file that rests may be taken up; that something ends one that runs would have been told.
            short = any(self.law.kind[stand.step] is not Kind.RESTING for stand in stands)
            rests = any(stand.assumed and self.law.kind[stand.step] is Kind.RESTING for stand in stands)
            if (short or rests) and not self.wide:
                continue
            start = config if odd is None else config.sent(odd)._replace(odd=config.odd + 1)
            for following in self.moves.received(start, signals, when, None):
                sent_on = any(self._is_sent_on(start, following, track, goal) for track in moved)
                if sent_on and not self._fact_ended(start, following):
                    why = KNOWN if odd is not None else CUT_SHORT if short else ""
                    yield from self._on_the_way(self.ordinary.judged(start, following, why, ahead=self.ahead), goal)

    def _hears(self, config: Config, to: str) -> bool:
        """Return whether a signal has an effect on a known track."""
        stand = config.stands[self.law.track_of[to]]
        return stand is not None and stand.step in self.law.accepts[to]

    def _is_sent_on(self, before: Config, after: Config, track: int, goal: Goal) -> bool:
        """Return whether a track has moved, to where it is on its way to the event."""
        new = after.step_on(track)
        if new is None or new == before.step_on(track):
            return False
        on_the_way = any(goal.step in self.law.same_day[later] for later in self.law.onward(new))
        return self.wide or track == goal.track or on_the_way

    def _term_ended(self, config: Config, track: int, day: int) -> bool:
        """Return whether the term of a step ends before a day, so that the track must move on."""
        stand = config.stands[track]
        return stand is not None and stand.due is not None and stand.due.last < day

    def _near(self, config: Config, track: int) -> list[int]:
        """Return the known tracks that may move for an event: its own, those it looks at or hears, and their movers."""
        near = {track}
        between = self._between(config, track)
        for step in between:
            near |= self.law.looked_at(step)
            near |= {self.law.track_of[signalled] for signalled in self.law.same_day[step]}
        for other, stand in enumerate(config.stands):
            if stand is not None and any(self.law.same_day[step] & between for step in self.law.onward(stand.step)):
                near.add(other)
        known = self._known_tracks(config)
        near &= set(known)
        steps = {other: stand.step for other in known if (stand := config.stands[other]) is not None}
        moved = {of for of in known if any(self.law.can_move(steps[of], steps[other]) for other in near - {of})}
        return sorted(near | moved)

    def _between(self, config: Config, track: int) -> frozenset[str]:
        """Return the steps of a track between where it is, or can be, and the event."""
        stand = config.stands[track]
        if stand is not None:
            return self.law.onward(stand.step) & self.distances.keys()
        return frozenset(step for step, distance in self.distances.items() if distance <= 1)

    def _fact_ended(self, before: Config, after: Config, *, but: int | None = None) -> bool:
        """Return whether a move ends a fact of the case; one that does not hold yet may begin.

        Parameters
        ----------
        before, after
            How things stood before and after the move.
        but
            A track that may end facts about others, as the permit ends a Dublin claim.
        """
        for track, at, value in self.known.fixed.values():
            old, new = before.step_on(track), after.step_on(track)
            if new == old or (new in at) == value or (but is not None and track != but):
                continue
            if old is None or (old in at) == value:
                return True
        return False
