"""The tables and sentences of the HTML report, prepared as plain text for the template.

The template only places these texts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.outcomes.cohorts import ALL
from sim.report.book import Book, Entry
from sim.report.figures import count_text, pair_matrix
from sim.report.language import digits, known, say
from sim.report.phrases import (
    GROUP_TITLES,
    MINUS,
    OUTCOME_TITLES,
    UNDEFINED,
    difference_sentence,
    difference_text,
    direction_count_sentence,
    is_share,
    level_text,
    number,
    range_text,
    signs_text,
    title_of,
)

if TYPE_CHECKING:
    import pandas as pd

RULE_GROUPS = ("rule_changed", "rule_unchanged")
ABSENT = "\N{EM DASH}"
STATUS_WORDS = {
    "read": "read in the source",
    "secondary": "read in a secondary source",
    "assumed": "assumed, not read",
}


@dataclass(frozen=True)
class ReformCell:
    """One measure under one reform, as text."""

    reform: str
    level: str
    difference: str
    interval: str
    signs: str
    range: str = ""


@dataclass(frozen=True)
class MeasureRow:
    """One measure (or one group of one measure) with its level under the baseline and every reform."""

    title: str
    unit: str
    meaning: str
    baseline: str
    reforms: list[ReformCell]


@dataclass(frozen=True)
class Section:
    """A titled list of rows; the template folds it."""

    title: str
    meaning: str
    rows: list[MeasureRow]


def measure_row(book: Book, entry: Entry, group: str, title: str) -> MeasureRow:
    """Return one row of a table of measures.

    Parameters
    ----------
    book, entry, group
        What to write.
    title
        First column.

    Returns
    -------
    MeasureRow
        All texts of the row.
    """
    texts = [level_text(level, entry.unit) for level in book.levels(entry, group)]
    reforms = []
    for reform, level in zip(book.reforms, texts[1:], strict=True):
        row = book.difference(entry, group, reform)
        if row is None:
            reforms.append(ReformCell(reform, level, say(UNDEFINED), "", ""))
        else:
            reforms.append(ReformCell(reform, level, *difference_text(row), signs_text(row), range_text(row)))
    return MeasureRow(title, unit_text(entry.unit), entry.meaning, texts[0], reforms)


def unit_text(unit: str) -> str:
    """Return a unit as text; for a share with the unit of its difference."""
    return say("share; difference in percentage points") if is_share(unit) else known(unit)


def headline_rows(book: Book, names: Sequence[str], group: str) -> list[MeasureRow]:
    """Return the rows of the headline measures that exist for a group."""
    return [measure_row(book, entry, group, entry.title) for entry in book.shown(names, group)]


def headline_sentences(book: Book, names: Sequence[str], group: str) -> list[str]:
    """Return a sentence for every headline difference, reform by reform.

    Returns
    -------
    list of str
        The measures in order, within a measure the reforms.
    """
    sentences = []
    for entry in book.shown(names, group):
        rows = [book.difference(entry, group, reform) for reform in book.reforms]
        sentences += [difference_sentence(entry.title, row) for row in rows if row is not None]
    return sentences


def direction_sentences(book: Book, names: Sequence[str], group: str) -> list[str]:
    """Return a sentence per reform on the number of shown measures whose interval lies on one side of zero."""
    entries = book.shown(names, group)
    found = [[book.difference(entry, group, reform) for entry in entries] for reform in book.reforms]
    sentences = [direction_count_sentence([row for row in rows if row is not None]) for rows in found]
    return [sentence for sentence in sentences if sentence]


def group_sections(book: Book, names: Sequence[str]) -> list[Section]:
    """Return a section per headline measure with the groups as rows, except those of the rule."""
    groups = [group for group in book.groups if group not in RULE_GROUPS]
    sections = []
    for name in names:
        entry = book.entry(name)
        if entry is None:
            continue
        defined = [g for g in groups if any(book.difference(entry, g, reform) for reform in book.reforms)]
        rows = [measure_row(book, entry, group, title_of(group, book.group_titles)) for group in defined]
        if rows:
            meaning = f"{entry.meaning.rstrip('.')}. " if entry.meaning else ""
            sections.append(Section(entry.title, f"{meaning}{say('Unit')}: {unit_text(entry.unit)}.", rows))
    return sections


def area_sections(book: Book) -> list[Section]:
    """Return a section per area with all its measures for everyone."""
    sections = []
    for area in dict.fromkeys(entry.area for entry in book.entries):
        rows = [
            measure_row(book, entry, "all", entry.title + (say(" (recorded)") if entry.world == "recorded" else ""))
            for entry in book.entries
            if entry.area == area
        ]
        title = known(area)
        sections.append(Section(title[:1].upper() + title[1:], "", rows))
    return sections


def spill_over_rows(book: Book, names: Sequence[str], reform: str) -> list[dict[str, str]]:
    """Return the differences of a reform for those whose rule changed and for those whose rule did not.

    Returns
    -------
    list of dict
        Keys ``title``, ``unit``, ``direct``, ``direct_interval``, ``spill``, ``spill_interval``; empty when
        no measure is known for either group.
    """
    rows = []
    for name in names:
        entry = book.entry(name)
        if entry is None:
            continue
        row = {"title": entry.title, "unit": unit_text(entry.unit)}
        for key, group in zip(("direct", "spill"), RULE_GROUPS, strict=True):
            cells = measure_row(book, entry, group, "").reforms
            cell = next(cell for cell in cells if cell.reform == reform)
            row |= {key: cell.difference, f"{key}_interval": cell.interval}
        if {row["direct"], row["spill"]} != {say(UNDEFINED)}:
            rows.append(row)
    return rows


def spill_over_sentences(book: Book, names: Sequence[str], reform: str) -> list[str]:
    """Return sentences on the first measure's difference for those whose rule changed and for all others."""
    for name in names:
        entry = book.entry(name)
        if entry is None:
            continue
        sentences = []
        for group in RULE_GROUPS:
            row = book.difference(entry, group, reform)
            if row is not None:
                title = f"{entry.title}, {title_of(group, GROUP_TITLES)}"
                sentences.append(difference_sentence(title, row))
        if sentences:
            return sentences
    return []


