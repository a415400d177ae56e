"""Words of tables and figures in both languages."""

from __future__ import annotations

from sim.export.words import both, word
from sim.outcomes.measures import Measures


def test_units_have_words_in_both_languages() -> None:
    for measure in Measures.load().measure.values():
        assert word(measure.unit, "nl")
    assert (word("cases", "en"), word("cases", "nl")) == ("cases", "zaken")
    assert word("share", "nl") == "%"


def test_a_unit_of_the_user_is_left_as_it_is() -> None:
    assert word("euros", "nl") == "euros"


def test_both_keeps_the_languages_apart() -> None:
    assert (both("a", "b").en, both("a", "b").nl) == ("a", "b")
