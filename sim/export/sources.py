"""The sources as BibTeX and as CSL-JSON, and how to cite the program and the folder."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from sim.evidence.references import FILE, reference, reference_keys
from sim.export.choices import LICENCES, Choices
from sim.export.results import Results

_NAMES: Final = re.compile(r"\s+and\s+")


def sources_bib() -> str:
    """Return the sources of law, parameters and figures as BibTeX."""
    return FILE.read_text(encoding="utf-8").replace("\r\n", "\n")


def sources_csl() -> str:
    """Return the same sources as CSL-JSON, in the order of their keys."""
    items = [csl_item(reference(key)) for key in sorted(reference_keys())]
    return json.dumps(items, indent=2, ensure_ascii=False) + "\n"


def csl_item(entry: dict[str, str]) -> dict[str, Any]:
    """Return a source as CSL-JSON.

    Parameters
    ----------
    entry
        As from `sim.evidence.references.reference`.
    """
    item: dict[str, Any] = {
        "id": entry["key"],
        "type": "webpage" if "url" in entry else "document",
        "title": _plain(entry["title"]),
    }
    if "author" in entry:
        item["author"] = [_name(name) for name in _NAMES.split(entry["author"])]
    if entry.get("year", "").isdecimal():
        date = [int(entry["year"]), *([int(entry["month"])] if entry.get("month", "").isdecimal() else [])]
        item["issued"] = {"date-parts": [date]}
    for field, ours in (("title-short", "shorttitle"), ("URL", "url"), ("note", "note"), ("genre", "howpublished")):
        if ours in entry:
            item[field] = entry[ours] if field == "URL" else _plain(entry[ours])
    return item


def citation_bib(results: Results, choices: Choices) -> str:
    """Return entries for the program and for this folder; who made it and its DOI are the user's to add."""
    version, digest = results.receipt["version"], results.receipt["source_hash"][:12]
    scenario = results.receipt["scenario_hash"][:12]
    year = choices.date[:4]
    found = "".join(f"  {key} = {{{value}}},\n" for key, value in (("doi", choices.doi), ("url", choices.url)) if value)
    return (
        f"@software{{b8sim,\n  author = {{{{b8sim contributors}}}},\n  title = {{b8sim}},\n  version = {{{version}}},\n"
        f"  year = {{{year}}},\n  note = {{Apache-2.0; hash of the sources {digest}}}\n}}\n\n"
        f"@misc{{b8sim-results,\n  title = {{{_plain(results.title)}: results of b8sim {version}}},\n"
        f"  year = {{{year}}},\n{found}  note = {{{choices.licence}, {LICENCES[choices.licence].address}; hash of the "
        f"scenario {scenario}, seed {results.receipt['seed']}}}\n}}\n"
    )


def citation_cff(results: Results, choices: Choices) -> str:
    """Return ``CITATION.cff`` of the folder; texts are quoted as in JSON, which YAML reads.

    The authors are the user's to put in; DOI and address are there when they were chosen.
    """
    version, title = results.receipt["version"], f"{_plain(results.title)}: results of b8sim"
    found = "".join(
        f"{key}: {json.dumps(value)}\n" for key, value in (("doi", choices.doi), ("url", choices.url)) if value
    )
    return (
        "cff-version: 1.2.0\n"
        'message: "If you use these files, please cite them as below."\n'
        f"type: dataset\ntitle: {json.dumps(title, ensure_ascii=False)}\n"
        "# Put the authors of the paper here.\nauthors:\n  - name: b8sim contributors\n"
        f"version: {json.dumps(version)}\ndate-released: {choices.date}\nlicense: {choices.licence}\n{found}"
        "identifiers:\n"
        f"  - type: other\n    value: {json.dumps('sha256:' + results.receipt['scenario_hash'])}\n"
        "    description: hash of the scenario\n"
        "references:\n  - type: software\n    title: b8sim\n    authors:\n      - name: b8sim contributors\n"
        f"    version: {json.dumps(version)}\n    license: Apache-2.0\n"
    )


def _name(name: str) -> dict[str, str]:
    if name.startswith("{") and name.endswith("}"):
        return {"literal": _plain(name)}
    family, comma, given = name.partition(", ")
    return {"family": _plain(family), "given": _plain(given)} if comma else {"literal": _plain(name)}


def _plain(text: str) -> str:
    return re.sub(r"[{}]", "", text).strip()
