"""The parameters (`sim.evidence.parameters`): used, sourced, as published; looked up and changed."""

from __future__ import annotations

import ast
import math
import pickle
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from parameter_files import GOOD, parameter_file

import sim.evidence.parameters
from sim.evidence.observed import numeric_values, observed
from sim.evidence.parameters import AT_MOST_ONE, SUM_TO_ONE, Parameters
from sim.evidence.passport import WEAKEST_FIRST
from sim.evidence.references import reference_keys
from sim.files.errors import InputError, InputErrors
from sim.outcomes.recorded import RATIOS

REPOSITORY = Path(__file__).parents[2]
PARAMETER_FILE = Path(sim.evidence.parameters.FILE)
LAW_FILES = [
    path
    for folder in ("sim", "scenarios", "experiments", "tests/cases")
    for path in sorted((REPOSITORY / folder).rglob("*.toml"))
    if path != PARAMETER_FILE and path.name != "dutch.toml"
]
NAMES_A_PARAMETER = {
    "add", "capacity", "chance", "grows_per_year", "limit", "at_least", "over", "per_year", "set", "takes",
    "takes_at_most",
}  # fmt: skip
NAMES_PARAMETERS = {"logit", "adds_up", "capacity_times", "chance_by", "times"}


def named_in_toml(content: Any) -> Iterator[str]:
    """Find the parameters that a law, behaviour, measure or scenario file names."""
    if isinstance(content, list):
        for item in content:
            yield from named_in_toml(item)
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        if key in NAMES_PARAMETERS:
            yield from [value] if isinstance(value, str) else value.values()
        elif key == "set" and isinstance(value, dict):
            yield from (name for name in value if "." in name)
        elif key in NAMES_A_PARAMETER and isinstance(value, str):
            yield value
        else:
            yield from named_in_toml(value)


def law_in_toml(content: Any) -> Iterator[str]:
    """Find the sources that a file names."""
    if isinstance(content, list):
        for item in content:
            yield from law_in_toml(item)
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        if key == "law":
            yield from [value] if isinstance(value, str) else value
        else:
            yield from law_in_toml(value)


