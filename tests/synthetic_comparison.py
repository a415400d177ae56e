"""A made-up comparison with the shapes of a real one: the report can be tested without a simulation."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sim.outcomes.incidence import incidence_table
from sim.outcomes.pairing import Labels, difference_table, level_table, pairs_table

GROUPS = (
    "all", "dublin", "non_dublin", "NGA", "UGA", "GMB", "GIN", "SLE", "other", "women", "men", "minors",
    "exploited_nl", "exploited_eu", "exploited_outside", "victims", "dublin_victims", "rule_changed",
    "rule_unchanged",
)  # fmt: skip
GROUP_SHARES = (
    1, 0.55, 0.45, 0.4, 0.12, 0.1, 0.08, 0.06, 0.24, 0.7, 0.3, 0.01, 0.4, 0.35, 0.25, 0.8, 0.44, 0.5, 0.5,
)  # fmt: skip
OUTCOMES = ("b8_permit", "asylum_granted", "transferred", "left_unknown", "departed", "in_procedure")

# measure, area, title, unit, level under the baseline, relative difference of the first reform
MEASURES: tuple[tuple[str, str, str, str, float, float], ...] = (
    ("victims_signalled", "detection", "Victims signalled to the police", "persons", 820, -0.02),
    ("victims_recognised", "detection", "Victims recognised as such by an authority", "persons", 512, -0.16),
    ("victims_never_seen", "detection", "Victims never seen by any agency", "persons", 431, 0.05),
    ("registrations", "detection", "Registrations of possible victims", "persons", 1103, -0.25),
    ("triage_sensitivity", "detection", "Victims with leads whom triage finds", "share", 0.63, -0.03),
    ("triage_specificity", "detection", "Share without leads whom triage sets aside", "share", 0.71, 0.0),
    ("reflection_offered", "protection", "Reflection period offered", "persons", 690, -0.3),
    ("reflection_used", "protection", "Reflection period used", "persons", 402, -0.32),
    ("b8_applications", "protection", "Applications for a B8 permit", "persons", 588, -0.22),
    ("b8_granted", "protection", "Victims who received a B8 permit", "persons", 540, -0.23),
    ("b8_refused", "protection", "B8 permits refused", "persons", 48, 1.1),
    ("b8_withdrawn", "protection", "B8 permits withdrawn", "persons", 210, -0.2),
    ("protected_days", "protection", "Days with lawful stay and safe shelter", "days", 104500, -0.19),
    ("shelter_placements", "protection", "Placements in specialised shelter", "persons", 260, -0.18),
    ("continued_stay", "protection", "Continued stay granted", "persons", 61, -0.15),
    ("asylum_granted", "protection", "Victims granted asylum", "persons", 233, 0.04),
    ("route_b8_only", "protection", "Route: B8 only", "persons", 300, -0.2),
    ("route_asylum_only", "protection", "Route: asylum only", "persons", 190, 0.1),
    ("wish_to_report", "reporting", "Wish to report", "persons", 760, -0.1),
    ("reports", "reporting", "Reports to the police", "cases", 640, -0.21),
    ("report_wait_days", "reporting", "Wait from the wish to report to the statement", "days", 41.3, -0.35),
    ("gone_before_heard", "reporting", "Gone before being heard", "persons", 77, 0.2),
    ("leads_per_report", "reporting", "Leads per report", "ratio", 0.41, 0.08),
    ("investigations", "tracing", "Investigations opened", "investigations", 88, -0.05),
    ("early_dismissals", "tracing", "Cases dismissed early", "cases", 410, -0.2),
    ("networks_with_lead", "tracing", "Networks with at least one lead", "networks", 34.2, -0.04),
    ("networks_with_suspect", "tracing", "Networks with a suspect", "networks", 9.1, -0.01),
    ("networks_convicted", "tracing", "Networks with a conviction", "networks", 2.6, 0.0),
    ("leads_lost", "tracing", "Leads lost with people who left or stayed silent", "leads", 512, 0.12),
    ("dublin_claims", "Dublin", "Dublin claims", "persons", 1650, 0.0),
    ("dublin_transferred", "Dublin", "Transferred to the state responsible", "persons", 246, 0.27),
    ("dublin_lapsed", "Dublin", "Transfer term lapsed", "persons", 480, 0.06),
    ("nl_responsible_by_permit", "Dublin", "Netherlands responsible by a permit", "persons", 310, -0.4),
    ("protected_abroad", "Dublin", "Protected in the receiving state", "persons", 30, 0.25),
    ("left_unknown", "harm", "Left, destination unknown", "persons", 905, 0.06),
    ("left_unknown_trafficker", "harm", "Left, fetched by the trafficker", "persons", 210, 0.05),
    ("left_unknown_transfer", "harm", "Left to avoid transfer", "persons", 330, 0.1),
    ("re_exploited", "harm", "Exploited again", "persons", 160, 0.05),
    ("exploited_days", "harm", "Days of exploitation", "days", 40200, 0.04),
    ("queue_avim_report", "workload", "Queue at police intake", "persons", 66, -0.4),
    ("wait_avim_report", "workload", "Wait at police intake", "days", 38, -0.36),
    ("utilisation_avim_report", "workload", "Share of police intake capacity in use", "share", 0.96, -0.05),
    ("om_target_met", "workload", "Decisions by the prosecutor within four weeks", "share", 0.58, 0.2),
    ("strategic_claims", "fairness", "Claims to stop a transfer (set by assumption)", "persons", 150, -0.5),
    ("strategic_granted", "fairness", "Permits on such claims (set by assumption)", "persons", 95, -0.6),
)  # fmt: skip
RECORDED = (
    "victims_recognised",
    "registrations",
    "b8_granted",
    "reports",
    "left_unknown",
    "dublin_transferred",
)
REGISTERS_ONLY = ("registrations",)
REGIMES = ("vc_2018", "vc_2019_08", "vc_2019_08+c_66_21+c_338_21", "vc_2022_01")


def catalogue() -> pd.DataFrame:
    """List the measures in the true world, some of them as registers record them too."""
    rows = [
        (name, world, area, title, unit, f"{title}, as the {world} world has it.")
        for name, area, title, unit, _, _ in MEASURES
        for world in ("simulated", "recorded")
        if (world == "simulated" and name not in REGISTERS_ONLY) or (world == "recorded" and name in RECORDED)
    ]
    return pd.DataFrame(rows, columns=["measure", "world", "area", "title", "unit", "meaning"])


def measure_values(regimes: int, replicates: int, seed: int) -> tuple[np.ndarray[Any, Any], list[dict[str, str]]]:
    """Values ``[replicate, regime, measure, group]`` with shared luck between regimes, and their labels."""
    generator = np.random.default_rng(seed)
    table = catalogue()
    known = {row[0]: row for row in MEASURES}
    shares = np.array(GROUP_SHARES)
    values = np.empty((replicates, regimes, len(table), len(GROUPS)))
    for at, (name, world, unit) in enumerate(table[["measure", "world", "unit"]].itertuples(index=False)):
        level, effect = known[name][4:]
        weight = np.ones(len(GROUPS)) if unit in {"share", "ratio"} or "wait" in name else shares
        shared = generator.normal(0, 0.05, (replicates, 1, 1))
        own = generator.normal(0, 0.06, (replicates, regimes, len(GROUPS)))
        change = np.array([0.0, effect, effect / 2, effect / 4][:regimes])[np.newaxis, :, np.newaxis]
        seen = 0.8 if world == "recorded" else 1.0
        values[:, :, at] = seen * level * weight * (1 + change + shared + own * (effect != 0))
    undefined = table["measure"].str.contains("avim").to_numpy()
    values[:, :, undefined, 1:] = np.nan
    labels = table.rename(columns={"measure": "name"})[["name", "world", "unit"]].to_dict("records")
    return values, labels  # type: ignore[return-value]


def incidence(regimes: tuple[str, ...]) -> pd.DataFrame:
    """Curves of competing exponentials, a little different under each regime."""
    grid = np.arange(0, 1096, 5)
    curves = np.empty((1, len(regimes), len(GROUPS), len(OUTCOMES) - 1, grid.size))
    for at in range(len(regimes)):
        rates = np.array([0.0006, 0.0005, 0.0004, 0.0011, 0.0001]) * (1 + 0.25 * at * np.array([-1, 0.2, 1, 0.3, 0]))
        total = rates.sum()
        for cause, rate in enumerate(rates):
            curves[0, at, :, cause] = rate / total * (1 - np.exp(-total * grid))
    return incidence_table(curves, regimes=regimes, groups=GROUPS, causes=OUTCOMES[:-1], grid=grid)


def pairs(regimes: tuple[str, ...], replicates: int, seed: int) -> pd.DataFrame:
    """Most people keep their outcome; some B8 permits become transfers, departures or asylum."""
    base = np.diag([410.0, 230.0, 240.0, 900.0, 80.0, 150.0])
    base[0, 1:] = [38.0, 61.0, 44.0, 2.0, 12.0]
    base[3, 0], base[2, 0], base[1, 5], base[5, 3] = 7.0, 1.5, 3.2, 9.0
    mean = base * np.array(GROUP_SHARES)[:, np.newaxis, np.newaxis]
    size = (replicates, len(regimes) - 1, len(GROUPS), len(OUTCOMES), len(OUTCOMES))
    counts = np.random.default_rng(seed).poisson(np.broadcast_to(mean, size)).astype(float)
    return pairs_table(counts, baseline=regimes[0], reforms=regimes[1:], groups=GROUPS, outcomes=OUTCOMES)


def law_changes(reforms: tuple[str, ...]) -> pd.DataFrame:
    """Name the instrument and two changed steps per reform, one with characters that HTML must escape."""
    columns = ["reform", "step", "title", "what", "old", "new", "source", "status", "why"]
    rows = [
        (reform, step, title, "next", old, "necessity_test when dublin_claim", source, status, why)
        for reform in reforms
        for step, title, old, source, status, why in (
            ("vc_2019_08", "Aliens Circular as amended", "", "WBV 2019/10", "read", ""),
            ("b8.report", "Report to the police", "permit", "WBV 2019/10, https://example.org/wbv",
             "secondary", "For a Dublin claimant a report no longer leads to a permit by itself"),
            ("dublin.transfer", "Transfer <within 6 months> & extension", "suspended", "Vc B8/3.1", "assumed",
             "A wish to report no longer stops the transfer"),
        )
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def assumptions() -> pd.DataFrame:
    """Twelve parameters, the weakest evidence first; one value is a text."""
    columns = ["parameter", "value", "low", "high", "unit", "grade", "status", "source", "note"]
    grades = ["assumption"] * 6 + ["judgement"] * 4 + ["official"] * 2
    rows: list[tuple[Any, ...]] = [
        (
            f"report.per_fear_{at}",
            0.123456 * (at + 1),
            0.0,
            1.5,
            "log odds",
            grade,
            "assumed",
            "prior-work",
            "No study",
        )
        for at, grade in enumerate(grades)
    ]
    rows[1] = (
        "om.necessity_test_days", "lognormal(20, 12)", np.nan, np.nan, "working days", "assumption",
        "assumed", "", "No figure has been published",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def receipt(regimes: tuple[str, ...], done: int, wanted: int) -> dict[str, Any]:
    """Say what the runner says beside the tables."""
    return {
        "version": "0.1.0",
        "scenario": {"name": "netherlands", "hash": "3f9a" * 8},
        "regimes": list(regimes),
        "regime_hashes": ["77ab" * 8 for _ in regimes],
        "seed": 1,
        "replicates": done,
        "replicates_wanted": wanted,
        "packages": {"numpy": "2.4.6", "numba": "0.68.1"},
    }


def synthetic_comparison(
    regimes: int = 2, replicates: int = 20, *, asked: int | None = None, seed: int = 7
) -> SimpleNamespace:
    """Make a comparison.

    Parameters
    ----------
    regimes, replicates
        How many regimes, the baseline included, and how many finished replicates.
    asked
        How many replicates were asked for; more than ``replicates`` means that the run was interrupted.
    seed
        Seed of the made-up numbers.

    Returns
    -------
    types.SimpleNamespace
        With the attributes of a comparison.
    """
    names = REGIMES[:regimes]
    values, measures = measure_values(regimes, replicates, seed)
    labels = Labels(names, measures, GROUPS)
    asked = replicates if asked is None else asked
    return SimpleNamespace(
        measures=level_table(values, labels),
        differences=difference_table(values, labels),
        incidence=incidence(names),
        pairs=pairs(names, replicates, seed),
        regimes=list(names),
        receipt=receipt(names, replicates, asked),
        complete=asked == replicates,
        law_changes=law_changes(names[1:]),
        assumptions=assumptions(),
        catalogue=catalogue(),
    )
