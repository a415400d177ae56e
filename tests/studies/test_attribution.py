"""Shares of a difference: the arithmetic, what is switched, and that nothing of the difference is lost."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_studies import TEXT, in_threads, small_study

import sim
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.studies.attribution import RULE, shapley, share_table, shares, values_of
from sim.studies.drivers import combinations_of
from sim.studies.results import Results
from sim.studies.study import Study

FILE = Path(__file__).parents[2] / "experiments" / "attribution.toml"
SHIPPED = Study.load(FILE).document
DRIVERS = (RULE, *SHIPPED.driver)


def value_of(drivers: tuple[str, ...], game: dict[frozenset[str], float]) -> np.ndarray:
    return np.array([game[frozenset(on)] for on in combinations_of(drivers)])


# ---- Shapley values ----


def test_effects_that_only_add_go_to_their_drivers() -> None:
    effect = np.array([3.0, -1.0, 0.0, 10.0, 2.0])
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
    values = np.random.default_rng(3).normal(size=(5, 1 << len(DRIVERS)))
    parts = shapley(values)
    assert parts.sum(axis=-1) == pytest.approx(values[:, -1] - values[:, 0])
    place = {frozenset(on): i for i, on in enumerate(combinations_of(DRIVERS))}
    by_order = np.zeros((5, len(DRIVERS)))
    for order in itertools.permutations(range(len(DRIVERS))):
        for n, i in enumerate(order):
            before = frozenset(DRIVERS[j] for j in order[:n])
            by_order[:, i] += values[:, place[before | {DRIVERS[i]}]] - values[:, place[before]]
    assert parts == pytest.approx(by_order / math.factorial(len(DRIVERS)))


@pytest.mark.parametrize("size", [1, 3, 12])
def test_a_number_of_values_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="combinations"):
        shapley(np.zeros(size))


# ---- the table ----


def table_of(noise: float) -> pd.DataFrame:
    generator = np.random.default_rng(5)
    effect = np.array([-30.0, -10.0, 0.0, -60.0, 0.0])
    values = np.array([sum(effect[DRIVERS.index(name)] for name in on) for on in combinations_of(DRIVERS)])
    many = values[None, :, None] + noise * generator.normal(size=(10, 1 << len(DRIVERS), len(SHIPPED.explained)))
    return share_table(many, DRIVERS, SHIPPED.explained)


def test_contributions_and_shares_add_up_to_the_whole() -> None:
    table = table_of(noise=5.0)
    for _, rows in table.groupby("measure"):
        of_drivers, whole = rows[rows.driver != "all"], rows[rows.driver == "all"].iloc[0]
        assert list(of_drivers.driver) == list(DRIVERS)
        assert of_drivers.contribution.sum() == pytest.approx(whole.contribution)
        assert of_drivers["share"].sum() == pytest.approx(1)
        assert whole["share"] == pytest.approx(1)
    inflow = table[table.driver == "inflow"]
    assert ((inflow.share_low < 0.6) & (inflow.share_high > 0.6)).mean() > 0.7
    assert (inflow.low < inflow.contribution).all()


def test_a_share_of_nothing_is_not_given() -> None:
    generator = np.random.default_rng(5)
    table = share_table(
        generator.normal(size=(10, 1 << len(DRIVERS), len(SHIPPED.explained))), DRIVERS, SHIPPED.explained
    )
    whole = table[table.driver == "all"]
    nothing = whole[(whole.low < 0) & (whole.high > 0)].measure
    assert len(nothing) > 4
    assert table[table.measure.isin(nothing)][["share", "share_low", "share_high"]].isna().all(axis=None)


# ---- a study ----

SHOCKS = ["registration_stopped", "transfers_stopped"]

EXPLAINED = """
[driver.covid]
title = "COVID"
on    = { shocks = ["registration_stopped", "transfers_stopped"], parameters = { "leaves.transfer_per_year" = 1.5 } }

