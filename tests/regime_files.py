"""Regime files as a user would write them, for the tests of regimes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sim.policies.diff import diff
from sim.policies.regime import Regime

HEAD = """[regime]
title      = { en = "A text of my own", nl = "Een eigen tekst" }
amends     = "vc_2018"
instrument = "A proposal"
in_force   = 2020-01-01
law        = ["kst121"]
status     = "assumed"

"""


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
