"""Consistency of the procedures: names known, steps reachable and left again, days finite."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.agents.behaviour import FOLDER, Authorities, Behaviour, Decision, Hazard
from sim.files.errors import InputError, raise_all
from sim.files.place import Place
from sim.procedures.conditions import StepId, named
from sim.procedures.rulebook import CONDITIONS_FILE, Rulebook
from sim.procedures.schema import Condition, Kind, Step
from sim.procedures.traits import FLAGS, LEVELS, NETWORK_LEVELS, SHOCKS
from sim.procedures.vocabulary import (
    Vocabulary,
    parameter_mistakes,
    source_mistakes,
    step_mistakes,
    steps_mistakes,
    when_mistakes,
)

if TYPE_CHECKING:
    from sim.policies.own import Own

BEHAVIOUR = FOLDER / "behaviour.toml"


@dataclass(frozen=True)
class _Text:
    """One text of a step, and its place."""

    name: str
    step: Step
    place: Place


@dataclass(frozen=True)
class _Law:
    """All texts: those of the base and those of the regimes."""

    rulebook: Rulebook
    texts: tuple[_Text, ...]
    worlds: Mapping[str, Mapping[str, Step]]
    behaviour: Behaviour
    known: Vocabulary
    reached_elsewhere: Collection[str] = ()


def check_rulebook(
    rulebook: Rulebook,
    *,
    amended: Mapping[str, Mapping[str, Step]] | None = None,
    facts: Iterable[str] = (),
    behaviour: Behaviour | None = None,
    authorities: Authorities | None = None,
    parameters: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> None:
    """Check that the procedures are consistent, alone and as the regimes amend them.

    Parameters
    ----------
    rulebook
        The base text.
    amended
        By name of a regime, its steps. A step that only a regime leads to, and a decision that only a
        regime asks for, are in order when the regime is given here.
    facts
        The regime facts that exist.
    behaviour, authorities
        Decisions, hazards and pools; the shipped ones by default.
    parameters, sources
        The parameters and sources that exist; None leaves them unchecked.

    Raises
    ------
    InputError
        For a single mistake; `sim.files.errors.InputErrors` for several.
    """
    worlds = {"": rulebook.steps, **(amended or {})}
    known = vocabulary(
        rulebook,
        more_steps=(name for steps in worlds.values() for name in steps),
        facts=facts,
        behaviour=behaviour,
        authorities=authorities,
        parameters=parameters,
        sources=sources,
    )
    law = _Law(rulebook, tuple(_texts(rulebook, worlds)), worlds, behaviour or Behaviour.load(), known)
    # With an unknown name, the structure would report the same mistake in other words.
    raise_all(list(_names(law)) or [mistake for check in STRUCTURE for mistake in check(law)])


def check_regime(rulebook: Rulebook, name: str, steps: Mapping[str, Step], own: Own | None = None) -> None:
    """Check that the steps of one regime with known names are consistent.

    A step of the base text need not be reachable (another regime may lead to it), a new one must. Decisions
    are not checked: a regime may ask for one where the base text does not.

    Parameters
    ----------
    rulebook
        The base text, with the tracks and conditions of the regime.
    name
        The regime, as the errors should name it.
    steps
        Its steps.
    own
        What a user adds; its hazards can lead out of a step.

    Raises
    ------
    InputError
        For a single mistake; `sim.files.errors.InputErrors` for several.
    """
    worlds = {name: steps}
    known = vocabulary(rulebook, more_steps=steps)
    texts = tuple(_texts(rulebook, worlds, all_of_it=True))
    behaviour = own.behaviour() if own is not None else Behaviour.load()
    here = {name: hazard for name, hazard in behaviour.hazard.items() if {*hazard.at, hazard.to} <= steps.keys()}
    behaviour = behaviour.model_copy(update={"hazard": here})
    law = _Law(rulebook, texts, worlds, behaviour, known, rulebook.steps)
    raise_all(mistake for check in STRUCTURE if check is not _decisions for mistake in check(law))


@functools.cache
def _shipped_authorities() -> Authorities:
    return Authorities.load()


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
    """Return the names of a rulebook, of behaviour and authorities (by default those shipped), and more."""
    return Vocabulary(
        steps=dict.fromkeys((*rulebook.steps, *more_steps)),
        tracks=rulebook.tracks,
        conditions=rulebook.conditions,
        decisions=(behaviour or Behaviour.load()).decision,
        facts=dict.fromkeys(facts),
        pools=(authorities or _shipped_authorities()).pool,
        parameters=parameters,
        sources=sources,
    )


def _texts(rulebook: Rulebook, worlds: Mapping[str, Mapping[str, Step]], *, all_of_it: bool = False) -> Iterator[_Text]:
    for regime, steps in worlds.items():
        for name, step in steps.items():
            if not regime:
                place = Place(rulebook.file_of(name), f"step.{StepId(name).name}")
                yield _Text(name, step, place)
            elif all_of_it or rulebook.steps.get(name) != step:
                yield _Text(name, step, Place(None, f"{regime}: {name}"))


# ---- names ----


def _names(law: _Law) -> Iterator[InputError]:
    known = law.known
    for name, track in law.rulebook.tracks.items():
        place = Place(law.rulebook.file_of(name), f"track.{StepId(name).name}.start")
        yield from steps_mistakes((track.start,), place, known)
    for text in law.texts:
        yield from step_mistakes(text.step, text.place, known)
    for name, condition in law.rulebook.conditions.items():
        place = Place(law.rulebook.folder / CONDITIONS_FILE, f"condition.{name}")
        yield from condition_mistakes(condition, place, known)
    for name, decision in law.behaviour.decision.items():
        place = Place(BEHAVIOUR, f"decision.{name}")
        yield from model_mistakes(decision, place, known)
        if name in law.rulebook.conditions or name in FLAGS:
            yield place.error("a condition or trait has this name too", value=name)
    for name, hazard in law.behaviour.hazard.items():
        yield from model_mistakes(hazard, Place(BEHAVIOUR, f"hazard.{name}"), known)


def condition_mistakes(condition: Condition, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown name in a named condition, and for parts that do not fit together."""
    yield from steps_mistakes((*condition.at, *condition.ever), place, known)
    yield from steps_mistakes(filter(None, (condition.since,)), place.at("since"), known)
    for key, parameter in (("over", condition.over), ("at_least", condition.at_least)):
        if parameter is not None:
            yield from parameter_mistakes(parameter, place.at(key), known)
    traits = FLAGS if condition.during is not None else (*LEVELS, *NETWORK_LEVELS)
    if condition.trait is not None and condition.trait not in traits:
        yield place.at("trait").unknown("trait", condition.trait, traits)
    if condition.during is not None and condition.during not in SHOCKS:
        yield place.at("during").unknown("external event", condition.during, SHOCKS)
    if condition.trait is None and (condition.at_least or condition.during):
        yield place.error("at_least and during need a trait")
    if condition.trait is not None and (condition.at_least is None) == (condition.during is None):
        yield place.at("trait").error("a trait goes with one of: at_least, during")
    if (condition.since is None) != (condition.over is None):
        yield place.error("since and over belong together: the step, and the term since then")
    if not condition.parts:
        yield place.error(
            "empty: nothing to hold", accepted="at, ever, since and over, from_date, trait with at_least or during"
        )
    yield from source_mistakes(condition.law, place.at("law"), known)


