"""The language in which a report speaks (`sim.report.language`): no text of it is left in English."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest
from synthetic_comparison import synthetic_comparison

import sim.cli.screen
import sim.report
from sim.report.html import TEMPLATE, law_in, write_report
from sim.report.language import digits, dutch, known, say, speaking, spoken
from sim.report.phrases import GROUP_TITLES, OUTCOME_TITLES

FOLDER = Path(sim.report.__file__).parent
SOURCES = [*sorted(FOLDER.glob("*.py")), Path(sim.cli.screen.__file__)]
SAME = {"Parameter", "Label", "Register", "Dublin"}
"""Words that are the same in both languages."""


def said() -> set[str]:
    """Return every English text that is said in Python or in the template."""
    found = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
            if is_call and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    template = TEMPLATE.read_text(encoding="utf-8")
    for _, text in re.findall(r"""said\(\s*(["'])(.*?)\1""", template, re.DOTALL):
        found.add(text[: len(text) - len(text.lstrip(" "))] + " ".join(text.split()))
    for first, caption in re.findall(r"measure_table\([^,]+, '([^']*)', '([^']*)'", template):
        found |= {first, caption}
    return found


def test_every_text_has_its_dutch_with_the_same_names_in_braces() -> None:
    texts = said() | set(GROUP_TITLES.values()) | set(OUTCOME_TITLES.values())
    assert len(texts) > 130
    assert sorted(texts - set(dutch())) == []
    for english, other in dutch().items():
        assert set(re.findall(r"\{(\w+)\}", english)) == set(re.findall(r"\{(\w+)\}", other)), english


def test_numbers_and_words_follow_the_language_and_only_there() -> None:
    with speaking("nl"):
        assert (spoken(), digits("1,234.5"), say("{low} to {high}", low=1, high=2)) == ("nl", "1.234,5", "1 tot 2")
        assert (known("persons"), known("my.unit")) == ("personen", "my.unit")
        with pytest.raises(LookupError, match="no Dutch for 'a text'"):
            say("a text")
    assert (spoken(), digits("1,234.5"), say("a text")) == ("en", "1,234.5", "a text")
    with pytest.raises(ValueError, match="accepted: en, nl"), speaking("de"):
        pass


def texts_of(page: Path) -> set[str]:
    """Return what a reader sees of a report, without what is marked as English, names and the receipt."""
    article = re.search(r"<article.*?</article>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert article is not None
    text = re.sub(r'<section id="receipt">.*?</section>', "", article[0], flags=re.DOTALL)
    text = re.sub(r'<(\w+)([^>]*) lang="en"[^>]*>.*?</\1>|<code>.*?</code>', "", text, flags=re.DOTALL)
    text = re.sub(r'alt="([^"]*)"', r">\1<", text)
    return {html.unescape(part).strip() for part in re.findall(r">([^<]+)<", text)}


def test_no_text_of_the_report_is_the_same_in_both_languages(tmp_path: Path) -> None:
    comparison = synthetic_comparison()
    pages = []
    for language in ("en", "nl"):
        write_report(comparison, tmp_path / language, language=language)
        pages.append(tmp_path / language / "report.html")
    assert '<article id="report" lang="nl">' in pages[1].read_text(encoding="utf-8")
    both = {text for text in texts_of(pages[0]) & texts_of(pages[1]) if re.search(r"[A-Za-z]{4}", text)}
    # What the comparison itself says in one language only: its titles, its law, its sources.
    own = {str(value) for table in (comparison.catalogue, comparison.law_changes, comparison.assumptions)
           for column in table for value in table[column]}  # fmt: skip
    left = {text for text in both if not any(text in one or one in text for one in own if len(one) > 3)}
    assert {text for text in left if not re.fullmatch(r"(vc|b8|dublin)\S*", text)} <= SAME
    assert law_in(comparison, "nl") is comparison.law_changes
