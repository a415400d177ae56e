"""What people and authorities sense and decide (`sim.engine.decisions`), through small laws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_laws import FINAL, ask, says_yes

from verification.small_worlds import (
    SmallWorld,
    chance,
    hazard,
    parameter,
    people,
    procedure,
    small_world,
)

SIZE = 4000


def test_traits_groups_and_their_negation(tmp_path: Path) -> None:
    crowd = people([0] * 4, flags={"victim": [True, False, True, False]}, groups=[0, 0, 5, 5])
    for number, (when, expected) in enumerate(
        [
            ('"victim"', [True, False, True, False]),
            ('"not victim"', [False, True, False, True]),
            ('["victim", "NGA"]', [True, False, False, False]),
            ('["not victim", "not NGA"]', [False, False, False, True]),
        ]
    ):
        assert says_yes(ask(tmp_path / str(number), when).run(crowd)) == expected


CONDITIONS = """
[condition.was_there]
title = "x"
ever  = ["case.seen", "case.once"]

[condition.term_over]
title = "x"
since = "case.seen"
over  = "d.term"

[condition.later]
title     = "x"
from_date = 2018-02-01

[condition.somewhere]
title = "x"
at    = ["other.on", "case.seen"]

[condition.fearful]
title    = "x"
trait    = "fear"
at_least = "level.half"
"""
SEEN = {
    "away": 'next = [{ to = "seen", when = "victim" }, { to = "waits" }]',
    "seen": 'takes = "d.stay"\nnext = [{ to = "asks" }]',
    "waits": 'takes = "d.stay"\nnext = [{ to = "asks" }]',
    "once": "",
}


def asked(folder: Path, when: str, stay: float = 10.0) -> SmallWorld:
    steps = {
        **SEEN,
        "asks": f'next = [{{ to = "yes", when = {when} }}, {{ to = "no" }}]',
        "yes": FINAL,
        "no": FINAL,
        "out": FINAL,
    }
    other = {"off": 'signals = ["case.once"]', "on": 'from = ["off"]\nfinal = true'}
    steps["once"] = 'from = ["out"]\nfinal = true'
    steps["seen"] = 'signals = ["other.on"]\n' + steps["seen"]
    return small_world(
        folder,
        {"case": procedure("case", "away", steps), "other": procedure("other", "off", other)},
        behaviour=hazard("goes", "case.waits", "case.out", "rate.never"),
        conditions=CONDITIONS,
        parameters=[
            parameter("d.stay", stay),
            parameter("d.term", 14.0),
            parameter("level.half", 0.5, "level"),
            parameter("rate.never", 0.0, "per_year"),
        ],
    )


@pytest.mark.parametrize(
    ("when", "stay", "expected"),
    [
        ('"was_there"', 10, [True, False]),
        ('"not was_there"', 10, [False, True]),
        ('"ever seen"', 10, [True, False]),
        ('"not ever seen"', 10, [False, True]),
        ('"at other.on"', 10, [True, False]),
        ('"not at other.on"', 10, [False, True]),
        ('"somewhere"', 10, [True, False]),
        ('"term_over"', 14, [False, False]),  # the term has passed on the day after its last day
        ('"term_over"', 15, [True, False]),
        ('"not term_over"', 15, [False, True]),
        ('"later"', 30, [False, False]),
        ('"later"', 31, [True, True]),
        ('["later", "victim"]', 31, [True, False]),
    ],
)
def test_named_conditions(tmp_path: Path, when: str, stay: int, expected: list[bool]) -> None:
    run = asked(tmp_path, when, float(stay)).run(people([0, 0], flags={"victim": [True, False]}))
    assert says_yes(run) == expected


@pytest.mark.parametrize(
    ("when", "expected"), [('"fearful"', [False, True, True]), ('"not fearful"', [True, False, False])]
)
def test_a_trait_that_has_reached_a_value(tmp_path: Path, when: str, expected: list[bool]) -> None:
    run = asked(tmp_path, when).run(people([0, 0, 0], levels={"fear": [0.49, 0.5, 0.9]}))
    assert says_yes(run) == expected


@pytest.mark.parametrize(("value", "share"), [(0.0, 0.0), (1.0, 1.0), (0.3, 0.3)])
def test_a_chance(tmp_path: Path, value: float, share: float) -> None:
    world = ask(
        tmp_path,
        '"d"',
        behaviour=chance("d", "case.away", "p.d"),
        parameters=[parameter("p.d", value, "probability")],
    )
    seen = np.mean(says_yes(world.run(people([0] * SIZE))))
    assert seen == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / SIZE))


def test_a_chance_by_group(tmp_path: Path) -> None:
    by = ", ".join(f'{name} = "p.{name}"' for name in ("NGA", "UGA", "GMB", "GIN", "SLE", "other"))
    world = ask(
        tmp_path,
        '"d"',
        behaviour=f'[decision.d]\nwho = "person"\nat = ["case.away"]\nlaw = ["x"]\nchance_by = {{ {by} }}\n',
        parameters=[
            parameter(f"p.{name}", value, "probability")
            for name, value in (("NGA", 0.0), ("UGA", 1.0), ("GMB", 0.2), ("GIN", 0.4), ("SLE", 0.6), ("other", 0.8))
        ],
    )
    group = np.arange(SIZE) % 6
    yes = np.array(says_yes(world.run(people([0] * SIZE, groups=group.tolist()))))
    shares = [yes[group == g].mean() for g in range(6)]
    assert shares == pytest.approx([0.0, 1.0, 0.2, 0.4, 0.6, 0.8], abs=0.08)


STATES = ("receiving_italy", "receiving_germany", "receiving_france", "receiving_spain", "receiving_other")


def test_a_chance_by_receiving_state(tmp_path: Path) -> None:
    """Certain and impossible are exact; a person without any of the states falls under the last."""
    shares = (0.0, 1.0, 0.2, 0.4, 0.6)
    by = ", ".join(f'{name} = "p.{name}"' for name in STATES)
    world = ask(
        tmp_path,
        '"d"',
        behaviour=f'[decision.d]\nwho = "person"\nat = ["case.away"]\nlaw = ["x"]\nchance_by = {{ {by} }}\n',
        parameters=[parameter(f"p.{s}", value, "probability") for s, value in zip(STATES, shares, strict=True)],
    )
    at = np.arange(SIZE) % 6
    flags = {state: (at == number).tolist() for number, state in enumerate(STATES)}
    yes = np.array(says_yes(world.run(people([0] * SIZE, flags=flags))))
    assert [yes[at == number].mean() for number in range(6)] == pytest.approx([*shares, 0.6], abs=0.08)
    assert not yes[at == 0].any()
    assert yes[at == 1].all()


def test_a_logit(tmp_path: Path) -> None:
    """Constant plus coefficient times factor: traits, flags, external events, products."""
    logit = (
        'logit = { constant = "o.base", fear = "o.fear", victim = "o.victim", '
        '"trust * registration_stopped" = "o.both" }'
    )
    world = ask(
        tmp_path,
        '"d"',
        behaviour=f'[decision.d]\nwho = "person"\nat = ["case.away"]\nlaw = ["x"]\n{logit}\n',
        parameters=[
            parameter("o.base", -1.0, "log_odds"),
            parameter("o.fear", -2.0, "log_odds"),
            parameter("o.victim", 1.5, "log_odds"),
            parameter("o.both", 3.0, "log_odds"),
        ],
        shocks={"registration_stopped": (10, 20)},
    )
    for day, fear, trust, victim in (
        (0, 0.0, 1.0, False),
        (0, 0.5, 1.0, True),
        (15, 0.5, 0.5, True),
        (15, 1.0, 0.0, False),
    ):
        crowd = people(
            [day] * SIZE,
            levels={"fear": [fear] * SIZE, "trust": [trust] * SIZE},
            flags={"victim": [victim] * SIZE},
        )
        x = -1.0 - 2.0 * fear + 1.5 * victim + 3.0 * trust * (day == 15)
        expected = 1 / (1 + np.exp(-x))
        assert np.mean(says_yes(world.run(crowd))) == pytest.approx(expected, abs=4.5 * 0.5 / np.sqrt(SIZE))


def test_a_decision_has_one_answer_on_one_occasion_and_a_new_one_on_the_next(tmp_path: Path) -> None:
    steps = {
        "away": 'next = [{ to = "asks" }]',
        "asks": 'takes = "d.day"\nnext = [{ to = "yes", when = "d" }, { to = "no", when = "not d" }, { to = "lost" }]',
        "yes": 'next = [{ to = "asks" }]',
        "no": 'next = [{ to = "asks" }]',
        "lost": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        behaviour=chance("d", "case.asks", "p.d"),
        parameters=[parameter("d.day", 1.0), parameter("p.d", 0.4, "probability")],
    )
    run = world.run(people([0] * 500), until=200)
    assert (run.days("case.lost") == -1).all()
    answers = np.zeros((500, 200), bool)
    for day, person, _, step in run.rows:
        if step == "case.yes":
            answers[person, day - 1] = True
    assert answers.mean() == pytest.approx(0.4, abs=0.01)
    z = np.corrcoef(answers[:, :-1].ravel(), answers[:, 1:].ravel())[0, 1] * np.sqrt(500 * 199)
    assert abs(z) < 4.5
    counts = answers.sum(axis=1)
    assert counts.var() == pytest.approx(200 * 0.4 * 0.6, rel=0.3)


def test_the_same_question_at_two_steps_is_the_same_draw_each_time_it_is_asked(tmp_path: Path) -> None:
    """Whether it is asked here or there: the n-th time that a person is asked has one answer."""
    days = []
    for number, first in enumerate(("here", "there")):
        second = "there" if first == "here" else "here"
        steps = {
            "away": f'next = [{{ to = "{first}" }}]',
            first: f'next = [{{ to = "yes", when = "d" }}, {{ to = "{second}" }}]',
            second: 'next = [{ to = "later", when = "d" }, { to = "no" }]',
            "yes": FINAL,
            "later": FINAL,
            "no": FINAL,
        }
        world = small_world(
            tmp_path / str(number),
            {"case": procedure("case", "away", steps)},
            behaviour='[decision.d]\nwho = "person"\nat = ["case.here", "case.there"]\nlaw = ["x"]\nchance = "p.d"\n',
            parameters=[parameter("p.d", 0.5, "probability")],
        )
        run = world.run(people([0] * 300))
        days.append([run.days(f"case.{step}").tolist() for step in ("yes", "later", "no")])
    assert days[0] == days[1]
    assert all(0 in found for found in days[0])
