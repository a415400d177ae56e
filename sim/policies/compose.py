"""The composition of a regime: its files, in the order of entry into force, one applied after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sim.files.errors import raise_all
from sim.files.place import Place
from sim.files.toml import read_text
from sim.policies.amend import Text, amended, reason_of, reasons_of_step
from sim.policies.library import (
    ANNOUNCED,
    COMMAND,
    Source,
    Spec,
    check_choice,
    find,
    readings,
    shipped,
    shipped_layers,
)
from sim.policies.own import NOTHING, Own
from sim.policies.regime import FactPeriod, Kept, Layer, ModelVersion, OwnFile, Regime, StepVersion
from sim.policies.schema import Amendment, Answer
from sim.policies.structure import check_regime
from sim.policies.validation import mistakes
from sim.procedures.rulebook import Rulebook
from sim.procedures.schema import Reason


@dataclass(frozen=True)
class Part:
    """A file within a regime; ``replaces`` is an earlier part that ends when this one enters."""

    source: Source
    replaces: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Choices:
    """The answers to the open legal questions: those chosen, and the defaults of the others."""

    chosen: Mapping[str, str]

    @property
    def all(self) -> dict[str, str]:
        """Every question with its answer."""
        return {question: self.chosen.get(question, reading.default) for question, reading in readings().items()}

    def hold(self, named: Iterable[Answer]) -> bool:
        """Return whether all these answers (``U1=none``) are the chosen ones."""
        answers = self.all
        return all(answers[answer.question] == answer.option for answer in named)


def composed(spec: Spec, more: Mapping[str, str], base: Rulebook, own: Own = NOTHING) -> Regime:
    """Return the regime of a name on a base text; see `Regime.load`."""
    for question, option in more.items():
        check_choice(question, option, Place(None, "readings"))
    choices = Choices({**more, **spec.readings})
    parts = parts_of(spec, own, choices)
    sources = [part.source for part in parts]
    raise_all(problem for source in sources for problem in mistakes(source, sources, base, own=own))
    _only_open_questions(spec, parts)
    return composed_of(spec, parts, choices, base, own)


def composed_of(spec: Spec, parts: list[Part], choices: Choices, base: Rulebook, own: Own = NOTHING) -> Regime:
    """Return the regime of these parts, in the order of entry into force, with all questions answered."""
    layers = tuple(_layer(part, choices) for part in parts)
    texts = _texts(parts, choices, Text(base.tracks, base.steps, base.conditions, {}, {}))
    reasons = tuple(reason for part in parts for reason in _reasons(part, parts, choices))
    is_own = spec.source not in shipped()
    if is_own:
        text = texts[-1]
        whole = replace(base, tracks=text.tracks, conditions=text.conditions)
        check_regime(whole, str(spec.source.path), text.steps, own)
    return Regime(
        name=spec.canonical,
        title=spec.source.file.head.title,
        layers=layers,
        versions=_step_versions(layers, texts, reasons),
        decisions=_decision_versions(layers, texts),
        hazards=_hazard_versions(texts),
        facts=(*_fact_periods(layers, texts), *_announcements(parts)),
        parameter_values=_parameter_values(choices),
        readings=choices.all,
        tracks=texts[-1].tracks,
        conditions=texts[-1].conditions,
        reasons=(*reasons, *_reasons_for_values(choices)),
        kept=tuple(kept for part in parts for kept in _kept(part, choices)),
        own_file=OwnFile(spec.source.path.name, read_text(spec.source.path, "TOML")) if is_own else None,
    )


# ---- the files, in order ----


def parts_of(spec: Spec, own: Own = NOTHING, choices: Choices | None = None) -> list[Part]:
    """Return the files a regime is made of, in the order of entry into force under the chosen answers."""
    parts = _foundation(spec.source, own)
    for name in spec.layers:
        if any(part.source.name == name for part in parts):
            raise COMMAND.error(f"{name} is already part of {spec.source.name}", value=spec.canonical)
        parts.append(Part(find(name, COMMAND, own.regimes)))
    return sorted((_dated(part, choices or Choices({})) for part in parts), key=_day)


def _dated(part: Part, choices: Choices) -> Part:
    """Return the part with the day of entry into force that the chosen answers give it."""
    file = part.source.file
    answers = choices.all  # an answer to no open question is refused later, with its place
    days = [day for a, day in file.head.in_force_readings.items() if answers.get(a.question) == a.option]
    if not days:
        return part
    table = "layer" if file.regime is None else "regime"
    head = file.head.model_copy(update={"in_force": days[0]})
    return replace(part, source=replace(part.source, file=file.model_copy(update={table: head})))


def _foundation(source: Source, own: Own, above: tuple[str, ...] = ()) -> list[Part]:
    """Return the parts of a regime: what it amends, the court layers it includes, and itself.

    ``above``: the regimes that amend this one, to find circles.
    """
    head = source.file.head
    if source.file.period:
        return _calendar(source, own)
    if head.amends is None:
        return [Part(source)]
    place = Place(source.path, "regime")
    below = _regime(head.amends, place.at("amends"), own)
    if below.name in (*above, source.name):
        circle = " amends ".join((*above, source.name, below.name))
        raise place.at("amends").error(f"a circle: {circle}", value=head.amends, accepted="a regime below this one")
    parts = _foundation(below, own, (*above, source.name))
    earliest = max(map(_latest_day, parts))
    for key, day in (
        ("in_force", head.in_force),
        *((f"in_force_readings.{a}", d) for a, d in head.in_force_readings.items()),
    ):
        if (day or dt.date.min) < earliest:
            raise place.at(key).error(
                f"before the day of what it amends ({head.amends})", value=day, accepted=f"{earliest} or later"
            )
    for number, name in enumerate(head.layers):
        layer_place = place.at(f"layers[{number}]")
        layer = find(name, layer_place, own.regimes)
        if layer.file.layer is None:
            raise layer_place.error("not a court layer", value=name, accepted=shipped_layers())
        if any(part.source.name == layer.name for part in parts):
            raise layer_place.error(f"{name} is already part of {head.amends}", value=name)
        parts.append(Part(layer))
    return [*parts, Part(source)]


def _calendar(source: Source, own: Own) -> list[Part]:
    parts: list[Part] = []
    for number, period in enumerate(source.file.period):
        place = Place(source.path, f"period[{number}]")
        entering = find(period.name, place.at("regime" if period.regime else "layer"), own.regimes)
        head = entering.file.head
        earlier = [part.source.name for part in parts]
        if (entering.file.layer is None) != (period.layer is None) or entering.file.period:
            raise place.error("a period is one regime or one layer, named as such", value=entering.name)
        for name in (head.amends, period.replaces, *head.layers):
            if name is not None and find(name, place, own.regimes).name not in earlier:
                raise place.error(f"{name} does not come before {entering.name}", accepted=earlier)
        if parts and _day(Part(entering)) < _day(parts[-1]):
            raise place.error("the periods are not in the order of their days", value=entering.name)
        replaced = None if period.replaces is None else find(period.replaces, place, own.regimes).name
        parts.append(Part(entering, replaced, period.why))
    return parts


def _regime(name: str, place: Place, own: Own) -> Source:
    source = find(name, place, own.regimes)
    if source.file.regime is None:
        raise place.error("a court layer cannot be amended, put it on a regime", value=name)
    return source


def _day(part: Part) -> dt.date:
    return part.source.file.head.in_force or dt.date.min


def _latest_day(part: Part) -> dt.date:
    """Return the day of entry into force, the latest under any answer."""
    return max((_day(part), *part.source.file.head.in_force_readings.values()))


def _only_open_questions(spec: Spec, parts: Iterable[Part]) -> None:
    """Refuse an answer in the name of a regime that does not depend on the question."""
    named = {answer.question for part in parts for answer in _readings_named(part)}
    named |= {question for question, reading in readings().items() if any(o.set for o in reading.options.values())}
    for question in spec.readings:
        if question not in named:
            raise COMMAND.error(
                f"{spec.source.name} does not depend on {question}",
                value=spec.canonical,
                accepted=sorted(named),
            )


def _readings_named(part: Part) -> list[Answer]:
    file = part.source.file
    named = [*file.head.in_force_readings, *(file.head.applies_to.readings if file.head.applies_to else ())]
    for readings_of in (
        *(change.reading for change in file.amend),
        *(new.reading for new in file.step.values()),
        *(kept.reading for kept in file.keeps),
    ):
        named += readings_of
    return [*named, *(item for fact in file.fact.values() for item in fact.reading)]


def _layer(part: Part, choices: Choices) -> Layer:
    head = part.source.file.head
    event = None
    if head.applies_to is not None:
        other = [step for answer, step in head.applies_to.readings.items() if choices.hold((answer,))]
        event = other[0] if other else head.applies_to.event
    return Layer(part.source.name, head.title, head.instrument, head.in_force, event, head.law, head.status, head.note)


# ---- the texts, one after the other ----


def _texts(parts: list[Part], choices: Choices, base: Text) -> list[Text]:
    """Return the text after each part, each composed from the base, so that a part that has ended leaves no trace."""
    return [_text(parts[: number + 1], choices, base) for number in range(len(parts))]


def _text(parts: list[Part], choices: Choices, base: Text) -> Text:
    ended = {part.replaces for part in parts}
    text = base
    for part in parts:
        source = part.source
        if source.name in ended:
            # Its new steps stay, since somebody may be in one.
            source = replace(source, file=source.file.model_copy(update={"amend": (), "fact": {}}))
        text = amended(text, source, choices.hold)
    return text


def _step_versions(
    layers: tuple[Layer, ...], texts: list[Text], reasons: tuple[Reason, ...]
) -> dict[str, tuple[StepVersion, ...]]:
    result: dict[str, list[StepVersion]] = {}
    for layer, text in zip(layers, texts, strict=True):
        for name, step in text.steps.items():
            versions = result.setdefault(name, [])
            if not versions:
                versions.append(StepVersion(step, None, None, layer.name))
            elif versions[-1].step != step:
                why = tuple(r for r in reasons if (r.layer, r.kind, r.name) == (layer.name, "step", name))
                versions.append(StepVersion(step, layer.in_force, layer.applies_to, layer.name, why))
    return {name: _without_superseded(versions) for name, versions in result.items()}


def _without_superseded(versions: list[StepVersion]) -> tuple[StepVersion, ...]:
    """Return the versions without those that never hold: the next one enters on the same day for the same persons."""
    kept: list[StepVersion] = []
    for version in versions:
        if len(kept) > 1 and (kept[-1].in_force, kept[-1].applies_to) == (
            version.in_force,
            version.applies_to,
        ):
            kept.pop()
        if not kept or kept[-1].step != version.step:
            kept.append(version)
    return tuple(kept)


def _decision_versions(layers: tuple[Layer, ...], texts: list[Text]) -> dict[str, tuple[ModelVersion, ...]]:
    result: dict[str, list[ModelVersion]] = {}
    before: Mapping[str, tuple[Amendment, ...]] = {}
    for layer, text in zip(layers, texts, strict=True):
        for name in dict.fromkeys((*before, *text.decisions)):
            if text.decisions.get(name) != before.get(name):
                result.setdefault(name, []).append(ModelVersion(layer.in_force, text.decisions.get(name, ())))
        before = text.decisions
    return {name: tuple(versions) for name, versions in result.items()}


def _hazard_versions(texts: list[Text]) -> dict[str, tuple[ModelVersion, ...]]:
    return {name: (ModelVersion(None, amendments),) for name, amendments in texts[-1].hazards.items()}


def _fact_periods(layers: tuple[Layer, ...], texts: list[Text]) -> tuple[FactPeriod, ...]:
    periods: list[FactPeriod] = []
    known: frozenset[str] = frozenset()
    for layer, text in zip(layers, texts, strict=True):
        periods = [
            period._replace(until=layer.in_force) if period.until is None and period.name not in text.facts else period
            for period in periods
        ]
        periods += [FactPeriod(name, layer.in_force, None) for name in sorted(text.facts - known)]
        known = text.facts
    return tuple(period for period in periods if period.until is None or period.until != period.in_force)


def _announcements(parts: list[Part]) -> Iterable[FactPeriod]:
    """Return the periods between the announcement of a change and its entry into force."""
    ended = {part.replaces for part in parts}
    for part in parts:
        head = part.source.file.head
        if head.announced is not None and part.source.name not in ended:
            yield FactPeriod(ANNOUNCED, head.announced, head.in_force)


def _parameter_values(choices: Choices) -> dict[str, float]:
    """Return the values that chosen answers set; a default answer leaves the parameters as they are."""
    return {
        parameter: value
        for question, option in choices.chosen.items()
        for parameter, value in readings()[question].options[option].set.items()
    }


def _reasons_for_values(choices: Choices) -> Iterable[Reason]:
    for question, name in choices.chosen.items():
        reading = readings()[question]
        option = reading.options[name]
        for parameter in option.set:
            why = f"{question}: {option.title.en}"
            yield Reason(question, "parameter", parameter, ("value",), why, option.law, reading.status)


# ---- why ----


def _reasons(part: Part, parts: list[Part], choices: Choices) -> Iterable[Reason]:
    """Yield the changes of a part and their reasons: its own amendments, and the reversal of those it ends."""
    name, file = part.source.name, part.source.file
    head = file.head
    for ended in (other for other in parts if other.source.name == part.replaces):
        for reason in _reasons(ended, parts, choices):
            yield replace(reason, layer=name, why=part.why, law=head.law, status=head.status)
    for step, new in file.step.items():
        if choices.hold(new.reading):
            yield from reasons_of_step(part.source, step, new)
    for change in file.amend:
        if choices.hold(change.reading):
            yield reason_of(part.source, change)
    for fact, known in file.fact.items():
        if choices.hold(known.reading):
            yield Reason(name, "fact", fact, ("fact",), known.title.en, known.law, head.status)


def _kept(part: Part, choices: Choices) -> Iterable[Kept]:
    """Return what a part words again and leaves as it is."""
    name, head = part.source.name, part.source.file.head
    for kept in part.source.file.keeps:
        if choices.hold(kept.reading):
            law, status = kept.law or head.law, kept.status or head.status
            reason = Reason(name, "step", kept.step, (), kept.why, law, status)
            yield Kept(name, kept.step, kept.article, kept.followed, reason)
