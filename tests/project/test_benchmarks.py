"""The benchmarks compare like with like: every other way of doing the work gives the same results."""

from __future__ import annotations

import datetime as dt
import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from benchmarks import part_chain
from benchmarks.__main__ import main
from benchmarks.chain.illness import WAYS as WAYS_OF_CHAIN
from benchmarks.chain.illness import in_b8sim
from benchmarks.equal import Verdict, compare_means
from benchmarks.page import PARTS, page, write_page
from benchmarks.part_pairing import REGIMES as PAIRED
from benchmarks.part_session import KERNELS
from benchmarks.part_stages import STAGES
from benchmarks.plain_mesa import PlainModel
from benchmarks.plain_mesa.measured import measure_names, values_of_engine, values_of_plain
from benchmarks.queueing.model import ARRIVALS_PER_DAY, DESKS, WAYS, WHOLE_DAYS, rates
from benchmarks.worlds import scaled, world_of
from sim.outcomes.measures import Measures
from sim.runs.world import people_of, population_of, run_world
from sim.scenarios.scenario import Scenario

PROJECT = Path(__file__).resolve().parents[2]
SAME = (
    *("victims_signalled", "reports", "b8_granted", "b8_refused", "dublin_transferred", "dublin_lapsed"),
    *("asylum_granted", "left_unknown", "seen_again", "exploited_days", "protected_days", "wait_ind.asylum"),
)
"""Measures of which the plain model must have the same means."""


def of_engine(scenario: Scenario, replicates: int) -> np.ndarray:
    world, measures = world_of(scenario, "vc_2019_08"), Measures.load()
    chosen = [measure_names(world).index(name) for name in SAME]
    people, rows = people_of(scenario), []
    for k in range(replicates):
        population = population_of(scenario, people, 1, k)
        rows.append(values_of_engine(world, population, run_world(world, population), measures)[chosen])
    return np.array(rows)


def of_plain(scenario: Scenario, replicates: int) -> np.ndarray:
    world, measures = world_of(scenario, "vc_2019_08"), Measures.load()
    chosen = [measure_names(world).index(name) for name in SAME]
    people = people_of(scenario)
    models = (PlainModel(world, population_of(scenario, people, 1, k), seed=k).run() for k in range(replicates))
    return np.array([values_of_plain(model, measures)[chosen] for model in models])


def different(verdicts: list[Verdict]) -> list[str]:
    return [f"{v.name}: {v.ours:.4g} and {v.other:.4g}, allowed {v.allowed:.2g}" for v in verdicts if not v.equal]


DISPUTED = {
    "asylum_instead.base": 0.0,
    "leaves_instead.base": -1.5,
    "leaves_instead.per_known_loss_of_permit": 2.0,
    "lead.per_week_of_queue": -0.2,
    "tactics.coaches_per_year": 2.0,
    "tactics.learns_rule_per_year": 6.0,
    "tactics.orders_departure_per_year": 2.0,
    "tactics.threatens_after_arrest": 0.5,
}
"""Mechanisms that are off as shipped: choices among options, the load of a desk, networks that answer."""


@pytest.mark.slow
def test_plain_mesa_has_the_same_means() -> None:
    """On the same people with other draws, all mechanisms on; and the criterion is sharp enough to see other rates."""
    scenario, replicates = scaled(0.015).replace(parameters=DISPUTED), 16
    ours = of_engine(scenario, replicates)
    verdicts = compare_means(ours, of_plain(scenario, replicates), list(SAME), paired=True)
    assert not different(verdicts)
    assert max(v.precision for v in verdicts) < 0.12
    values = scenario.parameter_values()
    for name, hit in (("leaves.transfer_per_year", "left_unknown"), ("asylum.appeal_upheld", "asylum_granted")):
        other = scenario.replace(parameters={name: values.value(name) * 1.25})
        verdicts = compare_means(ours, of_engine(other, replicates), list(SAME), paired=True)
        assert any(line.startswith(hit) for line in different(verdicts))


def of_queues(way: str, seeds: range) -> np.ndarray:
    return np.array([list(WAYS[way](seed).measures.values()) for seed in seeds])


@pytest.mark.slow
@pytest.mark.parametrize(("way", "runs"), [("simpy", 40), ("ciw", 24)])
def test_queues_are_the_same_elsewhere(way: str, runs: int) -> None:
    """Shares who leave at three desks in a row are the same, and mean waits are but for a day."""
    pytest.importorskip(way)
    names = [f"{kind}_{desk}" for kind in ("left", "wait") for desk in DESKS]
    whole_days = [0.0] * len(DESKS) + [WHOLE_DAYS] * len(DESKS)
    ours, other = of_queues("b8sim", range(200)), of_queues(way, range(1000, 1000 + runs))
    verdicts = compare_means(ours, other, names, paired=False, tolerance=whole_days)
    assert not different(verdicts)
    assert max(v.precision for v in verdicts) < 0.025, "too few runs to tell anything"
    # The same runs, but for a share of people or some days: that must be seen.
    wrong = other + np.array([0.015] * len(DESKS) + [4.0] * len(DESKS))
    assert len(different(compare_means(ours, wrong, names, paired=False, tolerance=whole_days))) == len(names)


def test_starsim_runs_the_same_chain() -> None:
    """The shares in each state, without and with a change; the part itself refuses to report times of other models."""
    pytest.importorskip("starsim")
    answer = part_chain.run(quick=True)
    ours, other = answer["ways"]
    assert ours["differences"]["recovered at the end"] > 0.04 < other["differences"]["recovered at the end"]
    assert other["ratio"] > 1


