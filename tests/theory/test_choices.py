"""Decisions against their formulas: options that compete, chances that add up, curves, the queue as a factor."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from pathlib import Path

import numpy as np
import pytest

from sim.agents.behaviour import Behaviour
from verification.small_worlds import SmallWorld, parameter, people, pools, procedure, small_world

COUNT = 20_000


def option(name: str, form: str, more: str = 'competes_in = "answer"') -> str:
    return f'[decision.{name}]\nwho = "person"\nat = ["case.asks"]\nlaw = ["x"]\n{form}\n{more}\n'


def asked(folder: Path, behaviour: str, parameters: list[str], *names: str) -> SmallWorld:
    """Everybody is asked once on arrival; the first decision that says yes leads to the step of its name."""
    ways = ", ".join(f'{{ to = "{name}", when = "{name}" }}' for name in names)
    steps = {"away": 'next = [{ to = "asks" }]', "asks": f'next = [{ways}, {{ to = "silent" }}]'}
    steps |= dict.fromkeys([*names, "silent"], "final = true")
    return small_world(folder, {"case": procedure("case", "away", steps)}, behaviour=behaviour, parameters=parameters)


def shares(world: SmallWorld, count: int = COUNT, **traits: list[float]) -> dict[str, float]:
    run = world.run(people([0] * count, levels=traits), until=2)
    ends = [row[3].partition(".")[2] for row in run.rows if row[2] == "case.asks"]
    return {name: ends.count(name) / count for name in set(ends)}


def near(found: float, expected: float, count: int = COUNT) -> bool:
    return abs(found - expected) < 4 * (expected * (1 - expected) / count) ** 0.5


def test_options_are_taken_in_proportion_to_their_odds(tmp_path: Path) -> None:
    behaviour = option("reports", 'logit = { constant = "p.a", fear = "p.b" }') + option("leaves", 'chance = "p.p"')
    numbers = [
        parameter("p.a", 1.0, "log_odds"),
        parameter("p.b", -2.0, "log_odds"),
        parameter("p.p", 0.25, "probability"),
    ]
    found = shares(asked(tmp_path, behaviour, numbers, "reports", "leaves"), fear=[0.5] * COUNT)
    reports, leaves = exp(1.0 - 1.0), 0.25 / 0.75
    whole = 1.0 + reports + leaves
    assert near(found["reports"], reports / whole)
    assert near(found["leaves"], leaves / whole)
    assert near(found["silent"], 1.0 / whole)


def test_the_order_in_which_options_are_asked_for_does_not_matter(tmp_path: Path) -> None:
    behaviour = option("reports", 'chance = "p.a"') + option("leaves", 'chance = "p.p"')
    numbers = [parameter("p.a", 0.6, "probability"), parameter("p.p", 0.4, "probability")]
    one = asked(tmp_path / "one", behaviour, numbers, "reports", "leaves")
    other = asked(tmp_path / "other", behaviour, numbers, "leaves", "reports")
    assert shares(one, 500) == shares(other, 500)


def test_a_choice_has_one_answer_on_one_occasion_and_a_new_one_on_the_next(tmp_path: Path) -> None:
    days, count = 100, 400
    steps = {
        "away": 'next = [{ to = "asks" }]',
        "asks": (
            'takes = "d.day"\nnext = [{ to = "reported", when = "reports" }, { to = "left", when = "leaves" }, '
            '{ to = "silent", when = ["not reports", "not leaves"] }, { to = "lost" }]'
        ),
        **dict.fromkeys(["reported", "left", "silent"], 'next = [{ to = "asks" }]'),
        "lost": "final = true",
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        behaviour=option("reports", 'chance = "p.a"') + option("leaves", 'chance = "p.a"'),
        parameters=[parameter("d.day", 1.0), parameter("p.a", 0.5, "probability")],
    )
    run = world.run(people([0] * count), until=days)
    assert (run.days("case.lost") == -1).all()
    reported = np.zeros((count, days), bool)
    for day, person, _, step in run.rows:
        if step == "case.reported":
            reported[person, day - 1] = True
    assert near(float(reported.mean()), 1 / 3, reported.size)
    same = np.corrcoef(reported[:, :-1].ravel(), reported[:, 1:].ravel())[0, 1]
    assert abs(same) < 4.5 / np.sqrt(count * (days - 1))


def test_alone_an_option_is_an_ordinary_decision(tmp_path: Path) -> None:
    numbers = [parameter("p.p", 0.3, "probability")]
    assert near(shares(asked(tmp_path, option("reports", 'chance = "p.p"'), numbers, "reports"))["reports"], 0.3)


def test_an_option_that_is_not_open_weighs_nothing(tmp_path: Path) -> None:
    closed = 'competes_in = "answer"\nopen_when = ["minor"]'
    behaviour = option("reports", 'chance = "p.p"') + option("leaves", 'chance = "p.p"', closed)
    found = shares(asked(tmp_path, behaviour, [parameter("p.p", 0.5, "probability")], "reports", "leaves"))
    assert near(found["reports"], 0.5)
    assert "leaves" not in found


@pytest.mark.parametrize("fear", [0.0, 0.4, 1.0])
def test_independent_chances_add_up(tmp_path: Path, fear: float) -> None:
    behaviour = option("reports", 'adds_up = { constant = "p.c", fear = "p.k" }', "")
    numbers = [parameter("p.c", 0.2, "log_ratio"), parameter("p.k", 1.5, "log_ratio")]
    found = shares(asked(tmp_path, behaviour, numbers, "reports"), fear=[fear] * COUNT)
    assert near(found["reports"], 1 - exp(-(0.2 + 1.5 * fear)))


def test_a_sum_below_zero_is_no_chance(tmp_path: Path) -> None:
    behaviour = option("reports", 'adds_up = { fear = "p.k" }', "")
    assert shares(asked(tmp_path, behaviour, [parameter("p.k", -1.0, "log_ratio")], "reports"), 300) == {"silent": 1.0}


def test_the_queue_of_a_pool_counts_in_working_weeks(tmp_path: Path) -> None:
    """Of those who ask on one day, all see the same queue: those who came before them, at two cases a working day."""
    steps = {
        "away": 'next = [{ to = "desk", when = "minor" }, { to = "asks" }]',
        "desk": 'by = "desk"\nnext = [{ to = "done" }]',
        "asks": 'next = [{ to = "done", when = "turns_away" }, { to = "stays" }]',
        "done": "final = true",
        "stays": "final = true",
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        behaviour=option("turns_away", 'logit = { "load desk" = "p.k" }', ""),
        authorities=pools(desk="staff"),
        parameters=[parameter("p.k", log(2.0), "log_odds"), parameter("capacity.desk", 2.0, "per_working_day")],
    )
    waiting, count = 22, 20_000
    days, minor = [1] * waiting + [2] * count, [True] * waiting + [False] * count
    run = world.run(people(days, flags={"minor": minor}), until=2)
    left = [row for row in run.rows if row[2] == "case.asks"]
    away = sum(row[3] == "case.done" for row in left) / count
    assert near(away, 4 / (1 + 4), count), "twenty wait, two weeks of work: odds 2 ** 2"


# ---- the five curves of an investigation ----


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ("independent", lambda n: 1 - exp(-0.5 * n)),
        ("threshold", lambda n: 1 - exp(-1.5) if n >= 3 else 0.0),
        ("linkage", lambda n: 1 - exp(-0.2 * n * (n - 1))),
        ("saturation", lambda n: 1 - exp(-0.5 * n)),
        ("substitutable", lambda n: 1 - exp(-0.3 - 0.5)),
    ],
)
@pytest.mark.parametrize("leads", [1, 2, 4])
def test_the_curves_of_an_investigation(
    tmp_path: Path, curve: str, expected: Callable[[int], float], leads: int
) -> None:
    """A network with so many leads, an idle desk: the curve as its title says."""
    shipped = Behaviour.load().curve["investigation_finds_suspect"][curve]
    assert shipped.adds_up is not None
    terms = ", ".join(f'"{factor}" = "{number}"' for factor, number in shipped.adds_up.items())
    terms = terms.replace("load police.investigation", "load desk")
    numbers = [
        parameter("curve.per_lead", 0.5, "log_ratio"),
        parameter("curve.enough_statements", 1.5, "log_ratio"),
        parameter("curve.per_ordered_pair", 0.2, "log_ratio"),
        parameter("curve.per_lead_and_week_of_queue", -0.02, "log_ratio"),
        parameter("curve.digital_traces", 0.3, "log_ratio"),
        parameter("curve.any_lead", 0.5, "log_ratio"),
        parameter("curve.first_lead", 1, "count"),
        parameter("curve.statements_needed", 3, "count"),
        parameter("capacity.desk", 1.0, "per_working_day"),
        parameter("p.one", 1, "count"),
    ]
    person = {
        "away": 'next = [{ to = "tells" }]',
        "tells": (
            'changes = { "network:leads" = { add = "p.one" } }\nsignals = ["network:net.tried"]\n'
            'next = [{ to = "told" }]'
        ),
        "told": "final = true",
    }
    gate = {
        "unknown": "",
        "tried": (
            'from = ["unknown", "again"]\nnext = [{ to = "again", when = "not has_all" }, '
            '{ to = "found", when = "finds" }, { to = "dropped" }]'
        ),
        "again": "",
        "found": "final = true",
        "dropped": "final = true",
    }
    conditions = (
        '[condition.any_lead]\ntitle = "x"\ntrait = "leads"\nat_least = "curve.first_lead"\n'
        '[condition.enough_statements]\ntitle = "x"\ntrait = "leads"\nat_least = "curve.statements_needed"\n'
        '[condition.has_all]\ntitle = "x"\ntrait = "leads"\nat_least = "p.all"\n'
    )
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", person), "net": procedure("net", "unknown", gate, entity="network")},
        behaviour=f'[decision.finds]\nwho = "police"\nat = ["net.tried"]\nlaw = ["x"]\nadds_up = {{ {terms} }}\n',
        authorities=pools(desk="staff"),
        conditions=conditions,
        parameters=[*numbers, parameter("p.all", leads, "count")],
    )
    networks = 4000
    crowd = people([0] * (networks * leads), networks=[i // leads for i in range(networks * leads)])
    run = world.run(crowd, until=1)
    found = sum(row[3] == "net.found" for row in run.rows) / networks
    p = expected(leads)
    assert near(found, p, networks) if 0 < p < 1 else found == p
