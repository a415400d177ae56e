"""The folder as an RO-Crate 1.2 with the profile for runs of a program: what made what, of which files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sim.export.choices import LICENCES, Choices
from sim.export.package import about, media_type
from sim.export.pieces import Piece
from sim.export.results import Results
from sim.report.checksums import sha256_of
from sim.report.folder import write_text

CRATE: Final = "ro-crate-metadata.json"
_SPECIFICATION: Final = "https://w3id.org/ro/crate/1.2"
_PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
_COMMANDS: Final[Mapping[str, str]] = {
    "comparison": "compare", "run": "run", "study": "sweep run",
    "calibration": "calibrate", "person": "follow",
}  # fmt: skip
"""The command that made results, by what was run."""


def write_crate(paper: Path, results: Results, choices: Choices, pieces: Sequence[Piece]) -> None:
    """Write ``ro-crate-metadata.json``.

    Parameters
    ----------
    paper
        The folder, with all files that are to be named in it.
    results, choices
        What it is of, and what was chosen.
    pieces
        The files.
    """
    graph = [*_head(results, choices, pieces), *_actions(results, choices, pieces)]
    graph += [_file(paper, piece) for piece in pieces]
    content = {"@context": f"{_SPECIFICATION}/context", "@graph": graph}
    write_text(paper, CRATE, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _head(results: Results, choices: Choices, pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    said, licence = about(results), LICENCES[choices.licence]
    version, source_hash = results.receipt["version"], results.receipt["source_hash"]
    return [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _SPECIFICATION},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": said["title"],
            "description": said["description"],
            "datePublished": choices.date,
            "license": {"@id": licence.address},
            "conformsTo": {"@id": _PROFILE},
            "hasPart": [_to(piece.path) for piece in pieces],
            "mentions": [{"@id": "#run"}, {"@id": "#export"}],
        },
        {"@id": _PROFILE, "@type": ["CreativeWork", "Profile"], "name": "Process Run Crate", "version": "0.5"},
        {"@id": licence.address, "@type": "CreativeWork", "name": licence.title, "description": choices.licence},
        {
            "@id": _program(results),
            "@type": "SoftwareApplication",
            "name": "b8sim",
            "version": version,
            "url": _program(results),
            "description": f"Agent-based simulator; SHA-256 of its sources {source_hash}",
            "license": {"@id": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        {
            "@id": "https://www.apache.org/licenses/LICENSE-2.0",
            "@type": "CreativeWork",
            "name": "Apache License 2.0",
            "description": "Apache-2.0",
        },
    ]


def _actions(results: Results, choices: Choices, pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Return the two things that were done: the run, and the export of its results."""
    inputs = [piece.path for piece in pieces if piece.kind == "input"]
    tables = [piece.path for piece in pieces if piece.kind == "table"] + ["receipt.json"]
    made = [piece.path for piece in pieces if piece.path not in {*inputs, *tables}]
    run = _COMMANDS[results.kind]
    return [
        _action("#run", f"b8sim {run}: {results.title}", inputs, tables, results, choices),
        _action("#export", "b8sim export of its results", [*inputs, *tables], made, results, choices),
    ]


def _program(results: Results) -> str:
    """Return an identifier of the program: its sources have a hash, and no address that lasts."""
    return f"urn:sha256:{results.receipt['source_hash']}"


def _action(
    name: str, title: str, objects: Sequence[str], made: Sequence[str], results: Results, choices: Choices
) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "CreateAction",
        "name": title,
        "description": f"{title}, as receipt.json and export.json say; b8sim reproduce does both again",
        "instrument": {"@id": _program(results)},
        "object": _one_or_more(objects),
        "result": _one_or_more(made),
        "endTime": choices.date,
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }


def _file(paper: Path, piece: Piece) -> dict[str, Any]:
    path = paper / piece.path
    return {
        "@id": _to(piece.path)["@id"],
        "@type": "File",
        "name": piece.title.en,
        "description": piece.caption.en,
        "encodingFormat": media_type(piece.path),
        "contentSize": str(path.stat().st_size),
        "sha256": sha256_of(path),
    }


def _one_or_more(paths: Sequence[str]) -> Any:
    """Return references to files; one alone is no list in an RO-Crate."""
    found = [_to(path) for path in paths]
    return found[0] if len(found) == 1 else found


def _to(path: str) -> dict[str, str]:
    """Return a reference to a file; a plus sign and the like may stand in an id, spaces may not."""
    return {"@id": path.replace(" ", "%20")}