def model_mistakes(model: Decision | Hazard, place: Place, known: Vocabulary) -> Iterator[InputError]:
    """Yield a mistake for each unknown name in a decision or hazard: steps, conditions, sources."""
    yield from steps_mistakes(model.at, place.at("at"), known)
    yield from source_mistakes(model.law, place.at("law"), known)
    if isinstance(model, Hazard):
        yield from steps_mistakes((model.to,), place.at("to"), known)
        yield from when_mistakes(model.when, place.at("when"), known)


# ---- structure ----


def _tracks(law: _Law) -> Iterator[InputError]:
    """Yield a mistake for each step that leads to another track."""
    track_of = {text.name: text.step.track for text in law.texts}

    def strays(track: str, names: Iterable[str], place: Place) -> Iterator[InputError]:
        for name in names:
            if track_of[name] != track:
                yield place.error(f"{name} is on another track ({track_of[name]})", accepted=f"steps of {track}")

    for name, track in law.rulebook.tracks.items():
        place = Place(law.rulebook.file_of(name), f"track.{StepId(name).name}.start")
        yield from strays(name, (track.start,), place)
    for text in law.texts:
        yield from strays(text.step.track, (branch.to for branch in text.step.next), text.place.at("next"))
        yield from strays(text.step.track, text.step.from_, text.place.at("from"))
    for name, hazard in law.behaviour.hazard.items():
        yield from strays(track_of[hazard.to], hazard.at, Place(BEHAVIOUR, f"hazard.{name}.at"))


