"""How things can stand at a point of a chronology."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from sim.policies.regime import StepVersion
from sim.policies.statute import Span
from sim.procedures.conditions import Criterion
from sim.replay.known import Known

T = TypeVar("T")


class Stand(NamedTuple):
    """Where a track is.

    Attributes
    ----------
    step
        The step.
    entered
        When it was entered.
    due
        When its term can end; None where nothing binds it.
    seen
        The last day on which the track is known to have been there still: it cannot have moved on before.
    assumed
        Whether the chronology does not mention that it came there.
    """

    step: str
    entered: Span
    due: Span | None = None
    seen: int = 0
    assumed: bool = False


class Happening(NamedTuple):
    """A step in the course of events that was found.

    Attributes
    ----------
    step
        The step.
    when
        The day, or the days between which it was entered.
    event
        Its place in the chronology, from 0; None where it is assumed.
    cause
        ``branch``, ``signal``, ``hazard NAME``; ``start`` where the chronology of a track begins in the middle;
        ``stays`` where a track is mentioned at a step that it had entered before.
    layer
        For a branch: the layer whose text it belongs to.
    odd
        Why nobody may take it for granted that it happened; empty otherwise.
    """

    step: str
    when: Span
    event: int | None
    cause: str
    layer: str = ""
    odd: str = ""

    @property
    def mentioned(self) -> bool:
        """Whether the chronology has it."""
        return self.event is not None


class Config(NamedTuple):
    """One way things can stand.

    Attributes
    ----------
    known
        The facts of the case.
    stands
        By track; None where nothing is known.
    days
        The steps on which rules look back, with as much of their days as matters.
    firsts
        By track: how far from the start the first step lay that is known of it.
    outcomes
        By track: what must follow next, as the chronology says.
    denied
        Steps to which a decision of the case has said no since the last event of their track.
    story
        What has happened so far.
    odd
        How many moves of the story nobody may take for granted.
    assumed
        How many of its steps the chronology does not mention.
    """

    known: Known
    stands: tuple[Stand | None, ...]
    firsts: tuple[int | None, ...]
    days: tuple[tuple[str, Span], ...] = ()
    outcomes: tuple[tuple[int, str], ...] = ()
    denied: frozenset[str] = frozenset()
    story: tuple[Happening, ...] = ()
    odd: int = 0
    assumed: int = 0

    @staticmethod
    def blank(known: Known) -> Config:
        """Return the configuration in which nothing is known but the facts of a case."""
        nothing = (None,) * len(known.law.tracks)
        return Config(known, nothing, nothing)

    def stand_on(self, track: int) -> Stand | None:
        """Return where a track is; None: not known."""
        return self.stands[track]

    def step_on(self, track: int) -> str | None:
        """Return the step on a track; None: not known."""
        stand = self.stands[track]
        return None if stand is None else stand.step

    def entered(self, step: str) -> Span | None:
        """Return when a step was last entered, as far as it matters to a rule; None: not in the chronology."""
        for name, span in self.days:
            if name == step:
                return span
        stand = self.stands[self.known.law.track_of[step]]
        return stand.entered if stand is not None and stand.step == step else None

    def told_of(self, step: str) -> Span | None:
        """Return when a step was last entered, as the story has it; None: not in the story."""
        return next((happening.when for happening in reversed(self.story) if happening.step == step), None)

    def is_mentioned(self, track: int) -> bool:
        """Return whether the chronology has the present step of a track."""
        law = self.known.law
        steps = (happening for happening in reversed(self.story) if law.track_of[happening.step] == track)
        last = next(steps, None)
        return last is not None and last.mentioned

    def before_it(self, step: str) -> bool:
        """Return whether a step may lie before the first one that is known of its track."""
        first = self.firsts[self.known.law.track_of[step]]
        if first is None or self.known.depth(step) < first:
            return True
        # It lies right before the first one, on a longer way there than the shortest.
        following = self.known.only_leads_to(step)
        return following is not None and self.known.depth(following) == first

    # ---- changed ones ----

    def at(self, stand: Stand, happening: Happening) -> Config:
        """Return the configuration with a track elsewhere, and with that in its story."""
        law = self.known.law
        track = law.track_of[stand.step]
        firsts = self.firsts
        if firsts[track] is None:
            firsts = _with(firsts, track, self.known.depth(stand.step))
        days = self.days
        if stand.step in law.remembered:
            days = tuple(sorted({**dict(days), stand.step: law.memory(stand.step, stand.entered)}.items()))
        more = happening.event is None and happening.cause != "start"
        stand = stand._replace(assumed=more)
        stands, story = _with(self.stands, track, stand), (*self.story, happening)
        counted = self.assumed + more
        return Config(self.known, stands, firsts, days, self.outcomes, self.denied, story, self.odd, counted)

    def sent(self, happening: Happening) -> Config:
        """Return the configuration with something in its story that moves no track."""
        return self._replace(story=(*self.story, happening))

    def placed(self, track: int, stand: Stand) -> Config:
        """Return the configuration with another account of where a track is."""
        return self._replace(stands=_with(self.stands, track, stand))

    def begun(self, step: str, day: int) -> Config:
        """Return the configuration with the chronology of a track beginning in the middle, at a step, by a day."""
        entered = Span(0, day)
        return self.at(Stand(step, entered), Happening(step, entered, None, "start"))

    def forgetting(self, tracks: frozenset[int]) -> Config:
        """Return the configuration in which nothing is known of some tracks."""
        if all(self.stands[track] is None for track in tracks):
            return self
        stands = tuple(None if track in tracks else stand for track, stand in enumerate(self.stands))
        firsts = tuple(None if track in tracks else first for track, first in enumerate(self.firsts))
        return self._replace(stands=stands, firsts=firsts)

    def noticed(self, tracks: Iterable[int], day: int) -> Config:
        """Return the configuration in which some tracks are known to have been where they are on a day."""
        stands = self.stands
        for track in tracks:
            stand = stands[track]
            if stand is not None and stand.seen < day:
                stands = _with(stands, track, stand._replace(seen=day))
        return self if stands is self.stands else self._replace(stands=stands)

    def denying(self, steps: frozenset[str]) -> Config:
        """Return the configuration with more steps to which a decision said no."""
        return self._replace(denied=self.denied | steps) if steps - self.denied else self

    def mentioned(self, goal: Goal) -> Config:
        """Return the configuration with the event of a goal: what was denied on its track no longer counts."""
        law = self.known.law
        outcomes = self.outcomes
        if goal.outcome is not None:
            others = (pair for pair in outcomes if pair[0] != goal.track)
            outcomes = (*others, (goal.track, goal.outcome))
        denied = frozenset(step for step in self.denied if law.track_of[step] != goal.track)
        # What lies further from the start than the event is not taken to have come before it.
        first = min(self.known.depth(goal.step), self.firsts[goal.track] or 0)
        return self._replace(outcomes=outcomes, denied=denied, firsts=_with(self.firsts, goal.track, first))


class Goal(NamedTuple):
    """What the search looks for.

    Attributes
    ----------
    step, track, day
        The step of an event, and its day.
    outcome
        What must follow next on the track.
    occupied
        The day is one on which the track is at the step, not necessarily that on which it was entered.
    number
        The place of the event in the chronology, from 0.
    """

    step: str
    track: int
    day: int
    outcome: str | None = None
    occupied: bool = False
    number: int = 0


class Block(NamedTuple):
    """Something that stood in the way of an event.

    Attributes
    ----------
    kind
        ``condition``: items do not hold; ``early``: a term has not ended yet; ``late``: a term ended before;
        ``denied``: a decision of the case said no; ``fact``: a fact of the case excludes it; ``outcome``: something
        else follows, says the chronology.
    step, to
        The step that would have been left, and the one that would have been entered.
    day
        The day: for ``early`` and ``late`` that on which the term ends.
    text
        The text of the step that is left.
    items
        The items that do not hold.
    config
        How things stood.
    """

    kind: str
    step: str
    to: str
    day: int
    config: Config
    text: StepVersion | None = None
    items: tuple[Criterion, ...] = ()


def _with(values: tuple[T, ...], place: int, value: T) -> tuple[T, ...]:
    return (*values[:place], value, *values[place + 1 :])
