"""How an amendment changes a text: pure functions from steps to new steps; the base is never touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from sim.files.place import Place
from sim.policies.library import Source
from sim.policies.schema import Amendment, Answer, NewBranch, NewStep, Requirement
from sim.procedures.conditions import Signal, StepId
from sim.procedures.schema import Branch, Condition, Reason, Step, Track

Item = TypeVar("Item")


@dataclass(frozen=True)
class Text:
    """A text of the law after some amendments.

    ``decisions`` and ``hazards`` hold the amendments in effect, by the name of what they amend: the models themselves
    are not part of the law, and a scenario may choose others.
    """

    tracks: Mapping[str, Track]
    steps: Mapping[str, Step]
    conditions: Mapping[str, Condition]
    decisions: Mapping[str, tuple[Amendment, ...]]
    hazards: Mapping[str, tuple[Amendment, ...]]
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ground:
    """The context of an amendment: its place in a file, its reason, and whether it may find nothing to change."""

    place: Place
    reason: Reason
    tolerant: bool


def amended(text: Text, source: Source, holds: Callable[[tuple[Answer, ...]], bool]) -> Text:
    """Return the text after the amendments of one regime or layer.

    Parameters
    ----------
    text
        The text to amend; it is not changed.
    source
        The regime or layer. A layer may find nothing to change, a regime may not.
    holds
        Returns whether the readings of an amendment (``U1=none``) are the chosen ones.

    Raises
    ------
    InputError
        If an anchor, or a branch, condition or signal to take away, is not in the text.
    """
    file = source.file
    text = replace(text, tracks={**text.tracks, **file.track}, conditions={**text.conditions, **file.condition})
    for name, new in file.step.items():
        if holds(new.reading):
            text = _with_new_step(text, source, name, new)
    for number, change in enumerate(file.amend):
        if holds(change.reading):
            place = Place(source.path, f"amend[{number}]")
            ground = Ground(place, reason_of(source, change), tolerant=file.layer is not None)
            text = _with_amendment(text, change, ground)
    named = {name: fact for name, fact in file.fact.items() if holds(fact.reading)}
    repealed = {name for name, fact in named.items() if fact.repealed}
    return replace(text, facts=(text.facts | named.keys()) - repealed)


def reason_of(source: Source, change: Amendment) -> Reason:
    """Return why a regime or layer makes an amendment."""
    head = source.file.head
    law, status = change.law or head.law, change.status or head.status
    return Reason(source.name, change.kind, change.target, change.changed, change.why, law, status)


def reasons_of_step(source: Source, name: str, new: NewStep) -> Iterator[Reason]:
    """Yield the reasons for a new step of a regime or layer, and for the ways out of it."""
    title = new.title.en
    yield Reason(source.name, "step", name, ("new",), new.note or source.file.head.title.en, new.law, new.status)
    for leaving in new.left_by:
        why = f'It can follow the new step "{title}"'
        yield Reason(source.name, "step", leaving, ("from_add",), why, new.law, new.status)


def _with_new_step(text: Text, source: Source, name: str, new: NewStep) -> Text:
    reason = next(reasons_of_step(source, name, new))
    step = new.plain()
    step = step.model_copy(update={"next": tuple(branch.by(reason) for branch in step.next)})
    steps = {**text.steps, StepId(name): step}
    for leaving in new.left_by:
        left = steps[leaving]
        steps[leaving] = left.model_copy(update={"from_": _added(left.from_, (StepId(name),))})
    conditions = dict(text.conditions)
    for condition in new.counted_in:
        conditions[condition] = _counting(conditions[condition], StepId(name))
    return replace(text, steps=steps, conditions=conditions)


def _counting(condition: Condition, step: StepId) -> Condition:
    """Return the condition with one more step in which it holds."""
    if condition.at or not condition.ever:
        return condition.model_copy(update={"at": _added(condition.at, (step,))})
    return condition.model_copy(update={"ever": _added(condition.ever, (step,))})


def _with_amendment(text: Text, change: Amendment, ground: Ground) -> Text:
    name = change.target
    if change.kind == "decision":
        return replace(text, decisions={**text.decisions, name: (*text.decisions.get(name, ()), change)})
    if change.kind == "hazard":
        return replace(text, hazards={**text.hazards, name: (*text.hazards.get(name, ()), change)})
    return replace(text, steps={**text.steps, StepId(name): amended_step(text.steps[name], change, ground)})


def amended_step(step: Step, change: Amendment, ground: Ground) -> Step:
    """Return the step after one amendment."""
    branches = step.next
    for target in change.repeal:
        branches = _repealed(branches, target, ground)
    if change.lift is not None:
        branches = _lifted(branches, change.lift, ground)
    if change.require is not None:
        branches = _required(branches, change.require, ground)
    branches = _inserted(() if change.replace else branches, change, ground)
    update: dict[str, object] = {
        "next": branches,
        "signals": _signals(step, change, ground),
        "from_": _added(step.from_, change.from_add),
        "changes": {**step.changes, **change.changes},
    }
    if change.takes is not None:
        update["takes"] = change.takes
    if change.takes_at_most is not None:
        update["takes_at_most"] = change.takes_at_most
    if change.priority is not None:
        update["priority"] = change.priority
    return _of_the_same_kind(step, step.model_copy(update=update), ground)


def _of_the_same_kind(step: Step, new: Step, ground: Ground) -> Step:
    """Return the new step; refuse one of another kind."""
    before, after = step.kind, new.kind
    if before != after:
        raise ground.place.error(
            f"this makes a {after} of a {before}", accepted=f"branches and terms of a {before}; or a new step"
        )
    if new.takes is not None and new.next[-1].when:
        raise ground.place.at("next").error("a step with takes needs a last branch without conditions")
    if new.takes_at_most is not None and new.takes is None:
        raise ground.place.at("takes_at_most").error("limits a time that is not there", accepted="a step with takes")
    if new.priority and new.by is None:
        raise ground.place.at("priority").error("this step has no queue", accepted="a step with a pool (by)")
    if any(not branch.when for branch in new.next[:-1]):
        raise ground.place.at("next").error(
            "a branch without conditions hides those after it",
            accepted="before = ..., to put a branch elsewhere",
        )
    return new


def _repealed(branches: tuple[Branch, ...], target: StepId, ground: Ground) -> tuple[Branch, ...]:
    _present(branches, target, ground, "repeal")
    return tuple(branch for branch in branches if branch.to != target)


def _required(branches: tuple[Branch, ...], wanted: Requirement, ground: Ground) -> tuple[Branch, ...]:
    _present(branches, wanted.to, ground, "require.to")
    return tuple(
        branch.model_copy(update={"when": _added(branch.when, wanted.when)}).by(ground.reason)
        if branch.to == wanted.to
        else branch
        for branch in branches
    )


def _lifted(branches: tuple[Branch, ...], unwanted: Requirement, ground: Ground) -> tuple[Branch, ...]:
    _present(branches, unwanted.to, ground, "lift.to")
    found = {criterion for branch in branches if branch.to == unwanted.to for criterion in branch.when}
    missing = [criterion for criterion in unwanted.when if criterion not in found]
    if missing and not ground.tolerant:
        raise ground.place.at("lift.when").error(
            "no branch to this step has the condition", value=str(missing[0]), accepted=sorted(map(str, found))
        )
    return tuple(
        branch.model_copy(update={"when": tuple(c for c in branch.when if c not in unwanted.when)}).by(ground.reason)
        if branch.to == unwanted.to
        else branch
        for branch in branches
    )


def _inserted(branches: tuple[Branch, ...], change: Amendment, ground: Ground) -> tuple[Branch, ...]:
    """Return the branches with the new ones at their places; those with the same place keep their order."""
    places: list[list[Branch]] = [[] for _ in range(len(branches) + 1)]
    for number, new in enumerate(change.next):
        place = ground.place.at(f"next[{number}]")
        places[_position(branches, new, ground, place)].append(new.plain(change.law).by(ground.reason))
    result = [branch for new, old in zip(places, branches, strict=False) for branch in (*new, old)]
    return (*result, *places[-1])


def _position(branches: tuple[Branch, ...], new: NewBranch, ground: Ground, place: Place) -> int:
    """Return the index of the present branch before which the new one goes."""
    anchor = new.before or new.after
    if anchor is None:
        return len(branches)
    targets = [branch.to for branch in branches]
    if anchor in targets:
        return targets.index(anchor) if new.before else len(targets) - targets[::-1].index(anchor)
    if ground.tolerant:
        return 0
    raise place.at("before" if new.before else "after").unknown("branch to go next to", anchor, dict.fromkeys(targets))


def _signals(step: Step, change: Amendment, ground: Ground) -> tuple[Signal, ...]:
    missing = [signal for signal in change.signals_remove if signal not in step.signals]
    if missing and not ground.tolerant:
        raise ground.place.at("signals_remove").error(
            "the step does not send this signal", value=str(missing[0]), accepted=list(map(str, step.signals))
        )
    kept = tuple(signal for signal in step.signals if signal not in change.signals_remove)
    return _added(kept, change.signals_add)


def _present(branches: tuple[Branch, ...], target: StepId, ground: Ground, key: str) -> None:
    targets = dict.fromkeys(branch.to for branch in branches)
    if target not in targets and not ground.tolerant:
        raise ground.place.at(key).unknown("branch", target, targets)


def _added(items: tuple[Item, ...], more: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items with those appended that are not there yet."""
    return tuple(dict.fromkeys((*items, *more)))