def recorded_rows(book: Book) -> list[dict[str, Any]]:
    """Return the recorded level beside the simulated one, for measures that exist in both worlds.

    Returns
    -------
    list of dict
        Keys ``title``, ``unit`` and ``regimes``: per regime the ``simulated`` level, the ``recorded`` level and
        the recorded level as a ``share`` of the simulated one.
    """
    rows = []
    for recorded in (entry for entry in book.entries if entry.world == "recorded"):
        simulated = book.entry(recorded.measure)
        if simulated is None:
            continue
        cells = []
        for regime in (book.baseline, *book.reforms):
            real, seen = book.level(simulated, "all", regime), book.level(recorded, "all", regime)
            share = f"{number(100 * seen / real, 0)}%" if real > 0 and not math.isnan(seen) else say(UNDEFINED)
            cells.append(
                {
                    "simulated": level_text(real, simulated.unit),
                    "recorded": level_text(seen, recorded.unit),
                    "share": share,
                }
            )
        rows.append({"title": simulated.title, "unit": known(simulated.unit), "regimes": cells})
    return rows


def registers_only_rows(book: Book) -> list[MeasureRow]:
    """Return the measures that only the registers have, such as registrations by year, for everyone."""
    entries = [entry for entry in book.entries if entry.world == "recorded" and not book.entry(entry.measure)]
    return [measure_row(book, entry, "all", entry.title) for entry in entries]


