"""The pages of advice, from the tables of ``docs/advice/`` and texts beside this file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from sim.monitoring.information import FEWEST
from sim.monitoring.weighing import ENOUGH
from sim.monitoring.words import THIN, TOO_FEW, amount, strength, times
from sim.outcomes.measures import Measures
from verification import advice_tables
from verification.advice_tables import Tables, percent, table
from verification.report import ROOT

TEXTS: Final = Path(__file__).parent
PAGES: Final = {
    "docs/monitoring.md": ("advice_en.md", "en"),
    "docs/monitoring.nl.md": ("advice_nl.md", "nl"),
    "docs/proposals.md": ("advice_proposals.md", "en"),
}
NEEDS: Final = {
    "docs/monitoring.md": ("camps", "information", "quarters", "monitored"),
    "docs/monitoring.nl.md": ("camps", "information", "quarters", "monitored"),
    "docs/proposals.md": ("about", "camps", "proposals", "attribution"),
}
"""The tables that each page is made of."""
TELLS: Final = 0.1
"""Share of an uncertainty from which a figure is said to tell something."""
CANDIDATES: Final[Mapping[str, tuple[str, str]]] = {
    "requests": (
        "Requests to report by quarter and Dublin status, 2018-2020",
        "Verzoeken om aangifte per kwartaal en Dublinstatus, 2018-2020",
    ),
    "grants": (
        "B8 permits of Dublin claimants by quarter, 2019-2020",
        "B8-vergunningen van Dublinclaimanten per kwartaal, 2019-2020",
    ),
    "after_transfer": ("What came of people after a transfer", "Wat er na een overdracht van mensen werd"),
    "departures": ("Reasons for departure", "Redenen van vertrek"),
    "published": (
        "Beside these: what is published of 2019 and 2020",
        "Ter vergelijking: wat van 2019 en 2020 gepubliceerd is",
    ),
    "law": (
        "The answers to all open questions of the law",
        "De antwoorden op alle open rechtsvragen",
    ),
    "both": ("requests and permits", "verzoeken en vergunningen"),
}


def write_pages(folder: Path, root: Path = ROOT) -> list[Path]:
    """Write the pages, and return where they are."""
    written = []
    for name, text in pages(folder).items():
        (root / name).write_text(text, encoding="utf-8", newline="\n")
        written.append(root / name)
    return written


def pages(folder: Path) -> dict[str, str]:
    """Return the text of each page whose tables are in a folder."""
    tables = {file.stem: pd.read_csv(file) for file in sorted(folder.glob("*.csv"))}
    found = {}
    for name, (text, language) in PAGES.items():
        if not set(NEEDS[name]) <= set(tables):
            continue
        page = (TEXTS / text).read_text(encoding="utf-8")
        for key, block in BLOCKS.items():
            if f"{{{key}}}" in page:
                page = page.replace(f"{{{key}}}", block(tables, language))
        while "\n\n\n" in page:
            page = page.replace("\n\n\n", "\n\n")
        found[name] = page
    return found


def warning(tables: Tables, language: str) -> str:
    """Say that there are too few sets, where that is so."""
    sets = int(tables["camps"][tables["camps"]["weighed"]]["sets"].sum())
    if sets >= FEWEST and tables["camps"]["weighed"].sum() > 1:
        return ""
    if language == "nl":
        return (
            f"**Proef.** Er zijn {sets} gefitte reeksen; met minder dan {FEWEST}, of met één kamp, zeggen onderstaande "
            "getallen niets over de wereld. Ze tonen alleen wat de pagina zal zeggen."
        )
    return (
        f"**A trial.** There are {sets} fitted sets; with fewer than {FEWEST}, or with one camp, the numbers below say "
        "nothing about the world. They only show what the page will say."
    )


def more(tables: Tables, language: str) -> str:
    """Point to the page on proposals, where it is written."""
    if not set(NEEDS["docs/proposals.md"]) <= set(tables):
        return ""
    if language == "nl":
        return (
            "Een andere pagina geeft [voorstellen, open lezingen en oorzaken](proposals.md) per kamp (in het Engels)."
        )
    return "Another page has [proposals, open readings and causes](proposals.md) under every camp."


def camps(tables: Tables, language: str) -> str:
    """Return the camps with their sets."""
    nl = language == "nl"
    rows = [
        [
            one.title_nl if nl else one.title,
            str(one.sets),
            ("ja" if nl else "yes") if one.fitted else ("nee, de naaste" if nl else "no, the nearest"),
        ]
        for one in tables["camps"].itertuples()
    ]
    heads = ["kamp", "reeksen", "geven alle cijfers van voor de wijziging weer"] if nl else CAMP_HEADS
    return table(heads, rows)


CAMP_HEADS: Final = ["camp", "sets", "reproduce all figures of before the change"]


def monitored(tables: Tables, language: str) -> str:
    """Return the forecasts of the later years, figure by figure."""
    nl, names = language == "nl", titles(tables, language)
    found, rows = tables["monitored"], []
    for _, of_figure in found.groupby("target", sort=False):
        first = next(of_figure.itertuples())
        said = [
            f"{names[one.camp]}: {amount(one.low, language)} {'tot' if nl else 'to'} {amount(one.high, language)}"
            f"{'' if one.inside else (' (buiten)' if nl else ' (outside)')}{'*' if one.effective < ENOUGH else ''}"
            for one in of_figure.itertuples()
        ]
        none = ("; geen enkel kamp past" if nl else "; fits no camp") if first.fits_none else ""
        broken = ("; over een definitiebreuk" if nl else "; crosses a break in definition") if first.breaks else ""
        title = first.title_nl if nl else first.title
        counted = f"model: {first.counted_nl if nl else first.counted}"
        published = bound(first.published, language) + none + broken
        rows.append([f"{title}<br>({first.population}; {counted})", published, "<br>".join(said)])
    found = table(["cijfer", "gepubliceerd", "voorspeld"] if nl else ["figure", "published", "forecast"], rows)
    if not (tables["monitored"]["effective"] < ENOUGH).any():
        return found
    note = (
        f"\\* rust op minder dan {ENOUGH:g} reeksen, omdat eerdere cijfers er weinig overlaten: te smal."
        if nl
        else f"\\* rests on fewer than {ENOUGH:g} sets, since earlier figures leave few: too narrow."
    )
    return f"{found}\n\n{note}"


def bound(text: str, language: str) -> str:
    """Return a published bound in a language."""
    if language == "en":
        return text
    text = text.replace("at least", "minstens").replace("at most", "hoogstens")
    return text.translate(str.maketrans(",.", ".,"))


def verdict(tables: Tables, language: str) -> str:
    """Return which camp the later years favour, and by how much."""
    nl, names, found = language == "nl", titles(tables, language), tables["monitored"]
    last = found[found["target"] == found["target"].iloc[-1]].sort_values(
        "weight_after", ascending=False, kind="stable"
    )
    none = found.groupby("target", sort=False)["fits_none"].first()
    lines = []
    if none.any():
        lines.append(
            f"{int(none.sum())} van de {len(none)} cijfers passen bij geen enkel kamp: wat de kampen onderscheidt, "
            "zegt dan weinig."
            if nl
            else f"{int(none.sum())} of the {len(none)} figures fit no camp: what separates the camps then says little."
        )
    if len(last) < 2:
        lines.append(
            f"Er is één kamp met reeksen, '{names[last['camp'].iloc[0]]}': er valt niets te vergelijken."
            if nl
            else f"There is one camp with sets, '{names[last['camp'].iloc[0]]}': there is nothing to compare."
        )
        return " ".join(lines)
    few = set(last[last["effective"] < ENOUGH]["camp"])
    best, *others = last.itertuples()
    for one in others:
        factor, thin_pair = best.weight_after / max(one.weight_after, 1e-300), bool(few & {best.camp, one.camp})
        lines.append(
            f"De cijfers zijn {times(factor, language)} maal zo waarschijnlijk onder '{names[best.camp]}' als onder "
            f"'{names[one.camp]}' ({TOO_FEW[1] if thin_pair else strength(factor, language)})."
            if nl
            else f"The figures are {times(factor)} times as likely under '{names[best.camp]}' as under "
            f"'{names[one.camp]}' ({TOO_FEW[0] if thin_pair else strength(factor)})."
        )
    if few:
        lines.append(THIN[nl])
    lines.append(
        f"Zij zijn verenigbaar met '{names[best.camp]}', maar tonen dat niet aan; de naaste rivaal is "
        f"'{names[others[0].camp]}'."
        if nl
        else f"They are compatible with '{names[best.camp]}', which they do not show; the nearest rival is "
        f"'{names[others[0].camp]}'."
    )
    return " ".join(lines)


def information(tables: Tables, language: str) -> str:
    """Return what each candidate would tell."""
    nl, found = language == "nl", _widest(tables["information"])
    measures = Measures.load().measure
    answers = [name for name in found if name in measures]
    titled = [measures[name].title.nl if nl else measures[name].title.en for name in answers]
    rows = [
        [
            CANDIDATES[row["candidate"]][nl],
            *(percent(row[answer]) for answer in answers),
            "-"
            if math.isnan(row["camp"])
            else f"{percent(row['camp'])} ({'toeval' if nl else 'chance'} {percent(row['camp_by_chance'])})",
        ]
        for row in found.to_dict("records")
    ]
    return table(["cijfer" if nl else "figure", *titled, "het juiste kamp" if nl else "the right camp"], rows)


def _widest(found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows over sets and legal readings, or those over the sets where there are no others."""
    return found[found["readings"] == found["readings"].any()].drop(columns="readings")


