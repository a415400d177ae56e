"""H12: after an extension fewer come forward and report where the others live, and nowhere else."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
from spread import circles_of, near_and_far, ratio

import sim
from verification.small_worlds import netherlands

SEED = 1
PLAIN = netherlands(0.5, end=dt.date(2021, 3, 1)).replace(start=dt.date(2018, 7, 1), shocks=[])
ON = PLAIN.under("H12")
OFF = ON.replace(parameters={"signal.heard_extension_ratio": 1, "report.per_heard_extension": 0})
"""The rival: the same extensions, heard of in the same way, that nobody minds."""
AFTER = int(ON.document.parameters["heard.after_days"])


@cache
def after_an_extension(on: bool) -> np.ndarray:
    """Counts near and far in the half year after the news, ``[coming forward or asking to report, near or far, 2]``."""
    counts = np.zeros((2, 2, 2))
    for replicate in range(5):
        run = sim.run(ON if on else OFF, "vc_2019_08", seed=SEED, replicate=replicate)
        assert (run.transitions["to"] == "dublin.clock_extended_objection").sum() > 30
        circles = circles_of(ON, SEED, replicate)
        persons = run.persons.set_index("person")
        among = persons.victim | persons.strategic
        for i, done in enumerate(("b8.signalled", "b8.wish_to_report")):
            window = (AFTER, AFTER + 180)
            counts[i] += near_and_far(run, circles, "dublin.clock_extended_objection", done, window, among)
    return counts


def test_fewer_report_near_a_known_extension_than_elsewhere() -> None:
    _, report = after_an_extension(True)
    assert ratio(report) < 0.5


def test_where_nobody_minds_place_makes_no_difference() -> None:
    forward, report = after_an_extension(False)
    assert 0.6 < ratio(forward) < 1.5
    assert 0.6 < ratio(report) < 1.5


def test_the_fall_is_concentrated_where_cases_are_known() -> None:
    """On the same people: nearby the number falls by a third and more, elsewhere it changes much less."""
    on, off = after_an_extension(True)[:, :, 0], after_an_extension(False)[:, :, 0]
    (near_forward, far_forward), (near_report, far_report) = on / off
    assert near_report < 0.6
    assert far_report > 0.8
    assert near_forward < 0.9
    assert far_forward > 0.93
