"""Rival explanations of what happened, as presets over one scenario: ``scenarios/hypotheses/*.toml``.

A preset changes parameters, switches, curves, readings, inflow and external events of a scenario; it adds no mechanism
of its own. None is the default, and each says which published facts it cannot reproduce.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, field_validator

from sim.evidence.references import reference_keys
from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, nearest, raise_all
from sim.files.paths import expanded
from sim.files.place import Place
from sim.files.shipped import shipped_scenarios_dir
from sim.files.toml import read_toml, validate

if TYPE_CHECKING:
    from sim.policies.own import Own
    from sim.scenarios.scenario import Scenario

CHANGES = ("parameters", "switches", "curves", "readings", "inflow", "shocks", "programmes")
"""What a preset can change, by the names of ``Scenario.replace``."""


class Head(Document):
    """What the explanation says, who holds it, and how one would know."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    holder: tuple[str, ...] = Field(min_length=1)
    mechanism: str = Field(min_length=1)
    signature: str = Field(min_length=1)
    fails: tuple[str, ...] = Field(min_length=1)
    law: tuple[str, ...] = Field(min_length=1)

    _tuples = field_validator("holder", "fails", "law", mode="before")(as_tuple)


class HypothesisFile(Document):
    """The shape of a preset; the scenario checks what is in the tables."""

    hypothesis: Head
    shocks: tuple[str, ...] | None = None
    programmes: tuple[str, ...] | None = None
    parameters: dict[str, float] = Field(default_factory=dict)
    switches: dict[str, bool] = Field(default_factory=dict)
    curves: dict[str, str] = Field(default_factory=dict)
    readings: dict[str, str] = Field(default_factory=dict)
    inflow: dict[str, Any] = Field(default_factory=dict)

    _tuples = field_validator("shocks", "programmes", mode="before")(as_tuple)


class Hypothesis:
    """One preset.

    Attributes
    ----------
    name
        Name of the file without its ending.
    file
        Where it came from.
    document
        The content.
    """

    def __init__(self, document: HypothesisFile, file: Path, own: Own | None = None) -> None:
        self.document, self.file, self.name = document, file, file.stem
        known = reference_keys() if own is None else own.source_keys
        for key in document.hypothesis.law:
            if key not in known:
                raise InputError(
                    "unknown source", file=file, key="hypothesis.law", value=key, nearest=nearest(key, known)
                )

    @classmethod
    def load(cls, name: str | PathLike[str], own: Own | None = None) -> Self:
        """Read a preset: one of a user's own by its name, a shipped one by its name or number (``H5``), or a file.

        Parameters
        ----------
        name
            Name, number, or path from the present folder.
        own
            What a user adds.

        Raises
        ------
        InputError
            When there is none, or the file is not as it should be.
        """
        if not isinstance(name, str | PathLike):
            accepted = 'a name or a file; several one by one, as under("H5", "H11")'
            raise InputError("not the name of a hypothesis", key="hypothesis", value=name, accepted=accepted)
        file = expanded(name)
        if own is not None and str(name) in own.hypotheses:
            file = own.hypotheses[str(name)]
        elif file.suffix != ".toml":
            file = _shipped_file(str(name))
        return cls(validate(HypothesisFile, read_toml(file), file), file, own)

    @property
    def changes(self) -> dict[str, Any]:
        """What it changes of a scenario, by the names of ``Scenario.replace``."""
        given = {key: getattr(self.document, key) for key in CHANGES}
        return {key: value for key, value in given.items() if value is not None and value != {}}


def hypotheses_dir() -> Path:
    """Return the folder of the shipped presets."""
    return shipped_scenarios_dir() / "hypotheses"


@cache
def shipped_hypotheses() -> tuple[Hypothesis, ...]:
    """Return the shipped presets by their number: H1, H2, ... H10a, ..."""
    loaded = [Hypothesis(validate(HypothesisFile, read_toml(f), f), f) for f in hypotheses_dir().glob("*.toml")]
    return tuple(sorted(loaded, key=lambda preset: _number(preset.document.hypothesis.id)))


def under(scenario: Scenario, names: Sequence[str | PathLike[str]]) -> Scenario:
    """Return a scenario with the changes of one preset or of several together.

    Raises
    ------
    InputError
        When a preset does not exist, two of them want different values, or the scenario does not accept a value.
    """
    presets = [Hypothesis.load(name, scenario.own) for name in names]
    changes: dict[str, Any] = {}
    said_by: dict[tuple[str, str], Hypothesis] = {}
    for preset in presets:
        for kind, wanted in preset.changes.items():
            _combine(changes, said_by, preset, kind, wanted)
    titles = {preset.name: preset.document.hypothesis.title for preset in presets}
    try:
        return scenario.replace(**changes, hypotheses_included=titles)
    except InputError as error:
        raise_all(_as_said(problem, said_by) for problem in error.problems)
        raise


def _as_said(problem: InputError, said_by: Mapping[tuple[str, str], Hypothesis]) -> InputError:
    """Name the preset that wants what the scenario does not accept, not the file of the scenario."""
    kind, _, key = (problem.key or "").partition(".")
    of_kind = [preset for (other, _), preset in said_by.items() if other == kind] or list(said_by.values())
    preset = said_by.get((kind, key), of_kind[0])
    return Place(preset.file, problem.key or kind).error(
        problem.problem, value=problem.value, accepted=problem.accepted, near=problem.nearest
    )


def _combine(
    changes: dict[str, Any], said_by: dict[tuple[str, str], Hypothesis], preset: Hypothesis, kind: str, wanted: Any
) -> None:
    """Add what a preset wants of one kind to what others want; refuse what does not go together."""
    pairs = wanted.items() if isinstance(wanted, Mapping) else [("", wanted)]
    for key, value in pairs:
        before = changes.get(kind, {}).get(key, value) if isinstance(wanted, Mapping) else changes.get(kind, value)
        if before != value:
            raise InputError(
                f"{said_by[kind, key].name} and {preset.name} do not go together",
                file=preset.file,
                key=f"{kind}.{key}" if key else kind,
                value=value,
                accepted=f"{before}, as {said_by[kind, key].name} says; or one of the two alone",
            )
        said_by[kind, key] = preset
    changes[kind] = {**changes.get(kind, {}), **wanted} if isinstance(wanted, Mapping) else wanted


def _shipped_file(name: str) -> Path:
    known = {preset.document.hypothesis.id: preset.file for preset in shipped_hypotheses()}
    known |= {preset.name: preset.file for preset in shipped_hypotheses()}
    if name not in known:
        raise InputError(
            "no such hypothesis",
            key="hypothesis",
            value=name,
            accepted=f"a file, or one of {', '.join(known)}",
            nearest=nearest(name, known),
        )
    return known[name]


def _number(id: str) -> tuple[int, str]:
    digits = "".join(c for c in id if c.isdigit())
    return int(digits or 0), id
