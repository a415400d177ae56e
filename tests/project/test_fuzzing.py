"""Spoilt files of every kind: a true answer, or an explained mistake (`make verify` tries more)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.files.errors import InputError
from verification import mutations
from verification.fuzzing import (
    ANSWER,
    DEFECT,
    EXPLAINED,
    Outcome,
    at_the_command_line,
    campaign,
    command_campaign,
    tried,
)
from verification.inputs import Kind, in_toml, kinds, same

KINDS = {kind.name: kind for kind in kinds()}
SLOW = {"procedure": 10, "case": 20, "scenario": 20, "hypothesis": 15, "behaviour": 20}
INPUTS = 50


@pytest.mark.parametrize("name", list(KINDS))
def test_a_spoilt_file_ends_in_an_answer_or_an_explanation(tmp_path: Path, name: str) -> None:
    inputs = next((few for start, few in SLOW.items() if name.startswith(start)), INPUTS)
    tally = campaign(KINDS[name], inputs, tmp_path)
    assert tally.defects == {}
    assert tally.ends.total() >= inputs
    assert tally.ends[EXPLAINED] > 0
    assert set(tally.ends) <= {ANSWER, EXPLAINED}


@pytest.mark.parametrize("name", list(KINDS))
def test_a_good_file_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    kind = KINDS[name]
    path = kind.prepare(tmp_path)
    for content in kind.contents[:6]:
        outcome = tried(kind, content, path)
        layer = name == "regime" and b"[layer]" in content
        assert outcome.end == ANSWER or layer or b"comes with the package" in content, outcome


@pytest.mark.parametrize("name", ["scenario", "regime", "behaviour", "parameters", "case"])
def test_the_command_explains_a_spoilt_file_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    tally = command_campaign(KINDS[name], 12, tmp_path)
    assert tally.defects == {}
    assert tally.ends[EXPLAINED] > 0
    assert len(list(tmp_path.iterdir())) == 1


def test_one_that_goes_wrong_is_noticed(tmp_path: Path) -> None:
    """What counts as a defect: a changed meaning, any other exception, a file that is not named."""

    def kind(load: Callable[[Path], Any]) -> Kind:
        return Kind("x", "x.toml", (b"a = 1",), load, in_toml)

    def lost(_path: Path) -> Any:
        raise KeyError("b")

    def unnamed(_path: Path) -> Any:
        raise InputError("wrong", file="elsewhere.toml")

    def end(load: Callable[[Path], Any]) -> Outcome:
        return tried(kind(load), b"a = 1", tmp_path / "x.toml")

    assert end(lambda _: (None, {"a": 1})).end == ANSWER
    assert end(lambda _: (None, {"a": 2})) == Outcome(DEFECT, "the meaning changed silently")
    assert end(lost).detail.startswith("KeyError in test_fuzzing.py")
    assert end(unnamed).end == DEFECT
    (tmp_path / "x.toml").write_text("scenario = 1")
    assert at_the_command_line(["check", str(tmp_path / "x.toml")], tmp_path / "x.toml").end == EXPLAINED
    assert at_the_command_line(["check", str(tmp_path / "x.toml")], tmp_path / "y.toml").end == DEFECT


@pytest.mark.parametrize(
    ("given", "kept", "is_same"),
    [
        ({"a": ["x"]}, {"a": ("x",)}, True),
        ({"a": "x"}, {"a": ("x",)}, True),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 2**53 + 1}, {"a": 2.0**53}, False),
        ({"a": True}, {"a": 1.0}, False),
        ({"a": 1}, {"a": True}, False),
        ({"a": "x", "b": 1}, {"a": "x"}, False),
        ({"a": ["x", "y"]}, {"a": ("y", "x")}, False),
        ({"a": "1"}, {"a": 1}, False),
    ],
)
def test_same_means_the_same(given: Any, kept: Any, is_same: bool) -> None:
    assert same(given, kept) is is_same


def test_spoiling_leaves_the_good_document_and_the_odd_values_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn stays as it is, or the same seed would not give the same files again."""
    good, odd = {"a": {"b": [1, {}]}, "c": [], "d": "x"}, [[1], {"a": [2]}]
    seen: set[bytes] = set()
    monkeypatch.setattr(mutations, "VALUES", st.just(odd))

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(mutations.structures((good,)))
    def spoil(content: bytes) -> None:
        seen.add(content)

    spoil()
    assert len(seen) > 50
    assert good == {"a": {"b": [1, {}]}, "c": [], "d": "x"}
    assert odd == [[1], {"a": [2]}]
