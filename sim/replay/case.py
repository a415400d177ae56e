"""A dated chronology as a file: its shape, its reader, and what the names in it must be.

A case says what is known of one person: facts that hold throughout, and events, each a step of the procedures
on a day. What it does not say may be anything that the rules allow; see `sim.replay`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final

from pydantic import Field, field_validator

from sim.engine.calendar import FIRST_YEAR
from sim.evidence.references import cite, reference_keys
from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, nearest, raise_all
from sim.files.place import Place
from sim.files.toml import read_toml, validate
from sim.policies.library import located, shipped, shipped_behaviour
from sim.policies.regime import Regime
from sim.procedures.conditions import StepId
from sim.procedures.traits import FLAGS, SHOCKS

HISTORICAL: Final = "historical"
PLACES: Final = ("nl", "eu", "outside")
"""Where the person was exploited: three traits, one word in a case."""
FIRST_DATE: Final = dt.date(FIRST_YEAR + 10, 1, 1)
LAST_DATE: Final = dt.date(2080, 12, 31)
ECLI: Final = re.compile(r"ECLI:[A-Z]{2}:[A-Z0-9]+:\d{4}:[A-Z0-9.]+")


class EventTable(Document):
    """One event as the file gives it."""

    date: dt.date
    step: str = Field(min_length=1)
    outcome: str | None = None


class CaseTable(Document):
    """The head of a case as the file gives it."""

    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    regime: str | None = None
    facts: dict[str, bool | str] = Field(default_factory=dict)


class ForbiddenTable(Document):
    """What the author of a case says the rules forbid: which event cannot happen, and words of the reason."""

    event: int = Field(ge=1)
    reason: str = Field(min_length=1)


class CaseFile(Document):
    """A case file."""

    case: CaseTable
    forbidden: ForbiddenTable | None = None
    event: tuple[EventTable, ...] = Field(min_length=1)

    _tuples = field_validator("event", mode="before")(as_tuple)


@dataclass(frozen=True)
class Event:
    """One event.

    Attributes
    ----------
    date
        The day.
    step
        Full id of the step.
    outcome
        Full id of the step that followed from it, when the case says so.
    """

    date: dt.date
    step: str
    outcome: str | None = None


@dataclass(frozen=True)
class Forbidden:
    """What the author of a case expects the rules to forbid.

    Attributes
    ----------
    event
        The place of the event that cannot happen, from 0.
    reason
        Words that the reason or the rule must contain.
    """

    event: int
    reason: str


@dataclass(frozen=True)
class Case:
    """A chronology whose names are known.

    Attributes
    ----------
    title, source
        As in the file; the source is an ECLI or a key of the bibliography.
    regime
        The regime of its day, by the name under which it is loaded.
    facts
        Traits, decisions, named conditions and external events, true or false.
    events
        In the order of their dates.
    forbidden
        What the rules forbid of it, says its author; None: nothing is said.
    """

    title: str
    source: str
    regime: str
    facts: Mapping[str, bool]
    events: tuple[Event, ...]
    forbidden: Forbidden | None = None

    @property
    def cited(self) -> str:
        """The source in a few words."""
        return cite(self.source) if self.source in reference_keys() else self.source


def read_case(path: str | PathLike[str], regime: str | PathLike[str] | Regime | None = None) -> tuple[Case, Regime]:
    """Read a case and the regime to hold it against.

    Parameters
    ----------
    path
        The file.
    regime
        A regime, or its name as `Regime.load` takes it; None: the one the case names, or else the calendar of the law.

    Raises
    ------
    InputError
        If the file is not a case, or names something that does not exist; `InputErrors` for several mistakes.
    """
    data = validate(CaseFile, read_toml(path), path)
    named = data.case.regime or HISTORICAL
    own_regime = _regime(named, Path(path)) if regime is None or data.case.regime else None
    loaded = Regime.load(regime) if isinstance(regime, str | PathLike) else regime or own_regime
    assert loaded is not None
    steps = _all_steps(loaded)
    raise_all(_mistakes(data, Path(path), loaded, steps))
    events = tuple(Event(event.date, event.step, _outcome(event) if event.outcome else None) for event in data.event)
    facts = _facts(data.case.facts)
    forbidden = None
    # What the author expects holds under the rules that the author names.
    if data.forbidden is not None and regime in (None, data.case.regime):
        forbidden = Forbidden(data.forbidden.event - 1, data.forbidden.reason)
    return Case(data.case.title, data.case.source, named, facts, events, forbidden), loaded


def _regime(name: str, path: Path) -> Regime:
    try:
        return Regime.load(located(name, path.parent))
    except InputError as error:
        if error.file is not None:
            raise
        raise InputError(
            error.problem,
            file=path,
            key="case.regime",
            value=name,
            accepted=error.accepted,
            nearest=error.nearest,
        ) from None


def _all_steps(regime: Regime) -> dict[str, str]:
    """Return every step that this or a shipped regime knows, with its track."""
    tracks = {name: versions[0].step.track for name, versions in regime.versions.items()}
    for source in shipped():
        for name, new in source.file.step.items():
            tracks.setdefault(name, new.track)
    return tracks


def _facts(given: Mapping[str, bool | str]) -> dict[str, bool]:
    facts = {name: value for name, value in given.items() if isinstance(value, bool)}
    place = given.get("exploited")
    if place is not None:
        facts |= {f"exploited_{name}": name == place for name in PLACES}
    return facts


def _outcome(event: EventTable) -> str:
    assert event.outcome is not None
    return StepId(event.outcome).within(StepId(event.step).procedure)


# ---- mistakes ----


def _mistakes(data: CaseFile, path: Path, regime: Regime, steps: Mapping[str, str]) -> Iterator[InputError]:
    case = Place(path, "case")
    if data.case.source not in reference_keys() and ECLI.fullmatch(data.case.source) is None:
        yield case.at("source").error(
            "neither an ECLI nor a source of the bibliography",
            value=data.case.source,
            accepted="an ECLI (ECLI:NL:RBDHA:2020:13035), or a key of references.bib",
            near=nearest(data.case.source, reference_keys()),
        )
    yield from _mistakes_in_facts(data.case.facts, case.at("facts"), regime)
    if data.forbidden is not None and data.forbidden.event > len(data.event):
        yield Place(path, "forbidden.event").error(
            "no such event", value=data.forbidden.event, accepted=f"1 to {len(data.event)}"
        )
    before: dt.date | None = None
    for number, event in enumerate(data.event):
        place = Place(path, f"event[{number}]")
        yield from _mistakes_in_event(event, place, steps)
        if before is not None and event.date < before:
            yield place.at("date").error("before the event above it", value=event.date, accepted=f"{before} or later")
        before = event.date


def _mistakes_in_event(event: EventTable, place: Place, steps: Mapping[str, str]) -> Iterator[InputError]:
    if not FIRST_DATE <= event.date <= LAST_DATE:
        yield place.at("date").error("out of range", value=event.date, accepted=f"{FIRST_DATE} to {LAST_DATE}")
    if event.step not in steps:
        yield _unknown_step(event.step, place.at("step"), steps)
        return
    if event.outcome is None:
        return
    outcome = _outcome(event)
    track = [name for name, other in steps.items() if other == steps[event.step]]
    if outcome not in steps:
        yield _unknown_step(event.outcome, place.at("outcome"), track)
    elif outcome not in track:
        yield place.at("outcome").error(
            f"on another track ({steps[outcome]}) than {event.step}", value=event.outcome, accepted=track
        )


def _unknown_step(name: str, place: Place, steps: Collection[str]) -> InputError:
    """Return which step was meant: the file before the dot narrows what is listed."""
    procedure = StepId(name).procedure
    listed = [step for step in steps if StepId(step).procedure == procedure] or list(steps)
    bare = {StepId(step).name: step for step in listed}
    near = nearest(name, steps) or bare.get(nearest(name, bare) or "")
    return place.error("unknown step", value=name, accepted=listed, near=near)


def _mistakes_in_facts(facts: Mapping[str, bool | str], place: Place, regime: Regime) -> Iterator[InputError]:
    decisions = shipped_behaviour().decision
    heard = {fact.name for fact in regime.facts} | {name for source in shipped() for name in source.file.fact}
    known = ["exploited", *FLAGS, *regime.conditions, *decisions, *SHOCKS]
    for name, value in facts.items():
        here = place.at(name)
        if name in heard:
            yield here.error("the regime decides this, not the case", value=value, accepted=known)
        elif name not in known:
            yield place.unknown("fact", name, known)
        elif name == "exploited":
            if value not in PLACES:
                near = nearest(str(value), PLACES)
                yield here.error("not a place of exploitation", value=value, accepted=PLACES, near=near)
            for other in facts:
                if other.startswith("exploited_"):
                    yield place.at(other).error("says the same as exploited, in other words")
        elif not isinstance(value, bool):
            yield here.error("neither true nor false", value=value, accepted="true or false")
