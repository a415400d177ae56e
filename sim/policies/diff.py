"""What the law changed from one regime to another: one row for each changed thing, with source and status."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.agents.behaviour import Behaviour, Decision, Hazard
from sim.evidence.parameters import Parameters
from sim.policies.regime import Layer, Reason, Regime
from sim.policies.wording import Words, sources
from sim.procedures.schema import Branch, Status, Step

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("step", "title", "what", "old", "new", "source", "status", "why")
WEAKEST_LAST: tuple[Status, ...] = ("read", "secondary", "assumed")
AT_ONCE = "applies at once to everybody"


def diff(a: str | Regime, b: str | Regime) -> pd.DataFrame:
    """Compare the final texts of two regimes, as if each held from the first day, and their entry into force.

    Parameters
    ----------
    a, b
        Two regimes, or their names as for `Regime.load`.

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

    old = a if isinstance(a, Regime) else Regime.load(a)
    new = b if isinstance(b, Regime) else Regime.load(b)
    return pd.DataFrame(list(_Comparison.of(old, new).rows()), columns=list(COLUMNS), dtype="str")


@dataclass(frozen=True)
class _Aspect:
    """One thing about a step: its name, its value, how to say it beside the other text, what amends it."""

    what: Callable[[Step, Step], str]
    value: Callable[[Step], object]
    say: Callable[[Words, Step, Step], str]
    keys: frozenset[str]


def _named(what: str) -> Callable[[Step, Step], str]:
    return lambda old, new: what


def _branches_changed(old: Step, new: Step) -> str:
    """Say in a word what happened to the branches."""
    before, after = [_plain(b) for b in old.next], [_plain(b) for b in new.next]
    if sorted(before) == sorted(after):
        return "branches reordered"
    if _within(before, after):
        return "branch added"
    if _within(after, before):
        return "branch removed"
    return "branches changed"


def _plain(branch: Branch) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return branch.to, branch.when, branch.signals


def _within(some: list[Any], more: list[Any]) -> bool:
    """Say whether the items stand in the other list too, in the same order."""
    rest = iter(more)
    return all(item in rest for item in some)


ASPECTS = (
    _Aspect(
        _branches_changed,
        lambda step: [_plain(branch) for branch in step.next],
        lambda words, step, other: words.ways_on(step.next),
        frozenset({"next", "replace", "repeal", "require", "lift"}),
    ),
    _Aspect(
        _named("duration"),
        lambda step: step.takes,
        lambda words, step, other: words.parameter(step.takes),
        frozenset({"takes"}),
    ),
    _Aspect(
        _named("priority"),
        lambda step: step.priority,
        lambda words, step, other: words.priority(step.priority),
        frozenset({"priority"}),
    ),
    _Aspect(
        _named("sets off"),
        lambda step: step.signals,
        lambda words, step, other: words.signals(step.signals),
        frozenset({"signals_add", "signals_remove"}),
    ),
    _Aspect(
        _named("can follow"),
        lambda step: sorted(step.from_),
        lambda words, step, other: words.names(name for name in step.from_ if name not in other.from_),
        frozenset({"from_add"}),
    ),
    _Aspect(
        _named("effect on traits"),
        lambda step: step.changes,
        lambda words, step, other: words.changes(step.changes),
        frozenset({"changes"}),
    ),
)

Row = tuple[str, str, str, str, str, str, str, str]


