"""The report (`sim.report.html`), written from a made-up comparison: its page, its sentences and its figures."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from report_page import Page, Written, written
from synthetic_comparison import synthetic_comparison

from sim.outcomes.headline import HEADLINE
from sim.report.book import Book
from sim.report.html import write_report
from sim.report.phrases import level_text


def test_page_is_balanced_and_loads_nothing(two: Written) -> None:
    page = two[2]
    assert page.addresses
    assert all(address.startswith(("#", "data:image/svg+xml;base64,")) for address in page.addresses)
    assert {address[1:] for address in page.addresses if address.startswith("#")} <= set(page.ids)
    assert "script" not in page.tags
    source = (two[1] / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|@font-face", source)
    assert page.tags.count("h1") == 1


def test_the_report_begins_with_what_came_out_and_how_sure(two: Written) -> None:
    text = two[2].text
    first = text.index("Victims who received a B8 permit: under vc_2019_08")
    assert first < text.index("is not established") < text.index("The same synthetic people")


def test_weakest_assumptions_come_before_any_table_of_results(two: Written) -> None:
    text = two[2].text
    assert (
        text.index("The weakest assumptions")
        < text.index("report.per_fear_0")
        < text.index("Headline differences Everyone")
    )
    assert "Levels are uncertain" in text
    assert "report.per_fear_7" in text
    assert "report.per_fear_8" not in text
    assert "The 8 with the weakest evidence, of 12 parameters" in text


def test_sentences_rest_on_the_tables(two: Written) -> None:
    comparison, _, page = two
    table = comparison.differences.query("world == 'simulated' and group == 'all'").set_index("measure")
    found = table.loc["b8_granted"]
    lower, equal, higher = (round(found[f"share_{sign}"] * 20) for sign in ("lower", "equal", "higher"))
    said = [f"{word} in {n}" for word, n in (("lower", lower), ("the same", equal), ("higher", higher)) if n]
    assert (
        f"Victims who received a B8 permit: under vc_2019_08, {-found['difference']:.0f} fewer persons "
        f"(95% interval {-found['high']:.0f} to {-found['low']:.0f} fewer) than under vc_2018 on the same "
        f"people; {', '.join(said)} of 20 replicates."
    ) in page.text
    headline = table.loc[[name for name in HEADLINE if name in table.index]]
    below, above = (headline["high"] < 0).sum(), (headline["low"] > 0).sum()
    assert (
        f"Of the {len(headline)} measures shown for vc_2019_08, the interval lies below zero for {below}, "
        f"above zero for {above} and includes zero for {len(headline) - below - above}."
    ) in page.text


def test_all_sections_and_files_are_there(two: Written) -> None:
    comparison, folder, page = two
    expected = {
        "assumptions",
        "headline",
        "exits",
        "flow",
        "direct",
        "recorded",
        "law",
        "measures",
        "reading",
        "receipt",
    }
    assert expected <= set(page.ids)
    names = {f"{kind}_{group}" for kind in ("headline", "flow_vc_2019_08") for group in ("all", "dublin")}
    names |= {"incidence_all", "incidence_dublin_victims"}
    files = {path.name for path in (folder / "figures").iterdir()}
    assert files == {f"{name}.{kind}" for name in names for kind in ("png", "svg")}
    for title in comparison.catalogue["title"]:
        assert title in page.text


def test_neutral_words_only(two: Written) -> None:
    for word in ("significan", "illegal", "bogus", "better", "worse", "improve", "fraud"):
        assert word not in two[2].text.lower()


def test_evidence_labels_of_the_law_are_shown_and_text_is_escaped(
    two: Written,
) -> None:
    source = (two[1] / "report.html").read_text(encoding="utf-8")
    assert '<span class="label">secondary</span>' in source
    assert '<span class="label">assumed</span>' in source
    assert "Transfer &lt;within 6 months&gt; &amp; extension" in source
    assert "https://example.org/wbv" in two[2].text


def test_the_same_comparison_gives_the_same_bytes(two: Written, tmp_path: Path) -> None:
    write_report(synthetic_comparison(2), tmp_path)
    for path in sorted(two[1].rglob("*.*")):
        assert (tmp_path / path.relative_to(two[1])).read_bytes() == path.read_bytes(), path.name


def test_three_regimes_are_told_apart(tmp_path: Path) -> None:
    comparison = synthetic_comparison(3)
    page = written(comparison, tmp_path)
    reform = comparison.regimes[2]
    assert (tmp_path / "figures" / f"flow_{reform}_dublin.svg").is_file()
    assert f"under {reform}" in page.text
    assert page.text.count("Of the 12 measures shown for") == 4
    assert f"{reform} against vc_2018" in page.text


NASTY = '<script>alert(1)</script> & "quotes" $x^2$'


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The page of an interrupted run with a titled regime, whose texts are full of characters that HTML must escape."""
    comparison, folder = synthetic_comparison(2, 7, asked=20), Path(tmp_path_factory.mktemp("odd"))
    comparison.catalogue["title"] = NASTY
    comparison.assumptions["note"] = NASTY
    comparison.receipt["scenario"] = NASTY
    write_report(comparison, folder, regime_titles={"vc_2018": "Aliens Circular, B8/3 in 2018"})
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_an_interrupted_run_says_so_at_the_top_and_in_the_receipt(odd: Page) -> None:
    assert odd.text.count("Interrupted: 7 of 20 replicates") == 2
    assert odd.text.index("Interrupted: 7 of 20") < odd.text.index("The weakest assumptions")


