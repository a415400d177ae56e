"""``b8sim analyse`` through the command line (sim.cli.analyse)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from command import B8sim, refused
from small_studies import in_threads, small_study

from sim.cli.analyse import crossing_table
from sim.studies.results import Results


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("analyse") / "out"
    in_threads(small_study(design_points=24, measures=("wish_to_report", "b8_granted", "report_wait_days")), out)
    return out


def bound(store: Path) -> str:
    values = Results(store).differences.query("measure == 'wish_to_report'")["difference"]
    return str(float(pd.Series(values.unique()).median()))


QUESTIONS = {
    "sensitivity": (("--measure", "b8_granted"), "sensitivity", "What decides b8_granted: vc_2019_08 less vc_2018"),
    "discover": (("--measure", "wish_to_report", "--below", "BOUND"), "box", "Where wish_to_report: vc_2019_08 less"),
    "robust": (("--more", "b8_granted", "--less", "report_wait_days"), "robustness", "Regret over all assumptions"),
    "turning": (("--measure", "wish_to_report", "--by", "report.base"), "turning", "changes its sign, by report.base"),
    "needed": (
        ("--measure", "report_wait_days", "--at-most", "28", "--by", "capacity.avim.report", "--to", "8"),
        "needed", "What it takes for report_wait_days at most 28",
    ),
    "proposals": ((), "proposals", "Every regime, area by area"),
}  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_on_the_screen_and_in_a_folder(
    b8sim: B8sim, store: Path, tmp_path: Path, question: str
) -> None:
    arguments, figure, title = QUESTIONS[question]
    arguments = tuple(bound(store) if word == "BOUND" else word for word in arguments)
    status, out, err = b8sim("analyse", str(store), question, *arguments, "--out", "answer")
    assert status == 0, err
    assert title in " ".join(out.split())
    names = {path.name for path in (tmp_path / "answer").iterdir()}
    assert {f"{figure}.{kind}" for kind in ("png", "svg", "pdf", "csv", "parquet")} <= names
    assert "receipt.json" in names
    assert "answer" in refused(b8sim, tmp_path, "analyse", str(store), question, *arguments, "--out", "answer")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sensitivity", "--measure", "b8_grant"), "nearest: b8_granted"),
        (("sensitivity", "--measure", "b8_granted", "--method", "morris"), "needs a design of kind morris"),
        (("discover", "--measure", "b8_granted", "--above", "1e9"), "none of the points"),
        (("robust",), "nothing is wished"),
        (("robust", "--more", "b8_granted", "--less", "b8_granted"), "more and less of the same"),
        (("needed", "--measure", "b8_granted", "--by", "report.base"), "needs one target"),
        (("turning", "--measure", "b8_granted", "--by", "tactics.coaches_per_year"), "no study for publication"),
        (("proposals", "--against", "vc_2023"), "not a regime of the study"),
    ],
)
def test_mistakes_are_explained(
    b8sim: B8sim, store: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refused(b8sim, tmp_path, "analyse", str(store), *arguments)


def test_no_store_is_told(b8sim: B8sim, tmp_path: Path) -> None:
    assert "not a folder of a sweep" in refused(b8sim, tmp_path, "analyse", ".", "proposals")


def test_a_target_that_is_never_reached_says_so(store: Path) -> None:
    from sim.studies.crossing import Search, Tried
    from sim.studies.factors import Factor

    factor = Factor("report.base", 0.0, 1.0, 0.5, "log_odds")
    missed, met = (Search(factor, "a", 1.0, (Tried(0.0, sign, sign, sign),), ()) for sign in (-1.0, 1.0))
    assert crossing_table([missed, met], "")["said"].tolist() == [
        "not reached in the range",
        "reached over the whole range",
    ]


def test_what_it_takes_is_also_a_share_of_the_fitted_sets(
    b8sim: B8sim, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.studies.crossing import Search, Tried
    from sim.studies.factors import Factor
    from sim.studies.reached import Reached

    factor = Factor("capacity.avim.report", 0.0, 8.0, 2.0, "per_working_day")
    searches = [Search(factor, name, 28.0, (Tried(8.0, 1.0, 1.0, 1.0),), ()) for name in ("vc_2018", "vc_2019_08")]
    monkeypatch.setattr("sim.studies.crossing.needed", lambda *_, **__: searches)
    reached = [Reached("vc_2018", 8.0, 3, 12), Reached("vc_2019_08", 8.0, 5, 12)]
    for of_sets, shown in ((reached, "5 of 12 at 8"), (None, "fitted to another country")):
        monkeypatch.setattr("sim.studies.reached.share_of_sets", lambda *_, found=of_sets, **__: found)
        arguments = ("--measure", "report_wait_days", "--at-most", "28", "--by", "capacity.avim.report")
        status, out, err = b8sim("analyse", str(store), "needed", *arguments)
        assert status == 0, err
        assert shown in " ".join((out + err).split())
        assert ("fitted sets that reach it" in " ".join(out.split())) == (of_sets is not None)
