"""A chain of states without contagion: ill, treated, then ill again or recovered; who is ill may drop out.

In both models each person has draws of their own, so that a run with fewer relapses is paired with the run without
the change: the same people fall ill for as long. Stays are exponential and end on whole days (rounded); the chance to
drop out is exponential too, and the first of the two comes. Starsim looks at everybody each day, b8sim at those for
whom something is due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.small_law import compiled_law, numbers_of, people_who_come
from sim.engine.kernel import advance
from sim.engine.layout import OK
from sim.engine.state import State
from sim.engine.tables import Catalogue, Tables

FOLDER = Path(__file__).parent
PERSONS, DAYS = 20_000, 1_095
LOOKED_AT = 365
"""The day at whose end the states are counted; at the end of the run nearly everybody is through."""
START = dt.date(2019, 1, 1)
CHANGE = {"relapse.share": 0.2}
MEASURES = ("ill", "treated", "recovered", "dropped out", "recovered at the end", "dropped out at the end")
TOLERANCE = 0.004
"""Shares may differ by this beside Monte-Carlo error.

A stay of no whole day ends at once in b8sim and the next day in Starsim, and one who drops out does so on the next
whole day in b8sim and on the nearest in Starsim: a stay of 90 days is half a day longer or shorter.
"""
ILL, TREATED, RECOVERED, OUT = range(4)
Shares = NDArray[np.float64]


@cache
def _world(changed: bool) -> tuple[Tables, Catalogue]:
    return compiled_law(FOLDER, START, START + dt.timedelta(days=DAYS + 5), CHANGE if changed else None)


def _run_in_b8sim(seed: int, changed: bool, persons: int) -> Shares:
    tables, catalogue = _world(changed)
    state = State(tables, catalogue, people_who_come(np.zeros(persons, np.int64), seed))
    names = [catalogue.step(f"illness.{name}") for name in ("ill", "treated", "recovered", "out")]
    shares = []
    for day in (LOOKED_AT, DAYS):
        status = advance(state.arrays, day)
        if status != OK:
            raise RuntimeError(f"the run stopped with status {status}")
        shares.append(np.bincount(state.step[:, catalogue.slots[names[0]]], minlength=max(names) + 1)[names] / persons)
    return np.array([*shares[0], *shares[1][RECOVERED:]])


def in_b8sim(seed: int, persons: int = PERSONS) -> NDArray[np.float64]:
    """Return the shares in each state in b8sim without and with the change, ``[2, measures]``."""
    return np.array([_run_in_b8sim(seed, changed, persons) for changed in (False, True)])


@cache
def _starsim() -> tuple[Any, type]:
    import starsim as ss

    class Chain(ss.Module):  # type: ignore[misc]
        """The chain as a module: its state is a number, and the day on which it ends is known when it begins."""

        def __init__(self, relapses: float) -> None:
            super().__init__()
            of = numbers_of(FOLDER).value
            self.define_pars(
                ill=ss.expon(scale=of("ill.days")),
                treated=ss.expon(scale=of("treated.days")),
                drops_out=ss.expon(scale=365.25 / of("drop_out.per_year")),
                relapse=ss.bernoulli(p=relapses),
            )
            self.define_states(ss.FloatArr("at", default=float(ILL)), ss.FloatArr("ends"), ss.BoolState("drops"))
            self.shares: list[Shares] = []

        def init_post(self) -> None:
            super().init_post()
            self.fall_ill(self.sim.people.auids)

        def fall_ill(self, who: Any) -> None:
            stay, leaves = np.round(self.pars.ill.rvs(who)), self.pars.drops_out.rvs(who)
            self.at[who] = ILL
            self.drops[who] = leaves < stay
            self.ends[who] = self.ti + np.where(leaves < stay, np.round(leaves), stay)

        def step(self) -> None:
            due = (self.ends <= self.ti).uids
            was_ill = self.at[due] == ILL
            ill, treated = due[was_ill], due[~was_ill]
            again = self.pars.relapse.rvs(treated)
            dropped = self.drops[ill]
            self.at[ill[dropped]] = OUT
            self.at[treated[~again]] = RECOVERED
            self.ends[ill[dropped]] = self.ends[treated[~again]] = np.inf
            gets_treated = ill[~dropped]
            self.at[gets_treated] = TREATED
            self.ends[gets_treated] = self.ti + np.round(self.pars.treated.rvs(gets_treated))
            self.fall_ill(treated[again])
            if self.ti in (LOOKED_AT, DAYS):
                self.shares.append(np.bincount(self.at.values.astype(int), minlength=OUT + 1) / len(self.at.values))

    return ss, Chain


def _run_in_starsim(seed: int, relapses: float, persons: int) -> Shares:
    ss, chain = _starsim()
    module = chain(relapses)
    run = ss.Sim(
        n_agents=persons,
        start=ss.date(START.isoformat()),
        stop=ss.date((START + dt.timedelta(days=DAYS)).isoformat()),
        dt=ss.days(1),
        modules=module,
        rand_seed=seed,
        verbose=0,
        copy_inputs=False,
    )
    run.run()
    first, last = module.shares
    return np.array([*first, *last[RECOVERED:]])


def in_starsim(seed: int, persons: int = PERSONS) -> NDArray[np.float64]:
    """Return the shares in each state in Starsim without and with the change, ``[2, measures]``."""
    shares = (numbers_of(FOLDER).value("relapse.share"), CHANGE["relapse.share"])
    return np.array([_run_in_starsim(seed, relapses, persons) for relapses in shares])


WAYS: dict[str, Callable[..., NDArray[np.float64]]] = {"b8sim": in_b8sim, "starsim": in_starsim}
"""Both implementations, by name."""
