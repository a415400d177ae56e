"""A chronology as a file: what it may say, and every mistake where it is (`sim.replay.case`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_files import CASES, Told, expecting, written

from sim.files.errors import InputError
from sim.replay import replay


def test_where_the_person_was_exploited_is_three_traits(told: Told) -> None:
    result = told("2018-03-02 b8.permit", facts='exploited = "eu"')
    assert dict(result.case.facts) == {"exploited_nl": False, "exploited_eu": True, "exploited_outside": False}
    assert "exploited = eu" in result.text


@pytest.mark.parametrize(
    ("events", "facts", "key", "problem", "near"),
    [
        (["2019-10-09 b8.reprot"], "", "event[0].step", "unknown step", "b8.report"),
        (["2019-10-09 report"], "", "event[0].step", "unknown step", None),
        (["2019-10-09 b8.report permitt"], "", "event[0].outcome", "unknown step", "b8.permit"),
        (["2019-10-09 b8.report dublin.claim"], "", "event[0].outcome", "on another track", None),
        (["2019-10-09 b8.report", "2019-10-08 b8.permit"], "", "event[1].date", "before the event above", None),
        (["1919-10-09 b8.report"], "", "event[0].date", "out of range", None),
        (["2019-10-09 b8.report"], "dublin_clam = true", "case.facts", "unknown fact", "dublin_claim"),
        (["2019-10-09 b8.report"], "dublin_claim = 1", "case.facts.dublin_claim", "wrong type", None),
        (["2019-10-09 b8.report"], 'dublin_claim = "yes"', "case.facts.dublin_claim", "neither true nor false", None),
        (["2019-10-09 b8.report"], 'exploited = "italy"', "case.facts.exploited", "not a place", None),
        (["2019-10-09 b8.report"], 'exploited = "eu", exploited_nl = true', "case.facts.exploited_nl", "same", None),
        (["2019-10-09 b8.report"], "news_of_the_necessity_test = true", "case.facts", "the regime decides", None),
        ([], "", "event", "missing", None),
    ],
)
def test_a_mistake_in_a_case_is_placed(
    tmp_path: Path, events: list[str], facts: str, key: str, problem: str, near: str | None
) -> None:
    path = written(tmp_path, *events, facts=facts)
    with pytest.raises(InputError) as refused:
        replay(path)
    first = refused.value.problems[0]
    assert first.file == str(path)
    assert str(first.key).startswith(key)
    assert problem in first.problem
    assert near is None or first.nearest == near


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('source = "kst165"', 'source = "kst156"', "neither an ECLI nor a source"),
        ('source = "kst165"', 'source = "ECLI:NL:2020"', "neither an ECLI nor a source"),
        ("[[event]]", "[[events]]", "unknown key"),
        ('title = "A case"', "", "missing"),
        ("date = 2019-10-09", 'date = "2019-10-09"', "wrong type"),
        ("date = 2019-10-09", "date = 2019-10-09\nstap = 1", "unknown key"),
    ],
)
def test_a_mistake_in_the_shape_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = written(tmp_path, "2019-10-09 b8.report")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=problem):
        replay(path)


def test_an_event_that_the_case_does_not_have_cannot_be_expected(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        replay(expecting(tmp_path, 3, "anything"))
    assert (refused.value.key, refused.value.value) == ("forbidden.event", 3)
    assert "1 to 2" in str(refused.value)


def test_an_unknown_regime_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, "2019-10-09 b8.report", head='regime = "vc_2091_08"')
    with pytest.raises(InputError) as refused:
        replay(path)
    assert (refused.value.file, refused.value.key) == (str(path), "case.regime")
    assert refused.value.nearest == "vc_2019_08"
    with pytest.raises(InputError, match="regime"):
        replay(CASES / "rbdha_2020_13035.toml", "vc_2081")


def test_several_mistakes_come_together(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        replay(written(tmp_path, "2019-10-09 b8.reprot", "2019-10-10 b8.permitt", facts="victom = true"))
    assert len(refused.value.problems) == 3
