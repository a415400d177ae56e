"""The sources (`sim.evidence.references`): their bibliography and short citations."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.evidence.references import cite, read_bib, reference, reference_keys
from sim.files.errors import InputError


def test_every_source_has_a_title_and_almost_all_an_address() -> None:
    without_address = []
    for key in reference_keys():
        entry = reference(key)
        assert entry["key"] == key
        assert entry["title"]
        assert cite(key)
        assert not set("{}\n") & set(cite(key))
        if not entry.get("url", "").startswith("http"):
            without_address.append(key)
    assert without_address == ["som2020"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("wbv2019-10", "WBV 2019/10, Stcrt. 2019, 40593"),
        ("rbdha2020-13035", "ECLI:NL:RBDHA:2020:13035"),
        ("kst165", "Kamerstuk 28 638, nr. 165"),
        ("tolsma_2012", "Tolsma and others 2012, When do people report crime to the police?"),
        ("wodc-mda", "Smit and Klaver 2019, Evaluatie pilot multidisciplinaire advisering"),
        ("nrc_20170820", "NRC 2017, Vervolging mensenhandel hapert"),
        ("interdiction_2022", "Multi-period max flow network interdiction with restructuring"),
    ],
)
def test_citations_are_short_texts(key: str, text: str) -> None:
    assert cite(key).startswith(text)


def test_unknown_source_is_told_with_the_nearest() -> None:
    for read in (reference, cite):
        with pytest.raises(InputError) as caught:
            read("wbv2019_10")
        assert "unknown source" in str(caught.value)
        assert "nearest: wbv2019-10" in str(caught.value)


def test_a_reader_cannot_spoil_a_source() -> None:
    reference("kst165")["title"] = "spoilt"
    assert reference("kst165")["title"] != "spoilt"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@misc{a, title = {A}}\n@misc{a, title = {B}}\n", "a: a source is given twice"),
        ("@misc{a, title = {A}, Title = {B}}\n", "a.Title: a field is given twice"),
        ("@misc{a, title = {A}\n", "a: an entry is not closed"),
        ("@misc{a, title = {A\n", "a: a brace is not closed"),
        ("@misc{a, title = A}\n", "a: an entry is not closed"),
        ("@misc{a, year = {2020}}\n", "a: a source has no title"),
        ("@misc{a title = {A}}\n", "not an entry"),
        ("title = {A}\n", "neither an entry nor a comment"),
    ],
)
def test_a_bad_bibliography_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.bib"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_bib(path)
    assert f"{path}: {message}" in str(caught.value)


def test_a_missing_bibliography_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_bib(tmp_path / "none.bib")


def test_plain_bibliography(tmp_path: Path) -> None:
    path = tmp_path / "good.bib"
    path.write_text(
        "% comment\n\n@Misc{a-1, title={A {B} C}, author={{X and Y}},}\n@article{b,\n  title = {Two\n  lines}\n}",
        encoding="utf-8",
    )
    assert read_bib(path) == {
        "a-1": {"key": "a-1", "type": "misc", "title": "A {B} C", "author": "{X and Y}"},
        "b": {"key": "b", "type": "article", "title": "Two lines"},
    }
