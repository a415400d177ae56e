"""Which steps of a statute follow from which: on one track, from one track to another, on one day.

All of it is what can be, in any text and on any day; whether it may on a day is for `sim.replay.known` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from sim.policies.regime import StepVersion
from sim.policies.statute import Statute
from sim.procedures.conditions import At, Ever
from sim.procedures.schema import Branch, Kind


class Graph:
    """The steps of a statute and what leads from one to another.

    Parameters
    ----------
    statute
        The law.

    Attributes
    ----------
    statute
        The law.
    tracks
        Names of the tracks, of the person and of the person's network; a track is known by its place here.
    start
        The first step of each.
    track_of
        Step -> place of its track.
    kind
        Step -> what it is.
    accepts
        Step -> the steps from which a signal can lead to it, in any of its texts.
    hazards
        By name.
    """

    def __init__(self, statute: Statute) -> None:
        self.statute = statute
        self.tracks = tuple(statute.tracks)
        self.start = tuple(track.start for track in statute.tracks.values())
        places = {name: place for place, name in enumerate(self.tracks)}
        self.track_of: dict[str, int] = {name: places[statute.track(name)] for name in statute.steps}
        self.kind: dict[str, Kind] = {name: statute.kind(name) for name in statute.steps}
        self.accepts = statute.accepts
        self.hazards = statute.hazards
        self._can_move: dict[tuple[str, str], bool] = {}
        self._onward: dict[str, frozenset[str]] = {}
        self._looked_at: dict[str, frozenset[int]] = {}
        self._senders: dict[str, frozenset[str]] = {}
        self._distances: dict[str, Mapping[str, int]] = {}
        self._causes: dict[str, Mapping[str, int]] = {}
        self._decided_on: dict[int, bool] = {}
        self._own_way: dict[str, frozenset[str]] = {}
        self._leads_past: dict[tuple[str, str, str], bool] = {}
        self._hazards_at: dict[str, tuple[str, ...]] = {}

    def texts(self, step: str) -> tuple[StepVersion, ...]:
        """Return all texts of a step, earliest first."""
        return self.statute.texts(step)

    def passes(self, step: str) -> bool:
        """Return whether a file passes through a step on the day on which it is entered."""
        return self.kind[step] is Kind.PASSED

    def steps_of(self, track: int) -> list[str]:
        """Return the steps of a track."""
        return [name for name, place in self.track_of.items() if place == track]

    def looked_at(self, step: str) -> frozenset[int]:
        """Return the tracks whose present step the branches of a step look at, in any text."""
        if step not in self._looked_at:
            steps = (subject.step for subject in self.statute.asks(step) if isinstance(subject, At))
            self._looked_at[step] = frozenset(self.track_of[name] for name in steps)
        return self._looked_at[step]

    @cached_property
    def _at_once(self) -> Mapping[str, frozenset[str]]:
        """Step -> the steps that its entry sets off, and those to which one goes on at once."""
        onward: dict[str, frozenset[str]] = {}
        for name in self.statute.steps:
            following = {to for text in self.texts(name) for to in text.step.sets_off}
            if self.kind[name] is Kind.PASSED:
                following |= {to for way in self.statute.ways_out(name) for to in way.entered}
            onward[name] = frozenset(following)
        return onward

    def _closed(self, steps: Iterable[str]) -> frozenset[str]:
        reached = set(steps)
        waiting = list(reached)
        while waiting:
            more = self._at_once[waiting.pop()] - reached
            reached |= more
            waiting += more
        return frozenset(reached)

    @cached_property
    def same_day(self) -> Mapping[str, frozenset[str]]:
        """Step -> the steps that can be entered on the day on which something moves out of it, if all goes so."""
        return {
            name: self._closed(entered for way in self.statute.ways_out(name) for entered in way.entered)
            for name in self.statute.steps
        }

    @cached_property
    def enters_at_once(self) -> Mapping[str, frozenset[str]]:
        """Step -> itself, and the steps that can be entered on the same day because it is."""
        return {name: self._closed((name,)) for name in self.statute.steps}

    @cached_property
    def sets_going(self) -> Mapping[str, frozenset[int]]:
        """Step -> the tracks that can move on the day on which it is entered, because it is."""
        return {
            name: frozenset(self.track_of[to] for to in self._closed(self._at_once[name]))
            for name in self.statute.steps
        }

    def sets_going_on_leaving(self, step: str) -> frozenset[int]:
        """Return the tracks that can move on the day on which something moves out of a step."""
        return frozenset(self.track_of[to] for to in self.same_day[step])

    @cached_property
    def _bearing(self) -> Mapping[int, frozenset[int]]:
        found: dict[int, set[int]] = {track: set() for track in range(len(self.tracks))}
        for name in self.statute.steps:
            asked = {
                self.track_of[subject.step] for subject in self.statute.asks(name) if isinstance(subject, At | Ever)
            }
            found[self.track_of[name]] |= asked
            for track in self.sets_going_on_leaving(name) | self.sets_going[name]:
                found[track].add(self.track_of[name])
        return {track: frozenset(others - {track}) for track, others in found.items()}

    def bears_on(self, track: int) -> frozenset[int]:
        """Return the tracks that a track looks at, or from which it can take a signal."""
        return self._bearing[track]

    def can_move(self, sender: str, receiver: str) -> bool:
        """Return whether a track that is at one step, or moves on from it, can take another one away from its step."""
        pair = sender, receiver
        if pair not in self._can_move:
            self._can_move[pair] = any(
                receiver in self.accepts[to] for step in self.onward(sender) for to in self.same_day[step]
            )
        return self._can_move[pair]

    def senders(self, receiver: str) -> frozenset[str]:
        """Return the steps out of which a move, with what follows on the same day, can take a track from its step."""
        if receiver not in self._senders:
            takers = {to for to, origins in self.accepts.items() if receiver in origins}
            self._senders[receiver] = frozenset(step for step, to in self.same_day.items() if not takers.isdisjoint(to))
        return self._senders[receiver]

    def same_or_next(self, step: str) -> frozenset[str]:
        """Return a step and, if one passes through it, the steps that can be entered on the same day."""
        return self.same_day[step] | {step} if self.passes(step) else frozenset((step,))

    def onward(self, step: str) -> frozenset[str]:
        """Return a step and the steps that can follow on its track; what rests is not followed further."""
        if step not in self._onward:
            track, found, edge = self.track_of[step], {step}, [step]
            while edge:
                name = edge.pop()
                if self.kind[name] is Kind.RESTING and name != step:
                    continue
                following: set[str] = {to for way in self.statute.ways_out(name) for to in way.entered}
                following |= {to for to, origins in self.accepts.items() if name in origins}
                more = {to for to in following if self.track_of[to] == track} - found
                found |= more
                edge += more
            self._onward[step] = frozenset(found)
        return self._onward[step]

    def is_decided_on(self, track: int) -> bool:
        """Return whether somebody decides on a track, and it is not a clock or a period that follows from others."""
        if track not in self._decided_on:
            steps = self.steps_of(track)
            self._decided_on[track] = any(self.statute.asked(text.step) for step in steps for text in self.texts(step))
        return self._decided_on[track]

    def own_way(self, step: str) -> frozenset[str]:
        """Return the steps to which a track can get from a step by its own branches and hazards."""
        if step not in self._own_way:
            track, found, edge = self.track_of[step], {step}, [step]
            while edge:
                ways = self.statute.ways_out(edge.pop())
                more = {to for way in ways for to in way.entered if self.track_of[to] == track} - found
                found |= more
                edge += more
            self._own_way[step] = frozenset(found)
        return self._own_way[step]

    def only_ways_to(self, step: str) -> list[tuple[str, Branch]]:
        """Return the branches that lead to a step, with their origins; none if something else can lead there too."""
        if self.accepts[step] or any(hazard.to == step for hazard in self.hazards.values()):
            return []
        return [
            (name, branch)
            for name in self.steps_of(self.track_of[step])
            for text in self.texts(name)
            for branch in text.step.next
            if branch.to == step
        ]

    def leads_past(self, origin: str, step: str, target: str) -> bool:
        """Return whether a track can get from a step to a target by its own ways but not through another one."""
        if (origin, step, target) not in self._leads_past:
            found, edge = {origin}, [origin]
            while edge:
                ways = self.statute.ways_out(edge.pop())
                more = {to for way in ways for to in way.entered if self.track_of[to] == self.track_of[step]}
                more -= {*found, step}
                found |= more
                edge += more
            self._leads_past[origin, step, target] = target in found
        return self._leads_past[origin, step, target]

    def hazards_at(self, step: str) -> tuple[str, ...]:
        """Return the names of the hazards that can strike at a step."""
        if step not in self._hazards_at:
            self._hazards_at[step] = tuple(name for name, hazard in self.hazards.items() if step in hazard.at)
        return self._hazards_at[step]

    def causes(self, target: str) -> Mapping[str, int]:
        """Return how many steps, of any track, lie between each step and a target that it can bring about.

        On the track of the target as in `distances`; on others only what leads to it on the same day.
        """
        if target not in self._causes:
            self._causes[target] = self._causes_of(target)
        return self._causes[target]

    def _causes_of(self, target: str) -> Mapping[str, int]:
        found = dict(self.distances(target))
        edge = [target]
        while edge:
            nearer = edge.pop(0)
            for cause in self._brings_about(nearer):
                if cause not in found:
                    found[cause] = found[nearer] + 1
                    edge.append(cause)
        return found

    def _brings_about(self, step: str) -> Iterator[str]:
        """Give the steps whose entry sets a step off or, where one passes through, leads to it on the same day."""
        for name in self.statute.steps:
            for text in self.texts(name):
                if step in text.step.sets_off:
                    yield name
                for branch in text.step.next:
                    if step in branch.enters:
                        yield branch.to
                        if self.passes(name):
                            yield name

    def distances(self, target: str) -> Mapping[str, int]:
        """Return how many steps each step of a track lies from a target, by any text."""
        if target not in self._distances:
            self._distances[target] = self._distances_to(target)
        return self._distances[target]

    def _distances_to(self, target: str) -> Mapping[str, int]:
        before: dict[str, set[str]] = {}
        track = self.track_of[target]
        for name in self.steps_of(track):
            for way in self.statute.ways_out(name):
                for step in way.entered:
                    before.setdefault(step, set()).add(name)
            before.setdefault(name, set()).update(self.accepts[name])
        found, edge = {target: 0}, [target]
        while edge:
            nearer = edge.pop(0)
            for name in before.get(nearer, ()):
                if name not in found and self.track_of[name] == track:
                    found[name] = found[nearer] + 1
                    edge.append(name)
        return found
