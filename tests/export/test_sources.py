"""Sources are the same as BibTeX and as CSL-JSON, and the program can be cited."""

from __future__ import annotations

import json
from pathlib import Path

from sim.evidence.references import reference_keys
from sim.export.choices import Choices
from sim.export.results import Results
from sim.export.sources import citation_bib, csl_item, sources_bib, sources_csl


def test_every_source_is_in_both() -> None:
    items = json.loads(sources_csl())
    assert {item["id"] for item in items} == reference_keys()
    assert sources_bib().count("\n@") == len(items)
    for item in items:
        assert item["title"]
        assert "{" not in json.dumps(item["title"]) + str(item.get("note"))
        assert item.get("URL", "https://").startswith("http")


def test_names_and_dates_are_taken_apart() -> None:
    entry = {
        "key": "x",
        "type": "misc",
        "author": "Segers, G.J.M. and {{Strategisch Overleg}} and Aristoteles",
        "title": "{A} title",
        "year": "2019",
        "month": "7",
        "url": "https://example.org/{x}",
    }
    item = csl_item(entry)
    assert item["author"] == [
        {"family": "Segers", "given": "G.J.M."},
        {"literal": "Strategisch Overleg"},
        {"literal": "Aristoteles"},
    ]
    assert item["issued"] == {"date-parts": [[2019, 7]]}
    assert (item["title"], item["type"], item["URL"]) == ("A title", "webpage", "https://example.org/{x}")
    assert csl_item({"key": "y", "type": "misc", "title": "t"}) == {"id": "y", "type": "document", "title": "t"}


def test_the_citation_names_version_hashes_and_licence(comparison: Results, paper: Path) -> None:
    text = citation_bib(comparison, Choices.of(licence="CC0-1.0", date="2031-05-06"))
    assert "@software{b8sim," in text
    assert "version = {0.1.0}" in text
    assert text.count("year = {2031}") == 2
    assert comparison.receipt["source_hash"][:12] in text
    assert "CC0-1.0" in text
    assert text.count("{") == text.count("}")
    assert (paper / "model" / "citation.bib").exists()
