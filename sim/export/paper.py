"""The folder of a paper: made of a folder of results, with everything that makes it again."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import sim
from sim.export.captions import captions_page
from sim.export.choices import Choices
from sim.export.crate import CRATE, write_crate
from sim.export.dictionary import described
from sim.export.latex import write_latex
from sim.export.odd import odd_text
from sim.export.package import CSVW, DATA_PACKAGE, write_package
from sim.export.pieces import Piece, contents_table
from sim.export.print_figures import write_figures
from sim.export.quarto import QUARTO, quarto_text
from sim.export.readme import README, readme_text
from sim.export.results import EXPORT, Results
from sim.export.sources import citation_bib, citation_cff, sources_bib, sources_csl
from sim.export.stress import stress_text
from sim.export.tables import FOLDER, write_for_spreadsheet, write_tables
from sim.export.tables import pieces as table_pieces
from sim.export.trace import trace_text
from sim.export.words import both
from sim.report.checksums import NAME as CHECKSUMS
from sim.report.checksums import files_in, write_checksums
from sim.report.folder import write_table, write_text

MODEL: Final = "model"
INPUTS: Final = "inputs"
"""Where the scenario and the user's own files are."""
PACKAGES: Final = ("fonttools", "matplotlib", "pandas", "pyarrow")
"""Packages whose version can change a byte of the files."""


def write_paper(paper: Path, results: Results, choices: Choices) -> None:
    """Write everything that a paper needs of some results.

    Parameters
    ----------
    paper
        An empty folder, as from `sim.report.folder.open_folder`.
    results
        From `sim.export.results.opened`.
    choices
        What goes in, in which form.
    """
    pieces = _copies(paper, results)
    tables = write_tables(paper, results, choices.include, choices.decimal_comma)
    pieces += table_pieces(tables, choices.decimal_comma)
    pieces += write_latex(paper, results, choices)
    pieces += write_figures(paper, results, choices)
    if choices.events:
        from sim.export.event_log import write_events  # runs a world, so it loads the engine

        logs, of_events = write_events(paper, results, choices)
        pieces += logs
        tables += of_events
    if results.kind == "person":
        from sim.follow.record import STORY  # loads the engine too

        shutil.copyfile(results.folder / STORY, paper / STORY)
        pieces.append(_piece(STORY, "description", "The stories of one person", "De verhalen van een persoon"))
    pieces += _descriptions(paper, results, choices)
    pieces += _captions(paper, pieces)
    _write_export_receipt(paper, results, choices)
    pieces.append(_piece(EXPORT, "receipt", "Receipt of the export", "Bewijs van de export", ("receipt.json",)))
    write_text(paper, README, readme_text(results, choices, pieces))
    pieces.append(_piece(README, "description", "What is in this folder", "Wat er in deze map staat"))
    contents = contents_table(pieces)
    write_table(paper / FOLDER, "contents", contents, parquet=False)
    tables.append(described("contents", f"{FOLDER}/contents.csv", list(contents.columns)))
    pieces.append(_piece(f"{FOLDER}/contents.csv", "table", "Contents of the folder", "Inhoud van de map"))
    if choices.decimal_comma:
        write_for_spreadsheet(paper, "contents", contents)
    write_crate(paper, results, choices, pieces)
    pieces.append(_piece(CRATE, "description", "The folder as RO-Crate", "De map als RO-Crate"))
    write_package(paper, results, choices, tables, pieces)
    write_checksums(paper)
    _all_named(paper, pieces)


@cache
def report_hash() -> str:
    """Return a SHA-256 of the files of this package that write reports: the same folder needs the same words."""
    digest = hashlib.sha256()
    for room in ("export", "report"):
        for name, path in files_in(Path(sim.__file__).parent / room):
            if "__pycache__" not in path.parts:
                content = path.read_bytes().replace(b"\r\n", b"\n")
                digest.update(f"{room}/{name}\n{len(content)}\n".encode())
                digest.update(content)
    return digest.hexdigest()


def export_receipt(results: Results, choices: Choices) -> dict[str, Any]:
    """Return how a folder was made of its results: what was chosen, what is left out and why, by which programs."""
    return {
        "of": results.kind,
        "version": results.receipt["version"],
        "source_hash": results.receipt["source_hash"],
        "report_hash": report_hash(),
        "choices": choices.table(),
        "left_out": choices.left_out,
        "packages": {name: version(name) for name in PACKAGES} | {"sqlite": sqlite3.sqlite_version},
    }


def _write_export_receipt(paper: Path, results: Results, choices: Choices) -> None:
    content = json.dumps(export_receipt(results, choices), indent=2, sort_keys=True, ensure_ascii=False)
    write_text(paper, EXPORT, content + "\n")


def _copies(paper: Path, results: Results) -> list[Piece]:
    """Copy the receipt and what makes the results again."""
    shutil.copyfile(results.folder / "receipt.json", paper / "receipt.json")
    pieces = [_piece("receipt.json", "receipt", "Receipt of the run", "Bewijs van de run")]
    for name in results.inputs:
        (paper / INPUTS / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(results.folder / name, paper / INPUTS / name)
        pieces.append(_piece(f"{INPUTS}/{name}", "input", f"Input: {name}", f"Invoer: {name}"))
    return pieces


def _descriptions(paper: Path, results: Results, choices: Choices) -> list[Piece]:
    """Write what the model is, where it comes from, and how to cite it."""
    (paper / MODEL).mkdir()
    written = [
        (f"{MODEL}/odd.md", odd_text(results), "The model after ODD+D", "Het model volgens ODD+D"),
        (f"{MODEL}/stress.md", stress_text(results), "The model after STRESS", "Het model volgens STRESS"),
        (f"{MODEL}/trace.md", trace_text(results), "The model after TRACE", "Het model volgens TRACE"),
        (f"{MODEL}/sources.bib", sources_bib(), "Sources as BibTeX", "Bronnen als BibTeX"),
        (f"{MODEL}/sources.json", sources_csl(), "Sources as CSL-JSON", "Bronnen als CSL-JSON"),
        (f"{MODEL}/citation.bib", citation_bib(results, choices), "How to cite", "Hoe te citeren"),
        ("CITATION.cff", citation_cff(results, choices), "How to cite this folder", "Hoe deze map te citeren"),
        (QUARTO, quarto_text(results, choices.language), "Skeleton of a paper", "Geraamte van een artikel"),
    ]
    for path, text, _, _ in written:
        write_text(paper, path, text)
    return [_piece(path, "description", english, dutch, ("receipt.json",)) for path, _, english, dutch in written]


def _captions(paper: Path, pieces: list[Piece]) -> list[Piece]:
    found = []
    for language, english, dutch in (
        ("en", "Captions in English", "Onderschriften in het Engels"),
        ("nl", "Captions in Dutch", "Onderschriften in het Nederlands"),
    ):
        path = f"captions.{language}.md"
        write_text(paper, path, captions_page(pieces, language))
        found.append(_piece(path, "description", english, dutch))
    return found


def _piece(path: str, kind: Any, english: str, dutch: str, made_from: tuple[str, ...] = ()) -> Piece:
    return Piece(path, kind, both(english, dutch), both(english, dutch), made_from)


def _all_named(paper: Path, pieces: list[Piece]) -> None:
    """See that no file is in the folder that its contents do not name."""
    unnamed = {name for name, _ in files_in(paper)} - {piece.path for piece in pieces}
    unnamed -= {CHECKSUMS, DATA_PACKAGE, CSVW}
    assert all(name.startswith(f"{FOLDER}/decimal_comma/") for name in unnamed), unnamed
