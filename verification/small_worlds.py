"""Worlds for the tests of the engine: tiny laws through the real loaders, and the Netherlands made small."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities, Behaviour
from sim.agents.population import Candidates, Population
from sim.compile.assemble import build
from sim.engine.calendar import Calendar
from sim.engine.draws import chain_all, name_keys, replicate_key
from sim.engine.kernel import advance
from sim.engine.layout import LOG_FULL, OK, POOL_SUMS, QUEUE_FULL
from sim.engine.log import Log, by_cause, unpacked
from sim.engine.state import Entities, State
from sim.engine.tables import Catalogue, Tables
from sim.evidence.parameters import Parameters
from sim.policies.compose import composed
from sim.policies.library import parse
from sim.policies.regime import Regime, StepVersion
from sim.policies.statute import Statute
from sim.policies.structure import check_rulebook
from sim.procedures.rulebook import Rulebook
from sim.procedures.schema import Step
from sim.procedures.traits import FLAG_BIT, GROUPS, LEVEL_INDEX, LEVELS
from sim.runs.loading import from_the_first_day
from sim.runs.world import Outcome, World, make_world, people_of, population_of, run_world
from sim.scenarios.scenario import Scenario

START = dt.date(2018, 1, 1)  # a Monday
NEVER = 32767

Move = tuple[int, str, str, str, str]


def procedure(track: str, start: str, steps: Mapping[str, str], *, entity: str = "person") -> str:
    """Return a track and its steps as TOML; each step has its own keys, the others are filled in."""
    text = f'[track.{track}]\ntitle = {{ en = "x", nl = "x" }}\nstart = "{start}"\nentity = "{entity}"\n'
    for name, body in steps.items():
        text += (
            f'\n[step.{name}]\ntrack = "{track}"\ntitle = {{ en = "{name}", nl = "{name}" }}\n'
            f'actor = "person"\nlaw = ["x"]\nstatus = "assumed"\n{body}\n'
        )
    return text


def parameter(name: str, value: float, unit: str = "days", **more: Any) -> str:
    """Return the passport of a number for a test as TOML."""
    text = f"[{name}]\nvalue = {value!r}\nlow = {value!r}\nhigh = {value!r}\n"
    text += f'unit = "{unit}"\ngrade = "assumption"\nstatus = "assumed"\nnote = "For a test."\n'
    for key, given in more.items():
        text += f'{key} = "{given}"\n' if isinstance(given, str) else f"{key} = {given!r}\n"
    return text


def pools(**kinds: str) -> str:
    """Return pools whose capacity is the parameter ``capacity.NAME`` as TOML."""
    return "[pool]\n" + "".join(
        f'[pool.{name}]\ntitle = {{ en = "{name}", nl = "{name}" }}\nkind = "{kind}"\ncapacity = "capacity.{name}"\n'
        for name, kind in kinds.items()
    )


def hazard(name: str, at: str | Sequence[str], to: str, per_year: str, more: str = "") -> str:
    """Return a hazard as TOML."""
    steps = [at] if isinstance(at, str) else list(at)
    return (
        f'[hazard.{name}]\nwho = "person"\nat = {steps!r}\nto = "{to}"\nlaw = ["x"]\nper_year = "{per_year}"\n{more}\n'
    )


def chance(name: str, at: str, parameter_name: str) -> str:
    """Return a decision that is a chance as TOML."""
    return f'[decision.{name}]\nwho = "person"\nat = ["{at}"]\nlaw = ["x"]\nchance = "{parameter_name}"\n'


@dataclass(frozen=True)
class SmallWorld:
    """A compiled law with its names."""

    tables: Tables
    catalogue: Catalogue
    calendar: Calendar
    regime: Regime

    def run(self, people: Entities, until: int | None = None) -> SmallRun:
        """Simulate the people up to and including a day (default: the last of the scenario)."""
        last, space, status = self.calendar.end_day if until is None else until, 1, LOG_FULL
        while status in (LOG_FULL, QUEUE_FULL):
            state = State(self.tables, self.catalogue, people, space)
            with np.errstate(over="ignore"):
                status = advance(state.arrays, last)
            space *= 4
        assert status == OK
        return SmallRun(self, state, unpacked(state.logged))


@dataclass(frozen=True)
class SmallRun:
    """The log of a run by names."""

    world: SmallWorld
    state: State
    log: Log

    @property
    def rows(self) -> list[tuple[int, int, str, str]]:
        """Day, entity, from, to; in the order in which things happened."""
        steps = self.world.catalogue.steps
        return [
            (int(day), int(entity), steps[old], steps[new]) for day, entity, old, new, _ in zip(*self.log, strict=True)
        ]

    def days(self, step: str) -> NDArray[np.int64]:
        """Return the day of the first entry of each person into a step; -1: never."""
        out = np.full(self.state.persons, -1, np.int64)
        there = self.log.to_step == self.world.catalogue.step(step)
        who, when = self.log.entity[there], self.log.day[there]
        out[who[::-1]] = when[::-1]
        return out

    def pool(self, name: str) -> dict[str, float]:
        """Return the sums that the engine keeps of a pool, by name."""
        sums = self.state.pool_sums[self.world.catalogue.pools.index(name)]
        names = ("credit", "waited", "served", "queue_days", "used", "offered", "beyond")
        assert len(names) == POOL_SUMS
        return dict(zip(names, sums.tolist(), strict=True))


def small_world(
    folder: Path,
    files: Mapping[str, str],
    *,
    behaviour: str = "",
    authorities: str = "[pool]\n",
    parameters: Sequence[str] = (),
    conditions: str = "[condition]\n",
    start: dt.date = START,
    end: dt.date = dt.date(2022, 12, 31),
    shocks: Mapping[str, tuple[int, int]] | None = None,
    capacities: Mapping[str, NDArray[np.float64]] | None = None,
    later: Mapping[str, tuple[dt.date, str | None, dict[str, Any]]] | None = None,
    word_of_mouth: bool = False,
) -> SmallWorld:
    """Return a law that is written to a folder, read back and compiled.

    Parameters
    ----------
    files
        Procedure files by name; see `procedure`.
    behaviour, authorities, parameters, conditions
        The other files.
    shocks
        By name the first and the last day of an external event.
    capacities
        Capacity of a pool per day, where it is not the parameter throughout.
    later
        By full id of a step: the day from which a later text holds, the event of the transitional rule (or
        None), and the changed keys.
    """
    law = folder / "law"
    law.mkdir(parents=True)
    (law / "conditions.toml").write_text(conditions, encoding="utf-8")
    for name, text in files.items():
        (law / f"{name}.toml").write_text(text, encoding="utf-8")
    for name, text in (
        ("behaviour", "[decision]\n" + behaviour),
        ("authorities", authorities),
        ("parameters", "\n".join(parameters) or parameter("nothing.at_all", 1.0)),
    ):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    rulebook = Rulebook.load(law)
    people = Behaviour.load(folder / "behaviour.toml")
    desks = Authorities.load(folder / "authorities.toml")
    numbers = Parameters.load(folder / "parameters.toml")
    check_rulebook(rulebook, behaviour=people, authorities=desks, parameters=list(numbers))
    regime = _with_later(composed(parse("vc_2018"), {}, rulebook), later or {})
    calendar = Calendar(start, end)
    active = {name: np.zeros(calendar.days, bool) for name in shocks or {}}
    for name, (first, last) in (shocks or {}).items():
        active[name][first : last + 1] = True
    places = {name: np.full(calendar.days, numbers.value(pool.capacity)) for name, pool in desks.pool.items()}
    for name, capacity in (capacities or {}).items():
        places[name][: capacity.size] = capacity
    tables, catalogue, _ = build(Statute(regime, people, numbers, calendar), desks, active, places, word_of_mouth)
    return SmallWorld(tables, catalogue, calendar, regime)


def _with_later(regime: Regime, later: Mapping[str, tuple[dt.date, str | None, dict[str, Any]]]) -> Regime:
    versions = dict(regime.versions)
    for name, (in_force, applies_to, changes) in later.items():
        first = versions[name][0]
        content = {**first.step.model_dump(by_alias=True), **changes}
        text = Step.model_validate(content, strict=False)
        versions[name] = (first, StepVersion(text, in_force, applies_to, regime.layers[0].name))
    return Regime(**{**regime.__dict__, "versions": versions})


def people(
    arrival: Sequence[int] | NDArray[np.int64],
    *,
    seed: int = 1,
    replicate: int = 0,
    flags: Mapping[str, Sequence[bool]] | None = None,
    levels: Mapping[str, Sequence[float]] | None = None,
    networks: Sequence[int] | None = None,
    groups: Sequence[int] | None = None,
    contacts: Sequence[tuple[int, int]] = (),
) -> Entities:
    """Return people who arrive on the given days, in this order; each in a network (by number) or in none (-1).

    Parameters
    ----------
    contacts
        Pairs (who tells, who hears).
    """
    days = np.asarray(arrival, np.int16)
    size = days.size
    member = np.full(size, -1) if networks is None else np.asarray(networks)
    group = np.full(size, len(GROUPS) - 1) if groups is None else np.asarray(groups)
    count = int(member.max(initial=-1)) + 1
    bits = np.zeros(size, np.uint32)
    own = {name: group == number for number, name in enumerate(GROUPS)}
    for name, has in {**own, **(flags or {})}.items():
        bits |= np.where(np.asarray(has, bool), np.uint32(FLAG_BIT[name]), np.uint32(0))
    level = np.zeros((size + count, len(LEVELS)), np.float32)
    for name, values in (levels or {}).items():
        level[:size, LEVEL_INDEX[name]] = values
    names = [*(f"person {i}" for i in range(size)), *(f"network {i}" for i in range(count))]
    order = np.argsort(member, kind="stable")
    return Entities(
        key=chain_all(replicate_key(seed, replicate), name_keys(names)),
        flags=np.r_[bits, np.zeros(count, np.uint32)].astype(np.uint32),
        level=level,
        group=np.r_[group, np.zeros(count)].astype(np.uint8),
        network=np.r_[np.where(member >= 0, member + size, -1), np.full(count, -1)].astype(np.int32),
        arrival=np.r_[days, np.full(count, NEVER)].astype(np.int16),
        persons=size,
        member_start=np.r_[0, np.cumsum(np.bincount(member[member >= 0], minlength=count))].astype(np.int32),
        member=order[member[order] >= 0].astype(np.int32),
        contact_start=np.r_[0, np.cumsum(np.bincount([a for a, _ in contacts], minlength=size))].astype(np.int32),
        contact=np.array([b for _, b in sorted(contacts)], np.int32),
    )


# ---- the Netherlands, made small ----


@functools.cache
def netherlands(scale: float = 0.05, end: dt.date = dt.date(2021, 12, 31)) -> Scenario:
    """Return the shipped scenario with fewer people and no history, and perhaps an earlier end."""
    return Scenario.load("netherlands").replace(history_from="start", inflow={"scale": scale}, end=end)


def unlimited(scenario: Scenario) -> Scenario:
    """Return a scenario with unlimited capacity, without queues."""
    return scenario.replace(capacity=dict.fromkeys(Authorities.load().pool, 1e6))


@dataclass(frozen=True)
class BigRun:
    """One run of a whole scenario: the log by names."""

    world: World
    population: Population
    outcome: Outcome

    @functools.cached_property
    def moves(self) -> list[Move]:
        """Day, name, from, to, cause of each move; in the order in which things happened."""
        catalogue, names = self.world.catalogue, self.names
        causes = by_cause(
            ["time" for _ in catalogue.branches], [f"hazard {name}" for name in catalogue.hazards], "signal"
        )
        return [
            (day, names[entity], catalogue.steps[old], catalogue.steps[new], causes[via])
            for day, entity, old, new, via in zip(*(c.tolist() for c in self.outcome.log), strict=True)
        ]

    @functools.cached_property
    def histories(self) -> dict[str, list[Move]]:
        """The moves of each person and network, by name."""
        out: dict[str, list[Move]] = {name: [] for name in self.names}
        for move in self.moves:
            out[move[1]].append(move)
        return out

    @functools.cached_property
    def names(self) -> list[str]:
        """Names by row: persons, then networks."""
        return [*self.population.names(), *self.population.network_names]


def big_run(
    scenario: Scenario,
    regime: str | Regime = "vc_2018",
    *,
    seed: int = 1,
    replicate: int = 0,
    candidates: Candidates | None = None,
    throughout: bool = False,
) -> BigRun:
    """Return one run of a scenario, with everything compiled and drawn again."""
    loaded = regime if isinstance(regime, Regime) else Regime.load(regime, scenario.readings)
    world = make_world(scenario, from_the_first_day(loaded) if throughout else loaded)
    population = population_of(scenario, candidates or people_of(scenario), seed, replicate)
    return BigRun(world, population, run_world(world, population))


def fingerprints(*worlds: str) -> dict[str, str]:
    """Return hashes of the logs and final states of a tiny scenario, in which capacity binds, in each world.

    Parameters
    ----------
    worlds
        Regimes, or ``REGIME under HYPOTHESIS``.
    """
    scenario = Scenario.load("netherlands").replace(
        history_from="start",
        inflow={"scale": 0.02, "responds_to_rule": True},
        start=dt.date(2019, 1, 1),
        end=dt.date(2020, 9, 30),
        capacity={"coa.reception": 150, "avim.report": 0.03, "shelter.specialised": 2, "ind.asylum": 0.8},
    )
    out = {}
    for name in worlds:
        regime, _, hypothesis = name.partition(" under ")
        run = big_run(scenario.under(hypothesis) if hypothesis else scenario, regime)
        state = run.outcome.state
        content = [*run.outcome.log, state.step, state.due, state.ruled, state.level, state.belief, state.pool_sums]
        digest = hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in content))
        out[name] = f"{run.outcome.log.day.size} moves {digest.hexdigest()}"
    return out


def out_of_bounds() -> str:
    """Run the kernel with an array that is too short; return the result as text."""
    scenario = netherlands(0.001)
    world = make_world(scenario, Regime.load("vc_2018"))
    state = State(world.tables, world.catalogue, population_of(scenario, people_of(scenario), 1, 0).entities)
    try:
        advance(state.arrays._replace(f=np.zeros(1)), 400)
    except IndexError as error:
        return f"IndexError: {error}"
    return "nothing"
