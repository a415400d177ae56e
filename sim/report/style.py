"""The look of every figure, and how figures are saved so that the same run gives the same files.

Figures are made without pyplot, so that drawing leaves no global state behind. Colours are from the palette
of Okabe and Ito, which readers with colour blindness can tell apart; red and green are not used, since no
outcome is marked as good or bad.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from sim.report.drawing import Axes, Figure, FigureCanvasAgg, matplotlib
from sim.report.language import say

INK = "#222222"
GREY = "#5a5a5a"
RULE = "#d5d5d5"
PAPER = "#ffffff"
BLACK = "#000000"
# one style per regime, the baseline first: colour, dashes and marker all differ, so print in black works too
COLOURS = ("#333333", "#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#B8A500")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (4, 1.5, 1, 1.5)), (0, (1, 1.2)), (0, (8, 2)), (0, (2, 2)))
MARKERS = ("o", "o", "s", "D", "^", "v")

_RC = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,
    "svg.hashsalt": "b8sim",
    "svg.fonttype": "path",
    "savefig.dpi": 160,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with the settings of this package instead of the user's own matplotlib settings."""
    with matplotlib.style.context(["default", _RC]):
        yield


def look(regime: int) -> dict[str, Any]:
    """Return colour, dash pattern and marker of the regime at a position; 0 is the baseline."""
    at = regime % len(COLOURS)
    return {"color": COLOURS[at], "linestyle": DASHES[at], "marker": MARKERS[at]}


def readable_on(colour: Any) -> str:
    """Return black or white, whichever has the higher contrast on a colour: at least 4.5 on any."""
    return max((BLACK, PAPER), key=lambda letters: contrast(colour, letters))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast of two colours, from 1 to 21, as the Web Content Accessibility Guidelines 2.2 define it."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: Any) -> float:
    parts = np.asarray(matplotlib.colors.to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def new_figure(width_inches: float, height_inches: float) -> Figure:
    """Return an empty figure with its own canvas."""
    figure = Figure(figsize=(width_inches, height_inches), facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


def sheet(figure: Figure) -> Axes:
    """Return axes over the whole figure with coordinates in inches from the top left corner."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0.0, width), ylim=(height, 0.0))
    axes.axis("off")
    return axes


def receipt_line(receipt: Mapping[str, Any]) -> str:
    """Return one line that identifies the run of a figure.

    Parameters
    ----------
    receipt
        The receipt of a comparison. Read from it, when present: ``version``, ``scenario`` (a name or a
        table with ``name``), ``hypotheses``, ``seed``, ``replicates`` (finished) and ``replicates_wanted``.

    Returns
    -------
    str
        For example ``b8sim 0.1.0 · scenario netherlands · seed 1 · 20 replicates``.
    """
    scenario = receipt.get("scenario")
    if isinstance(scenario, Mapping):
        scenario = scenario.get("name")
    parts = [f"b8sim {receipt['version']}" if "version" in receipt else "b8sim"]
    parts += [f"scenario {scenario}"] if scenario is not None else []
    hypotheses = receipt.get("hypotheses")
    parts += [say("under {regime}", regime=", ".join(hypotheses))] if hypotheses else []
    parts += [f"seed {receipt['seed']}"] if "seed" in receipt else []
    done, wanted = receipt.get("replicates"), receipt.get("replicates_wanted")
    if done is not None:
        count = f"{done}" if wanted in {None, done} else say("{done} of {wanted}", done=done, wanted=wanted)
        parts.append(say("{count} replicate", count=count) if count == "1" else say("{count} replicates", count=count))
    return " · ".join(parts)


def sign_off(figure: Figure, receipt: Mapping[str, Any], note: str = "") -> None:
    """Write a note and the receipt line at the bottom of a figure.

    Parameters
    ----------
    figure
        The figure; the lowest 0.3 inch, and 0.17 inch more per line of the note, must be free.
    receipt
        As in :func:`receipt_line`.
    note
        The explanation of the figure; wrapped to its width.
    """
    width, height = figure.get_size_inches()
    columns = _columns(width)
    line = textwrap.shorten(receipt_line(receipt), columns, placeholder=" …")
    figure.text(0.15 / width, 0.1 / height, line, fontsize=8, color=GREY, va="bottom")
    if note:
        text = textwrap.fill(note, columns)
        figure.text(0.15 / width, 0.32 / height, text, fontsize=8.5, color=GREY, va="bottom", linespacing=1.3)


def note_lines(note: str, width: float) -> int:
    """Return how many lines a note takes at the bottom of a figure of a width in inches."""
    return len(textwrap.wrap(note, _columns(width)))


def _columns(width: float) -> int:
    """Return how many characters fit beside each other at the bottom of a figure of a width in inches."""
    return int(width * 15)


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """Return a figure as a file of a kind (``png``, ``svg``, ``pdf``), the same bytes for the same figure."""
    metadata: dict[str, dict[str, Any]] = {
        "png": {"Software": "b8sim"},
        "svg": {"Date": None, "Creator": "b8sim"},
        "pdf": {"CreationDate": None, "Creator": "b8sim", "Producer": "b8sim"},
    }
    buffer = io.BytesIO()
    with house_style():
        figure.savefig(buffer, format=kind, metadata=metadata[kind], facecolor=PAPER)
    return buffer.getvalue()


def save_figure(figure: Figure, folder: Path, name: str, kinds: tuple[str, ...] = ("png", "svg")) -> list[Path]:
    """Save a figure in several kinds of file.

    Parameters
    ----------
    figure, folder, name
        What to save, the existing folder, and the name without suffix.
    kinds
        Kinds of file: ``png``, ``svg``, ``pdf``.

    Returns
    -------
    list of Path
        The files written.
    """
    paths = [folder / f"{name}.{kind}" for kind in kinds]
    for path, kind in zip(paths, kinds, strict=True):
        path.write_bytes(figure_bytes(figure, kind))
    return paths
