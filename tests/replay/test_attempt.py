"""Replaying a chronology: what binds, what is free, what the answer says, and what is refused.

The cases that a lawyer can read are in ``tests/cases`` (``test_cases.py``); here the rules of the replay itself are
tested, on small cases written as a user would write them.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.files.errors import InputError
from sim.replay import Replay, replay
from sim.runs.single import Run

CASES = Path(__file__).parents[1] / "cases"
FLAGS = ("victim", "minor", "asks_asylum", "dublin_indicator", "eurodac_hit", "exploited_nl", "exploited_eu")
DUBLIN = "dublin_claim = true"
Told = Callable[..., Replay]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Replay a case given as facts and as lines ``date step [outcome]``."""

    def told(*events: str, facts: str = "", regime: str = "historical") -> Replay:
        return replay(written(tmp_path, *events, facts=facts), regime)

    return told


def written(folder: Path, *events: str, facts: str = "", head: str = "") -> Path:
    """Write a case file."""
    lines = ["[case]", 'title = "A case"', 'source = "kst165"', head, f"facts = {{ {facts} }}"]
    for event in events:
        date, step, *outcome = event.split()
        lines += ["[[event]]", f"date = {date}", f'step = "{step}"', *(f'outcome = "{word}"' for word in outcome)]
    path = folder / "case.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


# ---- judgments under other rules than those of their day ----


@pytest.mark.parametrize(
    ("case", "regime"),
    [
        ("rbdha_2020_13035", "vc_2018"),
        ("rbdha_2020_13035", "working_method_2019"),
        ("rbdha_2020_13035", "vc_2019_08+U7=wish_date"),
        ("rbdha_2020_13035", "no_necessity_test"),
        ("rbdha_2020_14162", "vc_2018"),
        ("rbdha_2020_14162", "recognition_panel"),
        ("rbdha_2021_5480", "vc_2018"),
        ("rbdha_2024_8107", "vc_2018"),
        ("rbdha_2024_8107", "no_necessity_test"),
    ],
)
def test_what_happened_could_not_have_happened_under_other_rules(case: str, regime: str) -> None:
    result = replay(CASES / f"{case}.toml", regime)
    assert not result.possible, result.text


@pytest.mark.parametrize("regime", ["historical", "vc_2019_08", "vc_2023", "R2", "vc_2019_08+c_66_21"])
def test_a_judgment_of_2020_is_possible_under_every_text_with_the_test(regime: str) -> None:
    assert replay(CASES / "rbdha_2020_14162.toml", regime).possible


# ---- what the answer holds ----


def test_the_course_of_events_says_what_was_assumed(told: Told) -> None:
    result = told("2018-03-01 b8.signalled", "2018-05-02 b8.wish_to_report")
    assert result.possible
    assert result.failure is None
    assumed = [step.step for step in result.steps if step.event is None]
    assert assumed[:2] == ["b8.intake", "b8.reflection_offered"]
    assert [step.event for step in result.steps if step.event is not None] == [0, 1]
    assert all(step.earliest is None or step.earliest <= step.latest for step in result.steps)


def test_the_failure_names_event_step_date_rule_source_and_what_instead(told: Told) -> None:
    result = told("2019-10-09 b8.report", "2019-10-09 b8.grant_decision", facts=DUBLIN)
    failure = result.failure
    assert failure is not None
    assert (failure.event, failure.step, failure.date) == (1, "b8.grant_decision", dt.date(2019, 10, 9))
    assert "dublin_claim = true" in failure.reason
    assert "Decision on the permit (Verlening tijdelijk humanitair)" in failure.reason
    assert "WBV 2019/10" in failure.rule
    assert "2019-08-01" in failure.rule
    assert "Stichting LOS 2019" in failure.source
    assert any("b8.necessity_test" in instead for instead in failure.instead)
    for part in (failure.reason, failure.rule, failure.source):
        assert " ".join(part.split()) in " ".join(result.text.split())


