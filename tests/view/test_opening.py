"""What the page opens with (`sim.view.opening`): computed once, for whoever asks."""

from __future__ import annotations

import gzip
import json
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import pytest
from view_server import small

from sim.files.errors import InputError
from sim.files.pack import unpacked
from sim.scenarios.scenario import Scenario
from sim.view import core, opening
from sim.view.opening import MOST_KEPT, Opening, usual_folder


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
    assert told == [
        "Comparing vc_2018, vc_2019_08 in 2 replicates ...",
        "1 of 2 replicates are ready.",
        "The comparison is ready.",
    ]


def test_a_scenario_that_cannot_be_compared_is_told() -> None:
    told: list[str] = []
    unfit = Opening(small().replace(regimes=["vc_2018"]), told.append)
    unfit.prepare()
    assert "needs a baseline and at least one other regime" in told[-1]
    for ask in (unfit.text, unfit.first):
        with pytest.raises(InputError, match="needs a baseline"):
            ask()


def test_a_country_opens_with_fewer_people_and_grows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is asked for first is there while the rest is being computed, and says what it is."""
    monkeypatch.setattr(opening.os, "cpu_count", lambda: 2)
    made, go_on = [], threading.Semaphore(1)

    def core_of(scenario: Scenario, **_: object) -> dict[str, object]:
        assert go_on.acquire(timeout=20)
        document = scenario.document
        made.append((document.scenario.replicates, document.inflow.persons))
        return {"receipt": {"replicates": made[-1][0], "replicates_wanted": made[-1][0]}}

    monkeypatch.setattr(core, "core_of", core_of)
    told: list[str] = []
    country = Opening(small().replace(replicates=9, inflow={"persons": 25_000}), told.append, tmp_path)
    first = json.loads(country.first())
    assert first["stage"] == {"number": 1, "last": False, "people": 3000, "replicates": 9}
    assert country.later(1) is None
    go_on.release()
    go_on.release()
    last = json.loads(country.text())
    assert last["stage"] == {"number": 3, "last": True, "people": 0, "replicates": 9}
    assert json.loads(str(country.later(1))) == last
    assert country.later(3) is None
    assert made == [(4, 3000), (2, 25_000), (9, 25_000)]
    assert country.first() == country.text()
    again = Opening(small().replace(replicates=9, inflow={"persons": 25_000}), told.append, tmp_path)
    assert json.loads(again.first()) == last, "only the whole is kept"


def test_a_page_that_is_closed_stops_before_the_next_replicate(tmp_path: Path) -> None:
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        if text.startswith("10 of 40"):
            closed.close()

    closed = Opening(small().replace(replicates=40), tell, tmp_path)
    with ThreadPoolExecutor(1) as thread:
        waits = thread.submit(closed.first)
        with pytest.raises(CancelledError):
            closed.text()
        with pytest.raises(CancelledError):
            waits.result()
    assert told == ["Comparing vc_2018, vc_2019_08 in 40 replicates ...", "10 of 40 replicates are ready."]
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_was_closed_before_computes_nothing(counted: list[str]) -> None:
    closed = Opening(small(), lambda _: None)
    closed.close()
    with pytest.raises(CancelledError):
        closed.first()
    closed.prepare()
    assert counted == []


def test_the_data_of_the_engine_are_made_once() -> None:
    told: list[str] = []
    opened = Opening(small(), told.append)
    content = opened.engine()
    assert content is not None
    head, _ = unpacked(gzip.decompress(content))
    assert head["regimes"] == ["vc_2018", "vc_2019_08"]
    assert [size["size"] for size in head["sizes"]] == [300], "no fewer people than there are"
    assert opened.engine() is content
    assert told == []


def test_what_the_engine_of_the_browser_cannot_run_is_told_once() -> None:
    told: list[str] = []
    opened = Opening(small().replace(switches={"word_of_mouth": True}), told.append)
    assert opened.engine() is None
    assert opened.engine() is None
    (line,) = told
    assert line.startswith("The pages do not simulate themselves: ")
    assert "word of mouth" in line


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put numbers in the place of comparisons, and note each."""
    made: list[str] = []

    def core_of(base: object, **_: object) -> dict[str, object]:
        made.append(str(base))
        return {"receipt": {"replicates": 2, "replicates_wanted": 2}, "number": len(made)}

    monkeypatch.setattr(core, "core_of", core_of)
    return made


def opened(folder: Path | None, **changes: object) -> str:
    return Opening(small().replace(replicates=2, **changes), lambda _: None, folder).text()


def test_the_same_scenario_opens_at_once_the_next_time(
    tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new" / "folder"
    first = opened(folder)
    assert opened(folder) == first
    assert len(counted) == 1
    assert opened(None) != first, "without a folder nothing is kept"
    assert opened(folder, seed=6) != first
    monkeypatch.setattr(opening, "_program", lambda: "another version")
    assert opened(folder) != first
    assert len(counted) == 4


def test_what_is_kept_may_be_spoilt_or_in_the_way(tmp_path: Path, counted: list[str]) -> None:
    first = opened(tmp_path)
    (file,) = tmp_path.iterdir()
    for spoilt in (b"", b"no gzip", file.read_bytes()[:-9]):
        file.write_bytes(spoilt)
        assert opened(tmp_path) != first
    (tmp_path / "a file").write_text("")
    assert opened(tmp_path / "a file") != first
    assert len(counted) == 5


def test_only_the_last_openings_stay(tmp_path: Path, counted: list[str]) -> None:
    for seed in range(MOST_KEPT + 3):
        opened(tmp_path, seed=seed)
    assert len(list(tmp_path.iterdir())) == MOST_KEPT
    assert len(counted) == MOST_KEPT + 3


def test_an_interrupted_comparison_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "core_of", lambda *_, **__: {"receipt": {"replicates": 1, "replicates_wanted": 2}})
    opened(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert usual_folder() == tmp_path / "b8sim"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert usual_folder() == tmp_path / ".cache" / "b8sim"
    monkeypatch.setattr(opening.sys, "platform", "win32")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert usual_folder() is None
