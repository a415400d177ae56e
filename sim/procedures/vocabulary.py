"""Validation of the names in a step: steps, conditions, decisions, traits, pools, parameters, sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.files.errors import InputError
from sim.files.place import Place
from sim.procedures.conditions import ADDRESSES, At, Criterion, Ever, Name, Product, Signal, Subject, TraitName
from sim.procedures.schema import Branch, Change, Condition, Priority, Step
from sim.procedures.traits import FLAGS, LEVELS, NETWORK_LEVELS, SHOCKS


@dataclass(frozen=True)
class Vocabulary:
    """The names that exist. ``parameters`` and ``sources``: None where they are not to be checked."""

    steps: Collection[str]
    tracks: Collection[str]
    conditions: Mapping[str, Condition]
    decisions: Collection[str]
    facts: Collection[str]
    pools: Collection[str]
    parameters: Collection[str] | None = None
    sources: Collection[str] | None = None

    @property
    def words(self) -> list[str]:
        """What an item of ``when`` can be, besides ``at STEP`` and ``ever STEP``."""
        return [*FLAGS, *SHOCKS, *self.facts, *self.conditions, *self.decisions]

    def parts(self, subject: Subject) -> int:
        """Return the number of parts of a subject that must all hold."""
        condition = self.conditions.get(str(subject))
        return 1 if condition is None else condition.parts


def step_mistakes(step: Step, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown name in a step with full ids."""
    if step.track not in known.tracks:
        yield place.at("track").unknown("track", step.track, known.tracks)
    yield from steps_mistakes(step.from_, place.at("from"), known)
    if step.counted_from is not None:
        yield from steps_mistakes((step.counted_from,), place.at("counted_from"), known)
    for key in ("signals", "on_start"):
        yield from signal_mistakes(getattr(step, key), place.at(key), known)
    for number, branch in enumerate(step.next):
        yield from branch_mistakes(branch, place.at(f"next[{number}]"), known)
    yield from priority_mistakes(step.priority, place, known)
    if step.by is not None and step.by not in known.pools:
        yield place.at("by").unknown("pool", step.by, known.pools)
    for key in ("takes", "takes_at_most"):
        if getattr(step, key) is not None:
            yield from parameter_mistakes(getattr(step, key), place.at(key), known)
    yield from trait_mistakes(step.changes, place.at("changes"), known)
    yield from source_mistakes(step.law, place.at("law"), known)


def trait_mistakes(changes: Mapping[TraitName, Change], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown trait, and each unknown parameter of a change."""
    for trait, change in changes.items():
        own = {"": LEVELS, "network": NETWORK_LEVELS}
        if trait.name not in own.get(trait.address, ()):
            accepted = (*LEVELS, *(f"network:{level}" for level in NETWORK_LEVELS))
            yield place.unknown("trait", str(trait), accepted)
        for parameter in (change.add, change.set):
            if parameter is not None:
                yield from parameter_mistakes(parameter, place.at(str(trait)), known)


def branch_mistakes(branch: Branch, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown name in a branch."""
    yield from steps_mistakes((branch.to,), place.at("to"), known)
    yield from when_mistakes(branch.when, place.at("when"), known)
    yield from signal_mistakes(branch.signals, place.at("signals"), known)
    yield from source_mistakes(branch.law, place.at("law"), known)


def priority_mistakes(priority: Iterable[Priority], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown condition of a rank."""
    for number, rank in enumerate(priority):
        yield from when_mistakes(rank.when, place.at(f"priority[{number}].when"), known)


def steps_mistakes(names: Iterable[str], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown step."""
    for name in names:
        if name not in known.steps:
            yield place.unknown("step", name, known.steps)


def signal_mistakes(signals: Iterable[Signal], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each signal to an unknown step or addressee."""
    for signal in signals:
        if signal.address and signal.address not in ADDRESSES:
            yield place.unknown("address of a signal", signal.address, ADDRESSES)
        yield from steps_mistakes((signal.step,), place, known)


def when_mistakes(criteria: Iterable[Criterion], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown item of ``when``, and each that cannot be negated."""
    for criterion in criteria:
        subject = criterion.subject
        if isinstance(subject, At | Ever):
            yield from steps_mistakes((subject.step,), place, known)
        elif str(subject) not in known.words:
            yield place.unknown("condition", str(subject), known.words)
        elif criterion.negated and known.parts(subject) > 1:
            yield place.error("only a condition of one part can be negated", value=str(criterion))


def factor_mistakes(product: Product, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown factor of a product, and each without a value."""
    for factor in product.factors:
        if isinstance(factor, Name) and factor.name in (*LEVELS, *NETWORK_LEVELS):
            continue
        yield from when_mistakes((Criterion(factor),), place, known)
        if str(factor) in known.decisions:
            yield place.error("a decision cannot be a factor", value=str(factor))
        elif known.parts(factor) > 1:
            yield place.error("a factor is a condition of one part", value=str(factor))


def parameter_mistakes(name: str, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for an unknown parameter."""
    if known.parameters is not None and name not in known.parameters:
        yield place.unknown("parameter", name, known.parameters)


def source_mistakes(keys: Iterable[str], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each source that is not in the bibliography."""
    for key in keys:
        if known.sources is not None and key not in known.sources:
            yield place.unknown("source", key, known.sources)
