"""Whether the procedures hold together (`sim.policies.structure`): each mistake in a procedure of a few steps."""

from __future__ import annotations

from pathlib import Path

import pytest
from law_files import texts
from regime_files import LEAD, STEP, amend, refused

from sim.agents.behaviour import Authorities, Behaviour, Decision, Hazard
from sim.files.errors import InputError
from sim.policies.structure import check_regime, check_rulebook
from sim.procedures import Rulebook
from sim.procedures.conditions import Criterion

TRACK = '[track.file]\ntitle = { en = "File", nl = "Dossier" }\nstart = "start"\n'
OTHER = '[track.other]\ntitle = { en = "Other", nl = "Ander" }\nstart = "elsewhere"\n' + (
    '[step.elsewhere]\ntrack = "other"\ntitle = { en = "E", nl = "E" }\nactor = "IND"\n'
    'law = ["kst121"]\nstatus = "read"\nfinal = true\n'
)


def step(name: str, more: str) -> str:
    """Write a step of the small procedure."""
    head = f'[step.{name}]\ntrack = "file"\ntitle = {{ en = "{name}", nl = "{name}" }}\nactor = "IND"\n'
    return f'{head}law = ["kst121"]\nstatus = "read"\n{more}\n'


def small(folder: Path, *parts: str, conditions: str = "") -> Rulebook:
    """Make a rulebook of one procedure, ``small.toml``."""
    (folder / "small.toml").write_text("\n".join((TRACK, *parts)), encoding="utf-8")
    known = '[condition.at_start]\ntitle = "At the start"\nat = ["small.start"]\n'
    known += '[condition.two_parts]\ntitle = "Two"\nat = ["small.start"]\never = ["small.start"]\n'
    (folder / "conditions.toml").write_text(known + conditions, encoding="utf-8")
    return Rulebook.load(folder)


def behaviour(decisions: dict[str, list[str]] | None = None, hazards: dict[str, str] | None = None) -> Behaviour:
    """Make decisions (name: where) and hazards (from: to)."""
    return Behaviour(
        decision={
            name: Decision(who="IND", at=tuple(at), law=("kst121",), chance="b8.objects")
            for name, at in (decisions or {}).items()
        },
        hazard={
            f"from_{at}": Hazard(who="IND", at=(at,), to=to, law=("kst121",), per_year="b8.objects")
            for at, to in (hazards or {}).items()
        },
    )


END = step("end", "final = true")
GOOD = (step("start", 'next = [{ to = "end" }]'), END)


def mistakes_of(rulebook: Rulebook, known: Behaviour | None = None) -> list[str]:
    """Check a small rulebook and return the mistakes."""
    with pytest.raises(InputError) as caught:
        check_rulebook(
            rulebook,
            behaviour=known or behaviour(),
            authorities=Authorities(pool={}),
            sources={"kst121"},
        )
    return texts(caught.value)


def test_the_small_procedure_is_in_order(tmp_path: Path) -> None:
    check_rulebook(small(tmp_path, *GOOD), behaviour=behaviour(), authorities=Authorities(pool={}))


