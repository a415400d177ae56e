"""Steps, decisions and hazards as rows (`sim.compile.builder`), through small laws."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from small_laws import FINAL, ask, path, says_yes

from sim.files.errors import InputError
from verification.small_worlds import chance, hazard, parameter, people, procedure, small_world

MARCH = dt.date(2018, 3, 1)


def test_an_amendment_cannot_make_another_kind_of_step(tmp_path: Path) -> None:
    steps = {"away": 'next = [{ to = "end" }]', "end": FINAL}
    with pytest.raises(InputError, match=r"case\.end: an amendment cannot change the kind or the pool of a step"):
        small_world(
            tmp_path,
            {"case": procedure("case", "away", steps)},
            later={"case.end": (MARCH, None, {"final": False, "next": ({"to": "case.away"},)})},
        )


def test_more_tracks_than_bits_are_refused(tmp_path: Path) -> None:
    def many(folder: Path, count: int) -> None:
        steps = {"away": 'next = [{ to = "end" }]', "end": FINAL}
        small_world(folder, {f"case{i}": procedure(f"case{i}", "away", steps) for i in range(count)})

    many(tmp_path / "enough", 31)
    with pytest.raises(InputError, match="more tracks than the engine can run"):
        many(tmp_path / "more", 32)


def test_more_hazards_than_bits_are_refused(tmp_path: Path) -> None:
    def many(folder: Path, count: int, last_rate: str) -> None:
        rates = [*("rate.often" for _ in range(count - 1)), last_rate]
        small_world(
            folder,
            {"case": procedure("case", "away", {"away": 'next = [{ to = "rest" }]', "rest": "", "end": FINAL})},
            behaviour="".join(hazard(f"h{i}", "case.rest", "case.end", rate) for i, rate in enumerate(rates)),
            parameters=[parameter("rate.often", 1.0, "per_year"), parameter("rate.never", 0.0, "per_year")],
        )

    many(tmp_path / "enough", 31, "rate.often")
    many(tmp_path / "idle", 32, "rate.never")  # what never happens needs no bit
    with pytest.raises(InputError, match="more hazards than the engine can run"):
        many(tmp_path / "many", 32, "rate.often")


def test_a_step_is_compiled_with_all_its_texts(tmp_path: Path) -> None:
    """What a later text asks, takes and sends is in rows of its own."""
    steps = {
        "away": 'next = [{ to = "waits" }]',
        "waits": 'takes = "d.ten"\nnext = [{ to = "end" }]',
        "end": FINAL,
        "other": 'from = ["away"]\nfinal = true',
    }
    tells = {"idle": "", "tells": 'signals = ["case.other"]', "x": FINAL}
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps), "side": procedure("side", "idle", tells)},
        behaviour=hazard("a", "side.idle", "side.tells", "rate.never")
        + hazard("b", "side.tells", "side.x", "rate.never"),
        parameters=[parameter("d.ten", 10.0), parameter("d.two", 2.0), parameter("rate.never", 0.0, "per_year")],
        later={"case.waits": (MARCH, None, {"takes": "d.two", "next": ({"to": "case.other"},)})},
    )
    change = world.calendar.day_of(MARCH)
    run = world.run(people([0, change]))
    assert path(run) == [(0, "case.waits"), (10, "case.end")]
    assert path(run, 1) == [(change, "case.waits"), (change + 2, "case.other")]
    assert [name for name, _ in world.catalogue.branches].count("case.waits") == 2


def test_a_factor_of_several_parts_is_refused(tmp_path: Path) -> None:
    logit = '[decision.d]\nwho = "person"\nat = ["case.away"]\nlaw = ["x"]\n'
    logit += 'logit = {{ constant = "o.one", {} = "o.one" }}\n'
    named = '[condition.both]\ntitle = "x"\nat = ["case.away"]\never = ["case.away"]\n'
    one = [parameter("o.one", 1.0, "log_odds")]
    with pytest.raises(InputError, match="factor 'both' must be a condition of one part"):
        ask(tmp_path / "two", '"d"', behaviour=logit.format("both"), conditions=named, parameters=one)
    single = ask(tmp_path / "one", '"d"', behaviour=logit.format("victim"), parameters=one)
    assert len(says_yes(single.run(people([0, 0])))) == 2


def test_draws_are_named_and_shared_by_name(tmp_path: Path) -> None:
    world = ask(
        tmp_path,
        '"d"',
        behaviour=chance("d", "case.away", "p.d"),
        parameters=[parameter("p.d", 0.5, "probability")],
    )
    assert world.catalogue.draws == ("d",)
