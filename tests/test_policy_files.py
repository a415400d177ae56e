"""Regimes of the user: every way to amend the law, and every mistake in a regime file by name and place."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regime_files import HEAD, amend, mine, rows

from sim.files.errors import InputError
from sim.policies.regime import FactPeriod, Regime
from sim.procedures import Rulebook
from sim.procedures.schema import Step

BASE = Rulebook.load()
BASE_HASH = BASE.hash()


def targets(step: Step) -> list[str]:
    """Return where the branches of a step lead."""
    return [branch.to for branch in step.next]


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
    assert gate.next[-1].when == ("minor",)
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
    assert required.next[0].when == (*gate, "not minor")
    lifted = one('lift = { to = "transferred", when = "not transfers_stopped" }', "dublin.transfer_due")
    assert lifted.next[0].when == tuple(item for item in gate if item != "not transfers_stopped")
    assert one('takes = "b8.intake_days"', "b8.signalled").takes == "b8.intake_days"
    assert one('priority = []\nsignals_add = "b8.placement_over"', "b8.objection").signals == ("b8.placement_over",)
    assert one('signals_remove = "b8.reflection_over"', "b8.report").signals == ("investigation.interview",)
    assert "b8.none" in one('from_add = "none"', "b8.file_lapsed").from_
    assert one('changes = { trust = { add = "trait.spread" } }', "b8.refused").changes["trust"].add == "trait.spread"
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
    ((day, asks),) = regime.decisions["asks_to_report"]
    assert day == dt.date(2020, 1, 1)
    assert asks.logit is not None
    assert asks.logit["fear"] == "report.per_trust"
    assert asks.logit["trust"] == "report.per_trust"
    assert asks.logit["minor * lawyers_from_day_one"] == "report.base"
    ((_, grants),) = regime.decisions["ind_grants_asylum"]
    assert grants.chance_by is not None
    assert grants.chance_by["NGA"] == grants.chance_by["UGA"] == "asylum.recognition_UGA"
    ((start, drops),) = regime.hazards["drops_report"]
    assert start is None
    assert drops.times["lawyers_from_day_one * minor"] == "report.drop_fear_ratio"
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


def test_a_regime_of_the_user_is_named_by_its_file_and_takes_layers() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a+b.toml")
        path.write_text(HEAD.replace("vc_2018", "R2") + amend('step = "b8.permit_end"\nrepeal = "complaint"'))
        regime = Regime.load(f"{path}+c_66_21+U1=ninety_days")
    assert regime.name == "a+b+c_66_21+U1=ninety_days"
    assert [layer.name for layer in regime.layers] == ["vc_2018", "vc_2019_08", "a+b", "c_66_21"]
    assert rows("R2+c_66_21+U1=ninety_days", regime) == {("b8.permit_end", "branch removed")}


def test_a_regime_of_the_user_can_go_on_from_the_calendar() -> None:
    head = HEAD.replace("vc_2018", "historical").replace("2020-01-01", "2024-01-01")
    regime = mine(amend('step = "b8.permit_end"\nrepeal = "complaint"'), head)
    assert [layer.name for layer in regime.layers][-2:] == ["vc_2023", "mine"]
    assert len(regime.layers) == 7


def test_an_amendment_on_the_same_day_leaves_one_version() -> None:
    head = HEAD.replace("vc_2018", "R2").replace("2020-01-01", "2019-08-01")
    head = head.replace("status ", 'applies_to = { event = "b8.report" }\nstatus ')
    regime = mine(amend('step = "b8.report"\nrepeal = "necessity_test"'), head)
    assert len(regime.versions["b8.report"]) == 1
    later = mine(amend('step = "b8.report"\nrepeal = "necessity_test"'), HEAD.replace("vc_2018", "R2"))
    assert [version.layer for version in later.versions["b8.report"]] == ["vc_2018", "vc_2019_08", "mine"]


# ---- mistakes ----

NAMES = [
    ("", "regime: not the name of a regime", "accepted: NAME[+LAYER]"),
    ("vc_2019_08+", "regime: not the name of a regime", 'given: "vc_2019_08+"'),
    ("+c_66_21", "regime: not the name of a regime", "accepted: NAME[+LAYER]"),
    ("vc_2019_8", "regime: unknown regime or court layer", "nearest: vc_2019_08"),
    ("P7", "regime: unknown regime or court layer", "accepted: vc_2018, working_method_2019"),
    ("c_66_21", "regime: a court layer alone is no regime", "vc_2019_08+c_66_21"),
    ("vc_2018+R2", "regime: a regime cannot be put on another one", "accepted: c_338_21, c_66_21"),
    ("vc_2018+c_66_12", "regime: unknown regime or court layer", "nearest: c_66_21"),
    ("vc_2018+U1=none", "regime: vc_2018 does not depend on U1", "accepted: U10"),
    ("vc_2018+U2=mild", "regime: vc_2018 does not depend on U2", "accepted: U10"),
    ("R2+U1=nine_days", "regime: unknown answer to U1", "nearest: ninety_days"),
    ("R2+U6=yes", "regime: unknown legal question", "accepted: U1, U2, U3, U5, U7, U8, U10, U11, U13, U15, U16"),
    ("R2+U1=none+U1=none", "regime: U1 is named twice", "given:"),
    ("R2+c_66_21+c_66_21", "regime: c_66_21 is named twice", "given:"),
    ("R3+c_66_21", "regime: c_66_21 is already part of vc_2023", "given:"),
    ("no/such/file.toml", "no/such/file.toml: no such file", "accepted:"),
]


@pytest.mark.parametrize(("spec", "problem", "more"), NAMES)
def test_a_wrong_name_is_refused(spec: str, problem: str, more: str) -> None:
    with pytest.raises(InputError) as caught:
        Regime.load(spec)
    assert problem in str(caught.value)
    assert more in str(caught.value)


@pytest.mark.parametrize(
    ("answers", "problem"),
    [({"U1": "some"}, "readings: unknown answer to U1"), ({"U4": "no"}, "readings: unknown legal question")],
)
def test_a_wrong_answer_beside_the_name_is_refused(answers: dict[str, str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        Regime.load("R2", answers)


HEADS = [
    (("vc_2018", "vc_2081"), "regime.amends: unknown regime or court layer", "nearest: vc_2018"),
    (("vc_2018", "c_66_21"), "regime.amends: a court layer cannot be amended", 'given: "c_66_21"'),
    (("in_force   = 2020-01-01\n", ""), "in_force is missing", "YYYY-MM-DD"),
    (('amends     = "vc_2018"\n', ""), "amends is missing", "the regime that is changed"),
    (("2020-01-01", "2018-01-01\nlayers = []"), None, None),
    (('"vc_2018"', '"P1"\nlayers = "c_66_21"'), None, None),
    (
        ('"vc_2018"', '"R3"\nlayers = "c_66_21"'),
        "before the day of what it amends (R3)",
        "accepted: 2023-05-19 or later",
    ),
    (
        ('"vc_2018"', '"R2"\nlayers = ["c_66_21", "R1"]'),
        "regime.layers[1]: not a court layer",
        "accepted: c_338_21, c_66_21",
    ),
    (
        ('"vc_2018"', '"R2"\nlayers = ["c_66"]'),
        "regime.layers[0]: unknown regime or court layer",
        "nearest: c_66_21",
    ),
    (("[regime]", "[layer]"), "a layer applies at once to everybody", "no amends"),
    (("[regime]", "[regimes]"), "regimes: unknown key", "nearest: regime"),
    (("status ", "statuss "), "regime.statuss: unknown key", "nearest: status"),
    (('"assumed"', '"guessed"'), "regime.status", "assumed"),
    (
        ("status ", 'applies_to = { event = "b8.reprt" }\nstatus '),
        "regime.applies_to.event: unknown step",
        "nearest: b8.report",
    ),
    (
        ("status ", 'applies_to = { event = "b8.report", readings = { "U7=wish" = "b8.none" } }\nstatus '),
        "regime.applies_to.readings: unknown answer to U7",
        "nearest: wish_date",
    ),
    (
        ("status ", 'applies_to = { event = "b8.report", readings = { U7 = "b8.none" } }\nstatus '),
        "regime.applies_to.readings: not an answer to an open legal question",
        "U1=ninety_days",
    ),
]


@pytest.mark.parametrize(("swap", "problem", "more"), HEADS)
def test_a_wrong_head_is_refused(swap: tuple[str, str], problem: str | None, more: str | None) -> None:
    assert swap[0] in HEAD
    head = HEAD.replace(*swap, 1)
    body = amend('step = "b8.permit_end"\nrepeal = "complaint"')
    if problem is None or more is None:
        assert mine(body, head).name == "mine"
        return
    with pytest.raises(InputError) as caught:
        mine(body, head)
    assert problem in str(caught.value)
    assert more in str(caught.value)


STEP = (
    '[step."b8.mine"]\ntrack = "file"\ntitle = { en = "Mine", nl = "Mijn" }\nactor = "IND"\nlaw = "kst121"\n'
    'status = "assumed"\nfrom = "none"\nnext = [{ to = "none" }]\n'
)
LEAD = amend('step = "asylum.rest"\nsignals_add = "b8.mine"')
BODIES = [
    (
        amend('step = "b8.reprot"\ntakes = "b8.intake_days"'),
        "amend[0].step: unknown step",
        "nearest: b8.report",
    ),
    (amend('step = "report"\ntakes = "b8.intake_days"'), "amend[0].step: unknown step", "nearest: b8.report"),
    (
        amend('takes = "b8.intake_days"'),
        "an amendment names exactly one of: step, decision, hazard",
        "amend[0]",
    ),
    (
        amend('step = "b8.report"\nhazard = "objects"\nrepeal = "x"'),
        "exactly one of: step, decision, hazard",
        "amend[0]",
    ),
    (amend('step = "b8.report"'), "nothing is changed; accepted: next", "amend[0]"),
    (amend('step = "b8.report"\nreplace = true'), "nothing is changed", "amend[0]"),
    (
        amend('step = "b8.report"\nrepeal = "b8.none"\nreplace = true'),
        "replace needs the branches",
        "amend[0]",
    ),
    (
        amend('step = "b8.report"\nchance = "b8.objects"'),
        "chance does not belong to a step",
        "accepted: next",
    ),
    (
        amend('decision = "objects"\ntakes = "b8.objects"'),
        "takes does not belong to a decision",
        "accepted: chance",
    ),
    (
        amend('hazard = "found"\nchance = "b8.objects"'),
        "chance does not belong to a hazard",
        "accepted: times",
    ),
    (amend('hazard = "found"\nper_year = "b8.objects"'), "amend[0].per_year: unknown key", "accepted:"),
    (
        amend('step = "b8.report"\nnext = [{ to = "refsed", when = "minor" }]'),
        "amend[0].next[0].to: unknown step",
        "b8.refused",
    ),
    (
        amend('step = "b8.report"\nnext = [{ to = "refused", when = "minr", before = "grant_decision" }]'),
        "amend[0].next[0].when: unknown condition",
        "nearest: minor",
    ),
    (
        amend('step = "b8.report"\nnext = [{ to = "refused", when = "minor", before = "grant" }]'),
        "amend[0].next[0].before: unknown step",
        "accepted:",
    ),
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
        amend('step = "b8.report"\nnext = [{ to = "refused", when = "minor", after = "permit", before = "permit" }]'),
        "a branch stands before or after another one, not both",
        "amend[0]",
    ),
    (
        amend('step = "b8.report"\nnext = [{ to = "refused" }]'),
        "amend[0].next: a branch without conditions hides those after it",
        "before =",
    ),
    (
        amend(
            'step = "b8.report"\n'
            'next = [{ to = "refused", when = "minor", signals = "dublin.of", before = "grant_decision" }]'
        ),
        "amend[0].next[0].signals: unknown step",
        "dublin.",
    ),
    (
        amend('step = "b8.report"\nnext = [{ to = "no_reflection", when = "minor", before = "grant_decision" }]'),
        "b8.no_reflection is on another track",
        "b8.report",
    ),
    (
        amend('step = "b8.report"\nnext = [{ to = "report", when = "minor", before = "grant_decision" }]'),
        "lead to each other within a day",
        "b8.report",
    ),
    (
        amend('step = "b8.report"\nreading = "U1=ninety"\nrepeal = "none"'),
        "amend[0].reading: unknown answer to U1",
        "ninety_days",
    ),
    (
        amend('step = "b8.report"\nreading = "ninety"\nrepeal = "none"'),
        "amend[0].reading: not an answer",
        "U1=ninety_days",
    ),
    (
        amend('step = "b8.report"\nreading = "U6=no"\nrepeal = "none"'),
        "amend[0].reading: unknown legal question",
        "U1, U2",
    ),
    (
        amend('step = "b8.report"\nrepeal = "permit"'),
        "amend[0].repeal: unknown branch",
        "accepted: b8.grant_decision",
    ),
    (amend('step = "b8.report"\nrepeal = "permits"'), "amend[0].repeal: unknown step", "nearest: b8.permit"),
    (
        amend('step = "b8.report"\nrequire = { to = "permit", when = "minor" }'),
        "amend[0].require.to: unknown branch",
        "accepted: b8.grant_decision",
    ),
    (
        amend('step = "b8.report"\nrequire = { to = "grant_decision", when = "minors" }'),
        "amend[0].require.when: unknown condition",
        "nearest: minor",
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
        amend('step = "b8.intake"\ntakes = "b8.intake_day"'),
        "amend[0].takes: unknown parameter",
        "nearest: b8.intake_days",
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
        amend('step = "b8.intake"\npriority = [{ when = "minors", rank = 1 }]'),
        "amend[0].priority[0].when: unknown condition",
        "nearest: minor",
    ),
    (
        amend('step = "b8.intake"\npriority = [{ when = "minor", rank = 3 }]'),
        "amend[0].priority[0].rank",
        "given: 3",
    ),
    (
        amend('step = "b8.report"\nsignals_add = "b8.placemnt"'),
        "amend[0].signals_add: unknown step",
        "nearest: b8.placement",
    ),
    (
        amend('step = "b8.report"\nsignals_add = "police:permit"'),
        "unknown address of a signal",
        "accepted: network, victims",
    ),
    (
        amend('step = "b8.report"\nsignals_remove = "dublin.clock_off"'),
        "amend[0].signals_remove: the step does not send this signal",
        "accepted: b8.reflection_over",
    ),
    (amend('step = "b8.report"\nfrom_add = "nonee"'), "amend[0].from_add: unknown step", "nearest: b8.none"),
    (
        amend('step = "b8.refused"\nchanges = { fears = { add = "trait.spread" } }'),
        "unknown trait",
        "nearest: fear",
    ),
    (
        amend('step = "b8.refused"\nchanges = { fear = { add = "trait.sprd" } }'),
        "unknown parameter",
        "nearest: trait.spread",
    ),
    (
        amend('decision = "object"\nchance = "b8.objects"'),
        "amend[0].decision: unknown decision",
        "nearest: objects",
    ),
    (
        amend('decision = "objects"\nchance = "b8.object"'),
        "amend[0].chance: unknown parameter",
        "nearest: b8.objects",
    ),
    (
        amend('decision = "objects"\nlogit = { fear = "b8.objects" }'),
        "amend[0].logit: objects has no logit",
        "accepted: chance",
    ),
    (
        amend('decision = "ind_grants_asylum"\nchance_by = { NGR = "asylum.recognition_NGA" }'),
        "amend[0].chance_by: unknown nationality group",
        "nearest: NGA",
    ),
    (
        amend('decision = "asks_to_report"\nlogit = { fears = "report.base" }'),
        "amend[0].logit: unknown condition",
        'given: "fears"',
    ),
    (
        amend('decision = "asks_to_report"\nlogit = { objects = "report.base" }'),
        "a decision cannot be a factor",
        "objects",
    ),
    (
        amend('decision = "asks_to_report"\nlogit = { report_deadline_over = "report.base" }'),
        "a factor is a condition of one part",
        "report_deadline_over",
    ),
    (
        amend('hazard = "find"\ntimes = { fear = "b8.objects" }'),
        "amend[0].hazard: unknown hazard",
        "nearest: found",
    ),
    (
        amend('hazard = "found"\ntimes = { fear = "b8.objects" }'),
        "from which day this factor counts",
        "fear * some_fact",
    ),
    (amend('step = "b8.report"\nwhy = "again"\nrepeal = "none"'), "given twice", "mine.toml"),
    (amend('step = "b8.permit_end"\nrepeal = "complaint"', why=""), "amend[0].why", "mine.toml"),
    (
        '[fact.gone]\ntitle = { en = "G", nl = "G" }\nlaw = "kst121"\n',
        "fact.gone: a condition, decision, trait or event has this name",
        "mine.toml",
    ),
    (
        '[fact.known]\ntitle = { en = "G", nl = "G" }\nlaw = "kst121"\nreading = "U1=maybe"\n',
        "fact.known.reading: unknown answer to U1",
        "accepted: if_granted, none, ninety_days",
    ),
    (STEP.replace("b8.mine", "mine") + LEAD, "unknown procedure", "accepted: asylum, b8"),
    (STEP.replace("b8.mine", "b9.mine") + LEAD, "unknown procedure", "accepted: asylum, b8"),
    (STEP.replace("b8.mine", "b8.report"), "this step is there already", "[[amend]]"),
    (STEP.replace('"file"', '"fil"') + LEAD, 'step."b8.mine".track: unknown track', "nearest: b8.file"),
    (
        STEP + 'left_by = "file_lapse"\n' + LEAD,
        'step."b8.mine".left_by: unknown step',
        "nearest: b8.file_lapsed",
    ),
    (STEP + 'counted_in = "gon"\n' + LEAD, 'step."b8.mine".counted_in: unknown condition', "nearest: gone"),
    (
        STEP + 'counted_in = "claim_term_over"\n' + LEAD,
        "this condition does not look at steps",
        "claim_term_over",
    ),
    (STEP + 'reading = "U1"\n' + LEAD, 'step."b8.mine".reading: not an answer', "U1=ninety_days"),
    (STEP + 'by = "panel.opinion"\n' + LEAD, 'step."b8.mine".by: unknown pool', "nearest: panel.opinions"),
    (STEP, "b8.mine: nothing leads to this step", "mine.toml"),
    (STEP.replace('from = "none"\n', "") + LEAD, "the signal to b8.mine does nothing", "from of b8.mine"),
    (
        STEP.replace('next = [{ to = "none" }]\n', "") + LEAD,
        "b8.mine: nothing leads out of this step",
        "mine.toml",
    ),
    (
        STEP.replace('"none" }]', '"none", when = "objects" }]') + LEAD,
        "a gate waits for a condition, it cannot ask for a decision",
        'given: "objects"',
    ),
    ('[[period]]\nregime = "R0"\n', "a calendar has no amends", "mine.toml"),
]


@pytest.mark.parametrize(("body", "problem", "more"), BODIES)
def test_a_mistake_in_a_regime_file_is_named(body: str, problem: str, more: str) -> None:
    with pytest.raises(InputError) as caught:
        mine(body)
    assert "mine.toml" in str(caught.value)
    assert problem in str(caught.value)
    assert more in str(caught.value)
    assert Rulebook.load().hash() == BASE_HASH


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        mine(amend('step = "b8.reprot"\nrepeal = "x"') + amend('step = "b8.report"\nrepeal = "y"'))
    assert len(caught.value.problems) == 2


CALENDAR = """[regime]
title      = { en = "A calendar", nl = "Een kalender" }
instrument = "Several"
law        = ["kst121"]
status     = "assumed"