@dataclass(frozen=True)
class _Comparison:
    """Two regimes side by side, and the reasons that only one of them has."""

    old: Regime
    new: Regime
    words: Words
    gained: tuple[Reason, ...]
    lost: tuple[Reason, ...]

    @staticmethod
    def of(old: Regime, new: Regime) -> _Comparison:
        words = Words({**old.final_steps, **new.final_steps}, {**old.conditions, **new.conditions}, Parameters.load())
        gained = tuple(reason for reason in new.reasons if reason not in old.reasons)
        lost = tuple(reason for reason in old.reasons if reason not in new.reasons)
        return _Comparison(old, new, words, gained, lost)

    def rows(self) -> Iterator[Row]:
        """Give the rows: entry into force, steps, conditions, decisions and hazards, facts, values."""
        yield from self._entries()
        before, after = self.old.final_steps, self.new.final_steps
        for name in dict.fromkeys((*after, *before)):
            yield from self._step(name, before.get(name), after.get(name))
        yield from self._conditions()
        behaviour = Behaviour.load()
        for kind, known in (("decision", behaviour.decision), ("hazard", behaviour.hazard)):
            yield from self._models(kind, known)
        yield from self._facts()
        yield from self._values()

    def _row(self, name: str, title: str, what: str, old: str, new: str, reasons: tuple[Reason, ...]) -> Row:
        law = sources(key for reason in reasons for key in reason.law)
        status = max((reason.status for reason in reasons), key=WEAKEST_LAST.index, default="")
        why = "; ".join(dict.fromkeys(reason.why for reason in reasons))
        if reasons and reasons[0] in self.lost:
            why = f"Taken back: {why}"
        return name, title, what, old, new, law, status, why

    def _because(self, kind: str, name: str, keys: frozenset[str] | None = None) -> tuple[Reason, ...]:
        """Return why something differs: what the new regime has more, or else what it has no longer."""
        for reasons in (self.gained, self.lost):
            found = [reason for reason in reasons if (reason.kind, reason.name) == (kind, name)]
            fitting = [reason for reason in found if keys is None or keys & set(reason.keys)]
            if fitting:
                return tuple(fitting)
        return ()

    def _step(self, name: str, old: Step | None, new: Step | None) -> Iterator[Row]:
        if old is not None and new is not None:
            for aspect in ASPECTS:
                if aspect.value(old) != aspect.value(new):
                    reasons = self._because("step", name, aspect.keys)
                    said = aspect.say(self.words, old, new), aspect.say(self.words, new, old)
                    yield self._row(name, new.title.en, aspect.what(old, new), *said, reasons)
        elif new is not None:
            reasons = self._because("step", name)
            yield self._row(name, new.title.en, "new step", "", self.words.whole(new), reasons)
        elif old is not None:
            reasons = self._because("step", name)
            yield self._row(name, old.title.en, "step left out", self.words.whole(old), "", reasons)

    def _conditions(self) -> Iterator[Row]:
        for name, new in self.new.conditions.items():
            old = self.old.conditions[name]
            before, after = {*old.at, *old.ever}, {*new.at, *new.ever}
            reasons = tuple(
                reason for step in sorted(before ^ after) for reason in self._because("step", step, frozenset({"new"}))
            )
            if before != after:
                said = self.words.names(sorted(before - after)), self.words.names(sorted(after - before))
                yield self._row(name, new.title, "condition holds at", *said, reasons)

    def _models(self, kind: str, known: Mapping[str, Decision] | Mapping[str, Hazard]) -> Iterator[Row]:
        for name, base in known.items():
            old, new = (_last(regime, kind, name, base) for regime in (self.old, self.new))
            for key in sorted({*old, *new}):
                if old.get(key) != new.get(key):
                    said = self.words.parameter(old.get(key)), self.words.parameter(new.get(key))
                    title = name.replace("_", " ").capitalize()
                    what = f"{kind}: {key.replace('_', ' ')}"
                    yield self._row(name, title, what, *said, self._because(kind, name))

    def _facts(self) -> Iterator[Row]:
        old, new = ({fact.name for fact in regime.facts if fact.until is None} for regime in (self.old, self.new))
        for name in sorted(old ^ new):
            reasons = self._because("fact", name)
            title = reasons[0].why if reasons else name.replace("_", " ")
            said = ("", "true") if name in new else ("true", "")
            yield self._row(name, title, "fact", *said, reasons)

    def _values(self) -> Iterator[Row]:
        old, new = self.old.parameter_values, self.new.parameter_values
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                said = self._value(name, old), self._value(name, new)
                yield self._row(name, name, "parameter value", *said, self._because("parameter", name))

    def _value(self, name: str, values: Mapping[str, float]) -> str:
        return f"{values[name]:g}" if name in values else self.words.parameter(name)

    def _entries(self) -> Iterator[Row]:
        """Compare the layers: their day of entry into force and their transitional rule."""
        old, new = ({layer.name: layer for layer in regime.layers} for regime in (self.old, self.new))
        for name in dict.fromkeys((*new, *old)):
            for what, say in (("entry into force", _entry), ("transitional rule", self._transition)):
                said = tuple(say(layers[name]) if name in layers else "" for layers in (old, new))
                if said[0] != said[1]:
                    layer = new.get(name) or old[name]
                    reason = Reason(name, "layer", name, (), layer.note, layer.law, layer.status)
                    yield self._row(name, layer.title.en, what, said[0], said[1], (reason,))

    def _transition(self, layer: Layer) -> str:
        if layer.in_force is None:
            return ""
        if layer.applies_to is None:
            return AT_ONCE
        return f'earlier text for those at "{self.words.step(layer.applies_to)}" before that day'


def _entry(layer: Layer) -> str:
    return "" if layer.in_force is None else layer.in_force.isoformat()


def _last(regime: Regime, kind: str, name: str, base: Decision | Hazard) -> dict[str, str]:
    """Return the parameters of a decision or hazard under a regime, by key (``logit.constant``)."""
    if kind == "decision":
        versions = regime.decisions.get(name, ())
        model: Decision | Hazard = versions[-1].decision if versions else base
    else:
        changed = regime.hazards.get(name, ())
        model = changed[-1].hazard if changed else base
    flat: dict[str, str] = {}
    for key in ("chance", "chance_by", "logit", "times"):
        value = getattr(model, key, None)
        if isinstance(value, str):
            flat[key] = value
        elif value:
            flat |= {f"{key}.{part}": parameter for part, parameter in value.items()}
    return flat
