"""Small countries beside the whole one: what is wrong with their levels, and how near default + change comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.intervals import MeanInterval, mean_interval
from sim.runs.preview import SmallCountry
from sim.runs.session import Session
from sim.scenarios.scenario import Scenario
from verification.report import table

REGIMES = ("vc_2018", "vc_2019_08")
MEASURES = ("b8_granted", "b8_refused", "left_unknown", "reports")
GROUP = "dublin"
SIZES = {0.01: 60, 0.03: 30, 0.1: 12}
"""Replicates by share of the people."""
WHOLE = 4
"""Replicates of the whole country."""
PERSONS, SMALL = 10_000, 16
"""People of a preview, and its replicates."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bias:
    """The paired difference of a measure per 1,000 people listed, in a country of some size."""

    share: float
    people: int
    measure: str
    difference: MeanInterval


@dataclass(frozen=True)
class Nearness:
    """The paired difference of a measure per 1,000 people under a change: the whole country, and two ways to show it.

    ``alone``: the small country by itself.
    """

    change: str
    kind: str
    measure: str
    truth: tuple[float, float]
    alone: tuple[float, float]
    shown: tuple[float, float]

    @property
    def is_covered(self) -> bool:
        """Return whether the truth lies within both intervals of what is shown."""
        return abs(self.shown[0] - self.truth[0]) <= self.shown[1] + self.truth[1]


def scenario(share: float | None = None) -> Scenario:
    """Return the shipped scenario, or a share of its people with capacities in proportion."""
    whole = Scenario.load("netherlands").replace(inflow={"scale": 1.0})
    return whole if share is None else whole.replace(inflow={"scale": share, "capacities": "in_proportion"})


def changes(session: Session) -> list[tuple[str, Mapping[str, float]]]:
    """Return the changes that are tried: three of behaviour and one of a queue."""
    movable = session.movable
    leaves, police = movable["leaves.transfer_per_year"].value, movable["avim.reports_per_working_day"].value
    return [
        ("the prosecutor needs the victim as often as can be", {"om.needed_base": movable["om.needed_base"].upper}),
        ("a known loss of the permit deters most", {"report.per_known_loss_of_permit": -2.0}),
        ("twice as many leave before a transfer", {"leaves.transfer_per_year": 2 * leaves}),
        ("half the police capacity for reports", {"capacity.avim.report": police / 2}),
    ]


def bias(sizes: Mapping[float, int], whole: int = WHOLE, base: Scenario | None = None) -> list[Bias]:
    """Return the difference of each measure in countries of each size, and in the whole one."""
    out = []
    for share, replicates in (*sizes.items(), (1.0, whole)):
        if base is None:
            of = scenario(None if share == 1.0 else share)
        else:
            of = base if share == 1.0 else base.replace(inflow={"scale": share, "capacities": "in_proportion"})
        session = Session(of, REGIMES)
        people = len(session.people.names)
        values = _differences(session, replicates) * 1000 / people
        out += [Bias(share, people, measure, _of(mean_interval(values), i)) for i, measure in enumerate(MEASURES)]
    return out


def nearness(
    base: Scenario, persons: int = PERSONS, small: int = SMALL, whole: int = WHOLE, tried: Sequence[str] | None = None
) -> list[Nearness]:
    """Return how near default + change comes to the whole country under each change."""
    session = Session(base, REGIMES)
    country = SmallCountry(session, persons, whole)
    people, fewer = len(session.people.names), len(country.session.people.names)
    group = session.groups.index(GROUP)
    rows = [session.row(measure) for measure in MEASURES]
    out = []
    for name, change in changes(session):
        if tried is not None and not set(change) & set(tried):
            continue
        shown = country.preview(change, small)
        session.set(change)
        # Other replicates than those of the default, so that chance is not shared.
        truth = mean_interval(_differences(session, whole, first=1000) * 1000 / people)
        country.session.set(change)
        alone = mean_interval(_differences(country.session, small, first=2000) * 1000 / fewer)
        for i, (measure, row) in enumerate(zip(MEASURES, rows, strict=True)):
            mean, high = (
                np.asarray(part)[0, row, group] * 1000 / people
                for part in (shown.difference.mean, shown.difference.high)
            )
            out.append(
                Nearness(name, shown.kind, measure, _half(truth, i), _half(alone, i), (float(mean), float(high - mean)))
            )
    return out


def _differences(session: Session, replicates: int, first: int = 0) -> Floats:
    """Return reform minus baseline, ``[replicate, measure]``."""
    group = session.groups.index(GROUP)
    rows = [session.row(measure) for measure in MEASURES]
    values = [reading.values[:, rows, group] for reading in session.readings(replicates, first)]
    return np.array([value[1] - value[0] for value in values])


def _of(interval: MeanInterval, i: int) -> MeanInterval:
    return MeanInterval(*(part[i] for part in interval))


def _half(interval: MeanInterval, i: int) -> tuple[float, float]:
    return float(interval.mean[i]), float(interval.high[i] - interval.mean[i])


def section() -> str:
    """Measure, and return the text."""
    found = bias(SIZES)
    shares = [*SIZES, 1.0]
    rows = []
    for measure in MEASURES:
        of = [one for share in shares for one in found if one.share == share and one.measure == measure]
        rows.append(
            [f"`{measure}`", *(f"{o.difference.mean:.2f} ± {o.difference.high - o.difference.mean:.2f}" for o in of)]
        )
    people = {one.share: one.people for one in found}
    near = nearness(scenario())
    of_kind = {kind: [one for one in near if one.kind == kind] for kind in ("preview", "direction only")}
    covered = {kind: sum(one.is_covered for one in ones) for kind, ones in of_kind.items()}
    return "\n\n".join(
        [
            f"Difference between `{REGIMES[0]}` and `{REGIMES[1]}` among people with a Dublin claim, per 1,000 people "
            "listed, with capacities in proportion. Half widths of the 95% interval over replicates.",
            table(["measure", *(f"{people[share]:,} people" for share in shares)], rows),
            f"Default + change ([what it is](session.md#a-small-country)) with {PERSONS:,} people and {SMALL} "
            "replicates, beside the whole country under the same change and the small country alone. The intervals of "
            f"truth and preview meet in {covered['preview']} of {len(of_kind['preview'])} cases, and in "
            f"{covered['direction only']} of {len(of_kind['direction only'])} where only the direction can be shown.",
            table(
                ["change", "kind", "measure", "whole country", "default + change", "small country alone"],
                [
                    [
                        one.change,
                        one.kind,
                        f"`{one.measure}`",
                        *(f"{m:.2f} ± {h:.2f}" for m, h in (one.truth, one.shown, one.alone)),
                    ]
                    for one in near
                ],
            ),
        ]
    )
