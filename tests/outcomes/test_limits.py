"""Figures that follow from an assumed capacity: told where a pool worked at its capacity, and nowhere else."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.layout import OFFERED, POOL_SUMS, USED
from sim.outcomes.limits import Limit, said, used_by_year
from sim.report.limited import limited
from sim.runs.comparison import Comparison
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

FEW, AMPLE = 0.1, 50.0
POOL = "avim.report"


def limit_of(row: dict[str, Any]) -> Limit:
    return Limit(**{**row, "years": tuple(row["years"])})


def small(capacity: float) -> Scenario:
    return netherlands(0.2, end=dt.date(2019, 12, 31)).replace(
        start=dt.date(2017, 1, 1), capacity={POOL: capacity, "dtv.transfer": 100.0, "ind.asylum": 100.0}
    )


@cache
def compared(capacity: float) -> Comparison:
    return sim.compare(small(capacity), replicates=2, seed=7)


def rows(comparison: Comparison, measure: str) -> list[Limit]:
    found = [limit_of(row) for row in comparison.receipt["set_by_capacity"]]
    return [limit for limit in found if limit.measure == measure]


def test_reports_that_equal_the_capacity_say_so() -> None:
    """Every working day the capacity is used, so that reports of 2018 and 2019 are capacity times working days."""
    result = compared(FEW)
    [old, new] = rows(result, "reports")
    assert (old.regime, new.regime) == tuple(result.regimes)
    assert (old.pool, old.whole) == (POOL, True)
    assert {2018, 2019} <= set(old.years)
    assert old.used == pytest.approx(1, abs=0.02)
    reports = sim.run(small(FEW), "vc_2018", seed=7).transitions.query("to == 'b8.report'")["date"].dt.year
    assert (reports == 2018).sum() == pytest.approx(FEW * 254, abs=1.5)


def test_reports_below_the_capacity_are_no_consequence_of_it() -> None:
    result = compared(AMPLE)
    assert result.receipt["set_by_capacity"] == []
    assert limited(result.receipt, result.catalogue) == []
    level = result.measures.query("measure == 'reports' and group == 'all' and regime == 'vc_2018'")["mean"].iloc[0]
    assert level > 20


def test_a_measure_of_which_a_part_comes_through_the_pool_says_a_part() -> None:
    [limit, *_] = rows(compared(FEW), "b8_granted")
    assert not limit.whole
    assert rows(compared(FEW), "dublin_accepted") == []
    assert rows(compared(FEW), "left_unknown") == []
    assert rows(compared(FEW), "report_wait_days") == [], "only what counts people, cases or networks"


def test_one_run_says_it_too() -> None:
    found = [limit_of(row) for row in sim.run(small(FEW), "vc_2018", seed=7).receipt["set_by_capacity"]]
    assert ("reports", "vc_2018", POOL) in {(limit.measure, limit.regime, limit.pool) for limit in found}
    assert sim.run(small(AMPLE), "vc_2018", seed=7).receipt["set_by_capacity"] == []


def test_the_folder_of_results_says_it(tmp_path: Path) -> None:
    folder = compared(FEW).save(tmp_path / "few")
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    assert ["reports", POOL] in [[row["measure"], row["pool"]] for row in receipt["set_by_capacity"]]
    [sentence, *_] = limited(compared(FEW).receipt, compared(FEW).catalogue, ["reports"])
    assert sentence in (folder / "report.html").read_text(encoding="utf-8")
    page = (compared(AMPLE).save(tmp_path / "ample") / "report.html").read_text(encoding="utf-8")
    assert "at the assumed capacity" not in page.partition("<script")[0]


def test_a_year_is_that_of_the_calendar_and_a_history_counts_for_none() -> None:
    """Without people in the measured year the pool is idle, however full it was before."""
    sums = [np.zeros((1, POOL_SUMS)) for _ in range(3)]
    for turn, (used, offered) in enumerate(((5.0, 10.0), (15.0, 20.0), (15.0, 30.0))):
        sums[turn][0, [USED, OFFERED]] = used, offered
    assert used_by_year(sums)[:, 0].tolist() == [[5, 10], [10, 10], [0, 10]]
    late = small(FEW).replace(history_from=2015, start=dt.date(2018, 1, 1))
    with_history = sim.compare(late, replicates=1, seed=7)
    [old, _] = rows(with_history, "reports")
    assert old.years == (2018, 2019)


def test_the_sentences_in_both_languages() -> None:
    found = [
        Limit("reports", "a", "p", (2018, 2019, 2020), 1.0, True),
        Limit("b8_granted", "a", "p", (2018, 2019, 2020), 1.0, False),
        Limit("reports", "b", "q", (2020,), 1.0, True),
        Limit("wait", "b", "q", (2020,), 1.0, True),
    ]
    titles, pools = {"reports": "Reports", "b8_granted": "Permits"}, {"p": "Police", "q": "Court"}
    assert said(found, titles, pools) == [
        "Police: at the assumed capacity throughout 2018, 2019 and 2020, under a. From that number follow: "
        "Reports; in part: Permits",
        "Court: at the assumed capacity throughout 2020, under b. From that number follow: Reports",
    ]
    dutch = said(found, titles, pools, "nl")
    assert dutch[1] == "Court: in 2020 steeds aan de aangenomen capaciteit, onder b. Uit dat getal volgen: Reports"
    assert "deels: Permits" in dutch[0]
