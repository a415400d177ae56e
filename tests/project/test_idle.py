"""Nothing that is declared is unused: draws are drawn, hazards happen, pools can have queues."""

from __future__ import annotations

from sim.policies.library import shipped_regimes
from sim.policies.regime import Regime
from sim.runs.loading import from_the_first_day
from sim.runs.world import make_world, people_of, population_of
from verification.idle import REGIMES, binds_from, idle, mean_queue, switched_on
from verification.small_worlds import netherlands


def test_every_draw_is_drawn_every_hazard_happens_and_every_pool_has_work() -> None:
    scenario = switched_on(netherlands(scale=0.3))
    found = idle((scenario, from_the_first_day(Regime.load(name))) for name in shipped_regimes())
    assert {kind: found[kind][1] for kind in ("draws", "hazards", "pools")} == {"draws": [], "hazards": [], "pools": []}
    # The judgment of March 2023 on pending objections comes after the period.
    assert found["steps"][1] == ["dublin.clock_never_stopped"]


def test_whoever_needs_a_pool_waits_when_it_has_no_capacity() -> None:
    scenario = netherlands(scale=0.1)
    people = population_of(scenario, people_of(scenario), 1, 0)
    worlds = {name: make_world(scenario, Regime.load(name)) for name in REGIMES}
    for number, pool in enumerate(worlds[REGIMES[0]].catalogue.pools):
        world = worlds["recognition_panel" if pool == "panel.opinions" else "vc_2019_08"]
        assert mean_queue(world, people, number, 0.0) > mean_queue(world, people, number, 1e6) + 0.1, pool


def test_from_which_share_a_queue_binds() -> None:
    assert binds_from((2.0, 2.0, 2.05, 9.0, 20.0, 30.0)) == "1/4"
    assert binds_from((2.0, 2.5, 9.0, 9.0, 20.0, 30.0)) == "as shipped"
    assert binds_from((2.0, 2.0, 2.0, 2.0, 2.0, 2.0)) == "never"
