"""What the errors show, and that they stay what they are in another process."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from sim.files.errors import InputError, InputErrors, nearest, raise_all


def test_errors_survive_another_process() -> None:
    one = InputError("wrong", file=Path("x.toml"), key="a")
    several = InputErrors([one, InputError("too small", value=None, accepted=["b"], nearest="b")])
    for error in (one, several):
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert str(copy) == str(error)


def test_a_terminal_gets_no_control_characters() -> None:
    error = InputError("wrong", file="a\x1b[2J.toml", key="b\nc", value="\x1b[31mred\x9b")
    assert str(error) == 'a\\x1b[2J.toml: b\\nc: wrong\n  given: "\\u001b[31mred\\x9b"'


def test_long_values_and_lists_are_cut() -> None:
    error = InputError("wrong", value={"a": ["x" * 1000] * 1000}, accepted=[f"n{i}" for i in range(100)])
    _, value, accepted = str(error).split("\n")
    assert len(value) < 140
    assert value.endswith(" ...")
    assert accepted.endswith("n39 ... and 60 more")


def test_raise_all() -> None:
    one = InputError("a")
    raise_all([])
    with pytest.raises(InputError) as caught:
        raise_all([one])
    assert caught.value is one
    with pytest.raises(InputErrors) as several:
        raise_all([one, InputErrors([one, one])])
    assert several.value.problems == (one, one, one)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("avim.reprot", "avim.report"),
        ("AVIM-Report", "avim.report"),
        ("triage", "om.triage"),
        ("intake", "police.national.intake"),
        ("report", "avim.report"),
        ("zzz", None),
        ("", None),
    ],
)
def test_nearest(value: str, found: str | None) -> None:
    assert nearest(value, ["avim.report", "police.report", "om.triage", "police.national.intake"]) == found