def flow_sentence(pairs: pd.DataFrame, baseline: str, reform: str, group: str) -> str:
    """Return a sentence on the people who end differently under a reform, and the largest move between two outcomes.

    Parameters
    ----------
    pairs
        The table of pairs.
    baseline, reform, group
        Which part of it.

    Returns
    -------
    str
        One sentence.
    """
    counts = pair_matrix(pairs, reform, group)
    total = float(counts.to_numpy().sum())
    moves = {(a, b): float(counts.loc[a, b]) for a in counts.index for b in counts.columns if a != b}
    moved = sum(moves.values())
    who = _people(group)
    said: dict[str, object] = {"total": number(total, 0), "who": who, "reform": reform, "baseline": baseline}
    if moved == 0:
        return say("All {total} {who} end the same under {reform} as under {baseline}.", **said)
    (before, after), most = max(moves.items(), key=lambda item: item[1])
    return say(
        "Of {total} {who}, {moved} ({share}%) end differently under {reform} than under {baseline}; the largest move "
        "is from '{before}' to '{after}': {most}.",
        **said,
        moved=count_text(moved),
        share=number(100 * moved / total, 1),
        before=title_of(before, OUTCOME_TITLES),
        after=title_of(after, OUTCOME_TITLES),
        most=count_text(most),
    )


def incidence_sentences(incidence: pd.DataFrame, regimes: Sequence[str], group: str) -> list[str]:
    """Return a sentence for each exit on the share that has left that way by the last day that all regimes show.

    Returns
    -------
    list of str
        One sentence per exit; exits without numbers are left out.
    """
    part = incidence[(incidence["group"] == group) & (incidence["cohort"] == ALL) & incidence["incidence"].notna()]
    sentences = []
    for cause in dict.fromkeys(part["cause"]):
        curves = part[part["cause"] == cause].pivot_table(index="day", columns="regime", values="incidence")
        curves = curves.dropna()
        if curves.empty:
            continue
        last = curves.iloc[-1]
        shares = [
            say("{share}% under {regime}", share=number(100 * float(last[regime]), 1), regime=regime)
            for regime in regimes
            if regime in last
        ]
        title = title_of(cause, OUTCOME_TITLES)
        title, day = title[:1].upper() + title[1:], number(int(curves.index[-1]), 0)
        sentences.append(say("{title} by day {day}: {shares}.", title=title, day=day, shares=_listed(shares)))
    return sentences


def records(table: pd.DataFrame, columns: Sequence[str], count: int | None = None) -> list[dict[str, str]]:
    """Return rows of a table as texts: numbers in six figures, missing values as a dash.

    Parameters
    ----------
    table, columns
        The table, and the columns to take; a column that is absent is written as missing.
    count
        How many rows from the top; all when None.

    Returns
    -------
    list of dict
        One dict of texts per row.
    """
    part = table.head(len(table) if count is None else count).reindex(columns=list(columns))
    rows = [dict(zip(columns, row, strict=True)) for row in part.itertuples(index=False, name=None)]
    return [{name: cell_text(value) for name, value in row.items()} for row in rows]


def cell_text(value: Any) -> str:
    """Return one cell as text: a number in six figures, a list joined by commas, a missing value as a dash."""
    if value is None or str(value).strip() in {"", "nan", "NaT", "<NA>"}:
        return ABSENT
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, float):
        # Plus 0.0, since a negative zero would look like a number below zero.
        return number(value, 0) if abs(value) >= 1e6 else digits(f"{value + 0.0:,.6g}").replace("-", MINUS)
    if isinstance(value, (list, tuple)):
        return ", ".join(cell_text(part) for part in value)
    return str(value)


def receipt_rows(receipt: Mapping[str, Any], path: str = "") -> list[tuple[str, str]]:
    """Return a receipt as rows of a dotted name and a text."""
    rows: list[tuple[str, str]] = []
    for key, value in receipt.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            rows += receipt_rows(value, name)
        else:
            rows.append((name, cell_text(value)))
    return rows


def _people(group: str) -> str:
    title, people = title_of(group, GROUP_TITLES), say("people")
    return people if group == "all" else title if title.startswith(people) else f"{people} ({title})"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {say('and')} {parts[-1]}"
