"""Which cell holds which parameter (`sim.compile.cells`): tables that are written are those that are compiled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from sim.compile.cells import FORMS, Shape, Sourced
from sim.evidence.parameters import AT_MOST_ONE, AT_MOST_ONE_BY_GROUP, SUM_TO_ONE, Parameters
from sim.evidence.passport import is_possible
from sim.policies.regime import Regime
from sim.runs.world import World, make_world, with_parameters
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

KNOWN = Parameters.load()
TALKING = netherlands(0.01).replace(switches={"word_of_mouth": True}, inflow={"capacities": "in_proportion"})
REGIMES = ("vc_2018", "historical")
BATCH = 30
SHARES = (*AT_MOST_ONE, *AT_MOST_ONE_BY_GROUP)


def moved(name: str) -> float:
    """Return another possible value of a parameter: an end of its range, or near its only value."""
    passport = KNOWN.passport(name)
    if any(name.startswith(stem) for stems in SHARES for stem in stems):
        return passport.value / 2  # shares of one whole must still fit
    near = (passport.high, passport.low, passport.value + 1, passport.value * 0.9)
    return next(value for value in near if value != passport.value and is_possible(passport.unit, value))


def changes() -> Iterator[dict[str, float]]:
    """Yield every parameter once, some at a time; shares that sum to one change places."""
    alone = [name for name in KNOWN if not name.startswith(SUM_TO_ONE)]
    for first in range(0, len(alone), BATCH):
        yield {name: moved(name) for name in alone[first : first + BATCH]}
    for stem in SUM_TO_ONE:
        names = [name for name in KNOWN if name.startswith(stem)]
        values = [KNOWN[name] for name in names]
        yield dict(zip(names, [*values[1:], values[0]], strict=True))


def worlds(scenario: Scenario, shapes: tuple[Shape, Shape] = (Shape(), Shape())) -> list[World]:
    one, other = (Regime.load(name, scenario.readings) for name in REGIMES)
    pairs = ((one, other), (other, one))
    return [
        make_world(scenario, regime, reference=reference, at_least=shape)
        for (regime, reference), shape in zip(pairs, shapes, strict=True)
    ]


def assert_same(world: World, other: World) -> None:
    for name, one, two in zip(world.tables._fields, world.tables, other.tables, strict=True):
        np.testing.assert_array_equal(one, two, err_msg=name)
    assert world.catalogue == other.catalogue


def test_every_parameter_written_is_that_parameter_compiled() -> None:
    base, seen, differs = worlds(TALKING), set[str](), 0
    for batch in changes():
        seen |= batch.keys()
        scenario = TALKING.with_parameters(batch)
        written = [with_parameters(world, scenario) for world in base]
        anew = worlds(TALKING.replace(parameters=batch), (written[0].cells.shape, written[1].cells.shape))
        for world, other, before in zip(written, anew, base, strict=True):
            assert_same(world, other)
            assert world.parameters.hash() == other.parameters.hash()
            differs += not np.array_equal(world.tables.f, before.tables.f, equal_nan=True)
        for world, before in zip((with_parameters(world, TALKING) for world in written), base, strict=True):
            if world.cells.shape == before.cells.shape:
                assert_same(world, before)
    assert seen == set(KNOWN)
    assert differs > 10


def test_each_parameter_of_behaviour_has_cells_of_its_own() -> None:
    """The cells noted for a parameter are exactly those that differ when it alone is changed and compiled."""
    world = worlds(TALKING)[1]
    for name in ("report.base", "leaves.transfer_per_year", "om.necessity_test_days", "signal.heard_gain_ratio"):
        other = worlds(TALKING.replace(parameters={name: moved(name)}))[1]
        differ = np.flatnonzero(~np.isclose(world.tables.f, other.tables.f, rtol=0, atol=0, equal_nan=True))
        assert {cell.place for cell in world.cells.fractions.get(name, ())} == set(differ.tolist()), name
        assert differ.size or name in world.cells.due


@pytest.mark.parametrize("change", [{"avim.report": 0.25}, {"avim.report": 0.0}, {"coa.reception": 17.0}])
def test_capacities_written_are_those_compiled(change: dict[str, float]) -> None:
    for world, other in zip(worlds(TALKING), worlds(TALKING.replace(capacity=change)), strict=True):
        written = with_parameters(world, TALKING.with_parameters({}, change))
        assert_same(written, other)
        assert not np.array_equal(written.tables.f, world.tables.f, equal_nan=True)


def test_tables_in_use_are_never_written() -> None:
    world = worlds(TALKING)[0]
    kept = [table.copy() for table in world.tables]
    terms = {name: moved(name) for name in world.cells.due}
    written = with_parameters(world, TALKING.with_parameters({"report.base": 0.1, "heard.after_days": 9.0, **terms}))
    assert not np.array_equal(written.tables.t, world.tables.t)
    for table, before in zip(world.tables, kept, strict=True):
        np.testing.assert_array_equal(table, before)


def test_a_rate_that_was_zero_gets_a_place_that_stays() -> None:
    scenario = netherlands(0.01)
    world = make_world(scenario, Regime.load("vc_2019_08", scenario.readings))
    idle = {hazard.per_year for name, hazard in world.statute.hazards.items() if name not in world.catalogue.hazards}
    assert idle
    name = sorted(idle)[0]
    running = with_parameters(world, scenario.with_parameters({name: 0.5}))
    assert len(running.catalogue.hazards) == len(world.catalogue.hazards) + 1
    back = with_parameters(running, scenario)
    assert back.catalogue == running.catalogue
    assert with_parameters(back, scenario.with_parameters({name: 0.7})).cells is running.cells


def test_a_number_with_its_source_is_a_number() -> None:
    for form, of in FORMS.items():
        number = Sourced(KNOWN, "om.necessity_test_days", form)
        assert number == of(KNOWN["om.necessity_test_days"])
        assert (number.parameter, number.form) == ("om.necessity_test_days", form)
        assert type(number + 1) is float