def test_the_transitional_rule_is_told(told: Told) -> None:
    result = told(
        "2019-07-09 b8.wish_to_report",
        "2019-10-09 b8.report",
        "2019-10-09 b8.necessity_test",
        facts=DUBLIN,
        regime="vc_2019_08+U7=wish_date",
    )
    assert result.failure is not None
    assert "Not for this person: text of vc_2019_08" in result.failure.rule
    assert "2019-07-09" in result.failure.rule


def test_an_amendment_that_led_to_a_step_is_told(told: Told) -> None:
    result = told("2019-10-09 b8.report", "2019-10-10 b8.necessity_test", facts=DUBLIN)
    (test,) = [step for step in result.steps if step.step == "b8.necessity_test"]
    assert "vc_2019_08" in test.rule
    assert "prosecution needs the person" in test.rule
    assert "prosecution needs the person" in " ".join(result.text.split())


def test_a_signal_that_a_judgment_took_away_is_told(told: Told) -> None:
    events = ("2022-12-01 dublin.accepted", "2023-04-12 b8.objection", "2023-04-12 dublin.clock_suspended")
    result = told(*events, facts=DUBLIN, regime="vc_2019_08+c_338_21")
    assert result.failure is not None
    assert "does not set off" in result.failure.reason
    assert "C-338/21" in result.failure.rule


def test_a_step_that_no_rule_leads_to_is_placed_in_the_regimes_that_do(told: Told) -> None:
    result = told("2020-02-13 b8.necessity_test", regime="vc_2018")
    assert result.failure is not None
    assert "vc_2019_08" in result.failure.reason
    assert "b8.grant_decision" in " ".join(result.failure.instead)


def test_a_step_of_another_regime_is_no_mistake_but_cannot_happen(told: Told) -> None:
    result = told("2020-02-13 b8.panel_opinion")
    assert not result.possible
    assert "does not have this step" in result.text
    assert "recognition_panel" in result.text


