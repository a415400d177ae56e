"""H16: what people do hardly depends on the rule; the numbers of permits do."""

from __future__ import annotations

import functools
from collections import Counter

import pandas as pd
import pytest
from journeys import NEW, OLD, change, journeys, netherlands

from sim.agents.behaviour import Behaviour
from sim.scenarios.scenario import Scenario
from verification.small_worlds import unlimited

PLAIN = unlimited(netherlands(0.3)).replace(readings={"U1": "ninety_days"})
"""No queues, and a reflection period under the new rule too: else the files of most part before they have a choice."""
ON = PLAIN.under("rule_changes_little")
RIVAL = PLAIN.under("deterred_victims")
HEARING = {
    "switches": {"word_of_mouth": True},
    "parameters": {"heard.weight": 1.0, "community.known_in_centre": 1, "community.days_apart": 120},
}
PEOPLE = ("victim", "applicant", "person", "trafficker")
"""Who decides or brings about what the preset takes out; authorities apply the rule, whatever people do."""
RULES = (
    "news_of_the_necessity_test",
    "change_announced",
    "transfer_not_awaited",
    "recognition_apart_from_prosecution",
    "trauma_aware_interview",
)
"""Facts that a regime brings."""
NO_CHOICE = ("statement_has_lead",)
"""Said of a victim, but what a statement brings out depends on how it is taken, not on what the victim wants."""
OWN_STEPS = (
    "b8.signalled",
    "b8.wish_to_report",
    "b8.declined",
    "b8.withdrawn",
    "b8.other_cooperation",
    "b8.hardship_application",
    "whereabouts.leaves_transfer",
    "whereabouts.leaves_onward",
    "whereabouts.leaves_waiting",
    "whereabouts.leaves_trafficker",
    "whereabouts.departed",
)
"""Steps into which people go by what they decide or by what happens to them, not by what an authority does."""


@functools.cache
def partings(scenario: Scenario) -> Counter[str]:
    """Count what the first move is in which a person differs under the new rule: the steps gone to, old and new.

    A step of one's own counts only if it comes after the same moves: what follows from another file is not counted.
    """
    paths = []
    for regime in (OLD, NEW):
        run = journeys(scenario, regime)
        moves = run.moves[["person", "date", "from", "to"]]
        moves = moves[moves.person.isin(run.people.index)]
        paths.append(moves.assign(number=moves.groupby("person").cumcount()))
    # What is left of both are the moves at a number at which they are not the same.
    differing = pd.concat(paths).drop_duplicates(keep=False)
    first = differing[differing.number == differing.groupby("person").number.transform("min")]
    return Counter(first.drop_duplicates(["person", "to"])["to"])


def own(found: Counter[str]) -> int:
    return sum(found[step] for step in OWN_STEPS)


def test_the_preset_sets_every_response_to_a_rule_or_to_what_is_heard_to_nothing() -> None:
    behaviour = Behaviour.load()
    beliefs = set(behaviour.belief)
    given = ON.document.parameters
    checked = 0
    for name, decision in behaviour.decision.items():
        if name in NO_CHOICE:
            continue
        for factors, number in (decision.logit or {}).items():
            if decision.who in PEOPLE and ({*str(factors).split(" * ")} & (beliefs | {*RULES})):
                assert given.get(number) == 0, number
                checked += 1
    for hazard in behaviour.hazard.values():
        if not {*PEOPLE} & {*hazard.who.split(", ")}:
            continue
        for factors, number in hazard.times.items():
            if {*str(factors).split(" * ")} & (beliefs | {*RULES}):
                assert given.get(number) == 1, number
                checked += 1
        if {*RULES} & {*map(str, hazard.when)}:
            assert given.get(hazard.per_year) == 0, hazard.per_year
            checked += 1
    assert checked > 20


def test_nobody_parts_by_a_choice_of_his_or_her_own() -> None:
    found = partings(ON)
    assert own(found) == 0, found
    assert sum(found.values()) > 50, "the rule did change the files of many"


@pytest.mark.parametrize(("other", "at_least"), [(PLAIN, 5), (RIVAL, 50)], ids=["plain", "rival"])
def test_elsewhere_people_part_by_their_own_choices(other: Scenario, at_least: int) -> None:
    assert own(partings(other)) >= at_least


def test_the_same_holds_with_word_of_mouth() -> None:
    assert own(partings(ON.replace(**HEARING))) == 0
    assert own(partings(PLAIN.replace(**HEARING))) > 2 * own(partings(PLAIN))


def test_permits_fall_and_wishes_to_report_do_not() -> None:
    rows = change(ON)
    wishes, permits, signals = (
        rows.loc[name, "dublin"] for name in ("wish_to_report", "b8_granted", "victims_signalled")
    )
    assert permits.difference < -0.4 * permits.before
    assert abs(wishes.difference) < 0.03 * wishes.before
    assert abs(signals.difference) < 0.03 * signals.before
    rival = change(RIVAL).loc["wish_to_report", "dublin"]
    assert rival.difference < -0.2 * rival.before
