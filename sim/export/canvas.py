"""A figure for print: its size in millimetres, its letters measured, its looks in colour and in grey, its receipt."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from matplotlib.font_manager import FontProperties

from sim.export.choices import LICENCES, Choices
from sim.export.letters import families
from sim.export.results import Results
from sim.procedures.schema import Title
from sim.report.drawing import Axes, Figure, FigureCanvasAgg, matplotlib
from sim.report.style import GREY, INK, PAPER, receipt_line

WIDTHS_MM: Final = (85, 170)
"""One and two columns of a journal."""
MM_PER_INCH: Final = 25.4
HEAD: Final = 8.0
BODY: Final = 7.0
"""Sizes of letters in points. There is one face, to be embedded once."""
SMALL: Final = 6.0
LINE_MM: Final = 3.1
"""Distance between lines of `BODY`."""
HEAD_LINE_MM: Final = 3.6
"""Distance between lines of `HEAD`."""
DPI: Final = 200
"""Dots per inch at which letters are measured; the files are drawn as curves."""

COLOURS: Final = ("#333333", "#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#B8A500", "#7F3C8D")
DASHES: Final[tuple[Any, ...]] = (
    "-", (0, (5, 1.5)), (0, (4, 1.5, 1, 1.5)), (0, (1, 1.2)), (0, (8, 2)),
)  # fmt: skip
MARKERS: Final = ("o", "s", "D", "^", "v", "P", "X", "<", ">", "p", "*")
"""Colours, dashes and markers, in numbers without a common divisor: no two of 385 regimes share all three, and no two
neighbours one."""

_STYLE: Final[Mapping[str, Any]] = {
    "font.size": BODY,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.0,
    "ytick.major.size": 2.0,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "b8sim",
}


@contextmanager
def print_style() -> Iterator[None]:
    """Draw with the settings of this package, whatever the user's own are."""
    with matplotlib.style.context(["default", {**_STYLE, "font.family": families()}]):
        yield


def look(regime: int) -> dict[str, Any]:
    """Return colour, dashes and marker of the regime at a position; 0 is the baseline. Every other marker is hollow."""
    colour = COLOURS[regime % len(COLOURS)]
    return {
        "color": colour,
        "linestyle": DASHES[regime % len(DASHES)],
        "marker": MARKERS[regime % len(MARKERS)],
        "markerfacecolor": PAPER if regime % 2 else colour,
        "markeredgecolor": colour if regime % 2 else INK,
    }


class Canvas:
    """A figure with axes over all of it, in millimetres from the top left corner, and a ruler for its texts.

    Parameters
    ----------
    width_mm, height_mm
        Size on paper.
    """

    def __init__(self, width_mm: float, height_mm: float) -> None:
        self.width, self.height = width_mm, height_mm
        self.figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), facecolor=PAPER, dpi=DPI)
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set(xlim=(0.0, width_mm), ylim=(height_mm, 0.0))
        self.axes.axis("off")

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes at a place in millimetres."""
        bottom = self.height - top - height
        place = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(place)

    def write(self, x: float, y: float, text: str, **style: Any) -> None:
        """Write a text at a place in millimetres; by default the top left corner of its first line is there."""
        settings = {"fontsize": BODY, "ha": "left", "linespacing": 1.15, **style}
        if "va" in settings:
            self.axes.text(x, y, text, **settings)
            return
        # Line by line on baselines: whether a line has letters with tails does not move its neighbours.
        step = HEAD_LINE_MM if settings["fontsize"] == HEAD else LINE_MM
        for number, line in enumerate(text.split("\n")):
            self.axes.text(x, y + 0.78 * step + number * step, line, va="baseline", **settings)


@cache
def _renderer() -> Any:
    return FigureCanvasAgg(Figure(dpi=DPI)).get_renderer()  # type: ignore[no-untyped-call]


@cache
def _letters(size: float) -> FontProperties:
    return FontProperties(family=families(), size=size)


@lru_cache(maxsize=10_000)
def _width(text: str, size: float) -> float:
    return float(_renderer().get_text_width_height_descent(text, _letters(size), False)[0]) / DPI * MM_PER_INCH


class Ruler:
    """Measures texts in millimetres; figures in two widths break the same titles, so a text is measured once."""

    def width(self, text: str, size: float = BODY) -> float:
        """Return the width of a line in millimetres."""
        return _width(text, size)

    def wrapped(self, text: str, width: float, size: float = BODY) -> list[str]:
        """Break a text into lines of at most a width in millimetres; a word that is too long is broken anywhere."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if self.width(longer, size) <= width:
                lines[-1] = longer
                continue
            if lines[-1]:
                lines.append("")
            for letter in word:
                if lines[-1] and self.width(lines[-1] + letter, size) > width:
                    lines.append("")
                lines[-1] += letter
        return lines