def information_words(tables: Tables, language: str) -> str:
    """Say in a sentence which figure would tell most, and what the law would."""
    nl, found = language == "nl", _widest(tables["information"])
    answers = [name for name in found if name in Measures.load().measure]
    mean = found.set_index("candidate")[answers].mean(axis=1, skipna=True)
    law = mean.get("law")
    mean = mean.drop(["published", "law"], errors="ignore").dropna()
    if mean.empty:
        return "Met zo weinig reeksen valt dat niet te zeggen." if nl else "With so few sets that cannot be told."
    best, gain = str(mean.idxmax()), float(mean.max())
    if gain < TELLS:
        words = (
            "Geen van deze cijfers zou de onzekerheid merkbaar verkleinen."
            if nl
            else "None of these figures would narrow the uncertainty noticeably."
        )
    else:
        name = CANDIDATES[best][nl]
        name = name[0].lower() + name[1:] if best != "grants" else name
        words = (
            f"Het meest zou zeggen: **{name}**, gemiddeld {percent(gain)} van de onzekerheid over deze antwoorden."
            if nl
            else f"Most would tell: **{name}**, on average {percent(gain)} of the uncertainty about these answers."
        )
    return words if law is None else f"{words} {_law_words(tables, float(law), nl)}"


def _law_words(tables: Tables, law: float, nl: bool) -> str:
    """Say over what the table is, and how much the answers to open questions of the law would take away."""
    usual = tables["information"][~tables["information"]["readings"]].set_index("candidate")
    answers = [name for name in usual if name in Measures.load().measure]
    mean = usual[answers].mean(axis=1, skipna=True).drop("published", errors="ignore")
    best = CANDIDATES[str(mean.idxmax())][nl]
    if nl:
        return (
            "Open rechtsvragen tellen hierin als onzekerheid: elke reeks heeft haar eigen, gelote antwoorden "
            f"([waar de kampen uiteengaan](two-camps.md)). Alle antwoorden kennen zou gemiddeld {percent(law)} van de "
            f"onzekerheid wegnemen. Met de gebruikelijke antwoorden zegt '{best}' het meest, gemiddeld "
            f"{percent(mean.max())}."
        )
    return (
        "Open questions of the law count as uncertainty here: each set has drawn answers of its own "
        f"([where the camps part](two-camps.md)). Knowing all of them would take away {percent(law)} on average. With "
        f"the usual answers '{best}' would tell most, {percent(mean.max())} on average."
    )


