"""Dated chronologies that a lawyer can read: possible under the rules of their day, impossible with one thing changed.

``tests/cases/*.toml`` can happen under their regime; those whose name ends in ``_not`` are their twins, with one thing
changed so that the law forbids them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.replay import replay

CASES = Path(__file__).parent / "cases"
POSSIBLE = sorted(path for path in CASES.glob("*.toml") if not path.stem.endswith("_not"))
TWINS = sorted(CASES.glob("*_not.toml"))


@pytest.mark.parametrize("path", POSSIBLE, ids=lambda path: path.stem)
def test_a_case_can_happen_under_the_rules_of_its_day(path: Path) -> None:
    result = replay(path, regime=None)
    assert result.possible, result.text


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.stem)
def test_a_twin_cannot_happen_and_the_answer_says_why(path: Path) -> None:
    result = replay(path, regime=None)
    assert not result.possible, result.text
    assert "why" in result.text


@pytest.mark.parametrize("name", ["rbdha_2020_13035", "rbdha_2020_14162", "rbdha_2024_8107"])
def test_the_necessity_test_could_not_have_happened_under_the_old_text(name: str) -> None:
    result = replay(CASES / f"{name}.toml", regime="vc_2018")
    assert not result.possible
    assert "Is the person needed in the Netherlands?" in result.text
