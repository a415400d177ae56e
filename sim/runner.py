"""The two things one does with a scenario: run one regime, or compare regimes on the same people."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

import sim
from sim.agents.behaviour import Authorities, Behaviour
from sim.agents.population import Candidates
from sim.errors import InputError
from sim.outcomes.groups import CAUSES, GROUPS, OUTCOMES, RULE_GROUPS
from sim.outcomes.incidence import incidence_table
from sim.outcomes.measures import Measures, catalogue_table, labels
from sim.outcomes.pairing import Labels, difference_table, level_table, pairs_table
from sim.outcomes.replicate import Reduced, incidence_grid, pool_names, reduce_replicate
from sim.outcomes.single import Run, single_run
from sim.policies.diff import diff
from sim.policies.regime import Regime
from sim.scenario import Scenario
from sim.world import World, make_world, people_of

Progress = Callable[[int, int, str], None]
WORD_OF_MOUTH = ("heard.", "community.")
"""How the names of parameters begin that take no part when people tell one another nothing."""
PACKAGES = ("mesa", "numpy", "scipy", "numba", "networkx", "pandas", "holidays")


@dataclass(frozen=True)
class Comparison:
    """The result of ``compare``; the tables have the columns described in the manual.

    Attributes
    ----------
    regimes
        Names; the first is the baseline.
    measures, differences, incidence, pairs
        Levels, paired differences with 95% intervals over replicates, cumulative incidence of exits, and counts of the
        same persons by outcome under baseline and reform.
    law_changes, assumptions, catalogue
        What the law changed; every parameter, weakest first; what each measure means.
    receipt
        Version, hashes, seeds, package versions.
    complete
        False when it was interrupted: the tables then hold the replicates that were finished.
    """

    scenario: Scenario
    regimes: list[str]
    measures: pd.DataFrame
    differences: pd.DataFrame
    incidence: pd.DataFrame
    pairs: pd.DataFrame
    law_changes: pd.DataFrame
    assumptions: pd.DataFrame
    catalogue: pd.DataFrame
    receipt: dict[str, Any]
    complete: bool

    @property
    def scenario_text(self) -> str:
        """The scenario as it was run, as TOML."""
        return self.scenario.text()


def run(
    scenario: Scenario | str | Path,
    regime: str | Regime,
    *,
    seed: int | None = None,
    replicate: int = 0,
    throughout: bool = False,
    behaviour: Behaviour | None = None,
) -> Run:
    """Run one regime once.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    regime
        A regime, or its name such as ``vc_2019_08+c_66_21``.
    seed, replicate
        Which people; the seed of the scenario by default.
    throughout
        The regime holds from the first day.
    behaviour
        Decisions and hazards, such as ``Behaviour.load("my_behaviour.toml")``; the shipped ones by default.

    Raises
    ------
    InputError
        When a name, file or number is not accepted.
    """
    scenario = _scenario(scenario)
    world = make_world(scenario, _regime(scenario, regime, throughout), behaviour)
    seed = scenario.document.scenario.seed if seed is None else seed
    with one_thread_for_algebra():
        return single_run(world, people_of(scenario), seed, replicate, _receipt(scenario, [world], seed, throughout))


def compare(
    scenario: Scenario | str | Path,
    regimes: Sequence[str | Regime] | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    *,
    throughout: bool = False,
    progress: Progress | None = None,
    workers: int | None = None,
    behaviour: Behaviour | None = None,
) -> Comparison:
    """Compare regimes on the same people; the first is the baseline.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    regimes, replicates, seed
        As the scenario says by default.
    throughout
        The regimes hold from the first day instead of from their dates.
    progress
        Called as ``progress(done, total, message)``.
    workers
        Replicates at the same time; the number of processors by default.
    behaviour
        Decisions and hazards; the shipped ones by default.

    Raises
    ------
    InputError
        When a name, file or number is not accepted.
    KeyboardInterrupt
        When interrupted before the first replicate is finished; later, what is finished is returned.
    """
    scenario = _scenario(scenario)
    header = scenario.document.scenario
    wanted = list(header.regimes if regimes is None else regimes)
    replicates = header.replicates if replicates is None else replicates
    seed = header.seed if seed is None else seed
    _check_wanted(scenario, wanted, replicates, seed)
    tell = progress or (lambda done, total, message: None)
    tell(0, replicates, "preparing the engine (compiled once, then kept)")
    regimes_wanted = [_regime(scenario, regime, throughout) for regime in wanted]
    baseline, reforms = regimes_wanted[0], regimes_wanted[1:]
    # Whether a rule makes a difference to a person is asked in both worlds: of the baseline once for each reform.
    baselines = [make_world(scenario, baseline, behaviour, reform) for reform in reforms]
    worlds = [baselines[0], *(make_world(scenario, reform, behaviour, baseline) for reform in reforms)]
    measures, people = Measures.load(), people_of(scenario)
    with one_thread_for_algebra():
        done = _all_replicates(scenario, worlds, baselines[1:], people, measures, seed, replicates, tell, workers)
    return _compared(scenario, worlds, measures, done, seed, replicates, throughout)


def one_thread_for_algebra() -> threadpool_limits:
    """Keep linear algebra, as long as this is open, to one thread.

    Its threads would take the processors from the replicates, and the last digit of a sum would depend on how many
    there are.
    """
    return threadpool_limits(limits=1)


def _scenario(scenario: Scenario | str | Path) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)


def _regime(scenario: Scenario, regime: str | Regime, throughout: bool) -> Regime:
    loaded = regime if isinstance(regime, Regime) else Regime.load(regime, scenario.readings)
    return from_the_first_day(loaded) if throughout else loaded


def from_the_first_day(regime: Regime) -> Regime:
    """Return a regime whose last text holds from the first day; the base text stays, to tell whom it makes differ."""
    always = regime.throughout()
    versions = {
        name: (regime.versions[name][0], *texts) if len(regime.versions[name]) > 1 else texts
        for name, texts in always.versions.items()
    }
    return replace(always, versions=versions)


def _check_wanted(scenario: Scenario, wanted: list[str | Regime], replicates: int, seed: int) -> None:
    if len(wanted) < 2:
        raise InputError(
            "a comparison needs a baseline and at least one other regime",
            file=scenario.file,
            key="regimes",
            value=", ".join(str(w) for w in wanted),
            accepted="two or more regimes",
        )
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1:
        raise InputError("not a number of replicates", key="replicates", value=replicates, accepted="1 or more")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise InputError("not a seed", key="seed", value=seed, accepted="a whole number from 0 to 2**63 - 1")


def _all_replicates(
    scenario: Scenario,
    worlds: list[World],
    baselines: list[World],
    people: Candidates,
    measures: Measures,
    seed: int,
    replicates: int,
    tell: Progress,
    workers: int | None,
) -> list[Reduced]:
    """Run the replicates in threads (the kernel holds no lock); on an interrupt return those that are finished."""
    finished: dict[int, Reduced] = {}
    finished[0] = reduce_replicate(scenario, worlds, baselines, people, measures, seed, 0)
    tell(1, replicates, "replicates")
    pool = ThreadPoolExecutor(max_workers=workers or min(os.cpu_count() or 1, max(replicates - 1, 1)))
    pending: dict[Future[Reduced], int] = {
        pool.submit(reduce_replicate, scenario, worlds, baselines, people, measures, seed, k): k
        for k in range(1, replicates)
    }
    try:
        while pending:
            done, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                finished[pending.pop(future)] = future.result()
                tell(len(finished), replicates, "replicates")
    except KeyboardInterrupt:
        tell(len(finished), replicates, "interrupted: keeping what is finished")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for future, k in pending.items():
            # What came to its end while the others were called off counts too.
            if not future.cancelled() and future.exception() is None:
                finished[k] = future.result()
    return [finished[k] for k in sorted(finished)]


def _compared(
    scenario: Scenario,
    worlds: list[World],
    measures: Measures,
    done: list[Reduced],
    seed: int,
    wanted: int,
    throughout: bool,
) -> Comparison:
    names = _distinct([world.regime.name for world in worlds])
    pools = pool_names(worlds)
    measure_labels = labels(measures, pools)
    values = np.stack([r.values for r in done])
    rule_values = np.stack([r.rule_values for r in done])
    everything = Labels(names, measure_labels, GROUPS)
    levels, differences = [level_table(values, everything)], [difference_table(values, everything)]
    for k, reform in enumerate(names[1:]):
        two = Labels([names[0], reform], measure_labels, RULE_GROUPS)
        level = level_table(rule_values[:, k], two)
        # With several reforms the groups differ from pair to pair: the baseline's level would be ambiguous.
        levels.append(level if len(names) == 2 else level[level.regime == reform])
        differences.append(difference_table(rule_values[:, k], two))
    pairs = np.stack([r.pairs for r in done])
    curves = np.stack([r.curves for r in done])
    receipt = _receipt(scenario, worlds, seed, throughout)
    receipt |= {
        "replicates": len(done),
        "replicates_wanted": wanted,
        "transitions": int(sum(r.transitions.sum() for r in done)),
        "population_hashes": [r.population_hash for r in done],
    }
    titles = {name: pool.title.en for name, pool in Authorities.load().pool.items()}
    differing = pd.concat(differences, ignore_index=True)
    return Comparison(
        scenario=scenario,
        regimes=names,
        measures=pd.concat([*levels, _exchange_rate(values, everything)], ignore_index=True),
        differences=differing,
        incidence=incidence_table(
            curves, regimes=names, groups=GROUPS, causes=CAUSES, grid=incidence_grid(worlds[0].end_day)
        ),
        pairs=pairs_table(pairs, baseline=names[0], reforms=names[1:], groups=GROUPS, outcomes=OUTCOMES),
        law_changes=_law_changes(worlds, names),
        assumptions=worlds[-1].parameters.table(() if scenario.document.switches.word_of_mouth else WORD_OF_MOUTH),
        catalogue=_with_exchange_rate(catalogue_table(measures, {pool: titles[pool] for pool in pools})),
        receipt=receipt,
        complete=len(done) == wanted,
    )


EXCHANGE_RATE = "victims_losing_b8_per_strategic_claim_prevented"


def _exchange_rate(values: np.ndarray[Any, Any], names: Labels) -> pd.DataFrame:
    """Victims who lose the permit for each strategic claim that is no longer granted, per reform; NaN when none is."""
    of = {m.name: i for i, m in enumerate(names.measures) if m.world == "true"}
    lost = values[:, :1, of["b8_granted_victims"]] - values[:, 1:, of["b8_granted_victims"]]
    prevented = values[:, :1, of["strategic_granted"]] - values[:, 1:, of["strategic_granted"]]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(prevented > 0, lost / prevented, np.nan)[:, :, None]
    label = [{"name": EXCHANGE_RATE, "world": "true", "unit": "ratio"}]
    return level_table(rate, Labels(names.regimes[1:], label, names.groups))


def _with_exchange_rate(catalogue: pd.DataFrame) -> pd.DataFrame:
    title = "Victims losing the B8 permit for each strategic claim no longer granted"
    meaning = "differences of b8_granted_victims and strategic_granted; depends on strategic.share, an assumption"
    row = [EXCHANGE_RATE, "true", "fairness", title, "ratio", meaning]
    return pd.concat([catalogue, pd.DataFrame([row], columns=catalogue.columns)], ignore_index=True)


def _distinct(names: list[str]) -> list[str]:
    """Tell a regime that is compared with itself apart by a number."""
    return [name if name not in names[:i] else f"{name} ({names[:i].count(name) + 1})" for i, name in enumerate(names)]


def _law_changes(worlds: list[World], names: list[str]) -> pd.DataFrame:
    blocks = []
    for world, name in zip(worlds[1:], names[1:], strict=True):
        block = diff(worlds[0].regime, world.regime)
        block.insert(0, "reform", name)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)


def _receipt(scenario: Scenario, worlds: list[World], seed: int, throughout: bool) -> dict[str, Any]:
    """Say what is needed to make the same numbers again; no time, user or machine."""
    return {
        "version": sim.__version__,
        "scenario": scenario.name,
        "scenario_hash": scenario.hash(),
        "hypotheses": scenario.hypotheses,
        "period": f"{scenario.start} to {scenario.end}",
        "regimes": _distinct([world.regime.name for world in worlds]),
        "regime_hashes": [world.regime.hash() for world in worlds],
        "readings": dict(worlds[-1].regime.readings),
        "parameters_hash": worlds[-1].parameters.hash(),
        "parameters_outside_range": sorted(worlds[-1].parameters.outside_range),
        "throughout": throughout,
        "seed": seed,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }
