"""The figures of a folder of a paper: which there are, in two widths, as PDF and SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sim.export.canvas import WIDTHS_MM, save
from sim.export.captions import (
    caption_of_camps,
    caption_of_curves,
    caption_of_flows,
    caption_of_forest,
    caption_of_range_figure,
)
from sim.export.choices import Choices
from sim.export.curves import curves_figure
from sim.export.flows import flows_figure
from sim.export.forest import forest_figure
from sim.export.pieces import Piece
from sim.export.results import Results
from sim.export.sheets import sheet_of_calibration, sheet_of_comparison, sheet_of_study
from sim.export.words import both
from sim.outcomes.headline import HEADLINE
from sim.procedures.schema import Title
from sim.report.drawing import Figure
from sim.report.file_names import file_parts
from sim.report.html import FIGURE_GROUPS, INCIDENCE_GROUPS

FOLDER: Final = "figures"
KINDS: Final = ("pdf", "svg")


@dataclass(frozen=True)
class Drawing:
    """A figure that can be drawn in any width: its name, title, caption and tables."""

    name: str
    title: Title
    caption: Title
    made_from: tuple[str, ...]
    draw: Callable[[float, str], Figure]


def drawings(results: Results) -> Iterator[Drawing]:
    """Give the figures of a comparison, a study or a calibration; other results have none."""
    if results.kind == "comparison":
        yield from _of_comparison(results)
    if results.kind == "study" and "ranges" in results.tables:
        yield from _of_study(results)
    if results.kind == "calibration":
        yield from _of_calibration(results)


def _of_study(results: Results) -> Iterator[Drawing]:
    """Give for each group between which values the differences lie over the points."""
    reforms = results.regimes[1:]
    for group in dict.fromkeys(results.table("ranges")["group"]):
        title, sheet = results.titles.groups[group], sheet_of_study(results, group)
        yield Drawing(
            f"ranges_{group}",
            both(f"Ranges of differences: {title.en}", f"Bandbreedten van verschillen: {title.nl}"),
            caption_of_range_figure(results, reforms, group),
            ("tables/ranges.csv", "tables/level_ranges.csv", "tables/catalogue.csv"),
            partial(forest_figure, results, sheet),
        )


def _of_calibration(results: Results) -> Iterator[Drawing]:
    """Give for each reform and group the differences over the sets of each camp that fit."""
    table = results.table("camp_differences")
    for reform, part in file_parts(list(dict.fromkeys(table["reform"]))).items():
        for group in dict.fromkeys(table["group"]):
            regime, who = results.titles.regimes[reform], results.titles.groups[group]
            yield Drawing(
                f"camps_{part}_{group}",
                both(f"Differences by camp: {regime.en}: {who.en}", f"Verschillen naar kamp: {regime.nl}: {who.nl}"),
                caption_of_camps(results, reform, group),
                ("tables/camp_differences.csv", "tables/catalogue.csv"),
                partial(forest_figure, results, sheet_of_calibration(results, group, reform)),
            )


def _of_comparison(results: Results) -> Iterator[Drawing]:
    book, titles = results.book, results.titles
    for group in FIGURE_GROUPS:
        if book.shown(HEADLINE, group):
            title, named = titles.groups[group], f"differences_{group}"
            yield Drawing(
                named,
                both(f"Differences: {title.en}", f"Verschillen: {title.nl}"),
                caption_of_forest(results, book.reforms, group),
                ("tables/differences.csv", "tables/measures.csv", "tables/catalogue.csv"),
                partial(forest_figure, results, sheet_of_comparison(results, group)),
            )
    exits = set(results.incidence.loc[results.incidence["incidence"].notna(), "group"])
    for group in INCIDENCE_GROUPS:
        if group in exits:
            title = titles.groups[group]
            yield Drawing(
                f"incidence_{group}",
                both(f"Ways out: {title.en}", f"Uitstroom: {title.nl}"),
                caption_of_curves(results, group),
                ("tables/incidence.csv",),
                partial(curves_figure, results, group),
            )
    flows = set(results.pairs[["reform", "group"]].drop_duplicates().itertuples(index=False, name=None))
    for reform, part in file_parts(book.reforms).items():
        for group in FIGURE_GROUPS:
            if (reform, group) in flows:
                regime, who = titles.regimes[reform], titles.groups[group]
                yield Drawing(
                    f"flow_{part}_{group}",
                    both(f"The same people: {regime.en}: {who.en}", f"Dezelfde mensen: {regime.nl}: {who.nl}"),
                    caption_of_flows(results, reform, group),
                    ("tables/pairs.csv",),
                    partial(flows_figure, results, reform, group),
                )


def write_figures(paper: Path, results: Results, choices: Choices) -> list[Piece]:
    """Write every figure in both widths and kinds, in the language that was chosen."""
    pieces = []
    for drawing in drawings(results):
        (paper / FOLDER).mkdir(exist_ok=True)
        for width in WIDTHS_MM:
            figure = drawing.draw(width, choices.language)
            for kind in KINDS:
                path = f"{FOLDER}/{drawing.name}_{width}mm.{kind}"
                save(figure, paper / path, results, choices, (drawing.title, drawing.caption))
                pieces.append(Piece(path, "figure", drawing.title, drawing.caption, drawing.made_from))
    return pieces
