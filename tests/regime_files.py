"""Regime files as a user would write them, for the tests of regimes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from sim.files.errors import InputError
from sim.policies.diff import diff
from sim.policies.regime import Regime
from sim.procedures.rulebook import PROCEDURES, Rulebook
from sim.procedures.schema import Step

HEAD = """[regime]
title      = { en = "A text of my own", nl = "Een eigen tekst" }
amends     = "vc_2018"
instrument = "A proposal"
in_force   = 2020-01-01
law        = ["kst121"]
status     = "assumed"

"""

CALENDAR = """[regime]
title      = { en = "A calendar", nl = "Een kalender" }
instrument = "Several"
law        = ["kst121"]
status     = "assumed"

"""
STEP = (
    '[step."b8.mine"]\ntrack = "file"\ntitle = { en = "Mine", nl = "Mijn" }\nactor = "IND"\nlaw = "kst121"\n'
    'status = "assumed"\nfrom = "none"\nnext = [{ to = "none" }]\n'
)


def mine(body: str, head: str = HEAD, readings: dict[str, str] | None = None) -> Regime:
    """Write a regime file of the user's and load it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mine.toml")
        path.write_text(head + body, encoding="utf-8")
        return Regime.load(str(path), readings)


def amend(body: str, why: str = "Because") -> str:
    """Write an amendment."""
    return f'[[amend]]\nwhy = "{why}"\n{body}\n'


def rows(a: str | Regime, b: str | Regime) -> set[tuple[str, str]]:
    """Return what differs between two regimes, but for the entry into force."""
    table = diff(a, b)
    left_out = ("entry into force", "transitional rule")
    return {(row.step, row.what) for row in table.itertuples() if row.what not in left_out}


# Something that leads to the step of `STEP`.
LEAD = amend('step = "asylum.rest"\nsignals_add = "b8.mine"')


def head_with(old: str, new: str) -> str:
    """Return the head of a regime file with something else in one place."""
    assert old in HEAD
    return HEAD.replace(old, new, 1)


def refused(body: str, problem: str, more: str, head: str = HEAD) -> None:
    """Load a regime file that is refused: its name, the problem and more are told, and the base text is untouched."""
    before = Rulebook.load().hash()
    with pytest.raises(InputError) as caught:
        mine(body, head)
    for text in ("mine.toml", problem, more):
        assert text in str(caught.value)
    assert Rulebook.load(PROCEDURES).hash() == before


def said(values: Iterable[object]) -> tuple[str, ...]:
    """Return typed values as the files write them."""
    return tuple(map(str, values))


def targets(step: Step) -> list[str]:
    """Return where the branches of a step lead."""
    return [branch.to for branch in step.next]


def row(table: pd.DataFrame, step: str, what: str | None = None) -> dict[str, str]:
    """Return the only row of a diff about a step."""
    (found,) = [r for r in table.to_dict("records") if r["step"] == step and what in (None, r["what"])]
    return {str(key): str(value) for key, value in found.items()}
