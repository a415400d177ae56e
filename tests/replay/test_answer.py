"""The answer to a chronology and its page (`sim.replay.answer`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_files import Told, expecting

from sim.replay import replay


def test_the_course_of_events_says_what_was_assumed(told: Told) -> None:
    result = told("2018-03-01 b8.signalled", "2018-05-02 b8.wish_to_report")
    assert result.possible
    assert result.failure is None
    assumed = [step.step for step in result.steps if step.event is None]
    assert assumed[0] == "b8.intake"
    assert assumed[1] in ("b8.reflection_offered", "b8.reflection_not_offered")
    assert [step.event for step in result.steps if step.event is not None] == [0, 1]
    assert all(step.earliest is None or step.earliest <= step.latest for step in result.steps)


@pytest.mark.parametrize(
    ("event", "reason", "regime", "as_expected"),
    [
        (2, "this holds: person with a Dublin claim", None, True),
        (2, "this holds: person with a Dublin claim", "vc_2019_08", True),
        (2, "a term that was not over", None, False),
        (1, "this holds: person with a Dublin claim", None, False),
        (2, "a term that was not over", "vc_2018", True),
    ],
)
def test_what_the_author_expects_is_compared_with_the_answer(
    tmp_path: Path, event: int, reason: str, regime: str | None, as_expected: bool
) -> None:
    """Under other rules than those of the case nothing is expected."""
    result = replay(expecting(tmp_path, event, reason), regime)
    assert result.as_expected == as_expected
    assert ("Not as the case expects" in result.text) != as_expected
