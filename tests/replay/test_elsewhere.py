"""Which shipped regimes lead to a step to which the rules of a case do not (`sim.replay.elsewhere`)."""

from __future__ import annotations

import datetime as dt

from sim.policies.regime import Regime
from sim.replay.elsewhere import regimes_with
from sim.replay.known import Known
from sim.replay.rules import Rules


def test_the_regimes_that_lead_to_a_step_are_named_but_not_that_of_the_case() -> None:
    law = Rules(Regime.load("vc_2018"), dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    known = Known(law, {"dublin_claim": True})
    said = regimes_with("b8.necessity_test", law, known)
    named = said.removeprefix(" Regimes that lead to it: ").removesuffix(".").split(", ")
    assert {"vc_2019_08", "historical", "vc_2023"} <= set(named)
    assert not {"vc_2018", "recognition_panel", "no_necessity_test"} & set(named)
    assert regimes_with("b8.late_report", law, known) == "", "no shipped regime has it without a reading"
