"""How an amendment changes a text: pure functions from steps to new steps; the base is never touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from sim.agents.behaviour import Decision, Hazard
from sim.files.place import Place
from sim.policies.library import Source
from sim.policies.schema import Amendment, NewBranch, NewStep, Requirement
from sim.procedures.rulebook import (
    branch_with_full_ids,
    full_id,
    full_ids,
    full_item,
    full_signal,
    priority_with_full_ids,
    step_kind,
    with_full_ids,
)
from sim.procedures.schema import Branch, Condition, Step

Model = TypeVar("Model", Decision, Hazard)


@dataclass(frozen=True)
class Text:
    """A text of the law: what holds after some amendments."""

    steps: Mapping[str, Step]
    conditions: Mapping[str, Condition]
    decisions: Mapping[str, Decision]
    hazards: Mapping[str, Hazard]
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ground:
    """Where an amendment works: its place, the file of the step, whether it may find nothing to change."""

    place: Place
    file: str
    tolerant: bool


def amended(text: Text, source: Source, holds: Callable[[tuple[str, ...]], bool]) -> Text:
    """Return the text after the amendments of one regime or layer.

    Parameters
    ----------
    text
        What is amended; it is not changed.
    source
        The regime or layer. A layer may find nothing to change, a regime may not.
    holds
        Says whether the readings of an amendment (``("U1=none",)``) are the chosen ones.

    Raises
    ------
    InputError
        If an anchor, or a branch, condition or signal to take away, is not in the text.
    """
    file = source.file
    for name, new in file.step.items():
        if holds(new.reading):
            text = _with_new_step(text, name, new)
    for number, change in enumerate(file.amend):
        if holds(change.reading):
            place = Place(source.path, f"amend[{number}]")
            text = _with_amendment(text, change, place, tolerant=file.layer is not None)
    named = {name: fact for name, fact in file.fact.items() if holds(fact.reading)}
    repealed = {name for name, fact in named.items() if fact.repealed}
    return replace(text, facts=(text.facts | named.keys()) - repealed)


def _with_new_step(text: Text, name: str, new: NewStep) -> Text:
    file = name.partition(".")[0]
    keys = new.model_dump(by_alias=True, exclude={"counted_in", "left_by", "reading"})
    steps = {**text.steps, name: with_full_ids(Step.model_validate(keys), file)}
    for leaving in full_ids(new.left_by, file):
        step = steps[leaving]
        steps[leaving] = step.model_copy(update={"from_": _added(step.from_, (name,))})
    conditions = dict(text.conditions)
    for condition in new.counted_in:
        conditions[condition] = _counting(conditions[condition], name)
    return replace(text, steps=steps, conditions=conditions)


def _counting(condition: Condition, step: str) -> Condition:
    """Return the condition so that it holds in one more step."""
    if condition.at or not condition.ever:
        return condition.model_copy(update={"at": _added(condition.at, (step,))})
    return condition.model_copy(update={"ever": _added(condition.ever, (step,))})


def _with_amendment(text: Text, change: Amendment, place: Place, *, tolerant: bool) -> Text:
    name = change.target
    if change.kind == "decision":
        return replace(text, decisions={**text.decisions, name: amended_model(text.decisions[name], change)})
    if change.kind == "hazard":
        return replace(text, hazards={**text.hazards, name: amended_model(text.hazards[name], change)})
    ground = Ground(place, name.partition(".")[0], tolerant)
    return replace(text, steps={**text.steps, name: amended_step(text.steps[name], change, ground)})


def amended_model(model: Model, change: Amendment) -> Model:
    """Return a decision or hazard with other parameters; of a table, only the factors named are replaced."""
    update = {}
    for key in change.changed:
        value = getattr(change, key)
        update[key] = value if isinstance(value, str) else {**(getattr(model, key) or {}), **value}
    return model.model_copy(update=update)


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
        "from_": _added(step.from_, full_ids(change.from_add, ground.file)),
        "changes": {**step.changes, **change.changes},
    }
    if change.takes is not None:
        update["takes"] = change.takes
    if change.priority is not None:
        update["priority"] = tuple(priority_with_full_ids(rank, ground.file) for rank in change.priority)
    return _of_the_same_kind(step, step.model_copy(update=update), ground)


def _of_the_same_kind(step: Step, new: Step, ground: Ground) -> Step:
    """Refuse an amendment after which somebody in the step would wait for something else."""
    before, after = step_kind(step), step_kind(new)
    if before != after:
        raise ground.place.error(
            f"this makes a {after} of a {before}", accepted=f"branches and terms of a {before}; or a new step"
        )
    if new.takes is not None and new.next[-1].when:
        raise ground.place.at("next").error("a step with takes needs a last branch without conditions")
    if new.priority and new.by is None:
        raise ground.place.at("priority").error("nobody queues in this step", accepted="a step with a pool (by)")
    if any(not branch.when for branch in new.next[:-1]):
        raise ground.place.at("next").error(
            "a branch without conditions hides those after it",
            accepted="before = ..., to put a branch elsewhere",
        )
    return new


def _repealed(branches: tuple[Branch, ...], target: str, ground: Ground) -> tuple[Branch, ...]:
    target = full_id(target, ground.file)
    _present(branches, target, ground, "repeal")
    return tuple(branch for branch in branches if branch.to != target)


def _required(branches: tuple[Branch, ...], wanted: Requirement, ground: Ground) -> tuple[Branch, ...]:
    target = full_id(wanted.to, ground.file)
    _present(branches, target, ground, "require.to")
    items = tuple(full_item(item, ground.file) for item in wanted.when)
    return tuple(
        branch.model_copy(update={"when": _added(branch.when, items)}) if branch.to == target else branch
        for branch in branches
    )


def _lifted(branches: tuple[Branch, ...], unwanted: Requirement, ground: Ground) -> tuple[Branch, ...]:
    target = full_id(unwanted.to, ground.file)
    _present(branches, target, ground, "lift.to")
    items = tuple(full_item(item, ground.file) for item in unwanted.when)
    found = {item for branch in branches if branch.to == target for item in branch.when}
    missing = [item for item in items if item not in found]
    if missing and not ground.tolerant:
        raise ground.place.at("lift.when").error(
            "no branch to this step has the condition", value=missing[0], accepted=sorted(found)
        )
    return tuple(
        branch.model_copy(update={"when": tuple(item for item in branch.when if item not in items)})
        if branch.to == target
        else branch
        for branch in branches
    )


def _inserted(branches: tuple[Branch, ...], change: Amendment, ground: Ground) -> tuple[Branch, ...]:
    """Put the new branches in their places; those with the same place keep their order."""
    places: list[list[Branch]] = [[] for _ in range(len(branches) + 1)]
    for number, new in enumerate(change.next):
        place = ground.place.at(f"next[{number}]")
        branch = Branch.model_validate(new.model_dump(exclude={"before", "after"}))
        if not branch.law:
            branch = branch.model_copy(update={"law": change.law})
        position = _position(branches, new, ground, place)
        places[position].append(branch_with_full_ids(branch, ground.file))
    result = [branch for new, old in zip(places, branches, strict=False) for branch in (*new, old)]
    return (*result, *places[-1])


def _position(branches: tuple[Branch, ...], new: NewBranch, ground: Ground, place: Place) -> int:
    """Return before which of the present branches the new one stands."""
    anchor = new.before or new.after
    if anchor is None:
        return len(branches)
    targets = [branch.to for branch in branches]
    target = full_id(anchor, ground.file)
    if target in targets:
        return targets.index(target) if new.before else len(targets) - targets[::-1].index(target)
    if ground.tolerant:
        return 0
    raise place.at("before" if new.before else "after").unknown("branch to stand by", anchor, dict.fromkeys(targets))


def _signals(step: Step, change: Amendment, ground: Ground) -> tuple[str, ...]:
    removed = [full_signal(signal, ground.file) for signal in change.signals_remove]
    missing = [signal for signal in removed if signal not in step.signals]
    if missing and not ground.tolerant:
        raise ground.place.at("signals_remove").error(
            "the step does not send this signal", value=missing[0], accepted=step.signals
        )
    kept = tuple(signal for signal in step.signals if signal not in removed)
    return _added(kept, tuple(full_signal(signal, ground.file) for signal in change.signals_add))


def _present(branches: tuple[Branch, ...], target: str, ground: Ground, key: str) -> None:
    targets = dict.fromkeys(branch.to for branch in branches)
    if target not in targets and not ground.tolerant:
        raise ground.place.at(key).unknown("branch", target, targets)


def _added(items: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Append what is not there yet."""
    return tuple(dict.fromkeys((*items, *more)))
