"""How a day passes (`sim.engine.kernel`), by tables over days (`sim.engine.access`): order, and when gates open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
from small_laws import FINAL

from verification.small_worlds import (
    chance,
    hazard,
    parameter,
    people,
    pools,
    procedure,
    small_world,
)


def test_a_gate_opens_on_the_day_on_which_its_condition_becomes_true(tmp_path: Path) -> None:
    gate = {
        "away": 'next = [{ to = "gate" }]',
        "gate": 'next = [{ to = "left", when = "at other.rang" }, { to = "right", when = "later" }]',
        "left": FINAL,
        "right": FINAL,
    }
    other = {
        "away": 'next = [{ to = "clock" }]',
        "clock": 'takes = "d.ten"\nfrom = ["away"]\nnext = [{ to = "rang" }]',
        "rang": FINAL,
    }
    gate["away"] = 'next = [{ to = "gate", signals = ["other.clock"] }]'
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", gate), "other": procedure("other", "away", other)},
        conditions='[condition.later]\ntitle = "x"\nfrom_date = 2018-02-01\n',
        parameters=[parameter("d.ten", 10.0)],
    )
    run = world.run(people([0, 20, 21, 22, 40]))
    assert run.days("case.left").tolist() == [10, 30, -1, -1, -1]
    assert run.days("case.right").tolist() == [-1, -1, 31, 31, 40], "a date counts from the morning, before clocks"


def test_a_gate_opens_when_a_rule_ends_the_bar(tmp_path: Path) -> None:
    """The new text of a gate is looked at on its first day, for everybody who stands there."""
    gate = {
        "away": 'next = [{ to = "gate" }]',
        "gate": 'next = [{ to = "through", when = ["victim", "minor"] }]',
        "through": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", gate)},
        later={"case.gate": (dt.date(2018, 3, 1), None, {"next": ({"to": "case.through", "when": ("victim",)},)})},
    )
    crowd = people([0, 0, 0, 80], flags={"victim": [True, True, False, True], "minor": [True, False, True, False]})
    assert world.run(crowd).days("case.through").tolist() == [0, 59, -1, 80]


def test_clocks_then_authorities_then_choices_then_hazards(tmp_path: Path) -> None:
    """Everything is due on day 10, whatever the order of the persons."""
    steps = {
        "away": 'next = [{ to = "chooses", when = "victim" }, { to = "works", when = "minor" }, '
        '{ to = "meets", when = "women" }, { to = "counts" }]',
        "chooses": 'takes = "d.ten"\nnext = [{ to = "end", when = "d" }, { to = "end" }]',
        "works": 'by = "desk"\ntakes = "d.ten"\nnext = [{ to = "end" }]',
        "meets": "",
        "counts": 'takes = "d.ten"\nnext = [{ to = "end" }]',
        "end": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        behaviour=chance("d", "case.chooses", "p.d") + hazard("h", "case.meets", "case.end", "rate.h"),
        authorities=pools(desk="places"),
        parameters=[
            parameter("d.ten", 10.0),
            parameter("p.d", 0.5, "probability"),
            parameter("capacity.desk", 10.0, "places"),
            parameter("rate.h", 36.5, "per_year"),
        ],
    )
    size = 400
    kind = np.arange(size) % 4
    flags = {name: (kind == i).tolist() for i, name in enumerate(("women", "victim", "minor"))}
    run = world.run(people([0] * size, flags=flags))
    ended = [entity % 4 for day, entity, _, step in run.rows if step == "case.end" and day == 10]
    assert set(ended) == {0, 1, 2, 3}
    order = [3, 2, 1, 0]  # clock, authority, choice, hazard
    assert ended == sorted(ended, key=order.index)
    same = [entity for day, entity, _, step in run.rows if step == "case.end" and day == 10 and entity % 4 == 3]
    assert same == sorted(same)
