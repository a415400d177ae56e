"""The state of the page: checked against one schema, written as a link, and turned into a scenario and a command."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from sim.files.errors import InputError, nearest, raise_all
from sim.policies.library import without_folder
from sim.scenarios.scenario import Scenario

SCHEMA_FILE: Final = Path(__file__).parent / "state.schema.json"
UNRESERVED: Final = "!~*'()"
"""Characters that ``encodeURIComponent`` of a browser leaves as they are, beside letters, digits and ``-_.``."""


@cache
def schema() -> Mapping[str, Any]:
    """Return the schema of a state, the same file that the page reads."""
    content: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return content


@dataclass(frozen=True)
class State:
    """The state of the page; what is absent has the value of the scenario.

    Attributes
    ----------
    regimes
        Names, the baseline first.
    readings
        Answers to open legal questions.
    presets
        Rival explanations, by number or name.
    changes
        Parameters with other values.
    group, measure
        In view.
    period
        First and last day.
    size
        Number of people, with capacities in proportion; 0: all.
    day
        Day of the period in view, from 0.
    person
        Key of the synthetic person in view.
    screen, language
        In view.
    """

    regimes: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    presets: tuple[str, ...] = ()
    changes: Mapping[str, float] = field(default_factory=dict)
    group: str | None = None
    measure: str | None = None
    period: tuple[dt.date, dt.date] | None = None
    size: int = 0
    day: int | None = None
    person: str | None = None
    screen: str | None = None
    language: str | None = None

    @classmethod
    def of(cls, content: object) -> State:
        """Return the state that a page sends.

        Parameters
        ----------
        content
            What JSON gives; checked against the schema.

        Raises
        ------
        InputError
            With every mistake: key, value, what is accepted, nearest match.
        """
        raise_all(_mistakes(content))
        assert isinstance(content, dict)
        given = dict(content)
        for key in ("regimes", "presets"):
            if key in given:
                given[key] = tuple(given[key])
        if "changes" in given:
            given["changes"] = {name: float(value) for name, value in given["changes"].items()}
        if "period" in given:
            given["period"] = tuple(_day(text) for text in given["period"])
        for key in ("size", "day"):
            if key in given:
                given[key] = int(given[key])
        state = cls(**given)
        longest = schema()["x-bytes"]
        if len(state.link().encode()) > longest:
            accepted = f"a link of at most {longest} bytes: fewer changes"
            raise InputError("the state is too long", key="state", value=len(state.link().encode()), accepted=accepted)
        return state

    def plain(self) -> dict[str, Any]:
        """Return the state as JSON takes it, without what is absent, in the order of the schema."""
        content: dict[str, Any] = {}
        for key in schema()["properties"]:
            value = getattr(self, key)
            if value in (None, (), {}) or (key == "size" and value == 0):
                continue
            if key == "period":
                value = [day.isoformat() for day in value]
            elif isinstance(value, tuple):
                value = list(value)
            elif isinstance(value, Mapping):
                value = dict(value)
            content[key] = value
        return content

    # ---- as a link ----

    def link(self) -> str:
        """Return the part of a link from ``#``: ``#regimes=vc_2018,vc_2019_08&changes=om.needed_base:-2.5``.

        Empty for a state that has nothing.
        """
        parts = [f"{key}={_written(value)}" for key, value in self.plain().items()]
        return f"#{'&'.join(parts)}" if parts else ""

    @classmethod
    def from_link(cls, text: str) -> State:
        """Return the state that a link holds.

        Parameters
        ----------
        text
            The link, or its part from ``#``; what comes before does not count.

        Raises
        ------
        InputError
            When it is too long, or not the link of a state.
        """
        longest = schema()["x-bytes"]
        if len(text.encode("utf-8", "replace")) > longest + 200:
            raise InputError("the link is too long", key="link", accepted=f"at most {longest} bytes")
        part = text.partition("#")[2]
        content: dict[str, Any] = {}
        for one in part.split("&") if part else ():
            key, equals, value = one.partition("=")
            if not equals or key in content:
                raise InputError("not the link of a state", key="link", value=one, accepted="key=value, each key once")
            content[key] = _read(key, value)
        return cls.of(content)

    # ---- as a scenario and a command ----

    def scenario(self, base: Scenario, *, replicates: int | None = None) -> Scenario:
        """Return the scenario of the state.

        Parameters
        ----------
        base
            The scenario that the page was opened with.
        replicates
            How many; those of the scenario by default.

        Raises
        ------
        InputError
            When a name is unknown, a parameter is outside its range, or the period or the size is beyond the
            scenario's.
        """
        own = {without_folder(text): text for text in base.regimes}
        raise_all(self.beyond(base))
        scenario = base.under(*self.presets) if self.presets else base
        changes: dict[str, Any] = {}
        if self.regimes:
            changes["regimes"] = [own.get(name, name) for name in self.regimes]
        if self.period is not None:
            changes["start"], changes["end"] = self.period
        if self.readings:
            changes["readings"] = self.readings
        if self.changes:
            changes["parameters"] = self.changes
        if self.size:
            changes["inflow"] = {"persons": self.size, "capacities": "in_proportion"}
        if replicates is not None:
            changes["replicates"] = replicates
        return scenario.replace(**changes) if changes else scenario

    def commands(self, file: str) -> dict[str, str]:
        """Return the commands that show the same as the page, by their names: ``compare``, ``follow``, ``diff``.

        Parameters
        ----------
        file
            Name of the file with the scenario of the state.
        """
        said = {"compare": f"b8sim compare {file}"}
        if self.person is not None:
            said["follow"] = f"b8sim follow {file} --person {self.person}"
        if len(self.regimes) == 2:
            said["diff"] = f"b8sim diff {' '.join(self.regimes)}"
        return said

    def simulated(self) -> State:
        """Return the state without what only decides the view: states that simulate the same are then equal."""
        return replace(self, group=None, measure=None, day=None, person=None, screen=None, language=None)

    def beyond(self, base: Scenario) -> Iterator[InputError]:
        """Yield a mistake for each change that goes beyond the passport of a parameter or the base scenario."""
        from sim.runs.people import people_in

        parameters = base.parameter_values()
        for name, value in self.changes.items():
            key = f"changes.{name}"
            if name not in parameters:
                yield InputError("unknown parameter", key=key, value=value, nearest=nearest(name, parameters))
                continue
            passport = parameters.passport(name)
            if not passport.low <= value <= passport.high and value != parameters[name]:
                accepted = f"{passport.low:g} to {passport.high:g} ({passport.unit}); a scenario file takes others"
                yield InputError("outside its plausible range", key=key, value=value, accepted=accepted)
        if self.period is not None and not base.start <= self.period[0] < self.period[1] <= base.end:
            days = ", ".join(day.isoformat() for day in self.period)
            accepted = f"two days in their order, from {base.start} to {base.end}"
            yield InputError("outside the period of the scenario", key="period", value=days, accepted=accepted)
        if self.size and self.size > people_in(base):
            accepted = f"at most {people_in(base)}, the people of the scenario; 0 for all"
            yield InputError("more people than there are", key="size", value=self.size, accepted=accepted)


@cache
def _validator() -> Any:
    """Return the validator of states; its patterns end at the end, not before a last line break as Python's do."""
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def pattern(_: Any, wanted: str, value: object, __: Any) -> Iterator[ValidationError]:
        if isinstance(value, str) and not re.search(wanted.replace("$", r"\Z"), value):
            yield ValidationError("does not match")

    return extend(Draft202012Validator, {"pattern": pattern})(schema())