def quarters(tables: Tables, language: str) -> str:
    """Return how many quarters it takes, camp by camp."""
    nl, names, found = language == "nl", titles(tables, language), tables["quarters"]
    if found.empty:
        return ""
    rows = [
        [
            names[one.camp],
            CANDIDATES["both" if one.candidate == "both" else "requests"][nl]
            .split(" per " if nl else " by ")[0]
            .lower(),
            percent(one.found),
            "-" if math.isinf(one.median) else f"{one.median:.0f}",
            percent(one.misled),
        ]
        for one in found.itertuples()
    ]
    last = int(found["quarters"].iloc[0])
    heads = (
        [
            "het ware kamp",
            "cijfers",
            f"gevonden binnen {last} kwartalen",
            "na (kwartalen, mediaan)",
            "naar een ander kamp geleid",
        ]
        if nl
        else [
            "the true camp",
            "figures",
            f"found within {last} quarters",
            "after (quarters, median)",
            "led to another camp",
        ]
    )
    return table(heads, rows)


def quarters_words(tables: Tables, language: str) -> str:
    """Say in a sentence how many quarters would tell camps apart."""
    nl, found = language == "nl", tables["quarters"]
    if found.empty:
        return (
            "Met één kamp, of zonder cijfers per kwartaal in de reeksen, valt dat niet te zeggen."
            if nl
            else "With one camp, or without figures by quarter in the sets, that cannot be told."
        )
    mine = found[found["candidate"] == ("both" if "both" in set(found["candidate"]) else "requests")]
    which, least, most = str(mine["candidate"].iloc[0]), float(mine["found"].min()), float(mine["found"].max())
    misled = float(mine["misled"].max())
    figures = CANDIDATES[which][nl].split(" per " if nl else " by ")[0].lower()
    return (
        f"Per kwartaal gepubliceerd vinden {figures} het ware kamp in {percent(least)} tot {percent(most)} van de "
        f"gevallen, en leiden zij in hoogstens {percent(misled)} naar een ander kamp: met zo weinig reeksen per kamp "
        "beslist de naaste reeks."
        if nl
        else f"Published by quarter, {figures} find the true camp in {percent(least)} to {percent(most)} of the cases, "
        f"and lead to another camp in {percent(misled)} at most: with so few sets for a camp, the nearest set decides."
    )


BLOCKS: Final[Mapping[str, Callable[[Tables, str], str]]] = {
    "warning": warning,
    "camps": camps,
    "more": more,
    "monitored": monitored,
    "verdict": verdict,
    "information": information,
    "information_words": information_words,
    "quarters": quarters,
    "quarters_words": quarters_words,
    "members": advice_tables.members,
    "precision": advice_tables.precision,
    "proposals": advice_tables.proposal_rows,
    "depends": advice_tables.depends,
    "without": advice_tables.without,
    "readings": advice_tables.open_readings,
    "attribution": advice_tables.attribution,
}


def titles(tables: Tables, language: str) -> dict[str, str]:
    """Return the title of each camp."""
    column = "title_nl" if language == "nl" else "title"
    return dict(zip(tables["camps"]["camp"], tables["camps"][column], strict=True))