[[explained]]
title = "Received the B8 permit"
name  = "b8_granted"

[[explained]]
title = "Registrations, 2020 less 2019"
name  = "registrations_2020"
less  = "registrations_2019"
world = "recorded"
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("attribution")
    text = TEXT.replace('kind   = "latin_hypercube"\npoints = 6', 'kind = "drivers"').replace("= 300", "= 2000")
    text = text[: text.index("[parameters]")].replace("end        = 2020-03-31", "end        = 2020-12-31")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("measures"))
    (folder / "study.toml").write_text(text + EXPLAINED, encoding="utf-8")
    in_threads(Study.load(folder / "study.toml"), folder / "out")
    return Results(folder / "out")


def test_the_whole_is_the_difference_between_two_runs(results: Results) -> None:
    scenario = results.study.asked.scenario
    table = shares(results)
    whole = table[table.driver == "all"].set_index("measure")["contribution"]
    change = []
    for replicate in range(2):
        new, old = (
            sim.run(s, regime, replicate=replicate).measures.set_index(["measure", "world", "group"])["value"]
            for s, regime in (
                (scenario.replace(shocks=SHOCKS, parameters={"leaves.transfer_per_year": 1.5}), "vc_2019_08"),
                (scenario.replace(shocks=[]), "vc_2018"),
            )
        )
        permits = ("b8_granted", "simulated", "all")
        years = [("registrations_2020", "recorded", "all"), ("registrations_2019", "recorded", "all")]
        change.append((new[permits] - old[permits], new[years[0]] - new[years[1]] - (old[years[0]] - old[years[1]])))
    assert whole.to_numpy() == pytest.approx(np.mean(change, axis=0))
    assert (whole != 0).all()


def test_every_combination_has_its_value(results: Results) -> None:
    values = values_of(results)
    assert values.shape == (2, 4, 2)
    assert len({tuple(row) for row in values[0]}) > 2
    assert set(results.points["drivers"]) == {"", "covid"}


def test_the_shipped_study_has_the_drivers_that_the_manual_names() -> None:
    study = Study.load(FILE)
    assert len(study.points) == 16
    assert DRIVERS == ("rule", "covid", "programmes", "inflow", "considers_again")
    on, off = (study.scenario_at(p).document for _, p in (study.points[-1], study.points[0]))
    assert all(event.on for event in (*on.shock, *on.programme))
    assert not any(event.on for event in (*off.shock, *off.programme))
    assert (on.inflow.level, off.inflow.level) == ("published", "as_in_2018")
    slowly = {name for name in Parameters.load() if name.startswith("dtv.transfers_ratio_")}
    assert {off.parameters[name] for name in slowly} == {1}
    assert slowly.isdisjoint(on.parameters)
    again = "reflection.considers_again"
    assert (on.parameters[again], off.parameters[again]) == (1, 0)


def test_what_attributes_nothing_is_told(results: Results, tmp_path: Path) -> None:
    in_threads(small_study(design_points=1), tmp_path / "out")
    with pytest.raises(InputError, match="a study that attributes nothing"):
        shares(Results(tmp_path / "out"))
    with pytest.raises(InputError, match="not finished"):
        shares(results, presets="H14")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('world = "recorded"', 'world = "simulated"', "explained"),
        ('"b8_granted"', '"b8_granded"', "nearest: b8_granted"),
        ("transfers_stopped", "transfers_stoped", "nearest: transfers_stopped"),
        ("[driver.covid]", "[[driver.covid]]", "driver.covid"),
        ('kind = "drivers"', 'kind = "drivers"\n[parameters]\n"report.base" = [0, 1]', "nothing else varies"),
    ],
)
def test_mistakes_come_before_the_first_run(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (FILE.read_text(encoding="utf-8")).replace(old, new)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        Study.load(tmp_path / "study.toml")
    assert said in str(error.value)
