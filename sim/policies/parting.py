"""From which day on two statutes differ: until then the same people live the same lives under both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from sim.agents.behaviour import Hazard
from sim.policies.statute import DecisionText, Statute
from sim.procedures.conditions import StepId
from sim.procedures.schema import Condition, Kind

Text = tuple[object, dt.date | None, object]
"""Content, day of entry into force, and for whom."""
FROM_THE_START = dt.date.min
NEVER = dt.date.max


def first_difference(one: Statute, other: Statute) -> dt.date:
    """Return the first day on which something can go another way under two statutes.

    ``dt.date.min``: from the start; ``dt.date.max``: never. Steps that only one of them has do not count, since nobody
    comes there before a text that leads there is in force.
    """
    return min((day or FROM_THE_START for day in _differences(one, other)), default=NEVER)


def _differences(one: Statute, other: Statute) -> Iterator[dt.date | None]:
    """Yield the days from which something differs; None: from the start."""
    if one.behaviour != other.behaviour or dict(one.parameters) != dict(other.parameters):
        yield None
    if _own_beginnings(one, other) or _own_beginnings(other, one):
        yield None
    shared = [step for step in one.steps if step in other.regime.versions]
    for step in shared:
        yield from _of_texts(
            [(text.step, text.in_force, text.applies_to) for text in one.texts(step)],
            [(text.step, text.in_force, text.applies_to) for text in other.texts(step)],
        )
        if not _alike(one, other, step):
            yield None
    for name in one.decisions:
        yield from _of_texts(_dated(one.decisions[name]), _dated(other.decisions[name]))
    yield from _of_hazards(one, other)
    foreign = {*one.steps} ^ {*other.steps}
    for name in one.conditions.keys() & other.conditions.keys():
        if _known(one.conditions[name], foreign) != _known(other.conditions[name], foreign):
            yield None
    for fact in {*one.facts} ^ {*other.facts}:
        yield fact.in_force


def _known(condition: Condition, foreign: set[StepId]) -> Condition:
    """Return a condition without the steps that only one statute has."""
    at, ever = (tuple(step for step in steps if step not in foreign) for steps in (condition.at, condition.ever))
    return condition.model_copy(update={"at": at, "ever": ever})


def _dated(texts: tuple[DecisionText, ...]) -> list[Text]:
    return [(text.decision, text.in_force, None) for text in texts]


def _of_texts(one: Sequence[Text], other: Sequence[Text]) -> Iterator[dt.date | None]:
    """Yield the days of the texts after those that both have."""
    common = 0
    while common < min(len(one), len(other)) and one[common] == other[common]:
        common += 1
    yield from (in_force for _, in_force, _ in (*one[common:], *other[common:]))


def _alike(one: Statute, other: Statute, step: str) -> bool:
    """Return whether what holds for all texts of a step, whatever the day, is the same."""
    foreign = {*one.steps} ^ {*other.steps}
    accepts = (one.accepts[step] - foreign) == (other.accepts[step] - foreign)
    last, last_other = one.last_text(step), other.last_text(step)
    classes = (one.is_choice(last), last.by) == (other.is_choice(last_other), last_other.by)
    return accepts and classes and one.track(step) == other.track(step)


def _own_beginnings(one: Statute, other: Statute) -> bool:
    """Return whether a track that only one has begins in a step that can be left by itself."""
    return any(
        one.kind(track.start) is not Kind.RESTING for name, track in one.tracks.items() if name not in other.tracks
    )


def _of_hazards(one: Statute, other: Statute) -> Iterator[dt.date | None]:
    """Yield the days of facts in hazards that differ by factors of such facts only; None for any other difference."""
    facts = {fact.name: fact.in_force for statute in (one, other) for fact in statute.facts}
    for name in one.hazards.keys() | other.hazards.keys():
        hazard, its_other = one.hazards.get(name), other.hazards.get(name)
        if hazard == its_other:
            continue
        if hazard is None or its_other is None:
            # It leads from or to steps that only one has, where nobody is yet.
            present, steps = (hazard or its_other), {*one.steps} & {*other.steps}
            if present is not None and not {*present.at} <= steps:
                continue
            yield None
            continue
        if _without(hazard, facts) != _without(its_other, facts):
            yield None
        yield from (
            facts[str(factor)]
            for product in {*hazard.times} ^ {*its_other.times}
            for factor in product.factors
            if str(factor) in facts
        )


def _without(hazard: Hazard, facts: dict[str, dt.date | None]) -> tuple[object, object]:
    """Return a hazard without the factors of facts."""
    times = {
        product: parameter
        for product, parameter in hazard.times.items()
        if not any(str(factor) in facts for factor in product.factors)
    }
    return hazard.model_copy(update={"times": {}}), times
