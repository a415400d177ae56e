"""Of whom a measure is, in words."""

from __future__ import annotations

from sim.outcomes.measures import Measures
from sim.outcomes.populations import other_population, population_of


def test_populations_are_said_in_both_languages() -> None:
    measures = Measures.load().measure
    said = {name: population_of(measure) for name, measure in measures.items()}
    assert said["victims_signalled"].en.startswith("true victims")
    assert said["victims_signalled"].nl.startswith("echte slachtoffers")
    assert said["b8_granted"].en == "everyone who comes"
    assert said["networks_convicted"].en == "networks"
    assert said["triage_sensitivity"].en.endswith("of whom only those at b8.intake")
    assert all(one.en != one.nl for one in said.values())


def test_what_no_file_defines_has_one_too() -> None:
    assert other_population("registrations_2019", "recorded").en == "people whom a register shows"
    assert other_population("victims_2019", "simulated").en.startswith("true victims")
    assert "pool" in other_population("queue_avim.report", "simulated").en
