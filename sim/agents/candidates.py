"""Everybody who might come, by name: the flows of a period, in whole persons.

Flows are persons a month, by nationality group and kind: first applicants, victims who do not ask asylum on arrival,
and persons who would come only while the rule attracts them. Running sums over the months are rounded, never single
months, so that each group keeps its share however few people are drawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents.inflow import Month, first_applications, months_between, published_years
from sim.agents.numbered import NumberedNames
from sim.engine.draws import name_keys
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.procedures.traits import GROUPS

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
MOST_PEOPLE = 10_000_000
LEVEL_YEAR = 2018
"""The last year before the rise of 2019."""
KEY_DIGITS: Final = 12
"""Digits of a person's key; more where two persons would share one."""
FIRST_APPLICANTS, HIDDEN, BY_RULE, PERHAPS_DRAWN = range(4)
"""Kinds of flow; the last are first applicants of months in which the rule may have drawn some of them."""
MARKS: Final = ("", "H", "R")
"""In the names of persons, by kind of flow."""


@dataclass(frozen=True)
class Candidates:
    """Everybody who might come, before draws decide their traits; the same in every replicate.

    Attributes
    ----------
    names
        Stable names from which the draws follow, such as ``NGA-2019-03-0042``; ``-H`` marks victims who do not ask
        asylum on arrival, ``-R`` persons who would come only while the rule attracts them. They are shown nowhere.
    may_be_drawn
        First applicants of the months in which what people believe of the rule may have drawn some of those published.
    """

    names: Sequence[str]
    group: NDArray[np.uint8]
    month_start: NDArray[np.int32]
    month_days: NDArray[np.int32]
    hidden: Bools
    drawn_by_rule: Bools
    may_be_drawn: Bools

    @cached_property
    def name_keys(self) -> NDArray[np.uint64]:
        """64-bit hash of each name."""
        return name_keys(self.names)

    @cached_property
    def by_name(self) -> NDArray[np.int32]:
        """Numbers of the candidates in the order of the hashes of their names."""
        return np.argsort(self.name_keys, kind="stable").astype(np.int32)

    @cached_property
    def kind(self) -> NDArray[np.uint8]:
        """Kind of flow of each candidate."""
        others = np.where(self.may_be_drawn, PERHAPS_DRAWN, FIRST_APPLICANTS)
        return np.where(self.hidden, HIDDEN, np.where(self.drawn_by_rule, BY_RULE, others)).astype(np.uint8)

    @property
    def keys(self) -> list[str]:
        """Identifier of each person in results, stable and without meaning, such as ``P482109375562``."""
        return [self.key(number) for number in range(self.name_keys.size)]

    def key(self, number: int) -> str:
        """Return the identifier of one candidate."""
        return f"P{int(self.name_keys[number]) % 10**self._digits:0{self._digits}d}"

    @cached_property
    def _digits(self) -> int:
        """Digits with which no two candidates share an identifier."""
        digits = KEY_DIGITS
        while np.unique(self.name_keys % np.uint64(10**digits)).size < self.name_keys.size:
            digits += 1
        return digits


@dataclass(frozen=True)
class Flows:
    """Who might come, as published and assumed: ``persons[kind, month, group]``, not yet whole.

    Attributes
    ----------
    months
        In order; the first ``before`` of them lie before the period that is measured.
    drawn_months
        The months in which the rule may have drawn some of the first applicants, ``bool[months]``.
    """

    months: list[Month]
    persons: Floats
    drawn_months: Bools
    before: int = 0

    @property
    def total(self) -> float:
        """Expected number of first applicants and hidden victims of the period, without those whom the rule draws."""
        return float(self.persons[[FIRST_APPLICANTS, HIDDEN], self.before :].sum())


def flows(
    start: dt.date,
    end: dt.date,
    parameters: Parameters,
    *,
    history_from: dt.date | None = None,
    applicants_from: dt.date | None = None,
    responds_from: dt.date | None = None,
    drawn: tuple[dt.date, dt.date] | None = None,
    level: Literal["published", "as_in_2018"] = "published",
) -> Flows:
    """Return who might come in the months from ``start`` to ``end``, and in those of the history before.

    Parameters
    ----------
    history_from
        First day of the history; None: there is none. Years before the first published one have the numbers of that
        year.
    applicants_from
        Months of the history that begin before this day have hidden victims only; None: all months have applicants.
    responds_from
        In the whole months from this day on extra persons would come while the rule attracts them; None: never.
    drawn
        In the whole months from the first day to before the second what people believe of the rule may have drawn some
        of the published first applicants; None: never.
    level
        ``"published"``, or ``"as_in_2018"``: years after 2018 have the first applications of 2018. Years after the last
        published one have those of that year; the scenario refuses them unless it says so (``inflow.continued``).
    """
    known = _published(start, end, history_from, applicants_from, level)
    months, days = list(known.months), known.days
    persons = np.zeros((len(MARKS), len(months), len(GROUPS)))
    persons[FIRST_APPLICANTS] = known.applicants
    hidden_share = np.array([parameters.value(f"inflow.hidden_share_{group}") for group in GROUPS])
    persons[HIDDEN] = np.outer(days / 365.25 * parameters.value("inflow.hidden_victims_per_year"), hidden_share)
    if responds_from is not None:
        later = np.array([month.first >= responds_from for month in months])
        dublin_share = np.array([parameters.value(f"inflow.dublin_share_{group}") for group in GROUPS])
        extra = parameters.value("inflow.response_share") * dublin_share * persons[FIRST_APPLICANTS]
        persons[BY_RULE] = np.where(later[:, None], extra, 0.0)
    in_window = [drawn is not None and drawn[0] <= month.first < drawn[1] for month in months]
    return Flows(months, persons, np.array(in_window, bool), known.before)


