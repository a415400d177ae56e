"""Validation of a scenario: years with data, pools, parameters, sources, decisions, the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.files.errors import InputError, nearest
from sim.files.place import Place
from sim.scenarios.dated import NO_HISTORY
from sim.scenarios.extrapolated import last_published_day

if TYPE_CHECKING:
    from sim.scenarios.dated import Event, Programme
    from sim.scenarios.scenario import Scenario

FIRST_HISTORY = dt.date(1998, 1, 1)
"""The first day of a history; before the published years it has the first applications of the first of them."""
FIRST_DAY, LAST_DAY = dt.date(2014, 1, 1), dt.date(2030, 12, 31)
"""The days that can be simulated; those after the last published first application need ``inflow.continued``."""


def check_scenario(scenario: Scenario) -> None:
    """Refuse unknown names, and dates that can have no effect.

    An event or a capacity outside the period of the scenario is accepted, since a period may be shortened; one outside
    all years that can be simulated is not.

    Raises
    ------
    InputError
        With the key and what is accepted there.
    """
    from sim.agents.behaviour import Authorities

    _check_period(scenario)
    _check_history(scenario)
    _check_inflow(scenario)
    _check_events(scenario)
    pools, parameters = list(Authorities.load().pool), scenario.parameter_values()
    _check_capacities(scenario, pools, list(parameters))
    for i, programme in enumerate(scenario.document.programme):
        for pool, ratio in programme.capacity_times.items():
            place = _place(scenario, f"programme[{i}].capacity_times.{pool}")
            _known("pool", pool, pools, place)
            _known("parameter", ratio, list(parameters), place)
    _check_curves(scenario)
    _check_law(scenario)


def _check_period(scenario: Scenario) -> None:
    header = scenario.document.scenario
    if header.end <= header.start:
        raise _place(scenario, "scenario.end").error(
            "the scenario ends before it starts", value=header.end, accepted=f"a date after {header.start}"
        )
    last, continued = last_published_day(), scenario.document.inflow.continued != "no"
    for key, day in (("start", header.start), ("end", header.end)):
        if not FIRST_DAY <= day <= (LAST_DAY if continued else last):
            longer = f'; with inflow.continued = "as_last_published" to {LAST_DAY}'
            raise _place(scenario, f"scenario.{key}").error(
                "outside the years that can be simulated"
                if continued
                else "outside the years for which first applications are published",
                value=day,
                accepted=f"{FIRST_DAY} to {LAST_DAY}" if continued else f"{FIRST_DAY} to {last}{longer}",
            )


def _check_history(scenario: Scenario) -> None:
    """Check that a history comes before the period, and not before people are known to come."""
    header = scenario.document.scenario
    if header.history_from is None:
        return
    place = _place(scenario, "scenario.history_from")
    if header.history_from >= header.start:
        raise place.error(
            "the history begins when the period has begun",
            value=header.history_from,
            accepted=f'a day before {header.start}, or "{NO_HISTORY}" for no history',
        )
    if header.history_from < FIRST_HISTORY:
        accepted = f'{FIRST_HISTORY} to {header.start - dt.timedelta(days=1)}, or "{NO_HISTORY}" for no history'
        raise place.error(
            "the history begins before the years for which it can be simulated",
            value=header.history_from,
            accepted=accepted,
        )


def _check_inflow(scenario: Scenario) -> None:
    """Check that the period has all its applicants, and inflow that responds to the rule a day from which it can."""
    inflow = scenario.document.inflow
    if inflow.applicants_from is not None and inflow.applicants_from > scenario.start:
        raise _place(scenario, "inflow.applicants_from").error(
            "first applicants of the period would be missing",
            value=inflow.applicants_from,
            accepted=f"{scenario.start}, the first day of the period, or earlier",
        )
    if inflow.responds_to_rule and inflow.responds_from is not None and inflow.responds_from > scenario.end:
        raise _place(scenario, "inflow.responds_from").error(
            "after the last day, so inflow cannot respond to the rule",
            value=inflow.responds_from,
            accepted=f"{scenario.end} or earlier; or responds_to_rule = false",
        )


def _check_events(scenario: Scenario) -> None:
    """Check the days and the sources of external events and programmes."""
    sources = sorted(scenario.own.source_keys)
    for key, event in _events(scenario):
        if event.until is not None and event.until < event.from_:
            raise _place(scenario, f"{key}.until").error(
                "ends before it starts", value=event.until, accepted=f"{event.from_} or later"
            )
        never = event.from_ > LAST_DAY or (event.until is not None and event.until < FIRST_DAY)
        if never:
            at_the_end = event.from_ <= LAST_DAY
            raise _place(scenario, f"{key}.until" if at_the_end else f"{key}.from").error(
                "no effect: outside all years that can be simulated",
                value=event.until if at_the_end else event.from_,
                accepted=f"{FIRST_DAY} to {LAST_DAY}",
            )
        for source in event.law:
            _known("source", source, sources, _place(scenario, f"{key}.law"))


def _check_capacities(scenario: Scenario, pools: list[str], parameters: list[str]) -> None:
    for pool, rows in scenario.document.capacity.items():
        place = _place(scenario, f"capacity.{pool}")
        _known("pool", pool, pools, place)
        days: dict[dt.date, int] = {}
        for i, row in enumerate(rows if isinstance(rows, tuple) else ()):
            here = _place(scenario, f"capacity.{pool}[{i}].from")
            if not FIRST_HISTORY <= row.from_ <= LAST_DAY:
                raise here.error(
                    "no effect: outside all years that can be simulated",
                    value=row.from_,
                    accepted=f"{FIRST_HISTORY} to {LAST_DAY}",
                )
            if row.times is not None:
                _known("parameter", row.times, parameters, _place(scenario, f"capacity.{pool}[{i}].times"))
            if row.from_ in days:
                raise here.error(
                    "given twice: two values from the same day",
                    value=row.from_,
                    accepted=f"another day than that of capacity.{pool}[{days[row.from_]}]",
                )
            days[row.from_] = i


def _check_curves(scenario: Scenario) -> None:
    """Check that the decisions have the forms that are chosen for them."""
    curves = scenario.behaviour.curve
    for decision, curve in scenario.document.curves.items():
        place = _place(scenario, f"curves.{decision}")
        if decision not in curves:
            raise _unknown("this decision has no other forms", decision, list(curves), place)
        if curve not in curves[decision]:
            raise _unknown("unknown form", curve, list(curves[decision]), place)


def _check_law(scenario: Scenario) -> None:
    """Check the names of regimes and of readings."""
    from sim.policies.library import check_choice, parse

    for question, option in scenario.document.readings.items():
        check_choice(question, option, _place(scenario, f"readings.{question}"))
    for regime in scenario.regimes:
        parse(regime, _place(scenario, "scenario.regimes"), scenario.own.regimes)


def _events(scenario: Scenario) -> Iterator[tuple[str, Event | Programme]]:
    """Yield external events and programmes with their keys."""
    kinds: tuple[tuple[str, Sequence[Event | Programme]], ...] = (
        ("shock", scenario.document.shock),
        ("programme", scenario.document.programme),
    )
    for kind, events in kinds:
        for i, event in enumerate(events):
            yield f"{kind}[{i}]", event


def _place(scenario: Scenario, key: str) -> Place:
    return Place(Path(scenario.file), key)


def _known(what: str, name: str, names: list[str], place: Place) -> None:
    if name not in names:
        raise _unknown(f"unknown {what}", name, names, place)


def _unknown(problem: str, name: str, names: list[str], place: Place) -> InputError:
    shown = ", ".join(names[:30]) + (", ..." if len(names) > 30 else "")
    return place.error(problem, value=name, accepted=shown, near=nearest(name, names))
