"""What is known at a moment of a chronology: is a condition true, false, or open?

A fact of the case that is a named condition holds whenever it is asked, until a final step of the chronology
itself ends it (a permit ends a Dublin claim). Where the rules would have to ask while the steps say otherwise,
that way is closed: then the facts forbid it.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sim.agents.behaviour import Hazard
from sim.policies.statute import Span
from sim.procedures.conditions import At, Criterion, Ever, Subject
from sim.procedures.schema import Branch, Condition
from sim.procedures.traits import FLAGS, SHOCKS
from sim.replay.rules import Rules

if TYPE_CHECKING:
    from sim.replay.config import Config


class Truth(enum.Enum):
    """Of a condition: it holds, it does not, it may; or the steps and the facts of the case say opposite things."""

    YES = "yes"
    NO = "no"
    OPEN = "open"
    CONTRARY = "contrary"


YES, NO, OPEN, CONTRARY = Truth.YES, Truth.NO, Truth.OPEN, Truth.CONTRARY
UNREACHED = 10_000
OPPOSITE = {YES: NO, NO: YES, OPEN: OPEN, CONTRARY: CONTRARY}


class Known:
    """Answers what can be known from the facts of a case and a moment of it.

    Parameters
    ----------
    law, facts
        The rules; the facts of the case.
    hazards
        Whether hazards count in what can be reached.

    Attributes
    ----------
    fixed
        Named conditions among the facts that look at one track only: name -> (track, its steps, true or false).
    """

    def __init__(self, law: Rules, facts: Mapping[str, bool], *, hazards: bool = True) -> None:
        self.law, self.facts, self.hazards = law, facts, hazards
        self.fixed: dict[str, tuple[int, frozenset[str], bool]] = {}
        for name, value in facts.items():
            condition = law.statute.condition(name)
            if condition is None or not condition.at or condition.ever or condition.since:
                continue
            tracks = {law.track_of[step] for step in condition.at}
            if len(tracks) == 1:
                self.fixed[name] = (tracks.pop(), frozenset(condition.at), value)
        self._reached: dict[int, dict[str, int]] = {}
        self._waiting: dict[tuple[int, int], frozenset[str]] = {}

    # ---- conditions ----

    def truth(self, criterion: Criterion, moment: Config | None, now: Span) -> Truth:
        """Return whether an item of ``when`` holds.

        Parameters
        ----------
        criterion
            The item.
        moment
            What is known; None: nothing but the facts, at any time until ``now.last``.
        now
            The day, or the days between which it lies; no rule changes within them.
        """
        answer = self._truth(criterion.subject, moment, now)
        return OPPOSITE[answer] if criterion.negated else answer

    def _truth(self, subject: Subject, moment: Config | None, now: Span) -> Truth:
        match subject:
            case At(step):
                return self._at((step,), moment, now)
            case Ever(step):
                return self._ever((step,), moment, now)
        name = str(subject)
        condition = self.law.statute.condition(name)
        if condition is not None:
            return self._named(name, condition, moment, now)
        if name in self.facts:
            return YES if self.facts[name] else NO
        if name in self.law.decisions:
            settled = self.law.settled(name, now)
            return OPEN if settled is None else YES if settled else NO
        if name in FLAGS or name in SHOCKS:
            return OPEN
        return self._heard(name, moment, now)

    def is_decision(self, criterion: Criterion) -> bool:
        """Return whether an item of ``when`` is a decision of somebody, or its opposite."""
        return criterion.name in self.law.decisions

    def _named(self, name: str, condition: Condition, moment: Config | None, now: Span) -> Truth:
        state = self._state(condition, moment, now)
        if name not in self.facts:
            return state
        fact = YES if self.facts[name] else NO
        if moment is None or state in (OPEN, fact) or name not in self.fixed:
            return fact
        if state is CONTRARY:
            return CONTRARY
        step = moment.step_on(self.fixed[name][0])
        ended = step is not None and self.law.texts(step)[0].step.final
        return state if ended else CONTRARY

    def _state(self, condition: Condition, moment: Config | None, now: Span) -> Truth:
        parts: list[Truth] = []
        if condition.at:
            parts.append(self._at(condition.at, moment, now))
        if condition.ever:
            parts.append(self._ever(condition.ever, moment, now))
        if condition.since is not None:
            parts.append(self._since(condition, moment, now))
        if condition.from_date is not None:
            parts.append(self._from(self.law.statute.day_of(condition.from_date), moment, now))
        if condition.trait is not None and condition.during is not None:
            parts += [self._fact(condition.trait), self._fact(condition.during)]
        elif condition.trait is not None:
            parts.append(OPEN)
        for answer in (CONTRARY, NO):
            if answer in parts:
                return answer
        return OPEN if OPEN in parts else YES

    def _fact(self, name: str) -> Truth:
        """Return whether a trait or an external event of the case holds; open where the case does not say it."""
        return OPEN if name not in self.facts else YES if self.facts[name] else NO

    def _at(self, steps: Sequence[str], moment: Config | None, now: Span) -> Truth:
        """Return whether one of several steps is the present one of its track."""
        steps = [step for step in steps if step in self.law.track_of]
        if moment is None:
            reached = self.reached(now.last)
            return OPEN if any(step in reached for step in steps) else NO
        answer = NO
        by_track: dict[int, set[str]] = {}
        for step in steps:
            by_track.setdefault(self.law.track_of[step], set()).add(step)
        for track, wanted in by_track.items():
            stand = moment.stand_on(track)
            if stand is None or now.last < stand.entered.first:
                may_be = self.possible(track, now.last)
            elif stand.due is not None and now.first > stand.due.last:
                return CONTRARY  # its term has ended: it must have moved on first
            else:
                may_be = frozenset((stand.step,))
            if may_be <= wanted:
                return YES
            if may_be & wanted:
                answer = OPEN
        return answer

    def _ever(self, steps: Sequence[str], moment: Config | None, now: Span) -> Truth:
        steps = [step for step in steps if step in self.law.track_of]  # those of another regime never happen
        if moment is not None and any(moment.entered(step) for step in steps):
            return YES
        reached = self.reached(now.last)
        open_ = any(step in reached and (moment is None or moment.before_it(step)) for step in steps)
        return OPEN if open_ else NO

    def _since(self, condition: Condition, moment: Config | None, now: Span) -> Truth:
        assert condition.since is not None
        since = None if moment is None else moment.entered(condition.since)
        if since is None:
            return self._ever((condition.since,), moment, now)
        over = self.law.term_is_over(condition, since, now)
        return OPEN if over is None else YES if over else NO

    def _from(self, day: int, moment: Config | None, now: Span) -> Truth:
        if moment is None:
            return NO if day > now.last else OPEN
        return YES if now.first >= day else NO

    def _heard(self, name: str, moment: Config | None, now: Span) -> Truth:
        """Return whether something that people can hear of the rules is so; a fact of another regime never is."""
        periods = self.law.statute.days_of_fact(name)
        if not periods:
            return NO
        period = periods[-1]
        begins = self._from(period.first, moment, now)
        if begins is not YES or period.last >= self.law.calendar.days - 1:
            return begins
        return OPPOSITE[self._from(period.last + 1, moment, now)]

    # ---- branches ----

    def can_take(
        self, branches: Sequence[Branch], place: int, moment: Config | None, now: Span
    ) -> tuple[bool, list[Criterion]]:
        """Return whether a branch can be the first that holds, and if not, which items stand in the way.

        Returns
        -------
        bool, list of Criterion
            Of this branch those that do not hold; if there is none, the opposite of those that make an earlier branch
            hold.
        """
        truths: dict[Subject, Truth] = {}
        for branch in branches[: place + 1]:
            for item in branch.when:
                if item.subject not in truths:
                    truths[item.subject] = self.truth(item.affirmed, moment, now)
        contrary = [Criterion(subject) for subject in truths if truths[subject] is CONTRARY]
        if contrary:
            return False, contrary
        must = {item.subject: not item.negated for item in branches[place].when}
        wrong = [item for item in branches[place].when if _literal(item, truths) is NO]
        if wrong:
            return False, wrong
        for earlier in branches[:place]:
            if all(_literal(item, truths) is YES for item in earlier.when):
                return False, [item.opposite for item in earlier.when]
        asked = [branch.when for branch in branches[:place]]
        return (True, []) if _consistent(must, asked, truths) else (False, _in_front(must, asked, truths))

    def is_past_for_good(self, item: Criterion, moment: Config) -> bool:
        """Return whether an item asks that steps have never been entered, of which one has."""
        condition = self.law.statute.condition(item.name) if item.name else None
        match item.subject:
            case Ever(step):
                steps: Sequence[str] = (step,)
            case _ if condition is not None and condition.ever and condition.parts == 1:
                steps = condition.ever
            case _:
                return False
        return item.negated and any(step in self.law.track_of and moment.entered(step) for step in steps)

    def taken_for_granted(self, items: Iterable[Criterion], moment: Config, now: Span) -> str | None:
        """Return a step that items of ``when`` ask for and that nobody may take for granted; None: there is none.

        That is a step that the law file calls unusual, on a track of which nothing is known.
        """
        for item in items:
            condition = self.law.statute.condition(item.name) if item.name and not item.negated else None
            if condition is None or not condition.at or self.truth(item, moment, now) is not OPEN:
                continue
            steps = [step for step in condition.at if step in self.law.track_of]
            if steps and all(self.law.is_unusual(step) for step in steps):
                return next((step for step in steps if moment.step_on(self.law.track_of[step]) is None), None)
        return None

    # ---- what can be reached at all ----

    def possible(self, track: int, day: int) -> frozenset[str]:
        """Return where a track of which nothing is known can be by a day, waiting for something."""
        steps = self.waiting(track, day)
        for of_track, at, value in self.fixed.values():
            if of_track == track and value:
                steps &= at
        return steps

    def waiting(self, track: int, day: int) -> frozenset[str]:
        """Return where a track can have been waiting by a day, also before the facts of the case held."""
        key = track, day
        if key not in self._waiting:
            self._waiting[key] = frozenset(
                step
                for step in self.reached(day)
                if self.law.track_of[step] == track and (not self.law.passes(step) or step in self.law.start)
            )
        return self._waiting[key]

    def depth(self, step: str) -> int:
        """Return how many steps lie between the start of a track and a step."""
        return self.reached(self.law.horizon).get(step, UNREACHED)

    def only_leads_to(self, step: str) -> str | None:
        """Return the one step to which a step leads that one passes through; None: there are more, or one can stay."""
        following = {branch.to for text in self.law.texts(step) for branch in text.step.next}
        return following.pop() if self.law.passes(step) and len(following) == 1 else None

    def reached(self, day: int) -> Mapping[str, int]:
        """Return the steps that can have been reached by a day, and how many steps each lies from the start.

        Every text that was in force by then counts, and nothing of the chronology but its facts.
        """
        if day not in self._reached:
            self._fixpoint(day)
        return self._reached[day]

    @cached_property
    def excluded(self) -> frozenset[str]:
        """The steps that the facts exclude: named conditions that are false."""
        steps: set[str] = set()
        for name, value in self.facts.items():
            condition = self.law.statute.condition(name)
            if condition is None or value or condition.since or (condition.at and condition.ever):
                continue
            steps |= {*condition.at, *condition.ever}
        return frozenset(steps)

    def _fixpoint(self, day: int) -> None:
        """Work out what can be reached by a day, layer by layer.

        The more is reached, the more is open: a branch that could be taken once always can, so that only those that
        could not yet are asked again.
        """
        law, now = self.law, Span(0, day)
        depth: dict[str, int] = dict.fromkeys(law.start, 0)
        self._reached[day] = depth
        edge, layer = set(depth), 0
        closed: list[tuple[Sequence[Branch], int]] = []
        sent: set[str] = set()
        while edge:
            layer += 1
            for step in sorted(edge):
                for text in law.texts(step):
                    if law.statute.day_of(text.in_force) <= day:
                        sent |= {signal.step for signal in (*text.step.signals, *text.step.on_start)}
                        closed += [(text.step.next, place) for place in range(len(text.step.next))]
            asked = [(way, self.can_take(*way, None, now)[0]) for way in closed]
            opened, closed = ([way for way, is_open in asked if is_open is side] for side in (True, False))
            sent |= {signal.step for branches, place in opened for signal in branches[place].signals}
            edge = {branches[place].to for branches, place in opened}
            edge |= {to for to in sent if any(origin in depth for origin in law.accepts[to])}
            edge |= {hazard.to for hazard in law.hazards.values() if self._can_strike(hazard, depth, now)}
            edge -= depth.keys() | self.excluded
            depth |= dict.fromkeys(sorted(edge), layer)

    def _can_strike(self, hazard: Hazard, reached: Collection[str], now: Span) -> bool:
        """Return whether a hazard can strike at a step that can be reached."""
        return (
            self.hazards
            and any(step in reached for step in hazard.at)
            and all(self.truth(item, None, now) is not NO for item in hazard.when)
        )


def _literal(item: Criterion, truths: Mapping[Subject, Truth]) -> Truth:
    truth = truths[item.subject]
    return OPPOSITE[truth] if item.negated else truth


def _in_front(
    must: Mapping[Subject, bool], earlier: Sequence[Sequence[Criterion]], truths: Mapping[Subject, Truth]
) -> list[Criterion]:
    """Return what makes an earlier branch hold as soon as all in ``must`` does; else all that it asks besides."""
    asked = [[item for item in when if must.get(item.subject) is None] for when in earlier]
    certain = [items for items in asked if items and all(_literal(item, truths) is YES for item in items)]
    return [item.opposite for items in certain or asked for item in items]


def _consistent(
    must: Mapping[Subject, bool], earlier: Sequence[Sequence[Criterion]], truths: Mapping[Subject, Truth]
) -> bool:
    """Return whether open items can be answered so that all in ``must`` hold and of each earlier list one does not."""
    if not earlier:
        return True
    for item in earlier[0]:
        truth, wanted = truths[item.subject], item.negated
        if truth is OPEN:
            if must.get(item.subject, wanted) == wanted and _consistent(
                {**must, item.subject: wanted}, earlier[1:], truths
            ):
                return True
        elif (truth is YES) == wanted and _consistent(must, earlier[1:], truths):
            return True
    return False
