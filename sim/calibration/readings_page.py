"""What open readings of the law add: words and tables that both pages on fitted sets share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from sim.calibration.ensembles import Ensemble, country_of
from sim.calibration.page_parts import number, prose, span, table
from sim.policies.library import readings as open_questions

LEVEL: Final = 0.05
"""Of the tests whether fewer sets fit under an answer than under the others of its question."""


def under_readings(found: Mapping[str, Ensemble]) -> dict[str, Ensemble]:
    """Return the sets of each camp under drawn answers; empty where they were not run, or none is left."""
    there = {camp: sets.under_readings for camp, sets in found.items()}
    return {camp: sets for camp, sets in there.items() if sets is not None and sets.size}


def how(found: Mapping[str, Ensemble]) -> str:
    """Say how the answers were drawn, which change nothing, and how many sets still fit."""
    receipt = next(iter(found.values())).receipt
    said = receipt["open_readings"]
    run, fit = (sum(int(camp[key]) for camp in said["camps"].values()) for key in ("run", "fit"))
    nothing = [q for q, options in said["changes"].items() if not any(options.values())]
    lived = [
        q for q, options in said["changes"].items()
        if q not in nothing and not {name for names in options.values() for name in names} & set(receipt["compared"])
    ]  # fmt: skip
    words = (
        f"Every set was run again under answers of its own to {len(said['questions'])} open questions "
        "([readings](law.md)), drawn so that each answer of a question is as frequent; the same drawn combinations for "
        f"each camp. A set stays if it still reproduces every figure: {fit} of {run} do."
    )
    if nothing:
        words += (
            f" {', '.join(f'`{q}`' for q in nothing)} change no rule and no number of these years, and were not drawn."
        )
    if lived:
        words += (
            f" {', '.join(f'`{q}`' for q in lived)} change the rules as they followed each other only, so they bear on"
            " which sets fit, and not on the difference between the two rules."
        )
    return prose(words) + _rarely(said["questions"])


def _rarely(tally: Mapping[str, Mapping[str, Sequence[int]]]) -> str:
    """Name the answers under which fewer sets fit than chance among all answers would give (Fisher, Bonferroni)."""
    from scipy.stats import fisher_exact

    tests, found = sum(len(options) for options in tally.values()), []
    for question, options in tally.items():
        for option, (run, fit) in options.items():
            others = [counts for name, counts in options.items() if name != option]
            more, fits = sum(n for n, _ in others), sum(n for _, n in others)
            chance = fisher_exact([[fit, run - fit], [fits, more - fits]], alternative="less").pvalue
            if chance * tests < LEVEL:
                title = open_questions()[question].options[option].title.en
                found.append(f"`{question}={option}` ({title}): {fit} of {run}, else {fits} of {more}")
    if not found:
        return prose("Under no answer clearly fewer sets fit than under the others of its question.")
    return prose(f"Fewer sets fit under {'; '.join(found)}.")


def ranges(found: Mapping[str, Ensemble]) -> str:
    """Return the table of differences over the sets, and over sets and answers, with what answers move."""
    there = under_readings(found)
    first = next(iter(found.values()))
    rows = []
    for measure in first.receipt["headline"]:
        key = (measure, "simulated", "all")
        if key in first.differences():
            cells = [f"{_range(found[camp], key)}<br>**{_range(sets, key)}**" for camp, sets in there.items()]
            rows.append((f"`{measure}`", *cells, _moved(found, there, key)))
    heads = [f"`{camp}` ({there[camp].size} of {found[camp].size} sets)" for camp in there]
    return prose(
        "The new rule less the old one, for everybody: over the sets, and **over sets and answers**. The last column: "
        "by how much the answers move the difference in the same set (the middle of these moves), and what part of the "
        "variance over sets and answers that is. Both hold the chance of a second run: one simulated person stands for"
        f" some {country_of(first.receipt):.0f} people."
    ) + table(("measure", *heads, "moved by answers"), rows)


def _moved(found: Mapping[str, Ensemble], there: Mapping[str, Ensemble], key: tuple[str, str, str]) -> str:
    """Return the middle of the moves in all sets, and their part of the variance."""
    usual, drawn = [], []
    for camp, sets in there.items():
        before = found[camp].differences()[key].to_numpy(float)
        usual.append(before[np.isin(found[camp].table["set"], sets.table["set"])])
        drawn.append(sets.differences()[key].to_numpy(float))
    after = np.concatenate(drawn)
    moves = after - np.concatenate(usual)
    if np.quantile(np.abs(after), 0.95) == 0:
        return "0"
    share = min(float(moves.var() / after.var()), 1.0) if after.var() else 0.0
    return f"{number(float(np.median(np.abs(moves))))} ({100 * share:.0f}%)"


def _range(sets: Ensemble, key: tuple[str, str, str]) -> str:
    return span(*sets.range_of(sets.differences()[key].to_numpy(float)))


def pooled(found: Mapping[str, Ensemble]) -> pd.DataFrame:
    """Return what differs between the sets of several camps in one table, with what a camp keeps as its value."""
    names = list(dict.fromkeys(name for sets in found.values() for name in sets.explaining.columns))
    tables = [sets.explaining.assign(**{n: sets.kept[n] for n in names if n in sets.kept}) for sets in found.values()]
    # An answer that no set of a camp has is 0 there.
    return pd.concat([t.reindex(columns=names, fill_value=0.0) for t in tables], ignore_index=True)


def title_of(name: str) -> str | None:
    """Return the words of an answer that is named ``QUESTION=ANSWER``; None for another name."""
    question, equals, option = name.partition("=")
    if not equals:
        return None
    known = open_questions()[question]
    return f"{known.question.en} {known.options[option].title.en}"
