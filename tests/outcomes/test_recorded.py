"""What the registers would show (`sim.outcomes.recorded`)."""

from __future__ import annotations

import pytest
from compared_runs import REGIMES, ran

import sim
from sim.outcomes.recorded import NOTIFIERS, chance_of


@pytest.mark.parametrize("regime", REGIMES)
def test_the_registers_show_less_than_there_is(regime: str) -> None:
    """Registrations are by at least one notifier, in one year each, of people who were in contact with one."""
    run = ran(regime, 0)
    everybody = run.measures[run.measures.group == "all"].set_index(["measure", "world"])["value"]
    recorded = everybody.xs("recorded", level="world")
    total = recorded["registrations"]
    notifiers = ("police", "care", "inspectorate", "border_police", "others")
    years = range(2017, 2022)
    by_notifier = [recorded[f"registrations_{name}"] for name in notifiers]
    assert sum(by_notifier) > total > max(by_notifier) > 20, "notifiers overlap, and each person counts once"
    assert recorded["registrations_twice"] == 0
    assert total == sum(recorded[f"registrations_{year}"] for year in years)
    seen = set(run.transitions.person[run.transitions.to.isin(["b8.signalled", "b8.intake"])])
    assert total <= len(seen)
    assert sum(recorded[f"signalled_{year}"] for year in years) == len(
        set(run.transitions.person[run.transitions.to == "b8.signalled"])
    )
    assert recorded["left_unknown"] == everybody["left_unknown", "simulated"]


@pytest.mark.parametrize("regime", REGIMES)
def test_what_the_registers_show_of_victims_is_part_of_the_victims(regime: str) -> None:
    table = ran(regime, 0).measures.set_index(["measure", "world", "group"])["value"]
    years = range(2017, 2022)
    for name in ("registrations_victims", *(f"registrations_victims_{year}" for year in years)):
        for group in ("all", "dublin", "women"):
            assert 0 < table[name, "recorded", group] < table[name, "simulated", group]
    everybody = table.xs("all", level="group")
    victims = everybody["registrations_victims", "recorded"]
    assert victims == sum(everybody[f"registrations_victims_{year}", "recorded"] for year in years)
    assert victims < everybody["registrations", "recorded"], "others are registered as possible victims too"
    persons = ran(regime, 0).persons
    assert everybody["registrations_victims", "simulated"] == persons.victim.sum()


def test_duplicates_that_are_not_recognised_count_as_persons() -> None:
    """Some are notified by several: the register counts them once, or twice where it does not recognise them."""
    scenario = ran("vc_2018", 0).world.scenario
    all_kept = scenario.replace(parameters={"recording.duplicates_kept": 1.0})
    once, twice = (
        sim.run(s, "vc_2018").measures.query("group == 'all' and world == 'recorded'").set_index("measure")["value"]
        for s in (scenario, all_kept)
    )
    names = [f"registrations_{name}" for name in ("police", "care", "inspectorate", "border_police", "others")]
    assert twice["registrations"] - once["registrations"] == twice["registrations_twice"] > 5
    assert twice["registrations"] == sum(twice[names]), "nobody is notified by three"
    assert sum(twice[names]) == sum(once[names])
    assert twice["registrations"] == sum(twice[f"registrations_{year}"] for year in range(2017, 2022))
    assert twice["registrations_victims"] == once["registrations_victims"]


def test_a_dated_ratio_multiplies_the_level_of_its_notifiers_in_its_years_only() -> None:
    parameters = sim.Scenario.load("netherlands").parameter_values()
    changed = parameters.replace({"recording.privacy_law_2018_ratio": 0.2, "recording.police_from_2019_ratio": 2.9})
    for notifier in NOTIFIERS:
        level = parameters[f"recording.{notifier}"]
        assert chance_of(notifier, 2017, changed) == level
        privacy = 0.2 if notifier in ("care", "others") else 1
        assert chance_of(notifier, 2018, changed) == pytest.approx(level * privacy)
        same = chance_of(notifier, 2021, changed) == chance_of(notifier, 2021, parameters)
        assert same == (notifier != "police")
    assert chance_of("police", 2020, changed) == 1, "a chance is at most 1"


def test_registrations_of_a_year_rise_with_the_ratio_of_that_year() -> None:
    scenario = ran("vc_2018", 0).world.scenario
    more = scenario.replace(parameters={"recording.privacy_law_2018_ratio": 1.0})
    before, after = (
        sim.run(s, "vc_2018").measures.query("group == 'all' and world == 'recorded'").set_index("measure")["value"]
        for s in (scenario, more)
    )
    assert after["registrations_care"] > before["registrations_care"]
    assert after["registrations_2018"] > 1.1 * before["registrations_2018"]
    assert after["registrations_2019"] <= before["registrations_2019"], "some are registered a year earlier"
    assert after["registrations_2017"] == before["registrations_2017"]
    assert after["registrations_inspectorate"] == before["registrations_inspectorate"]
