"""The engine against theory: queues, hazards, limits, incidences."""

from __future__ import annotations

from verification.report import table
from verification.small_worlds import netherlands
from verification.theory_hazards import changing_hazards, incidence_elsewhere
from verification.theory_queues import (
    erlang,
    fluid_errors,
    known_answers,
    littles_law,
    order_of,
    priorities,
)
from verification.worlds import folders

RUNS = 100
SIZES = (1, 4, 16, 64, 256)


def section() -> str:
    """Measure with large numbers."""
    with folders() as folder:
        queues = [*erlang(RUNS, next(folder)), *priorities(RUNS, next(folder))]
        known = known_answers(next(folder))
        fluid = fluid_errors(SIZES, 12, next(folder))
        hazards = changing_hazards(200_000, next(folder))
        incidence = incidence_elsewhere(100_000, next(folder))
    little = littles_law(netherlands(0.2), "vc_2019_08")
    distance = max(abs(product - queue) for _, _, _, product, queue in little)
    return TEXT.format(
        queues=table(("queue", "engine", "theory", "distance in standard errors"), queues),
        runs=RUNS,
        known=table(("known answers", "asked", "wrong"), known),
        fluid=table(("size", "error", "error times root of size"), fluid),
        order=order_of(fluid),
        little=table(("pool", "spells a day", "mean days", "product", "mean queue"), little),
        distance=distance,
        hazards=table(("hazards", "persons", "largest distance", "probability"), hazards),
        incidence=table(
            ("hazards", "persons", "largest distance from statsmodels", "from theory, in standard errors"), incidence
        ),
    )


TEXT = """All of this runs through the engine itself, on small laws written for the purpose in TOML, except where it is
said to be the Netherlands.

### Queues

Mean of {runs} runs of 66 years; Erlang C, Erlang A, and Cobham's formula for three ranks in one queue. Days are whole
in the engine, and theory knows no days, so that small differences are to be expected.

{queues}
{known}
### The fluid limit

Arrivals that swell and ebb, places, stays, and a hazard to give up waiting, at growing size, against the ordinary
differential equation of the limit. *Error*: root mean square distance over all days and 12 runs, in persons for a
system of size 1. It goes with the size to the power {order:.3f} (theory: -0.5).

{fluid}
### Little's law in the Netherlands

A fifth of the Netherlands under `vc_2019_08`. For each pool: spells of waiting of a night or more, counted by following
every person and network from evening to evening; their product with their mean length; and the mean queue as the engine
counts it. The largest difference is {distance:.2g}.

{little}
### Hazards that change with time

People before one or two hazards; the curves of exits against the closed form. *Probability*: of a distance at least so
large (Kolmogorov; it is cautious, since days are whole).

{hazards}
### Cumulative incidence

`sim.outcomes.incidence` on people who come over time and are censored on the last day, against the estimator of
Aalen and Johansen in statsmodels and against theory.

{incidence}"""
