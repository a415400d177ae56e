"""Whether the names in a step exist: steps, conditions, decisions, traits, pools, parameters, sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.agents.behaviour import Authorities, Behaviour
from sim.files.errors import InputError
from sim.files.place import Place
from sim.procedures.rulebook import Rulebook
from sim.procedures.schema import Branch, Change, Condition, Priority, Step
from sim.procedures.traits import FLAGS, LEVELS, NETWORK_LEVELS, SHOCKS

ADDRESSES = ("network", "victims")
"""To whom a signal can be sent instead of to the person: ``network:`` or ``victims:`` before it."""


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


def vocabulary(
    rulebook: Rulebook,
    *,
    more_steps: Iterable[str] = (),
    facts: Iterable[str] = (),
    behaviour: Behaviour | None = None,
    authorities: Authorities | None = None,
    parameters: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> Vocabulary:
    """Collect the names of a rulebook, of behaviour and authorities (by default those shipped), and more."""
    return Vocabulary(
        steps=dict.fromkeys((*rulebook.steps, *more_steps)),
        tracks=rulebook.tracks,
        conditions=rulebook.conditions,
        decisions=(behaviour or Behaviour.load()).decision,
        facts=dict.fromkeys(facts),
        pools=(authorities or Authorities.load()).pool,
        parameters=parameters,
        sources=sources,
    )


def step_mistakes(step: Step, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find the names in a step, with full ids, that do not exist."""
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
    if step.takes is not None:
        yield from parameter_mistakes(step.takes, place.at("takes"), known)
    yield from trait_mistakes(step.changes, place.at("changes"), known)
    yield from source_mistakes(step.law, place.at("law"), known)


def trait_mistakes(changes: Mapping[str, Change], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find the traits that do not exist, and the parameters of their changes."""
    for trait, change in changes.items():
        address, _, name = trait.rpartition(":")
        own = {"": LEVELS, "network": NETWORK_LEVELS}
        if name not in own.get(address, ()):
            accepted = (*LEVELS, *(f"network:{level}" for level in NETWORK_LEVELS))
            yield place.unknown("trait", trait, accepted)
        for parameter in (change.add, change.set):
            if parameter is not None:
                yield from parameter_mistakes(parameter, place.at(trait), known)


def branch_mistakes(branch: Branch, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find the names in a branch that do not exist."""
    yield from steps_mistakes((branch.to,), place.at("to"), known)
    yield from when_mistakes(branch.when, place.at("when"), known)
    yield from signal_mistakes(branch.signals, place.at("signals"), known)
    yield from source_mistakes(branch.law, place.at("law"), known)


def priority_mistakes(priority: Iterable[Priority], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find the conditions of ranks that do not exist."""
    for number, rank in enumerate(priority):
        yield from when_mistakes(rank.when, place.at(f"priority[{number}].when"), known)


def steps_mistakes(names: Iterable[str], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find the steps that do not exist."""
    for name in names:
        if name not in known.steps:
            yield place.unknown("step", name, known.steps)


def signal_mistakes(signals: Iterable[str], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find the signals that go to no step, or to nobody."""
    for signal in signals:
        address, colon, step = signal.rpartition(":")
        if colon and address not in ADDRESSES:
            yield place.unknown("address of a signal", address, ADDRESSES)
        yield from steps_mistakes((step,), place, known)


def when_mistakes(items: Iterable[str], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find the items of ``when`` that mean nothing, or that cannot be negated."""
    for item in items:
        bare = item.removeprefix("not ")
        kind, _, step = bare.partition(" ")
        if kind in ("at", "ever") and step:
            yield from steps_mistakes((step,), place, known)
        elif bare not in known.words:
            yield place.unknown("condition", bare, known.words)
        elif bare != item and bare in known.conditions and parts(known.conditions[bare]) > 1:
            yield place.error("only a condition of one part can be negated", value=item)


def parts(condition: Condition) -> int:
    """Return of how many parts a condition consists that must all hold."""
    given = (condition.at, condition.ever, condition.since, condition.from_date, condition.trait)
    return sum(bool(part) for part in given)


def parameter_mistakes(name: str, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find a parameter that does not exist."""
    if known.parameters is not None and name not in known.parameters:
        yield place.unknown("parameter", name, known.parameters)


def source_mistakes(keys: Iterable[str], place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Find the sources that are not in the bibliography."""
    for key in keys:
        if known.sources is not None and key not in known.sources:
            yield place.unknown("source", key, known.sources)
