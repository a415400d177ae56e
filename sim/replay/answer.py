"""The answer to a chronology: what is told of it, and how that is put on a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from sim.policies.regime import Regime
from sim.replay.case import PLACES, Case
from sim.replay.teller import Teller, wrapped

Answer = Literal["possible", "possible_only_if", "impossible", "undecided"]
HEADINGS: Final[dict[Answer, str]] = {
    "possible": "Possible",
    "possible_only_if": "Possible only if something else happened,",
    "impossible": "Impossible",
    "undecided": "Not decided",
}
NOT_DECIDED: Final = (
    "No course was found in which it happens, and the search was ended before all were tried: this is no proof that "
    "there is none. Where it went no further:"
)
LONG: Final = 4
"""More steps than these, of the ordinary kind and after something that is not, are told by the first and the last."""
NO_EVIDENCE: Final = (
    "This says what the encoded rules allow. It is no evidence about a person, and says nothing of what happened."
)


@dataclass(frozen=True)
class ReplayedStep:
    """One step of the course of events that was found.

    Attributes
    ----------
    step
        Its id.
    title
        In English, and in Dutch in brackets.
    earliest, latest
        The day; two days where it lies somewhere between them, None where nothing bounds it.
    event
        Its place in the case, from 0; None where it was assumed.
    rule
        Where a layer of the regime, and not the base text, led to it: which, and why. Else empty.
    is_condition
        Whether the chronology is possible only if this happened, though neither it nor the rules say so.
    """

    step: str
    title: str
    earliest: dt.date | None
    latest: dt.date
    event: int | None
    rule: str = ""
    is_condition: bool = False


@dataclass(frozen=True)
class Needed:
    """Something that must have happened if the chronology did, though neither it nor the rules say so.

    Attributes
    ----------
    step, title
        The step: its id; its title in English, and in Dutch in brackets.
    earliest, latest
        The days between which it lies; ``earliest`` is None where nothing bounds it.
    why
        Why one may not take it for granted.
    """

    step: str
    title: str
    earliest: dt.date | None
    latest: dt.date
    why: str


@dataclass(frozen=True)
class Failure:
    """The first event that cannot happen; or that cannot happen as the chronology is written.

    Attributes
    ----------
    event
        Its place in the case, from 0.
    step, date
        What it is, and when it should have been.
    reason, rule, source
        What stands in the way; the text that says so, in words; where it comes from.
    instead
        What could have happened instead.
    """

    event: int
    step: str
    date: dt.date
    reason: str
    rule: str
    source: str
    instead: tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """The answer.

    Attributes
    ----------
    case, regime
        The case; the name of the regime.
    answer
        ``possible``: what lies between the events is implied by the rules and ordinary. ``possible_only_if``: more must
        have happened than that. ``impossible``: the rules allow no course with these events. ``undecided``: no course
        was found, and the search was ended before all were tried.
    steps
        A course of events in which it happens, as far as it does: that which asks for the least.
    failure
        What bars the chronology as it is written: the first event that cannot happen, or to which no course was
        found; None if it is possible.
    conditions
        What must have happened if it is possible only then.
    text
        All this, to be read at 100 columns.
    """

    case: Case
    regime: str
    answer: Answer
    steps: tuple[ReplayedStep, ...]
    failure: Failure | None
    conditions: tuple[Needed, ...]
    text: str

    @property
    def possible(self) -> bool:
        """Whether the chronology is possible as it is written."""
        return self.answer == "possible"

    @property
    def as_expected(self) -> bool:
        """Whether the rules forbid what the author of the case says they forbid; true where nothing is said."""
        return _as_expected(self.case, self.failure)


def _as_expected(case: Case, failure: Failure | None) -> bool:
    expected = case.forbidden
    if expected is None:
        return True
    if failure is None or failure.event != expected.event:
        return False
    return expected.reason in f"{failure.reason} {failure.rule}"


class Page:
    """The answer as a page."""

    def __init__(
        self,
        case: Case,
        regime: Regime,
        teller: Teller,
        answer: Answer,
        steps: tuple[ReplayedStep, ...],
        failure: Failure | None,
        conditions: tuple[Needed, ...],
    ) -> None:
        self.case, self.regime, self.teller, self.answer = case, regime, teller, answer
        self.steps, self.failure, self.conditions = steps, failure, conditions

    def whole(self) -> str:
        """Return the page."""
        lines = [
            wrapped(f"{HEADINGS[self.answer]} under {self.regime.name}: {self.regime.title.en}", "  ", ""),
            "",
            wrapped(self.case.title, "          ", "  case    "),
            wrapped(self.case.cited, "          ", "  source  "),
        ]
        if self.case.facts:
            lines.append(wrapped(self._facts(), "          ", "  facts   "))
        lines += ["", *self._course(), *self._end(), *self._otherwise(), "", wrapped(NO_EVIDENCE, "  ", "")]
        return "\n".join(lines)

    def _facts(self) -> str:
        """Return the facts as the case gives them."""
        place = next((f"exploited = {p}" for p in PLACES if self.case.facts.get(f"exploited_{p}")), "")
        others = (
            f"{name} = {str(value).lower()}"
            for name, value in self.case.facts.items()
            if not (place and name.startswith("exploited_"))
        )
        return ", ".join([*others, *([place] if place else [])])

    def _course(self) -> Iterator[str]:
        """Give the events in their order, with what was assumed before each."""
        assumed: list[ReplayedStep] = []
        barred = self.failure.event if self.failure is not None else None
        for step in sorted(self.steps, key=self._order):
            if step.event is None:
                assumed.append(step)
                continue
            yield from self._assumed(assumed)
            yield self._event(step.event, step.title, "?" if step.event == barred else "✓")
            yield from self._rules([step])
            assumed = []
        yield from self._assumed(assumed)
        if self.failure is not None and self.answer in ("impossible", "undecided"):
            mark = "✗" if self.answer == "impossible" else "?"
            yield self._event(self.failure.event, self.teller.title(self.failure.step), mark)

    def _order(self, step: ReplayedStep) -> float:
        """Put what was assumed right before the event after which it is told."""
        place = self.steps.index(step)
        later = (other.event for other in self.steps[place:] if other.event is not None)
        return next(later, len(self.case.events)) - (0.5 if step.event is None else 0)

    def _assumed(self, steps: list[ReplayedStep]) -> Iterator[str]:
        """Give what is unmentioned before an event; what is a condition on lines of its own."""
        detour = any(step.is_condition for step in steps)
        for is_condition, group in groupby(steps, key=lambda step: step.is_condition):
            together = list(group)
            first = [step.earliest for step in together]
            same = first == [step.latest for step in together] and len(set(first)) == 1
            days = f"{first[0]}" if same else f"by {together[-1].latest}"
            titles = self._listed(together, detour)
            what = "only if" if is_condition else "unmentioned"
            yield wrapped(f"{what}, {days}: {titles}", " " * 20, " " * 18 + "· ")
            yield from self._rules(together)

    def _listed(self, steps: list[ReplayedStep], detour: bool) -> str:
        """Return the titles of steps; of many on a way that nobody may take for granted the first and the last."""
        titles = [self.teller.words.step(step.step) for step in steps]
        if not detour or len(titles) <= LONG:
            return "; ".join(titles)
        return f"from {titles[0]} to {titles[-1]} ({len(titles)} steps)"

    def _rules(self, steps: list[ReplayedStep]) -> Iterator[str]:
        for rule in dict.fromkeys(step.rule for step in steps if step.rule):
            yield wrapped(rule, " " * 20, " " * 18 + "§ ")

    def _event(self, number: int, title: str, mark: str) -> str:
        event = self.case.events[number]
        outcome = f" → {self.teller.title(event.outcome)}" if event.outcome else ""
        return wrapped(f"{title}  [{event.step}]{outcome}", " " * 18, f"  {mark} {number + 1:>2} {event.date} ")

    def _end(self) -> Iterator[str]:
        if self.failure is None:
            return
        yield ""
        for place, needed in enumerate(self.conditions):
            told = f"{needed.title} [{needed.step}], by {needed.latest}: {needed.why}."
            yield wrapped(told, " " * 10, " " * 10 if place else "  only if ")
        if self.answer == "undecided":
            yield wrapped(NOT_DECIDED, " " * 10, "  open    ")
        if self.answer == "possible_only_if":
            yield wrapped(f"As it is written, event {self.failure.event + 1} is barred:", " " * 10)
        yield wrapped(self.failure.reason, " " * 10, "  why     ")
        if self.failure.rule:
            yield wrapped(self.failure.rule, " " * 10, "  rule    ")
        if self.failure.source:
            yield wrapped(self.failure.source, " " * 10, "  source  ")
        for place, instead in enumerate(self.failure.instead):
            yield wrapped(instead, " " * 10, " " * 10 if place else "  instead ")

    def _otherwise(self) -> Iterator[str]:
        """Return what the author of the case expected, if the answer is another one."""
        expected = self.case.forbidden
        if expected is not None and not _as_expected(self.case, self.failure):
            yield ""
            yield wrapped(
                f'Not as the case expects: event {expected.event + 1} cannot happen, "{expected.reason}".',
                "          ",
                "  but     ",
            )
