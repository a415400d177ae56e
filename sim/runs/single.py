"""The tables of one run: every transition, every person, every measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from sim.agents.behaviour import Authorities, Behaviour
from sim.agents.candidates import Candidates
from sim.agents.community import language_name
from sim.agents.population import Population
from sim.engine.log import by_cause
from sim.files.numbers import MOST_REPLICATES, whole_number
from sim.outcomes.groups import OUTCOMES, Groups, arrived
from sim.outcomes.measures import Measures, catalogue_table, labels
from sim.policies.regime import Regime
from sim.procedures.traits import FLAGS, LEVELS
from sim.procedures.traits import GROUPS as NATIONALITY_GROUPS
from sim.runs.executors import one_thread_for_algebra
from sim.runs.lives import Lives, limits_in, lives_of
from sim.runs.loading import asked_of
from sim.runs.naming import readable
from sim.runs.notice import Heed, brief, notice_of, warn
from sim.runs.receipt import receipt_of
from sim.runs.replicate import period_of
from sim.runs.world import Outcome, World, make_world, people_of, population_of, run_world
from sim.scenarios.scenario import Scenario


@dataclass(frozen=True, repr=False)
class Run:
    """One run of one regime; the tables are made on first use.

    Attributes
    ----------
    receipt
        Everything needed to reproduce the numbers.
    scenario_text, own_files
        The scenario as it was run, as TOML, and the user's own files that it names: path beside it to text.
    """

    world: World
    population: Population
    outcome: Outcome
    receipt: dict[str, Any]
    scenario_text: str = ""
    own_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def regime(self) -> str:
        """Name of the regime."""
        return self.world.regime.name

    def __repr__(self) -> str:
        """Return the run in one line."""
        scenario, moves = self.world.scenario, self.outcome.log.day.size
        numbers = ", ".join(f"{key} {self.receipt[key]}" for key in ("seed", "replicate") if key in self.receipt)
        population, end = self.population, self.world.end_day
        people = int((arrived(population, end) & (population.arrival >= self.world.start_day)).sum())
        said = brief(self.receipt.get("notice", ()))
        return (
            f"<Run {scenario.name} under {self.world.regime.name}: {people:,} people, {moves:,} moves"
            f"{', ' if numbers else ''}{numbers}{said}>"
        )

    def _repr_html_(self) -> str:
        """Return the measures for everyone as a table, for notebooks."""
        from sim.report.notebook import run_html

        return run_html(self)

    @property
    def _lives(self) -> Lives:
        return lives_of(self.world, self.outcome, self.population)

    @cached_property
    def transitions(self) -> pd.DataFrame:
        """One row for each move of the period: order, person (or network), date, track, from, to, cause, layer.

        ``order``: number of the move, from 0; it orders the moves of a day.
        ``cause``: the branch taken (``step/n``), ``signal``, or ``hazard NAME``. ``layer``: the regime layer whose text
        the branch belongs to.
        """
        log, catalogue = self.outcome.log, self.world.catalogue
        names = np.array([*self.population.names(), *self.population.network_names], dtype=object)
        steps = np.array(catalogue.steps, dtype=object)
        tracks = np.array([self.world.statute.track(s) for s in catalogue.steps], dtype=object)
        causes = by_cause(
            [f"{step}/{position + 1}" for step, position in catalogue.branches],
            [f"hazard {name}" for name in catalogue.hazards],
            "signal",
        )
        layers = by_cause(
            [name and readable(name) for name in catalogue.branch_layer], [""] * len(catalogue.hazards), ""
        )
        return pd.DataFrame(
            {
                "order": np.arange(log.day.size, dtype=np.int32),
                "person": names[log.entity],
                "date": np.datetime64(self.world.calendar.start) + log.day.astype("timedelta64[D]"),
                "track": tracks[log.to_step],
                "from": steps[log.from_step],
                "to": steps[log.to_step],
                "cause": causes[log.via],
                "layer": layers[log.via],
            }
        )

    @cached_property
    def persons(self) -> pd.DataFrame:
        """One row for each person measured: name, group, arrival, traits, outcome, whether a rule made a difference.

        Those who come in the period; after a history also those who came before and move in the period, or spend days
        of it in a step whose days count.

        With word of mouth also beliefs on the last day, reception site and language.
        """
        population, entities = self.population, self.population.entities
        n = entities.persons
        here = arrived(population, self.world.end_day)
        counts = self._lives.counts(Measures.load(self.world.scenario.own), ("all",), here[None])
        here &= counts.measured
        columns: dict[str, Any] = {
            "person": np.array(population.names(), dtype=object),
            "group": np.array(NATIONALITY_GROUPS, dtype=object)[entities.group[:n]],
            "arrival": np.datetime64(self.world.calendar.start)
            + np.where(here, entities.arrival[:n], 0).astype("timedelta64[D]"),
        }
        columns |= {flag: population.flag(flag) for flag in FLAGS if flag not in NATIONALITY_GROUPS}
        columns |= {level: self.outcome.state.level[:n, i].round(4) for i, level in enumerate(LEVELS)}
        believed = self.outcome.state.believed(self.world.end_day)[:n]
        columns |= {name: believed[:, i].round(4) for i, name in enumerate(self.world.catalogue.beliefs)}
        if population.contacts is not None:
            columns["site"] = population.contacts.site
            columns["language"] = [language_name(int(number)) for number in population.contacts.language]
        network = entities.network[:n]
        labels_of = np.array([*population.network_names, ""], dtype=object)
        columns["network"] = labels_of[np.where(network >= 0, network - n, -1)]
        columns["outcome"] = np.array(OUTCOMES, dtype=object)[counts.outcome]
        columns["rule_made_a_difference"] = self.outcome.state.ruled[:n] > 0
        return pd.DataFrame(columns)[here].reset_index(drop=True)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Every measure by group: measure, world, group, value, unit."""
        own = self.world.scenario.own
        measures, all_groups = Measures.load(own), Groups.load(own)
        lives, pools = self._lives, self.world.catalogue.pools
        groups = all_groups.members(self.population, arrived(self.population, self.world.end_day), lives.ever)
        counts = lives.counts(measures, all_groups.names, groups)
        values = lives.complete(counts.values, all_groups.names, pools)
        rows = [
            (label.name, label.world, group, values[i, g], label.unit)
            for i, label in enumerate(labels(measures, pools, period_of(self.world.scenario)))
            for g, group in enumerate(all_groups.names)
        ]
        return pd.DataFrame(rows, columns=["measure", "world", "group", "value", "unit"])

    @cached_property
    def catalogue(self) -> pd.DataFrame:
        """What each measure means: measure, world, area, title, unit, meaning, and the title and meaning in Dutch."""
        world, pools = self.world, Authorities.load().pool
        titles = {name: pools[name].title for name in world.catalogue.pools}
        measures = Measures.load(world.scenario.own)
        return catalogue_table(measures, titles, period_of(world.scenario), world.parameters)


