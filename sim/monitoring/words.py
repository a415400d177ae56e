"""What weighing came to, in plain sentences, in English and Dutch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from sim.monitoring.forecasts import Forecasts
from sim.monitoring.weighing import WITHIN, Forecast, Weighed

STRENGTH: Final = (
    (3.0, "hardly worth a mention", "nauwelijks het vermelden waard"),
    (20.0, "some support", "enige steun"),
    (150.0, "strong support", "sterke steun"),
    (math.inf, "very strong support", "zeer sterke steun"),
)
"""How a Bayes factor is called up to a value (Kass and Raftery 1995)."""

UNFITTED: Final = (
    "No set of {camps} reproduces the figures of before the change, so that it is not weighed.",
    "Geen reeks van {camps} geeft de cijfers van voor de wijziging weer, zodat die niet meeweegt.",
)
NEAREST: Final = (
    "No set of any camp reproduces the figures of before the change: the nearest sets of {camps} are weighed.",
    "Geen reeks van welk kamp ook geeft de cijfers van voor de wijziging weer: de naaste reeksen van {camps} tellen.",
)
NONE_EN: Final = (
    "{none} of {all} figures fit no camp: the model as fitted does not describe them, or they count something else. "
    "What separates the camps then says little."
)
NONE_NL: Final = (
    "{none} van {all} cijfers passen bij geen enkel kamp: het gefitte model beschrijft ze niet, of ze tellen iets "
    "anders. Wat de kampen dan van elkaar onderscheidt, zegt weinig."
)
ONLY_EN: Final = "Only '{name}' has fitted sets."
ONLY_NL: Final = "Alleen '{name}' heeft passende reeksen."
FACTOR_EN: Final = "The figures are {times} times as likely under '{first}' as under '{other}': {strength}."
FACTOR_NL: Final = "De cijfers zijn {times} maal zo waarschijnlijk onder '{first}' als onder '{other}': {strength}."
TOO_FEW: Final = ("on too few sets to call it support", "op te weinig reeksen om het steun te noemen")
"""Instead of a strength, in English and Dutch, where a camp's last forecast rests on few sets."""
THIN: Final = (
    "The last forecasts rest on so few sets that these factors say which set lies nearest, not which camp is right.",
    "De laatste voorspellingen rusten op zo weinig reeksen dat deze factoren zeggen welke reeks het dichtst bij ligt, "
    "niet welk kamp gelijk heeft.",
)
"""In English and Dutch."""
RIVAL_EN: Final = (
    "The figures are compatible with '{first}', which they do not show; the nearest rival is '{other}'. Tolerances are "
    "judgements."
)
RIVAL_NL: Final = (
    "De cijfers zijn verenigbaar met '{first}', maar tonen dat niet aan; de naaste rivaal is '{other}'. Toleranties "
    "zijn oordelen."
)


def strength(factor: float, language: str = "en") -> str:
    """Return a Bayes factor of 1 or more in words."""
    english, dutch = next((en, nl) for most, en, nl in STRENGTH if factor <= most)
    return dutch if language == "nl" else english


def times(factor: float, language: str = "en") -> str:
    """Return how many times as likely, with two digits."""
    if factor >= 1000:
        return "more than 1,000" if language == "en" else "meer dan 1.000"
    text = f"{factor:.1f}" if factor < 10 else f"{factor:.0f}"
    return text if language == "en" else text.replace(".", ",")


def amount(value: float, language: str = "en") -> str:
    """Return a number with three digits, and thousands set apart."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def figure_lines(one: Weighed, forecasts: Forecasts, language: str = "en") -> list[str]:
    """Return a figure, what each camp had forecast, and the breaks that it crosses."""
    nl = language == "nl"
    title = one.figure.target.document.title.nl if nl else one.figure.target.document.title.en
    if one.figure.target.name not in _known():
        title = f"{one.figure.series}, {one.figure.population}, {one.figure.period}"
    lines = [f"{title}: {'gepubliceerd' if nl else 'published'} {one.figure.target.bound}"]
    counted = one.figure.target.counted
    whose = one.figure.target.population if one.figure.population.startswith("idem") else one.figure.population
    lines.append(
        f"  gepubliceerd over: {whose}; het model telt: {counted.nl}"
        if nl
        else f"  published of: {whose}; the model counts: {counted.en}"
    )
    for said in one.forecasts:
        name = forecasts.title(said.camp, language)
        if math.isnan(said.middle):
            lines.append(f"  {name}: {'geen voorspelling' if nl else 'no forecast'}")
            continue
        where = ("binnen" if nl else "inside") if said.inside else ("buiten" if nl else "outside")
        middle, low, high = (amount(value, language) for value in (said.middle, said.low, said.high))
        lines.append(f"  {name}: {middle} ({low} {'tot' if nl else 'to'} {high}): {where}{thin(said, language)}")
    for broken in one.breaks:
        what = broken.what.nl if nl else broken.what.en
        lines.append(f"  {'over een definitiebreuk heen' if nl else 'crosses a break in definition'}: {what}")
    if one.fits_none:
        lines.append(
            f"  geen reeks van welk kamp ook komt binnen {WITHIN:g} toleranties"
            if nl
            else f"  no set of any camp comes within {WITHIN:g} tolerances"
        )
    return lines


def thin(said: Forecast, language: str = "en") -> str:
    """Say that a range rests on few sets, where it does."""
    if not said.is_thin:
        return ""
    sets = f"{said.effective:.1f}"
    if language == "nl":
        return f"; rust op {sets.replace('.', ',')} reeksen, dus te smal"
    return f"; rests on {sets} sets, so it is too narrow"


def verdict(weighed: Sequence[Weighed], forecasts: Forecasts, language: str = "en") -> list[str]:
    """Return which camp the figures favour and by how much, or that none fits."""
    nl = language == "nl"
    if not weighed:
        return []
    ordered = sorted(weighed[-1].weight.items(), key=lambda item: -item[1])
    names = [forecasts.title(camp, language) for camp, _ in ordered]
    lines = []
    if forecasts.unfitted:
        which = UNFITTED if forecasts.are_fitted else NEAREST
        lines.append(which[nl].format(camps=", ".join(f"'{one.title[language]}'" for one in forecasts.unfitted)))
    none = sum(one.fits_none for one in weighed)
    if none:
        lines.append((NONE_NL if nl else NONE_EN).format(none=none, all=len(weighed)))
    if len(ordered) == 1:
        lines.append((ONLY_NL if nl else ONLY_EN).format(name=names[0]))
        return lines
    few = {said.camp for said in weighed[-1].forecasts if said.is_thin}
    for (camp, weight), name in list(zip(ordered, names, strict=True))[1:]:
        factor, thin_pair = ordered[0][1] / max(weight, 1e-300), bool(few & {ordered[0][0], camp})
        said = {"times": times(factor, language), "strength": TOO_FEW[nl] if thin_pair else strength(factor, language)}
        lines.append((FACTOR_NL if nl else FACTOR_EN).format(first=names[0], other=name, **said))
    if few:
        lines.append(THIN[nl])
    lines.append((RIVAL_NL if nl else RIVAL_EN).format(first=names[0], other=names[1]))
    return lines


def _known() -> set[str]:
    from sim.calibration.targets import load_targets

    return set(load_targets())
