"""The tables for LaTeX of a calibration: differences by camp, and published figures beside the sets that fit."""

from __future__ import annotations

from collections.abc import Iterator

from sim.export.captions import caption_of_camps, caption_of_figures
from sim.export.results import Results
from sim.export.typeset import LONG, Block, escaped, number_column, number_text
from sim.export.words import both, word
from sim.report.file_names import file_parts
from sim.report.phrases import decimals_for, is_share


def blocks_of_calibration(results: Results, language: str) -> Iterator[Block]:
    """Give for each reform and group the differences by camp, and the published figures beside the sets that fit."""
    table = results.table("camp_differences")
    for reform, part in file_parts(list(dict.fromkeys(table["reform"]))).items():
        for group in dict.fromkeys(table["group"]):
            yield camps_block(results, reform, group, name=f"camps_{part}_{group}", language=language)
    yield figures_block(results, language)


def camps_block(results: Results, reform: str, group: str, *, name: str, language: str) -> Block:
    """Return the difference over the sets of each camp that fit: middle, nine tenths of the weight, signs."""
    table = results.table("camp_differences")
    mine = table[(table["reform"] == reform) & (table["group"] == group) & (table["world"] == "simulated")]
    units = results.catalogue.set_index(["measure", "world"])["unit"]
    rows, before = [], ""
    columns = ["measure", "camp", "middle", "low", "high", "weight_lower", "weight_higher"]
    for measure, some in mine[columns].groupby("measure", sort=False):
        unit = str(units[measure, "simulated"])
        for _, camp, *numbers, lower, higher in some.itertuples(index=False, name=None):
            scaled = [100.0 * number if is_share(unit) else number for number in numbers]
            cells = [number_text(number, decimals_for(*scaled)) for number in scaled]
            signs = [number_text(share, 2) for share in (lower, higher)]
            title = f"{results.titles.measure(str(measure), language)} ({word(unit, language)})"
            rows.append(["" if title == before else escaped(title), escaped(results.receipt["camps"][camp][language]),
                         *cells, *signs])  # fmt: skip
            before = title
    numbers_of = "".join(number_column([row[at] for row in rows], language) for at in range(2, 7))
    heads = [f"{{{escaped(word(key, language))}}}" for key in ("middle", "from", "to", "lower", "higher")]
    regime, who = results.titles.regimes[reform], results.titles.groups[group]
    return Block(
        name,
        rf"@{{}}>{{\raggedright\arraybackslash}}p{{42mm}}>{{\raggedright\arraybackslash}}p{{38mm}}{numbers_of}@{{}}",
        [word("measure", language), word("camp", language), *heads],
        rows,
        both(f"Difference by camp: {regime.en}: {who.en}", f"Verschil naar kamp: {regime.nl}: {who.nl}"),
        caption_of_camps(results, reform, group),
        ("tables/camp_differences.csv", "tables/catalogue.csv"),
        long=len(rows) > LONG,
    )


def figures_block(results: Results, language: str) -> Block:
    """Return each published figure beside what the sets of each camp give."""
    title = "title_nl" if language == "nl" else "title"
    columns = [title, "published", "fitted", "camp", "middle", "low", "high", "nearest"]
    rows = []
    for _, some in results.table("figures").groupby("target", sort=False):
        head = [escaped(str(some[title].iloc[0])), escaped(str(some["published"].iloc[0]))]
        head.append(escaped(word("fitted" if some["fitted"].iloc[0] else "held out", language)))
        for _, _, _, camp, *numbers, nearest in some[columns].itertuples(index=False, name=None):
            cells = [number_text(number, decimals_for(*numbers)) for number in numbers]
            rows.append([*head, escaped(results.receipt["camps"][camp][language]), *cells, number_text(nearest, 1)])
            head = ["", "", ""]
    numbers_of = "".join(number_column([row[at] for row in rows], language) for at in range(4, 8))
    heads = [f"{{{escaped(word(key, language))}}}" for key in ("middle", "from", "to", "nearest")]
    wide = r">{\raggedright\arraybackslash}p"
    return Block(
        "figures",
        rf"@{{}}{wide}{{40mm}}{wide}{{16mm}}l{wide}{{34mm}}{numbers_of}@{{}}",
        [*(word(key, language) for key in ("figure", "published", "use", "camp")), *heads],
        rows,
        both("Published figures and the sets that fit", "Gepubliceerde cijfers en de reeksen die passen"),
        caption_of_figures(results),
        ("tables/figures.csv",),
        long=True,
    )
