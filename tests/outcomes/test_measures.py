"""The measures (`sim.outcomes.measures`) are what a reader of the log would count."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from compared_runs import REGIMES, Reader, ran

from sim.outcomes.measures import Measures
from sim.procedures.traits import GROUPS as NATIONALITIES
from sim.runs.single import Run


def area(spells: list[tuple[int, bool]], horizon: int) -> float:
    """Return the area under the share that is still there, day by day; NaN where nobody is left to be looked at."""
    total, still = 0.0, 1.0
    for day in range(horizon):
        at_risk = sum(days >= day for days, _ in spells)
        if still > 0 and not at_risk:
            return np.nan
        if at_risk:
            still *= 1 - sum(days == day and ended for days, ended in spells) / at_risk
        total += still
    return total


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
            entered = {p for p in entered if reader.followed(p, m.steps, m.then, m.not_before)}
        per = reader.who(m.per) & among
        if m.per_done:
            per &= {p for p, step, _, _, how in reader.spells if step in m.per and how.startswith(f"{step}/")}
        spells = reader.spells_of(m.steps, among)
        if m.kind == "persons":
            out[name] = len(entered)
        elif m.kind == "entries":
            out[name] = reader.entered(m.steps, among)
        elif m.kind == "days":
            out[name] = sum(reader.spent(p, m.steps) for p in among)
        elif m.kind == "mean_days":
            waits = [days for days, to, _ in spells if to in m.per]
            out[name] = float(np.mean(waits)) if waits else np.nan
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
        elif m.kind == "within":
            limit = run.world.parameters.value(str(m.limit)) * 7 / 5
            met = sum(branch and days <= limit for days, _, branch in spells)
            late = sum(days > limit or (not to and days >= limit) for days, to, _ in spells)
            out[name] = met / (met + late) if met + late else np.nan
        else:
            assert m.kind == "restricted_mean_days"
            out[name] = area([(days, bool(to)) for days, to, _ in spells], int(str(m.horizon_days)))
    return out


@pytest.mark.parametrize("regime", REGIMES)
def test_measures_are_what_a_reader_of_the_log_counts(regime: str) -> None:
    run = ran(regime, 0)
    persons = run.persons
    table = run.measures[run.measures.world == "simulated"].set_index(["measure", "group"])["value"]
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
        works_in = dict(zip(run.population.network_names, run.population.network_group, strict=True))
        assert table[name, "NGA"] == sum(NATIONALITIES[works_in[network]] == "NGA" for network in there)
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
        _, waited, served, queue_days, used, offered, beyond = run.outcome.state.pool_sums[number]
        assert table[f"queue_{pool}", "all"] == queue_days / days
        if served:
            assert table[f"wait_{pool}", "all"] == waited / served
        if offered:
            assert table[f"utilisation_{pool}", "all"] == used / offered <= 1 + 1e-9
        assert table.get((f"beyond_capacity_{pool}", "all"), beyond / days) == beyond / days
        assert np.isnan(table[f"queue_{pool}", "women"])
    assert table["utilisation_avim.report", "all"] > 0.9
    assert table["queue_avim.report", "all"] > 5
