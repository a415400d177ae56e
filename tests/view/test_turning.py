"""Whether a disagreement matters (`sim.view.turning`): where the answer turns, and whether it does on other people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from view_server import finished

from sim.view.turning import HALVINGS, RUNS, Answer, Turning, turning

RANGE = (-10.0, 10.0)


def found(
    mean: Callable[[float], float], positions: tuple[float, float], *, others: float = 1.0, blur: float = 0.1
) -> Turning:
    """Return what is found of an answer that is a function of the number; times ``others`` on other people."""

    async def ask(value: float, first: int) -> Answer:
        here = mean(value) * (others if first == RUNS else 1.0)
        return here, None if abs(here) < blur else 1 if here > 0 else -1

    return finished(turning(ask, positions, RANGE))


def test_between_the_positions_it_turns_where_the_difference_is_zero() -> None:
    one = found(lambda value: value - 3, (0.0, 4.0))
    assert (one.answer, one.again) == ("yes", "yes")
    assert one.at == pytest.approx(3, abs=4 / 2**HALVINGS)
    assert one.change == pytest.approx(-1, abs=4 / 2**HALVINGS), "the highest has to move least"
    assert found(lambda value: value - 1, (0.0, 4.0)).change == pytest.approx(1, abs=0.25), (
        "the lowest has to move least"
    )


def test_beyond_the_positions_the_nearest_value_counts() -> None:
    one = found(lambda value: value - 6, (0.0, 4.0))
    assert (one.answer, one.at) == ("no", pytest.approx(6, abs=6 / 2**HALVINGS))
    assert one.change == pytest.approx(2, abs=6 / 2**HALVINGS)
    below = found(lambda value: value + 2, (0.0, 4.0))
    assert below.at == pytest.approx(-2, abs=10 / 2**HALVINGS)
    assert below.change is not None
    assert below.change < 0


def test_it_turns_nowhere_and_the_runs_cannot_tell() -> None:
    nowhere = found(lambda value: 20 + value, (0.0, 4.0))
    assert (nowhere.answer, nowhere.at, nowhere.change) == ("no", None, None)
    blurred = found(lambda value: value, (0.0, 4.0))
    assert (blurred.answer, blurred.at) == ("unclear", None)
    assert found(lambda value: value - 3, (0.0, 4.0), others=0.01).again == "unclear", "one draw says more than another"
