"""A regime: the base text with amendments on it, each from its day and for those to whom it applies.

`Regime.load` composes a regime from its files without changing the base. The result is frozen and hashed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple

from sim.policies.library import parse, shipped_layers, shipped_regimes
from sim.policies.schema import Amendment
from sim.procedures.conditions import StepId
from sim.procedures.rulebook import content_hash
from sim.procedures.schema import Condition, Reason, Status, Step, Title, Track

if TYPE_CHECKING:
    from sim.policies.own import Own

__all__ = [
    "FactPeriod",
    "Kept",
    "Layer",
    "ModelVersion",
    "OwnFile",
    "Reason",
    "Regime",
    "StepVersion",
    "shipped_layers",
    "shipped_regimes",
]


@dataclass(frozen=True)
class Layer:
    """A regime or court layer as a part of another regime.

    Attributes
    ----------
    name, title, instrument
        What it is; ``title`` in English and Dutch.
    in_force
        The day from which it holds; None for the base text.
    applies_to
        The event (a step) of the transitional rule: the earlier text stays for anyone to whom it happened
        before ``in_force``. None: the layer applies at once to everybody.
    law, status, note
        Its sources, how far they were read, and a note.
    """

    name: str
    title: Title
    instrument: str
    in_force: dt.date | None
    applies_to: StepId | None
    law: tuple[str, ...]
    status: Status
    note: str = ""


@dataclass(frozen=True)
class StepVersion:
    """One text of a step.

    Attributes
    ----------
    step
        The step after the amendments of this layer and of those before it.
    in_force, applies_to
        As in `Layer`. Of the first version of a step both are None: it holds where no later one does.
    layer
        The layer that made it.
    reasons
        Why that layer amended the step; empty for the base text.
    """

    step: Step
    in_force: dt.date | None
    applies_to: StepId | None
    layer: str
    reasons: tuple[Reason, ...] = field(default=(), compare=False)


class Kept(NamedTuple):
    """A rule with new words, or with a change that the model does not follow: the step stays as it is.

    ``article``: where ``layer`` writes it.
    """

    layer: str
    step: StepId
    article: str
    followed: bool
    reason: Reason


class ModelVersion(NamedTuple):
    """The amendments of a decision or hazard that are in effect from a day on; None: from the start.

    Of a hazard, the facts in its new factors date the change: its ``in_force`` is always None.
    """

    in_force: dt.date | None
    amendments: tuple[Amendment, ...]


class FactPeriod(NamedTuple):
    """A fact that people can hear of.

    It is true from ``in_force`` on (None: from the start) and no longer on ``until`` (None: for good).
    """

    name: str
    in_force: dt.date | None
    until: dt.date | None


class OwnFile(NamedTuple):
    """A file of the user: its name without a folder, and its text when it was read."""

    name: str
    text: str


@dataclass(frozen=True, repr=False)
class Regime:
    """The rules of one world, with their dates.

    Attributes
    ----------
    name
        The name it was loaded by, with aliases resolved.
    title
        In English and Dutch.
    layers
        The base text and its amendments, in the order of entry into force.
    versions
        For every step its texts, earliest first. Version k is the text after the layers up to its own; a
        step that is never amended has one. The text that holds for a person on a day is the last one that
        is in force and applies.
    decisions, hazards
        The amendments of a decision or hazard, earliest first; `sim.policies.statute.Statute` applies them to the
        behaviour of a run.
    facts
        The facts that people can hear of, with the days between which they are true.
    parameter_values
        The parameters to which a chosen reading gives another value.
    readings
        The answers to all open legal questions, chosen or by default.
    tracks, conditions
        Those of the base text; a condition also holds in the new steps that are counted in it.
    reasons
        Every amendment that is part of the regime, with its layer, in the order of application.
    kept
        What has new words and stays as it is in the model.
    own_file
        The user's file from which it was loaded; None: it comes with the package.
    """

    name: str
    title: Title
    layers: tuple[Layer, ...]
    versions: Mapping[str, tuple[StepVersion, ...]]
    decisions: Mapping[str, tuple[ModelVersion, ...]]
    hazards: Mapping[str, tuple[ModelVersion, ...]]
    facts: tuple[FactPeriod, ...]
    parameter_values: Mapping[str, float]
    readings: Mapping[str, str]
    tracks: Mapping[str, Track]
    conditions: Mapping[str, Condition]
    reasons: tuple[Reason, ...]
    kept: tuple[Kept, ...] = field(default=(), compare=False)
    own_file: OwnFile | None = field(default=None, compare=False)

    @staticmethod
    def load(spec: str | PathLike[str], readings: Mapping[str, str] | None = None, own: Own | None = None) -> Regime:
        """Return the regime of a name.

        Parameters
        ----------
        spec
            ``NAME[+LAYER]...[+Uk=option]...``: a shipped regime, its alias or the path of a ``.toml`` file
            that amends one, from the present folder; court layers; answers to open legal questions.
        readings
            More answers, ``{"U1": "ninety_days"}``, for questions that the name leaves open; ignored where the
            regime does not depend on the question.
        own
            What a user adds: regimes found by name, and the parameters, conditions, decisions and sources that a
            regime may name.

        Raises
        ------
        InputError
            If the name or a file is wrong, with file, key, accepted values and the nearest match.
        """
        from sim.policies.compose import composed
        from sim.policies.own import NOTHING

        own = own or NOTHING
        return composed(parse(spec, own=own.regimes), dict(readings or {}), own.rulebook, own)

    @property
    def final_steps(self) -> dict[str, Step]:
        """The last text of every step."""
        return {name: versions[-1].step for name, versions in self.versions.items()}

    def throughout(self) -> Regime:
        """Return the same final texts as if they had held from the first day, for everybody."""
        return replace(
            self,
            layers=tuple(replace(layer, in_force=None, applies_to=None) for layer in self.layers),
            versions={
                name: (replace(versions[-1], in_force=None, applies_to=None),)
                for name, versions in self.versions.items()
            },
            decisions={name: (versions[-1]._replace(in_force=None),) for name, versions in self.decisions.items()},
            facts=tuple(fact._replace(in_force=None) for fact in self.facts if fact.until is None),
        )

    def __repr__(self) -> str:
        """Return the regime in one line."""
        return f"<Regime {self.name}: {self.title.en}>"

    def _repr_html_(self) -> str:
        """Return the layers as a small table, for notebooks."""
        from sim.files.html import table

        rows = [(layer.name, layer.title.en, layer.instrument, layer.in_force or "") for layer in self.layers]
        return table(f"{self.name}: {self.title.en}", ("layer", "title", "instrument", "in force"), rows)

    def hash(self) -> str:
        """Return the SHA-256 of everything with an effect, in hexadecimal; names and reasons have none."""
        return content_hash(
            {
                "versions": {
                    name: [[v.step, v.in_force, v.applies_to] for v in versions]
                    for name, versions in self.versions.items()
                },
                "decisions": [[name, _effects(versions)] for name, versions in sorted(self.decisions.items())],
                "hazards": [[name, _effects(versions)] for name, versions in sorted(self.hazards.items())],
                "facts": sorted(self.facts, key=str),
                "parameter_values": dict(sorted(self.parameter_values.items())),
                "tracks": self.tracks,
                "conditions": self.conditions,
            }
        )


def _effects(versions: tuple[ModelVersion, ...]) -> list[object]:
    """Return the changes of the amendments and their days, without their reasons."""
    return [[version.in_force, [_effect(change) for change in version.amendments]] for version in versions]


def _effect(change: Amendment) -> dict[str, object]:
    return change.model_dump(mode="json", include=set(change.changed))
