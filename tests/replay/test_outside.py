"""What tracks of which nothing is said can do to others (`sim.replay.outside`)."""

from __future__ import annotations

import pytest

from sim.policies.statute import Span
from sim.replay.config import Config
from sim.replay.ordinary import Ordinary
from sim.replay.outside import Outside


@pytest.mark.parametrize(("wide", "sent"), [(False, False), (True, True)])
def test_that_somebody_leaves_is_sent_only_where_anything_may_happen(blank: Config, wide: bool, sent: bool) -> None:
    law, known = blank.known.law, blank.known
    others = frozenset(range(len(law.tracks))) - {law.track_of["dublin.claim"]}
    outside = Outside(law, known, Ordinary(law, known), others, wide=wide)
    messages = outside.messages(Span(0, 1000))
    left = [message for message in messages if "dublin.absconded" in message.signals]
    assert bool(left) == sent
    assert all(message.odd is not None for message in left), "nobody may take it for granted"
    permit = [message for message in messages if "dublin.responsibility_shifts" in message.signals]
    assert any(message.odd is None for message in permit), "a permit is ordinary"
