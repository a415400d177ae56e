"""One move: a step ends or a hazard strikes, and what follows from it on the same day.

A move starts from a configuration and gives every configuration that it can lead to: branches that decisions leave
open, texts that depend on a day one does not know, signals of which one cannot say whether they have an effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sim.policies.regime import StepVersion
from sim.policies.statute import Span
from sim.procedures.conditions import Criterion, Signal, named
from sim.procedures.schema import Branch, Kind
from sim.replay.config import Block, Config, Goal, Happening, Stand
from sim.replay.known import NO, OPEN, YES, Known, Truth
from sim.replay.rules import Rules

Work = tuple[tuple[str, str], ...]
"""What is still to be worked off in a moment: a signal to a step, or a step passed through."""

SENT: Final = "sent"
"""The cause of what a track of which nothing is kept would bring about on the others."""
SUPPOSED: Final = "supposed"
"""Why nobody may take a way for granted that is open only in a step which the law file calls unusual."""
NO_DAY = Span(0, 0)
"""The answer to a decision of the case is the same on every day."""


class Moves:
    """Makes the moves of one case under one regime.

    Parameters
    ----------
    law, known
        The rules; the facts of the case.
    open_tracks
        The tracks that the case is not about.
    wide
        Give also what must be told: hazards that strike unmentioned, and ways to what a decision of
        the case has denied.
    sending
        Only tell which signals reach the tracks that are not open, and leave them as they are.

    Attributes
    ----------
    blocks
        What stood in the way of moves.
    causes
        How far steps, of any track, lie from the event that is looked for: only blocks on the way to it are kept.
    """

    def __init__(
        self, law: Rules, known: Known, open_tracks: frozenset[int], *, wide: bool = False, sending: bool = False
    ) -> None:
        self.law, self.known, self.open, self.wide, self.sending = law, known, open_tracks, wide, sending
        self.blocks: list[Block] = []
        self.causes: Mapping[str, int] = {}
        self._turned_down: dict[tuple[str, str, int], frozenset[str]] = {}

    def moves(self, config: Config, track: int, span: Span, goal: Goal | None) -> Iterator[Config]:
        """Give what can follow from one step of a track ending, or a hazard striking it, within a span."""
        stand = config.stands[track]
        assert stand is not None
        if goal is not None or self.wide:
            yield from self._struck(config, stand, span, goal)
        if self.law.kind[stand.step] is Kind.RESTING:
            return
        yield from self._taken_up(config, stand, span, goal)
        time = self._time(config, stand, span)
        if time is None:
            return
        days = self.law.days_of_change(stand.step).union(self._turning_days(config, stand.step))
        for piece in self.law.cut(time, days):
            for text in self._texts(config, stand.step, piece.first):
                for place, branch in enumerate(text.step.next):
                    now = self._once_over(config, stand, text, branch, piece) if branch.after_term else piece
                    if now is None or not self._can_take(config, stand.step, text, place, now):
                        continue
                    for part in self.law.cut(now, self.law.turning_days(*branch.enters)):
                        after = self._decided(config, stand.step, text, place, part)
                        if after is not None:
                            cause = f"branch {text.layer}"
                            yield from self._enter(after, branch.to, part, cause, branch.signals, (), goal)

    def _time(self, config: Config, stand: Stand, span: Span) -> Span | None:
        """Return when a step can end within a span; None: not at all."""
        first, last = max(span.first, stand.entered.first, stand.seen), span.last
        if stand.due is not None:
            if stand.due.first > last:
                self._note_term("early", config, stand, stand.due.first)
            if stand.due.last < first:
                self._note_term("late", config, stand, stand.due.last)
            first = max(first, stand.due.first)
        last = self._latest(config, stand, last)
        return Span(first, last) if first <= last else None

    def _once_over(self, config: Config, stand: Stand, text: StepVersion, branch: Branch, piece: Span) -> Span | None:
        """Return the part of a span in which the term of a step is over, though who acts may act sooner."""
        term = self.law.term(stand.step, text.step)
        origin = text.step.counted_from
        counted = stand.entered if origin is None else config.entered(origin)
        over = None if term is None else self.law.due(term._replace(binds="exact"), stand.entered, counted)
        if over is None or over.first <= piece.first:
            return piece
        if over.first <= piece.last:
            return Span(over.first, piece.last)
        later = config.placed(self.law.track_of[stand.step], stand._replace(due=over))
        for to in branch.enters:
            self._note(Block("early", stand.step, to, over.first, later, text))
        return None

    def _struck(self, config: Config, stand: Stand, span: Span, goal: Goal | None) -> Iterator[Config]:
        """Give what follows when a hazard strikes."""
        names = self.law.hazards_at(stand.step)
        if not names:
            return
        first, last = max(span.first, stand.entered.first, stand.seen), self._latest(config, stand, span.last)
        if first > last:
            return
        for name in names:
            hazard = self.law.hazards[name]
            days = self.law.days_of_change(stand.step) | self.law.turning_days(hazard.to)
            for now in self.law.cut(Span(first, last), days):
                if all(self.known.truth(item, config, now) in (YES, OPEN) for item in hazard.when):
                    yield from self._enter(config, hazard.to, now, f"hazard {name}", (), (), goal)

    def _taken_up(self, config: Config, stand: Stand, span: Span, goal: Goal | None) -> Iterator[Config]:
        """Give what follows when a case that waits is taken up: a bed in the shelter is there."""
        signals = self.law.texts(stand.step)[0].step.on_start
        first = max(span.first, stand.entered.first, stand.seen)
        if signals and first <= span.last:
            work = tuple(("signal", signal.step) for signal in signals)
            yield from self._settle(config, work, Span(first, span.last), goal)

    def _turning_days(self, config: Config, step: str) -> list[int]:
        """Return the days on which what a step asks for can change without a move."""
        days: list[int] = []
        for text in self.law.texts(step):
            for name in named(text.step.asks):
                condition = self.law.statute.condition(name)
                if condition is not None and condition.since is not None:
                    since = config.entered(condition.since)
                    days += self.law.days_that_matter(condition, since) if since is not None else ()
        for track in self.law.looked_at(step):
            stand = config.stands[track]
            if stand is not None:
                days.append(stand.entered.first)
                days += [stand.due.last + 1] if stand.due is not None else []
        return days

    def _texts(self, config: Config, step: str, day: int) -> Sequence[StepVersion]:
        """Return the texts of a step under which the person can fall on a day."""

        def decided(event: str) -> Span | None:
            span = config.entered(event)
            if span is None and config.firsts[self.law.track_of[event]] is not None and config.before_it(event):
                return Span(0, day)
            return span

        return self.law.statute.texts_that_may_hold(step, day, decided)

    def _can_take(self, config: Config, step: str, text: StepVersion, place: int, now: Span) -> bool:
        """Return whether a branch can be taken, and note what stands in the way."""
        branches = text.step.next
        possible, items = self.known.can_take(branches, place, config, now)
        if not possible and not self._leads_as_far(config, branches, place, now):
            self._note(Block("condition", step, branches[place].to, now.last, config, text, tuple(items)))
        return possible

    def _leads_as_far(self, config: Config, branches: Sequence[Branch], place: int, now: Span) -> bool:
        """Return whether branches that ask for nothing enter every cause of the event that a branch enters."""
        wanted = {step for step in branches[place].enters if step in self.causes}
        for other, branch in enumerate(branches):
            if wanted & set(branch.enters) and not branch.when and self.known.can_take(branches, other, config, now)[0]:
                wanted -= set(branch.enters)
        return not wanted

    def _decided(self, config: Config, step: str, text: StepVersion, place: int, now: Span) -> Config | None:
        """Return the configuration after a step has asked what it asks, and gone one way; None: only a wide one may."""
        supposed = self.known.taken_for_granted(text.step.next[place].when, config, now)
        if supposed is not None:
            if not self.wide:
                return None
            there = Span(0, now.last)
            due = self._due(config, supposed, self._texts(config, supposed, now.first)[0], there)
            config = config.at(Stand(supposed, there, due), Happening(supposed, there, None, "start", odd=SUPPOSED))
        looked_at = [
            track
            for track in self.law.looked_at(step)
            if (stand := config.stands[track]) is not None and stand.entered.first <= now.first
        ]
        return config.noticed(looked_at, now.first).denying(self._denied(step, text, place))

    def _denied(self, step: str, text: StepVersion, place: int) -> frozenset[str]:
        """Return the steps that the decisions of the case turn down where a step goes one way."""
        key = step, text.layer, place
        if key not in self._turned_down:
            branches = text.step.next
            turned_down = {branch.to for number, branch in enumerate(branches) if self._turns_down(branches, number)}
            self._turned_down[key] = frozenset(turned_down - {branches[place].to})
        return self._turned_down[key]

    def _turns_down(self, branches: Sequence[Branch], place: int) -> bool:
        """Return whether a decision of the case turns a branch down, or chooses another one that comes before it."""
        branch = branches[place]
        if any(self._answer(item) is NO for item in branch.when):
            return True
        # Many ways lead to where a file rests: another choice here does not exclude it.
        return self.law.kind[branch.to] is not Kind.RESTING and any(
            all(self._answer(item) is YES for item in earlier.when) for earlier in branches[:place]
        )

    def _answer(self, item: Criterion) -> Truth | None:
        """Return what the case says of a decision; None: the item is none."""
        in_case = self.known.is_decision(item) and item.name in self.known.facts
        return self.known.truth(item, None, NO_DAY) if in_case else None

    def _enter(
        self,
        config: Config,
        to: str,
        now: Span,
        cause: str,
        signals: Iterable[Signal],
        pending: Work,
        goal: Goal | None,
    ) -> Iterator[Config]:
        """Enter a step, and let follow what follows at once."""
        track = self.law.track_of[to]
        is_goal = goal is not None and to == goal.step
        present = config.step_on(track) or ""
        denied = to in config.denied
        if denied or to in self.known.excluded:
            kind = "fact" if to in self.known.excluded else "denied"
            self._note(Block(kind, present, to, now.first, config))
            if kind == "fact" or not self.wide:
                return
        outcomes = self._outcomes_after(config, track, to)
        if outcomes is None:
            self._note(Block("outcome", present, to, now.first, config))
            return
        config = config._replace(outcomes=outcomes)
        kind, _, layer = cause.partition(" ")
        number = goal.number if goal is not None and is_goal else None
        happening = Happening(to, now, number, *((kind, layer) if kind == "branch" else (cause, "")))
        if denied:
            happening = happening._replace(odd="denied")
        texts: Sequence[StepVersion] = self.law.texts(to)
        if len(texts) > 1:  # its own day can be the one that decides which of them applies
            texts = self._texts(config.at(Stand(to, now), happening), to, now.first)
        for text in texts:
            after = config.at(Stand(to, now, self._due(config, to, text, now), now.first), happening)
            if is_goal and goal is not None:
                after = after.mentioned(goal)
            work: list[tuple[str, str]] = [("signal", signal.step) for signal in (*text.step.signals, *signals)]
            if self.law.kind[to] is Kind.PASSED:
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
                        after = self._decided(config, step, text, place, now)
                        if after is None:
                            continue
                        yield from self._enter(
                            after, branch.to, now, f"branch {text.layer}", branch.signals, rest, goal
                        )

    def _signalled(self, config: Config, to: str, rest: Work, now: Span, goal: Goal | None) -> Iterator[Config]:
        """Let a signal reach a track, or pass without effect."""
        track = self.law.track_of[to]
        stand, accepted = config.stands[track], self.law.accepts[to]
        if self.sending and track not in self.open:
            yield from self._settle(config.sent(Happening(to, now, None, SENT)), rest, now, goal)
            return
        if track in self.open and stand is None and self.law.sets_going[to] <= self.open:
            yield from self._settle(config, rest, now, goal)  # whatever becomes of it, nothing known changes
            return
        if stand is None:
            begins = any(to in at for of_track, at, value in self.known.fixed.values() if of_track == track and value)
            # A signal that makes a fact of the case true may find the track where it was before.
            may_be = (self.known.waiting if begins else self.known.possible)(track, now.last)
            start, wanted = self.law.start[track], goal is not None and goal.step in self.law.same_or_next(to)
            # A track of which nothing is known is taken to be at its start, if it can be and the event allows; one
            # of which the chronology will say something may have been elsewhere.
            at_start = start in may_be and not wanted and (start in accepted or track in self.open)
            taken = start in accepted if at_start else bool(may_be & accepted)
            passed = start not in accepted if at_start else bool(may_be - accepted)
        else:
            first = max(now.first, stand.entered.first, stand.seen)
            if first <= now.last and not self.can_stay(config, stand, first):
                return  # a term has ended: something must have moved before
            taken = stand.step in accepted and first <= now.last
            passed = not taken
            now = Span(first, now.last) if taken else now
        if taken:
            yield from self._enter(config, to, now, "signal", (), rest, goal)
        if passed:
            yield from self._settle(config, rest, now, goal)

    def received(self, config: Config, signals: Iterable[str], now: Span, goal: Goal | None) -> Iterator[Config]:
        """Give what follows from signals that reach the tracks from outside within a span."""
        yield from self._settle(config, tuple(("signal", step) for step in signals), now, goal)

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

    def _note(self, block: Block) -> None:
        """Remember what stood in the way, if it was on the way to the event."""
        if block.to in self.causes or block.kind == "late":
            self.blocks.append(block)

    def _note_term(self, kind: str, config: Config, stand: Stand, day: int) -> None:
        for text in self.law.texts(stand.step):
            for branch in text.step.next:
                for to in branch.enters:
                    self._note(Block(kind, stand.step, to, day, config, text))

    # ---- terms ----

    def can_stay(self, config: Config, stand: Stand, day: int) -> bool:
        """Return whether a track can still be at its step on a day: no term has ended that takes it away."""
        return self._latest(config, stand, day) >= day

    def _latest(self, config: Config, stand: Stand, day: int) -> int:
        """Return the last day, up to a day, before a term ends that may take a track away from its step."""
        for other in config.stands:
            if other is None or other.due is None or other.due.last >= day or other.step == stand.step:
                continue
            if self.law.can_move(other.step, stand.step):
                self._note_term("late", config, other, other.due.last)
                day = other.due.last
        return day if stand.due is None else min(day, stand.due.last)
