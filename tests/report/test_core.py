"""The data of the page (`sim.report.core`): the numbers of the tables, in a document that JSON can hold."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

import sim
from sim.report.core import core_data
from sim.runs.comparison import Comparison
from verification.small_worlds import netherlands


@functools.cache
def two() -> Comparison:
    return sim.compare(netherlands(0.03), ["vc_2018", "vc_2019_08"], replicates=3, seed=4)


@functools.cache
def core() -> dict[str, Any]:
    return json.loads(json.dumps(core_data(two()), allow_nan=False))  # type: ignore[no-any-return]


def test_values_are_those_of_the_replicates() -> None:
    table = two().replicates.set_index(["measure", "world", "group", "regime", "replicate"])["value"].sort_index()
    names = [group["name"] for group in core()["groups"]]
    assert names[-2:] == ["rule_changed", "rule_unchanged"]
    for m, measure in enumerate(core()["measures"]):
        for g, group in enumerate(names):
            for r, regime in enumerate(core()["regimes"]):
                expected = table[measure["name"], measure["world"], group, regime["name"]]
                found = core()["values"][r][m][g]
                if found is None:
                    assert expected.isna().all()
                else:
                    numbers = [float("nan") if value is None else value for value in found]
                    assert numbers == pytest.approx(expected.tolist(), rel=1e-6, nan_ok=True)


def test_an_interval_from_the_document_is_that_of_the_table() -> None:
    m = next(i for i, measure in enumerate(core()["measures"]) if measure["name"] == "b8_granted")
    old, new = (core()["values"][r][m][0] for r in (0, 1))
    differences = [b - a for a, b in zip(old, new, strict=True)]
    mean = sum(differences) / 3
    spread = (sum((d - mean) ** 2 for d in differences) / 2 / 3) ** 0.5 * core()["quantiles"][1]
    table = two().differences
    row = table[(table.measure == "b8_granted") & (table.group == "all") & (table.world == "simulated")].iloc[0]
    assert (mean, mean - spread, mean + spread) == pytest.approx((row.difference, row.low, row.high))


def test_every_title_is_in_both_languages() -> None:
    for key in ("regimes", "groups", "measures", "outcomes"):
        for entry in core()[key]:
            assert entry["title"]["en"]
            assert entry["title"]["nl"]
    assert all(reading["question"]["nl"] for reading in core()["readings"])


def test_curves_are_those_of_the_table() -> None:
    everybody = two().incidence.query("cohort == 'all'")
    table = everybody.set_index(["regime", "group", "cause", "day"])["incidence"].sort_index()
    incidence = core()["incidence"]
    for g, group in enumerate(core()["groups"][:-2]):
        for c, cause in enumerate(incidence["causes"]):
            name = core()["outcomes"][cause]["name"]
            expected = table["vc_2019_08", group["name"], name]
            assert list(expected.index) == incidence["days"]
            found = [float("nan") if x is None else x for x in incidence["curves"][1][g][c]]
            assert found == pytest.approx(expected.tolist(), abs=1e-5, nan_ok=True)


def test_parameters_have_their_passports_and_presets_name_them() -> None:
    names = {parameter["name"] for parameter in core()["parameters"]}
    assert names == set(two().assumptions["parameter"])
    for parameter in core()["parameters"]:
        assert parameter["slider"] == (parameter["low"] < parameter["high"])
        assert parameter["note"]
    for preset in core()["presets"]:
        assert preset["parameters"].keys() <= names


def test_group_sizes_are_people() -> None:
    sizes = {group["name"]: group["people"] for group in core()["groups"]}
    assert sizes["all"] == pytest.approx(sizes["dublin"] + sizes["non_dublin"])
    assert sizes["all"] == pytest.approx(sizes["rule_changed"] + sizes["rule_unchanged"])


def test_law_rows_and_readings_say_what_is_used() -> None:
    assert [row["step"] for row in core()["law"]] == list(two().law_changes["step"])
    used = {reading["name"]: reading["used"] for reading in core()["readings"]}
    assert used["U1"] == two().receipt["readings"][1]["U1"]
    for reading in core()["readings"]:
        assert reading["used"] in [answer["name"] for answer in reading["answers"]]


def test_several_reforms_have_one_parting_each() -> None:
    three = sim.compare(netherlands(0.01), ["vc_2018", "vc_2019_08", "recognition_panel"], replicates=2, seed=4)
    data = core_data(three)
    assert [reform["regime"] for reform in data["parting"]["reforms"]] == ["vc_2019_08", "recognition_panel"]
    assert len(data["values"]) == 3
    assert data["groups"][-1]["name"] == "dublin_victims"