class _Published(NamedTuple):
    """What no parameter changes: the months, how many lie before the period, their days, and first applicants."""

    months: list[Month]
    before: int
    days: NDArray[np.int64]
    applicants: Floats


@lru_cache(maxsize=16)
def _published(
    start: dt.date,
    end: dt.date,
    history_from: dt.date | None,
    applicants_from: dt.date | None,
    level: Literal["published", "as_in_2018"],
) -> _Published:
    """Return what is published of the months of a scenario; made once, since a study asks for it at every point."""
    months = months_between(history_from or start, end)
    # As if later years were as 2018, or as the last published one: the same months of that year, again and again.
    first, last = published_years()[0], LEVEL_YEAR if level != "published" else published_years()[-1]
    known, before = [Month(min(max(m.year, first), last), m.month) for m in months], _before(months, start)
    # Each part by itself, so that a history changes no number of the period.
    parts = [first_applications(part) for part in (known[:before], known[before:]) if part]
    applicants = np.concatenate(parts).astype(np.float64)
    if applicants_from is not None:
        early = [i < before and month.first < applicants_from for i, month in enumerate(months)]
        applicants[early] = 0.0
    return _Published(months, before, np.array([month.days for month in months]), applicants)


def _before(months: list[Month], start: dt.date) -> int:
    """Return how many months lie wholly before a day."""
    return sum((month.year, month.month) < (start.year, start.month) for month in months)


def ratio_of(flow: Flows, *, scale: float | None, persons: int | None) -> float:
    """Return the factor by which a scenario multiplies the flows: ``scale``, or the one that gives ``persons``.

    Raises
    ------
    InputError
        When ``persons`` is above 0 in a period without inflow.
    """
    if persons is None:
        return 1.0 if scale is None else scale
    if persons and not flow.total:
        raise InputError(
            "the period has no inflow, so no number of persons can be drawn",
            key="inflow.persons",
            value=persons,
            accepted="0, or inflow.scale",
        )
    return persons / flow.total if persons else 0.0


def candidates(flow: Flows, day_0: dt.date, *, scale: float | None = None, persons: int | None = None) -> Candidates:
    """Return everybody who might come; those of the period are the same with a history and without.

    Parameters
    ----------
    day_0
        First day that is simulated.
    scale
        Multiplies all numbers of people (1: as published).
    persons
        Instead of ``scale``: how many first applicants and hidden victims of the period are listed, all groups and
        months together. Those whom the rule draws, and those of the history, come on top, in the same proportion.

    Raises
    ------
    InputError
        When they are too many to be listed, or ``persons`` is above 0 in a period without inflow.
    """
    ratio = ratio_of(flow, scale=scale, persons=persons)
    # Checked first, since the list of names would fill the memory.
    wanted = flow.persons.sum() * ratio
    if wanted > MOST_PEOPLE:
        raise InputError(
            "too many people",
            key="inflow",
            value=round(wanted),
            accepted=f"at most {MOST_PEOPLE}: a smaller scale, fewer persons, or fewer hidden victims a year",
        )
    ratios = np.full((len(MARKS), len(GROUPS)), ratio)
    if persons:
        sums = flow.persons[[FIRST_APPLICANTS, HIDDEN], flow.before :].sum(axis=1)
        ratios[[FIRST_APPLICANTS, HIDDEN]] = _apportioned(sums, persons) / np.where(sums > 0, sums, 1.0)
    parts = (flow.persons[:, : flow.before], flow.persons[:, flow.before :])
    return _listed(flow, np.concatenate([_whole(part, ratios) for part in parts], axis=1), day_0)


def _whole(persons: Floats, ratios: Floats) -> NDArray[np.int64]:
    """Return flows times ratios as whole persons, by running sums over the months."""
    # Half a person rounds up, so that a group of one at twice the scale is not lost.
    running = np.floor(np.cumsum(persons, axis=1) * ratios[:, None, :] + 0.5).astype(np.int64)
    return np.diff(running, axis=1, prepend=0)


def _apportioned(sums: Floats, persons: int) -> NDArray[np.int64]:
    """Return whole persons in proportion to sums, with the rest by largest remainders."""
    exact = (sums * (persons / sums.sum())).ravel()
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    left = persons - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return whole.reshape(sums.shape)


def _listed(flow: Flows, counts: NDArray[np.int64], day_0: dt.date) -> Candidates:
    """Return everybody by name; ``counts[kind, month, group]``."""
    months = flow.months
    drawn = {str(month): bool(in_window) for month, in_window in zip(months, flow.drawn_months, strict=True)}
    blocks = [
        (kind, month, group, int(counts[kind, i, group]))
        for i, month in enumerate(months)
        for group in range(len(GROUPS))
        for kind in range(len(MARKS))
    ]
    sizes = [size for *_, size in blocks]
    kinds = np.repeat([kind for kind, *_ in blocks], sizes)
    return Candidates(
        names=NumberedNames([f"{GROUPS[group]}-{month}-{MARKS[kind]}" for kind, month, group, _ in blocks], sizes),
        group=np.repeat([group for _, _, group, _ in blocks], sizes).astype(np.uint8),
        month_start=np.repeat([(month.first - day_0).days for _, month, *_ in blocks], sizes).astype(np.int32),
        month_days=np.repeat([month.days for _, month, *_ in blocks], sizes).astype(np.int32),
        hidden=kinds == HIDDEN,
        drawn_by_rule=kinds == BY_RULE,
        may_be_drawn=(kinds == FIRST_APPLICANTS) & np.repeat([drawn[str(month)] for _, month, *_ in blocks], sizes),
    )
