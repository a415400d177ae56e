"""Captions of tables and figures in English and Dutch: what is shown, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.export.pieces import Piece
from sim.export.results import Results
from sim.export.words import both
from sim.procedures.schema import Title


def caption_of_differences(results: Results, reforms: Sequence[str], group: str) -> Title:
    """Say what differences between a baseline and reforms show."""
    baseline, titles, shown = results.regimes[0], results.titles, _listed(results, reforms)
    return _with_ground(
        results,
        f"Paired differences from {titles.regime(baseline, 'en')} under {shown.en}, on the same synthetic people: "
        f"{titles.group(group, 'en')}. Levels and differences are means over replicates; differences of shares are "
        "in percentage points.",
        f"Gepaarde verschillen met {titles.regime(baseline, 'nl')} onder {shown.nl}, voor dezelfde synthetische "
        f"mensen: {titles.group(group, 'nl')}. Niveaus en verschillen zijn gemiddelden over replicaties; verschillen "
        "van aandelen zijn in procentpunten.",
    )


def caption_of_forest(results: Results, reforms: Sequence[str], group: str) -> Title:
    """Say what the figure of differences shows."""
    said, pale = caption_of_differences(results, reforms, group), _fitted_range(results.receipt)
    return both(
        f"Mark: mean paired difference; bar: its interval, of chance only. {pale.en} Each row has its own scale, at "
        f"least a tenth of the level under the baseline on either side of zero. {said.en}",
        f"Teken: gemiddeld gepaard verschil; balk: het interval, alleen van toeval. {pale.nl} Elke rij heeft een eigen "
        f"schaal, aan weerszijden van nul ten minste een tiende van het niveau in de uitgangssituatie. {said.nl}",
    )


def _fitted_range(receipt: Mapping[str, Any]) -> Title:
    """Say what the pale bars are, or that no range is established."""
    fitted = receipt.get("fitted_range")
    if fitted is None:
        return both(
            "A range over fitted sets of assumptions is not established for this comparison.",
            "Een bereik over passende stellen aannames is voor deze vergelijking niet vastgesteld.",
        )
    return both(
        f"Pale bar: the range over the {fitted['sets']} sets of assumptions that fit what was published before 1 "
        "August 2019, nine tenths of them.",
        f"Lichte balk: het bereik over de {fitted['sets']} stellen aannames die passen bij wat voor 1 augustus 2019 is "
        "gepubliceerd, negen tiende ervan.",
    )


def caption_of_curves(results: Results, group: str) -> Title:
    """Say what the figure of ways out shows."""
    titles = results.titles
    return _with_ground(
        results,
        f"Cumulative incidence of the ways out of the procedures, by day since arrival: {titles.group(group, 'en')}. "
        "The first way out counts and closes the others (Aalen-Johansen); means over replicates. The curves have no "
        "intervals.",
        "Cumulatieve incidentie van de wijzen van uitstroom uit de procedures, naar dag na aankomst: "
        f"{titles.group(group, 'nl')}. De eerste uitstroom telt en sluit de andere uit (Aalen-Johansen); gemiddelden "
        "over replicaties. De curven hebben geen intervallen.",
    )


def caption_of_flows(results: Results, reform: str, group: str) -> Title:
    """Say what the figure of flows shows."""
    baseline, titles = results.regimes[0], results.titles
    return _with_ground(
        results,
        f"Where the same synthetic persons are on the last day under {titles.regime(baseline, 'en')} (rows) and under "
        f"{titles.regime(reform, 'en')} (columns): {titles.group(group, 'en')}; mean counts over replicates. Off the "
        "diagonal are those for whom it differs.",
        f"Waar dezelfde synthetische personen op de laatste dag zijn onder {titles.regime(baseline, 'nl')} (rijen) en "
        f"onder {titles.regime(reform, 'nl')} (kolommen): {titles.group(group, 'nl')}; gemiddelde aantallen over "
        "replicaties. Buiten de diagonaal staan degenen voor wie het verschilt.",
    )


def caption_of_spill_over(results: Results, reform: str) -> Title:
    """Say what direct effect and spill-over show."""
    baseline, titles = results.regimes[0], results.titles
    return _with_ground(
        results,
        f"Paired differences of {titles.regime(reform, 'en')} from {titles.regime(baseline, 'en')}, for the synthetic "
        "people for whom the text of a rule decided something and for all others. What differs for the others comes "
        "through queues, places, networks and what people hear.",
        f"Gepaarde verschillen van {titles.regime(reform, 'nl')} met {titles.regime(baseline, 'nl')}, voor de "
        "synthetische mensen voor wie de tekst van een regel iets besliste en voor alle anderen. Wat voor de anderen "
        "verschilt, komt door wachtrijen, plaatsen, netwerken en wat mensen horen.",
    )


def caption_of_law(results: Results, reform: str) -> Title:
    """Say what the changes of the law show."""
    baseline, titles = results.regimes[0], results.titles
    return both(
        f"What {titles.regime(reform, 'en')} changes in {titles.regime(baseline, 'en')} as the model reads it, step by "
        "step. Status: whether the source was read, is known from a secondary source, or is assumed.",
        f"Wat {titles.regime(reform, 'nl')} verandert in {titles.regime(baseline, 'nl')} zoals het model het leest, "
        "stap voor stap. Status: of de bron is gelezen, uit een secundaire bron bekend is, of is aangenomen.",
    )


def caption_of_assumptions(shown: int, everything: int) -> Title:
    """Say what the table of the weakest assumptions shows."""
    return both(
        f"The {shown} parameters with the weakest evidence, of {everything}: value in use and plausible range.",
        f"De {shown} parameters met de zwakste onderbouwing, van {everything}: gebruikte waarde en aannemelijke "
        "bandbreedte.",
    )


def caption_of_values(results: Results) -> Title:
    """Say what the values of one run show."""
    (regime,) = results.regimes
    replicate, titles = results.receipt["replicate"], results.titles
    return _with_ground(
        results,
        f"Measures for everyone under {titles.regime(regime, 'en')} in replicate {replicate}: one draw, so without "
        "intervals.",
        f"Maten voor iedereen onder {titles.regime(regime, 'nl')} in replicatie {replicate}: een trekking, dus zonder "
        "intervallen.",
    )


def caption_of_ranges(results: Results, reform: str, group: str) -> Title:
    """Say what the ranges of a study show."""
    baseline, titles, points = results.regimes[0], results.titles, results.receipt["points"]
    return _with_ground(
        results,
        f"Between which values the paired difference of {titles.regime(reform, 'en')} from "
        f"{titles.regime(baseline, 'en')} lies over {points} sets of assumptions, on the same synthetic people: "
        f"{titles.group(group, 'en')}; each a mean over replicates. A range over the sets that were tried, not an "
        "interval of chance; differences of shares are in percentage points.",
        f"Tussen welke waarden het gepaarde verschil van {titles.regime(reform, 'nl')} met "
        f"{titles.regime(baseline, 'nl')} ligt over {points} reeksen aannames, voor dezelfde synthetische mensen: "
        f"{titles.group(group, 'nl')}; elk een gemiddelde over replicaties. Een bandbreedte over de reeksen die zijn "
        "beproefd, geen interval van toeval; verschillen van aandelen zijn in procentpunten.",
    )


def caption_of_range_figure(results: Results, reforms: Sequence[str], group: str) -> Title:
    """Say what the figure of ranges of a study shows."""
    baseline, titles, shown = results.regimes[0], results.titles, _listed(results, reforms)
    return _with_ground(
        results,
        f"Mark: median over {results.receipt['points']} sets of assumptions of the paired difference of {shown.en} "
        f"from {titles.regime(baseline, 'en')}, on the same synthetic people: {titles.group(group, 'en')}; bar: "
        "lowest to highest, over the sets that were tried and not an interval of chance. Each row has its own scale.",
        f"Teken: mediaan over {results.receipt['points']} reeksen aannames van het gepaarde verschil van {shown.nl} "
        f"met {titles.regime(baseline, 'nl')}, voor dezelfde synthetische mensen: {titles.group(group, 'nl')}; balk: "
        "laagste tot hoogste, over de reeksen die zijn beproefd en geen interval van toeval. Elke rij heeft een eigen "
        "schaal.",
    )


def caption_of_camps(results: Results, reform: str, group: str) -> Title:
    """Say what differences by camp show."""
    table, titles = results.table("camp_differences"), results.titles
    baseline = str(table["baseline"].iloc[0])
    after = results.receipt["figures_after_the_change_fitted"]
    return _with_ground(
        results,
        f"The paired difference of {titles.regime(reform, 'en')} from {titles.regime(baseline, 'en')} over the sets of "
        f"assumptions of each camp that fit {_fitted(after).en}: {titles.group(group, 'en')}. Mark: the middle of the "
        "weight; bar: nine tenths of it, over sets of assumptions and not chance. A mechanism of a camp is compatible "
        "with the figures, not shown by them; the other camps with sets that fit are compatible too.",
        f"Het gepaarde verschil van {titles.regime(reform, 'nl')} met {titles.regime(baseline, 'nl')} over de reeksen "
        f"aannames van elk kamp die passen bij {_fitted(after).nl}: {titles.group(group, 'nl')}. Teken: het midden van "
        "het gewicht; balk: negen tiende ervan, over reeksen aannames en niet over toeval. Een mechanisme van een "
        "kamp is verenigbaar met de cijfers, niet erdoor aangetoond; andere kampen met passende reeksen zijn dat ook.",
    )


def caption_of_figures(results: Results) -> Title:
    """Say what the table of published figures and fitted sets shows."""
    after = results.receipt["figures_after_the_change_fitted"]
    return _with_ground(
        results,
        f"Published figures beside what the sets of assumptions of each camp give that fit {_fitted(after).en}: the "
        "middle and nine tenths of their weight, and by how many tolerances the nearest of all sets misses the figure.",
        f"Gepubliceerde cijfers naast wat de reeksen aannames van elk kamp geven die passen bij {_fitted(after).nl}: "
        "het midden en negen tiende van hun gewicht, en hoeveel toleranties de naaste van alle reeksen ernaast zit.",
    )


def _fitted(after: bool) -> Title:
    if after:
        return both("the published figures, also later ones", "de gepubliceerde cijfers, ook latere")
    return both("what was published before 1 August 2019", "wat voor 1 augustus 2019 is gepubliceerd")


def caption_of_factors(results: Results) -> Title:
    """Say what the table of factors shows."""
    points = results.receipt["points"]
    return both(
        f"What varies over the {points} sets of assumptions of the study, from where to where, and its value in the "
        "scenario.",
        f"Wat verschilt over de {points} reeksen aannames van de studie, tussen welke grenzen, en de waarde in het "
        "scenario.",
    )


def captions_page(pieces: Sequence[Piece], language: str) -> str:
    """Return the captions of all tables and figures in one language, as Markdown: one heading for each file."""
    head = "Onderschriften" if language == "nl" else "Captions"
    parts = [f"# {head}\n"]
    by_text: dict[tuple[str, str], list[str]] = {}
    for piece in pieces:
        if piece.kind in {"LaTeX table", "figure"}:
            texts = (piece.title.nl, piece.caption.nl) if language == "nl" else (piece.title.en, piece.caption.en)
            by_text.setdefault(texts, []).append(piece.path)
    for (title, caption), paths in by_text.items():
        files = ", ".join(f"`{path}`" for path in paths)
        parts.append(f"\n## {title}\n\n{caption}\n\n{files}\n")
    return "".join(parts)


def ground(results: Results) -> Title:
    """Say in one sentence from which run something comes and what its intervals cover."""
    receipt = results.receipt
    run = f"b8sim {receipt['version']}, scenario {receipt['scenario']}, seed {receipt['seed']}"
    said = both(f"{run}{_under(receipt, 'under')}.", f"{run}{_under(receipt, 'onder')}.")
    if results.kind == "study":
        sets = receipt["points"], receipt["replicates"]
        return both(
            f"{sets[0]} points, {sets[1]} replicates at each. {said.en}",
            f"{sets[0]} punten, {sets[1]} replicaties op elk. {said.nl}",
        )
    if results.kind == "calibration":
        sets = receipt["sets"], receipt["replicates"]
        return both(
            f"{sets[0]} sets, {sets[1]} replicates of each. {said.en}",
            f"{sets[0]} reeksen, {sets[1]} replicaties van elk. {said.nl}",
        )
    replicates = receipt.get("replicates")
    if replicates is None:
        return said
    if replicates == 1:
        return both(
            f"One replicate, so without intervals. {said.en}", f"Een replicatie, dus zonder intervallen. {said.nl}"
        )
    return both(
        f"Intervals: 95%, over {replicates} replicates; they cover chance inside the model, given its assumptions, and "
        f"not the doubt about the assumptions. {said.en}",
        f"Intervallen: 95%, over {replicates} replicaties; zij omvatten het toeval binnen het model, gegeven de "
        f"aannames, en niet de twijfel over de aannames. {said.nl}",
    )


def _with_ground(results: Results, english: str, dutch: str) -> Title:
    said = ground(results)
    return both(f"{english} {said.en}", f"{dutch} {said.nl}")


def _under(receipt: dict[str, Any], preposition: str) -> str:
    names = receipt.get("hypotheses")
    return f", {preposition} {', '.join(names)}" if names else ""


def _listed(results: Results, regimes: Sequence[str]) -> Title:
    english, dutch = ([results.titles.regime(name, language) for name in regimes] for language in ("en", "nl"))
    return both(_joined(english, "and"), _joined(dutch, "en"))


def _joined(parts: Sequence[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{'; '.join(parts[:-1])} {word} {parts[-1]}"
