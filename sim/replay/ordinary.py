"""What one may take for granted of a chronology: which moves are ordinary, and which must have been told.

A move that brings about an event of the chronology is told with it. Any other move is out of the ordinary

* if a hazard strikes in it, or it enters a step to which nothing but a hazard leads (somebody drops a report, leaves,
  returns), or the law file says ``unusual`` of the step or of the way there, and another way leads to
  the next event of its track;
* if a file starts again that came to rest unmentioned (transferred, and back; closed, and signalled a second time),
  or of which no more is told; also if the new start is the first that is told of it, for then the earlier is made up;
* if it leads to what a decision of the case has denied, with no event between;
* if it takes a way that is open only in a step that the law file calls unusual, on a track of which nothing is known;
* if something of which the chronology says nothing cuts a term short that began unmentioned.

Clocks and periods that run beside a file follow from it, and start again with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from sim.procedures.schema import Kind
from sim.replay.config import Config, Happening, Stand
from sim.replay.known import Known
from sim.replay.moves import SENT
from sim.replay.rules import Rules

HAZARD: Final = "hazard"
UNUSUAL: Final = "unusual"
AGAIN: Final = "again"
DENIED: Final = "denied"
CUT_SHORT: Final = "cut short"
KNOWN: Final = "known"
"""Something out of the ordinary is counted already: only a file that starts again counts besides."""


NOTHING_AHEAD: Final[Mapping[int, str | None]] = {}


class Ordinary:
    """Judges the moves of one case under one regime.

    Parameters
    ----------
    law, known
        The rules; the facts of the case.
    """

    def __init__(self, law: Rules, known: Known) -> None:
        self.law, self.known = law, known

    @cached_property
    def _usual(self) -> Mapping[str, int]:
        """The steps that can be reached though no hazard ever strikes."""
        return Known(self.law, self.known.facts, hazards=False).reached(self.law.horizon)

    def judged(
        self, before: Config, after: Config, why: str = "", *, ahead: Mapping[int, str | None] = NOTHING_AHEAD
    ) -> Config:
        """Return what a move leads to, with what is out of the ordinary marked and counted.

        Parameters
        ----------
        before, after
            How things stood before and after the move.
        why
            What is out of the ordinary in the move as a whole, if its maker knows of something.
        ahead
            The tracks of which the chronology has an event still to come, with the next one; None: a fact.
        """
        made = after.story[len(before.story) :]
        told = any(happening.mentioned for happening in made)
        for place, happening in enumerate(made):
            odd = happening.odd or (
                self._made_up(before, happening) if told else self._odd(before, happening, ahead) or why
            )
            if why == KNOWN and odd != AGAIN:
                continue
            if odd:
                marked = happening._replace(odd=odd)
                at = len(before.story) + place
                story = (*after.story[:at], marked, *after.story[at + 1 :])
                return after._replace(story=story, odd=after.odd + 1)
        return after

    def _odd(self, before: Config, happening: Happening, ahead: Mapping[int, str | None]) -> str:
        """Return why what happened must be told in a move; empty: one may."""
        if happening.cause in ("start", SENT):
            return ""
        if happening.cause.startswith("hazard"):
            return HAZARD
        track = self.law.track_of[happening.step]
        if happening.step not in self._usual:
            return UNUSUAL
        if self._is_unusual(before, happening) and not self._is_implied(before, happening.step, ahead.get(track)):
            return UNUSUAL
        old = before.stands[track]
        if old is None or not self._starts_again(old, happening.step):
            return ""
        return AGAIN if old.assumed or track not in ahead else ""

    def _made_up(self, before: Config, happening: Happening) -> str:
        """Return whether an event of the chronology starts a track again of which it has said nothing before."""
        track = self.law.track_of[happening.step]
        old = before.stands[track]
        if old is None or not old.assumed or not self._starts_again(old, happening.step):
            return ""
        earlier = (h for h in before.story if self.law.track_of[h.step] == track)
        return "" if any(h.mentioned for h in earlier) else AGAIN

    def _is_unusual(self, before: Config, happening: Happening) -> bool:
        """Return whether the law file calls a step, or the way that led to it, unusual."""
        if self.law.is_unusual(happening.step):
            return True
        if happening.cause != "branch":
            return False
        origin = before.step_on(self.law.track_of[happening.step])
        return origin is not None and any(
            branch.unusual and branch.to == happening.step
            for text in self.law.texts(origin)
            if text.layer == happening.layer
            for branch in text.step.next
        )

    def _is_implied(self, before: Config, step: str, event: str | None) -> bool:
        """Return whether no way leads to the next event of a track but through a step."""
        present = before.step_on(self.law.track_of[step])
        return event is not None and present is not None and not self.law.leads_past(present, step, event)

    def _starts_again(self, old: Stand, step: str) -> bool:
        """Return whether a track that rested comes round to where it can rest again."""
        if self.law.kind[old.step] is not Kind.RESTING or not self.law.is_decided_on(self.law.track_of[step]):
            return False
        return old.step in self.law.own_way(step)
