"""The words of tables, figures and captions in English and Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sim.procedures.schema import Title

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "measure": ("Measure", "Maat"),
    "unit": ("Unit", "Eenheid"),
    "baseline": ("Baseline", "Uitgangssituatie"),
    "reform": ("Reform", "Hervorming"),
    "difference": ("Difference", "Verschil"),
    "interval": ("95% interval", "95%-interval"),
    "from": ("from", "van"),
    "to": ("to", "tot"),
    "signs": ("Lower / same / higher", "Lager / gelijk / hoger"),
    "of": ("of", "van"),
    "value": ("Value", "Waarde"),
    "step": ("Step", "Stap"),
    "what": ("What", "Wat"),
    "before": ("Before", "Eerst"),
    "after": ("After", "Daarna"),
    "source": ("Source", "Bron"),
    "status": ("Status", "Status"),
    "parameter": ("Parameter", "Parameter"),
    "range": ("Range", "Bandbreedte"),
    "grade": ("Grade", "Bewijskracht"),
    "rule changed": ("Rule changed", "Regel veranderd"),
    "rule unchanged": ("Rule not changed", "Regel niet veranderd"),
    "lowest": ("Lowest", "Laagste"),
    "middle": ("Median", "Mediaan"),
    "highest": ("Highest", "Hoogste"),
    "above zero at": ("Above zero at", "Boven nul op"),
    "factor": ("Factor", "Factor"),
    "camp": ("Camp", "Kamp"),
    "figure": ("Figure", "Cijfer"),
    "published": ("Published", "Gepubliceerd"),
    "use": ("Use", "Gebruik"),
    "fitted": ("fitted", "gebruikt"),
    "held out": ("held out", "achtergehouden"),
    "nearest": ("Nearest", "Naaste"),
    "in the scenario": ("In the scenario", "In het scenario"),
    "none": ("no set fits", "geen reeks past"),
    "lowest to highest": ("lowest to highest", "laagste tot hoogste"),
    "nine tenths": ("nine tenths of the weight", "negen tiende van het gewicht"),
    "lower": ("lower", "lager"),
    "higher": ("higher", "hoger"),
    "total": ("Total", "Totaal"),
    "days since arrival": ("days since arrival", "dagen na aankomst"),
    "% of people": ("% of people", "% van de mensen"),
    "under": ("Under", "Onder"),
    "continued": ("continued", "vervolg"),
    "level": ("level", "niveau"),
    "persons": ("persons", "personen"),
    "people": ("people", "mensen"),
    "cases": ("cases", "zaken"),
    "days": ("days", "dagen"),
    "networks": ("networks", "netwerken"),
    "share": ("%", "%"),
    "ratio": ("ratio", "verhouding"),
    "points": ("percentage points", "procentpunten"),
    "read": ("read", "gelezen"),
    "secondary": ("secondary", "secundair"),
    "assumed": ("assumed", "aangenomen"),
    "official": ("official", "officieel"),
    "research": ("research", "onderzoek"),
    "press": ("press", "pers"),
    "judgement": ("judgement", "oordeel"),
    "assumption": ("assumption", "aanname"),
}


def word(name: str, language: str) -> str:
    """Return a word in a language; one that has no translation, as a unit of the user's own, is left as it is."""
    english, dutch = _WORDS.get(name, (name, name))
    return dutch if language == "nl" else english


def both(english: str, dutch: str) -> Title:
    """Return a text in both languages."""
    return Title(en=english, nl=dutch)
