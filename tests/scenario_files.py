"""A scenario file with every key, and its changed copies, for the tests of scenarios."""

from __future__ import annotations

from pathlib import Path

from sim.scenarios.scenario import Scenario

GOOD = """
[scenario]
title       = "A test"
description = "Small."
start       = 2019-01-01
end         = 2020-12-31
regimes     = ["vc_2018", "vc_2019_08"]
replicates  = 3
seed        = 11

[inflow]
scale            = 0.01
responds_to_rule = false

[[shock]]
name   = "transfers_stopped"
from   = 2020-03-15
until  = 2020-06-30
law    = ["rijksoverheid_20200701"]
status = "read"

[[shock]]
name   = "fewer_controls"
from   = 2020-03-15
until  = 2020-04-01
law    = "begroting2022_jv"
status = "assumed"
on     = false

[capacity]
"avim.report" = 4
"ind.asylum"  = [{ from = 2020-01-01, value = 9.5 }, { from = 2019-03-01, value = 2 }]

[parameters]
"dublin.accepted_other" = 0.5

[readings]
U7 = "wish_date"
"""


def write(folder: Path, text: str | bytes, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load(folder: Path, text: str) -> Scenario:
    return Scenario.load(write(folder, text))


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)
