"""An event log as XES (IEEE 1849), compressed, written case by case."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import quoteattr

from sim.export.moves import Activity

_EXTENSIONS: Final = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    + "".join(f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n' for name, prefix, uri in _EXTENSIONS)
    + '<global scope="trace">\n<string key="concept:name" value=""/>\n</global>\n'
    '<global scope="event">\n<string key="concept:name" value=""/>\n'
    '<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\n'
    '<string key="lifecycle:transition" value="complete"/>\n</global>\n'
    '<classifier name="Activity" keys="concept:name"/>\n'
)


class Trace(NamedTuple):
    """The events of one case in their order.

    Attributes
    ----------
    case, person, regime
        Name of the case, the person and the world.
    activities, days, orders
        Of each event: what, on which day (``2019-08-01``), its number in the run.
    """

    case: str
    person: str
    regime: str
    activities: list[Activity]
    days: list[str]
    orders: list[int]


def write_xes(path: Path, traces: Iterable[Trace]) -> None:
    """Write a log; the same bytes for the same traces."""
    fragments: dict[Activity, str] = {}
    with path.open("wb") as file, gzip.GzipFile("", "wb", compresslevel=4, fileobj=file, mtime=0) as packed:
        packed.write(_HEAD.encode())
        for trace in traces:
            parts = [f"<trace>\n{_string('concept:name', trace.case)}"]
            parts += [_string("person", trace.person), _string("regime", trace.regime)]
            for activity, day, order in zip(trace.activities, trace.days, trace.orders, strict=True):
                said = fragments.get(activity)
                if said is None:
                    said = fragments[activity] = _fragment(activity)
                parts.append(
                    f'<event>{said}<date key="time:timestamp" value="{day}T00:00:00.000+00:00"/>'
                    f'<int key="order" value="{order}"/></event>\n'
                )
            parts.append("</trace>\n")
            packed.write("".join(parts).encode())
        packed.write(b"</log>\n")


def _fragment(activity: Activity) -> str:
    return "".join(
        _string(key, value)
        for key, value in (
            ("concept:name", activity.name),
            ("lifecycle:transition", "complete"),
            ("org:resource", activity.resource),
            ("step", activity.step),
            ("track", activity.track),
        )
    )


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>'
