r"""Tables for LaTeX: booktabs rules, siunitx columns, in floats with a caption and a label.

A document needs ``\usepackage{booktabs, siunitx, longtable, array}`` and ``\usepackage[T1]{fontenc}``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from sim.export.captions import (
    caption_of_assumptions,
    caption_of_differences,
    caption_of_factors,
    caption_of_law,
    caption_of_ranges,
    caption_of_spill_over,
    caption_of_values,
)
from sim.export.choices import Choices
from sim.export.latex_camps import blocks_of_calibration
from sim.export.pieces import Piece
from sim.export.results import Results
from sim.export.typeset import (
    LONG,
    Block,
    breakable,
    document_text,
    escaped,
    number_column,
    number_text,
    table_text,
    text_mm,
    titles_column,
)
from sim.export.words import both, word
from sim.outcomes.headline import HEADLINE
from sim.report.book import Book, Entry
from sim.report.file_names import file_parts
from sim.report.folder import write_text
from sim.report.html import FIGURE_GROUPS
from sim.report.phrases import Difference, decimals_for, is_share, signs_text

FOLDER: Final = "latex"
DOCUMENT: Final = f"{FOLDER}/tables.tex"
WEAKEST: Final = 20


def write_latex(paper: Path, results: Results, choices: Choices) -> list[Piece]:
    """Write the tables in the language that was chosen, and a document with all of them."""
    (paper / FOLDER).mkdir()
    language = choices.language
    blocks = list(_BLOCKS[results.kind](results, language))
    pieces = []
    for block in blocks:
        path = f"{FOLDER}/{block.name}.tex"
        write_text(paper, path, table_text(block, results, language))
        pieces.append(Piece(path, "LaTeX table", block.title, block.caption, block.made_from))
    write_text(paper, DOCUMENT, document_text([block.name for block in blocks]))
    everything = both("All LaTeX tables in one document", "Alle LaTeX-tabellen in een document")
    return [*pieces, Piece(DOCUMENT, "description", everything, everything, tuple(piece.path for piece in pieces))]


def _of_comparison(results: Results, language: str) -> Iterator[Block]:
    book = results.book
    for reform, part in file_parts(book.reforms).items():
        for group in FIGURE_GROUPS:
            if book.shown(HEADLINE, group):
                yield _differences(results, book, reform, group, name=f"differences_{part}_{group}", language=language)
        spill = _spill_over(results, book, reform, name=f"spill_over_{part}", language=language)
        if spill.rows:
            yield spill
        law = _law(results, reform, name=f"law_{part}", language=language)
        if law.rows:
            yield law
    yield _assumptions(results, language)


def _of_run(results: Results, language: str) -> Iterator[Block]:
    values = results.measures
    shown = values[(values["group"] == "all") & (values["world"] == "simulated") & values["measure"].isin(HEADLINE)]
    rows = []
    for measure, value, unit in shown[["measure", "value", "unit"]].itertuples(index=False, name=None):
        scale = 100.0 if is_share(unit) else 1.0
        title = escaped(results.titles.measure(measure, language))
        rows.append([title, escaped(word(unit, language)), number_text(scale * value, decimals_for(scale * value))])
    heads = [word(name, language) for name in ("measure", "unit", "value")]
    yield Block(
        "values_all",
        rf"@{{}}>{{\raggedright\arraybackslash}}p{{80mm}}l{number_column([row[2] for row in rows], language)}@{{}}",
        [*heads[:2], f"{{{heads[2]}}}"],
        rows,
        both("Measures of one run", "Maten van een run"),
        caption_of_values(results),
        ("tables/values.csv", "tables/catalogue.csv"),
    )


def _of_study(results: Results, language: str) -> Iterator[Block]:
    if "ranges" in results.tables:
        ranges = results.table("ranges")
        for reform, part in file_parts(results.regimes[1:]).items():
            for group in dict.fromkeys(ranges["group"]):
                yield _ranges(results, reform, group, name=f"ranges_{part}_{group}", language=language)
            law = _law(results, reform, name=f"law_{part}", language=language)
            if law.rows:
                yield law
    if len(results.table("factors")):
        yield _factors(results, language)


def _of_person(results: Results, language: str) -> Iterator[Block]:
    """Give the changes of the law; a story is no table for print."""
    for reform, part in file_parts(results.regimes[1:]).items():
        law = _law(results, reform, name=f"law_{part}", language=language)
        if law.rows:
            yield law


_BLOCKS: Final[Mapping[str, Callable[[Results, str], Iterator[Block]]]] = {
    "comparison": _of_comparison,
    "run": _of_run,
    "study": _of_study,
    "calibration": blocks_of_calibration,
    "person": _of_person,
}


def _ranges(results: Results, reform: str, group: str, *, name: str, language: str) -> Block:
    """Return between which values differences lie over the points of a study, and at how many they are above zero."""
    table = results.table("ranges")
    mine = table[(table["reform"] == reform) & (table["group"] == group) & (table["world"] == "simulated")]
    rows = []
    columns = ["measure", "unit", "lowest", "middle", "highest", "points_higher", "points"]
    for measure, unit, *numbers, higher, points in mine[columns].itertuples(index=False, name=None):
        scaled = [100.0 * number if is_share(unit) else number for number in numbers]
        cells = [number_text(number, decimals_for(*scaled)) for number in scaled]
        cells.append(f"{higher} {word('of', language)} {points}")
        title = escaped(results.titles.measure(measure, language))
        rows.append([title, escaped(word(unit, language)), *cells])
    numbers_of = "".join(number_column([row[at] for row in rows], language) for at in range(2, 5))
    heads = [f"{{{escaped(word(key, language))}}}" for key in ("lowest", "middle", "highest")]
    regime, who = results.titles.regimes[reform], results.titles.groups[group]
    return Block(
        name,
        rf"@{{}}>{{\raggedright\arraybackslash}}p{{60mm}}l{numbers_of}l@{{}}",
        [word("measure", language), word("unit", language), *heads, word("above zero at", language)],
        rows,
        both(f"Range over the points: {regime.en}: {who.en}", f"Bandbreedte over de punten: {regime.nl}: {who.nl}"),
        caption_of_ranges(results, reform, group),
        ("tables/ranges.csv", "tables/catalogue.csv"),
    )


def _factors(results: Results, language: str) -> Block:
    """Return what a study varies."""
    rows = [
        [breakable(factor), *(f"{{{escaped(f'{number:g}')}}}" for number in numbers), escaped(unit)]
        for factor, *numbers, unit in results.table("factors")[["factor", "low", "high", "base", "unit"]].itertuples(
            index=False, name=None
        )
    ]
    heads = [word(key, language) for key in ("factor", "lowest", "highest", "in the scenario", "unit")]
    return Block(
        "factors",
        r"@{}>{\raggedright\arraybackslash}p{70mm}rrrl@{}",
        [escaped(head) for head in heads],
        rows,
        both("What the study varies", "Wat de studie laat verschillen"),
        caption_of_factors(results),
        ("tables/factors.csv",),
        long=len(rows) > LONG,
    )


def _differences(results: Results, book: Book, reform: str, group: str, *, name: str, language: str) -> Block:
    """Return the headline measures: both levels, difference, interval, replicates lower, the same and higher."""
    rows = []
    for entry in book.shown(HEADLINE, group):
        title = f"{results.titles.measure(entry.measure, language)} ({word(entry.unit, language)})"
        rows.append([escaped(title), *_difference_cells(book, entry, group, reform)])
    columns = [[row[at] for row in rows] for at in range(1, 6)]
    said = [word(key, language) for key in ("baseline", "reform", "difference")]
    signs = max(17.0, text_mm([row[6] for row in rows]))
    titles_set = titles_column(
        [[head, *cells] for head, cells in zip([*said, "", ""], columns, strict=True)], others_mm=signs
    )
    numbers = "".join(number_column(cells, language) for cells in columns)
    others = [f"{{{escaped(head)}}}" for head in said]
    interval = rf"\multicolumn{{2}}{{c}}{{{escaped(word('interval', language))}}}"
    titles = results.titles
    return Block(
        name,
        rf"@{{}}{titles_set}{numbers}>{{\raggedright\arraybackslash}}p{{{signs:.0f}mm}}@{{}}",
        [word("measure", language), *others, interval, word("signs", language)],
        rows,
        both(
            f"{titles.regime(reform, 'en')}: {titles.group(group, 'en')}",
            f"{titles.regime(reform, 'nl')}: {titles.group(group, 'nl')}",
        ),
        caption_of_differences(results, [reform], group),
        ("tables/differences.csv", "tables/measures.csv", "tables/catalogue.csv"),
    )


def _difference_cells(book: Book, entry: Entry, group: str, reform: str) -> list[str]:
    """Return level, level, difference, low, high, and in how many replicates it is lower, the same and higher."""
    row = book.difference(entry, group, reform)
    scale = 100.0 if is_share(entry.unit) else 1.0
    levels = [scale * book.level(entry, group, regime) for regime in (book.baseline, reform)]
    shown = [number_text(level, decimals_for(level)) for level in levels]
    if row is None:
        return [*shown, "{--}", "{--}", "{--}", ""]
    return [*shown, *_interval_cells(row, scale), signs_text(row)]


def _interval_cells(row: Difference, scale: float) -> list[str]:
    numbers = [scale * value for value in (row.difference, row.low, row.high)]
    return [number_text(value, decimals_for(*numbers)) for value in numbers]


def _spill_over(results: Results, book: Book, reform: str, *, name: str, language: str) -> Block:
    rows = []
    groups = ("rule_changed", "rule_unchanged")
    for measure in HEADLINE:
        entry = book.entry(measure)
        found = [book.difference(entry, group, reform) if entry else None for group in groups]
        if entry is None or not any(found):
            continue
        scale = 100.0 if is_share(entry.unit) else 1.0
        cells = []
        for row in found:
            cells += ["{--}"] * 3 if row is None else _interval_cells(row, scale)
        row_title = f"{results.titles.measure(measure, language)} ({word(entry.unit, language)})"
        rows.append([escaped(row_title), *cells])
    columns = [[row[at] for row in rows] for at in range(1, 7)]
    said = [word("rule changed", language), "", "", word("rule unchanged", language), "", ""]
    titles_set = titles_column([[head, *cells] for head, cells in zip(said, columns, strict=True)])
    numbers = "".join(number_column(cells, language) for cells in columns)
    interval = rf"\multicolumn{{2}}{{c}}{{{escaped(word('interval', language))}}}"
    heads = [cell for key in ("rule changed", "rule unchanged") for cell in (f"{{{word(key, language)}}}", interval)]
    title = results.titles.regimes[reform]
    return Block(
        name,
        rf"@{{}}{titles_set}{numbers}@{{}}",
        [word("measure", language), *heads],
        rows,
        both(f"Direct effect and spill-over: {title.en}", f"Direct effect en doorwerking: {title.nl}"),
        caption_of_spill_over(results, reform),
        ("tables/differences.csv", "tables/measures.csv", "tables/catalogue.csv"),
    )


def _law(results: Results, reform: str, *, name: str, language: str) -> Block:
    changes = results.law_changes
    changes = changes[changes["reform"] == reform]
    columns = ["step", "what", "old", "new", "source", "status"]
    rows = [
        [breakable(str(cell)) for cell in row[:-1]] + [escaped(word(str(row[-1]), language))]
        for row in changes[columns].itertuples(index=False, name=None)
    ]
    title = results.titles.regimes[reform]
    ragged = r">{\raggedright\arraybackslash}p"
    widths = (24, 16, 32, 32, 38, 16)
    return Block(
        name,
        "@{}" + "".join(f"{ragged}{{{width}mm}}" for width in widths) + "@{}",
        [word(key, language) for key in ("step", "what", "before", "after", "source", "status")],
        rows,
        both(f"What the law changed: {title.en}", f"Wat het recht veranderde: {title.nl}"),
        caption_of_law(results, reform),
        ("tables/law_changes.csv",),
        long=True,
    )


def _assumptions(results: Results, language: str) -> Block:
    table = results.assumptions
    shown = table.head(WEAKEST)
    rows = []
    for row in shown[["parameter", "value", "low", "high", "unit", "grade"]].itertuples(index=False, name=None):
        name, value, low, high, unit, grade = row
        numbers = [_six(number, language) for number in (value, low, high)]
        rows.append(
            [breakable(name), *numbers, escaped(str(unit).replace("_", " ")), escaped(word(str(grade), language))]
        )
    title = both("The weakest assumptions", "De zwakste aannames")
    ranges = rf"\multicolumn{{2}}{{c}}{{{word('range', language)}}}"
    return Block(
        "assumptions",
        r"@{}>{\raggedright\arraybackslash}p{60mm}rrr>{\raggedright\arraybackslash}p{30mm}l@{}",
        [word("parameter", language), word("value", language), ranges, word("unit", language), word("grade", language)],
        rows,
        title,
        caption_of_assumptions(len(shown), len(table)),
        ("tables/assumptions.csv",),
    )


def _six(value: object, language: str) -> str:
    """Return a number in at most six figures; a text as it is."""
    if not isinstance(value, int | float):
        return escaped(str(value))
    if math.isnan(value):
        return ""
    mark = ",output-decimal-marker={,}" if language == "nl" else ""
    return rf"\num[group-minimum-digits=5{mark}]{{{value:.6g}}}"
