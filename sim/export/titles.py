"""Titles in English and Dutch of all that a table names: regimes, groups, measures, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sim.outcomes import dutch
from sim.outcomes.groups import Groups
from sim.policies.library import readings
from sim.policies.regime import Regime
from sim.procedures.schema import Title
from sim.report.phrases import GROUP_TITLES, OUTCOME_TITLES

OUTCOMES: Final = {
    name: Title(en=OUTCOME_TITLES[name], nl=nl)
    for name, nl in {
        "b8_permit": "B8-vergunning",
        "asylum_granted": "asiel verleend",
        "transferred": "overgedragen op grond van Dublin",
        "left_unknown": "met onbekende bestemming vertrokken",
        "departed": "aantoonbaar vertrokken",
        "in_procedure": "nog in procedure",
    }.items()
}
"""Titles of exits and of where people stand at the end."""
_RULE_GROUPS: Final = {
    "rule_changed": "mensen voor wie de regel veranderde",
    "rule_unchanged": "mensen voor wie de regel niet veranderde",
}


@dataclass(frozen=True)
class Titles:
    """The titles of one result.

    Attributes
    ----------
    regimes, groups
        By name, in the order of the tables.
    measures
        By measure and world.
    """

    regimes: Mapping[str, Title]
    groups: Mapping[str, Title]
    measures: Mapping[tuple[str, str], Title]

    def regime(self, name: str, language: str) -> str:
        """Return the title of a regime."""
        return _in(self.regimes[name], language)

    def group(self, name: str, language: str) -> str:
        """Return the title of a group."""
        return _in(self.groups[name], language)

    def measure(self, name: str, language: str, world: str = "simulated") -> str:
        """Return the title of a measure."""
        return _in(self.measures[name, world], language)

    def outcome(self, name: str, language: str) -> str:
        """Return the title of an exit or of where somebody stands at the end."""
        return _in(OUTCOMES[name], language)


def _in(title: Title, language: str) -> str:
    return title.nl if language == "nl" else title.en


def measure_titles(catalogue: pd.DataFrame) -> dict[tuple[str, str], Title]:
    """Return the titles of a catalogue of measures."""
    rows = catalogue[["measure", "world", "title", "title_nl"]].itertuples(index=False, name=None)
    return {(measure, world): Title(en=en, nl=nl) for measure, world, en, nl in rows}


def group_titles(groups: Groups, marked: Mapping[str, str]) -> dict[str, Title]:
    """Return the titles of groups, with the assumed parameter that a receipt names where one drives them."""
    found = {}
    for name, group in groups.tables.items():
        mark = marked[name].removeprefix(group.title.en)
        nl = f"{group.title.nl}{mark.replace('driven by an assumed input', dutch.MARK)}"
        found[name] = Title(en=marked[name], nl=nl)
    return found | {name: Title(en=GROUP_TITLES[name], nl=nl) for name, nl in _RULE_GROUPS.items()}


def regime_titles(regimes: Mapping[str, Regime]) -> dict[str, Title]:
    """Return the titles of regimes by their names in tables: with court layers and readings, and distinct."""
    found = {name: _whole_title(regime) for name, regime in regimes.items()}
    shared = {title.en for title in found.values() if _count(found.values(), title) > 1}
    return {
        name: Title(en=f"{title.en} [{name}]", nl=f"{title.nl} [{name}]") if title.en in shared else title
        for name, title in found.items()
    }


def _count(titles: Iterable[Title], title: Title) -> int:
    return sum(other.en == title.en for other in titles)


def _whole_title(regime: Regime) -> Title:
    layers = {layer.name: layer.title for layer in regime.layers}
    parts = [regime.title]
    for part in regime.name.split("+")[1:]:
        question, _, option = part.partition("=")
        parts.append(readings()[question].options[option].title if option else layers[part])
    return Title(en="; ".join(part.en for part in parts), nl="; ".join(part.nl for part in parts))
