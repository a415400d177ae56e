"""The parts of sentences in which a chronology and the law are put."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from sim.policies.library import shipped
from sim.policies.regime import Regime, StepVersion
from sim.policies.statute import Span
from sim.policies.wording import Words, sources
from sim.procedures.conditions import Criterion
from sim.procedures.schema import Branch
from sim.replay.config import Config
from sim.replay.known import Known
from sim.replay.rules import Rules

WIDTH = 100


class Teller:
    """Puts one case under one regime into words."""

    def __init__(self, law: Rules, known: Known) -> None:
        self.law, self.known = law, known
        self.regime: Regime = law.regime
        self.words = Words.of(law.statute)

    # ---- steps and days ----

    def title(self, step: str) -> str:
        """Return the title of a step in English and Dutch; of a step of another regime too."""
        if step in self.law.statute.steps:
            title = self.law.statute.last_text(step).title
        else:
            title = next(source.file.step[step].title for source in shipped() if step in source.file.step)
        return f"{title.en} ({title.nl})"

    def quoted(self, step: str) -> str:
        """Return the title of a step in quotation marks, with its id."""
        return f'"{self.title(step)}" [{step}]'

    def short(self, step: str) -> str:
        """Return the English title of a step in quotation marks."""
        return f'"{self.words.step(step)}"'

    def track(self, step: str) -> str:
        """Return the name of the track of a step."""
        return self.law.statute.tracks[self.law.tracks[self.law.track_of[step]]].title.en

    def day(self, day: int) -> str:
        """Return a date."""
        return self.law.date(min(day, self.law.calendar.days - 1)).isoformat()

    def since(self, span: Span) -> str:
        """Return when a step was entered, as far as known."""
        if span.first == span.last:
            return self.day(span.first)
        return f"before {self.day(span.last)}" if span.first == 0 else f"{self.day(span.first)} or later"

    def branch(self, branch: Branch) -> str:
        """Return where a branch leads and what it sets off."""
        also = f", and with it: {self.words.signals(branch.signals)}" if branch.signals else ""
        return f"{self.short(branch.to)}{also}"

    # ---- the law ----

    def text(self, version: StepVersion) -> str:
        """Return which text of a step that is."""
        layer = self.law.statute.layer(version.layer)
        if version.in_force is None:
            return f"text of {layer.name}"
        return f"text of {layer.name}: {layer.instrument}, in force from {version.in_force}"

    def why_of(self, version: StepVersion, aspect: str = "next") -> str:
        """Return why a text is as it is in one respect (by default its ways on), in a sentence; or nothing."""
        return "; ".join(dict.fromkeys(reason.why for reason in self.law.statute.reasons(version, aspect)))

    def law_of(self, version: StepVersion, aspect: str = "next") -> str:
        """Return the sources of a text of a step, those of the amendment that made it if one did."""
        reasons = self.law.statute.reasons(version, aspect)
        law = [key for reason in reasons for key in reason.law] or list(version.step.law)
        status = reasons[0].status if reasons else version.step.status
        article = f"{version.step.article}; " if version.step.article else ""
        return f"{article}{sources(law)} [{status}]"

    # ---- conditions ----

    def item(self, item: Criterion, config: Config, now: int) -> str:
        """Return how things are where an item of ``when`` does not hold, and how that is known."""
        if item.name is not None and self.known.is_decision(item):
            return self._answer(item, now)
        verdict = "this holds" if item.negated else "this does not hold"
        how = self._how(item.name, config, now) if item.name is not None else ""
        return f"{verdict}: {self.words.subject(item.subject)}" + (f" ({how})" if how else "")

    def _answer(self, item: Criterion, now: int) -> str:
        """Return the answer of a decision, and who gives it."""
        assert item.name is not None
        told = f"the answer to {self.words.subject(item.subject)!r} is"
        if item.name in self.known.facts:
            return f"{told} {_yes(self.known.facts[item.name])}, says the case"
        settled = self.law.settled(item.name, Span(now, now))
        if settled is not None:
            return f"{told} {_yes(settled)}, by the reading {self.law.reading_of(item.name)}"
        return f"{told} {_yes(item.negated)}"

    def _how(self, name: str, config: Config, now: int) -> str:
        """Return how it is known that a condition holds or not."""
        condition = self.law.statute.condition(name)
        if condition is not None and condition.at:
            stands = [config.stands[track] for track in {self.law.track_of[step] for step in condition.at}]
            where = [
                f"{self.track(stand.step)}: {self.short(stand.step)} since {self.since(stand.entered)}"
                for stand in stands
                if stand is not None
            ]
            if where:
                return "; ".join(where)
        if name in self.known.facts:
            return f"fact of the case: {name} = {str(self.known.facts[name]).lower()}"
        if condition is not None and condition.since is not None:
            since = config.entered(condition.since)
            return f"the term ends on {self.day(self.law.days_that_matter(condition, since)[1] - 1)}" if since else ""
        if condition is not None and condition.from_date is not None:
            return f"from {condition.from_date} on"
        return f"by the rules of {self.day(now)}" if self.law.statute.days_of_fact(name) else ""

    def items(self, items: Iterable[Criterion], config: Config, now: int) -> str:
        """Return why several items bar the way."""
        return "; ".join(dict.fromkeys(self.item(item, config, now) for item in items))


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def wrapped(text: str, indent: str, first: str | None = None) -> str:
    """Return a paragraph at the width of a page, indented."""
    start = indent if first is None else first
    return textwrap.fill(
        text, WIDTH, initial_indent=start, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
