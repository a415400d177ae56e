"""Facts of a user's own rule: behaviour that looks at them runs in every world, and nobody differs before they hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from regime_files import mine

import sim
from sim.agents.behaviour import Behaviour
from sim.policies.regime import Regime
from sim.runs.world import Outcome, make_world, people_of, population_of, run_world
from verification.small_worlds import netherlands

OWN = mine('[fact.own_fact]\ntitle = { en = "A fact of my own", nl = "Een eigen feit" }\nlaw = ["kst121"]\n')
PLAIN = 'times    = { in_shelter = "control.shelter_ratio", debt = "control.debt_ratio" }'


def looking_at_it(folder: Path) -> Behaviour:
    """Write the shipped behaviour with one hazard that looks at the fact."""
    shipped = (Path(sim.__file__).parent / "agents" / "behaviour.toml").read_text(encoding="utf-8")
    assert shipped.count(PLAIN) == 1
    file = folder / "behaviour.toml"
    file.write_text(shipped.replace(PLAIN, PLAIN[:-2] + ', own_fact = "control.shelter_ratio" }'), encoding="utf-8")
    return Behaviour.load(file)


def test_the_baseline_knows_the_facts_of_the_reform(tmp_path: Path) -> None:
    scenario, behaviour = netherlands(scale=0.05), looking_at_it(tmp_path)
    people = population_of(scenario, people_of(scenario), 1, 0)

    def outcome(regime: Regime, reference: Regime) -> Outcome:
        return run_world(make_world(scenario, regime, behaviour, reference), people)

    base = Regime.load("vc_2018")
    old, new = outcome(base, OWN), outcome(OWN, base)
    before = [log.day < (OWN.facts[0].in_force - scenario.start).days for log in (old.log, new.log)]
    for one, other in zip(old.log, new.log, strict=True):
        assert np.array_equal(one[before[0]], other[before[1]]), "until the fact holds, nothing differs"
    parted = new.state.ruled[: new.state.persons] > 0
    assert 0 < parted.sum() < 0.5 * parted.size
    assert old.log.day.size != new.log.day.size
