"""Shares of a difference: the arithmetic, what is switched, and that nothing of the difference is lost."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.studies.attribution import (
    Attribution,
    Plan,
    attribute,
    combination_table,
    combinations_of,
    main,
    shapley,
    share_table,
    with_drivers,
)
from verification.small_worlds import netherlands

FILE = Path(__file__).parents[2] / "experiments" / "attribution.toml"
PLAN = Plan.load(FILE)
DRIVERS = ("rule", "covid", "programmes", "inflow")


def value_of(drivers: tuple[str, ...], game: dict[frozenset[str], float]) -> np.ndarray:
    return np.array([game[frozenset(on)] for on in combinations_of(drivers)])


# ---- Shapley values ----


def test_combinations_are_all_sets_from_none_to_all() -> None:
    listed = combinations_of(DRIVERS)
    assert listed[0] == ()
    assert listed[-1] == DRIVERS
    assert len({frozenset(on) for on in listed}) == len(listed) == 16


def test_effects_that_only_add_go_to_their_drivers() -> None:
    effect = np.array([3.0, -1.0, 0.0, 10.0])
    values = np.array([sum(effect[DRIVERS.index(name)] for name in on) for on in combinations_of(DRIVERS)])
    assert shapley(7 + values) == pytest.approx(effect)


def test_two_who_only_work_together_share_alike_and_the_third_has_nothing() -> None:
    both = np.array([float({"a", "c"} <= set(on)) for on in combinations_of(("a", "b", "c"))])
    assert shapley(both) == pytest.approx([0.5, 0.0, 0.5])


def test_one_glove_against_two_of_the_other_hand() -> None:
    """The textbook game: one left glove, two right ones; a pair is worth 1."""
    pair = np.array([float("left" in on and len(on) > 1) for on in combinations_of(("left", "right 1", "right 2"))])
    assert shapley(pair) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_it_is_the_mean_over_all_orders_and_adds_up() -> None:
    values = np.random.default_rng(3).normal(size=(5, 16))
    parts = shapley(values)
    assert parts.sum(axis=-1) == pytest.approx(values[:, -1] - values[:, 0])
    place = {frozenset(on): i for i, on in enumerate(combinations_of(DRIVERS))}
    by_order = np.zeros((5, 4))
    for order in itertools.permutations(range(4)):
        for n, i in enumerate(order):
            before = frozenset(DRIVERS[j] for j in order[:n])
            by_order[:, i] += values[:, place[before | {DRIVERS[i]}]] - values[:, place[before]]
    assert parts == pytest.approx(by_order / math.factorial(4))


@pytest.mark.parametrize("size", [1, 3, 12])
def test_a_number_of_values_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="combinations"):
        shapley(np.zeros(size))


# ---- the table ----


def table_of(noise: float) -> pd.DataFrame:
    generator = np.random.default_rng(5)
    effect = np.array([-30.0, -10.0, 0.0, -60.0])
    values = np.array([sum(effect[DRIVERS.index(name)] for name in on) for on in combinations_of(DRIVERS)])
    many = values[None, :, None] + noise * generator.normal(size=(10, 16, len(PLAN.measure)))
    return share_table(many, PLAN)


def test_contributions_and_shares_add_up_to_the_whole() -> None:
    table = table_of(noise=5.0)
    for _, rows in table.groupby("measure"):
        of_drivers, whole = rows[rows.driver != "all"], rows[rows.driver == "all"].iloc[0]
        assert list(of_drivers.driver) == list(PLAN.driver)
        assert of_drivers.contribution.sum() == pytest.approx(whole.contribution)
        assert of_drivers["share"].sum() == pytest.approx(1)
        assert whole["share"] == pytest.approx(1)
    inflow = table[table.driver == "inflow"]
    assert ((inflow.share_low < 0.6) & (inflow.share_high > 0.6)).mean() > 0.7
    assert (inflow.low < inflow.contribution).all()


def test_a_share_of_nothing_is_not_given() -> None:
    generator = np.random.default_rng(5)
    table = share_table(generator.normal(size=(10, 16, len(PLAN.measure))), PLAN)
    whole = table[table.driver == "all"]
    nothing = whole[(whole.low < 0) & (whole.high > 0)].measure
    assert len(nothing) > 4
    assert table[table.measure.isin(nothing)][["share", "share_low", "share_high"]].isna().all(axis=None)


# ---- what is switched ----


def test_each_combination_switches_what_its_drivers_name() -> None:
    scenario = netherlands(0.02)
    nothing, regime = with_drivers(scenario, PLAN, ())
    assert regime == "vc_2018"
    assert not any(event.on for event in (*nothing.document.shock, *nothing.document.programme))
    assert nothing.document.inflow.level == "as_in_2018"
    everything, regime = with_drivers(scenario, PLAN, DRIVERS)
    assert regime == "vc_2019_08"
    assert all(event.on for event in (*everything.document.shock, *everything.document.programme))
    assert everything.document.inflow.level == "published"
    covid, regime = with_drivers(scenario, PLAN, ("covid",))
    assert regime == "vc_2018"
    assert [event.on for event in covid.document.shock] == [True] * 3
    assert not any(event.on for event in covid.document.programme)
    assert covid.document.inflow.scale == scenario.document.inflow.scale


SMALL = PLAN.model_copy(update={"driver": {name: PLAN.driver[name] for name in ("rule", "covid")}})


@pytest.fixture(scope="module")
def result() -> Attribution:
    return attribute(netherlands(0.05), SMALL, replicates=2, seed=4)


def test_the_whole_is_the_difference_between_two_runs(result: Attribution) -> None:
    scenario = netherlands(0.05)
    table = result.shares[result.shares.driver == "all"].set_index("measure")["contribution"]
    for title, name in (("Received the B8 permit", "b8_granted"), ("Transferred under Dublin", "dublin_transferred")):
        change = []
        for replicate in range(2):
            new, old = (
                sim.run(s, regime, seed=4, replicate=replicate)
                .measures.query("group == 'all' and world == 'simulated'")
                .set_index("measure")["value"][name]
                for s, regime in ((scenario, "vc_2019_08"), (scenario.replace(shocks=[]), "vc_2018"))
            )
            change.append(new - old)
        assert table[title] == pytest.approx(np.mean(change))
        assert table[title] != 0


def test_every_value_is_kept(result: Attribution) -> None:
    table = combination_table(result, SMALL)
    assert len(table) == 4 * 2 * len(PLAN.measure)
    assert set(table.on) == {"none", "rule", "covid", "rule + covid"}


def test_the_command_writes_and_explains_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.toml"
    text = FILE.read_text(encoding="utf-8")
    first, _, rest = text.partition("[driver.covid]")
    plan.write_text(first + rest[rest.index("# What is explained") :], encoding="utf-8")
    scenario = tmp_path / "few.toml"
    scenario.write_text(netherlands(0.01).text(), encoding="utf-8")
    given = ["--plan", str(plan), "--scenario", str(scenario), "--replicates", "2"]
    assert main(FILE, [*given, "--out", str(tmp_path / "out")]) == 0
    shares = pd.read_csv(tmp_path / "out" / "shares.csv")
    assert list(shares.driver[:2]) == ["rule", "all"]
    assert (tmp_path / "out" / "combinations.csv").exists()
    assert "Received the B8 permit" in capsys.readouterr().out
    assert main(FILE, [*given[:-1], "1"]) == 2
    assert "too few for an interval" in capsys.readouterr().err
    plan.write_text(plan.read_text(encoding="utf-8").replace("b8_granted", "b8_granded"), encoding="utf-8")
    assert main(FILE, given) == 2
    assert "b8_granded" in capsys.readouterr().err