def test_a_chain_that_differs_gives_no_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_chain, "find_spec", lambda _: True)
    monkeypatch.setattr(part_chain, "version", lambda _: "0")
    wrong = {"b8sim": WAYS_OF_CHAIN["b8sim"], "starsim": lambda seed, persons: in_b8sim(seed + 500, persons) + 0.03}
    monkeypatch.setattr(part_chain, "WAYS", wrong)
    with pytest.raises(RuntimeError, match=r"the two models differ: ill: 0\.\d+ and 0\.\d+"):
        part_chain.run(quick=True)
    monkeypatch.setattr(part_chain, "WAYS", wrong | {"starsim": lambda seed, persons: in_b8sim(seed + 500, persons)})
    assert part_chain.run(quick=True)["ways"][0]["nanoseconds"] > 0


def test_the_chain_ends_as_computed() -> None:
    """Who drops out in the end follows from the chances of each spell."""
    drops, again = (1 / 500) / (1 / 500 + 1 / 90), 0.4
    out = drops / (1 - (1 - drops) * again)
    shares = np.array([in_b8sim(seed, 20_000)[0, -2:] for seed in range(10)]).mean(axis=0)
    # Some of the last spells are not over at the end.
    assert out - 0.015 < shares[1] < out
    assert 0.94 < shares.sum() < 1


def test_the_first_desk_follows_erlang_a() -> None:
    """The share who leave the first desk, from the balance of births and deaths."""
    service, patience, servers = rates()
    weights = [1.0]
    for n in range(1, 4 * servers[0]):
        leaving = min(n, servers[0]) / service + max(n - servers[0], 0) / patience
        weights.append(weights[-1] * ARRIVALS_PER_DAY / leaving)
    waiting = np.maximum(np.arange(len(weights)) - servers[0], 0) @ np.array(weights) / sum(weights)
    shares = of_queues("b8sim", range(40))[:, 0]
    error = shares.std(ddof=1) / np.sqrt(shares.size)
    assert error < 0.02 * shares.mean()
    assert abs(shares.mean() - waiting / patience / ARRIVALS_PER_DAY) < 3.5 * error


@pytest.mark.slow
def test_plain_runs_with_one_seed_are_alike_until_the_rule() -> None:
    """What pairing by seed only is worth rests on this: before the rule of August 2019 both runs are the same."""
    scenario = scaled(0.02)
    people = population_of(scenario, people_of(scenario), 1, 0)
    before = (dt.date(2019, 8, 1) - scenario.start).days
    logs = [PlainModel(world_of(scenario, regime), people, seed=3).run().log for regime in PAIRED]
    early = [[move for move in log if move[0] < before] for log in logs]
    assert early[0] == early[1]
    assert len(early[0]) > 10_000
    assert logs[0] != logs[1]


def test_a_difference_is_seen_and_chance_is_not() -> None:
    draw, names = np.random.default_rng(1), ["a", "b", "c"]
    ours, same = draw.normal(10, 1, (2, 40, 3))
    more, little = same + np.array([0, 1.2, 0]), ours + np.array([0, 0, 0.01])
    assert not different(compare_means(ours, same, names, paired=False))
    assert [line[0] for line in different(compare_means(ours, more, names, paired=False))] == ["b"]
    assert [line[0] for line in different(compare_means(ours, little, names, paired=True))] == ["c"]
    assert not different(compare_means(ours, little, names, paired=True, tolerance=[0.02] * 3))


def test_the_page_says_what_was_measured() -> None:
    """Each number on it comes from the file of results; each part has been measured."""
    results = json.loads((PROJECT / "benchmarks/results.json").read_text(encoding="utf-8"))
    assert results["parts"].keys() == set(PARTS)
    text = (PROJECT / "docs/performance.md").read_text(encoding="utf-8")
    assert text == page(results)
    results["parts"]["kernel"]["ratio"] *= 2
    assert text != page(results)


def test_figures_are_drawn_from_what_was_measured(tmp_path: Path) -> None:
    results = json.loads((PROJECT / "benchmarks/results.json").read_text(encoding="utf-8"))
    write_page(results, tmp_path)
    drawn = [tmp_path / name for name in ("performance_growth.png", "performance_pairing.png")]
    first = [path.read_bytes() for path in drawn]
    results["parts"]["growth"]["people"][0]["kernel_seconds"] *= 3
    results["parts"]["pairing"]["measures"][0]["replicates_needed"]["unpaired"] *= 9
    write_page(results, tmp_path)
    for path, before in zip(drawn, first, strict=True):
        assert path.read_bytes() != before
        assert (PROJECT / "docs" / path.name).stat().st_size < 100_000


def test_a_part_can_be_run_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick way prints what it measured and keeps nothing."""
    kept = (PROJECT / "benchmarks/results.json").read_bytes()
    monkeypatch.setattr("sys.argv", ["benchmarks", "kernel", "--quick"])
    main()
    printed = capsys.readouterr().out
    measured = json.loads(printed[printed.index("{") :])
    assert "skipped" in measured or measured["ratio_low"] <= measured["ratio"] <= measured["ratio_high"]
    assert (PROJECT / "benchmarks/results.json").read_bytes() == kept


@pytest.mark.parametrize("place", sorted({*KERNELS, *(place for places in STAGES.values() for place in places)}))
def test_what_is_timed_is_there(place: str) -> None:
    """A benchmark wraps functions where their callers look them up: one that moved would be timed no more."""
    module, _, function = place.partition(":")
    assert callable(getattr(import_module(module), function))
