"""Sources are the same as BibTeX and as CSL-JSON, and the program can be cited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from readers import read_with

from sim.evidence.references import reference_keys
from sim.export.choices import Choices
from sim.export.results import Results
from sim.export.sources import citation_bib, citation_cff, csl_item, sources_bib, sources_csl
from sim.files.errors import InputError


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


CONVERTED = """
import json, sys
from cffconvert import Citation
found = []
for path in sys.argv[1:]:
    citation = Citation(open(path, encoding="utf-8").read())
    citation.validate()
    found.append(citation.as_bibtex())
print(json.dumps(found))
"""


def test_the_citation_file_is_valid_and_fills_bibtex(comparison: Results, paper: Path, tmp_path: Path) -> None:
    found = tmp_path / "CITATION.cff"
    choices = Choices.of(date="2031-05-06", doi="10.5281/zenodo.1234567", url="https://example.org/folder")
    found.write_text(citation_cff(comparison, choices), encoding="utf-8")
    without, with_doi = read_with("cffconvert", CONVERTED, str(paper / "CITATION.cff"), str(found))
    assert "doi" not in without
    assert "doi = {10.5281/zenodo.1234567}" in with_doi
    assert "year = {2031}" in with_doi
    assert "url = {https://example.org/folder}" in with_doi


def test_the_citation_file_names_what_was_chosen(comparison: Results, paper: Path) -> None:
    text = citation_cff(comparison, Choices.of(date="2031-05-06", licence="CC0-1.0", doi="10.5281/zenodo.1234567"))
    assert '\ndate-released: 2031-05-06\nlicense: CC0-1.0\ndoi: "10.5281/zenodo.1234567"\n' in text
    assert f'"sha256:{comparison.receipt["scenario_hash"]}"' in text
    assert "doi" not in (paper / "CITATION.cff").read_text(encoding="utf-8")
    assert "  doi = {10.5281/zenodo.1234567},\n" in citation_bib(comparison, Choices.of(doi="10.5281/zenodo.1234567"))


@pytest.mark.parametrize(
    ("key", "value"), [("doi", "zenodo.1234567"), ("doi", "https://doi.org/10.5281/x"), ("url", "example.org")]
)
def test_an_address_in_another_form_is_refused(key: str, value: str) -> None:
    with pytest.raises(InputError) as caught:
        Choices.of(**{key: value})
    assert (caught.value.key, caught.value.value) == (f"--{key}", value)
