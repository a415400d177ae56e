"""The checklist of STRESS-ABS has an answer under each of its heads."""

from __future__ import annotations

import re
from dataclasses import replace

from sim.export.results import Results
from sim.export.stress import stress_text


def test_every_head_has_an_answer(comparison: Results, single: Results) -> None:
    text = stress_text(comparison)
    heads = re.findall(r"^### (\d\.\d) ", text, re.MULTILINE)
    assert heads == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2",
                     "4.3", "5.1", "5.2", "5.3", "5.4"]  # fmt: skip
    assert all(part.strip() for part in re.split(r"^### .*$", text, flags=re.MULTILINE))
    assert "2 replicates, paired" in text
    assert "1 replicate, paired" in stress_text(single)
    assert "2019-05-01 to 2020-10-31. No warm-up" in text


def test_a_history_before_the_period_is_the_warm_up(comparison: Results) -> None:
    with_history = replace(comparison, receipt={**comparison.receipt, "history_from": "2010-01-01"})
    assert "2019-05-01 to 2020-10-31. Before it the simulation runs from 2010-01-01" in stress_text(with_history)
