"""Dated chronologies that a lawyer can read: possible under the rules of their day, impossible with one thing changed.

``tests/cases/*.toml`` can happen under their regime; those whose name ends in ``_not`` are their twins, with one thing
changed so that the law forbids them. A twin says in ``[forbidden]`` which event cannot happen, and why. Every step of
the law and every amendment has a case, except what ``verification/chronologies.py`` lists with the reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.replay import Replay, read_case, replay
from verification import chronologies

CASES = Path(__file__).parents[1] / "cases"
POSSIBLE = sorted(path for path in CASES.glob("*.toml") if not path.stem.endswith("_not"))
TWINS = sorted(CASES.glob("*_not.toml"))
CHANGES = chronologies.changes()


def ids(path: Path) -> str:
    return path.stem


def answer_to(path: Path) -> Replay:
    """Return the answer to a case or twin, which the tests of amendments compare with theirs."""
    (found,) = (work.answer for work in chronologies.worked() if work.path.name == path.name)
    return found


def assert_page_tells_it(result: Replay) -> None:
    """The page fits, and tells every event up to the first that cannot happen."""
    assert max(map(len, result.text.splitlines())) <= 100
    last = len(result.case.events) if result.failure is None else result.failure.event + 1
    for event in result.case.events[:last]:
        assert f"{event.date} " in result.text
        assert f"[{event.step}]" in result.text


@pytest.mark.parametrize("path", POSSIBLE, ids=ids)
def test_a_case_can_happen_under_the_rules_of_its_day(path: Path) -> None:
    result = answer_to(path)
    assert result.possible, result.text
    assert_page_tells_it(result)


@pytest.mark.parametrize("path", TWINS, ids=ids)
def test_a_twin_cannot_happen_for_the_reason_that_it_gives(path: Path) -> None:
    result = answer_to(path)
    assert result.answer in ("impossible", "possible_only_if"), f"not decided: {result.text}"
    assert result.as_expected, result.text
    assert_page_tells_it(result)


@pytest.mark.parametrize("path", POSSIBLE, ids=ids)
def test_a_case_has_a_twin_of_the_same_source_that_is_not_the_same(path: Path) -> None:
    case, regime = read_case(path)
    twin, twin_regime = read_case(path.with_stem(f"{path.stem}_not"))
    assert case.forbidden is None
    assert twin.forbidden is not None
    assert twin.source == case.source
    same = (dict(twin.facts), twin.events) == (dict(case.facts), case.events[: len(twin.events)])
    assert same == (twin_regime.name != regime.name), "one thing is changed: the rules, or what happened"


def test_no_twin_is_alone() -> None:
    assert [path.stem for path in TWINS] == sorted(f"{path.stem}_not" for path in POSSIBLE)


# ---- every rule has its case ----


def test_every_step_of_the_law_has_a_case() -> None:
    without = sorted(chronologies.steps().keys() - chronologies.mentioned().keys() - chronologies.EXEMPT_STEPS.keys())
    assert not without, f"no case mentions {', '.join(without)}"


def test_what_is_excepted_has_a_reason_and_no_case() -> None:
    assert chronologies.EXEMPT_STEPS.keys() <= chronologies.steps().keys()
    assert not chronologies.EXEMPT_STEPS.keys() & chronologies.mentioned().keys()
    assert chronologies.EXEMPT_CHANGES.keys() <= {(change.layer, change.number) for change in CHANGES}
    assert all((*chronologies.EXEMPT_STEPS.values(), *chronologies.EXEMPT_CHANGES.values()))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_every_amendment_turns_a_case_or_applies_in_one(change: chronologies.Change) -> None:
    """Struck out alone, it makes possible what was not, or the other way round; ranks, times and chances cannot."""
    if change.cannot_turn:
        assert next(chronologies.occurring(change), None) is not None
        return
    turned = next(chronologies.turning(change), None)
    assert (turned is None) == ((change.layer, change.number) in chronologies.EXEMPT_CHANGES), turned


def test_the_section_names_every_step_and_amendment(monkeypatch: pytest.MonkeyPatch) -> None:
    few = tuple(work for work in chronologies.worked() if work.name.startswith("p3_"))
    monkeypatch.setattr(chronologies, "worked", lambda: few)
    text = chronologies.section()
    assert all(f"`{step}`" in text for step in chronologies.steps())
    assert all(f"`{change.layer}` {change.number + 1} | `{change.amendment.target}`" in text for change in CHANGES)
    assert "p3\\_no\\_test" in text


@pytest.mark.parametrize("name", ["rbdha_2020_13035", "rbdha_2020_14162", "rbdha_2024_8107"])
def test_the_necessity_test_could_not_have_happened_under_the_old_text(name: str) -> None:
    result = replay(CASES / f"{name}.toml", regime="vc_2018")
    assert not result.possible
    assert "Is the person needed in the Netherlands?" in result.text
