"""Texts and numbers are ones that LaTeX and siunitx read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latexwalker import LatexWalker

from sim.export.typeset import breakable, document_text, escaped, number_column, number_text, text_mm, titles_column


@given(st.text())
def test_any_text_is_one_that_latex_prints(text: str) -> None:
    for made in (escaped(text), breakable(text)):
        _, _, length = LatexWalker(made, tolerant_parsing=False).get_latex_nodes()
        assert length == len(made)
        assert not re.search(r"(?<!\\)[&%$#_]", made)


def test_numbers_are_those_that_siunitx_reads() -> None:
    assert number_text(-1234.5678, 1) == "-1234.6"
    assert number_text(-0.0001, 2) == "0.00"
    assert number_text(float("nan"), 2) == "{--}"
    assert number_column(["12", "-3.25", "{--}", ""], "en") == "S[table-format=-2.2]"
    assert number_column(["{--}"], "nl") == "S[table-format=1,output-decimal-marker={,}]"


def test_titles_have_what_numbers_leave_them() -> None:
    few, many = ["Change", "-1.5", "2.25"], ["Change", "-1234", "0.0012"]
    assert titles_column([few]).endswith("p{60mm}")
    wide, narrow = (int(titles_column([many] * n, 17.0).rpartition("{")[2].rstrip("m}")) for n in (5, 6))
    assert 30 < narrow < wide < 60
    assert wide - narrow == pytest.approx(8 * 1.5 + 2.4 + 0.9 + 0.5 + 2.9, abs=1.0)
    assert titles_column([many] * 9).endswith("p{30mm}")
    assert text_mm(["20 / 0 / 0", ""]) == 15.0


def test_a_document_takes_in_the_tables() -> None:
    assert "\\input{a}\n" in document_text(["a", "b"])
