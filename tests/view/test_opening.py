"""What the page opens with (`sim.view.opening`): computed once, for whoever asks."""

from __future__ import annotations

import json
import threading

from view_server import small

from sim.view.opening import Opening
from sim.view.pack import unpacked


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


def test_the_data_of_the_engine_are_made_once() -> None:
    told: list[str] = []
    opening = Opening(small(), told.append)
    content = opening.engine()
    assert content is not None
    head, _ = unpacked(content)
    assert head["regimes"] == ["vc_2018", "vc_2019_08"]
    assert [size["size"] for size in head["sizes"]] == [300], "no fewer people than there are"
    assert opening.engine() is content
    assert told == []


def test_what_the_engine_of_the_browser_cannot_run_is_told_once() -> None:
    told: list[str] = []
    opening = Opening(small().replace(switches={"word_of_mouth": True}), told.append)
    assert opening.engine() is None
    assert opening.engine() is None
    (line,) = told
    assert line.startswith("The pages do not simulate themselves: ")
    assert "word of mouth" in line