def single_run(world: World, people: Candidates, seed: int, replicate: int, receipt: dict[str, Any]) -> Run:
    """Run one replicate of one world; the moves of a history are kept, to tell the story of a person."""
    population = population_of(world.scenario, people, seed, replicate)
    outcome = run_world(world, population, keep_history=True)
    used, measures = lives_of(world, outcome, population).pool_years, Measures.load(world.scenario.own)
    assert used is not None
    at_capacity = [limit.as_data() for limit in limits_in(world, world.regime.name, measures, used[None])]
    return Run(world, population, outcome, {**receipt, "replicate": replicate, "set_by_capacity": at_capacity})


def run(
    scenario: Scenario | str | PathLike[str],
    regime: str | PathLike[str] | Regime,
    *,
    seed: int | None = None,
    replicate: int = 0,
    throughout: bool | None = None,
    behaviour: Behaviour | str | PathLike[str] | None = None,
    heed: Heed | None = None,
) -> Run:
    """Run one regime once.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    regime
        A regime, its name such as ``vc_2019_08+c_66_21``, or a file (from the present folder).
    seed, replicate
        Which people; the seed of the scenario by default.
    throughout
        The regime holds from the first day; as the scenario says by default.
    behaviour
        Decisions and hazards, as an object or a file; those of the scenario by default.
    heed
        Called before the run with its notice (`sim.runs.notice.Notice`); by default a rule, event or
        programme that has no effect in the period is an `InputWarning`.

    Raises
    ------
    InputError
        When a name, file or number is not accepted.
    """
    replicate = whole_number(replicate, "replicate", 0, MOST_REPLICATES)
    asked = asked_of(scenario, [regime], seed=seed, throughout=throughout, behaviour=behaviour)
    world, people = make_world(asked.scenario, asked.regimes[0]), people_of(asked.scenario)
    notice = notice_of(asked.scenario, asked.regimes, people)
    (heed or warn)(notice)
    receipt = receipt_of(asked, [world], Measures.load(asked.scenario.own))
    receipt |= {"people": notice.people, "notice": list(notice.doubts)}
    with one_thread_for_algebra():
        result = single_run(world, people, asked.seed, replicate, receipt)
    return replace(result, scenario_text=asked.text, own_files=asked.own_files)
