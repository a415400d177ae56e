"""Coverage of the law by cases: the cases of each step and amendment, and the cases that turn without an amendment.

A case is a dated chronology in ``tests/cases`` that the rules of its day allow; its twin (``_not``) has one change
that they forbid. A step is covered where a case mentions it. An amendment is covered where the answer to
a case or twin of its regime turns when this amendment alone is struck out; one that changes only ranks, times or
chances cannot turn an answer and is covered where the step that it changes occurs under it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sim.files.errors import InputError
from sim.policies.compose import Choices, Part, composed_of, parts_of
from sim.policies.library import parse, shipped, shipped_behaviour
from sim.policies.regime import Regime
from sim.policies.schema import Amendment
from sim.procedures.rulebook import Rulebook
from sim.procedures.schema import Step
from sim.replay import Replay, read_case, replay

CASES = Path(__file__).parents[1] / "tests" / "cases"
TWIN = "_not"
MOST_NAMED = 5
UNSEEN = frozenset({"takes", "takes_at_most", "priority", "chance", "chance_by", "logit", "times"})
"""What an amendment can change without changing what can happen."""

START = "the start of a track"
PASSING = "passed through between two steps that a case has, on the same day"
CONDUCT = "conduct of a person or a trafficker; no rule applies"
ABROAD = "fate of a person elsewhere; no rule applies"
EXEMPT_STEPS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "asylum.no_application",
            "b8.none",
            "b8.no_placement",
            "b8.no_reflection",
            "control.never",
            "dublin.none",
            "investigation.no_statement",
            "investigation.unseen",
            "news.not_heard",
            "whereabouts.not_arrived",
        ),
        START,
    ),
    **dict.fromkeys(("control.begins", "investigation.intake_used", "whereabouts.weighs_coming"), PASSING),
    **dict.fromkeys(
        (
            "control.approached_again",
            "news.heard_from_lawyer",
            "news.heard_from_network",
            "news.heard_from_ngo",
            "news.heard_from_others",
            "news.network_knows",
            "control.contact_lost",
            "control.gets_away",
            "control.in_reach",
            "control.ordered_away",
            "control.out_of_reach",
            "control.re_exploited",
            "control.threatened",
            "control.told_to_claim",
            "tactics.adapted",
            "tactics.as_before",
            "tactics.coaches",
            "tactics.disrupted",
            "tactics.orders_departure",
            "tactics.regroups",
            "tactics.relocated",
            "tactics.relocates",
            "tactics.under_pressure",
            "whereabouts.leaves_hiding",
            "whereabouts.leaves_onward",
            "whereabouts.leaves_trafficker",
            "whereabouts.leaves_transfer",
            "whereabouts.leaves_waiting",
            "whereabouts.hidden",
        ),
        CONDUCT,
    ),
    **dict.fromkeys(
        (
            "control.abroad",
            "control.not_here",
            "whereabouts.abroad",
            "whereabouts.gone_abroad",
        ),
        ABROAD,
    ),
    "control.network_disrupted": "effect of a conviction of the network on its victims; the conviction has its case",
}
"""The steps that need no case, each with the reason."""


EXEMPT_CHANGES: Mapping[tuple[str, int], str] = {}
"""The amendments that turn no case although they change what can happen, each with the reason."""


@dataclass(frozen=True)
class Change:
    """One amendment of a regime or layer.

    Attributes
    ----------
    layer
        The regime or layer.
    number
        Its place in the file, from 0.
    amendment
        The content.
    """

    layer: str
    number: int
    amendment: Amendment

    @property
    def name(self) -> str:
        """A short name: layer, number from 1, and target."""
        return f"{self.layer} {self.number + 1}: {self.amendment.target}"

    @property
    def says(self) -> str:
        """The keys that change, and the reading."""
        return ", ".join(self.amendment.changed + tuple(f"+{reading}" for reading in self.amendment.reading))

    @property
    def cannot_turn(self) -> bool:
        """Whether it changes ranks, times or chances only."""
        return set(self.amendment.changed) <= UNSEEN


class Worked:
    """A case or twin, and its answer under its own regime."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.case, self.regime = read_case(path)

    @functools.cached_property
    def _timed(self) -> tuple[Replay, float]:
        before = time.process_time()
        answer = replay(self.path)
        return answer, time.process_time() - before

    @property
    def answer(self) -> Replay:
        """The answer."""
        return self._timed[0]

    @property
    def seconds(self) -> float:
        """How long the processor took for it."""
        return self._timed[1]

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.stem

    @property
    def is_twin(self) -> bool:
        """Whether the rules should forbid it."""
        return self.name.endswith(TWIN)

    @property
    def steps(self) -> frozenset[str]:
        """The steps of its events, and the stated consequences."""
        events = self.case.events
        return frozenset({event.step for event in events} | {event.outcome for event in events if event.outcome})


