"""The words of monitoring (`sim.monitoring.words`)."""

from __future__ import annotations

import pytest

from sim.monitoring.words import amount, strength, times


@pytest.mark.parametrize(("factor", "words"), [(1.0, "hardly"), (3.1, "some"), (20.5, "strong"), (1e9, "very strong")])
def test_factors_have_names(factor: float, words: str) -> None:
    assert strength(factor).startswith(words)
    assert strength(factor) != strength(factor, "nl")


def test_numbers_are_written_as_the_language_does() -> None:
    assert (times(3.14), times(3.14, "nl"), times(42.0), times(1e6, "nl")) == ("3.1", "3,1", "42", "meer dan 1.000")
    assert (amount(12_345.6), amount(12_345.6, "nl"), amount(0.5, "nl")) == ("12,346", "12.346", "0,5")
