"""How people move (`sim.engine.moves`): kinds of steps, terms, signals, changes; through small laws."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from small_laws import FINAL, ask, path

from sim.files.errors import InputError
from verification.small_worlds import (
    SmallWorld,
    hazard,
    parameter,
    people,
    pools,
    procedure,
    small_world,
)


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
