"""Validation of a regime file: every name in it exists, before anything in it is applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sim.agents.behaviour import Behaviour
from sim.files.errors import InputError
from sim.files.place import Place
from sim.policies.library import Source, check_choice
from sim.policies.own import NOTHING, Own
from sim.policies.schema import Amendment, Answer, NewStep
from sim.policies.structure import condition_mistakes, vocabulary
from sim.procedures.conditions import StepId
from sim.procedures.rulebook import Rulebook
from sim.procedures.traits import ALL_NAMES, GROUPS
from sim.procedures.vocabulary import (
    Vocabulary,
    branch_mistakes,
    factor_mistakes,
    parameter_mistakes,
    priority_mistakes,
    signal_mistakes,
    source_mistakes,
    step_mistakes,
    steps_mistakes,
    trait_mistakes,
    when_mistakes,
)


@dataclass(frozen=True)
class _Desk:
    """The context to validate one file: the names it can use, and those of all shipped files."""

    source: Source
    base: Rulebook
    behaviour: Behaviour
    known: Vocabulary
    anywhere: Vocabulary

    def place(self, key: str) -> Place:
        return Place(self.source.path, key)


def mistakes(
    source: Source,
    parts: Iterable[Source],
    base: Rulebook,
    bibliography: Collection[str] | None = None,
    own: Own | None = None,
) -> Iterator[InputError]:
    """Yield a mistake for each name in a regime file that does not exist.

    Parameters
    ----------
    source
        The file.
    parts
        The files it amends, and itself: their new steps can be named too.
    base
        The base text.
    bibliography
        The sources that exist; None leaves them unchecked.
    own
        What a user adds: names that can be used too.
    """
    desk = _desk(source, list(parts), base, bibliography, own or NOTHING)
    yield from _head(desk)
    yield from _new_tracks(desk)
    for name, condition in source.file.condition.items():
        place = desk.place(f"condition.{name}")
        yield from _new_name(desk, name, place)
        yield from condition_mistakes(condition, place, desk.known)
    for name, new in source.file.step.items():
        yield from _new_step(desk, name, new)
    for number, change in enumerate(source.file.amend):
        place = desk.place(f"amend[{number}]")
        yield from _readings(change.reading, place.at("reading"))
        yield from source_mistakes(change.law, place.at("law"), desk.known)
        yield from _AMENDMENTS[change.kind](desk, change, place)
    for number, kept in enumerate(source.file.keeps):
        place = desk.place(f"keeps[{number}]")
        yield from steps_mistakes((kept.step,), place.at("step"), desk.known)
        yield from _readings(kept.reading, place.at("reading"))
        yield from source_mistakes(kept.law, place.at("law"), desk.known)
    for name, fact in source.file.fact.items():
        place = desk.place(f"fact.{name}")
        yield from _readings(fact.reading, place.at("reading"))
        yield from source_mistakes(fact.law, place.at("law"), desk.known)
        yield from _new_name(desk, name, place)


def _new_name(desk: _Desk, name: str, place: Place) -> Iterator[InputError]:
    """Refuse a fact or condition with the name of another item of ``when``."""
    if name in (*desk.base.conditions, *desk.behaviour.decision, *ALL_NAMES):
        yield place.error("a condition, decision, trait or event has this name")


def _new_tracks(desk: _Desk) -> Iterator[InputError]:
    for name, track in desk.source.file.track.items():
        place = desk.place(f'track."{name}"')
        if StepId(name).procedure == name:
            yield place.error("not the full name of a track", value=name, accepted="PROCEDURE.TRACK, as advice.file")
        if name in desk.base.tracks:
            yield place.error("this track is there already", accepted="a new name")
        yield from steps_mistakes((track.start,), place.at("start"), desk.known)


def _desk(
    source: Source, sources: Sequence[Source], base: Rulebook, bibliography: Collection[str] | None, own: Own
) -> _Desk:
    behaviour, everywhere = own.behaviour(), [*own.all_regimes, source]
    facts = {*own.facts, *source.file.fact}
    tracks = {name: track for file in sources for name, track in file.file.track.items()}
    conditions = {name: condition for file in sources for name, condition in file.file.condition.items()}
    whole = replace(base, tracks={**base.tracks, **tracks}, conditions={**base.conditions, **conditions})

    def names(files: Sequence[Source]) -> Vocabulary:
        return vocabulary(
            whole,
            more_steps=[name for other in files for name in other.file.step],
            facts=sorted(facts),
            behaviour=behaviour,
            parameters=own.parameters,
            sources=bibliography,
        )

    return _Desk(source, base, behaviour, names(sources), names(everywhere))


def _head(desk: _Desk) -> Iterator[InputError]:
    head = desk.source.file.head
    table = desk.place("regime" if desk.source.file.regime else "layer")
    yield from source_mistakes(head.law, table.at("law"), desk.known)
    yield from _readings(head.in_force_readings, table.at("in_force_readings"))
    if head.applies_to is not None:
        place = table.at("applies_to")
        yield from steps_mistakes((head.applies_to.event,), place.at("event"), desk.known)
        yield from _readings(head.applies_to.readings, place.at("readings"))
        yield from steps_mistakes(head.applies_to.readings.values(), place.at("readings"), desk.known)


def _readings(answers: Iterable[Answer], place: Place) -> Iterator[InputError]:
    for answer in answers:
        if not answer.option:
            problem = "not an answer to an open legal question"
            yield place.error(problem, value=answer.question, accepted="as in U1=ninety_days")
            continue
        try:
            check_choice(answer.question, answer.option, place)
        except InputError as mistake:
            yield mistake


def _new_step(desk: _Desk, name: str, new: NewStep) -> Iterator[InputError]:
    place = desk.place(f'step."{name}"')
    procedure = StepId(name).procedure
    procedures = dict.fromkeys(StepId(track).procedure for track in desk.known.tracks)
    if procedure == name or procedure not in procedures:
        yield place.unknown("procedure", procedure, procedures)
        return
    if name in desk.base.steps:
        yield place.error("this step is there already", accepted="a new name, or [[amend]] to change the step")
    yield from step_mistakes(new, place, desk.known)
    yield from steps_mistakes(new.left_by, place.at("left_by"), desk.known)
    yield from _readings(new.reading, place.at("reading"))
    for condition in new.counted_in:
        if condition not in desk.base.conditions:
            yield place.at("counted_in").unknown("condition", condition, desk.base.conditions)
        elif not (desk.base.conditions[condition].at or desk.base.conditions[condition].ever):
            yield place.at("counted_in").error("this condition does not look at steps", value=condition)


def _step(desk: _Desk, change: Amendment, place: Place) -> Iterator[InputError]:
    known, name = desk.known, change.target
    if name not in known.steps:
        yield place.at("step").unknown("step", name, known.steps)
        return
    for number, new in enumerate(change.next):
        at = place.at(f"next[{number}]")
        yield from branch_mistakes(new, at, known)
        for key, anchor in (("before", new.before), ("after", new.after)):
            if anchor is not None:
                yield from steps_mistakes((anchor,), at.at(key), known)
    yield from steps_mistakes(change.repeal, place.at("repeal"), known)
    for key, wanted in (("require", change.require), ("lift", change.lift)):
        if wanted is not None:
            yield from steps_mistakes((wanted.to,), place.at(f"{key}.to"), known)
            yield from when_mistakes(wanted.when, place.at(f"{key}.when"), known)
    for key in ("takes", "takes_at_most"):
        if getattr(change, key) is not None:
            yield from parameter_mistakes(getattr(change, key), place.at(key), known)
    yield from priority_mistakes(change.priority or (), place, known)
    # A layer can be put on any regime, so it can take away a signal that only some of them have.
    for key, names in (("signals_add", known), ("signals_remove", desk.anywhere)):
        yield from signal_mistakes(getattr(change, key), place.at(key), names)
    yield from steps_mistakes(change.from_add, place.at("from_add"), known)
    yield from trait_mistakes(change.changes, place.at("changes"), known)


def _decision(desk: _Desk, change: Amendment, place: Place) -> Iterator[InputError]:
    known = desk.behaviour.decision
    if change.target not in known:
        yield place.at("decision").unknown("decision", change.target, known)
        return
    model = known[change.target]
    for key in change.changed:
        value = getattr(change, key)
        if getattr(model, key) is None:
            yield place.at(key).error(f"{change.target} has no {key}", accepted=model.form)
            continue
        named = {key: value} if isinstance(value, str) else {f"{key}.{part}": value[part] for part in value}
        for where, parameter in named.items():
            yield from parameter_mistakes(parameter, place.at(where), desk.known)
    for group in change.chance_by:
        if group not in (model.chance_by or GROUPS):
            kind = "nationality group" if GROUPS[0] in (model.chance_by or GROUPS) else "receiving state"
            yield place.at("chance_by").unknown(kind, group, model.chance_by or GROUPS)
    for product in change.logit:
        yield from factor_mistakes(product, place.at("logit"), desk.known)


def _hazard(desk: _Desk, change: Amendment, place: Place) -> Iterator[InputError]:
    if change.target not in desk.behaviour.hazard:
        yield place.at("hazard").unknown("hazard", change.target, desk.behaviour.hazard)
        return
    for product, parameter in change.times.items():
        yield from parameter_mistakes(parameter, place.at(f"times.{product}"), desk.known)
        yield from factor_mistakes(product, place.at("times"), desk.known)
        if not {str(factor) for factor in product.factors} & desk.source.file.fact.keys():
            yield place.at("times").error(
                "nothing says from which day this factor counts",
                value=str(product),
                accepted="a product with a fact of this file, as in fear * some_fact",
            )


_AMENDMENTS: dict[str, Callable[[_Desk, Amendment, Place], Iterator[InputError]]] = {
    "step": _step,
    "decision": _decision,
    "hazard": _hazard,
}
