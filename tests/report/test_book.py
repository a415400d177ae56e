"""The tables of a comparison by name (`sim.report.book`)."""

from __future__ import annotations

import math

import pytest
from synthetic_comparison import synthetic_comparison

from sim.outcomes.headline import HEADLINE
from sim.report.book import Book


def test_levels_and_differences_are_those_of_the_tables() -> None:
    comparison = synthetic_comparison(3)
    book = Book(comparison)
    assert [book.baseline, *book.reforms] == comparison.regimes
    entry = book.entry("b8_granted", "recorded")
    assert entry is not None
    table = comparison.measures.set_index(["measure", "world", "group", "regime"])["mean"]
    found = [table["b8_granted", "recorded", "women", regime] for regime in comparison.regimes]
    assert book.levels(entry, "women") == found
    reform = comparison.regimes[2]
    row = book.difference(entry, "women", reform)
    assert row is not None
    assert row.difference == pytest.approx(found[2] - found[0])
    assert (row.reform, row.replicates) == (reform, 20)


def test_what_is_not_in_the_comparison_is_left_out() -> None:
    book = Book(synthetic_comparison(2))
    assert book.entry("no_such_measure") is None
    assert book.entry("registrations") is None, "only the registers have it"
    police = book.entry("queue_avim_report")
    assert police is not None
    assert math.isnan(book.level(police, "women", "vc_2018"))
    assert book.difference(police, "women", "vc_2019_08") is None, "a queue has no women"
    assert [entry.measure for entry in book.shown(["queue_avim_report", "b8_granted"], "women")] == ["b8_granted"]
    assert [entry.measure for entry in book.shown(HEADLINE, "all")] == list(HEADLINE)
