"""What the page opens with (`sim.view.opening`): computed once, for whoever asks."""

from __future__ import annotations

import json
import threading

from view_server import small

from sim.view.opening import Opening


def test_it_is_computed_once_for_all_who_ask() -> None:
    told: list[str] = []
    opening = Opening(small().replace(replicates=2), told.append)
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(opening.text())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(texts)) == 1
    assert json.loads(texts[0])["receipt"]["replicates"] == 2
    assert told == ["Comparing vc_2018, vc_2019_08 in 2 replicates ...", "The comparison is ready."]


def test_a_scenario_that_cannot_be_compared_is_told() -> None:
    told: list[str] = []
    Opening(small().replace(regimes=["vc_2018"]), told.append).prepare()
    assert "needs a baseline and at least one other regime" in told[-1]
