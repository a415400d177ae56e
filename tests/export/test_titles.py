"""Titles in both languages, with layers and readings of regimes, and never two the same."""

from __future__ import annotations

from sim.export.results import Results
from sim.export.titles import OUTCOMES, Titles, regime_titles
from sim.policies.regime import Regime
from sim.report.phrases import OUTCOME_TITLES


def test_a_regime_is_titled_with_its_layers_and_readings() -> None:
    names = ["vc_2018", "vc_2019_08+c_66_21", "vc_2019_08+U1=ninety_days"]
    titles = regime_titles({name: Regime.load(name) for name in names})
    assert titles["vc_2018"].en == "Aliens Circular, B8/3 before 2019"
    assert titles["vc_2019_08+c_66_21"].en.endswith(
        "August 2019; " + "No transfer during the reflection period (Court of Justice, C-66/21)"
    )
    assert titles["vc_2019_08+c_66_21"].nl.startswith("Vreemdelingencirculaire B8/3 per augustus 2019; Geen overdracht")
    assert len({title.en for title in titles.values()}) == 3


def test_two_regimes_of_one_title_are_told_apart_by_their_names() -> None:
    titles = regime_titles({"a": Regime.load("vc_2018"), "b": Regime.load("vc_2018"), "c": Regime.load("vc_2023")})
    assert titles["a"].en == "Aliens Circular, B8/3 before 2019 [a]"
    assert titles["b"].nl == "Vreemdelingencirculaire B8/3 tot 2019 [b]"
    assert "[" not in titles["c"].en


def test_groups_say_which_assumption_drives_them_in_both_languages(comparison: Results) -> None:
    titles: Titles = comparison.titles
    assert titles.group("UGA", "en") == "Uganda (driven by an assumed input: inflow.victim_share_UGA = 0.45)"
    assert titles.group("UGA", "nl") == "Oeganda (bepaald door een aanname: inflow.victim_share_UGA = 0.45)"
    assert titles.group("rule_changed", "nl") == "mensen voor wie de regel veranderde"
    assert titles.group("exploited_by_force", "nl") == "@met geweld vastgehouden"
    assert set(comparison.measures["group"]) == set(titles.groups)


def test_measures_and_outcomes_have_titles_in_both_languages(comparison: Results) -> None:
    titles = comparison.titles
    assert titles.measure("b8_granted", "nl") == "B8-vergunning verleend"
    assert titles.measure("left_unknown", "en", "recorded").startswith("Recorded as left")
    assert titles.outcome("left_unknown", "nl") == "met onbekende bestemming vertrokken"
    assert titles.regime("vc_2018", "nl") == "Vreemdelingencirculaire B8/3 tot 2019"
    assert OUTCOMES.keys() == OUTCOME_TITLES.keys()
