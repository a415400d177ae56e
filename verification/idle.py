"""Use of everything that is declared: pools that can bind, draws that are drawn, steps that are taken."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from sim.agents.population import Population
from sim.engine.codes import BY_SIGNAL, hazard_of
from sim.engine.columns import DAYS, NETWORK_DRAWS, POOL_CAPACITY
from sim.engine.layout import OFFERED, QUEUE_DAYS, TOLD, USED
from sim.evidence.parameters import Parameters
from sim.policies.library import readings, shipped_regimes
from sim.policies.regime import Regime
from sim.runs.loading import from_the_first_day
from sim.runs.world import Outcome, World, make_world, people_of, population_of, run_world
from sim.scenarios.presets import shipped_hypotheses
from sim.scenarios.scenario import Scenario
from verification.report import table

SHARES = (1 / 2, 1 / 4, 1 / 8, 1 / 16)
"""Shares of the shipped capacity at which a pool is tried."""
PLENTY = 1e6
REGIMES = ("vc_2019_08", "recognition_panel")
"""The regimes to try a pool in: the first one in which it has work counts."""


# ---- pools ----


def with_capacity(world: World, pool: int, factor: float) -> World:
    """Return a world in which the capacity of one pool is multiplied by a factor, on every day."""
    days = int(world.tables.t[DAYS])
    numbers = world.tables.f.copy()
    numbers[POOL_CAPACITY + pool * days : POOL_CAPACITY + (pool + 1) * days] *= factor
    return replace(world, tables=world.tables._replace(f=numbers))


def mean_queue(world: World, population: Population, pool: int, factor: float) -> float:
    """Return the mean queue of a pool in the evening, with its capacity multiplied by a factor."""
    sums = run_world(with_capacity(world, pool, factor), population).state.pool_sums
    return float(sums[pool, QUEUE_DAYS] / (world.end_day + 1))


def queues(scenario: Scenario) -> list[tuple[str, str, float, tuple[float, ...]]]:
    """Return the mean queue of each pool with more than enough capacity, as shipped, and with less and less.

    Returns
    -------
    list of tuple
        Pool, regime, share of the capacity that is used as shipped, and the mean queue with plenty, as shipped, and
        with each of `SHARES`.
    """
    population = population_of(scenario, people_of(scenario), 1, 0)
    worlds = {name: make_world(scenario, Regime.load(name, scenario.readings)) for name in REGIMES}
    shipped = {name: run_world(world, population).state.pool_sums for name, world in worlds.items()}
    rows = []
    for number, pool in enumerate(worlds[REGIMES[0]].catalogue.pools):
        name = next(name for name in REGIMES if shipped[name][number, USED] or name == REGIMES[-1])
        used, offered = shipped[name][number, USED], shipped[name][number, OFFERED]
        found = tuple(mean_queue(worlds[name], population, number, factor) for factor in (PLENTY, 1.0, *SHARES))
        rows.append((pool, name, float(used / offered), found))
    return rows


def binds_from(found: tuple[float, ...]) -> str:
    """Return the share of the shipped capacity at which a pool begins to have a queue, as text."""
    plenty, *others = found
    for share, queue in zip((1.0, *SHARES), others, strict=True):
        if queue > 1.05 * plenty + 0.05:
            return "as shipped" if share == 1.0 else f"1/{1 / share:.0f}"
    return "never"


# ---- steps, branches, hazards, draws ----

TEXTS = ("vc_2018", "vc_2019_08")
"""The regimes under which presets are run."""
OF_PAIRS = "heard the other way round"
"""The one draw of two persons, which no person's row counts; it is drawn when a person hears a story."""


def worlds_to_run(scenario: Scenario) -> Iterator[tuple[Scenario, Regime]]:
    """Yield every regime, with its dates and from the first day; other readings; presets; and shipped switches on."""
    for name in shipped_regimes():
        regime = Regime.load(name, scenario.readings)
        yield scenario, regime
        yield scenario, from_the_first_day(regime)
        yield switched_on(scenario), from_the_first_day(regime)
    for question, reading in readings().items():
        for answer in reading.options:
            if answer != reading.default:
                for name in shipped_regimes():
                    yield scenario, from_the_first_day(Regime.load(name, {**scenario.readings, question: answer}))
    presets = [scenario.under(hypothesis.name) for hypothesis in shipped_hypotheses()]
    for changed in (*presets, scenario.replace(inflow={"responds_to_rule": True})):
        for name in TEXTS:
            yield changed, Regime.load(name, scenario.readings)


