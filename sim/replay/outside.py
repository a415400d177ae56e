"""What tracks of which the chronology says nothing can do to those it is about.

Nothing is kept of such tracks, and they can be anywhere that the rules allow. So all that they can do is worked out
once, apart from how the others stand: which signals a move of theirs sends to the others, on which days, and whether
the move is ordinary.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.policies.statute import Span
from sim.replay.config import Config, Happening
from sim.replay.known import Known
from sim.replay.moves import SENT, Moves
from sim.replay.ordinary import Ordinary
from sim.replay.rules import Rules


class Message(NamedTuple):
    """What a move of an unknown track sends to the others.

    Attributes
    ----------
    signals
        The steps to which its signals would lead, in their order.
    when
        The days on which it can happen; no rule that it meets changes within them.
    odd
        What in the move nobody may take for granted; None: nothing.
    """

    signals: tuple[str, ...]
    when: Span
    odd: Happening | None


class Outside:
    """Works out what the tracks that a case is not about can send to the others.

    Parameters
    ----------
    law, known
        The rules; the facts of the case.
    ordinary
        What is ordinary.
    tracks
        The tracks that the case is not about.
    wide
        Whether hazards strike unmentioned.
    """

    def __init__(self, law: Rules, known: Known, ordinary: Ordinary, tracks: frozenset[int], *, wide: bool) -> None:
        self.law, self.known, self.ordinary, self.tracks = law, known, ordinary, tracks
        self.wide = wide
        self._moves = {wide: Moves(law, known, tracks, wide=wide, sending=True) for wide in (False, True)}
        self._messages: dict[tuple[Span, bool], tuple[Message, ...]] = {}

    def messages(self, span: Span, *, told: bool = False) -> tuple[Message, ...]:
        """Return the messages that can be sent within a span.

        Parameters
        ----------
        span
            The days.
        told
            Whether they bring about an event of the chronology: then hazards strike, and nothing is out of the
            ordinary.
        """
        key = span, told
        if key not in self._messages:
            self._messages[key] = tuple(self._all(span, told))
        return self._messages[key]

    def _all(self, span: Span, told: bool) -> Iterator[Message]:
        """Give each message once, with the days on which it can be sent."""
        found: dict[tuple[tuple[str, ...], str], tuple[list[Span], Happening | None]] = {}
        for signals, when, odd in self._sent(span, told):
            spans, _ = found.setdefault((signals, "" if odd is None else odd.odd), ([], odd))
            spans.append(when)
        for (signals, _), (spans, odd) in found.items():
            days = self.law.turning_days(*signals)
            for whole in _joined(spans):
                for piece in self.law.cut(whole, days):
                    yield Message(signals, piece, odd and odd._replace(when=piece))

    def _sent(self, span: Span, told: bool) -> Iterator[tuple[tuple[str, ...], Span, Happening | None]]:
        blank = Config.blank(self.known)
        moves = self._moves[told or self.wide]
        for track in sorted(self.tracks):
            for step in sorted(self.known.possible(track, span.last)):
                if self.law.sets_going_on_leaving(step) <= self.tracks:
                    continue
                begun = blank.begun(step, span.last)
                for after in moves.moves(begun, track, span, None):
                    sent = tuple(h for h in after.story[len(begun.story) :] if h.cause == SENT)
                    if sent:
                        made = self.ordinary.judged(begun, after).story[len(begun.story) :] if not told else ()
                        odd = next((happening for happening in made if happening.odd), None)
                        yield tuple(happening.step for happening in sent), sent[0].when, odd


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Give spans that overlap or follow each other as one."""
    present: Span | None = None
    for span in sorted(spans):
        if present is not None and span.first <= present.last + 1:
            present = Span(present.first, max(present.last, span.last))
        else:
            if present is not None:
                yield present
            present = span
    if present is not None:
        yield present
