"""A comparison is the paired reading of single runs, and its measures are what a reader of the log would count."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

import sim
from sim.outcomes.groups import CAUSES, GROUPS, OUTCOMES
from sim.outcomes.incidence import aalen_johansen
from sim.outcomes.measures import Measures
from sim.runs.comparison import Comparison
from sim.runs.single import Run
from verification.small_worlds import netherlands

REPLICATES, SEED = 5, 21
REGIMES = ["vc_2018", "vc_2019_08", "recognition_panel"]
SCENARIO = netherlands(0.1).replace(capacity={"avim.report": 0.08, "coa.reception": 700})
KEYS = ["measure", "world", "group"]


@functools.cache
def compared() -> Comparison:
    return sim.compare(SCENARIO, REGIMES, replicates=REPLICATES, seed=SEED)


@functools.cache
def ran(regime: str, replicate: int) -> Run:
    return sim.run(SCENARIO, regime, seed=SEED, replicate=replicate)


def values(regime: str) -> pd.DataFrame:
    """The measures of each single run: one column for each replicate."""
    columns = [ran(regime, k).measures.set_index(KEYS)["value"] for k in range(REPLICATES)]
    return pd.concat(columns, axis=1, keys=range(REPLICATES))


def interval(sample: pd.DataFrame) -> pd.DataFrame:
    """Mean and 95% t-interval over the replicates in which there is a value."""
    n = sample.notna().sum(axis=1)
    half = student.ppf(0.975, np.maximum(n - 1, 1)) * sample.std(axis=1, ddof=1) / np.sqrt(n)
    mean = sample.mean(axis=1)
    return pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half, "replicates": n})


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    found = found.loc[expected.index]
    for column in expected.columns:
        np.testing.assert_allclose(
            found[column].astype(float), expected[column].astype(float), rtol=1e-9, atol=1e-9, err_msg=column
        )


# ---- against single runs ----


@pytest.mark.parametrize("regime", REGIMES)
def test_levels_are_means_of_single_runs(regime: str) -> None:
    levels = compared().measures
    mine = levels[(levels.regime == regime) & levels.group.isin(GROUPS)].set_index(KEYS)
    expected = interval(values(regime))
    assert len(expected) > 1000
    same(mine, expected)
    spread = expected[expected.replicates == REPLICATES]
    assert (spread.high > spread.low).mean() > 0.5


@pytest.mark.parametrize("reform", REGIMES[1:])
def test_differences_are_paired_over_replicates(reform: str) -> None:
    table = compared().differences
    mine = table[(table.reform == reform) & table.group.isin(GROUPS)].set_index(KEYS)
    paired = values(reform) - values("vc_2018")
    expected = interval(paired).rename(columns={"mean": "difference"})
    expected["share_higher"] = (paired > 0).sum(axis=1) / expected.replicates.replace(0, np.nan)
    same(mine, expected)
    assert (mine.baseline == "vc_2018").all()
    assert expected.share_higher.between(0.1, 0.9).sum() > 100
    # Pairing is worth its while: of b8_granted the difference is known better than the levels.
    row = ("b8_granted", "true", "dublin")
    unpaired = np.hypot(*(values(regime).loc[row].std(ddof=1) for regime in ("vc_2018", reform)))
    assert paired.loc[row].std(ddof=1) < unpaired


@pytest.mark.parametrize("reform", REGIMES[1:])
def test_pairs_count_the_same_persons_in_both_worlds(reform: str) -> None:
    counts: Counter[tuple[str, str, str]] = Counter()
    for k in range(REPLICATES):
        before, after = (ran(regime, k).persons.set_index("person") for regime in ("vc_2018", reform))
        assert before.index.equals(after.index)
        for group, members in (("all", slice(None)), ("women", before.women), ("NGA", before.group == "NGA")):
            for pair in zip(before.outcome[members], after.outcome[members], strict=True):
                counts[group, *pair] += 1
    pairs = compared().pairs
    mine = pairs[pairs.reform == reform].set_index(["group", "baseline_outcome", "reform_outcome"]).persons
    for group in ("all", "women", "NGA"):
        for before_outcome in OUTCOMES:
            for after_outcome in OUTCOMES:
                key = (group, before_outcome, after_outcome)
                assert mine[key] == pytest.approx(counts[key] / REPLICATES, abs=1e-9)
    assert mine["all"].sum() == pytest.approx(np.mean([len(ran(reform, k).persons) for k in range(REPLICATES)]))
    moved = mine["all"].reset_index().query("baseline_outcome != reform_outcome").persons.sum()
    assert moved > 1


EXITS = {
    "b8_permit": "b8.permit",
    "asylum_granted": "asylum.granted",
    "transferred": "dublin.transferred",
    "left_unknown": "whereabouts.left_unknown",
    "departed": "whereabouts.departed",
}


@pytest.mark.parametrize("regime", REGIMES)
def test_incidence_follows_from_the_transitions(regime: str) -> None:
    curves: dict[str, list[np.ndarray]] = {"all": [], "dublin": [], "minors": []}
    table = compared().incidence
    grid = np.unique(table.day)
    for k in range(REPLICATES):
        run = ran(regime, k)
        persons, moves = run.persons, run.transitions
        end = np.datetime64(SCENARIO.end)
        first = moves[moves.to.isin(EXITS.values())].groupby(["person", "to"]).date.min().unstack()
        first = first.reindex(index=persons.person, columns=list(EXITS.values())).to_numpy()
        late = np.where(np.isnat(first), np.datetime64("2262-01-01"), first)
        left = late.min(axis=1) <= end
        last = np.where(left, late.min(axis=1), end)
        time = ((last - persons.arrival.to_numpy()) / np.timedelta64(1, "D")).astype(int)
        cause = np.where(left, late.argmin(axis=1) + 1, 0)
        chosen = {"all": np.ones(len(persons), bool), "dublin": persons.dublin_indicator, "minors": persons.minor}
        for group, members in chosen.items():
            curves[group].append(aalen_johansen(time[members], cause[members], len(CAUSES), grid))
    for group, found in curves.items():
        for number, name in enumerate(CAUSES):
            mine = table[(table.regime == regime) & (table.group == group) & (table.cause == name)].set_index("day")
            mean = np.mean([curve[number] for curve in found], axis=0)
            np.testing.assert_allclose(mine.incidence.loc[grid], mean, atol=1e-9, equal_nan=True)
            assert np.nanmax(mean) > 0


@pytest.mark.parametrize("reform", REGIMES[1:])
def test_direct_effect_and_spill_over_add_up(reform: str) -> None:
    """Those for whom a text made a difference and the others are everybody; counts of persons add up."""
    table = compared().differences
    counts = table[(table.reform == reform) & table.unit.isin(["persons", "cases"]) & table.measure.ne("")]
    wide = counts.pivot_table(index=["measure", "world"], columns="group", values="difference")
    both = wide[["rule_changed", "rule_unchanged"]].dropna()
    assert len(both) > 40
    np.testing.assert_allclose(both.sum(axis=1), wide.loc[both.index, "all"], atol=1e-6)
    direct = wide.loc[("b8_granted", "true"), "rule_changed"]
    assert direct < 0 if reform == "vc_2019_08" else direct != 0
    assert abs(both.rule_unchanged).max() > 0, "scarce capacity lets the change reach others"


def test_rule_changed_is_who_was_marked_in_the_reform() -> None:
    levels = compared().measures.set_index([*KEYS, "regime"])["mean"]
    marked = [ran("vc_2019_08", k) for k in range(REPLICATES)]
    counted = []
    for run in marked:
        names = set(run.persons.person[run.persons.rule_made_a_difference])
        granted = run.transitions[run.transitions.to == "b8.permit"].person
        counted.append(len(names & set(granted)))
    assert levels["b8_granted", "true", "rule_changed", "vc_2019_08"] == pytest.approx(np.mean(counted))
    assert not any(ran("vc_2018", k).persons.rule_made_a_difference.any() for k in range(REPLICATES))


def test_the_receipt_is_of_what_was_run() -> None:
    receipt = compared().receipt
    assert (receipt["seed"], receipt["replicates"], receipt["replicates_wanted"]) == (SEED, REPLICATES, REPLICATES)
    assert receipt["regimes"] == REGIMES
    assert receipt["scenario_hash"] == SCENARIO.replace(regimes=REGIMES, replicates=REPLICATES, seed=SEED).hash()
    assert receipt["transitions"] == sum(len(ran(r, k).transitions) for r in REGIMES for k in range(REPLICATES))
    assert len(set(receipt["population_hashes"])) == REPLICATES
    assert compared().complete


# ---- what a reader of the log would count ----


class Reader:
    """Counts by hand, from the transitions of a run."""

    def __init__(self, run: Run) -> None:
        self.entries: Counter[tuple[str, str]] = Counter()
        self.first: dict[tuple[str, str], int] = {}
        self.days: Counter[tuple[str, str]] = Counter()
        self.there: dict[str, set[str]] = defaultdict(set)
        moves = run.transitions
        days = ((moves.date - np.datetime64(run.world.scenario.start)) / np.timedelta64(1, "D")).astype(int)
        paths: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for person, track, step, day in zip(moves.person, moves.track, moves.to, days, strict=True):
            paths[person, track].append((day, step))
            self.entries[person, step] += 1
            self.first.setdefault((person, step), day)
            self.there[step].add(person)
        for (person, _), path in paths.items():
            for (day, step), (until, _) in pairwise([*path, (run.world.end_day + 1, "")]):
                self.days[person, step] += until - day

    def who(self, steps: tuple[str, ...]) -> set[str]:
        return set().union(*(self.there[step] for step in steps))

    def entered(self, steps: tuple[str, ...], among: set[str]) -> int:
        return sum(self.entries[person, step] for step in steps for person in among)

    def soonest(self, person: str, steps: tuple[str, ...]) -> int:
        return min(self.first.get((person, step), 32767) for step in steps)

    def spent(self, person: str, steps: tuple[str, ...]) -> int:
        return sum(self.days[person, step] for step in steps)


def by_hand(run: Run, reader: Reader, members: set[str]) -> dict[str, float]:
    persons = run.persons.set_index("person")
    out: dict[str, float] = {}
    for name, m in Measures.load().measure.items():
        if m.kind == "networks":
            continue
        among = set(members)
        for flag in m.among:
            has = set(persons.index[persons[flag.removeprefix("not ")]])
            among = among - has if flag.startswith("not ") else among & has
        entered = (reader.who(m.steps) & among) - reader.who(m.not_steps)
        if m.then:
            later = reader.who(m.then) & entered
            entered = {p for p in later if reader.soonest(p, m.then) >= reader.soonest(p, m.steps)}
        per = reader.who(m.per) & among
        if m.kind == "persons":
            out[name] = len(entered)
        elif m.kind == "entries":
            out[name] = reader.entered(m.steps, among)
        elif m.kind == "days":
            out[name] = sum(reader.spent(p, m.steps) for p in among)
        elif m.kind == "mean_days":
            out[name] = sum(reader.spent(p, m.steps) for p in per) / len(per) if per else np.nan
        elif m.kind == "share":
            out[name] = len(entered & per) / len(per) if per else np.nan
        elif m.kind == "ratio":
            size = reader.entered(m.per, among)
            out[name] = reader.entered(m.steps, among) / size if size else np.nan
        elif m.kind == "together":
            everybody = set(persons.index[persons[list(m.among)].all(axis=1)]) & reader.who(m.steps)
            of = {p: (persons.network[p], reader.soonest(p, m.steps)) for p in everybody if persons.network[p]}
            beside = Counter(of.values())
            of = {p: pair for p, pair in of.items() if p in entered}
            out[name] = sum(beside[pair] > 1 for pair in of.values()) / len(of) if of else np.nan
        else:
            assert m.kind == "within"
            limit = run.world.parameters.value(str(m.limit)) * 7 / 5
            inside = sum(reader.spent(p, m.steps) <= limit for p in entered)
            out[name] = inside / len(entered) if entered else np.nan
    return out


@pytest.mark.parametrize("regime", REGIMES)
def test_measures_are_what_a_reader_of_the_log_counts(regime: str) -> None:
    run = ran(regime, 0)
    persons = run.persons
    table = run.measures[run.measures.world == "true"].set_index(["measure", "group"])["value"]
    groups = {
        "all": persons.person,
        "dublin": persons.person[persons.dublin_indicator],
        "men": persons.person[~persons.women],
        "UGA": persons.person[persons.group == "UGA"],
        "exploited_nl": persons.person[persons.exploited_nl],
    }
    counted, reader = 0, Reader(run)
    for group, names in groups.items():
        for name, expected in by_hand(run, reader, set(names)).items():
            assert table[name, group] == pytest.approx(expected, nan_ok=True), (name, group)
            counted += expected > 0
    assert counted > 150


def test_networks_are_counted_once() -> None:
    run = ran("vc_2018", 1)
    table = run.measures.set_index(["measure", "group"])["value"]
    for name, step in (("networks_with_lead", "lead_received"), ("networks_with_suspect", "suspect")):
        there = set(run.transitions.person[run.transitions.to == f"investigation.{step}"])
        assert table[name, "all"] == len(there) > 0
        assert table[name, "NGA"] == sum(network.split("-")[1] == "NGA" for network in there)
        assert np.isnan(table[name, "women"])


@pytest.mark.parametrize("regime", REGIMES)
def test_routes_are_a_partition_of_the_victims(regime: str) -> None:
    run = ran(regime, 2)
    table = run.measures.set_index(["measure", "group"])["value"]
    routes = ["b8_only", "asylum_only", "asylum_then_b8", "b8_then_asylum", "none"]
    for group in ("all", "women", "NGA"):
        total = sum(table[f"route_{route}", group] for route in routes)
        mine = run.persons
        mine = {"all": mine, "women": mine[mine.women], "NGA": mine[mine.group == "NGA"]}[group]
        assert total == mine.victim.sum()


def test_pools_report_what_the_engine_summed() -> None:
    run = ran("vc_2019_08", 0)
    table = run.measures.set_index(["measure", "group"])["value"]
    days = run.world.end_day + 1
    for number, pool in enumerate(run.world.catalogue.pools):
        _, waited, served, queue_days, used, offered = run.outcome.state.pool_sums[number]
        assert table[f"queue_{pool}", "all"] == queue_days / days
        if served:
            assert table[f"wait_{pool}", "all"] == waited / served
        if offered:
            assert table[f"utilisation_{pool}", "all"] == used / offered <= 1 + 1e-9
        assert np.isnan(table[f"queue_{pool}", "women"])
    assert table["utilisation_avim.report", "all"] > 0.9
    assert table["queue_avim.report", "all"] > 5


@pytest.mark.parametrize("regime", REGIMES)
def test_the_registers_show_less_than_there_is(regime: str) -> None:
    """Registrations are by at least one notifier, in one year each, of people who were in contact with one."""
    run = ran(regime, 0)
    everybody = run.measures[run.measures.group == "all"].set_index(["measure", "world"])["value"]
    recorded = everybody.xs("recorded", level="world")
    total = recorded["registrations"]
    notifiers = ("police", "care", "inspectorate", "border_police", "others")
    years = range(2017, 2022)
    by_notifier = [recorded[f"registrations_{name}"] for name in notifiers]
    assert sum(by_notifier) > total > max(by_notifier) > 20, "notifiers overlap, and each person counts once"
    assert recorded["registrations_twice"] == 0
    assert total == sum(recorded[f"registrations_{year}"] for year in years)
    seen = set(run.transitions.person[run.transitions.to.isin(["b8.signalled", "b8.intake"])])
    assert total <= len(seen)
    assert sum(recorded[f"signalled_{year}"] for year in years) == len(
        set(run.transitions.person[run.transitions.to == "b8.signalled"])
    )
    assert recorded["left_unknown"] == everybody["left_unknown", "true"]


@pytest.mark.parametrize("regime", REGIMES)
def test_what_the_registers_show_of_victims_is_part_of_the_victims(regime: str) -> None:
    table = ran(regime, 0).measures.set_index(["measure", "world", "group"])["value"]
    years = range(2017, 2022)
    for name in ("registrations_victims", *(f"registrations_victims_{year}" for year in years)):
        for group in ("all", "dublin", "women"):
            assert 0 < table[name, "recorded", group] < table[name, "true", group]
    everybody = table.xs("all", level="group")
    victims = everybody["registrations_victims", "recorded"]
    assert victims == sum(everybody[f"registrations_victims_{year}", "recorded"] for year in years)
    assert victims < everybody["registrations", "recorded"], "others are registered as possible victims too"
    persons = ran(regime, 0).persons
    assert everybody["registrations_victims", "true"] == persons.victim.sum()


def test_duplicates_that_are_not_recognised_count_as_persons() -> None:
    """Some are notified by several: the register counts them once, or twice where it does not recognise them."""
    scenario = ran("vc_2018", 0).world.scenario
    all_kept = scenario.replace(parameters={"recording.duplicates_kept": 1.0})
    once, twice = (
        sim.run(s, "vc_2018").measures.query("group == 'all' and world == 'recorded'").set_index("measure")["value"]
        for s in (scenario, all_kept)
    )
    names = [f"registrations_{name}" for name in ("police", "care", "inspectorate", "border_police", "others")]
    assert twice["registrations"] - once["registrations"] == twice["registrations_twice"] > 5
    assert twice["registrations"] == sum(twice[names]), "nobody is notified by three"
    assert sum(twice[names]) == sum(once[names])
    assert twice["registrations"] == sum(twice[f"registrations_{year}"] for year in range(2017, 2022))
    assert twice["registrations_victims"] == once["registrations_victims"]
