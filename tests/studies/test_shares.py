"""Shares of one whole, drawn together: always possible, in their ranges, and uniform over what is possible."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.files.place import Place
from sim.studies.factors import factors_of
from sim.studies.shares import Family, families_of

PLACE = Place(Path("study.toml"), "")
KNOWN = Parameters.load()
NIGERIA = [f"victim.{kind}_share_NGA" for kind in ("sexual", "labour", "criminal")]


def families(names: list[str]) -> list[Family]:
    factors, _ = factors_of(dict.fromkeys(names, "passport"), {}, KNOWN, PLACE)
    return families_of(factors, KNOWN, PLACE)


def test_published_ranges_that_sum_to_more_than_one_are_drawn_together() -> None:
    for group in ("NGA", "GIN", "GMB", "SLE", "UGA", "other"):
        (family,) = families([f"victim.{kind}_share_{group}" for kind in ("sexual", "labour", "criminal")])
        shares = family.drawn(np.random.default_rng(1).random((2000, 3)))
        assert (shares.sum(axis=1) <= 1 + 1e-9).all()
        assert (shares >= np.array(family.lows) - 1e-9).all()
        assert (shares <= np.array(family.highs) + 1e-9).all()
        for row in shares[:20]:
            KNOWN.replace(dict(zip(family.names, row.tolist(), strict=True)))


def test_shares_that_are_kept_count() -> None:
    (family,) = families(NIGERIA[:2])
    assert family.whole == pytest.approx(1 - KNOWN.value(NIGERIA[2]))


@st.composite
def any_family(draw: st.DrawFn) -> Family:
    size = draw(st.integers(2, 4))
    lows = draw(st.lists(st.floats(0, 0.2), min_size=size, max_size=size))
    widths = draw(st.lists(st.floats(0.05, 0.9), min_size=size, max_size=size))
    highs = [low + width for low, width in zip(lows, widths, strict=True)]
    exact = draw(st.booleans())
    whole = draw(st.floats(sum(lows) + 0.02, sum(highs) - 0.01))
    return Family(tuple("abcd"[:size]), tuple(lows), tuple(highs), whole, exact)


@given(any_family(), st.integers(0, 1000))
def test_any_family_is_drawn_within_its_ranges_and_its_sum(family: Family, seed: int) -> None:
    shares = family.drawn(np.random.default_rng(seed).random((50, len(family.names))))
    assert (shares >= np.array(family.lows) - 1e-6).all()
    assert (shares <= np.array(family.highs) + 1e-6).all()
    assert (shares.sum(axis=1) <= family.whole + 1e-6).all()
    if family.exact:
        assert np.allclose(shares.sum(axis=1), family.whole, atol=1e-6)


@pytest.mark.parametrize("exact", [False, True])
def test_they_are_uniform_over_what_is_possible(exact: bool) -> None:
    """Against draws that are thrown away where they do not fit."""
    family = Family(("a", "b", "c"), (0.1, 0.0, 0.05), (0.7, 0.5, 0.6), 0.9, exact)
    generator = np.random.default_rng(7)
    drawn = family.drawn(generator.random((40_000, 3)))
    tried = np.array(family.lows) + generator.random((400_000, 3)) * np.subtract(family.highs, family.lows)
    if exact:
        tried[:, 2] = family.whole - tried[:, 0] - tried[:, 1]
        fits = (tried[:, 2] >= family.lows[2]) & (tried[:, 2] <= family.highs[2])
    else:
        fits = tried.sum(axis=1) <= family.whole
    kept = tried[fits]
    assert np.allclose(drawn.mean(axis=0), kept.mean(axis=0), atol=0.004)
    assert np.allclose(np.cov(drawn.T), np.cov(kept.T), atol=0.002)
    for q in (0.1, 0.5, 0.9):
        assert np.allclose(np.quantile(drawn, q, axis=0), np.quantile(kept, q, axis=0), atol=0.01)


def test_ranges_that_leave_nothing_possible_are_refused() -> None:
    factors, _ = factors_of({NIGERIA[0]: [0.6, 0.95], NIGERIA[1]: [0.5, 0.6]}, {}, KNOWN, PLACE)
    with pytest.raises(InputError, match=r"the shares sum to 1.1 at least"):
        families_of(factors, KNOWN, PLACE)
    factors, _ = factors_of({"recording.notifier_share_police": [0.1, 0.5]}, {}, KNOWN, PLACE)
    with pytest.raises(InputError, match="cannot change alone"):
        families_of(factors, KNOWN, PLACE)


def test_single_values_of_shares_that_are_drawn_together_are_refused() -> None:
    factors, _ = factors_of({NIGERIA[0]: {"values": [0.6, 0.95]}, NIGERIA[1]: "passport"}, {}, KNOWN, PLACE)
    with pytest.raises(InputError, match="single values of shares"):
        families_of(factors, KNOWN, PLACE)
