"""Measures of each quarter, from one table: ``requests`` from 2018 to 2020 gives ``requests_2018_q1`` and so on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

ORDINALS: Final = (("first", "eerste"), ("second", "tweede"), ("third", "derde"), ("fourth", "vierde"))


def each_quarter(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and table of the measure of each quarter.

    Parameters
    ----------
    name
        How the names of the measures begin.
    table
        That of a measure without ``between``, and ``years``: the first and the last.
    """
    first, last = table["years"]
    rest = {key: value for key, value in table.items() if key not in ("years", "title")}
    for year in range(first, last + 1):
        for quarter, (english, dutch) in enumerate(ORDINALS, start=1):
            begin = dt.date(year, 3 * quarter - 2, 1)
            after = dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
            title = {
                "en": f"{table['title']['en']}, {english} quarter of {year}",
                "nl": f"{table['title']['nl']}, {dutch} kwartaal van {year}",
            }
            between = (begin, after - dt.timedelta(days=1))
            yield f"{name}_{year}_q{quarter}", {**rest, "title": title, "between": between}