@pytest.mark.parametrize("path", sorted(CASES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_page_fits_and_tells_every_event_up_to_the_first_that_cannot_happen(path: Path) -> None:
    result = replay(path)
    assert max(map(len, result.text.splitlines())) <= 100
    last = len(result.case.events) if result.failure is None else result.failure.event + 1
    for event in result.case.events[:last]:
        assert f"{event.date} " in result.text
        assert f"[{event.step}]" in result.text


def test_the_same_case_gives_the_same_answer() -> None:
    path = CASES / "rbdha_2020_13035.toml"
    assert replay(path).text == replay(path).text


# ---- days and terms ----


@pytest.mark.parametrize(("day", "possible"), [("2018-03-14", True), ("2018-03-15", True), ("2018-03-16", False)])
def test_who_acts_may_act_within_the_term_and_not_after_it(told: Told, day: str, possible: bool) -> None:
    """Take back on a Eurodac hit: two weeks."""
    assert told("2018-03-01 dublin.reply_eurodac", f"{day} dublin.accepted").possible == possible


@pytest.mark.parametrize(("day", "possible"), [("2019-01-14", False), ("2019-01-15", True), ("2019-01-16", False)])
def test_a_term_in_which_nobody_acts_ends_on_its_last_day(told: Told, day: str, possible: bool) -> None:
    assert told("2018-01-15 b8.permit", f"{day} b8.permit_second_year").possible == possible


@pytest.mark.parametrize("day", ["2018-01-15", "2018-01-16", "2020-06-30"])
def test_authorities_may_take_any_time(told: Told, day: str) -> None:
    assert told("2018-01-15 b8.wish_to_report", f"{day} b8.report").possible


def test_a_step_at_which_one_waits_may_be_dated_by_any_day_of_the_wait(told: Told) -> None:
    events = ("2019-10-09 b8.report", "2019-10-11 b8.necessity_test", "2019-10-14 b8.refused")
    assert told(*events, facts=DUBLIN).possible


def test_a_step_passed_through_has_one_day(told: Told) -> None:
    events = ("2019-10-09 b8.report", "2019-10-11 b8.report", "2019-10-11 b8.necessity_test")
    assert not told(*events, facts=DUBLIN).possible


def test_a_case_may_begin_in_the_middle(told: Told) -> None:
    assert told("2018-06-04 b8.objection").possible
    assert told("2018-06-04 dublin.transfer_preparation").possible


@pytest.mark.parametrize(("day", "possible"), [("2019-07-31", True), ("2019-08-01", False)])
def test_the_text_of_the_day_holds(told: Told, day: str, possible: bool) -> None:
    result = told(f"{day} b8.report", f"{day} b8.grant_decision", facts=DUBLIN)
    assert result.possible == possible, result.text


# ---- tracks beside each other ----


def test_a_signal_reaches_the_other_track_on_the_same_day(told: Told) -> None:
    day = "2018-07-10"
    assert told(f"{day} dublin.lapsed", f"{day} asylum.opens").possible
    assert not told(f"{day} dublin.lapsed", "2018-07-11 asylum.opens").possible


def test_a_condition_looks_at_what_is_known_of_another_track(told: Told) -> None:
    wish, transfer = "2018-05-02 b8.wish_to_report", "2018-05-20 dublin.transferred"
    waits = told(wish, transfer, facts=DUBLIN)
    assert not waits.possible
    assert "Asked to report; waits for the police" in waits.text
    gave_up = told(wish, "2018-05-10 b8.withdrawn", transfer, facts=DUBLIN)
    assert gave_up.possible, gave_up.text


def test_a_clock_of_another_track_ends_what_can_happen(told: Told) -> None:
    facts = "appeals_transfer_decision = false, is_detained_for_transfer = false"
    assert told("2018-01-10 dublin.accepted", "2018-07-09 dublin.transferred", facts=facts).possible
    late = told("2018-01-10 dublin.accepted", "2018-07-11 dublin.transferred", facts=facts)
    assert not late.possible
    assert "2018-07-10" in late.text


# ---- facts and decisions ----


def test_a_decision_that_said_no_is_not_undone_unmentioned(told: Told) -> None:
    facts = f"{DUBLIN}, om_finds_person_needed = false"
    no_detour = told("2019-10-09 b8.report", "2020-10-09 b8.permit", facts=facts)
    assert not no_detour.possible
    mentioned = told("2019-10-09 b8.report", "2019-10-14 b8.objection", "2020-01-06 b8.permit", facts=facts)
    assert mentioned.possible, mentioned.text


def test_a_fact_does_not_change_unmentioned(told: Told) -> None:
    """A takeover at discretion would end the claim; the case would have to say so."""
    events = ("2019-08-15 dublin.decision", "2019-10-09 b8.report", "2019-10-09 b8.grant_decision")
    assert not told(*events, facts=DUBLIN).possible
    assert told(*events).possible


def test_the_way_to_an_event_can_end_a_fact(told: Told) -> None:
    events = ("2018-03-01 b8.report", "2019-03-04 b8.permit_second_year")
    result = told(*events, facts=DUBLIN, regime="vc_2018")
    assert result.possible, result.text
    assert "dublin.responsibility_shifts" in [step.step for step in result.steps]


def test_what_a_fact_excludes_cannot_happen(told: Told) -> None:
    result = told("2018-03-02 b8.permit", facts="recognised = false")
    assert not result.possible
    assert "recognised = false" in result.text


def test_where_the_person_was_exploited_is_three_traits(told: Told) -> None:
    result = told("2018-03-02 b8.permit", facts='exploited = "eu"')
    assert dict(result.case.facts) == {"exploited_nl": False, "exploited_eu": True, "exploited_outside": False}
    assert "exploited = eu" in result.text


@pytest.mark.parametrize(
    ("events", "possible"),
    [
        (["2019-10-09 b8.necessity_test b8.refused"], True),
        (["2019-10-09 b8.necessity_test refused"], True),
        (["2019-10-09 b8.necessity_test permit"], False),
        (["2019-10-09 b8.report b8.permit"], False),
        (["2019-10-09 b8.necessity_test refused", "2019-10-20 b8.permit"], False),
        (["2019-10-09 b8.necessity_test refused", "2019-10-20 b8.objection"], True),
    ],
)
def test_an_outcome_is_what_follows_from_the_step(told: Told, events: list[str], possible: bool) -> None:
    result = told(*events, facts=f"{DUBLIN}, om_finds_person_needed = false")
    assert result.possible == possible, result.text


def test_an_outcome_may_lie_behind_steps_without_a_choice(told: Told) -> None:
    assert told("2018-03-01 b8.report b8.permit", regime="vc_2018").possible


# ---- the engine and the replay read the same rules ----


@cache
def small_run() -> Run:
    scenario = sim.Scenario.load("netherlands").replace(inflow={"scale": 0.05})
    return sim.run(scenario, "vc_2019_08")


@pytest.mark.parametrize("every", [1, 3])
def test_what_the_engine_lets_happen_is_possible(tmp_path: Path, every: int) -> None:
    """Chronologies of synthetic persons: whole, or the trafficking file with only some of its events."""
    run = small_run()
    traits = run.persons.set_index("person")
    moves = run.transitions
    tracks = ("b8", "dublin", "asylum") if every == 1 else ("b8",)
    law = moves[moves.track.str.startswith(tracks)]
    for person in list(moves[moves.to == "b8.report"].person.unique())[:8]:
        rows = law[law.person == person]
        events = [f"{date:%Y-%m-%d} {step}" for date, step in zip(rows.date, rows.to, strict=True)][::every]
        facts = ", ".join(f"{flag} = {str(bool(traits.loc[person, flag])).lower()}" for flag in FLAGS)
        result = replay(written(tmp_path, *events, facts=facts), "vc_2019_08")
        assert result.possible, f"{person}\n{result.text}"


# ---- what is refused ----


@pytest.mark.parametrize(
    ("events", "facts", "key", "problem", "near"),
    [
        (["2019-10-09 b8.reprot"], "", "event[0].step", "unknown step", "b8.report"),
        (["2019-10-09 report"], "", "event[0].step", "unknown step", None),
        (["2019-10-09 b8.report permitt"], "", "event[0].outcome", "unknown step", "b8.permit"),
        (["2019-10-09 b8.report dublin.claim"], "", "event[0].outcome", "on another track", None),
        (["2019-10-09 b8.report", "2019-10-08 b8.permit"], "", "event[1].date", "before the event above", None),
        (["1919-10-09 b8.report"], "", "event[0].date", "out of range", None),
        (["2019-10-09 b8.report"], "dublin_clam = true", "case.facts", "unknown fact", "dublin_claim"),
        (["2019-10-09 b8.report"], "dublin_claim = 1", "case.facts.dublin_claim", "wrong type", None),
        (["2019-10-09 b8.report"], 'dublin_claim = "yes"', "case.facts.dublin_claim", "neither true nor false", None),
        (["2019-10-09 b8.report"], 'exploited = "italy"', "case.facts.exploited", "not a place", None),
        (["2019-10-09 b8.report"], 'exploited = "eu", exploited_nl = true', "case.facts.exploited_nl", "same", None),
        (["2019-10-09 b8.report"], "report_alone_gives_no_permit = true", "case.facts", "the regime decides", None),
        ([], "", "event", "missing", None),
    ],
)
def test_a_mistake_in_a_case_is_placed(
    tmp_path: Path, events: list[str], facts: str, key: str, problem: str, near: str | None
) -> None:
    path = written(tmp_path, *events, facts=facts)
    with pytest.raises(InputError) as refused:
        replay(path)
    first = refused.value.problems[0]
    assert first.file == str(path)
    assert str(first.key).startswith(key)
    assert problem in first.problem
    assert near is None or first.nearest == near


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('source = "kst165"', 'source = "kst156"', "neither an ECLI nor a source"),
        ('source = "kst165"', 'source = "ECLI:NL:2020"', "neither an ECLI nor a source"),
        ("[[event]]", "[[events]]", "unknown key"),
        ('title = "A case"', "", "missing"),
        ("date = 2019-10-09", 'date = "2019-10-09"', "wrong type"),
        ("date = 2019-10-09", "date = 2019-10-09\nstap = 1", "unknown key"),
    ],
)
def test_a_mistake_in_the_shape_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = written(tmp_path, "2019-10-09 b8.report")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=problem):
        replay(path)