@functools.cache
def worked() -> tuple[Worked, ...]:
    """Return all cases and twins."""
    return tuple(Worked(path) for path in sorted(CASES.glob("*.toml")))


# ---- steps ----


def steps() -> dict[str, Step]:
    """Return the steps of the base text and those that regimes add."""
    found: dict[str, Step] = dict(Rulebook.load().steps)
    for source in shipped():
        found |= {name: step for name, step in source.file.step.items() if name not in found}
    return found


def mentioned() -> dict[str, list[str]]:
    """Return, for each step, the cases (not the twins) that mention it."""
    found: dict[str, list[str]] = {}
    for work in worked():
        for step in () if work.is_twin else sorted({event.step for event in work.case.events}):
            found.setdefault(step, []).append(work.name)
    return found


def assumed() -> dict[str, list[str]]:
    """Return, for each step, the cases in which it is assumed to have happened unmentioned."""
    found: dict[str, list[str]] = {}
    for work in worked():
        if not work.is_twin:
            for step in sorted({step.step for step in work.answer.steps if step.event is None}):
                found.setdefault(step, []).append(work.name)
    return found


def forbidden() -> dict[str, list[str]]:
    """Return, for each step, the twins in which the rules forbid it."""
    found: dict[str, list[str]] = {}
    for work in worked():
        if work.answer.failure is not None:
            found.setdefault(work.answer.failure.step, []).append(work.name)
    return found


# ---- amendments ----


def changes() -> list[Change]:
    """Return the amendments of all shipped regimes and layers."""
    return [
        Change(source.name, number, amendment)
        for source in shipped()
        for number, amendment in enumerate(source.file.amend)
    ]


def regime_without(spec: str, change: Change) -> Regime | None:
    """Return a regime without one amendment; None: it cannot be composed without it.

    Parameters
    ----------
    spec
        The name of the regime, as a case has it.
    change
        The amendment.
    """
    return _regime_without(spec, change.layer, change.number)


@functools.cache
def _regime_without(spec: str, layer: str, number: int) -> Regime | None:
    parsed = parse(spec)
    parts = [_struck(part, layer, number) for part in parts_of(parsed, choices=Choices(parsed.readings))]
    try:
        return composed_of(parsed, parts, Choices(parsed.readings), Rulebook.load())
    except InputError:
        return None  # a later amendment changes what this one brought


def _struck(part: Part, layer: str, number: int) -> Part:
    if part.source.name != layer:
        return part
    amend = tuple(other for place, other in enumerate(part.source.file.amend) if place != number)
    return replace(part, source=replace(part.source, file=part.source.file.model_copy(update={"amend": amend})))


def holds_in(spec: str, change: Change) -> bool:
    """Return whether an amendment is part of a regime, under the answers to open questions that it names."""
    parsed = parse(spec)
    in_it = any(part.source.name == change.layer for part in parts_of(parsed))
    return in_it and Choices(parsed.readings).hold(change.amendment.reading)


