"""A limit that the law sets to a time which varies (`takes_at_most`): in a run, in a chronology, in a diff."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from regime_files import HEAD, amend, mine, row

from sim.files.errors import InputError
from sim.policies.diff import diff
from sim.policies.regime import Regime
from sim.replay import replay
from verification.small_worlds import parameter, people, procedure, small_world

VARIES = parameter("d.stay", 20.0, varies="exponential")
LIMIT = parameter("d.most", 2.0, "weeks")
LIMITED = amend('step = "b8.considers_report"\ntakes_at_most = "dublin.detention_most_weeks"')
CASE = """[case]
title  = "Cooperates after three months"
source = "vb348"
regime = "mine.toml"
facts  = { victim = true, reflection_runs = false }

[[event]]
date = 2020-02-03
step = "b8.reflection_not_offered"

[[event]]
date = 2020-05-04
step = "b8.other_cooperation"
"""


def stays(folder: Path, *, limit: str) -> np.ndarray:
    """Return how long each of 400 people stays in a step of 20 days on the average."""
    steps = {
        "away": 'next = [{ to = "stay" }]',
        "stay": f'takes = "d.stay"\n{limit}\nnext = [{{ to = "over" }}]',
        "over": "final = true",
    }
    world = small_world(folder, {"case": procedure("case", "away", steps)}, parameters=[VARIES, LIMIT])
    run = world.run(people(np.zeros(400, np.int64)))
    return run.days("case.over") - run.days("case.stay")


def test_a_limit_cuts_what_varies_and_leaves_the_rest(tmp_path: Path) -> None:
    (tmp_path / "free").mkdir()
    (tmp_path / "cut").mkdir()
    free, cut = stays(tmp_path / "free", limit=""), stays(tmp_path / "cut", limit='takes_at_most = "d.most"')
    assert (free > 14).sum() > 100
    np.testing.assert_array_equal(cut, np.minimum(free, 14))


@pytest.mark.parametrize(
    ("stay", "most", "said"),
    [
        (parameter("d.stay", 20.0), LIMIT, "d.stay is fixed"),
        (VARIES, parameter("d.most", 2.0, "weeks", varies="exponential"), "the same for everybody"),
        (VARIES, parameter("d.most", 2.5, "weeks"), "not a whole number"),
    ],
)
def test_what_cannot_limit_is_refused(tmp_path: Path, stay: str, most: str, said: str) -> None:
    steps = {
        "away": 'next = [{ to = "stay" }]',
        "stay": 'takes = "d.stay"\ntakes_at_most = "d.most"\nnext = [{ to = "over" }]',
        "over": "final = true",
    }
    with pytest.raises(InputError, match=said):
        small_world(tmp_path, {"case": procedure("case", "away", steps)}, parameters=[stay, most])


def test_a_limit_of_a_step_without_a_time_is_refused() -> None:
    with pytest.raises(InputError, match="limits a time that is not there"):
        mine(amend('step = "b8.report"\ntakes_at_most = "dublin.detention_most_weeks"'))
    with pytest.raises(InputError, match=r"nearest: dublin\.detention_most_weeks"):
        mine(LIMITED.replace("most_weeks", "most_week"))


@pytest.mark.parametrize("limited", [False, True])
def test_a_limit_binds_in_a_chronology(tmp_path: Path, limited: bool) -> None:
    other = amend('step = "b8.declined"\nfrom_add = "b8.intake"')
    (tmp_path / "mine.toml").write_text(HEAD + (LIMITED if limited else other), encoding="utf-8")
    (tmp_path / "case.toml").write_text(CASE, encoding="utf-8")
    answer = replay(tmp_path / "case.toml")
    assert answer.answer == ("possible_only_if" if limited else "possible")
    assert ("2020-03-16" in answer.text) is limited, "the last day of six weeks"


def test_the_limits_of_the_regulation_of_2026_are_in_the_diff() -> None:
    table = diff("vc_2023", "ammr_2026")
    detained, decision = row(table, "dublin.detained", "limit"), row(table, "dublin.decision", "limit")
    assert (detained["old"], detained["new"]) == (
        "6 weeks (dublin.detention_most_weeks)",
        "5 weeks (dublin.detention_most_2026_weeks)",
    )
    assert (decision["old"], decision["new"]) == ("", "2 weeks (dublin.decision_most_2026_weeks)")
    assert Regime.load("R3").final_steps["dublin.detained"].takes_at_most == "dublin.detention_most_weeks"