def texts_in_code() -> tuple[set[str], set[str]]:
    """Find the texts in the code of the package: whole ones, and the beginnings of those with a gap."""
    whole, beginnings = set(), set()
    for path in sorted((REPOSITORY / "sim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    return whole, {text for text in beginnings if re.fullmatch(r"[a-z]+\.[a-z_]*", text)}


def test_every_parameter_is_used_and_every_used_one_is_there() -> None:
    in_law = {name for path in LAW_FILES for name in named_in_toml(tomllib.loads(path.read_text("utf-8")))}
    parameters = Parameters.load()
    assert in_law, "the scan of the law files found nothing"
    assert sorted(in_law - set(parameters)) == []
    whole, beginnings = texts_in_code()
    in_code = {
        name
        for name in parameters
        if name in whole or name.rpartition("_")[0] in whole or name.startswith(tuple(beginnings))
    }
    assert sorted(set(parameters) - in_law - in_code) == []


def test_every_source_of_a_law_file_is_known() -> None:
    named = {key for path in LAW_FILES for key in law_in_toml(tomllib.loads(path.read_text("utf-8")))}
    assert len(named) > 50
    assert sorted(named - reference_keys()) == []


def test_shares_sum_to_one() -> None:
    parameters = Parameters.load()
    for stem in SUM_TO_ONE:
        shares = [value for name, value in parameters.items() if name.startswith(stem)]
        assert len(shares) > 1
        assert math.fsum(shares) == pytest.approx(1, abs=1e-12)


def test_shares_that_leave_a_rest_leave_it_everywhere_in_their_ranges() -> None:
    parameters = Parameters.load()
    for names in AT_MOST_ONE:
        assert math.fsum(parameters.passport(name).high for name in names) <= 1


def test_transfer_terms_stay_in_order_everywhere_in_their_ranges() -> None:
    names = ("window_before_last_weeks", "transfer_window", "window_absconding")
    passports = [Parameters.load().passport(f"dublin.{name}_months") for name in names]
    for shorter, longer in pairwise(passports):
        assert shorter.high < longer.low


def test_a_published_term_of_law_has_no_range_above_it() -> None:
    parameters = Parameters.load()
    for name in ("b8.reflection_months", "dublin.reply_take_charge_months", "dublin.reply_eurodac_weeks"):
        passport = parameters.passport(name)
        assert passport.high == passport.value
        assert passport.grade == "official"


def decisions(country: str) -> tuple[int, int]:
    """Return positive and negative first decisions of 2017 to 2020, as published."""
    table = observed(f"asylum_decisions_{country}")
    cells = [text.split(" / ") for text in table[table.period.between("2017", "2020")].value]
    return sum(int(cell[0]) for cell in cells), sum(int(cell[1]) for cell in cells)


def test_recognition_is_what_the_published_decisions_give() -> None:
    parameters = Parameters.load()
    positive, negative = decisions("NGA")
    all_positive, all_negative = decisions("ALL")
    rest = (all_positive - positive) / (all_positive - positive + all_negative - negative)
    assert parameters["asylum.recognition_NGA"] == pytest.approx(positive / (positive + negative), abs=5e-4)
    assert parameters["asylum.recognition_other"] == pytest.approx(rest, abs=5e-4)


def test_dublin_shares_are_what_the_published_counts_give() -> None:
    parameters = Parameters.load()
    count = {}
    for series in ("dublin_out_requests", "dublin_out_accepted"):
        table = observed(series)
        rows = table[table.period == "2016-2020"]
        count[series] = float(numeric_values(rows).iloc[0])
        if series == "dublin_out_requests":
            take_back = re.findall(r"take back ([\d,]+)", str(rows.note.iloc[0]))
    assert len(take_back) == 1
    requests = count["dublin_out_requests"]
    italy = parameters["receiving.italy_share_other"]
    ratio = italy * parameters["dublin.accepted_italy"] + (1 - italy) * parameters["dublin.accepted_other"]
    assert ratio == pytest.approx(count["dublin_out_accepted"] / requests, abs=5e-3)
    share = float(take_back[0].replace(",", "")) / requests
    assert parameters["inflow.eurodac_share"] == pytest.approx(share, abs=5e-3)


def test_durations_from_files_are_their_means() -> None:
    parameters = Parameters.load()
    assert parameters["om.necessity_test_days"] == round(mean([2, 2, 7, 11, 14]))
    assert parameters["b8.objection_days"] == pytest.approx(mean([77, 94]), abs=0.5)


def test_ratios_of_recording_are_those_of_published_notifications() -> None:
    parameters = Parameters.load()
    notifier, total = observed("comensha_notifier"), observed("comensha_total_nr")
    care = notifier[notifier.population == "regional care organisations"].set_index("period").value.astype(float)
    ratio = parameters["recording.privacy_law_2018_ratio"]
    assert ratio == pytest.approx(care["2018"] / care["2017"], abs=0.01)
    named = notifier[
        notifier.population.isin(
            ["police", "regional care organisations", "labour inspectorate", "border police (KMar)"]
        )
    ]
    others = {
        year: float(total[total.period == year].value.iloc[0]) - named[named.period == year].value.astype(float).sum()
        for year in ("2017", "2018", "2019")
    }
    assert others["2018"] < 0, "notifiers overlap"
    ratio = parameters["recording.care_and_others_from_2019_ratio"]
    assert ratio == pytest.approx((care["2019"] + others["2019"]) / (care["2017"] + others["2017"]), abs=0.01)
    police = notifier[notifier.population == "police"].set_index("period").value.astype(float)
    ratio = parameters.passport("recording.police_from_2019_ratio")
    assert ratio.high == pytest.approx(police["2019"] / police["2018"], abs=0.01)
    assert ratio.low < 1 < ratio.value < ratio.high


def test_chances_of_registration_stay_chances_at_the_ends_of_their_ranges() -> None:
    parameters = Parameters.load()
    for name, notifiers, _, _ in RATIOS:
        for notifier in notifiers:
            for end in ("low", "high"):
                level = getattr(parameters.passport(f"recording.{notifier}"), end)
                assert 0 < level * getattr(parameters.passport(name), end) < 1.1


def test_those_seen_again_are_as_many_as_published_after_three_years() -> None:
    parameters = Parameters.load()
    rate, growth = parameters["left.seen_again_per_year"], parameters["left.seen_again_growth"]
    spent = rate * math.expm1(3 * growth) / growth
    assert 1 - math.exp(-spent) == pytest.approx(0.53, abs=0.02)


def test_parameters_are_a_mapping_from_names_to_values() -> None:
    parameters = Parameters.load()
    assert "b8.reflection_months" in parameters
    assert "b8.reflection" not in parameters
    assert parameters["b8.reflection_months"] == parameters.value("b8.reflection_months") == 3
    assert parameters.get("b8.reflection", -1) == -1
    assert list(parameters) == sorted(parameters)
    assert len(parameters) == len(set(parameters)) > 250


def test_unknown_name_is_told_with_the_nearest() -> None:
    parameters = Parameters.load()
    with pytest.raises(KeyError):
        parameters["om.neded_base"]
    for read in (parameters.value, parameters.passport):
        with pytest.raises(InputError) as caught:
            read("om.neded_base")
        assert "om.neded_base: unknown parameter" in str(caught.value)
        assert "nearest: om.needed_base" in str(caught.value)
        assert "om.necessity_test_days" in str(caught.value)


def test_replace_gives_new_parameters_and_leaves_the_old() -> None:
    old = Parameters.load()
    new = old.replace({"om.needed_base": -3, "avim.reports_per_working_day": 2.5})
    assert (new["om.needed_base"], new["avim.reports_per_working_day"]) == (-3, 2.5)
    assert old["om.needed_base"] == old.passport("om.needed_base").value != -3
    assert new.passport("om.needed_base") == old.passport("om.needed_base")
    again = new.replace({"om.needed_base": -2.5})
    assert (again["om.needed_base"], again["avim.reports_per_working_day"]) == (-2.5, 2.5)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (
            {"om.neded_base": 1},
            ["given/x.toml: parameters.om.neded_base: unknown parameter", "nearest: om.needed_base"],
        ),
        (
            {"dublin.accepted_other": 1.2},
            ["dublin.accepted_other: not possible in this unit", "given: 1.2", "from 0 to 1 (probability)"],
        ),
        ({"dublin.accepted_other": -0.1}, ["given: -0.1", "from 0 to 1"]),
        ({"leaves.shelter_ratio": 0}, ["leaves.shelter_ratio", "a number above 0, at most 1000000 (ratio)"]),
        ({"inflow.hidden_victims_per_year": 2e6}, ["a number from 0 to 1000000 (persons_per_year)"]),
        ({"om.necessity_test_days": 1e300}, ["a number from 0 to 1000000 (days)"]),
        ({"dublin.transfer_window_months": 0.5}, ["not a whole number", "whole months"]),
        ({"b8.intake_days": -1}, ["b8.intake_days", "a number from 0 to 1000000 (days)"]),
        ({"avim.reports_per_working_day": -2}, ["a number from 0 to 1000000000 (per_working_day)"]),
        ({"report.base": math.inf}, ["report.base", "given: inf", "a number from -1000 to 1000 (log_odds)"]),
        ({"report.base": math.nan}, ["report.base", "given: nan"]),
        ({"report.base": True}, ["report.base: wrong type", "given: true"]),
        ({"report.base": "1"}, ["report.base: wrong type", 'given: "1"']),
        (
            {"inflow.hidden_share_NGA": 0.2},
            ["parameters.inflow.hidden_share_*: the shares sum to 1.15", "shares that sum to 1"],
        ),
        (
            {"victim.exploited_nl_share": 0.7},
            ["victim.exploited_nl_share: the shares sum to 1.2", "with victim.exploited_eu_share"],
        ),
    ],
)
def test_replace_refuses(values: dict[str, Any], texts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Parameters.load().replace(values, file="given/x.toml")
    assert len(caught.value.problems) == 1
    for text in ["given/x.toml: parameters.", *texts]:
        assert text in str(caught.value)


def test_replace_tells_all_mistakes_at_once() -> None:
    with pytest.raises(InputErrors) as caught:
        Parameters.load().replace({"dublin.accepted_other": 2, "no.such": 1}, file="x.toml", key_prefix="here")
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["here.dublin.accepted_other", "here.no.such"]


def test_a_value_outside_the_plausible_range_is_taken_and_remembered() -> None:
    old = Parameters.load()
    assert old.outside_range == ()
    passport = old.passport("strategic.share")
    new = old.replace({"strategic.share": passport.high + 0.1, "report.base": old.passport("report.base").low})
    assert new.outside_range == ("strategic.share",)
    assert new.replace({"strategic.share": passport.high}).outside_range == ()


def test_shares_can_be_changed_together() -> None:
    changed = {"inflow.hidden_share_NGA": 0.10, "inflow.hidden_share_other": 0.84}
    assert Parameters.load().replace(changed)["inflow.hidden_share_NGA"] == 0.10


def test_hash_is_stable_and_follows_the_values(tmp_path: Path) -> None:
    shipped = Parameters.load()
    copy = tmp_path / "copy.toml"
    tables = PARAMETER_FILE.read_text(encoding="utf-8").split("\n[")
    copy.write_text("\n[".join([tables[0], *reversed(tables[1:])]), encoding="utf-8")
    assert Parameters.load(copy).hash() == shipped.hash()
    assert re.fullmatch(r"[0-9a-f]{64}", shipped.hash())
    for name, passport in ((name, shipped.passport(name)) for name in ("om.needed_base", "b8.intake_days")):
        assert shipped.replace({name: passport.value}).hash() == shipped.hash()
        changed = shipped.replace({name: passport.high})
        assert changed.hash() != shipped.hash()
        assert changed.replace({name: passport.value}).hash() == shipped.hash()


def test_hash_counts_what_a_run_depends_on_and_nothing_else(tmp_path: Path) -> None:
    def hash_of(**changes: Any) -> str:
        passport = {**GOOD, "date": "2024-05-28", **changes}
        return Parameters.load(parameter_file(tmp_path, passport)).hash()

    base = hash_of()
    assert hash_of(note="Said otherwise.", low=1, status="secondary") == base
    assert hash_of(value=8) != base
    assert hash_of(unit="working_days") != base
    assert hash_of(varies="exponential") != base
    assert hash_of(varies="lognormal", cv=0.5) != hash_of(varies="lognormal", cv=0.6)


def test_parameters_travel_between_processes() -> None:
    changed = Parameters.load().replace({"om.needed_base": -9})
    arrived = pickle.loads(pickle.dumps(changed))
    assert dict(arrived) == dict(changed)
    assert (arrived.hash(), arrived.outside_range) == (changed.hash(), ("om.needed_base",))


def test_table_puts_the_weakest_evidence_first() -> None:
    parameters = Parameters.load()
    table = parameters.table()
    assert list(table.columns) == [
        "parameter", "value", "low", "high", "unit", "grade", "status", "source", "note",
    ]  # fmt: skip
    assert sorted(table.parameter) == list(parameters)
    ranks = [WEAKEST_FIRST.index(grade) for grade in table.grade]
    assert ranks == sorted(ranks)
    for _, rows in table.groupby("grade"):
        idle = rows.value == rows.unit.map(lambda unit: 1.0 if unit == "ratio" else 0.0)
        assert idle.tolist() == sorted(idle), "what takes no part comes last"
        for _, part in rows.groupby(idle):
            widths = [parameters.passport(name).relative_width for name in part.parameter]
            assert widths == sorted(widths, reverse=True)
    assert "tactics.coaches_per_year" not in table.parameter.head(150).tolist()
    assert "heard.after_days" in table.parameter.head(20).tolist()
    assert "heard.after_days" not in parameters.table(("heard.",)).parameter.head(100).tolist()
    row = table.set_index("parameter").loc["om.target_working_days"]
    assert (row.value, row.unit, row.grade, row.source) == (20, "working_days", "official", "los-kst165")


def test_a_changed_value_is_an_assumption_in_the_table() -> None:
    table = Parameters.load().replace({"dublin.accepted_other": 0.8, "b8.permit_years": 1}).table()
    rows = table.set_index("parameter")
    changed = rows.loc["dublin.accepted_other"]
    assert (changed.value, changed.grade, changed.status, changed.source) == (
        0.8,
        "assumption",
        "assumed",
        "",
    )
    assert changed.note.startswith("Changed from 0.65 (official: ")
    assert rows.loc["b8.permit_years"].grade == "official"


def test_a_file_whose_shares_do_not_sum_to_one_is_refused(tmp_path: Path) -> None:
    text = PARAMETER_FILE.read_text(encoding="utf-8")
    old = "[recording.notifier_share_care]\nvalue  = 0.44"
    assert old in text
    path = tmp_path / "parameters.toml"
    path.write_text(text.replace(old, old.replace("0.44", "0.36")), encoding="utf-8")
    with pytest.raises(InputError, match=r"recording\.notifier_share_\*: the shares sum to 0\.9"):
        Parameters.load(path)


def test_values_in_use_agree_or_not() -> None:
    parameters, names = Parameters.load(), {"report.base", "om.needed_base"}
    changed = parameters.replace({"report.base": 0.1, "om.needed_base": parameters["om.needed_base"]})
    more = parameters.extended({"own.number": parameters.passport("report.base")})
    for one, other, same in (
        (parameters, parameters, names),
        (parameters, changed, {"om.needed_base"}),
        (changed, parameters.replace({"report.base": 0.1}), names),
        (changed, parameters.replace({"om.needed_base": -1.0}), set()),
        (changed, more, {"om.needed_base"}),
        (more, parameters, names),
    ):
        for some in ({"report.base"}, {"om.needed_base"}, names, set()):
            assert one.agree(other, some) == other.agree(one, some) == (some <= same)
    assert not more.agree(parameters, {"own.number"})


def test_a_wrong_sum_of_the_users_is_told_at_each_change_and_a_right_one_is_checked_where_it_changes() -> None:
    parameters = Parameters.load()
    wrong = parameters.extended({"recording.notifier_share_own": parameters.passport("recording.notifier_share_care")})
    with pytest.raises(InputError, match=r"recording\.notifier_share_\*: the shares sum to"):
        wrong.replace({"report.base": 0.1})
    right = parameters.replace({"report.base": 0.1})
    with pytest.raises(InputError, match=r"recording\.notifier_share_\*: the shares sum to"):
        right.replace({"recording.notifier_share_care": 0.1})
    with pytest.raises(InputError, match="at most 1 together with"):
        right.replace({"victim.control_vehicle_share": 1.0})