STRUCTURE = [
    (
        [step("start", "takes = 'x.y'\nnext = [{ to = 'end', when = 'minor' }]"), END],
        "last branch without conditions",
    ),
    ([step("start", "takes = 'x.y'"), END], "last branch without conditions"),
    (
        [step("start", "counted_from = 'end'\nnext = [{ to = 'end' }]"), END],
        "counts a term that is not there",
    ),
    ([step("start", "final = true\nnext = [{ to = 'end' }]"), END], "a final step has no takes, by or next"),
    ([step("start", "next = [{ to = 'end' }, { to = 'start' }]"), END], "hides those after it"),
    (
        [step("start", "next = [{ to = 'end', when = 'minor' }]"), step("end", "")],
        "nothing leads out of this step",
    ),
    ([*GOOD, step("lost", "final = true")], "nothing leads to this step"),
    (
        [step("start", "signals = 'small.end'\nnext = [{ to = 'end' }]"), END],
        "the signal to small.end does nothing",
    ),
    ([step("start", "next = [{ to = 'start' }]")], "lead to each other within a day"),
    (
        [step("start", "next = [{ to = 'b' }]"), step("b", "from = 'start'\nnext = [{ to = 'start' }]")],
        "lead to each other within a day",
    ),
    (
        [
            step("start", "next = [{ to = 'b', signals = 'small.elsewhere' }]"),
            step("b", "final = true"),
            OTHER.replace("final = true\n", "from = 'elsewhere'\nsignals = 'small.start'\n"),
        ],
        "lead to each other within a day",
    ),
    (
        [step("start", "next = [{ to = 'elsewhere' }]"), OTHER],
        "small.elsewhere is on another track (small.other)",
    ),
    (
        [step("start", "from = 'elsewhere'\nfinal = true"), OTHER],
        "small.elsewhere is on another track (small.other)",
    ),
    (
        [step("start", "next = [{ to = 'end', when = 'not two_parts' }, { to = 'end' }]"), END],
        "cannot be negated|part",
    ),
    ([step("start", "next = [{ to = 'end', when = 'fear' }, { to = 'end' }]"), END], "unknown condition"),
    ([step("start", "next = [{ to = 'end', when = 'at ' }, { to = 'end' }]"), END], "unknown condition"),
]


@pytest.mark.parametrize(("parts", "problem"), STRUCTURE)
def test_a_mistake_in_the_structure_is_found(tmp_path: Path, parts: list[str], problem: str) -> None:
    found = mistakes_of(small(tmp_path, *parts))
    wanted = problem.partition("|")[2] or problem
    assert any(wanted in text for text in found), found


CONDITIONS = [
    ('title = "Nothing"', "empty: nothing to hold"),
    ('title = "Since"\nsince = "small.start"', "since and over belong together"),
    ('title = "Trait"\ntrait = "fears"\nat_least = "x.y"', "unknown trait"),
    ('title = "Flag"\ntrait = "receiving_itly"\nduring = "transfers_stopped"', "nearest: receiving_italy"),
    ('title = "Event"\ntrait = "receiving_italy"\nduring = "transfers_stoped"', "nearest: transfers_stopped"),
    ('title = "Level"\ntrait = "fear"\nduring = "transfers_stopped"', "unknown trait"),
    ('title = "Trait alone"\ntrait = "fear"', "a trait goes with one of: at_least, during"),
    ('title = "Event alone"\nfrom_date = 2020-01-01\nduring = "transfers_stopped"', "need a trait"),
    ('title = "Source"\nat = ["small.start"]\nlaw = ["kst12"]', "unknown source"),
]


@pytest.mark.parametrize(("content", "problem"), CONDITIONS)
def test_a_mistake_in_a_condition_is_found(tmp_path: Path, content: str, problem: str) -> None:
    found = mistakes_of(small(tmp_path, *GOOD, conditions=f"[condition.wrong]\n{content}\n"))
    assert any("condition.wrong" in text and problem in text for text in found), found


def test_a_decision_is_made_where_it_says(tmp_path: Path) -> None:
    rulebook = small(
        tmp_path,
        step(
            "start",
            "next = [{ to = 'end', when = 'chooses' }, { to = 'end', when = 'not chooses' }, { to = 'end' }]",
        ),
        END,
    )
    check_rulebook(rulebook, behaviour=behaviour({"chooses": ["small.start"]}), authorities=Authorities(pool={}))
    elsewhere = mistakes_of(rulebook, behaviour({"chooses": ["small.end"]}))
    assert any("small.start asks for this decision too" in text for text in elsewhere)
    assert any("small.end does not ask for this decision" in text for text in elsewhere)
    unasked = mistakes_of(rulebook, behaviour({"chooses": ["small.start"], "idle": ["small.start"]}))
    assert any("decision.idle.at: small.start does not ask" in text for text in unasked)


