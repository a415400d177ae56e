"""A scenario: period, people, capacities, external events and chosen readings, as a TOML file or as a frozen object."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.files.document import Document, as_tuple
from sim.files.errors import MISSING, InputError, nearest
from sim.files.shipped import shipped_scenarios_dir
from sim.files.toml import read_toml, validate

Shock = Literal["registration_stopped", "transfers_stopped", "fewer_controls"]


class Header(Document):
    """What the scenario is about, and how a comparison of it runs unless told otherwise."""

    title: str = Field(min_length=1)
    description: str = ""
    start: dt.date
    end: dt.date
    regimes: tuple[str, ...] = Field(min_length=1)
    replicates: int = Field(ge=1, le=100_000)
    seed: int = Field(ge=0, lt=2**63)

    _tuples = field_validator("regimes", mode="before")(as_tuple)


class Inflow(Document):
    """Who comes: the published numbers times ``scale``, or ``persons`` in the same proportions.

    ``persons``: how many first applicants and hidden victims are drawn in all, over the calendar months that the
    scenario touches. In a month that lies partly outside it those whose day of arrival falls outside never arrive.
    ``capacities``: ``in_proportion`` multiplies every capacity by what the people are multiplied with.
    ``responds_to_rule``: in the whole months from ``responds_from`` on extra people come while the rule attracts them.
    ``level``: ``as_in_2018`` keeps the numbers of 2018 in all later years, as if inflow had not changed.
    """

    scale: float | None = Field(default=None, ge=0, le=50)
    persons: int | None = Field(default=None, ge=0, le=10_000_000)
    capacities: Literal["as_given", "in_proportion"] = "as_given"
    responds_to_rule: bool = False
    responds_from: dt.date | None = None
    level: Literal["published", "as_in_2018"] = "published"

    @model_validator(mode="before")
    @classmethod
    def _everybody(cls, given: Any) -> Any:
        """Take everybody who was published where nothing is said."""
        if isinstance(given, dict) and given.get("scale") is None and given.get("persons") is None:
            return {**given, "scale": 1.0}
        return given

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.scale is not None and self.persons is not None:
            raise ValueError("takes scale or persons, not both")
        if self.responds_to_rule and self.responds_from is None:
            raise ValueError(
                "responds_to_rule needs responds_from, the day from which the rule attracts people or not, such as "
                "responds_from = 2019-08-01"
            )
        return self


class Event(Document):
    """An external event that is fed in, such as the stop of transfers in 2020; both days are included."""

    name: Shock
    from_: dt.date = Field(alias="from")
    until: dt.date
    law: tuple[str, ...] = Field(min_length=1)
    status: Literal["read", "secondary", "assumed"]
    on: bool = True

    _tuples = field_validator("law", mode="before")(as_tuple)


Capacity = Annotated[float, Field(ge=0, le=1e9)]
"""Cases started on a working day, or places."""


class DatedCapacity(Document):
    """A capacity from a day on."""

    from_: dt.date = Field(alias="from")
    value: Capacity


class Switches(Document):
    """Mechanisms that are on or off as a whole."""

    word_of_mouth: bool = False


class Programme(Document):
    """A programme of the authorities that multiplies capacities from a day on; both days are included."""

    name: str = Field(min_length=1)
    from_: dt.date = Field(alias="from")
    until: dt.date | None = None
    capacity_times: dict[str, str]
    law: tuple[str, ...] = Field(min_length=1)
    status: Literal["read", "secondary", "assumed"]
    on: bool = True

    _tuples = field_validator("law", mode="before")(as_tuple)


class ScenarioFile(Document):
    """The shape of a scenario file."""

    scenario: Header
    inflow: Inflow = Inflow()
    shock: tuple[Event, ...] = ()
    programme: tuple[Programme, ...] = ()
    switches: Switches = Switches()
    curves: dict[str, str] = Field(default_factory=dict)
    capacity: dict[str, Capacity | tuple[DatedCapacity, ...]] = Field(default_factory=dict)
    parameters: dict[str, float] = Field(default_factory=dict)
    readings: dict[str, str] = Field(default_factory=dict)

    _tuples = field_validator("shock", "programme", mode="before")(as_tuple)


class Scenario:
    """A scenario, checked against pools, parameters, regimes and readings.

    Attributes
    ----------
    name
        Name of the file without its ending.
    file
        Where it came from, for error messages.
    document
        The content; do not change it, use ``replace``.
    hypotheses
        The presets whose changes are in it (``under``): name to title.
    """

    def __init__(self, document: ScenarioFile, file: str | Path, hypotheses: Mapping[str, str] | None = None) -> None:
        self.document, self.file, self.hypotheses = document, str(file), dict(hypotheses or {})
        self.name = Path(file).stem
        self._check()

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a scenario file, or a shipped scenario by its name.

        Raises
        ------
        InputError
            With file, key path, value, what is accepted and the nearest match.
        """
        file = _find(path)
        data = read_toml(file)
        parent = data.pop("extends", None)
        if parent is not None:
            data = _extended(parent, data, file)
        return cls(validate(ScenarioFile, data, file), file)

    # ---- reading it ----

    @property
    def start(self) -> dt.date:
        """First day."""
        return self.document.scenario.start

    @property
    def end(self) -> dt.date:
        """Last day."""
        return self.document.scenario.end

    @property
    def title(self) -> str:
        """Title."""
        return self.document.scenario.title

    @property
    def regimes(self) -> tuple[str, ...]:
        """Regimes compared unless told otherwise."""
        return self.document.scenario.regimes

    @property
    def readings(self) -> dict[str, str]:
        """Chosen readings of open legal questions."""
        return dict(self.document.readings)

    def hash(self) -> str:
        """Return a SHA-256 of the content; titles and file names do not count."""
        content = self.document.model_dump(mode="json")
        for key in ("title", "description"):
            content["scenario"].pop(key)
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def text(self) -> str:
        """Return the scenario as TOML: what was run, with the parent and all changes merged."""
        import tomli_w

        data = self.document.model_dump(by_alias=True, exclude_defaults=True)
        return tomli_w.dumps(data)

    def replace(self, **changes: Any) -> Scenario:
        """Return a scenario with some things changed.

        Parameters
        ----------
        **changes
            ``start``, ``end``, ``title``, ``regimes``, ``replicates``, ``seed`` replace; ``capacity``, ``parameters``,
            ``readings``, ``inflow``, ``switches``, ``curves`` are merged into what is there; ``shocks`` and
            ``programmes`` (lists of names) switch on what is named and all others off.

        Raises
        ------
        InputError
            When a name or a value is not accepted.
        """
        data = self.document.model_dump(by_alias=True)
        merged = {"capacity", "parameters", "readings", "inflow", "switches", "curves"}
        for key, value in changes.items():
            if key in merged:
                if not isinstance(value, Mapping):
                    raise InputError("not a table", file=self.file, key=key, value=value, accepted="name = value")
                data[key] = _merged(key, data[key], value)
            elif key in Header.model_fields:
                data["scenario"][key] = value
            elif key in ("shocks", "programmes"):
                self._switch(data, key.removesuffix("s"), value)
            else:
                names = [*merged, *Header.model_fields, "shocks", "programmes"]
                raise InputError(
                    "unknown change",
                    file=self.file,
                    key=key,
                    accepted=", ".join(names),
                    nearest=nearest(key, names),
                )
        return Scenario(validate(ScenarioFile, data, self.file), self.file, self.hypotheses)

    def under(self, *hypotheses: str | Path) -> Scenario:
        """Return the scenario with the changes of one or more rival explanations, such as ``"H5"``.

        Raises
        ------
        InputError
            When one does not exist, or two of them want different values.
        """
        from sim.scenarios.presets import under

        return under(self, hypotheses)

    def known_as(self, hypotheses: Mapping[str, str]) -> Scenario:
        """Return the scenario with the presets noted whose changes are in it."""
        return Scenario(self.document, self.file, {**self.hypotheses, **hypotheses})

    def _switch(self, data: dict[str, Any], kind: str, wanted: Any) -> None:
        known = {event["name"] for event in data[kind]}
        for name in wanted:
            if name not in known:
                raise InputError(
                    f"unknown {kind}",
                    file=self.file,
                    key=f"{kind}s",
                    value=name,
                    accepted=", ".join(sorted(known)) or f"none: the scenario has no {kind}s",
                    nearest=nearest(str(name), known),
                )
        data[kind] = tuple({**event, "on": event["name"] in wanted} for event in data[kind])

    # ---- checking it ----

    def _check(self) -> None:
        from sim.agents.behaviour import Authorities
        from sim.evidence.references import reference_keys

        self._check_dates()
        pools = Authorities.load().pool
        for name in self.document.capacity:
            if name not in pools:
                self._unknown(f"capacity.{name}", "unknown pool", name, list(pools))
        sources = reference_keys()
        for kind, events in self._dated():
            for i, event in enumerate(events):
                for key in event.law:
                    if key not in sources:
                        self._unknown(f"{kind}[{i}].law", "unknown source", key, sorted(sources))
        self.parameter_values()
        self._check_programmes(list(pools))
        self._check_curves()
        self._check_law()

    def _check_programmes(self, pools: list[str]) -> None:
        """Check the pools of programmes and the parameters that multiply them."""
        parameters = self.parameter_values()
        for i, programme in enumerate(self.document.programme):
            for pool, ratio in programme.capacity_times.items():
                key = f"programme[{i}].capacity_times.{pool}"
                if pool not in pools:
                    self._unknown(key, "unknown pool", pool, pools)
                if ratio not in parameters:
                    self._unknown(key, "unknown parameter", ratio, list(parameters))

    def _check_curves(self) -> None:
        """Check that the decisions have the forms that are chosen for them."""
        from sim.agents.behaviour import Behaviour

        curves = Behaviour.load().curve
        for decision, curve in self.document.curves.items():
            if decision not in curves:
                self._unknown(f"curves.{decision}", "this decision has no other forms", decision, list(curves))
            if curve not in curves[decision]:
                self._unknown(f"curves.{decision}", "unknown form", curve, list(curves[decision]))

    def _dated(self) -> tuple[tuple[str, Sequence[Event | Programme]], ...]:
        return ("shock", self.document.shock), ("programme", self.document.programme)

    def _check_law(self) -> None:
        """Check the names of regimes and of readings, and say where in the file they stand."""
        from sim.files.place import Place
        from sim.policies.library import check_choice, parse

        for question, option in self.document.readings.items():
            check_choice(question, option, Place(Path(self.file), f"readings.{question}"))
        for regime in self.regimes:
            parse(regime, Place(Path(self.file), "scenario.regimes"))

    def _check_dates(self) -> None:
        header = self.document.scenario
        if header.end <= header.start:
            raise InputError(
                "the scenario ends before it starts",
                file=self.file,
                key="scenario.end",
                value=header.end,
                accepted=f"a date after {header.start}",
            )
        first, last = dt.date(2014, 1, 1), dt.date(2024, 12, 31)
        for key, day in (("start", header.start), ("end", header.end)):
            if not first <= day <= last:
                raise InputError(
                    "outside the years for which first applications are published",
                    file=self.file,
                    key=f"scenario.{key}",
                    value=day,
                    accepted=f"{first} to {last}",
                )
        inflow = self.document.inflow
        if inflow.responds_to_rule and inflow.responds_from is not None and inflow.responds_from > header.end:
            raise InputError(
                "after the last day, so nobody would respond to the rule",
                file=self.file,
                key="inflow.responds_from",
                value=inflow.responds_from,
                accepted=f"{header.end} or earlier; or responds_to_rule = false",
            )
        for kind, events in self._dated():
            for i, event in enumerate(events):
                if event.until is not None and event.until < event.from_:
                    raise InputError(
                        "ends before it starts",
                        file=self.file,
                        key=f"{kind}[{i}].until",
                        value=event.until,
                        accepted=f"{event.from_} or later",
                    )
        for pool, rows in self.document.capacity.items():
            for i, row in enumerate(rows if isinstance(rows, tuple) else ()):
                if not header.start <= row.from_ <= header.end:
                    raise InputError(
                        "date outside the horizon",
                        file=self.file,
                        key=f"capacity.{pool}[{i}].from",
                        value=row.from_,
                        accepted=f"{header.start} to {header.end}",
                    )

    def _unknown(self, key: str, problem: str, value: str, names: list[str]) -> None:
        shown = ", ".join(names[:30]) + (", ..." if len(names) > 30 else "")
        raise InputError(problem, file=self.file, key=key, value=value, accepted=shown, nearest=nearest(value, names))

    def parameter_values(self, readings: Mapping[str, float] | None = None) -> Any:
        """Return the parameters (``sim.evidence.parameters.Parameters``).

        Parameters
        ----------
        readings
            Values set by chosen legal readings; what the scenario sets itself goes before them.
        """
        from sim.evidence.parameters import Parameters

        values = {**(readings or {}), **self.document.parameters}
        return Parameters.load().replace(values, file=self.file, key_prefix="parameters")