def _clocks(law: _Law) -> Iterator[InputError]:
    """Yield a mistake for each step that may not go on after its time, and each gate that asks for a decision."""
    decisions = law.behaviour.decision
    for text in law.texts:
        step, place = text.step, text.place
        if step.takes is not None and (not step.next or step.next[-1].when):
            yield place.at("next").error("a step with takes needs a last branch without conditions")
        if step.takes_at_most is not None and step.takes is None:
            yield place.at("takes_at_most").error("limits a time that is not there", accepted="takes, beside it")
        if step.counted_from is not None and step.takes is None:
            yield place.at("counted_from").error("counts a term that is not there", accepted="takes, beside it")
        if step.final and (step.next or step.takes or step.by):
            yield place.at("final").error("a final step has no takes, by or next")
        if any(not branch.when for branch in step.next[:-1]):
            yield place.at("next").error("a branch without conditions hides those after it", accepted="put it last")
        if step.kind is Kind.GATE:
            asked = [str(criterion) for criterion in step.asks if criterion.name in decisions]
            if asked:
                yield place.at("next").error(
                    "a gate waits for a condition, it cannot ask for a decision", value=asked[0]
                )


def _exits(law: _Law) -> Iterator[InputError]:
    """Yield a mistake for each step that cannot be left and is not final."""
    signalled = {signal.step for text in law.texts for signal in text.step.all_signals()}
    left = {name for text in law.texts if text.name in signalled for name in text.step.from_}
    left |= {name for hazard in law.behaviour.hazard.values() for name in hazard.at}
    for text in law.texts:
        if not (text.step.final or text.step.next or text.name in left):
            yield text.place.error(
                "nothing leads out of this step",
                accepted="final, next, a hazard, or a signalled step with it in from",
            )


def _reachable(law: _Law) -> Iterator[InputError]:
    """Yield a mistake for each step that the start of a track does not reach, and each signal without effect."""
    reached: set[str] = {track.start for track in law.rulebook.tracks.values()}
    leads_to: dict[str, set[str]] = {}
    for text in law.texts:
        onward = leads_to.setdefault(text.name, set())
        onward.update(branch.to for branch in text.step.next)
        onward.update(signal.step for signal in text.step.all_signals())
    for hazard in law.behaviour.hazard.values():
        for name in hazard.at:
            leads_to[name].add(hazard.to)
    waiting = list(reached)
    while waiting:
        more = leads_to[waiting.pop()] - reached
        reached |= more
        waiting += more
    accepts = {text.name for text in law.texts if text.step.from_}
    for text in law.texts:
        if text.name not in reached and text.name not in law.reached_elsewhere:
            yield text.place.error(
                "nothing leads to this step", accepted="a branch, a signal or a hazard that leads to it"
            )
        for target in dict.fromkeys(signal.step for signal in text.step.all_signals()):
            if target not in accepts:
                yield text.place.error(
                    f"the signal to {target} does nothing", accepted=f"steps in the from of {target}"
                )


def _decisions(law: _Law) -> Iterator[InputError]:
    """Yield a mistake for each decision that is made elsewhere than in its ``at``."""
    asked: dict[str, set[str]] = {name: set() for name in law.behaviour.decision}
    for text in law.texts:
        for word in named(text.step.asks):
            asked.get(word, set()).add(text.name)
    for name, decision in law.behaviour.decision.items():
        place = Place(BEHAVIOUR, f"decision.{name}.at")
        for step in sorted(asked[name].difference(decision.at)):
            yield place.error(f"{step} asks for this decision too", value=decision.at, accepted=sorted(asked[name]))
        for step in sorted(set(decision.at).difference(asked[name])):
            yield place.error(f"{step} does not ask for this decision", value=decision.at, accepted=sorted(asked[name]))


def _days_end(law: _Law) -> Iterator[InputError]:
    """Yield a mistake for each chain of signals and steps passed through that returns to itself within a day."""
    import networkx as nx

    for regime, steps in law.worlds.items():
        graph = nx.DiGraph((name, target) for name, step in steps.items() for target in _same_day(step))
        circles = [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1]
        circles += [[name] for name, target in graph.edges if name == target]
        for circle in sorted(circles):
            file = None if regime else law.rulebook.file_of(circle[0])
            yield Place(file, f"{regime}: {circle[0]}" if regime else circle[0]).error(
                "these steps and signals lead to each other within a day, without end", value=circle
            )


STRUCTURE: tuple[Callable[[_Law], Iterator[InputError]], ...] = (
    _tracks,
    _clocks,
    _exits,
    _reachable,
    _decisions,
    _days_end,
)


def _same_day(step: Step) -> Iterator[str]:
    """Yield the steps that entering this one can enter on the same day."""
    yield from (signal.step for signal in (*step.signals, *step.on_start))
    if step.kind in (Kind.GATE, Kind.PASSED):
        for branch in step.next:
            yield branch.to
            yield from (signal.step for signal in branch.signals)