def switched_on(scenario: Scenario) -> Scenario:
    """Return a scenario in which every number that is 0 as shipped, and need not be, is at its maximum.

    What people believed of the rule drew a share of them, from a year before the new one on.
    """
    numbers = Parameters.load()
    passports = {name: numbers.passport(name) for name in numbers}
    highest = {name: p.high for name, p in passports.items() if p.value == 0 < p.high}
    return scenario.replace(parameters=highest, inflow={"drawn_from": dt.date(2018, 8, 1)})


def happened(world: World, outcome: Outcome) -> dict[str, tuple[set[str], set[str]]]:
    """Return for each kind the names that a world declares, and those that occurred in one run."""
    names, log, state = world.catalogue, outcome.log, outcome.state
    branches = [f"{step}, branch {number + 1}" for step, number in names.branches]
    taken = {branches[via] for via in np.unique(log.via[log.via >= 0])}
    hazards = {names.hazards[hazard_of(via)] for via in np.unique(log.via[log.via < BY_SIGNAL])}
    steps = {names.steps[to] for to in np.unique(log.to_step)}
    return {
        "steps": (set(names.steps) - {track.start for track in world.statute.tracks.values()}, steps),
        "branches": (set(branches), taken),
        "hazards": (set(names.hazards), hazards),
        "draws": (set(names.draws), _drawn(world, outcome)),
        "pools": (set(names.pools), {names.pools[i] for i in np.flatnonzero(state.pool_sums[:, USED])}),
    }


def _drawn(world: World, outcome: Outcome) -> set[str]:
    """Return the draws used by at least one person."""
    state, persons, of_networks = outcome.state, outcome.state.persons, int(world.tables.t[NETWORK_DRAWS])
    used = set()
    for number, name in enumerate(world.catalogue.draws):
        rows, place = (
            (slice(persons, None), number - of_networks) if number >= of_networks else (slice(persons), number)
        )
        if state.draws_used[rows, place].any() or (name == OF_PAIRS and state.arrays.counter[TOLD]):
            used.add(name)
    return used


def idle(worlds: Iterable[tuple[Scenario, Regime]]) -> dict[str, tuple[int, list[str]]]:
    """Run each world once; return for each kind the number of declared names, and those that never occurred."""
    declared: dict[str, set[str]] = defaultdict(set)
    seen: dict[str, set[str]] = defaultdict(set)
    for scenario, regime in worlds:
        world = make_world(scenario, regime)
        outcome = run_world(world, population_of(scenario, people_of(scenario), 1, 0))
        for kind, (all_of_them, some) in happened(world, outcome).items():
            declared[kind] |= all_of_them
            seen[kind] |= some
    return {kind: (len(names), sorted(names - seen[kind])) for kind, names in declared.items()}


def section() -> str:
    """Try every pool of the Netherlands, and run every regime and preset; return the section."""
    scenario = Scenario.load("netherlands")
    rows = [(pool, regime, share, *found, binds_from(found)) for pool, regime, share, found in queues(scenario)]
    kinds = idle(worlds_to_run(scenario))
    counts = [(kind, declared, declared - len(never)) for kind, (declared, never) in kinds.items()]
    never = [f"- {kind}: `{name}`" + WHY.get(name, "") for kind, (_, names) in kinds.items() for name in names]
    head = ("pool", "regime", "busy", "plenty", "as shipped", *(f"1/{1 / s:.0f}" for s in SHARES), "makes wait from")
    return TEXT.format(
        queues=table(head, rows),
        regimes=len(shipped_regimes()),
        presets=len(shipped_hypotheses()),
        counts=table(("kind", "declared", "happened"), counts),
        never="\n".join(never) or "- nothing",
    )


WHY = {
    "dublin.clock_extended_objection, branch 1": (
        " (a claim that lapses eighteen months after acceptance: each of these claims had ended by then; the case "
        "`u11_extension` goes that way)"
    )
}
TEXT = """### Queues that bind

The mean queue of each pool of the Netherlands in the evening over five years: with more than enough capacity (the rest
are nights and weekends), as shipped, and with ever smaller shares of the shipped capacity of that pool alone. *Busy*:
the share of the shipped capacity that is used. A pool without a queue as shipped is a finding about its capacity, not a
queue that cannot bind.

{queues}
### Nothing declared is unused

Each of {regimes} regimes, with its dates and from the first day; from the first day with each other answer to an open
legal question, and with every number that is 0 as shipped, and need not be, as high as it may be; each of {presets}
presets, and inflow that responds to the rule, under the text before and after August 2019. One run each: of all steps,
branches, hazards, draws and pools that any of these worlds declares, which ones occurred at all.

{counts}
Never happened:

{never}
"""
