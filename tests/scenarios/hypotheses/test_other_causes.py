"""H14: of the changes after 2019 the rule has hardly a share; where people answer to it, it has one."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from small_studies import in_threads

import sim
from sim.studies.attribution import shares
from sim.studies.results import Results
from sim.studies.study import Study
from verification.small_worlds import netherlands

SCALE = 0.2
TIGHT = {"avim.report": 0.35, "avim.intake": 0.6}
"""Police capacity that binds with so few people, so that a programme can make a difference."""
PLAIN = netherlands(SCALE, end=dt.date(2020, 12, 31)).replace(start=dt.date(2018, 1, 1), capacity=TIGHT)
ANSWERS = {
    "trait.knowledge": 0.8,
    "signal.known_loss_of_permit_ratio": 0.05,
    "strategic.share": 0.15,
    "strategic.known_loss_of_permit_ratio": 0.01,
}
"""The rival: people know the rule and answer to it."""
SIGNALS, QUEUE = "Signals to the police, 2020 less 2019", "Waiting to report (workload of the police)"
REGISTERED, PERMITS = "Registrations at CoMensha, 2020 less 2019", "Received the B8 permit"


@cache
def parts(hypothesis: bool) -> pd.DataFrame:
    """Contribution of each driver to each measure."""
    scenario = PLAIN.under("H14") if hypothesis else PLAIN.replace(parameters=ANSWERS)
    study = Study.load(Path("experiments/attribution.toml"))
    with TemporaryDirectory() as folder:
        (Path(folder) / "here.toml").write_text(scenario.text(), encoding="utf-8")
        here = study.with_head(scenario=str(Path(folder) / "here.toml"), replicates=3, seed=2)
        in_threads(here, Path(folder) / "out")
        table = shares(Results(Path(folder) / "out"))
    return table.pivot_table(index="measure", columns="driver", values="contribution")


def test_the_fall_of_signals_belongs_to_arrivals_and_covid() -> None:
    for measure in (SIGNALS, REGISTERED):
        of = parts(True).loc[measure]
        assert of["all"] < -20
        assert abs(of["rule"]) < 0.05 * abs(of["all"])
        assert (of["inflow"] + of["covid"]) / of["all"] > 0.9


def test_programmes_relieve_the_police_more_than_the_rule_does() -> None:
    of = parts(True).loc[QUEUE]
    assert of["programmes"] < 0
    assert abs(of["rule"]) < 0.5 * abs(of["programmes"])


def test_the_rule_still_decides_on_permits() -> None:
    of = parts(True).loc[PERMITS]
    assert of["rule"] < 0
    assert abs(of["rule"]) > 2 * abs(of["covid"])


def test_where_people_answer_to_the_rule_it_has_a_share() -> None:
    rival = parts(False)
    for measure in (SIGNALS, REGISTERED):
        assert rival.loc[measure, "rule"] / rival.loc[measure, "all"] > 0.15


def test_nobody_acts_otherwise_for_the_rule_by_itself() -> None:
    """Under the preset the same people come forward on the same days, whichever rule holds."""
    scenario = PLAIN.under("H14").replace(capacity=dict.fromkeys(("avim.report", "avim.intake"), 1e6))
    old, new = (sim.run(scenario, regime, seed=2).transitions for regime in ("vc_2018", "vc_2019_08"))
    first = [m[m["to"] == "b8.signalled"].drop_duplicates("person").set_index("person").date for m in (old, new)]
    both = pd.concat(first, axis=1, keys=["old", "new"])
    assert (both.old == both.new).mean() > 0.95
