"""Whether every name in a regime file exists, before anything in it is applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sim.agents.behaviour import Behaviour
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.files.place import Place
from sim.policies.library import Source, check_choice, shipped, shipped_behaviour, shipped_facts
from sim.policies.schema import Amendment, NewStep, Requirement
from sim.procedures.rulebook import (
    Rulebook,
    branch_with_full_ids,
    full_id,
    full_ids,
    full_item,
    full_signal,
    priority_with_full_ids,
    with_full_ids,
)
from sim.procedures.traits import FLAGS, GROUPS, LEVELS, NETWORK_LEVELS, SHOCKS
from sim.procedures.vocabulary import (
    Vocabulary,
    branch_mistakes,
    parameter_mistakes,
    parts,
    priority_mistakes,
    signal_mistakes,
    source_mistakes,
    step_mistakes,
    steps_mistakes,
    trait_mistakes,
    vocabulary,
    when_mistakes,
)


@dataclass(frozen=True)
class _Desk:
    """What is needed to judge one file: the names it can use, and those of all shipped files."""

    source: Source
    base: Rulebook
    behaviour: Behaviour
    known: Vocabulary
    anywhere: Vocabulary

    def place(self, key: str) -> Place:
        return Place(self.source.path, key)


def mistakes(
    source: Source, parts: Iterable[Source], base: Rulebook, bibliography: Collection[str] | None = None
) -> Iterator[InputError]:
    """Find the names in a regime file that do not exist.

    Parameters
    ----------
    source
        The file.
    parts
        The files it rests on, and itself: their new steps can be named too.
    base
        The base text.
    bibliography
        The sources that exist; None leaves them unchecked.
    """
    desk = _desk(source, list(parts), base, bibliography)
    yield from _head(desk)
    for name, new in source.file.step.items():
        yield from _new_step(desk, name, new)
    for number, change in enumerate(source.file.amend):
        place = desk.place(f"amend[{number}]")
        yield from _readings(change.reading, place.at("reading"))
        yield from source_mistakes(change.law, place.at("law"), desk.known)
        yield from _AMENDMENTS[change.kind](desk, change, place)
    for name, fact in source.file.fact.items():
        place = desk.place(f"fact.{name}")
        yield from _readings(fact.reading, place.at("reading"))
        yield from source_mistakes(fact.law, place.at("law"), desk.known)
        if name in (*base.conditions, *desk.behaviour.decision, *FLAGS, *SHOCKS):
            yield place.error("a condition, decision, trait or event has this name")


def _desk(source: Source, sources: Sequence[Source], base: Rulebook, bibliography: Collection[str] | None) -> _Desk:
    behaviour, everywhere = shipped_behaviour(), [*shipped(), source]
    facts = {*shipped_facts(), *source.file.fact}

    def names(files: Sequence[Source]) -> Vocabulary:
        return vocabulary(
            base,
            more_steps=[name for other in files for name in other.file.step],
            facts=sorted(facts),
            behaviour=behaviour,
            parameters=Parameters.load(),
            sources=bibliography,
        )

    return _Desk(source, base, behaviour, names(sources), names(everywhere))


def _head(desk: _Desk) -> Iterator[InputError]:
    head = desk.source.file.head
    table = desk.place("regime" if desk.source.file.regime else "layer")
    yield from source_mistakes(head.law, table.at("law"), desk.known)
    if head.applies_to is not None:
        place = table.at("applies_to")
        yield from steps_mistakes((head.applies_to.event,), place.at("event"), desk.known)
        yield from _readings(head.applies_to.readings, place.at("readings"))
        yield from steps_mistakes(head.applies_to.readings.values(), place.at("readings"), desk.known)


def _readings(items: Iterable[str], place: Place) -> Iterator[InputError]:
    for item in items:
        question, equals, option = item.partition("=")
        if not equals:
            yield place.error("not an answer to an open legal question", value=item, accepted="as in U1=ninety_days")
            continue
        try:
            check_choice(question, option, place)
        except InputError as mistake:
            yield mistake


def _new_step(desk: _Desk, name: str, new: NewStep) -> Iterator[InputError]:
    place = desk.place(f'step."{name}"')
    file, dot, _ = name.partition(".")
    files = dict.fromkeys(track.partition(".")[0] for track in desk.base.tracks)
    if not dot or file not in files:
        yield place.unknown("procedure", file, files)
        return
    if name in desk.base.steps:
        yield place.error("this step is there already", accepted="a new name, or [[amend]] to change the step")
    yield from step_mistakes(with_full_ids(new, file), place, desk.known)
    yield from steps_mistakes(full_ids(new.left_by, file), place.at("left_by"), desk.known)
    yield from _readings(new.reading, place.at("reading"))
    for condition in new.counted_in:
        if condition not in desk.base.conditions:
            yield place.at("counted_in").unknown("condition", condition, desk.base.conditions)
        elif not (desk.base.conditions[condition].at or desk.base.conditions[condition].ever):
            yield place.at("counted_in").error("this condition does not look at steps", value=condition)


def _step(desk: _Desk, change: Amendment, place: Place) -> Iterator[InputError]:
    known, name = desk.known, change.target
    file = name.partition(".")[0]
    if name not in known.steps:
        yield place.at("step").unknown("step", name, known.steps)
        return
    for number, new in enumerate(change.next):
        at = place.at(f"next[{number}]")
        yield from branch_mistakes(branch_with_full_ids(new, file), at, known)
        for key, anchor in (("before", new.before), ("after", new.after)):
            if anchor is not None:
                yield from steps_mistakes((full_id(anchor, file),), at.at(key), known)
    yield from steps_mistakes(full_ids(change.repeal, file), place.at("repeal"), known)
    for key, wanted in (("require", change.require), ("lift", change.lift)):
        if wanted is not None:
            yield from _requirement(wanted, file, place.at(key), known)
    if change.takes is not None:
        yield from parameter_mistakes(change.takes, place.at("takes"), known)
    ranks = [priority_with_full_ids(rank, file) for rank in change.priority or ()]
    yield from priority_mistakes(ranks, place, known)
    # A layer can be put on any regime, so it can take away a signal that only some of them have.
    for key, names in (("signals_add", known), ("signals_remove", desk.anywhere)):
        signals = [full_signal(signal, file) for signal in getattr(change, key)]
        yield from signal_mistakes(signals, place.at(key), names)
    yield from steps_mistakes(full_ids(change.from_add, file), place.at("from_add"), known)
    yield from trait_mistakes(change.changes, place.at("changes"), known)


def _requirement(wanted: Requirement, file: str, place: Place, known: Vocabulary) -> Iterator[InputError]:
    yield from steps_mistakes((full_id(wanted.to, file),), place.at("to"), known)
    yield from when_mistakes((full_item(item, file) for item in wanted.when), place.at("when"), known)


def _decision(desk: _Desk, change: Amendment, place: Place) -> Iterator[InputError]:
    known = desk.behaviour.decision
    if change.target not in known:
        yield place.at("decision").unknown("decision", change.target, known)
        return
    model = known[change.target]
    for key in change.changed:
        value = getattr(change, key)
        if getattr(model, key) is None:
            form = next(form for form in ("chance", "chance_by", "logit") if getattr(model, form) is not None)
            yield place.at(key).error(f"{change.target} has no {key}", accepted=form)
            continue
        named = {key: value} if isinstance(value, str) else {f"{key}.{part}": value[part] for part in value}
        for where, parameter in named.items():
            yield from parameter_mistakes(parameter, place.at(where), desk.known)
    for group in change.chance_by:
        if group not in GROUPS:
            yield place.at("chance_by").unknown("nationality group", group, GROUPS)
    for product in change.logit:
        if product != "constant":
            yield from _factors(product, place.at("logit"), desk.known)


def _hazard(desk: _Desk, change: Amendment, place: Place) -> Iterator[InputError]:
    if change.target not in desk.behaviour.hazard:
        yield place.at("hazard").unknown("hazard", change.target, desk.behaviour.hazard)
        return
    for product, parameter in change.times.items():
        yield from parameter_mistakes(parameter, place.at(f"times.{product}"), desk.known)
        yield from _factors(product, place.at("times"), desk.known)
        if not set(_words(product)) & desk.source.file.fact.keys():
            yield place.at("times").error(
                "nothing says from which day this factor counts",
                value=product,
                accepted="a product with a fact of this file, as in fear * some_fact",
            )


def _factors(product: str, place: Place, known: Vocabulary) -> Iterator[InputError]:
    for word in _words(product):
        if word in (*LEVELS, *NETWORK_LEVELS):
            continue
        yield from when_mistakes((word,), place, known)
        if word in known.decisions:
            yield place.error("a decision cannot be a factor", value=word)
        elif word in known.conditions and parts(known.conditions[word]) > 1:
            yield place.error("a factor is a condition of one part", value=word)


def _words(product: str) -> list[str]:
    return [word.strip() for word in product.split("*")]


_AMENDMENTS: dict[str, Callable[[_Desk, Amendment, Place], Iterator[InputError]]] = {
    "step": _step,
    "decision": _decision,
    "hazard": _hazard,
}
