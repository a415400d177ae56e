"""The folder as a Frictionless Data Package and as tables of CSV on the Web: two files that name everything in it."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sim.export.captions import ground
from sim.export.choices import LICENCES, Choices
from sim.export.dictionary import Described, csvw_metadata, table_schema
from sim.export.pieces import Piece
from sim.export.results import Results
from sim.export.tables import DUTCH_FOLDER
from sim.report.checksums import sha256_of
from sim.report.folder import write_text

DATA_PACKAGE: Final = "datapackage.json"
CSVW: Final = "csvw-metadata.json"
_TYPES: Final = {
    ".parquet": "application/vnd.apache.parquet",
    ".tex": "application/x-tex",
    ".toml": "application/toml",
    ".bib": "application/x-bibtex",
    ".md": "text/markdown",
    ".cff": "application/yaml",
    ".qmd": "text/markdown",
    ".xes": "application/xml",
    ".gz": "application/gzip",
    ".sqlite": "application/vnd.sqlite3",
    ".svg": "image/svg+xml",
}


def media_type(path: str) -> str:
    """Return the media type of a file by its ending."""
    return _TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def about(results: Results) -> dict[str, str]:
    """Return title and description of the whole folder."""
    titles = [title.en for title in results.titles.regimes.values()]
    said = "Synthetic people; no row is about a real person. Most parameters are assumptions or judgements."
    name = " and ".join(titles) if len(titles) < 3 else f"{titles[0]} and {len(titles) - 1} others"
    return {"title": f"b8sim: {results.title}: {name}", "description": f"{said} {ground(results).en}"}


def write_package(
    paper: Path, results: Results, choices: Choices, tables: Sequence[Described], pieces: Sequence[Piece]
) -> None:
    """Write ``datapackage.json`` and ``csvw-metadata.json``.

    Parameters
    ----------
    paper
        The folder, with all other files in it.
    results, choices
        What it is of, and what was chosen.
    tables
        The tables with their columns.
    pieces
        All files to name.
    """
    described = {table.path: table for table in tables}
    known = [table.name for table in tables]
    licence = LICENCES[choices.licence]
    said = about(results)
    package = {
        "profile": "data-package",
        "name": "b8sim-paper",
        **said,
        "version": results.receipt["version"],
        "licenses": [{"name": choices.licence, "title": licence.title, "path": licence.address}],
        "keywords": ["simulation", "synthetic data", "human trafficking", "Dublin Regulation", "asylum"],
        "b8sim": {key: results.receipt[key] for key in ("version", "source_hash", "scenario_hash", "seed")},
        "resources": [_resource(paper, piece, described, known) for piece in pieces],
    }
    _write_json(paper, DATA_PACKAGE, package)
    head = {
        "dc:title": said["title"],
        "dc:description": said["description"],
        "dc:license": {"@id": licence.address},
    }
    _write_json(paper, CSVW, csvw_metadata(tables, head))


def _resource(paper: Path, piece: Piece, tables: Mapping[str, Described], known: Sequence[str]) -> dict[str, Any]:
    path = paper / piece.path
    common = {
        "name": _name(piece.path, tables),
        "path": piece.path,
        "title": piece.title.en,
        "title_nl": piece.title.nl,
        "description": piece.caption.en,
        "description_nl": piece.caption.nl,
        "mediatype": media_type(piece.path),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }
    dutch = piece.path.startswith(DUTCH_FOLDER)
    table = tables.get(piece.path.replace(DUTCH_FOLDER, "tables"))
    if table is None or path.suffix != ".csv":
        return {"type": "file", **common}
    schema = table_schema(table, () if dutch else known)
    if not dutch:
        return {"type": "table", "format": "csv", "encoding": "utf-8", **common, "schema": schema}
    fields = [{**field, **_comma(field["type"])} for field in schema["fields"]]
    return {
        "type": "table",
        "format": "csv",
        "encoding": "utf-8-sig",
        "dialect": {"csv": {"delimiter": ";", "lineTerminator": "\r\n"}},
        **common,
        "schema": {**schema, "fields": fields},
    }


def _name(path: str, tables: Mapping[str, Described]) -> str:
    """Return the name of a resource: that of the table for its CSV file, else made of the path."""
    if path in tables:
        return tables[path].name
    return path.removeprefix("tables/").lower().replace("/", "-").replace("+", "-plus-")


def _comma(kind: str) -> dict[str, str]:
    return {"decimalChar": ","} if kind == "number" else {}


def _write_json(paper: Path, name: str, content: Mapping[str, Any]) -> None:
    write_text(paper, name, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
