"""A room: its host, its members, the card on the table, hidden votes, the reveal, and where people disagree.

Nothing of a vote leaves before the reveal, not even to the host: only how many have answered. With fewer than
`FEWEST_SHOWN` voters no distribution leaves at all. A member is a colour, not a name. Everything is in memory; the host
saves it, or it is gone.
"""

from __future__ import annotations

import hmac
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.files.errors import B8simError, InputError
from sim.view.cards import CHOICES, Named
from sim.view.state import State
from sim.view.table import FEWEST_SHOWN, Round, Vote

MOST_MEMBERS: Final = 20
CODE_FIGURES: Final = 6
WRONG_CODES: Final = 5
"""Wrong codes from one address within `WAIT_SECONDS`, after which it has to wait."""
WAIT_SECONDS: Final = 60.0
ALL_WRONG_CODES: Final = 50
"""Wrong codes from all addresses together within that time, after which everybody has to wait."""
LONGEST_COLLECTION: Final = 1800
KINDS_OF_NOTE: Final = ("question", "hypothesis", "finding", "decision")
LONGEST_NOTE: Final = 300
LONGEST_FIGURE: Final = 120
LONGEST_NAME: Final = 80
MOST_NOTES: Final = 200


class NotAllowedError(B8simError):
    """Whoever asks may not do this: no member, not the host, or a wrong code."""


class TooManyError(B8simError):
    """The room is full, or somebody tries too often."""


@dataclass
class Member:
    """A participant: a colour, the last position, the last vote."""

    number: int
    token: str
    state: State | None = None
    seen: float = 0.0
    streams: int = 0


