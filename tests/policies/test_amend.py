"""How an amendment changes a text (`sim.policies.amend`): every way, and every amendment that cannot be made."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regime_files import HEAD, amend, mine, refused, rows, targets

from sim.files.errors import InputError
from sim.policies.regime import FactPeriod
from sim.policies.statute import Statute
from sim.procedures import Rulebook
from sim.procedures.conditions import Criterion, Product, Signal, TraitName
from sim.procedures.schema import Step

BASE = Rulebook.load()


def one(body: str, name: str) -> Step:
    """Load a regime with one amendment of a step and return the step."""
    regime = mine(amend(f'step = "{name}"\n{body}'))
    assert {n for n, step in regime.final_steps.items() if BASE.steps.get(n) != step} == {name}
    return regime.final_steps[name]


def test_branches_before_after_at_the_end_and_instead() -> None:
    step = "b8.considers_report"
    old = targets(BASE.steps[step])
    for place, position in (
        ('before = "other_cooperation"', 1),
        ('after = "wish_to_report"', 1),
        ('after = "b8.considers_report"', 6),
        ('before = "declined"', 3),
    ):
        new = one(f'next = [{{ to = "closed", when = "minor", {place} }}]', step)
        assert targets(new) == [*old[:position], "b8.closed", *old[position:]], place
    two = one(
        'next = [{ to = "closed", when = "minor", before = "declined" }, '
        '{ to = "none", when = "women", before = "declined" }]',
        step,
    )
    assert targets(two)[3:6] == ["b8.closed", "b8.none", "b8.declined"], "before the first of them"
    gate = one('next = [{ to = "transferred", when = "minor" }]', "dublin.transfer_due")
    assert gate.next[-1].when == (Criterion.parse("minor"),)
    assert targets(one('next = [{ to = "closed" }]\nreplace = true', step)) == ["b8.closed"]


def test_a_new_branch_rests_on_the_sources_of_its_amendment() -> None:
    step = one(
        'law = "kst236"\nnext = [{ to = "closed", when = "minor", before = "declined" }]',
        "b8.considers_report",
    )
    assert [branch.law for branch in step.next if branch.to == "b8.closed"] == [("kst236",)]
    step = one(
        'law = "kst236"\nnext = [{ to = "closed", when = "minor", law = "kst165", before = "declined" }]',
        "b8.considers_report",
    )
    assert [branch.law for branch in step.next if branch.to == "b8.closed"] == [("kst165",)]


def test_the_other_ways_to_amend_a_step() -> None:
    assert targets(one('repeal = "complaint"', "b8.permit_end")) == [
        "b8.continued_stay_application",
        "b8.closed",
    ]
    gate = BASE.steps["dublin.transfer_due"].next[0].when
    required = one(
        'require = { to = "transferred", when = ["not minor", "not transfers_stopped"] }',
        "dublin.transfer_due",
    )
    assert required.next[0].when == (*gate, Criterion.parse("not minor"))
    lifted = one('lift = { to = "transferred", when = "not transfers_stopped" }', "dublin.transfer_due")
    assert lifted.next[0].when == tuple(item for item in gate if str(item) != "not transfers_stopped")
    assert one('takes = "b8.intake_days"', "b8.signalled").takes == "b8.intake_days"
    assert one('priority = []\nsignals_add = "b8.placement_over"', "b8.objection").signals == (
        Signal.parse("b8.placement_over"),
    )
    assert one('signals_remove = "b8.reflection_over"', "b8.report").signals == (
        Signal.parse("investigation.interview"),
    )
    assert "b8.none" in one('from_add = "none"', "b8.file_lapsed").from_
    assert (
        one('changes = { trust = { add = "trait.spread" } }', "b8.refused").changes[TraitName("trust")].add
        == "trait.spread"
    )
    assert [rank.rank for rank in one('priority = [{ when = "minor", rank = 0 }]', "b8.intake").priority] == [0]


def test_amendments_of_decisions_and_hazards() -> None:
    regime = mine(
        '[fact.lawyers_from_day_one]\ntitle = { en = "Lawyers", nl = "Advocaten" }\nlaw = "kst121"\n'
        + amend(
            'decision = "asks_to_report"\n'
            'logit = { fear = "report.per_trust", "minor * lawyers_from_day_one" = "report.base" }'
        )
        + amend('decision = "ind_grants_asylum"\nchance_by = { NGA = "asylum.recognition_UGA" }')
        + amend('hazard = "drops_report"\ntimes = { "lawyers_from_day_one * minor" = "report.drop_fear_ratio" }')
    )
    assert regime.facts == (FactPeriod("lawyers_from_day_one", dt.date(2020, 1, 1), None),)
    statute = Statute(regime)
    _, (day, asks) = statute.decisions["asks_to_report"]
    assert day == dt.date(2020, 1, 1)
    assert asks.logit is not None
    assert asks.logit[Product.parse("fear")] == "report.per_trust"
    assert asks.logit[Product.parse("trust")] == "report.per_trust"
    assert asks.logit[Product.parse("minor * lawyers_from_day_one")] == "report.base"
    grants = statute.last_decision("ind_grants_asylum")
    assert grants.chance_by is not None
    assert grants.chance_by["NGA"] == grants.chance_by["UGA"] == "asylum.recognition_UGA"
    drops = statute.hazards["drops_report"]
    assert drops.times[Product.parse("lawyers_from_day_one * minor")] == "report.drop_fear_ratio"
    assert drops.per_year == "report.drops_per_year"
    assert rows("R0", regime) >= {("drops_report", "hazard: times.lawyers from day one * minor")}


INDEPENDENT = [
    amend('step = "b8.report"\nsignals_remove = "b8.reflection_over"'),
    amend('step = "b8.intake"\nnext = [{ to = "closed", when = "women", before = "reflection_offered" }]'),
    amend('step = "b8.permit_end"\nrepeal = "complaint"'),
    amend('step = "dublin.transfer_due"\nrequire = { to = "transferred", when = "not minor" }'),
    amend('step = "investigation.assessment"\ntakes = "om.quick_assessment_days"'),
    amend('decision = "objects"\nchance = "b8.appeals"'),
    '[step."b8.waits"]\ntrack = "file"\ntitle = { en = "Waits", nl = "Wacht" }\nactor = "IND"\n'
    'law = "kst121"\nstatus = "assumed"\nfrom = "none"\nleft_by = "file_lapsed"\n'
    'takes = "b8.intake_days"\nnext = [{ to = "none" }]\n',
    amend('step = "asylum.rest"\nsignals_add = "b8.waits"'),
]


@given(st.permutations(INDEPENDENT))
@settings(deadline=None, max_examples=30)
def test_the_order_of_independent_amendments_does_not_matter(order: list[str]) -> None:
    assert mine("".join(order)).hash() == mine("".join(INDEPENDENT)).hash()


@given(st.lists(st.sampled_from(INDEPENDENT[:6]), unique=True, min_size=1))
@settings(deadline=None, max_examples=30)
def test_each_amendment_adds_its_own_rows(chosen: list[str]) -> None:
    apart = set().union(*(rows("R0", mine(amendment)) for amendment in chosen))
    assert rows("R0", mine("".join(chosen))) == apart


def test_an_amendment_on_the_same_day_leaves_one_version() -> None:
    head = HEAD.replace("vc_2018", "R2").replace("2020-01-01", "2019-08-01")
    head = head.replace("status ", 'applies_to = { event = "b8.report" }\nstatus ')
    regime = mine(amend('step = "b8.report"\nrepeal = "necessity_test"'), head)
    assert len(regime.versions["b8.report"]) == 1
    later = mine(amend('step = "b8.report"\nrepeal = "necessity_test"'), HEAD.replace("vc_2018", "R2"))
    assert [version.layer for version in later.versions["b8.report"]] == ["vc_2018", "vc_2019_08", "mine"]


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        mine(amend('step = "b8.reprot"\nrepeal = "x"') + amend('step = "b8.report"\nrepeal = "y"'))
    assert len(caught.value.problems) == 2


MISTAKES = [
    (
        amend('step = "b8.report"\nnext = [{ to = "refused", when = "minor", before = "permit" }]'),
        "amend[0].next[0].before: unknown branch to stand by",
        "accepted: b8.grant_decision",
    ),
    (
        amend('step = "b8.report"\nnext = [{ to = "refused", when = "minor", after = "permit" }]'),
        "amend[0].next[0].after: unknown branch to stand by",
        "accepted: b8.grant_decision",
    ),
    (
        amend('step = "b8.report"\nnext = [{ to = "refused" }]'),
        "amend[0].next: a branch without conditions hides those after it",
        "before =",
    ),
    (
        amend('step = "b8.report"\nrepeal = "permit"'),
        "amend[0].repeal: unknown branch",
        "accepted: b8.grant_decision",
    ),
    (
        amend('step = "b8.report"\nrequire = { to = "permit", when = "minor" }'),
        "amend[0].require.to: unknown branch",
        "accepted: b8.grant_decision",
    ),
    (
        amend('step = "b8.report"\nlift = { to = "grant_decision", when = "minor" }'),
        "amend[0].lift.when: no branch to this step has the condition",
        'given: "minor"',
    ),
    (
        amend('step = "b8.report"\nlift = { to = "permit", when = "minor" }'),
        "amend[0].lift.to: unknown branch",
        "accepted: b8.grant_decision",
    ),
    (
        amend('step = "b8.report"\ntakes = "b8.intake_days"'),
        "this makes a clock of a step passed through",
        "a new step",
    ),
    (
        amend('step = "b8.report"\nrequire = { to = "grant_decision", when = "minor" }'),
        "this makes a gate of a step passed through",
        "a new step",
    ),
    (
        amend('step = "b8.intake"\nrepeal = "closed"'),
        "amend[0].next: a step with takes needs a last branch without conditions",
        "amend[0]",
    ),
    (
        amend('step = "b8.report"\npriority = [{ when = "minor", rank = 1 }]'),
        "nobody queues in this step",
        "a step with a pool",
    ),
    (
        amend('step = "b8.report"\nsignals_remove = "dublin.clock_off"'),
        "amend[0].signals_remove: the step does not send this signal",
        "accepted: b8.reflection_over",
    ),
]


@pytest.mark.parametrize(("body", "problem", "more"), MISTAKES)
def test_an_amendment_that_finds_nothing_or_changes_the_kind_of_a_step_is_refused(
    body: str, problem: str, more: str
) -> None:
    refused(body, problem, more)