def _mistakes(content: object) -> Iterator[InputError]:
    """Yield what the schema refuses, in the words of its descriptions."""
    if not isinstance(content, dict):
        yield InputError("not a state", key="state", accepted="an object with the keys of state.schema.json")
        return
    for error in _validator().iter_errors(content):
        path = list(error.absolute_path)
        key = ".".join(str(part) for part in path)
        if error.validator == "additionalProperties" and not path:
            for name in sorted(content.keys() - schema()["properties"].keys()):
                known = list(schema()["properties"])
                yield InputError("unknown key", key=str(name), accepted=known, nearest=nearest(str(name), known))
            continue
        at = error.schema if "description" in error.schema else error.parent.schema if error.parent else {}
        accepted = at.get("description") or schema()["properties"].get(path[0] if path else "", {}).get("description")
        yield InputError(_problem(str(error.validator)), key=key, value=error.instance, accepted=accepted)
    yield from _no_numbers(content.get("changes"))
    yield from _no_days(content.get("period"))


def _no_numbers(changes: object) -> Iterator[InputError]:
    """Yield a mistake for each value that is not a number (nan), which no bound of a schema refuses."""
    for name, value in changes.items() if isinstance(changes, dict) else ():
        if isinstance(value, float) and math.isnan(value):
            yield InputError("not a number", key=f"changes.{name}", value=value, accepted="a number")


def _no_days(period: object) -> Iterator[InputError]:
    """Yield a mistake for each text that has the form of a day and is none."""
    pattern = schema()["properties"]["period"]["items"]["pattern"]
    for day in period if isinstance(period, list) else ():
        if isinstance(day, str) and re.fullmatch(pattern, day):
            try:
                dt.date.fromisoformat(day)
            except ValueError:
                yield InputError("no such day", key="period", value=day, accepted="a day, as 2019-08-01")


def _problem(rule: str) -> str:
    """Return in words what is wrong when a rule of the schema is broken."""
    words = {
        "type": "wrong type",
        "minItems": "too few",
        "maxItems": "too many",
        "maxProperties": "too many",
        "uniqueItems": "given twice",
        "minimum": "too small",
        "maximum": "too large",
        "maxLength": "too long",
    }
    return words.get(rule, "not accepted")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _written(value: Any) -> str:
    """Return a value as it is in a link: lists with commas, tables with colons."""
    if isinstance(value, list):
        return ",".join(_written(item) for item in value)
    if isinstance(value, Mapping):
        return ",".join(f"{_written(key)}:{_written(item)}" for key, item in value.items())
    return quote(_number(value) if isinstance(value, float) else str(value), safe=UNRESERVED)


def _number(value: float) -> str:
    """Return a number as a browser writes it: ``-3``, ``0.25``, ``1e-7``."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    digits, letter, power = repr(value).partition("e")
    return f"{digits}{letter}{int(power):+d}" if letter else digits


def _read(key: str, text: str) -> Any:
    """Return the value of a key of a link as the schema has it; what cannot be one is left to the schema to refuse."""
    kind = schema()["properties"].get(key, {}).get("type")
    if kind == "array":
        return [unquote(item) for item in text.split(",")]
    if kind == "object":
        pairs = [item.partition(":") for item in text.split(",")]
        names = [unquote(name) for name, _, _ in pairs]
        values = [unquote(value) for _, _, value in pairs]
        if len(set(names)) < len(names):
            raise InputError("given twice", key=key, value=text, accepted="each name once")
        numbers = schema()["properties"][key]["additionalProperties"]["type"] == "number"
        return dict(zip(names, [_as_number(value) if numbers else value for value in values], strict=True))
    return _as_number(unquote(text)) if kind == "integer" else unquote(text)


def _as_number(text: str) -> Any:
    """Return the number that JSON reads in a text, or the text where there is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text


assert [one.name for one in fields(State)] == list(schema()["properties"])
