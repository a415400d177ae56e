"""Steps, branches and conditions in words that a lawyer can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.evidence.parameters import Parameters
from sim.evidence.references import cite
from sim.files.errors import InputError
from sim.policies.statute import Statute
from sim.procedures.conditions import At, Criterion, Ever, Name, Signal, Subject, TraitName
from sim.procedures.schema import Branch, Change, Condition, Priority, Step

ADDRESSEES = {"": "", "network": "for the network", "victims": "for the victims of the network"}


@dataclass(frozen=True)
class Words:
    """The wording of parts of the law, with the titles of these steps and conditions."""

    steps: Mapping[str, Step]
    conditions: Mapping[str, Condition]
    parameters: Parameters

    @staticmethod
    def of(statute: Statute) -> Words:
        """Return the wording of a statute, with its last texts."""
        return Words(statute.last_texts(), statute.conditions, statute.parameters)

    def step(self, name: str) -> str:
        """Return the title of a step."""
        return self.steps[name].title.en if name in self.steps else name

    def names(self, steps: Iterable[str]) -> str:
        """Return the titles of several steps."""
        return "; ".join(map(self.step, steps))

    def ways_on(self, branches: tuple[Branch, ...]) -> str:
        """Return the branches in order: ``1. if asks to report: Asked to report; 2. otherwise: ...``."""
        return "; ".join(f"{number}. {self.branch(branch, number)}" for number, branch in enumerate(branches, 1))

    def branch(self, branch: Branch, number: int) -> str:
        """Return one branch: the condition, the next step, and its signals."""
        condition = f"if {self.all_of(branch.when)}: " if branch.when else "otherwise: " if number > 1 else ""
        also = f" (sets off: {self.signals(branch.signals)})" if branch.signals else ""
        return f"{condition}{self.step(branch.to)}{also}"

    def all_of(self, when: tuple[Criterion, ...]) -> str:
        """Return conditions that must all hold."""
        return " and ".join(map(self.criterion, when))

    def criterion(self, criterion: Criterion) -> str:
        """Return one item of ``when``."""
        words = self.subject(criterion.subject)
        if not criterion.negated:
            return words
        return f"not ({words})" if " " in words else f"not {words}"

    def subject(self, subject: Subject) -> str:
        """Return the subject of an item of ``when``."""
        match subject:
            case At(step):
                return f'now at "{self.step(step)}"'
            case Ever(step):
                return f'has been at "{self.step(step)}"'
            case Name(name) if name in self.conditions:
                title = self.conditions[name].title
                return title[0].lower() + title[1:]
        return str(subject).replace("_", " ")

    def signals(self, signals: tuple[Signal, ...]) -> str:
        """Return the steps that signals set off on other tracks."""
        return "; ".join(f"{self.step(signal.step)} {ADDRESSEES[signal.address]}".rstrip() for signal in signals)

    def parameter(self, name: str | None) -> str:
        """Return a parameter with its value: ``28 days (om.quick_assessment_days)``."""
        if name is None:
            return ""
        if name not in self.parameters:
            return name
        value, unit = self.parameters.value(name), self.parameters.passport(name).unit
        return f"{value:g} {unit.replace('_', ' ')} ({name})"

    def priority(self, ranks: tuple[Priority, ...]) -> str:
        """Return the ranks of a queue."""
        served = (f"rank {rank.rank} if {self.all_of(rank.when)}" for rank in ranks)
        return "; ".join(served) or "in order of arrival"

    def changes(self, changes: Mapping[TraitName, Change]) -> str:
        """Return the changes of traits on entering a step."""
        return "; ".join(
            f"{trait}: {'plus' if change.add else 'set to'} {self.parameter(change.add or change.set)}"
            for trait, change in changes.items()
        )

    def whole(self, step: Step) -> str:
        """Return a whole step: who acts, how long it takes, what follows, where it is written."""
        parts = [f"by: {step.by or step.actor}"]
        if step.takes is not None:
            parts.append(f"takes: {self.parameter(step.takes)}")
        if step.takes_at_most is not None:
            parts.append(f"at most: {self.parameter(step.takes_at_most)}")
        if step.signals:
            parts.append(f"sets off: {self.signals(step.signals)}")
        if step.next:
            parts.append(f"then: {self.ways_on(step.next)}")
        if step.article:
            parts.append(f"article: {step.article}")
        return "; ".join(parts)


def sources(keys: Iterable[str]) -> str:
    """Return the sources as citations; a key that is not in the bibliography stays as it is."""
    return "; ".join(dict.fromkeys(map(_source, keys)))


def _source(key: str) -> str:
    try:
        return cite(key)
    except InputError:
        return key
