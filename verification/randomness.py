"""Randomness of draws in every part of their key, and variance reduction by pairs."""

from __future__ import annotations

import numpy as np
from scipy import stats

import sim
from sim.engine.draws import uniforms
from verification.battery import TESTS
from verification.report import table
from verification.streams import ASKED, BITS, DIRECTIONS, Words, persons, stream, words

SIZE = 400_000
PAIRED = ("reports", "b8_granted", "reflection_used", "dublin_transferred", "asylum_granted", "left_unknown")


def battery(streams: dict[str, Words]) -> dict[str, dict[str, float]]:
    """Return the p-value of every test on every stream."""
    return {test: {name: measure(w) for name, w in streams.items()} for test, measure in TESTS.items()}


def evenness(found: dict[str, dict[str, float]]) -> float:
    """Return the p-value of a test that all p-values are uniform between 0 and 1."""
    return float(stats.kstest([p for row in found.values() for p in row.values()], "uniform").pvalue)


def repeated(replicates: int, people: int) -> int:
    """Return the number of draws that occur twice among some persons in some replicates."""
    drawn = np.concatenate([words(uniforms(persons(people, replicate=k), ASKED, 0)) for k in range(replicates)])
    return int(drawn.size - np.unique(drawn).size)


def pairing(scale: float, replicates: int, seed: int = 1) -> list[tuple[str, float, float, float]]:
    """Return the standard deviation of a difference between regimes on the same people, and on independent people.

    Returns
    -------
    list of tuple
        Measure, standard deviation over replicates of the paired difference and of the unpaired one (the sum of the two
        variances), and the ratio of the variances.
    """
    scenario = sim.Scenario.load("netherlands").replace(history_from="start", inflow={"scale": scale})
    result = sim.compare(scenario, replicates=replicates, seed=seed)
    half = stats.t.ppf(0.975, replicates - 1) / np.sqrt(replicates)

    def deviations(frame: object, by: str) -> dict[tuple[str, str], float]:
        chosen = frame.query("world == 'simulated' and group == 'all'")  # type: ignore[attr-defined]
        return {(row.measure, getattr(row, by)): (row.high - row.low) / 2 / half for row in chosen.itertuples()}

    levels, differences = deviations(result.measures, "regime"), deviations(result.differences, "reform")
    baseline, reform = result.regimes
    rows = []
    for name in PAIRED:
        apart = float(np.hypot(levels[name, baseline], levels[name, reform]))
        together = float(differences[name, reform])
        rows.append((name, together, apart, (together / apart) ** 2))
    return rows


def section() -> str:
    """Return the section, measured with large numbers."""
    found = battery({direction: stream(direction, SIZE) for direction in DIRECTIONS})
    rows = [(test, *row.values()) for test, row in found.items()]
    every = [p for row in found.values() for p in row.values()]
    pairs = pairing(0.1, 60)
    return TEXT.format(
        size=SIZE,
        bits=SIZE * BITS / 1e6,
        tests=table(("test", *DIRECTIONS), rows),
        count=len(every),
        smallest=min(every),
        even=evenness(found),
        repeated=repeated(100, 10_000),
        expected=1e12 / 2 / 2.0**BITS,
        pairs=table(("measure", "same people", "other people", "ratio of variances"), pairs),
    )


TEXT = """Streams of {size:,} draws ({bits:.0f} million bits) in which neighbours differ in one part of the key only:
the person, the occasion, the name of the draw, the replicate, or the seed. Each number is a p-value under random draws:

{tests}
The smallest of these {count} is {smallest:.2g}; that all are spread evenly has probability {even:.2g}. Among 10,000
persons in 100 replicates {repeated} draws come twice (expected: {expected:.1g}).

Variance reduction by common random numbers: the standard deviation over replicates of a difference between the two
regimes, on the same people and on independent people (a tenth of the Netherlands, 60 replicates). The ratio of the
variances is the share of the replicates that pairs need for the same interval:

{pairs}"""