FORBIDDEN = '[forbidden]\nevent = {event}\nreason = "{reason}"\n'
REFUSED = ("2019-10-09 b8.report", "2019-10-09 b8.grant_decision")


def expecting(folder: Path, event: int, reason: str) -> Path:
    path = written(folder, *REFUSED, facts=DUBLIN, head='regime = "vc_2019_08"')
    text = path.read_text(encoding="utf-8")
    table = FORBIDDEN.format(event=event, reason=reason)
    path.write_text(text.replace("[[event]]", f"{table}[[event]]", 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("event", "reason", "regime", "as_expected"),
    [
        (2, "this holds: another state is held responsible", None, True),
        (2, "this holds: another state is held responsible", "vc_2019_08", True),
        (2, "a term that was not over", None, False),
        (1, "this holds: another state is held responsible", None, False),
        (2, "a term that was not over", "vc_2018", True),
    ],
)
def test_what_the_author_expects_is_compared_with_the_answer(
    tmp_path: Path, event: int, reason: str, regime: str | None, as_expected: bool
) -> None:
    """Under other rules than those of the case nothing is expected."""
    result = replay(expecting(tmp_path, event, reason), regime)
    assert result.as_expected == as_expected
    assert ("Not as the case expects" in result.text) != as_expected


def test_an_event_that_the_case_does_not_have_cannot_be_expected(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        replay(expecting(tmp_path, 3, "anything"))
    assert (refused.value.key, refused.value.value) == ("forbidden.event", 3)
    assert "1 to 2" in str(refused.value)


def test_a_wait_on_another_track_hides_no_way(told: Told) -> None:
    """The written view is over before the wish; the procedure that it belongs to has gone on by then."""
    events = ("2019-04-01 dublin.accepted", "2019-05-14 b8.wish_to_report", "2019-05-20 dublin.transfer_preparation")
    assert told(*events, regime="vc_2018").possible


def test_an_unknown_regime_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, "2019-10-09 b8.report", head='regime = "vc_2091_08"')
    with pytest.raises(InputError) as refused:
        replay(path)
    assert (refused.value.file, refused.value.key) == (str(path), "case.regime")
    assert refused.value.nearest == "vc_2019_08"
    with pytest.raises(InputError, match="regime"):
        replay(CASES / "rbdha_2020_13035.toml", "vc_2081")


def test_several_mistakes_come_together(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        replay(written(tmp_path, "2019-10-09 b8.reprot", "2019-10-10 b8.permitt", facts="victom = true"))
    assert len(refused.value.problems) == 3


# ---- the command ----


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ([str(CASES / "rbdha_2020_13035.toml")], 0, "Possible under historical"),
        ([str(CASES / "rbdha_2020_13035.toml"), "--regime", "vc_2018"], 1, "Impossible under vc_2018"),
        (["no_such_case.toml"], 2, ""),
    ],
)
def test_the_command_answers_with_its_exit_status(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    says: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["b8sim", "replay", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    output = capsys.readouterr()
    assert int(left.value.code or 0) == status
    assert output.out.startswith(says)
    assert "Traceback" not in output.err


def test_what_waits_for_a_step_of_another_regime_has_never_happened(tmp_path: Path) -> None:
    """A hazard asks if somebody was ever recognised by the panel, which the base text does not have."""
    path = tmp_path / "case.toml"
    path.write_text(
        '[case]\ntitle = "x"\nsource = "kst165"\nregime = "vc_2018"\nfacts = { statement_has_lead = false }\n'
        '[[event]]\ndate = 2018-03-20\nstep = "investigation.assessment"\n'
        '[[event]]\ndate = 2018-03-21\nstep = "b8.permit"\n'
        '[[event]]\ndate = 2018-06-04\nstep = "investigation.lead_found"\n'
    )
    found = replay(path)
    assert not found.possible
    assert found.failure is not None
    assert found.failure.step == "investigation.lead_found"