def legend_height(ruler: Ruler, titles: list[str], width: float) -> float:
    """Return how many millimetres the legend of some regimes takes."""
    return sum(len(ruler.wrapped(title, width - LEGEND_INDENT)) * LINE_MM + 0.6 for title in titles)


LEGEND_INDENT: Final = 10.5


def write_legend(
    canvas: Canvas, ruler: Ruler, titles: Mapping[int, str], *, left: float, top: float, width: float
) -> None:
    """Write the title of each regime beside its line and marker, one below the other."""
    y = top
    for at, title in titles.items():
        lines = ruler.wrapped(title, width - LEGEND_INDENT)
        middle = y + LINE_MM * 0.45
        canvas.axes.plot([left, left + 8.5], [middle, middle], linewidth=1.2, markersize=0, **_line(at))
        canvas.axes.plot([left + 4.25], [middle], markersize=3.6, markeredgewidth=0.6, **look(at))
        canvas.write(left + LEGEND_INDENT, y, "\n".join(lines))
        y += len(lines) * LINE_MM + 0.6


def _line(at: int) -> dict[str, Any]:
    return {key: look(at)[key] for key in ("color", "linestyle")}


def sign_off(canvas: Canvas, ruler: Ruler, results: Results) -> None:
    """Write at the bottom from which run the figure comes, in one line that fits."""
    line = receipt_line(results.receipt)
    while ruler.width(line, SMALL) > canvas.width - 2:
        line = f"{line[:-2]}…"
    canvas.write(1.0, canvas.height - 0.8, line, fontsize=SMALL, color=GREY, va="bottom")


def save(figure: Figure, path: Path, results: Results, choices: Choices, about: tuple[Title, Title]) -> None:
    """Write a figure as PDF or SVG by the ending of its name, with title, caption and receipt in its metadata.

    Parameters
    ----------
    figure, path
        What, and where.
    results, choices
        What it was made of, and what was chosen.
    about
        Title and caption.
    """
    title, caption = (said.nl if choices.language == "nl" else said.en for said in about)
    receipt, licence = json.dumps(short_receipt(results.receipt)), LICENCES[choices.licence]
    metadata: dict[str, Any] = {
        "Title": title,
        "Creator": f"b8sim {results.receipt['version']}",
    }
    if path.suffix == ".pdf":
        metadata |= {"Subject": caption, "Keywords": receipt, "CreationDate": None, "Producer": "b8sim"}
    else:
        metadata |= {"Description": caption, "Source": receipt, "Date": None, "Language": choices.language}
        metadata |= {"Rights": licence.address}
    with print_style():
        figure.savefig(path, format=path.suffix[1:], metadata=metadata, facecolor=PAPER)


def short_receipt(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a receipt a figure carries: enough to find the run, and to see that it is another."""
    keys = (
        "version", "source_hash", "scenario", "scenario_hash", "hypotheses", "regimes", "regime_hashes", "seed",
        "replicates", "throughout",
    )  # fmt: skip
    return {key: receipt[key] for key in keys if key in receipt}


def spoken_number(text: str, language: str) -> str:
    """Return a number that is written in English as the language writes it."""
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text
