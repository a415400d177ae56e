"""The measures in Dutch, where their words are not in a file of titles: registers, pools, how something is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sim.outcomes.recorded import KNOWN_YEARS, NOTIFIERS, Period
from sim.procedures.schema import Title

MARK: Final = "bepaald door een aanname"
"""Before the assumed parameter that drives a measure."""

MEANING: Final = {
    "persons": "personen",
    "entries": "aantal keren",
    "days": "dagen",
    "mean_days": "gemiddeld aantal dagen",
    "restricted_mean_days": "gemiddeld aantal dagen tot een grens",
    "share": "aandeel",
    "ratio": "verhouding",
    "within": "aandeel binnen de termijn",
    "networks": "netwerken",
    "together": "aandeel op dezelfde dag als een ander van het netwerk",
    "then": "en later",
    "not_before": "zonder daarvoor",
    "not_steps": "maar niet",
    "per_done": "per beëindigde",
    "per": "per",
    "among": "voor wie geldt",
}
"""The words in which it is said how a measure is counted."""

EXCHANGE_RATE: Final = (
    "Slachtoffers die de B8-vergunning verliezen voor elke strategische aangiftewens zonder vergunning",
    "verschillen van b8_granted_victims en strategic_granted; hangt af van strategic.share, een aanname",
)
"""Title and meaning of the measure that is made of two others."""

_NOTIFIERS: Final = dict(
    zip(NOTIFIERS, ("politie", "zorg", "inspectie", "Koninklijke Marechaussee", "overige melders"), strict=True)
)
_POOLS: Final = {
    "queue": ("Gemiddeld aantal wachtenden: {}", "over de hele periode"),
    "wait": (
        "Gemiddeld aantal dagen wachten tot behandeling: {}",
        "van wie in de periode aan de beurt kwam; wie nog wacht telt niet mee",
    ),
    "utilisation": ("Gebruikte capaciteit: {}", "over de hele periode, hoogstens 1"),
    "beyond_capacity": ("Gemiddeld aantal boven de plaatsen: {}", "nadat plaatsen zijn ingetrokken"),
}


def counterparts(period: Period) -> Iterator[tuple[str, str]]:
    """Give title and meaning of what registers would show of victims if they showed all, in the measures' order."""
    for title in _victims(period):
        yield title, "naar jaar van aankomst; gelijk onder elk regime"


def recorded(period: Period) -> Iterator[tuple[str, str]]:
    """Give title and meaning of the measures of the recorded world, in the order of the measures."""
    named = [_named(period, year) for year in period.measured]
    yield "Geregistreerd bij CoMensha als mogelijk slachtoffer", _recorded(period)
    for notifier in _NOTIFIERS.values():
        yield f"Geregistreerd bij CoMensha, gemeld door: {notifier}", _recorded(period)
    yield "Dubbel geteld bij CoMensha: opnieuw gemeld en voor een ander gehouden", _recorded(period)
    for year, name in zip(period.measured, named, strict=True):
        yield f"Geregistreerd bij CoMensha in {name}", _recorded(period, year)
    years: list[int | None] = [None, *period.measured]
    for of_year, title in zip(years, _victims(period), strict=True):
        yield f"{title}, op de laatste dag geregistreerd bij CoMensha", _recorded(period, of_year)
    for name in named:
        yield f"Signalen doorgegeven aan de politie in {name}", REGISTERS
    yield "Geregistreerd als met onbekende bestemming vertrokken, om welke reden ook", REGISTERS


def pools(measures: Sequence[tuple[str, str]], titles: Mapping[str, Title]) -> Iterator[tuple[str, str]]:
    """Give title and meaning of measures of pools, given as (kind, pool)."""
    for kind, pool in measures:
        title, meaning = _POOLS[kind]
        yield title.format(titles[pool].nl), meaning


REGISTERS: Final = "wat de registers zouden tonen"


def _recorded(period: Period, year: int | None = None) -> str:
    """Say what a measure of the registers means, and which year's chances of registration stand in for another's."""
    others = [other for other in period.stand_ins if year in {None, other}]
    if not others:
        return REGISTERS
    stand_in = ", ".join(f"{period.stand_ins[other]} voor {other}" for other in others)
    return f"{REGISTERS}; kansen op registratie zijn bekend van {KNOWN_YEARS[0]} tot {KNOWN_YEARS[-1]}: {stand_in}"


def _victims(period: Period) -> list[str]:
    title = "Slachtoffers die zijn aangekomen"
    return [title, *(f"{title} in {_named(period, year)}" for year in period.measured)]


def _named(period: Period, year: int) -> str:
    """Return a year as it is named in a title, with its days where it is not whole."""
    return period.named(year).replace("not in the scenario", "niet in het scenario").replace(" to ", " tot en met ")
