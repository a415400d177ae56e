"""Which shipped regimes lead to a step to which the rules of a case do not."""

from __future__ import annotations

from sim.policies.library import shipped_regimes
from sim.policies.regime import Regime
from sim.replay.known import Known
from sim.replay.rules import Rules


def regimes_with(step: str, law: Rules, known: Known) -> str:
    """Return a sentence that names the shipped regimes that lead to a step under the facts of a case; else nothing.

    Parameters
    ----------
    step
        The step.
    law, known
        The rules of the case, which are not named; its facts.
    """
    leading = []
    for name in shipped_regimes():
        regime = Regime.load(name)
        if name == law.regime.name or step not in regime.versions:
            continue
        other = Rules(regime, law.date(0), law.date(law.horizon))
        if step in Known(other, known.facts).reached(other.horizon):
            leading.append(name)
    return f" Regimes that lead to it: {', '.join(leading)}." if leading else ""
