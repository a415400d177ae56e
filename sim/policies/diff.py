"""What the law changed from one regime to another: one row for each changed thing, with source and status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.agents.behaviour import Decision, Hazard
from sim.policies.regime import Layer, Regime
from sim.policies.statute import STEP_ASPECTS, Statute
from sim.policies.wording import Words, sources
from sim.procedures.conditions import Criterion, Name, Signal, StepId
from sim.procedures.schema import Branch, Reason, Status, Step

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("step", "title", "what", "old", "new", "source", "status", "why")
WEAKEST_LAST: tuple[Status, ...] = ("read", "secondary", "assumed")
AT_ONCE = "applies at once to everybody"


def diff(a: str | Regime | Statute, b: str | Regime | Statute, language: str = "en") -> pd.DataFrame:
    """Compare the final texts of two regimes, as if each held from the first day, and their entry into force.

    Parameters
    ----------
    a, b
        Two regimes, their names as for `Regime.load`, or two statutes: then numbers are printed as the worlds of these
        have them.
    language
        ``en`` or ``nl``. A reason that is not there in Dutch is in English.

    Returns
    -------
    pandas.DataFrame
        Columns ``step`` (id of the step, or the name of a condition, decision, hazard, fact, parameter or
        regime), ``title``, ``what``, ``old`` and ``new`` (in words; empty for nothing), ``source`` (cited),
        ``status`` (read, secondary or assumed; the weakest of several) and ``why``. In the order of the
        procedures; no rows if nothing differs.

    Raises
    ------
    InputError
        If there is no such regime.
    """
    import pandas as pd

    return pd.DataFrame(
        list(_Comparison.of(_statute(a), _statute(b), language).rows()), columns=list(COLUMNS), dtype="str"
    )


def _statute(given: str | Regime | Statute) -> Statute:
    if isinstance(given, Statute):
        return given
    return Statute(given if isinstance(given, Regime) else Regime.load(given))


@dataclass(frozen=True)
class _Aspect:
    """One aspect of a step: its key, the name of a change of it, and its wording beside the other text."""

    key: str
    what: Callable[[Step, Step], str]
    say: Callable[[Words, Step, Step], str]

    def differs(self, old: Step, new: Step) -> bool:
        """Return whether two texts differ in it; the reasons of branches do not count."""
        if self.key == "next":
            return [_plain(branch) for branch in old.next] != [_plain(branch) for branch in new.next]
        if self.key == "from_":
            return set(old.from_) != set(new.from_)
        return bool(getattr(old, self.key) != getattr(new, self.key))


def _named(what: str) -> Callable[[Step, Step], str]:
    return lambda old, new: what


def _branches_changed(old: Step, new: Step) -> str:
    """Return the kind of change of the branches in words."""
    before, after = [_plain(b) for b in old.next], [_plain(b) for b in new.next]
    if Counter(before) == Counter(after):
        return "branches reordered"
    if _within(before, after):
        return "branch added"
    if _within(after, before):
        return "branch removed"
    return "branches changed"


def _plain(branch: Branch) -> tuple[StepId, tuple[Criterion, ...], tuple[Signal, ...]]:
    return branch.to, branch.when, branch.signals


def _within(some: list[Any], more: list[Any]) -> bool:
    """Return whether the other list has the same items in the same order, with or without others between."""
    rest = iter(more)
    return all(item in rest for item in some)


ASPECTS = (
    _Aspect("next", _branches_changed, lambda words, step, other: words.ways_on(step.next)),
    _Aspect("takes", _named("duration"), lambda words, step, other: words.parameter(step.takes)),
    _Aspect("takes_at_most", _named("limit"), lambda words, step, other: words.parameter(step.takes_at_most)),
    _Aspect("priority", _named("priority"), lambda words, step, other: words.priority(step.priority)),
    _Aspect("signals", _named("sets off"), lambda words, step, other: words.signals(step.signals)),
    _Aspect(
        "from_",
        _named("can follow"),
        lambda words, step, other: words.names(name for name in step.from_ if name not in other.from_),
    ),
    _Aspect("changes", _named("effect on traits"), lambda words, step, other: words.changes(step.changes)),
)

Row = tuple[str, str, str, str, str, str, str, str]


@dataclass(frozen=True)
class _Comparison:
    """Two statutes side by side, their wording, and the reasons that only one of them has."""

    old: Statute
    new: Statute
    old_words: Words
    new_words: Words
    gained: tuple[Reason, ...]
    lost: tuple[Reason, ...]

    @staticmethod
    def of(old: Statute, new: Statute, language: str) -> _Comparison:
        steps, conditions = {**old.last_texts(), **new.last_texts()}, {**old.conditions, **new.conditions}
        old_words, new_words = (Words(steps, conditions, one.parameters, language) for one in (old, new))
        before, after = old.regime.reasons, new.regime.reasons
        gained = tuple(reason for reason in after if reason not in before)
        lost = tuple(reason for reason in before if reason not in after)
        return _Comparison(old, new, old_words, new_words, gained, lost)

    def rows(self) -> Iterator[Row]:
        """Yield the rows: entry into force, steps, conditions, decisions and hazards, facts, values."""
        yield from self._entries()
        before, after = self.old.last_texts(), self.new.last_texts()
        for name in dict.fromkeys((*after, *before)):
            yield from self._step(name, before.get(name), after.get(name))
        yield from self._conditions()
        yield from self._models("decision", _last_decisions(self.old), _last_decisions(self.new))
        yield from self._models("hazard", self.old.hazards, self.new.hazards)
        yield from self._facts()
        yield from self._values()
        yield from self._kept()

    def _row(self, name: str, title: str, what: str, old: str, new: str, reasons: tuple[Reason, ...]) -> Row:
        law = sources(key for reason in reasons for key in reason.law)
        status = max((reason.status for reason in reasons), key=WEAKEST_LAST.index, default="")
        say = self.new_words.say
        why = "; ".join(dict.fromkeys(say(reason.why) for reason in reasons))
        if reasons and reasons[0] in self.lost:
            why = say("Taken back: {why}", why=why)
        return name, title, say(what), old, new, law, status, why

    def _because(self, kind: str, name: str, keys: frozenset[str] | None = None) -> tuple[Reason, ...]:
        """Return the reasons of a difference: those that only the new regime has, or else those it has lost."""
        for reasons in (self.gained, self.lost):
            found = [reason for reason in reasons if (reason.kind, reason.name) == (kind, name)]
            fitting = [reason for reason in found if keys is None or keys & set(reason.keys)]
            if fitting:
                return tuple(fitting)
        return ()

    def _step(self, name: str, old: Step | None, new: Step | None) -> Iterator[Row]:
        if old is not None and new is not None:
            for aspect in ASPECTS:
                if aspect.differs(old, new):
                    reasons = self._because("step", name, STEP_ASPECTS[aspect.key])
                    said = aspect.say(self.old_words, old, new), aspect.say(self.new_words, new, old)
                    yield self._row(name, self.new_words.title(new.title), aspect.what(old, new), *said, reasons)
        elif new is not None:
            reasons = self._because("step", name)
            yield self._row(name, self.new_words.title(new.title), "new step", "", self.new_words.whole(new), reasons)
        elif old is not None:
            reasons = self._because("step", name)
            yield self._row(
                name, self.old_words.title(old.title), "step left out", self.old_words.whole(old), "", reasons
            )

    def _conditions(self) -> Iterator[Row]:
        for name, new in self.new.conditions.items():
            old = self.old.conditions[name]
            before, after = {*old.at, *old.ever}, {*new.at, *new.ever}
            reasons = tuple(
                reason for step in sorted(before ^ after) for reason in self._because("step", step, frozenset({"new"}))
            )
            if before != after:
                said = self.old_words.names(sorted(before - after)), self.new_words.names(sorted(after - before))
                title = self.new_words.subject(Name(name))
                yield self._row(name, title[:1].upper() + title[1:], "condition holds at", *said, reasons)

    def _models(
        self, kind: str, before: Mapping[str, Decision | Hazard], after: Mapping[str, Decision | Hazard]
    ) -> Iterator[Row]:
        for name in dict.fromkeys((*before, *after)):
            old, new = (_parameters_of(models.get(name)) for models in (before, after))
            for key in sorted({*old, *new}):
                if old.get(key) != new.get(key):
                    said = self.old_words.parameter(old.get(key)), self.new_words.parameter(new.get(key))
                    title = self.new_words.name(name)
                    title = title[:1].upper() + title[1:]
                    said_key = self.new_words.say(key.replace("_", " "))
                    what = self.new_words.say(f"{kind}: {{key}}", key=said_key)
                    yield self._row(name, title, what, *said, self._because(kind, name))

    def _facts(self) -> Iterator[Row]:
        old, new = ({fact.name for fact in regime.facts if fact.until is None} for regime in (self.old, self.new))
        for name in sorted(old ^ new):
            reasons = self._because("fact", name)
            title = self.new_words.say(reasons[0].why) if reasons else self.new_words.name(name)
            holds = self.new_words.say("true")
            said = ("", holds) if name in new else (holds, "")
            yield self._row(name, title, "fact", *said, reasons)

    def _values(self) -> Iterator[Row]:
        """Yield the differences of the numbers that the answers to open legal questions set."""
        old, new = self.old.regime.parameter_values, self.new.regime.parameter_values
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                said = self._value(name, self.old, self.old_words), self._value(name, self.new, self.new_words)
                yield self._row(name, name, "parameter value", *said, self._because("parameter", name))

    def _value(self, name: str, statute: Statute, words: Words) -> str:
        set_by_reading = name in statute.regime.parameter_values
        return f"{statute.parameters.value(name):g}" if set_by_reading else words.parameter(name)

    def _kept(self) -> Iterator[Row]:
        """Return what only one of them words again: where it is written, and that the model keeps it."""
        old, new = self.old.regime.kept, self.new.regime.kept
        for kept in (*new, *old):
            if (kept in old) != (kept in new):
                step = (self.new if kept in new else self.old).last_text(kept.step)
                articles = step.article or self.new_words.title(step.title), kept.article
                what = "stays" if kept.followed else "stays: the change is not followed"
                said = articles if kept in new else articles[::-1]
                yield self._row(kept.step, self.new_words.title(step.title), what, *said, (kept.reason,))

    def _entries(self) -> Iterator[Row]:
        """Yield the differences of the layers: their day of entry into force and their transitional rule."""
        old, new = ({layer.name: layer for layer in regime.layers} for regime in (self.old, self.new))
        for name in dict.fromkeys((*new, *old)):
            for what, say in (("entry into force", _entry), ("transitional rule", self._transition)):
                said = tuple(say(layers[name]) if name in layers else "" for layers in (old, new))
                if said[0] != said[1]:
                    layer = new.get(name) or old[name]
                    reason = Reason(name, "layer", name, (), layer.note, layer.law, layer.status)
                    yield self._row(name, self.new_words.title(layer.title), what, said[0], said[1], (reason,))

    def _transition(self, layer: Layer) -> str:
        if layer.in_force is None:
            return ""
        if layer.applies_to is None:
            return self.new_words.say(AT_ONCE)
        step = self.new_words.step(layer.applies_to)
        return self.new_words.say('earlier text for those at "{step}" before that day', step=step)


def _entry(layer: Layer) -> str:
    return "" if layer.in_force is None else layer.in_force.isoformat()


def _last_decisions(statute: Statute) -> dict[str, Decision]:
    return {name: statute.last_decision(name) for name in statute.decisions}


def _parameters_of(model: Decision | Hazard | None) -> dict[str, str]:
    """Return the parameters of a decision or hazard by key (``logit.constant``)."""
    flat: dict[str, str] = {}
    for key in ("chance", "chance_by", "logit", "times"):
        value = getattr(model, key, None)
        if isinstance(value, str):
            flat[key] = value
        elif value:
            flat |= {f"{key}.{part}": parameter for part, parameter in value.items()}
    return flat