class Room:
    """A room with a host and members.

    Parameters
    ----------
    cards
        In their order.
    clock
        Seconds, ever increasing.
    """

    def __init__(self, cards: Sequence[Named], clock: Callable[[], float] = time.monotonic) -> None:
        self.cards = {one.name: one for one in cards}
        self.host_token = token()
        self.code = f"{int.from_bytes(os.urandom(8), 'big') % 10**CODE_FIGURES:0{CODE_FIGURES}}"
        self.version = 0
        self.members: dict[str, Member] = {}
        self.rounds: list[Round] = []
        self.on_the_table: Round | None = None
        self.followed: State | None = None
        self.notes: list[dict[str, str]] = []
        self.figures: list[dict[str, str]] = []
        self.turning: dict[str, dict[str, Any]] = {}
        self._clock = clock
        self._wrong: dict[str, deque[float]] = {}
        self._listeners: list[Callable[[], None]] = []

    # ---- who is there ----

    def join(self, code: str, address: str, known: str | None = None) -> Member:
        """Return the member of somebody who has the code; the same one for a browser that comes back.

        Parameters
        ----------
        code
            Six figures.
        address
            Where the request comes from; wrong codes are counted by it.
        known
            The token that the browser has from before, if any.

        Raises
        ------
        NotAllowedError
            When the code is wrong.
        TooManyError
            After too many wrong codes, or when the room is full.
        """
        if known is not None and known in self.members:
            return self.member(known)
        now = self._clock()
        own = self._recent(address, now)
        if len(own) >= WRONG_CODES or sum(len(self._recent(one, now)) for one in list(self._wrong)) >= ALL_WRONG_CODES:
            raise TooManyError("too many wrong codes: wait a minute")
        if not hmac.compare_digest(code.encode("utf-8", "replace"), self.code.encode()):
            self._wrong.setdefault(address, deque()).append(now)
            raise NotAllowedError("not the code of this room")
        if len(self.members) >= MOST_MEMBERS and not self._made_place():
            raise TooManyError(f"the room is full: {MOST_MEMBERS} are in it")
        taken = {one.number for one in self.members.values()}
        number = next(number for number in range(1, MOST_MEMBERS + 1) if number not in taken)
        member = Member(number, token(), seen=now)
        self.members[member.token] = member
        self._changed()
        return member

    def member(self, given: str | None) -> Member:
        """Return the member with a token.

        Raises
        ------
        NotAllowedError
            When nobody in the room has it.
        """
        found = self.members.get(given or "")
        if found is None:
            raise NotAllowedError("not in the room: join with the code")
        found.seen = self._clock()
        return found

    def leave(self, given: str | None) -> None:
        """Let a member go; the token is worth nothing afterwards."""
        member = self.member(given)
        del self.members[member.token]
        self._changed()

    def check_host(self, given: str | None) -> None:
        """Refuse everybody but the host.

        Raises
        ------
        NotAllowedError
            When the token is not the host's.
        """
        if not hmac.compare_digest((given or "").encode("utf-8", "replace"), self.host_token.encode()):
            raise NotAllowedError("only the host can do this")

    # ---- what members do ----

    def vote(self, member: Member, number: int, choice: str, amount: float | None) -> None:
        """Take an answer to the card on the table; until the reveal the last one counts.

        Raises
        ------
        InputError
            When there is no such choice, or the card is not on the table or revealed.
        """
        if choice not in CHOICES:
            raise InputError("not an answer", key="choice", value=choice, accepted=", ".join(CHOICES))
        table = self._collecting(number)
        table.votes[member.token] = Vote(choice, amount)
        self._changed()

    def position(self, member: Member, state: State) -> None:
        """Take the state of a member's page: where the sliders are."""
        member.state = state
        self._changed()

    # ---- what the host does ----

    def open(self, name: str, seconds: int | None = None) -> Round:
        """Put a card on the table and collect answers.

        Raises
        ------
        InputError
            When there is no such card.
        """
        if name not in self.cards:
            raise InputError("no such card", key="card", value=name, accepted=list(self.cards))
        ends = None if seconds is None else self._clock() + seconds
        table = Round(len(self.rounds) + 1, self.cards[name], ends=ends)
        self.rounds.append(table)
        self.on_the_table = table
        self._changed()
        return table

    def hands(self, number: int, counts: Sequence[int]) -> None:
        """Take a show of hands for the card on the table."""
        table = self._collecting(number)
        table.hands = list(counts)
        self._changed()

    def reveal(self, number: int) -> None:
        """Show the answers to the card on the table, and what the model says."""
        table = self._collecting(number)
        table.revealed = True
        self._changed()

    def clear(self) -> None:
        """Take the card from the table."""
        self.on_the_table = None
        self._changed()

    def modelled(self, table: Round, model: dict[str, Any]) -> None:
        """Take what the model says of a card, as far as it has come."""
        table.model = model
        self._changed()

    def follow(self, state: State | None) -> None:
        """Show the members a state; None: everybody is free."""
        self.followed = state
        self._changed()

    def note(self, kind: str, text: str) -> None:
        """Take a note: a question, a hypothesis, a finding or a decision.

        Raises
        ------
        InputError
            When it is none of these, or too long.
        """
        if kind not in KINDS_OF_NOTE:
            raise InputError("not a kind of note", key="kind", value=kind, accepted=", ".join(KINDS_OF_NOTE))
        self._kept(self.notes, {"kind": kind, "text": printable(text, "text", LONGEST_NOTE)})

    def figure(self, what: str, who: str, when: str) -> None:
        """Take a figure that is to be asked for: of whom, and by when."""
        self._kept(
            self.figures,
            {
                "figure": printable(what, "figure", LONGEST_FIGURE),
                "who": printable(who, "who", LONGEST_NAME),
                "when": printable(when, "when", LONGEST_NAME),
            },
        )

    def turns(self, parameter: str, found: dict[str, Any]) -> None:
        """Take what the positions on a parameter do to the answer, as `sim.view.turning.Turning.plain` says it."""
        self.turning[parameter] = found
        self._changed()

    # ---- what is shown ----

    def snapshot(self) -> dict[str, Any]:
        """Return what everybody in the room may see now."""
        table = self.on_the_table
        return {
            "version": self.version,
            "members": len(self.members),
            "most": MOST_MEMBERS,
            "follow": None if self.followed is None else self.followed.plain(),
            "table": None if table is None else self._shown(table),
            "disagreement": self.disagreement(),
        }

    def disagreement(self) -> list[dict[str, Any]]:
        """Return for each parameter that somebody moved how many did, and between which values.

        Lowest, median and highest value are None where fewer than `FEWEST_SHOWN` moved it.
        """
        moved: dict[str, list[float]] = {}
        for member in self.members.values():
            for name, value in (member.state.changes if member.state else {}).items():
                moved.setdefault(name, []).append(value)
        rows = []
        for name, values in sorted(moved.items(), key=lambda pair: (-len(pair[1]), pair[0])):
            shown = len(values) >= FEWEST_SHOWN
            lowest, median, highest = (min(values), float(np.median(values)), max(values)) if shown else (None,) * 3
            rows.append(
                {
                    "parameter": name,
                    "touched": len(values),
                    "of": len(self.members),
                    "lowest": lowest,
                    "median": median,
                    "highest": highest,
                    "turns": self.turning.get(name) if shown else None,
                }
            )
        return rows

    def log(self) -> dict[str, Any]:
        """Return the session as the host can save it: cards with votes in sum, positions, notes, figures to ask for."""
        return {
            "cards": [
                {
                    "card": one.card.plain(),
                    "link": one.card.state.link(),
                    "voters": one.voters,
                    "votes": one.counts(),
                    "amounts": one.amounts(),
                    "model": one.model if one.revealed else None,
                    "revealed": one.revealed,
                }
                for one in self.rounds
            ],
            "disagreement": self.disagreement(),
            "notes": list(self.notes),
            "figures": list(self.figures),
            "state": None if self.followed is None else self.followed.plain(),
            "members": len(self.members),
        }

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a function after each change, until the function that is returned is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # ---- inside ----

    def _shown(self, table: Round) -> dict[str, Any]:
        left = None if table.ends is None else max(0, round(table.ends - self._clock()))
        return {
            "round": table.number,
            "card": table.card.name,
            "revealed": table.revealed,
            "answered": table.voters,
            "seconds": left if not table.revealed else None,
            "votes": table.counts(),
            "amounts": table.amounts(),
            "few": table.revealed and table.voters < FEWEST_SHOWN,
            "model": table.model if table.revealed else None,
        }

    def _collecting(self, number: int) -> Round:
        """Return the card on the table if it is still open to answers.

        Raises
        ------
        InputError
            When another card, or none, is on the table, or it is revealed.
        """
        table = self.on_the_table
        if table is None or table.number != number:
            accepted = "no card is on the table" if table is None else str(table.number)
            raise InputError("not the card on the table", key="round", value=number, accepted=accepted)
        if table.revealed:
            raise InputError("the answers are revealed already", key="round", value=number, accepted="the next card")
        return table

    def _kept(self, entries: list[dict[str, str]], entry: dict[str, str]) -> None:
        if len(entries) >= MOST_NOTES:
            raise TooManyError(f"{MOST_NOTES} are noted already")
        entries.append(entry)
        self._changed()

    def _recent(self, address: str, now: float) -> Sequence[float]:
        """Return when an address gave wrong codes lately."""
        times = self._wrong.get(address)
        if times is None:
            return ()
        while times and times[0] <= now - WAIT_SECONDS:
            times.popleft()
        if not times:
            del self._wrong[address]
        return tuple(times)

    def _made_place(self) -> bool:
        """Let the member go who has been away longest, if there is one; return whether there was."""
        away = [one for one in self.members.values() if one.streams == 0]
        if not away:
            return False
        del self.members[min(away, key=lambda one: one.seen).token]
        return True

    def _changed(self) -> None:
        self.version += 1
        for listener in list(self._listeners):
            listener()


def token() -> str:
    """Return a secret that nobody can guess."""
    return os.urandom(24).hex()


def printable(text: str, key: str, longest: int) -> str:
    """Return a text of a person with its spaces tidied.

    Raises
    ------
    InputError
        When it is empty, too long, or holds characters that are not printed.
    """
    tidy = " ".join(text.split())
    if not 0 < len(tidy) <= longest or not tidy.isprintable():
        raise InputError("not accepted", key=key, value=tidy[:80], accepted=f"1 to {longest} printed characters")
    return tidy
