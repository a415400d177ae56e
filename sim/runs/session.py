"""A session: worlds that stay compiled, so that a changed number is answered at once.

What does not change is made once: regimes, tables, the list of who might come, the specifications of measures. A
changed parameter is a written cell of the tables.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from os import PathLike
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.agents.candidates import Candidates
from sim.engine.held import Held
from sim.files.errors import InputError, nearest
from sim.files.numbers import MOST_REPLICATES, whole_number
from sim.outcomes.groups import OUTCOMES, Groups
from sim.outcomes.measures import Measures, labels
from sim.outcomes.pairing import MeasureLabel
from sim.policies.regime import Regime
from sim.runs.changes import Movable, checked, movable_of
from sim.runs.kinds import Kind, kind_of, moves_queues
from sim.runs.lives import remembered
from sim.runs.loading import Asked, asked_of
from sim.runs.naming import distinct
from sim.runs.people import KeptPeople
from sim.runs.replicate import Reading, Setting, period_of, pool_names, read_replicate
from sim.runs.shared import Branching, branchings, remembering
from sim.runs.world import World, make_world, with_parameters
from sim.scenarios.scenario import Scenario


class Cancel(Protocol):
    """What can stop readings, such as a ``threading.Event``."""

    def is_set(self) -> bool:
        """Return whether the readings are to stop."""
        ...


def check_cancel(cancel: Cancel | None) -> None:
    """Refuse what cannot be asked whether it is set.

    Raises
    ------
    InputError
        When it is neither such an object nor None.
    """
    if cancel is not None and not callable(getattr(cancel, "is_set", None)):
        raise InputError("cannot be asked", key="cancel", value=cancel, accepted="a threading.Event, or None")


@dataclass(frozen=True)
class _Base:
    """Worlds compiled for the numbers of the scenario, or with places for hazards that got a rate since."""

    worlds: tuple[World, ...]
    baselines: tuple[World, ...]

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The steps of all worlds, each once."""
        return tuple(dict.fromkeys(step for world in self.worlds for step in world.catalogue.steps))

    @cached_property
    def numbers(self) -> tuple[NDArray[np.int16], ...]:
        """For each world the number of each of its steps among those of all worlds."""
        number = {step: at for at, step in enumerate(self.steps)}
        return tuple(np.array([number[step] for step in world.catalogue.steps], np.int16) for world in self.worlds)


