"""How people move: kinds of steps, conditions, decisions, signals, rules that change; through small laws."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from sim.files.errors import InputError
from verification.small_worlds import (
    SmallRun,
    SmallWorld,
    chance,
    hazard,
    parameter,
    people,
    pools,
    procedure,
    small_world,
)

SIZE = 4000
FINAL = "final = true"


def path(run: SmallRun, person: int = 0) -> list[tuple[int, str]]:
    """Day and step of each move of a person."""
    return [(day, step) for day, entity, _, step in run.rows if entity == person]


def ask(folder: Path, when: str, *, steps: dict[str, str] | None = None, **more: object) -> SmallWorld:
    """A law in which people go to ``case.yes`` on arrival when something holds, else to ``case.no``."""
    given = {
        "away": f'next = [{{ to = "yes", when = {when} }}, {{ to = "no" }}]',
        "yes": FINAL,
        "no": FINAL,
        **(steps or {}),
    }
    return small_world(folder, {"case": procedure("case", "away", given)}, **more)  # type: ignore[arg-type]


def says_yes(run: SmallRun) -> list[bool]:
    return (run.days("case.yes") >= 0).tolist()


# ---- kinds of steps ----


def test_each_kind_of_step_takes_the_time_it_should(tmp_path: Path) -> None:
    steps = {
        "away": 'next = [{ to = "through" }]',
        "through": 'next = [{ to = "clock" }]',
        "clock": 'takes = "d.ten"\nnext = [{ to = "none" }]',
        "none": 'takes = "d.zero"\nnext = [{ to = "desk" }]',
        "desk": 'by = "desk"\nnext = [{ to = "work" }]',
        "work": 'by = "desk"\ntakes = "d.ten"\nnext = [{ to = "gate" }]',
        "gate": 'next = [{ to = "rest", when = "registration_stopped" }]',
        "rest": "",
        "end": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        behaviour=hazard("ends", "case.rest", "case.end", "rate.ends"),
        authorities=pools(desk="staff"),
        parameters=[
            parameter("d.ten", 10.0),
            parameter("d.zero", 0.0),
            parameter("capacity.desk", 1.0, "per_working_day"),
            parameter("rate.ends", 1e6, "per_year"),
        ],
        shocks={"registration_stopped": (60, 70)},
    )
    # 13 January 2018 is a Saturday: the desk is closed for two days, and one case a day is all it takes.
    assert path(world.run(people([2]))) == [
        (2, "case.through"),
        (2, "case.clock"),
        (12, "case.none"),
        (12, "case.desk"),
        (14, "case.work"),
        (25, "case.gate"),
        (60, "case.rest"),
        (61, "case.end"),
    ]


def test_who_does_not_arrive_does_nothing(tmp_path: Path) -> None:
    run = ask(tmp_path, '"victim"').run(people([5, 32767, 32767]))
    assert {entity for _, entity, _, _ in run.rows} == {0}


def test_a_step_without_end_holds_its_place(tmp_path: Path) -> None:
    """A bed that is held until something moves the person."""
    steps = {"away": 'next = [{ to = "bed" }]', "bed": 'by = "beds"', "out": FINAL}
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        behaviour=hazard("goes", "case.bed", "case.out", "rate.goes", 'when = ["registration_stopped"]'),
        authorities=pools(beds="places"),
        parameters=[parameter("capacity.beds", 2.9, "places"), parameter("rate.goes", 1e6, "per_year")],
        shocks={"registration_stopped": (100, 101)},
    )
    run = world.run(people([0, 0, 0]), until=99)
    assert run.state.pools[0, :2].tolist() == [1, 2]
    run = world.run(people([0, 0, 0]), until=101)
    assert run.state.pools[0, :2].tolist() == [0, 0]
    run = world.run(people([0, 0, 0, 102, 102, 102]), until=200)
    assert run.state.pools[0, :2].tolist() == [1, 2]


# ---- terms ----


@pytest.mark.parametrize(
    ("unit", "value", "term", "start", "end"),
    [
        ("days", 5, "none", dt.date(2018, 1, 1), dt.date(2018, 1, 6)),
        ("days", 5, "national", dt.date(2018, 1, 1), dt.date(2018, 1, 8)),
        ("weeks", 4, "none", dt.date(2018, 1, 3), dt.date(2018, 1, 31)),
        ("working_days", 5, "none", dt.date(2018, 1, 5), dt.date(2018, 1, 12)),
        ("months", 1, "none", dt.date(2018, 1, 31), dt.date(2018, 2, 28)),
        ("months", 3, "national", dt.date(2018, 1, 27), dt.date(2018, 4, 30)),
        ("months", 6, "eu", dt.date(2018, 1, 1), dt.date(2018, 7, 2)),
        ("years", 1, "none", dt.date(2018, 1, 6), dt.date(2019, 1, 6)),
        ("hours", 24, "none", dt.date(2018, 1, 6), dt.date(2018, 1, 7)),
    ],
)
def test_terms_end_as_their_rule_says(
    tmp_path: Path, unit: str, value: int, term: str, start: dt.date, end: dt.date
) -> None:
    steps = {
        "away": 'next = [{ to = "term" }]',
        "term": f'takes = "d.term"\nterm = "{term}"\nnext = [{{ to = "over" }}]',
        "over": FINAL,
    }
    world = small_world(
        tmp_path, {"case": procedure("case", "away", steps)}, parameters=[parameter("d.term", float(value), unit)]
    )
    run = world.run(people([world.calendar.day_of(start)]))
    assert world.calendar.date_of(int(run.days("case.over")[0])) == end


@pytest.mark.parametrize("value", [0.4, 2.5, 7.9])
def test_a_term_with_a_fraction_is_refused_not_cut(tmp_path: Path, value: float) -> None:
    steps = {
        "away": 'next = [{ to = "term" }]',
        "term": 'takes = "d.term"\nnext = [{ to = "over" }]',
        "over": FINAL,
    }
    with pytest.raises(InputError, match="is no whole number"):
        small_world(tmp_path, {"case": procedure("case", "away", steps)}, parameters=[parameter("d.term", value)])


def test_a_term_can_count_from_an_earlier_step(tmp_path: Path) -> None:
    """The rest of a term; none left: it is over at once."""
    steps = {
        "away": 'next = [{ to = "first" }]',
        "first": 'takes = "d.first"\nnext = [{ to = "last" }]',
        "last": 'takes = "d.all"\ncounted_from = "first"\nnext = [{ to = "late" }]',
        "late": 'takes = "d.first"\ncounted_from = "first"\nnext = [{ to = "over" }]',
        "over": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        parameters=[parameter("d.first", 10.0), parameter("d.all", 30.0)],
    )
    assert path(world.run(people([7]))) == [
        (7, "case.first"),
        (17, "case.last"),
        (37, "case.late"),
        (37, "case.over"),
    ]


# ---- conditions ----


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


# ---- decisions ----


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


# ---- signals ----


def test_a_signal_moves_only_those_who_stand_where_it_can_reach_them(tmp_path: Path) -> None:
    case = {
        "away": 'next = [{ to = "one", when = "victim" }, { to = "two" }]',
        "one": 'signals = ["other.on"]\ntakes = "d.ten"\nnext = [{ to = "two", signals = ["other.off"] }]',
        "two": 'signals = ["other.on"]\nfinal = true',
    }
    other = {
        "idle": "",
        "on": 'from = ["idle"]',
        "off": 'from = ["on"]\nnext = [{ to = "gone" }]',
        "gone": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", case), "other": procedure("other", "idle", other)},
        parameters=[parameter("d.ten", 10.0)],
    )
    run = world.run(people([0, 0], flags={"victim": [True, False]}))
    assert path(run) == [
        (0, "case.one"),
        (0, "other.on"),
        (10, "case.two"),
        (10, "other.off"),
        (10, "other.gone"),
    ], "entering a step signals before the branch does; a second signal finds nobody"
    assert path(run, 1) == [(0, "case.two"), (0, "other.on")]


def test_signals_settle_within_the_day_first_in_first_out(tmp_path: Path) -> None:
    """One step tells two tracks; what they tell further comes after both have moved."""
    files = {
        "a": procedure("a", "away", {"away": 'next = [{ to = "go", signals = ["b.go", "c.go"] }]', "go": FINAL}),
        "b": procedure("b", "idle", {"idle": "", "go": 'from = ["idle"]\nsignals = ["d.go"]\nfinal = true'}),
        "c": procedure("c", "idle", {"idle": "", "go": 'from = ["idle"]\nsignals = ["d.stop"]\nfinal = true'}),
        "d": procedure("d", "idle", {"idle": "", "go": 'from = ["idle"]', "stop": 'from = ["go"]\nfinal = true'}),
    }
    run = small_world(tmp_path, files).run(people([3]))
    assert path(run) == [(3, "a.go"), (3, "b.go"), (3, "c.go"), (3, "d.go"), (3, "d.stop")]


def test_the_start_of_work_signals_not_the_wait(tmp_path: Path) -> None:
    steps = {
        "away": 'next = [{ to = "desk" }]',
        "desk": 'by = "desk"\ntakes = "d.ten"\nsignals = ["other.waits"]\non_start = ["other.works"]\n'
        'next = [{ to = "done" }]',
        "done": FINAL,
    }
    other = {"idle": "", "waits": 'from = ["idle"]', "works": 'from = ["waits"]\nfinal = true'}
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps), "other": procedure("other", "idle", other)},
        authorities=pools(desk="staff"),
        parameters=[parameter("d.ten", 10.0), parameter("capacity.desk", 1.0, "per_working_day")],
    )
    assert path(world.run(people([5]))) == [  # 6 January 2018 is a Saturday
        (5, "case.desk"),
        (5, "other.waits"),
        (7, "other.works"),
        (17, "case.done"),
    ]


def test_a_signal_takes_one_out_of_a_queue_and_frees_a_place(tmp_path: Path) -> None:
    """The clock of another track ends a wait (person 1) and a stay (person 0)."""
    bed = {
        "away": 'next = [{ to = "bed", signals = ["other.clock"] }]',
        "bed": 'by = "beds"\ntakes = "d.long"\nnext = [{ to = "end" }]',
        "out": 'from = ["bed"]\nfinal = true',
        "end": FINAL,
    }
    other = {
        "idle": "",
        "clock": 'from = ["idle"]\ntakes = "d.ten"\nnext = [{ to = "rang", signals = ["case.out"] }]',
        "rang": FINAL,
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", bed), "other": procedure("other", "idle", other)},
        authorities=pools(beds="places"),
        parameters=[
            parameter("d.ten", 10.0),
            parameter("d.long", 400.0),
            parameter("capacity.beds", 1.0, "places"),
        ],
    )
    run = world.run(people([0, 0, 9]))
    assert [run.days("case.out")[i] for i in range(3)] == [10, 10, 19]
    sums = run.pool("beds")
    assert (sums["served"], sums["waited"], sums["used"]) == (2, 1, 10 + 9)
    assert run.state.pools[0, :2].tolist() == [0, 0]


NETWORK = {
    "unseen": "",
    "lead": 'from = ["unseen", "known"]\nnext = [{ to = "caught", when = "enough" }, { to = "known" }]',
    "known": "",
    "caught": 'signals = ["victims:case.freed"]\nfinal = true',
}


def network_world(folder: Path) -> SmallWorld:
    case = {
        "away": 'next = [{ to = "tells", when = "asks_asylum" }, { to = "silent" }]',
        "tells": 'changes = { "network:leads" = { add = "l.one" } }\n'
        'next = [{ to = "silent", signals = ["network:web.lead"] }]',
        "silent": "",
        "freed": 'from = ["silent"]\nfinal = true',
    }
    return small_world(
        folder,
        {
            "case": procedure("case", "away", case),
            "web": procedure("web", "unseen", NETWORK, entity="network"),
        },
        behaviour='[decision.enough]\nwho = "police"\nat = ["web.lead"]\nlaw = ["x"]\n'
        'logit = { constant = "o.base", leads = "o.leads" }\n',
        parameters=[
            parameter("l.one", 1.0, "count"),
            parameter("o.base", -250.0, "log_odds"),
            parameter("o.leads", 100.0, "log_odds"),
        ],
    )


def test_networks_hear_from_their_victims_and_victims_of_their_network(tmp_path: Path) -> None:
    """The third lead opens the case, and all victims of that network are freed, nobody else."""
    run = network_world(tmp_path).run(
        people(
            [0, 1, 2, 3, 4, 5],
            flags={"asks_asylum": [True, False, True, True, True, True]},
            networks=[0, 0, 0, 1, 0, -1],
        )
    )
    assert run.days("case.freed").tolist() == [4, 4, 4, -1, 4, -1]
    webs = [(day, entity, step) for day, entity, _, step in run.rows if step.startswith("web.")]
    assert webs == [
        (0, 6, "web.lead"),
        (0, 6, "web.known"),
        (2, 6, "web.lead"),
        (2, 6, "web.known"),
        (3, 7, "web.lead"),
        (3, 7, "web.known"),
        (4, 6, "web.lead"),
        (4, 6, "web.caught"),
    ]
    assert run.state.level[6:, 0].tolist() == [3.0, 1.0], "leads are counted, not kept between 0 and 1"


def test_levels_of_persons_stay_between_0_and_1(tmp_path: Path) -> None:
    steps = {
        "away": 'next = [{ to = "up" }]',
        "up": 'takes = "d.ten"\nchanges = { fear = { add = "l.more" }, trust = { set = "l.trust" } }\n'
        'next = [{ to = "down" }]',
        "down": 'changes = { fear = { add = "l.less" } }\nfinal = true',
    }
    world = small_world(
        tmp_path,
        {"case": procedure("case", "away", steps)},
        parameters=[
            parameter("d.ten", 10.0),
            parameter("l.more", 0.4, "log_odds"),
            parameter("l.less", -3.0, "log_odds"),
            parameter("l.trust", 0.7, "level"),
        ],
    )
    crowd = people([0, 0], levels={"fear": [0.3, 0.9], "trust": [0.0, 1.0]})
    early = world.run(crowd, until=5).state.level[:, :2]
    assert early == pytest.approx(np.array([[0.7, 0.7], [1.0, 0.7]]))
    assert world.run(crowd).state.level[:, 0].tolist() == [0.0, 0.0]


# ---- gates ----


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


# ---- rules that change ----


def changing(folder: Path, applies_to: str | None) -> SmallWorld:
    steps = {
        "away": 'next = [{ to = "event" }]',
        "event": 'takes = "d.ten"\nnext = [{ to = "asks" }]',
        "asks": 'next = [{ to = "old" }]',
        "old": FINAL,
        "new": 'from = ["away"]\nfinal = true',
    }
    other = {"idle": "", "tells": 'signals = ["case.new"]', "x": FINAL}
    behaviour = hazard("a", "other.idle", "other.tells", "rate.never") + hazard(
        "b", "other.tells", "other.x", "rate.never"
    )
    return small_world(
        folder,
        {"case": procedure("case", "away", steps), "other": procedure("other", "idle", other)},
        behaviour=behaviour,
        parameters=[parameter("d.ten", 10.0), parameter("rate.never", 0.0, "per_year")],
        later={"case.asks": (dt.date(2018, 2, 1), applies_to, {"next": ({"to": "case.new"},)})},
    )


def test_a_new_text_holds_from_its_day(tmp_path: Path) -> None:
    run = changing(tmp_path, None).run(people([19, 20, 21, 22, 31]))
    assert (run.days("case.old") >= 0).tolist() == [True, True, False, False, False]
    assert run.state.ruled.tolist() == [0, 0, 1, 1, 1]


def test_a_transitional_rule_keeps_the_old_text_by_the_day_of_an_event(tmp_path: Path) -> None:
    """Those for whom the event had happened before the new text entered into force keep the old one."""
    run = changing(tmp_path, "case.event").run(people([19, 22, 30, 31, 32]))
    assert (run.days("case.old") >= 0).tolist() == [True, True, True, False, False]
    assert run.state.ruled.tolist() == [0, 0, 0, 1, 1]


# ---- order within a day ----


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