def turning(change: Change) -> Iterator[str]:
    """Yield the cases and twins whose answer turns without an amendment: allowed, forbidden, or the event."""
    for work in _near(change):
        regime = regime_without(work.case.regime, change)
        if regime is None:
            continue
        without = replay(work.path, regime)
        if without.possible != work.answer.possible:
            yield work.name


def occurring(change: Change) -> Iterator[str]:
    """Yield the cases of its regime in which the target of an amendment occurs."""
    touched = _touched(change)
    for work in worked():
        if not work.is_twin and holds_in(work.case.regime, change) and work.steps & touched:
            yield work.name


def _touched(change: Change) -> set[str]:
    """Return the steps at which an amendment has its effect."""
    amendment = change.amendment
    behaviour = shipped_behaviour()
    if amendment.decision is not None:
        return set(behaviour.decision[amendment.decision].at)
    if amendment.hazard is not None:
        return {behaviour.hazard[amendment.hazard].to}
    return {amendment.target}


def _near(change: Change) -> list[Worked]:
    """Return the cases and twins that mention an amended step or one it leads to; first those of its own regime."""
    target = change.amendment.target
    touched = {target, *(signal.step for signal in change.amendment.signals_remove)}
    found = []
    for work in worked():
        if not holds_in(work.case.regime, change):
            continue
        texts = [version.step for version in work.regime.versions.get(target, ())]
        leads_to = {branch.to for text in texts for branch in text.next} | {
            to for text in texts for to in text.sets_off
        }
        if work.steps & (touched | leads_to):
            found.append(work)
    return sorted(
        found,
        key=lambda work: (
            not work.case.regime.startswith(change.layer),
            change.layer not in work.case.regime,
            target not in work.steps,
            len(work.case.events),
        ),
    )


# ---- the section ----


def section() -> str:
    """Return two tables in Markdown: law by case, and amendment by case."""
    return "\n".join([*_steps_table(), "", *_amendments_table()])


def _steps_table() -> Iterator[str]:
    cases = [work for work in worked() if not work.is_twin]
    has, takes, forbids = mentioned(), assumed(), forbidden()
    known = steps()
    yield "### Law by case"
    yield ""
    yield (
        f"{len(cases)} chronologies that the rules of their day allow, and {len(worked()) - len(cases)} twins that "
        f"they forbid since one thing is changed. {sum(step in has for step in known)} of {len(known)} steps are "
        "mentioned in a case; the others need none, and the last column says why."
    )
    yield ""
    yield "| step | article | mentioned in | assumed in | forbidden in |"
    yield "| --- | --- | --- | --- | --- |"
    for name in sorted(known):
        end = _names(forbids.get(name, [])) or (EXEMPT_STEPS.get(name, "") if name not in has else "")
        assumed_in = len(takes.get(name, []))
        yield f"| `{name}` | {known[name].article} | {_names(has.get(name, []))} | {assumed_in or ''} | {end} |"


def _amendments_table() -> Iterator[str]:
    yield "### Amendment by case"
    yield ""
    yield (
        "A case turns when the answer changes with this amendment struck out of its regime, from possible to "
        "impossible or back. An amendment of ranks, times or chances cannot turn an answer; the table names cases in "
        f"which it applies. It names at most {MOST_NAMED}."
    )
    yield ""
    yield "| regime or layer | changes | how | turns | applies in |"
    yield "| --- | --- | --- | --- | --- |"
    for change in changes():
        turns = list(islice(turning(change), MOST_NAMED)) if not change.cannot_turn else []
        applies = _names([] if turns else list(islice(occurring(change), MOST_NAMED)))
        said = EXEMPT_CHANGES.get((change.layer, change.number), "")
        yield (
            f"| `{change.layer}` {change.number + 1} | `{change.amendment.target}` | {change.says} | {_names(turns)} | "
            f"{said or applies} |"
        )


def _names(names: list[str]) -> str:
    return ", ".join(name.replace("_", "\\_") for name in names)
