"""Every name in a regime file exists, or is refused where it is (`sim.policies.validation`)."""

from __future__ import annotations

import pytest
from regime_files import LEAD, STEP, amend, head_with, refused

MISTAKES = [
    (
        amend('step = "b8.reprot"\ntakes = "b8.intake_days"'),
        "amend[0].step: unknown step",
        "nearest: b8.report",
    ),
    (amend('step = "report"\ntakes = "b8.intake_days"'), "amend[0].step: unknown step", "nearest: b8.report"),
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
        amend(
            'step = "b8.report"\n'
            'next = [{ to = "refused", when = "minor", signals = "dublin.of", before = "grant_decision" }]'
        ),
        "amend[0].next[0].signals: unknown step",
        "dublin.",
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
    (amend('step = "b8.report"\nrepeal = "permits"'), "amend[0].repeal: unknown step", "nearest: b8.permit"),
    (
        amend('step = "b8.report"\nrequire = { to = "grant_decision", when = "minors" }'),
        "amend[0].require.when: unknown condition",
        "nearest: minor",
    ),
    (
        amend('step = "b8.intake"\ntakes = "b8.intake_day"'),
        "amend[0].takes: unknown parameter",
        "nearest: b8.intake_days",
    ),
    (
        amend('step = "b8.intake"\npriority = [{ when = "minors", rank = 1 }]'),
        "amend[0].priority[0].when: unknown condition",
        "nearest: minor",
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
]


@pytest.mark.parametrize(("body", "problem", "more"), MISTAKES)
def test_a_name_that_does_not_exist_is_refused_where_it_is(body: str, problem: str, more: str) -> None:
    refused(body, problem, more)


HEADS = [
    (("vc_2018", "vc_2081"), "regime.amends: unknown regime or court layer", "nearest: vc_2018"),
    (
        ('"vc_2018"', '"R2"\nlayers = ["c_66"]'),
        "regime.layers[0]: unknown regime or court layer",
        "nearest: c_66_21",
    ),
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
def test_a_name_in_the_head_that_does_not_exist_is_refused(swap: tuple[str, str], problem: str, more: str) -> None:
    refused(amend('step = "b8.permit_end"\nrepeal = "complaint"'), problem, more, head_with(*swap))
