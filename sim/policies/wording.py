"""Steps, branches and conditions in words that a lawyer can read, in English or in Dutch."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sim.evidence.parameters import Parameters
from sim.evidence.references import cite
from sim.files.errors import InputError
from sim.policies.statute import Statute
from sim.procedures.conditions import At, Criterion, Ever, Name, Signal, Subject, TraitName
from sim.procedures.schema import Branch, Change, Condition, Priority, Step, Title

LANGUAGES: Final = ("en", "nl")
ADDRESSEES = {"": "", "network": "for the network", "victims": "for the victims of the network"}


@dataclass(frozen=True)
class Words:
    """The wording of parts of the law, with the titles of these steps and conditions, in a language."""

    steps: Mapping[str, Step]
    conditions: Mapping[str, Condition]
    parameters: Parameters
    language: str = "en"

    @staticmethod
    def of(statute: Statute, language: str = "en") -> Words:
        """Return the wording of a statute, with its last texts."""
        return Words(statute.last_texts(), statute.conditions, statute.parameters, language)

    def say(self, text: str, **values: object) -> str:
        """Return an English text in the language, where there is one in it, with values for the names in braces."""
        said = in_language(text, self.language)
        return said.format(**values) if values else said

    def title(self, title: Title) -> str:
        """Return a title in the language."""
        return title.nl if self.language == "nl" else title.en

    def step(self, name: str) -> str:
        """Return the title of a step."""
        return self.title(self.steps[name].title) if name in self.steps else name

    def names(self, steps: Iterable[str]) -> str:
        """Return the titles of several steps."""
        return "; ".join(map(self.step, steps))

    def ways_on(self, branches: tuple[Branch, ...]) -> str:
        """Return the branches in order: ``1. if asks to report: Asked to report; 2. otherwise: ...``."""
        return "; ".join(f"{number}. {self.branch(branch, number)}" for number, branch in enumerate(branches, 1))

    def branch(self, branch: Branch, number: int) -> str:
        """Return one branch: the condition, the next step, and its signals."""
        otherwise = self.say("otherwise: ") if number > 1 else ""
        condition = self.say("if {when}: ", when=self.all_of(branch.when)) if branch.when else otherwise
        also = self.say(" (sets off: {signals})", signals=self.signals(branch.signals)) if branch.signals else ""
        return f"{condition}{self.step(branch.to)}{also}"

    def all_of(self, when: tuple[Criterion, ...]) -> str:
        """Return conditions that must all hold."""
        return self.say(" and ").join(map(self.criterion, when))

    def criterion(self, criterion: Criterion) -> str:
        """Return one item of ``when``."""
        words = self.subject(criterion.subject)
        if not criterion.negated:
            return words
        return self.say("not ({words})" if " " in words else "not {words}", words=words)

    def subject(self, subject: Subject) -> str:
        """Return the subject of an item of ``when``."""
        match subject:
            case At(step):
                return self.say('now at "{step}"', step=self.step(step))
            case Ever(step):
                return self.say('has been at "{step}"', step=self.step(step))
            case Name(name) if name in self.conditions:
                title = self.conditions[name].title
                return self.say(title[0].lower() + title[1:])
        return self.name(str(subject))

    def name(self, name: str) -> str:
        """Return a decision, a trait, a fact or an event as it is in a sentence."""
        return self.say(name.replace("_", " "))

    def signals(self, signals: tuple[Signal, ...]) -> str:
        """Return the steps that signals set off on other tracks."""
        said = (f"{self.step(one.step)} {self.say(ADDRESSEES[one.address])}".rstrip() for one in signals)
        return "; ".join(said)

    def parameter(self, name: str | None) -> str:
        """Return a parameter with its value: ``28 days (om.quick_assessment_days)``."""
        if name is None:
            return ""
        if name not in self.parameters:
            return name
        value, unit = self.parameters.value(name), self.parameters.passport(name).unit
        text = f"{value:g}".replace(".", "," if self.language == "nl" else ".")
        return f"{text} {self.say(unit.replace('_', ' '))} ({name})"

    def priority(self, ranks: tuple[Priority, ...]) -> str:
        """Return the ranks of a queue."""
        served = (self.say("rank {rank} if {when}", rank=rank.rank, when=self.all_of(rank.when)) for rank in ranks)
        return "; ".join(served) or self.say("in order of arrival")

    def changes(self, changes: Mapping[TraitName, Change]) -> str:
        """Return the changes of traits on entering a step."""
        return "; ".join(
            f"{trait}: {self.say('plus' if change.add else 'set to')} {self.parameter(change.add or change.set)}"
            for trait, change in changes.items()
        )

    def whole(self, step: Step) -> str:
        """Return a whole step: who acts, how long it takes, what follows, where it is written."""
        parts = [self.say("by: {by}", by=step.by or step.actor)]
        if step.takes is not None:
            parts.append(self.say("takes: {time}", time=self.parameter(step.takes)))
        if step.takes_at_most is not None:
            parts.append(self.say("at most: {time}", time=self.parameter(step.takes_at_most)))
        if step.signals:
            parts.append(self.say("sets off: {signals}", signals=self.signals(step.signals)))
        if step.next:
            parts.append(self.say("then: {ways}", ways=self.ways_on(step.next)))
        if step.article:
            parts.append(self.say("article: {article}", article=step.article))
        return "; ".join(parts)


def in_language(text: str, language: str) -> str:
    """Return an English text of the law in a language; the text itself where there is none in it."""
    return dutch().get(text, text) if language == "nl" else text


@cache
def dutch() -> Mapping[str, str]:
    """Return the Dutch of the texts about the law that are written in English only, by their English."""
    with (Path(__file__).parent / "words" / "dutch.toml").open("rb") as file:
        found: dict[str, str] = tomllib.load(file)
    return found


def sources(keys: Iterable[str]) -> str:
    """Return the sources as citations; a key that is not in the bibliography stays as it is."""
    return "; ".join(dict.fromkeys(map(_source, keys)))


def _source(key: str) -> str:
    try:
        return cite(key)
    except InputError:
        return key
