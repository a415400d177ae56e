"""Files of a user for the tests: a small scenario, regimes, a hypothesis, behaviour, where a test wants them."""

from __future__ import annotations

from pathlib import Path

from sim.agents.behaviour import FOLDER

SCENARIO = """
extends = "netherlands"
[scenario]
history_from = "start"
title      = "Eight months, a fiftieth of the people"
start      = 2019-07-01
end        = 2020-02-29
replicates = 2
[inflow]
scale = 0.02
"""
REGIME = """
[regime]
title      = { en = "Example: no test for minors", nl = "Voorbeeld" }
amends     = "vc_2019_08"
instrument = "An example"
in_force   = 2020-01-01
applies_to = { event = "b8.report" }
law        = ["dci2013"]
status     = "assumed"

[[amend]]
step = "b8.report"
why  = "An example"
law  = ["dci2013"]
next = [{ to = "grant_decision", when = ["dublin_claim", "minor"], before = "necessity_test" }]
"""
REGIME_WITH_A_STEP = """
[regime]
title      = { en = "Example: a step of its own", nl = "Voorbeeld" }
amends     = "vc_2019_08"
instrument = "An example"
in_force   = 2020-01-01
law        = ["dci2013"]
status     = "assumed"

[step."b8.my_step"]
track  = "file"
title  = { en = "A step", nl = "Een stap" }
actor  = "IND"
law    = ["dci2013"]
status = "assumed"
next   = [{ to = "grant_decision" }]

[[amend]]
step = "b8.report"
why  = "An example"
next = [{ to = "my_step", when = ["dublin_claim", "minor"], before = "necessity_test" }]
"""
HYPOTHESIS = """
[parameters]
"strategic.share" = 0.15
[hypothesis]
id        = "X1"
title     = "An explanation of one's own"
holder    = "nobody"
mechanism = "none"
signature = "none"
fails     = "all"
law       = "kst165"
"""


def for_women(regime: str = REGIME) -> str:
    """Return another regime under the same title."""
    return regime.replace('"minor"]', '"women"]')


def behaviour_text() -> str:
    """Return a behaviour in which having been a victim makes people likelier to report."""
    text = (FOLDER / "behaviour.toml").read_text(encoding="utf-8")
    old = 'knowledge      = "report.per_knowledge"\n'
    assert text.count(old) == 1
    return text.replace(old, old + 'victim = "report.per_trust"\n')


def written(folder: Path, **texts: str) -> Path:
    """Write files by their names without ending; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def with_regimes(*names: str) -> str:
    """Return the small scenario with regimes of its own."""
    listed = ", ".join(f'"{name}"' for name in names)
    return SCENARIO.replace("replicates", f"regimes    = [{listed}]\nreplicates")
