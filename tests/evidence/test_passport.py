"""The passport of a number (`sim.evidence.passport`): what it must say, and every mistake in one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from parameter_files import GOOD, parameter_file

from sim.evidence.parameters import Parameters
from sim.files.errors import InputError, InputErrors


def test_the_good_passport_is_good(tmp_path: Path) -> None:
    path = parameter_file(tmp_path, {**GOOD, "date": "2024-05-28"})
    parameters = Parameters.load(path)
    assert dict(parameters) == {"om.test_days": 7}
    assert parameters.passport("om.test_days").varies == "fixed"


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        ({"value": 30}, ["value 30 is not between low 2 and high 28"]),
        ({"low": 9}, ["value 7 is not between low 9 and high 28"]),
        ({"value": 0.5, "low": 0}, ["value 0.5 is no whole number"]),
        ({"high": -1}, ["high = -1 is not a number from 0 to 1000000 (days)"]),
        ({"low": -1}, ["low = -1 is not a number from 0 to 1000000 (days)"]),
        ({"unit": "probability"}, ["value = 7 is not a number from 0 to 1 (probability)"]),
        ({"unit": "level", "value": 0.5, "low": 0}, ["high = 28 is not a number from 0 to 1 (level)"]),
        ({"unit": "ratio", "low": 0}, ["low = 0 is not a number above 0, at most 1000000 (ratio)"]),
        ({"unit": "places", "low": -1}, ["low = -1 is not a number from 0 to 1000000000 (places)"]),
        ({"unit": "fortnights"}, ["om.test_days.unit", "not one of the accepted values", "working_days"]),
        ({"unit": "day"}, ["om.test_days.unit", "nearest: days"]),
        ({"value": "7"}, ["om.test_days.value: wrong type", 'given: "7"']),
        ({"value": None}, ["om.test_days.value: missing key"]),
        ({"note": ""}, ["om.test_days.note"]),
        ({"valeu": 1}, ["om.test_days.valeu: unknown key", "nearest: value"]),
        ({"source": ["rbdha2020_13035"]}, ["om.test_days.source", "unknown source", "rbdha2020-13035"]),
        ({"source": None}, ["grade judgement needs a source and a date"]),
        ({"source": []}, ["grade judgement needs a source and a date"]),
        ({"date": None}, ["grade judgement needs a source and a date"]),
        ({"date": '"2024-05-28"'}, ["om.test_days.date: wrong type"]),
        ({"grade": "guess"}, ["om.test_days.grade", "assumption"]),
        ({"grade": "assumption"}, ["the status of an assumption is assumed"]),
        ({"grade": "official", "status": "assumed"}, ["grade judgement or assumption, not official"]),
        ({"varies": "normal"}, ["om.test_days.varies", "lognormal"]),
        ({"varies": "lognormal"}, ["cv belongs to varies = lognormal"]),
        ({"varies": "exponential", "cv": 1.0}, ["cv belongs to varies = lognormal"]),
        ({"varies": "lognormal", "cv": 0}, ["om.test_days.cv"]),
        ({"varies": "exponential", "unit": "count"}, ["only a duration can vary between persons, not count"]),
    ],
)
def test_a_bad_passport_is_refused(tmp_path: Path, changes: dict[str, Any], texts: list[str]) -> None:
    merged = {**GOOD, "date": "2024-05-28", **changes}
    path = parameter_file(tmp_path, {key: value for key, value in merged.items() if value is not None})
    with pytest.raises(InputError) as caught:
        Parameters.load(path)
    assert len(caught.value.problems) == 1
    for text in [str(path), "om.test_days", *texts]:
        assert text in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("om = 3\n", "om: "),
        ("[om]\ntest_days = 3\n", "om.test_days: "),
        ("[om.test_days.mean]\nvalue = 3\n", "om.test_days.mean: unknown key"),
    ],
)
def test_what_is_no_table_of_a_parameter_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "parameters.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Parameters.load(path)
    assert f"{path}: {message}" in str(caught.value)


def test_all_bad_passports_are_told_at_once(tmp_path: Path) -> None:
    path = parameter_file(tmp_path, {**GOOD, "unit": "day"}, more="[om.other]\nvalue = 1\n")
    with pytest.raises(InputErrors) as caught:
        Parameters.load(path)
    keys = [problem.key for problem in caught.value.problems]
    assert "om.test_days.unit" in keys
    assert {"om.other.low", "om.other.high", "om.other.unit", "om.other.note"} <= set(keys)


def test_an_assumption_may_have_no_source(tmp_path: Path) -> None:
    bare = {key: GOOD[key] for key in ("value", "low", "high", "unit", "note")}
    path = parameter_file(tmp_path, {**bare, "grade": "assumption", "status": "assumed"})
    assert Parameters.load(path).passport("om.test_days").source == ()
