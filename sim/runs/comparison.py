"""The result of a comparison: its tables, made of the replicates that finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.agents.behaviour import Authorities
from sim.outcomes.groups import CAUSES, GROUPS, OUTCOMES, RULE_GROUPS
from sim.outcomes.incidence import incidence_table
from sim.outcomes.measures import Measures, catalogue_table, labels
from sim.outcomes.pairing import Labels, difference_table, level_table, pairs_table
from sim.policies.diff import diff
from sim.runs.receipt import distinct, receipt_of
from sim.runs.replicate import Reduced, incidence_grid, pool_names
from sim.runs.world import World
from sim.scenarios.scenario import Scenario

WORD_OF_MOUTH = ("heard.", "community.")
"""How the names of parameters begin that take no part when people tell one another nothing."""


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


def compared(
    scenario: Scenario,
    worlds: list[World],
    measures: Measures,
    done: list[Reduced],
    seed: int,
    wanted: int,
    throughout: bool,
) -> Comparison:
    """Make the tables of the replicates that finished."""
    names = distinct([world.regime.name for world in worlds])
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
    receipt = receipt_of(scenario, worlds, seed, throughout)
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


def _law_changes(worlds: list[World], names: list[str]) -> pd.DataFrame:
    blocks = []
    for world, name in zip(worlds[1:], names[1:], strict=True):
        block = diff(worlds[0].statute, world.statute)
        block.insert(0, "reform", name)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)
