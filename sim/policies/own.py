"""What a user adds in a folder of their own: sources, parameters, conditions, behaviour, regimes, measures and groups.

A scenario names the folder (``own = "my_study"``). Each file in it is known by what it holds, not by its name:

* ``*.bib``: sources;
* ``[regime]`` or ``[layer]``: a regime or court layer, known by the name of its file;
* ``[condition.NAME]``: named conditions;
* ``[decision.NAME]``, ``[hazard.NAME]``, ``[curve.DECISION.NAME]``: behaviour beside the shipped;
* ``[measure.NAME]`` and ``[group.NAME]``: what is measured, and for whom;
* ``[hypothesis]``: a preset, known by the name of its file;
* anything else made of tables with a ``value``: parameters with their passports.

Scenarios and cases in the same folder are left alone. Nothing may take the name of something that is shipped.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field

from sim.agents.behaviour import Authorities, Behaviour, Curve, Decision, Hazard
from sim.evidence.parameters import Parameters
from sim.evidence.passport import Passport
from sim.evidence.references import lend, read_bib, reference_keys
from sim.files.document import Document
from sim.files.errors import InputError, raise_all
from sim.files.place import Place
from sim.files.toml import read_text, read_toml, validate
from sim.policies.library import (
    Source,
    dates_of_shipped,
    read_source,
    shipped,
    shipped_behaviour,
    shipped_facts,
)
from sim.procedures.rulebook import Rulebook
from sim.procedures.schema import Condition, Conditions
from sim.procedures.traits import ALL_NAMES
from sim.procedures.vocabulary import parameter_mistakes

IGNORED = ("scenario", "extends", "case", "study")
"""First tables of files that are not part of what is added."""


class OwnBehaviour(Document):
    """A file of decisions, hazards and other forms of decisions, beside the shipped ones."""

    decision: dict[str, Decision] = Field(default_factory=dict)
    curve: dict[str, dict[str, Curve]] = Field(default_factory=dict)
    hazard: dict[str, Hazard] = Field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A measure or group as its file has it: where it is, and its keys."""

    place: Place
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Own:
    """The content of a user's folder; empty where a scenario names none.

    Attributes
    ----------
    folder
        The folder; None: there is none.
    texts
        Every file that takes part, by name: copied into results, and hashed for the receipt.
    sources, passports, conditions, decisions, curves, hazards
        What is added, by name.
    regimes
        Regimes and court layers by name.
    hypotheses
        Presets by name.
    measures, groups
        As written; `sim.outcomes` reads them.
    """

    folder: Path | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    passports: Mapping[str, Passport] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    curves: Mapping[str, Mapping[str, Curve]] = field(default_factory=dict)
    hazards: Mapping[str, Hazard] = field(default_factory=dict)
    regimes: Mapping[str, Source] = field(default_factory=dict)
    hypotheses: Mapping[str, Path] = field(default_factory=dict)
    measures: Mapping[str, Table] = field(default_factory=dict)
    groups: Mapping[str, Table] = field(default_factory=dict)

    @staticmethod
    def load(folder: Path, place: Place) -> Own:
        """Read a user's folder.

        Parameters
        ----------
        folder
            The folder.
        place
            Where it was named, for the errors.

        Raises
        ------
        InputError
            For the first file that is not as it should be: unknown content, a name that is shipped or given twice, a
            source without an entry, a passport without a range.
        """
        if not folder.is_dir():
            raise place.error("no such folder", value=str(folder), accepted="a folder with files of your own")
        return _Reader(folder).read()

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file, by name."""
        return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(self.texts.items())}

    # ---- what is shipped, with what is added ----

    @cached_property
    def rulebook(self) -> Rulebook:
        """The base text, with the conditions that are added."""
        base = Rulebook.load()
        if not self.conditions:
            return base
        return Rulebook(base.tracks, base.steps, {**base.conditions, **self.conditions}, base.folder)

    @cached_property
    def parameters(self) -> Parameters:
        """The shipped parameters and those that are added."""
        return Parameters.load().extended(self.passports)

    def behaviour(self, given: Behaviour | None = None) -> Behaviour:
        """Return a behaviour (by default the shipped one) with the decisions, curves and hazards that are added."""
        base = given or shipped_behaviour()
        if not (self.decisions or self.curves or self.hazards):
            return base
        curves = {name: {**base.curve.get(name, {}), **forms} for name, forms in self.curves.items()}
        update = {
            "decision": {**base.decision, **self.decisions},
            "curve": {**base.curve, **curves},
            "hazard": {**base.hazard, **self.hazards},
        }
        return base.model_copy(update=update)

    @cached_property
    def source_keys(self) -> frozenset[str]:
        """The keys of all sources, shipped and added."""
        return reference_keys() | self.sources.keys()

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts that any regime brings, shipped or added."""
        return shipped_facts() | {fact for source in self.regimes.values() for fact in source.file.fact}

    @cached_property
    def dates(self) -> frozenset[dt.date]:
        """The days on which any regime or layer, shipped or added, is announced or begins to hold."""
        heads = (source.file.head for source in self.regimes.values())
        added = (day for head in heads for day in (head.announced, head.in_force) if day is not None)
        return dates_of_shipped() | set(added)

    @cached_property
    def all_regimes(self) -> tuple[Source, ...]:
        """All regimes and court layers, shipped and added."""
        return (*shipped(), *self.regimes.values())

    @cached_property
    def steps(self) -> frozenset[str]:
        """The steps that any regime brings, shipped or added."""
        return frozenset(step for source in self.all_regimes for step in source.file.step)


NOTHING = Own()
"""No folder of a user's own."""


class _Reader:
    """Reads the files of a folder, each by what it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.sources: dict[str, dict[str, str]] = {}
        self.tables: dict[str, dict[str, Any]] = {
            key: {} for key in ("passports", "conditions", "decisions", "curves", "hazards", "measures", "groups")
        }
        self.regimes: dict[str, Source] = {}
        self.hypotheses: dict[str, Path] = {}
        self.places: dict[str, Place] = {}

    def read(self) -> Own:
        for path in sorted(self.folder.glob("*.bib")):
            self._bibliography(path)
        for path in sorted(self.folder.glob("*.toml")):
            self._file(path)
        own = Own(
            folder=self.folder,
            texts=self.texts,
            sources=self.sources,
            regimes=self.regimes,
            hypotheses=self.hypotheses,
            **self.tables,
        )
        raise_all(_mistakes(own, self.places))
        return own

    def _bibliography(self, path: Path) -> None:
        entries = read_bib(path)
        self._keep(path)
        for key, entry in entries.items():
            self._new(Place(path, key), "source", key, (*reference_keys(), *self.sources))
            self.sources[key] = entry
        lend(entries)

    def _file(self, path: Path) -> None:
        data = read_toml(path)
        if any(key in data for key in IGNORED):
            return
        self._keep(path)
        if "regime" in data or "layer" in data:
            self.regimes[path.stem] = read_source(path)
        elif "hypothesis" in data:
            self.hypotheses[path.stem] = path
        elif "condition" in data:
            shipped_names = (*Rulebook.load().conditions, *shipped_behaviour().decision, *shipped_facts(), *ALL_NAMES)
            self._add("conditions", path, "condition", validate(Conditions, data, path).condition, shipped_names)
        elif "measure" in data or "group" in data:
            for key in ("measure", "group"):
                given = data.get(key, {})
                tables = {name: Table(Place(path, f"{key}.{name}"), content) for name, content in given.items()}
                self._add(f"{key}s", path, key, tables, ())
        elif any(key in data for key in OwnBehaviour.model_fields):
            self._behaviour(path, validate(OwnBehaviour, data, path))
        elif any(isinstance(value, dict) for value in data.values()):
            passports = Parameters.load(path, sources=self.sources).passports
            self._add("passports", path, "", passports, Parameters.load())
        else:
            raise Place(path, "").error("not a file that can be added", accepted=__doc__.split("\n\n")[1].strip())

    def _behaviour(self, path: Path, found: OwnBehaviour) -> None:
        base = shipped_behaviour()
        taken = (*Rulebook.load().conditions, *shipped_facts(), *ALL_NAMES)
        self._add("decisions", path, "decision", found.decision, (*base.decision, *taken))
        self._add("hazards", path, "hazard", found.hazard, base.hazard)
        for decision, forms in found.curve.items():
            place = Place(path, f"curve.{decision}")
            known = {**base.decision, **self.tables["decisions"]}
            if decision not in known:
                raise place.unknown("decision", decision, known)
            for name in forms:
                self._new(place.at(name), "curve", name, base.curve.get(decision, ()))
            self.tables["curves"].setdefault(decision, {}).update(forms)

    def _add(self, kind: str, path: Path, key: str, found: Mapping[str, Any], shipped_names: Iterable[str]) -> None:
        for name, value in found.items():
            place = Place(path, f"{key}.{name}" if key else name)
            self._new(place, kind.rstrip("s"), name, (*shipped_names, *self.tables[kind]))
            self.tables[kind][name] = value
            self.places[f"{kind} {name}"] = place

    def _new(self, place: Place, what: str, name: str, taken: Iterable[str]) -> None:
        if name in taken:
            raise place.error(f"a {what} of this name is there already", value=name, accepted="another name")

    def _keep(self, path: Path) -> None:
        self.texts[path.name] = read_text(path, "TOML or BibTeX")


def _mistakes(own: Own, places: Mapping[str, Place]) -> Iterator[InputError]:
    """Find the names in conditions and behaviour that do not exist."""
    from sim.policies.structure import condition_mistakes, model_mistakes, vocabulary

    known = vocabulary(
        own.rulebook,
        more_steps=own.steps,
        facts=sorted(own.facts),
        behaviour=own.behaviour(),
        authorities=Authorities.load(),
        parameters=own.parameters,
        sources=own.source_keys,
    )
    for name, condition in own.conditions.items():
        yield from condition_mistakes(condition, places[f"conditions {name}"], known)
    models: dict[str, Mapping[str, Decision | Hazard]] = {"decisions": own.decisions, "hazards": own.hazards}
    for kind, found in models.items():
        for name, model in found.items():
            place = places[f"{kind} {name}"]
            yield from model_mistakes(model, place, known)
            for key, parameter in model.parameters():
                yield from parameter_mistakes(parameter, place.at(key), known)
