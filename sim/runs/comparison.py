"""The result of a comparison: its tables, from the finished replicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.behaviour import Authorities
from sim.files.errors import InputError
from sim.files.paths import expanded
from sim.outcomes.cohorts import ALL
from sim.outcomes.dutch import EXCHANGE_RATE as EXCHANGE_RATE_IN_DUTCH
from sim.outcomes.groups import CAUSES, OUTCOMES, RULE_GROUPS
from sim.outcomes.headline import role_of
from sim.outcomes.incidence import incidence_table
from sim.outcomes.measures import catalogue_table
from sim.outcomes.pairing import Labels, difference_table, level_table, pairs_table
from sim.outcomes.populations import other_population
from sim.outcomes.recorded import Period, parameters_of, stand_in_text
from sim.outcomes.replicates import Block, replicate_table
from sim.policies.diff import diff
from sim.runs.engine_data import engine_of
from sim.runs.fitted import fitted_ranges
from sim.runs.fitted_sets import FittedSets, fitted_sets
from sim.runs.lives import limits_in
from sim.runs.loading import Asked
from sim.runs.notice import Notice, brief
from sim.runs.parting import Parting
from sim.runs.receipt import receipt_of
from sim.runs.replicate import Reduced, incidence_grid, period_of
from sim.runs.session import Session
from sim.runs.world import World
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.drawing import Figure

WORD_OF_MOUTH = ("heard.", "community.")
"""Prefixes of the names of parameters without effect when word of mouth is off."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """The result of ``compare``; the tables have the columns described in the manual.

    Attributes
    ----------
    regimes
        Names; the first is the baseline.
    measures, differences, incidence, pairs
        Levels, paired differences with 95% intervals over replicates, cumulative incidence of exits, and counts of the
        same persons by outcome under baseline and reform. The differences have ``range_low`` and ``range_high`` where
        a range over fitted sets of assumptions is established (`sim.runs.fitted`).
    law_changes_nl
        The changes of the law in Dutch, where that is there; on no file, for the report.
    law_changes, assumptions, catalogue
        The changes of the law; every parameter, weakest evidence first; the meaning of each measure.
    receipt
        Version, hashes, seeds, package versions.
    blocks
        Values of every replicate, the basis of the tables.
    numbers
        Numbers of the replicates, along the first axis of the blocks.
    complete
        False when it was interrupted: the tables then hold the finished replicates.
    scenario_text, own_files
        The scenario as it was run, as TOML, and the user's own files that it names: path beside it to text.
    asked
        The resolved arguments.
    parting
        Whose lives part in the first replicate, and where.
    """

    scenario: Scenario
    regimes: list[str]
    measures: pd.DataFrame
    differences: pd.DataFrame
    incidence: pd.DataFrame
    pairs: pd.DataFrame
    law_changes: pd.DataFrame
    law_changes_nl: pd.DataFrame
    assumptions: pd.DataFrame
    catalogue: pd.DataFrame
    receipt: dict[str, Any]
    blocks: list[Block]
    numbers: list[int]
    complete: bool
    scenario_text: str
    own_files: Mapping[str, str]
    asked: Asked
    parting: Parting

    @cached_property
    def fitted_sets(self) -> FittedSets | None:
        """Some of the fitted sets of assumptions, with their answers; None where none answers this question."""
        return fitted_sets(self.asked)

    @cached_property
    def engine(self) -> bytes | None:
        """What a browser needs to run the comparison by itself, in gzip; None for a scenario that it cannot run."""
        try:
            return engine_of(self.asked)
        except InputError:
            return None

    @cached_property
    def replicates(self) -> pd.DataFrame:
        """Every value of every replicate: measure, world, group, regime, replicate, value; made on first use.

        It has the rows of ``measures``, once for each replicate; each level there is the mean of its rows here.
        """
        return replicate_table(self.blocks, self.numbers)

    def save(self, folder: str | PathLike[str]) -> Path:
        """Write everything into a folder as ``b8sim compare --out`` does, and return the folder.

        Raises
        ------
        InputError
            When the folder is not empty, or cannot be written.
        """
        from sim.report.folder import open_folder, write_comparison

        target = expanded(folder)
        with open_folder(target) as hidden:
            write_comparison(hidden, self)
        return target

    def report(self, folder: str | PathLike[str]) -> Path:
        """Write ``report.html`` and its figures into a folder, over files of the same names, and return the page.

        Raises
        ------
        InputError
            When the folder cannot be written.
        """
        from sim.report.html import write_report

        target = expanded(folder)
        try:
            write_report(self, target)
        except OSError as error:
            reason = f"cannot be written: {error.strerror or error}".lower()
            raise InputError(reason, file=target, accepted="a folder") from error
        return target / "report.html"

    def figure(self, name: str = "headline_all") -> Figure:
        """Return a figure by its name: ``headline_GROUP``, ``incidence_GROUP`` or ``flow_REFORM_GROUP``.

        Raises
        ------
        InputError
            When there is no such figure.
        """
        from sim.report.named import figure_named

        return figure_named(self, name)

    def __repr__(self) -> str:
        """Return the comparison in one line."""
        done, wanted = self.receipt["replicates"], self.receipt["replicates_wanted"]
        said = brief(self.receipt["notice"])
        count = f"{done} replicate{'' if done == 1 else 's'}"
        count = count if self.complete else f"interrupted: {done} of {wanted} replicates"
        return (
            f"<Comparison {self.scenario.name}: {' | '.join(self.regimes)}, {count}, seed {self.receipt['seed']}{said}>"
        )

    def _repr_html_(self) -> str:
        """Return the headline measures for everyone as a table, for notebooks."""
        from sim.report.notebook import comparison_html

        return comparison_html(self)


def compared(asked: Asked, session: Session, done: list[Reduced], notice: Notice) -> Comparison:
    """Return the comparison of the finished replicates."""
    import pandas as pd  # late: replicates run without it, which saves 95 MB while they do

    worlds, measures, pools = list(session.setting.worlds), session.setting.measures, session.setting.pools
    names = list(session.regimes)
    period = period_of(asked.scenario)
    measure_labels = list(session.labels)
    values = np.stack([r.values for r in done])
    rule_values = np.stack([r.rule_values for r in done])
    groups = session.groups
    everything = Labels(names, measure_labels, groups)
    blocks, differences = [Block(values, everything)], [difference_table(values, everything)]
    for k, reform in enumerate(names[1:]):
        two = Labels([names[0], reform], measure_labels, RULE_GROUPS)
        # With several reforms the groups differ from pair to pair: the baseline's level would be ambiguous.
        first = 0 if len(names) == 2 else 1
        blocks.append(Block(rule_values[:, k, first:], Labels(two.regimes[first:], measure_labels, RULE_GROUPS)))
        differences.append(difference_table(rule_values[:, k], two))
    blocks.append(_exchange_rate(values, everything))
    pairs = np.stack([r.pairs for r in done])
    receipt = receipt_of(asked, worlds, measures)
    receipt |= {
        "people": notice.people,
        "notice": list(notice.doubts),
        "replicates": len(done),
        "replicates_wanted": asked.replicates,
        "transitions": int(sum(r.transitions.sum() for r in done)),
        "population_hashes": [r.population_hash for r in done],
        "set_by_capacity": [
            limit.as_data()
            for k, (world, name) in enumerate(zip(worlds, names, strict=True))
            for limit in limits_in(world, name, measures, np.stack([r.pool_years[k] for r in done]))
        ],
    }
    titles = {name: pool.title for name, pool in Authorities.load().pool.items()}
    differing = pd.concat(differences, ignore_index=True)
    fitted = fitted_ranges(asked)
    if fitted is not None:
        differing = fitted.beside(differing)
        receipt["fitted_range"] = dict(fitted.receipt)
    return Comparison(
        scenario=asked.scenario,
        regimes=names,
        measures=pd.concat([level_table(block.values, block.labels) for block in blocks], ignore_index=True),
        differences=differing,
        incidence=_incidence(done, names, session),
        pairs=pairs_table(pairs, baseline=names[0], reforms=names[1:], groups=groups, outcomes=OUTCOMES),
        law_changes=law_changes_table(worlds, names),
        law_changes_nl=law_changes_table(worlds, names, "nl"),
        assumptions=_with_stand_ins(assumptions_table(worlds, names), period),
        catalogue=_with_exchange_rate(
            catalogue_table(measures, {pool: titles[pool] for pool in pools}, period, worlds[-1].parameters)
        ),
        receipt=receipt,
        blocks=blocks,
        numbers=[r.replicate for r in done],
        complete=len(done) == asked.replicates,
        scenario_text=asked.text,
        own_files=asked.own_files,
        asked=asked,
        parting=next(r.parting for r in done if r.parting is not None),
    )


def _incidence(done: list[Reduced], names: list[str], session: Session) -> pd.DataFrame:
    """Return the exits of each group, of everybody and then of its cohorts."""
    setting = session.setting
    curves = np.concatenate(
        [np.stack([getattr(r, name) for r in done]) for name in ("curves", "cohort_curves")], axis=2
    )
    entries = [(group, ALL) for group in session.groups] + [(c.group, c.name) for c in setting.cohorts]
    return incidence_table(
        curves,
        regimes=names,
        groups=[group for group, _ in entries],
        cohorts=[cohort for _, cohort in entries],
        causes=CAUSES,
        grid=incidence_grid(setting.worlds[0].measured_days - 1),
    )


def assumptions_table(worlds: list[World], names: list[str]) -> pd.DataFrame:
    """Return every parameter, with a row for each value where regimes differ, and then the regimes of the value."""
    import pandas as pd

    switched_off = () if worlds[0].scenario.document.switches.word_of_mouth else WORD_OF_MOUTH
    tables = [world.parameters.table(switched_off) for world in worlds]
    values = {name: {world.parameters[name] for world in worlds} for name in worlds[0].parameters}
    of_value: dict[tuple[str, float], list[str]] = {}
    for world, name in zip(worlds, names, strict=True):
        for parameter in values:
            of_value.setdefault((parameter, world.parameters[parameter]), []).append(name)
    together = pd.concat(tables, ignore_index=True).drop_duplicates(["parameter", "value"])
    order = {parameter: place for place, parameter in enumerate(tables[-1]["parameter"])}
    together = together.sort_values("parameter", key=lambda column: column.map(order), kind="stable")
    held = [
        ", ".join(of_value[parameter, value]) if len(values[parameter]) > 1 else ""
        for parameter, value in zip(together["parameter"], together["value"], strict=True)
    ]
    return together.assign(regimes=held).reset_index(drop=True)


EXCHANGE_RATE = "victims_losing_b8_per_strategic_claim_prevented"


def _exchange_rate(values: np.ndarray[Any, Any], names: Labels) -> Block:
    """Return victims who lose the permit per strategic claim no longer granted, for each reform; NaN without any."""
    of = {m.name: i for i, m in enumerate(names.measures) if m.world == "simulated"}
    lost = values[:, :1, of["b8_granted_victims"]] - values[:, 1:, of["b8_granted_victims"]]
    prevented = values[:, :1, of["strategic_granted"]] - values[:, 1:, of["strategic_granted"]]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(prevented > 0, lost / prevented, np.nan)[:, :, None]
    label = [{"name": EXCHANGE_RATE, "world": "simulated", "unit": "ratio"}]
    return Block(rate, Labels(names.regimes[1:], label, names.groups))


def _with_exchange_rate(catalogue: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    title = "Victims losing the B8 permit for each strategic claim no longer granted"
    meaning = "differences of b8_granted_victims and strategic_granted; depends on strategic.share, an assumption"
    who = other_population("victims_", "simulated")
    row = [EXCHANGE_RATE, "simulated", "fairness", title, "ratio", meaning, *EXCHANGE_RATE_IN_DUTCH]
    row += [role_of(EXCHANGE_RATE, "simulated"), who.en, who.nl]
    return pd.concat([catalogue, pd.DataFrame([row], columns=catalogue.columns)], ignore_index=True)


def _with_stand_ins(assumptions: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the assumptions with a note where chances of registration of a year stand in for other years."""
    table = assumptions.copy()
    for known in set(period.stand_ins.values()):
        years = {year: other for year, other in period.stand_ins.items() if other == known}
        rows = table.parameter.isin(parameters_of(known))
        notes = table.loc[rows, "note"].fillna("").str.rstrip(".")
        table.loc[rows, "note"] = [f"{note}{'. ' if note else ''}{stand_in_text(years)}." for note in notes]
    return table


def law_changes_table(worlds: list[World], names: list[str], language: str = "en") -> pd.DataFrame:
    """Return what the law of each other regime changes in that of the first: reform, and the columns of a diff."""
    import pandas as pd

    blocks = []
    for world, name in zip(worlds[1:], names[1:], strict=True):
        block = diff(worlds[0].statute, world.statute, language)
        block.insert(0, "reform", name)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)
