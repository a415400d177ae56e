"""What of a scenario lies beyond the published years, in words: it is assumed, and said on top of every result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.agents.inflow import published_years

if TYPE_CHECKING:
    from sim.scenarios.dated import DatedCapacity
    from sim.scenarios.scenario import Scenario


def last_published_day() -> dt.date:
    """Return the last day for which first applications were published."""
    return dt.date(published_years()[-1], 12, 31)


def extrapolated(scenario: Scenario) -> tuple[str, ...]:
    """Return what is assumed beyond the published years, one sentence for each kind; empty if nothing is."""
    if scenario.end <= last_published_day():
        return ()
    return tuple(f"extrapolated: {said}" for said in _kinds(scenario))


def _kinds(scenario: Scenario) -> Iterator[str]:
    from sim.agents.behaviour import Authorities

    last = last_published_day()
    year = "2018" if scenario.document.inflow.level == "as_in_2018" else str(last.year)
    yield f"first applications after {last} are those of {year} again, month by month, and hidden victims as before"
    given = scenario.document.capacity
    pools = list(Authorities.load().pool)
    dated = {name: rows for name, rows in given.items() if isinstance(rows, tuple)}
    ends = [f"{name} is held from {max(map(_last_change, rows))} on" for name, rows in sorted(dated.items())]
    yield "; ".join([*ends, f"the capacities of {len(pools) - len(dated)} of {len(pools)} pools do not change at all"])
    assumed = [
        f"{event.name} ({event.from_} to {event.until})"
        for event in scenario.document.shock
        if event.on and event.status == "assumed" and event.until > last
    ]
    if assumed:
        yield f"that these events go on: {', '.join(assumed)}"


def _last_change(row: DatedCapacity) -> dt.date:
    """Return the day from which a dated capacity changes nothing any more."""
    return row.from_ if row.until is None else row.until + dt.timedelta(days=1)