def test_a_finished_run_is_not_called_interrupted(two: Written) -> None:
    assert "interrupted" not in two[2].text


def test_one_replicate_gives_no_interval(tmp_path: Path) -> None:
    page = written(synthetic_comparison(2, 1), tmp_path)
    assert "One replicate only, so no interval can be given." in page.text
    assert "one replicate, none" in page.text
    assert "95% interval 0" not in page.text
    assert "Of the 13 measures" not in page.text
    assert not re.search(r"\bnan\b", page.text, re.IGNORECASE)


def test_absent_measures_groups_and_tables_are_left_out(tmp_path: Path) -> None:
    comparison = synthetic_comparison(2)
    keep = ["reports", "leads_per_report"]
    for name in ("measures", "differences"):
        table = getattr(comparison, name)
        setattr(comparison, name, table[table["measure"].isin(keep) & (table["group"] == "all")])
    comparison.catalogue = comparison.catalogue[comparison.catalogue["measure"].isin(keep)]
    comparison.catalogue = comparison.catalogue[comparison.catalogue["world"] == "simulated"]
    for name in ("incidence", "pairs", "law_changes", "assumptions"):
        setattr(comparison, name, getattr(comparison, name).iloc[:0])
    page = written(comparison, tmp_path)
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        "headline_all.png",
        "headline_all.svg",
    }
    assert not {"exits", "flow", "recorded", "law"} & set(page.ids)
    assert "Reports to the police: under vc_2019_08" in page.text
    assert "These groups are not in this comparison." in page.text


def test_one_regime_alone_has_levels_and_no_differences(tmp_path: Path) -> None:
    page = written(synthetic_comparison(1), tmp_path)
    assert not {"headline", "flow", "direct"} & set(page.ids)
    assert {"exits", "recorded", "measures"} <= set(page.ids)
    book = Book(synthetic_comparison(1))
    entry = book.entry("b8_granted")
    assert entry is not None
    assert level_text(book.level(entry, "all", "vc_2018"), "persons") in page.text


def test_special_characters_are_escaped_everywhere(odd: Page) -> None:
    assert "script" not in odd.tags
    assert NASTY in odd.text


def test_titles_of_regimes_are_shown(odd: Page) -> None:
    assert "vc_2018: Aliens Circular, B8/3 in 2018 (baseline)" in odd.text
    assert "vc_2019_08: Aliens Circular as amended" in odd.text


def test_embedded_figures_are_the_files_beside_the_page(two: Written) -> None:
    embedded = {base64.b64decode(a.split(",", 1)[1]) for a in two[2].addresses if a.startswith("data:")}
    assert embedded == {path.read_bytes() for path in (two[1] / "figures").glob("*.svg")}
