"""The report of a comparison: one HTML file that needs nothing else, and its figures as files beside it.

The page loads nothing: styles, figures, data and scripts are inside it, and a content security policy forbids the rest.
Without scripts, and on paper, it reads as a report; with them the same file shows the screens of `b8sim view` first
(`sim.report.page`). The same comparison gives the same bytes.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from sim.outcomes.headline import HEADLINE
from sim.report import tables
from sim.report.book import Book, Comparison
from sim.report.figures import flow_figure, headline_figure, incidence_figure
from sim.report.file_names import file_parts
from sim.report.language import known, say, speaking, spoken
from sim.report.limited import limited
from sim.report.page import live_of
from sim.report.phrases import GROUP_TITLES, ends, range_sentence, title_of
from sim.report.style import receipt_line, save_figure

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.drawing import Figure

FIGURE_GROUPS = ("all", "dublin")
INCIDENCE_GROUPS = ("all", "dublin_victims")
WEAKEST = 8
TEMPLATE = Path(__file__).with_name("template.html")
LAW_COLUMNS = ("step", "title", "what", "old", "new", "source", "status", "why")
ASSUMPTION_COLUMNS = ("parameter", "value", "low", "high", "unit", "grade", "status", "source", "note")


@dataclass(frozen=True)
class Picture:
    """A figure for the template: title, name of its files, the picture itself, and its description."""

    title: str
    name: str
    source: str
    sentences: list[str]


def write_report(
    comparison: Comparison,
    folder: Path | str,
    *,
    regime_titles: Mapping[str, str] | None = None,
    language: str = "en",
) -> None:
    """Write ``report.html`` and ``figures/*.png`` and ``*.svg`` into a folder.

    Parameters
    ----------
    comparison
        The comparison. Measures, groups and tables that are absent or empty are left out.
    folder
        Where to write; created when it does not exist. Files of the same names are overwritten.
    regime_titles
        Readable titles of the regimes, shown once at the top beside their names; by default those that the
        changes of the law mention.
    language
        ``en`` or ``nl``: the language of the report that is printed, and in which its screens open; these have both.
    """
    with speaking(language):
        _write(comparison, Path(folder), regime_titles or {}, language)


def _write(comparison: Comparison, folder: Path, regime_titles: Mapping[str, str], language: str) -> None:
    """Write the report in the language that is spoken."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    book = Book(comparison)
    context = {
        **_heading(comparison, book, {**regime_titles_of(comparison), **regime_titles}),
        **_headline(comparison, book, folder),
        **_paths(comparison, book, folder),
        **_evidence(comparison),
        "spill_over": [
            {
                "reform": reform,
                "sentences": tables.spill_over_sentences(book, HEADLINE, reform),
                "rows": tables.spill_over_rows(book, HEADLINE, reform),
            }
            for reform in book.reforms
        ],
        "recorded": tables.recorded_rows(book),
        "registers_only": tables.registers_only_rows(book) if book.reforms else [],
        "by_group": tables.group_sections(book, HEADLINE),
        "areas": tables.area_sections(book),
        "receipt": tables.receipt_rows(comparison.receipt),
        "live": live_of(comparison),
        "language": language,
    }
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["breakable"] = breakable
    environment.globals |= {"said": _said, "known": known}
    page = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(context)
    (folder / "report.html").write_text(page, encoding="utf-8", newline="\n")


def _said(text: str, **values: object) -> str:
    """Return a text of the template, whose lines are broken anywhere, in the language that is spoken."""
    ends_in = text[: len(text) - len(text.lstrip(" "))]
    return say(ends_in + " ".join(text.split()), **values)


def regime_titles_of(comparison: Comparison) -> dict[str, str]:
    """Return the titles of the regimes: those of their last texts, or those that the changes of the law mention."""
    asked = getattr(comparison, "asked", None)
    if asked is None:
        return titles_in_law(comparison)
    last = (regime.layers[-1].title for regime in asked.regimes)
    return {name: getattr(title, spoken()) for name, title in zip(comparison.regimes, last, strict=True)}


def titles_in_law(comparison: Comparison) -> dict[str, str]:
    """Return the titles of reforms that the changes of the law mention as steps of their own.

    Parameters
    ----------
    comparison
        The comparison; a reform such as ``a+b`` takes the titles of ``a`` and of ``b``.

    Returns
    -------
    dict
        Reform to title; reforms without a title are left out.
    """
    titles = {}
    for reform in comparison.regimes[1:]:
        changes = comparison.law_changes
        block = changes[(changes["reform"] == reform) & changes["step"].isin(reform.split("+"))]
        if len(block):
            titles[reform] = "; ".join(dict.fromkeys(block["title"]))
    return titles


def law_in(comparison: Comparison, language: str) -> pd.DataFrame:
    """Return the changes of the law in a language; in English where the comparison has them in no other."""
    english = comparison.law_changes
    return getattr(comparison, "law_changes_nl", english) if language == "nl" else english


def breakable(name: str) -> Markup:
    """Return a name as HTML that a browser can break after underscores, dots and plus signs.

    Parameters
    ----------
    name
        The name of a regime, a step or a parameter.

    Returns
    -------
    markupsafe.Markup
        Safe HTML.
    """
    return Markup("<wbr>").join(re.split(r"(?<=[_.+])", name))


def replicates_done(comparison: Comparison) -> int:
    """Return the number of replicates in the tables.

    Parameters
    ----------
    comparison
        The comparison; its receipt may say ``replicates``, else the table of measures tells.

    Returns
    -------
    int
        Number of finished replicates.
    """
    done = comparison.receipt.get("replicates")
    if done is not None:
        return int(done)
    return int(comparison.measures["replicates"].max()) if len(comparison.measures) else 0


def _heading(comparison: Comparison, book: Book, regime_titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the values for the top of the page."""
    done = replicates_done(comparison)
    wanted = comparison.receipt.get("replicates_wanted")
    interrupted = ""
    if not comparison.complete:
        of = "?" if wanted is None else wanted
        interrupted = say("Interrupted: {done} of {wanted} replicates", done=done, wanted=of)
    return {
        "hypotheses": comparison.receipt.get("hypotheses", {}),
        "baseline": comparison.regimes[0],
        "reforms": list(comparison.regimes[1:]),
        "regimes": [(name, regime_titles.get(name, "")) for name in comparison.regimes],
        "receipt_line": receipt_line(comparison.receipt),
        "interrupted": interrupted,
        "notice": comparison.receipt.get("notice", []),
        "limited": limited(comparison.receipt, comparison.catalogue, HEADLINE, spoken()),
        "done": done,
        "fitted": "fitted_range" in comparison.receipt,
        "covers": range_sentence(comparison.receipt),
        "lead": tables.headline_sentences(book, HEADLINE, "all")[: len(book.reforms)],
        "strategic": bool(comparison.catalogue["measure"].str.startswith("strategic").any()),
    }


def _headline(comparison: Comparison, book: Book, folder: Path) -> dict[str, Any]:
    """Return the headline differences of everyone and of Dublin claimants, and save their figures."""
    parts = []
    for group in FIGURE_GROUPS:
        rows = tables.headline_rows(book, HEADLINE, group)
        if not rows:
            continue
        sentences = tables.headline_sentences(book, HEADLINE, group)
        lead = sentences[: len(book.reforms)] + tables.direction_sentences(book, HEADLINE, group)
        figure = headline_figure(comparison, group=group)
        picture = _picture(figure, folder, f"headline_{group}", title_of(group, GROUP_TITLES), lead)
        parts.append({"picture": picture, "sentences": sentences, "rows": rows})
    return {"headline": parts}


def _paths(comparison: Comparison, book: Book, folder: Path) -> dict[str, list[Picture]]:
    """Return and save the figures of incidence and of flow."""
    incidence, flow = [], []
    for group in INCIDENCE_GROUPS if "dublin_victims" in book.groups else FIGURE_GROUPS:
        title = title_of(group, GROUP_TITLES)
        sentences = tables.incidence_sentences(comparison.incidence, comparison.regimes, group)
        if sentences:
            figure = incidence_figure(comparison, group=group)
            incidence.append(_picture(figure, folder, f"incidence_{group}", title, sentences))
    for reform, part in file_parts(book.reforms).items():
        for group in FIGURE_GROUPS:
            pairs = comparison.pairs
            if not ((pairs["reform"] == reform) & (pairs["group"] == group)).any():
                continue
            figure = flow_figure(comparison, reform=reform, group=group)
            sentence = tables.flow_sentence(pairs, book.baseline, reform, group)
            title = f"{reform}: {title_of(group, GROUP_TITLES)}"
            flow.append(_picture(figure, folder, f"flow_{part}_{group}", title, [sentence]))
    return {"incidence": incidence, "flow": flow}


def _evidence(comparison: Comparison) -> dict[str, Any]:
    """Return the weakest assumptions and the changes of the law."""
    assumptions = tables.records(comparison.assumptions, ASSUMPTION_COLUMNS, WEAKEST)
    for row in assumptions:
        bounds = (row["low"], row["high"])
        row["unit"] = row["unit"].replace("_", " ")
        row["range"] = tables.ABSENT if tables.ABSENT in bounds else ends(*bounds)
    changes = law_in(comparison, spoken())
    law = [
        {"reform": reform, "rows": tables.records(changes[changes["reform"] == reform], LAW_COLUMNS)}
        for reform in dict.fromkeys(changes["reform"])
    ]
    return {
        "assumptions": assumptions,
        "assumptions_total": len(comparison.assumptions),
        "law": law,
        "status_words": tables.STATUS_WORDS,
    }


def _picture(figure: Figure, folder: Path, name: str, title: str, sentences: list[str]) -> Picture:
    """Save a figure beside the page and return it for embedding."""
    _, svg = save_figure(figure, folder / "figures", name)
    encoded = base64.b64encode(svg.read_bytes()).decode("ascii")
    return Picture(title, name, f"data:image/svg+xml;base64,{encoded}", sentences)
