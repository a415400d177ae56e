"""Markdown of the pages of advice: tables, shares, and the blocks of the page on proposals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from scipy.stats import binom

from sim.monitoring.information import FEWEST
from sim.monitoring.proposals import proposals
from sim.monitoring.words import amount
from sim.outcomes.measures import Measures
from sim.policies.library import parse
from sim.procedures.schema import Title

DRIVERS: Final = {
    "rule": "the rule",
    "covid": "COVID",
    "capacity": "capacity and national approach",
    "inflow": "arrivals",
    "recording": "recording",
    "all": "together",
}
SHORT: Final = {
    "better in all": "as wished",
    "worse in all": "against the wish",
    "the same in all": "same",
    "depends": "depends",
}
Tables = Mapping[str, pd.DataFrame]


def percent(share: Any) -> str:
    """Return a share in per cent, or a dash where there is none."""
    return "-" if pd.isna(share) else f"{100 * float(share):.0f}%"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def title_of(regime: str) -> str:
    """Return the title of a proposal, without what it is."""
    head = parse(regime).source.file.regime
    assert head is not None
    return head.title.en.removeprefix("Proposal: ").removeprefix("Alternative: ")


def plain(title: Title) -> str:
    """Return a title that begins in lower case, but for names."""
    return title.en if title.en[:2].isupper() else title.en[0].lower() + title.en[1:]


def members(tables: Tables, _language: str) -> str:
    """Say how many sets were run again, at which size."""
    about = tables["about"].iloc[0]
    few = (
        ""
        if about["members"] >= FEWEST
        else (f"**A trial:** with fewer than {FEWEST} sets run again, *in all* says little; `make advice` runs more. ")
    )
    return few + (
        f"{int(about['members'])} sets were run again with {int(about['persons']):,} people for the proposals, and "
        f"{int(about['few'])} for readings and causes, once each: chance is part of every range here."
    )


def precision(tables: Tables, _language: str) -> str:
    """Say how far the middle of few sets can be trusted: by order statistics, whatever the distribution."""
    few = int(tables["about"].iloc[0]["few"])
    out = few // 5 - 1
    # The middle of all lies below the k-th lowest when fewer than k of the sets are below the middle.
    inner = 1 - 2 * float(binom.cdf(out, few, 0.5))
    return (
        f"{few} sets are few: whatever the distribution, the middle of all fitted sets lies between the lowest and the "
        f"highest of them with a confidence of {100 * (1 - 0.5 ** (few - 1)):.1f}%, and without {out} at each end with "
        f"{100 * inner:.0f}%. Little narrower than the whole range can be said of it. Another sample may name another "
        "question or cause first (`python -m verification.advice --each 12` takes more sets, and some hours)."
    )


def proposal_rows(tables: Tables, _language: str) -> str:
    """Return the verdict on each proposal, area by area."""
    found, file, measures = tables["proposals"], proposals(), Measures.load().measure
    rows = []
    for regime in file.compared.regimes:
        cells = []
        for area in file.area:
            mine = found[(found["proposal"] == regime) & (found["area"] == area)]
            said = [
                f"{SHORT[one.verdict]}: {plain(measures[one.measure].title)} ({amount(one.low)} to {amount(one.high)})"
                for one in mine.itertuples()
            ]
            cells.append("<br>".join(said))
        rows.append(
            [f"{title_of(regime)} (`{regime}`)", f"`{found[found['proposal'] == regime]['against'].iloc[0]}`", *cells]
        )
    heads = ["proposal", "beside", *(area.title.en.lower() for area in file.area.values())]
    return table(heads, rows)


def depends(tables: Tables, _language: str) -> str:
    """Return on which assumption a verdict depends."""
    found, measures = tables["proposals"], Measures.load().measure
    named = found[(found["verdict"] == "depends") & found["depends_on"].notna()]
    lines = [
        f"- {title_of(one.proposal)}, {plain(measures[one.measure].title)}: `{said}` ({direction}"
        for one in named.itertuples()
        for said, _, direction in [str(one.depends_on).partition(" (")]
    ]
    unnamed = int(((found["verdict"] == "depends") & found["depends_on"].isna()).sum())
    if unnamed:
        lines.append(f"- {unnamed} other verdicts depend on no single assumption that could be named.")
    return "\n".join(lines) or "None depends."


def without(tables: Tables, _language: str) -> str:
    """Return the proposals without a regime, and why."""
    return "\n".join(f"- {one.title.en}. {one.why.en}" for one in proposals().without.values())


def open_readings(tables: Tables, _language: str) -> str:
    """Return the range over sets, and over sets and readings."""
    if "readings" not in tables:
        return "These runs were not made with the present sets; `make advice` makes them."
    found, measures = tables["readings"], Measures.load().measure
    usual = found.groupby(["question", "answer"], sort=False).first()
    rows = []
    for answer in dict.fromkeys(found["answer"]):
        mine = found[found["answer"] == answer]
        first = usual.xs(answer, level="answer")
        moved = mine.assign(moved=(mine["middle"] - mine["question"].map(first["middle"])).abs())
        most = moved.loc[moved["moved"].idxmax()]
        rows.append(
            [
                plain(measures[answer].title),
                f"{amount(float(first['low'].min()))} to {amount(float(first['high'].max()))}",
                f"{amount(float(mine['low'].min()))} to {amount(float(mine['high'].max()))}",
                f"{most['question']}={most['option']} ({amount(float(most['moved']))})"
                if most["moved"] > 0
                else "none",
            ]
        )
    return table(["reform less baseline", "over the sets", "over sets and readings", "moves it most"], rows)


def attribution(tables: Tables, _language: str) -> str:
    """Return the contribution of each cause."""
    found = tables["attribution"]
    named = {
        "registrations": "Registrations at CoMensha",
        "signalled": "Signals to the police",
        "reports": "Reports taken",
    }
    rows = []
    for (measure, less), mine in found.groupby(["measure", "less"], sort=False):
        of = mine.set_index("driver")
        cells = [f"{amount(of['middle'][d])} ({amount(of['low'][d])} to {amount(of['high'][d])})" for d in DRIVERS]
        rows.append([f"{named[str(measure)[:-5]]}, {str(measure)[-4:]} less {str(less)[-4:]}", *cells])
    return table(["change", *DRIVERS.values()], rows)