"""
CALENDARS = [
    (
        '[[period]]\nregime = "R0"\n[[period]]\nregime = "R3"\n',
        "period[1]: vc_2019_08 does not come before vc_2023",
        "accepted: vc_2018",
    ),
    (
        '[[period]]\nregime = "R0"\n[[period]]\nlayer = "R1"\n',
        "period[1]: a period is one regime or one layer",
        "working_method_2019",
    ),
    (
        '[[period]]\nregime = "R0"\n[[period]]\nregime = "calendar"\n',
        "period[1]: a period is one regime or one layer",
        "historical",
    ),
    (
        '[[period]]\nregime = "R0"\n[[period]]\nlayer = "c_66_21"\n[[period]]\nregime = "R2"\n',
        "period[2]: the periods are not in the order of their days",
        "vc_2019_08",
    ),
    (
        '[[period]]\nregime = "R0"\n[[period]]\nregime = "R2"\nreplaces = "R1"\n',
        "R1 does not come before vc_2019_08",
        "vc_2018",
    ),
    (
        '[[period]]\nregime = "R0"\nlayer = "c_66_21"\n',
        "a period names exactly one of: regime, layer",
        "period[0]",
    ),
    (
        '[[period]]\nregime = "vc_2081"\n',
        "period[0].regime: unknown regime or court layer",
        "nearest: vc_2018",
    ),
    (
        '[[period]]\nregime = "R0"\n' + amend('step = "b8.report"\nrepeal = "none"'),
        "a calendar amends nothing itself",
        "mine.toml",
    ),
]


@pytest.mark.parametrize(("body", "problem", "more"), CALENDARS)
def test_a_mistake_in_a_calendar_is_named(body: str, problem: str, more: str) -> None:
    with pytest.raises(InputError) as caught:
        mine(body, CALENDAR)
    assert problem in str(caught.value)
    assert more in str(caught.value)


def test_a_calendar_of_the_user() -> None:
    regime = mine('[[period]]\nregime = "R0"\n[[period]]\nregime = "R2"\n[[period]]\nlayer = "c_338_21"\n', CALENDAR)
    assert [layer.name for layer in regime.layers] == ["vc_2018", "vc_2019_08", "c_338_21"]
    assert regime.final_steps == Regime.load("R2+c_338_21").final_steps


@pytest.mark.parametrize("name", ["vc_2018", "P1", "c_66_21"])
def test_a_file_of_the_user_has_a_name_of_its_own(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.toml"
    path.write_text(HEAD + amend('step = "b8.permit_end"\nrepeal = "complaint"'), encoding="utf-8")
    with pytest.raises(InputError, match=f"a regime named {name} comes with the package"):
        Regime.load(str(path))


def test_a_layer_of_the_user_is_no_regime(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    head = HEAD.replace("[regime]", "[layer]").replace('amends     = "vc_2018"\n', "")
    path.write_text(head + amend('step = "b8.permit_end"\nrepeal = "complaint"'), encoding="utf-8")
    with pytest.raises(InputError, match="a court layer alone is no regime"):
        Regime.load(str(path))