class Session:
    """Regimes on the same people, compiled once and asked many times.

    Any number of threads may share a session. A change is whole or not at all, and readings that have begun go on with
    the numbers of their beginning.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    regimes
        Regimes, names or files; those of the scenario by default. The first is the baseline.
    seed
        As the scenario says by default.
    throughout
        The regimes hold from the first day instead of from their dates; as the scenario says by default.

    Attributes
    ----------
    regimes
        Names of the regimes, along the first axis of the values of a reading.
    labels
        Name, world (``simulated`` or ``recorded``) and unit of each measure, along the second axis.
    groups
        Names of the groups, along the third axis.
    outcomes
        Names of the outcomes at the end, along the last two axes of ``Reading.pairs``.

    Raises
    ------
    InputError
        When a name, file or number is not accepted.
    """

    def __init__(
        self,
        scenario: Scenario | str | PathLike[str],
        regimes: Sequence[str | PathLike[str] | Regime] | None = None,
        seed: int | None = None,
        *,
        throughout: bool | None = None,
    ) -> None:
        self._begin(asked_of(scenario, regimes, seed=seed, throughout=throughout))

    @classmethod
    def of(
        cls,
        asked: Asked,
        *,
        kept: KeptPeople | None = None,
        references: bool = True,
        measures: Measures | None = None,
        groups: Groups | None = None,
    ) -> Session:
        """Return the session of arguments that are resolved.

        Parameters
        ----------
        kept
            Where people are kept between readings; by default a memory of its own.
        references
            Whether persons are marked to whom a rule makes a difference against the baseline.
        measures, groups
            What is counted, and for whom; everything by default.
        """
        session = cls.__new__(cls)
        session._begin(asked, kept, references, measures, groups)
        return session

    def _begin(
        self,
        asked: Asked,
        kept: KeptPeople | None = None,
        references: bool = True,
        measures: Measures | None = None,
        groups: Groups | None = None,
    ) -> None:
        self.asked = asked
        self.regimes = tuple(distinct([regime.name for regime in asked.regimes]))
        self._measures = Measures.load(asked.scenario.own) if measures is None else measures
        self._groups = Groups.load(asked.scenario.own) if groups is None else groups
        self.groups, self.outcomes = self._groups.names, OUTCOMES
        self._kept = KeptPeople() if kept is None else kept
        self._lock, self._key = Lock(), object()
        self._base = _compiled(asked.scenario, asked.regimes, references)
        self._pools, self._remembered = pool_names(self._base.worlds), remembered(self._measures, self._groups)
        self.labels = tuple(labels(self._measures, self._pools, period_of(asked.scenario)))
        self._changes: Mapping[str, float] = {}
        # Arrays of readings that are finished, for the next ones: as many as threads ever read at the same time.
        self._free: deque[Held] = deque()
        self._known_begins: tuple[object, tuple[Branching | None, ...]] | None = None
        self._set(asked.scenario, self._base)

    # ---- what it is ----

    @property
    def scenario(self) -> Scenario:
        """The scenario with the changes of the last ``set``."""
        return self.setting.worlds[0].scenario

    @property
    def seed(self) -> int:
        """Seed of all draws."""
        return self.asked.seed

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures, along the second axis of the values of a reading."""
        return tuple(label.name for label in self.labels)

    @cached_property
    def worlds(self) -> tuple[str, ...]:
        """World of each measure: ``simulated``, or ``recorded``, as the registers would show it."""
        return tuple(label.world for label in self.labels)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Unit of each measure."""
        return tuple(label.unit for label in self.labels)

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the steps of all regimes, by the numbers that ``Reading.parted`` has."""
        return self.setting.steps

    @property
    def people(self) -> Candidates:
        """Everybody who might come, with the present changes."""
        return self._listed.people

    @cached_property
    def movable(self) -> Mapping[str, Movable]:
        """What ``set`` can change: parameters, and capacities as ``capacity.POOL``, each with its plausible range."""
        return movable_of(self.asked.scenario)

    @property
    def changes(self) -> Mapping[str, float]:
        """What differs from the scenario: the changes of the last ``set``."""
        return dict(self._changes)

    def row(self, measure: str, world: str = "simulated") -> int:
        """Return the place of a measure along the second axis.

        Raises
        ------
        InputError
            When there is no such measure in this world.
        """
        names = [label.name for label in self.labels if label.world == world]
        for place, label in enumerate(self.labels):
            if (label.name, label.world) == (measure, world):
                return place
        raise InputError(f"no such measure in the {world} world", key="measure", value=measure, accepted=names,
                         nearest=nearest(measure, names))  # fmt: skip

    # ---- asking it ----

    def set(self, changes: Mapping[str, float]) -> None:
        """Change numbers; what was changed before and is not named is again as in the scenario.

        Parameters
        ----------
        changes
            New values by the names of ``movable``; empty: everything as in the scenario. A value outside the plausible
            range is accepted, one that the unit does not allow is not.

        Raises
        ------
        InputError
            For a name that does not exist, a value that is not possible, or a change for which a new session is needed.
            The numbers of before are then still in use.
        """
        parameters, capacity = checked(changes, self.asked.scenario, self.movable)
        scenario = self.asked.scenario
        if parameters or capacity:
            scenario = scenario.with_parameters(parameters, capacity)
        with self._lock:
            self._set(scenario, self._base)
            self._changes = {**parameters, **{f"capacity.{pool}": value for pool, value in capacity.items()}}

    def readings(
        self, replicates: int | None = None, first: int = 0, cancel: Cancel | None = None
    ) -> Iterator[Reading]:
        """Yield replicates, one after another, each as small arrays.

        Parameters
        ----------
        replicates
            How many; as the scenario says by default.
        first
            Number of the first; replicate k has the same people and draws whatever is changed.
        cancel
            When it is set, nothing more is yielded: it is asked before each replicate.

        Raises
        ------
        InputError
            When a number is not accepted; at once, before anything is asked for.
        """
        wanted = self.asked.replicates if replicates is None else replicates
        number = whole_number(wanted, "replicates", 1, MOST_REPLICATES)
        start = whole_number(first, "first", 0, MOST_REPLICATES)
        check_cancel(cancel)
        return self._read(self.setting, range(start, start + number), cancel)

    def reading(self, replicate: int = 0) -> Reading:
        """Return one replicate.

        Raises
        ------
        InputError
            When the number is not accepted.
        """
        return next(self.readings(1, replicate))

    def kind_of_change(self, name: str) -> Kind:
        """Return what this session can say about a change of a number.

        ``computed``: the whole country is run. ``preview``: a small one is, and `sim.runs.preview` adds the change to
        the default of the whole country. ``direction only``: the change moves queues, which in a small country are
        others: capacities, inflow, how long places are held.

        Raises
        ------
        InputError
            When there is no such name.
        """
        if name not in self.movable:
            checked({name: 0.0}, self.asked.scenario, self.movable)
        return kind_of((name,), self.queues, self.asked.scenario)

    @cached_property
    def queues(self) -> frozenset[str]:
        """The parameters of which a small country shows the direction only, since they move queues by themselves."""
        return moves_queues(self.setting.worlds)

    def _read(self, setting: Setting, replicates: range, cancel: Cancel | None) -> Iterator[Reading]:
        for replicate in replicates:
            if cancel is not None and cancel.is_set():
                return
            with self.held() as held:
                reading = read_replicate(setting, replicate, held.take)
            yield reading

    @contextmanager
    def held(self) -> Iterator[Held]:
        """Lend arrays that no other thread uses meanwhile."""
        try:
            lent = self._free.pop()
        except IndexError:
            lent = Held()
        try:
            yield lent
        finally:
            self._free.append(lent)

    # ---- inside ----

    def _set(self, scenario: Scenario, base: _Base) -> None:
        """Take the numbers of a scenario: all of them, or none where one is refused."""
        worlds = tuple(with_parameters(world, scenario) for world in base.worlds)
        baselines = tuple(with_parameters(world, scenario) for world in base.baselines)
        if any(new.cells is not old.cells for new, old in zip(worlds, base.worlds, strict=True)):
            # Hazards got a rate that had none: their places are kept, so that the next change is written.
            self._base = _Base(worlds, baselines)
        self._listed = self._kept.listed(self._key, scenario)
        population = partial(self._kept.population, scenario, self._listed, self.seed)
        self.setting = Setting(
            worlds=worlds,
            baselines=baselines,
            measures=self._measures,
            groups=self._groups,
            pools=self._pools,
            population=population,
            remembered=self._remembered,
            steps=self._base.steps,
            numbers=self._base.numbers,
            begins=self._begins(worlds, baselines),
        )

    def _begins(self, worlds: tuple[World, ...], baselines: tuple[World, ...]) -> tuple[Branching | None, ...]:
        """Return where each world begins; found again only where numbers of some regimes only, or places, changed."""
        everything = (*worlds, *baselines)
        chosen = sorted({name for regime in self.asked.regimes for name in regime.parameter_values})
        values = tuple(world.parameters[name] for world in everything for name in chosen)
        key = (values, tuple(id(world.cells) for world in everything))
        if self._known_begins is None or self._known_begins[0] != key:
            self._known_begins = key, branchings(everything)
        return self._known_begins[1]

    def __repr__(self) -> str:
        """Return the session in one line."""
        changes = ", ".join(f"{name} = {value:g}" for name, value in self._changes.items())
        changed = f"; {changes}" if changes else ""
        return f"<Session {self.asked.scenario.name}: {' | '.join(self.regimes)}, seed {self.seed}{changed}>"


def _compiled(scenario: Scenario, regimes: Sequence[Regime], references: bool) -> _Base:
    """Compile the worlds: both of a pair mark the persons to whom a rule makes a difference."""
    baseline, reforms = regimes[0], regimes[1:]
    if not (references and reforms):
        return _Base(tuple(remembering([partial(make_world, scenario, regime) for regime in regimes])), ())
    later = [partial(make_world, scenario, reform, reference=baseline) for reform in reforms]
    first = [partial(make_world, scenario, baseline, reference=reform) for reform in reforms]
    made = remembering([*later, *first])
    number = len(reforms)
    return _Base((made[number], *made[:number]), tuple(made[number + 1 :]))


__all__ = ["MeasureLabel", "Movable", "Reading", "Session"]