def _find(path: str | Path, asked_by: Path | None = None) -> Path:
    """Return the file: as given, or a shipped scenario by its name; ``asked_by``: the file that extends it."""
    file = Path(path)
    if file.exists() or file.suffix == ".toml" or len(file.parts) > 1:
        return file
    folder = shipped_scenarios_dir()
    shipped = {f.stem: f for f in sorted(folder.glob("*.toml"))}
    if str(path) in shipped:
        return shipped[str(path)]
    raise InputError(
        "no such scenario",
        file=asked_by or str(path),
        key="extends" if asked_by else None,
        value=str(path) if asked_by else MISSING,
        accepted=f"a file, or one of {', '.join(shipped)}",
        nearest=nearest(str(path), shipped),
    )


def _extended(parent: Any, data: dict[str, Any], file: Path) -> dict[str, Any]:
    """Merge a scenario over the one it extends: tables key by key, lists as a whole; one level only."""
    if not isinstance(parent, str):
        raise InputError("not a name", file=file, key="extends", value=parent, accepted="name or path of a scenario")
    beside = file.parent / (parent if parent.endswith(".toml") else f"{parent}.toml")
    base = read_toml(beside if beside.exists() else _find(parent, asked_by=file))
    if "extends" in base:
        raise InputError("a scenario that is extended cannot extend another", file=file, key="extends", value=parent)
    merged = dict(base)
    for key, value in data.items():
        old = merged.get(key)
        merged[key] = _merged(key, old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _merged(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Merge a table over another, key by key; a new size of the inflow takes the place of the old one."""
    size = ("scale", "persons")
    if key == "inflow" and any(new.get(name) is not None for name in size):
        old = {name: value for name, value in old.items() if name not in size}
    return {**old, **new}