def test_a_gate_asks_nobody(tmp_path: Path) -> None:
    rulebook = small(tmp_path, step("start", "next = [{ to = 'end', when = 'chooses' }]"), END)
    found = mistakes_of(rulebook, behaviour({"chooses": ["small.start"]}))
    assert any("a gate waits for a condition, it cannot ask for a decision" in text for text in found)


@pytest.mark.parametrize("name", ["minor", "at_start"])
def test_a_decision_has_a_name_of_its_own(tmp_path: Path, name: str) -> None:
    found = mistakes_of(small(tmp_path, *GOOD), behaviour({name: ["small.start"]}))
    assert any("a condition or trait has this name too" in text for text in found)


def test_a_hazard_is_a_way_out_and_a_way_in(tmp_path: Path) -> None:
    rulebook = small(tmp_path, step("start", ""), END)
    check_rulebook(
        rulebook, behaviour=behaviour(hazards={"small.start": "small.end"}), authorities=Authorities(pool={})
    )
    assert any(
        "unknown step" in text for text in mistakes_of(rulebook, behaviour(hazards={"small.start": "small.ends"}))
    )


def test_a_hazard_stays_on_its_track(tmp_path: Path) -> None:
    found = mistakes_of(small(tmp_path, *GOOD, OTHER), behaviour(hazards={"small.start": "small.elsewhere"}))
    assert any("small.start is on another track" in text for text in found)


def test_a_step_may_wait_for_a_regime_to_lead_to_it(tmp_path: Path) -> None:
    rulebook = small(tmp_path, *GOOD, step("lost", "final = true"))
    start = rulebook.steps["small.start"]
    to_lost = start.next[0].model_copy(update={"to": "small.lost", "when": (Criterion.parse("minor"),)})
    amended = {**rulebook.steps, "small.start": start.model_copy(update={"next": (to_lost, *start.next)})}
    check_rulebook(rulebook, amended={"mine": amended}, behaviour=behaviour(), authorities=Authorities(pool={}))


def test_a_mistake_in_a_regime_names_the_regime() -> None:
    base = Rulebook.load()
    report = base.steps["b8.report"]
    looped = report.model_copy(update={"next": (report.next[0].model_copy(update={"to": "b8.report"}),)})
    with pytest.raises(InputError, match=r"mine: b8\.report: these steps and signals lead to each other"):
        check_regime(base, "mine", {**base.steps, "b8.report": looped})


def test_a_condition_of_one_part_can_be_negated(tmp_path: Path) -> None:
    branches = "next = [{ to = 'end', when = ['not at_start', 'not minor', 'not ever start'] }, { to = 'end' }]"
    check_rulebook(
        small(tmp_path, step("start", branches), END), behaviour=behaviour(), authorities=Authorities(pool={})
    )


AMENDMENTS = [
    (
        amend('step = "b8.report"\nnext = [{ to = "no_reflection", when = "minor", before = "grant_decision" }]'),
        "b8.no_reflection is on another track",
        "b8.report",
    ),
    (
        amend('step = "b8.report"\nnext = [{ to = "report", when = "minor", before = "grant_decision" }]'),
        "lead to each other within a day",
        "b8.report",
    ),
    (STEP, "b8.mine: nothing leads to this step", "mine.toml"),
    (STEP.replace('from = "none"\n', "") + LEAD, "the signal to b8.mine does nothing", "from of b8.mine"),
    (
        STEP.replace('next = [{ to = "none" }]\n', "") + LEAD,
        "b8.mine: nothing leads out of this step",
        "mine.toml",
    ),
    (
        STEP.replace('"none" }]', '"none", when = "objects" }]') + LEAD,
        "a gate waits for a condition, it cannot ask for a decision",
        'given: "objects"',
    ),
]


@pytest.mark.parametrize(("body", "problem", "more"), AMENDMENTS)
def test_an_amendment_after_which_the_law_does_not_hold_together_is_refused(body: str, problem: str, more: str) -> None:
    refused(body, problem, more)
