"""The rulebook: full ids, a hash that moves only with the content, and checks that find every mistake."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import strategies as st

from sim.agents.behaviour import Authorities, Behaviour, Decision, Hazard
from sim.evidence.parameters import Parameters
from sim.evidence.references import reference_keys
from sim.files.errors import InputError
from sim.policies.library import shipped
from sim.policies.shipped_law import check_law, texts_of_all_regimes
from sim.policies.structure import check_regime, check_rulebook
from sim.procedures import Rulebook
from sim.procedures.conditions import At, Criterion, Ever, StepId
from sim.procedures.rulebook import PROCEDURES
from sim.procedures.schema import Step

NAMES = st.from_regex(r"[a-z][a-z_0-9]{0,12}", fullmatch=True)


def texts(error: BaseException) -> list[str]:
    """Return the mistakes of an error, one text each."""
    assert isinstance(error, InputError)
    return [str(problem) for problem in error.problems]


# ---- the shipped law ----


def test_the_shipped_law_holds_together() -> None:
    checked = check_law()
    base = Rulebook.load()
    assert checked["steps"] == len(base.steps)
    assert checked["regimes"] + checked["layers"] == len(shipped())


def test_every_reference_is_a_full_id_of_a_step() -> None:
    base = Rulebook.load()
    for name, step in base.steps.items():
        named = [*step.from_, *filter(None, [step.counted_from]), *(signal.step for signal in step.all_signals())]
        named += [branch.to for branch in step.next]
        named += [item.subject.step for item in step.asks if isinstance(item.subject, At | Ever)]
        assert set(named) <= base.steps.keys(), name
        assert step.track in base.tracks, name
        assert StepId(step.track).procedure == StepId(name).procedure
    assert {track.start for track in base.tracks.values()} <= base.steps.keys()


def test_tracks_keep_the_order_of_their_file() -> None:
    tracks = [name for name in Rulebook.load().tracks if name.startswith("b8.")]
    assert tracks == ["b8.file", "b8.reflection", "b8.placement"]


def test_loading_twice_gives_the_same_content() -> None:
    assert Rulebook.load(PROCEDURES) == Rulebook.load()
    assert Rulebook.load(PROCEDURES).hash() == Rulebook.load().hash()


def test_the_hash_moves_with_every_word_of_the_law(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert Rulebook.load(folder).hash() == Rulebook.load().hash()
    for file, old, new in (
        ("b8.toml", "Report taken", "Report is taken"),
        ("conditions.toml", 'title = "Whereabouts unknown"', 'title = "Not known where"'),
        ("dublin.toml", 'title = { en = "Dublin claim"', 'title = { en = "The Dublin claim"'),
    ):
        text = (PROCEDURES / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        assert Rulebook.load(folder).hash() != Rulebook.load().hash(), file
        (folder / file).write_text(text, encoding="utf-8")


def test_kinds_of_steps() -> None:
    steps = Rulebook.load().steps
    assert steps["b8.wish_to_report"].kind == "queue"
    assert steps["b8.reflection_running"].kind == "clock"
    assert steps["dublin.transfer_due"].kind == "gate"
    assert steps["b8.report"].kind == "step passed through"
    assert steps["b8.none"].kind == "resting place"


# ---- mistakes in the shipped files ----


@pytest.fixture(scope="module")
def all_texts() -> Mapping[str, Mapping[str, Step]]:
    """Make the steps of all regimes, once."""
    return texts_of_all_regimes()


def copied(folder: Path) -> Path:
    """Copy the procedure files into a folder."""
    target = folder / "procedures"
    target.mkdir()
    for path in PROCEDURES.glob("*.toml"):
        shutil.copy(path, target)
    return target


TYPING_MISTAKES = [
    ("b8.toml", '{ to = "grant_decision" }', '{ to = "grant_decison" }', "unknown step", "b8.grant_decision"),
    ("b8.toml", 'when = "asks_to_report"', 'when = "ask_to_report"', "unknown condition", "asks_to_report"),
    ("b8.toml", 'by     = "avim.intake"', 'by     = "avim.intakes"', "unknown pool", "avim.intake"),
    (
        "b8.toml",
        'takes  = "b8.intake_days"',
        'takes  = "b8.intake_day"',
        "unknown parameter",
        "b8.intake_days",
    ),
    ("b8.toml", 'law    = ["los-b83"]', 'law    = ["los-b38"]', "unknown source", "los-b83"),
    ("b8.toml", 'start = "none"', 'start = "non"', "unknown step", "b8.none"),
    (
        "b8.toml",
        '"investigation.interview"',
        '"investigation.intervew"',
        "unknown step",
        "investigation.interview",
    ),
    ("asylum.toml", 'track  = "asylum"', 'track  = "asylums"', "unknown track", "asylum.asylum"),
    ("investigation.toml", '"network:inv', '"networks:inv', "unknown address of a signal", "network"),
    ("investigation.toml", '"network:leads"', '"network:lead"', "unknown trait", "network:leads"),
    ("control.toml", "fear = { add", "fears = { add", "unknown trait", "fear"),
    (
        "dublin.toml",
        'counted_from = "clock_running"',
        'counted_from = "clock_runs"',
        "unknown step",
        "dublin.clock_running",
    ),
    ("conditions.toml", '"b8.objection"]', '"b8.objections"]', "unknown step", "b8.objection"),
    (
        "conditions.toml",
        'since = "asylum.registration"',
        'since = "asylum.registraton"',
        "unknown step",
        "asylum.registration",
    ),
    (
        "conditions.toml",
        '"b8.report_deadline_months"',
        '"b8.report_deadline"',
        "unknown parameter",
        "b8.report_deadline_months",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "problem", "near"), TYPING_MISTAKES)
def test_a_mistyped_name_is_found_where_it_stands(
    tmp_path: Path,
    all_texts: Mapping[str, Mapping[str, Step]],
    file: str,
    old: str,
    new: str,
    problem: str,
    near: str,
) -> None:
    folder = copied(tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_rulebook(
            Rulebook.load(folder),
            amended=all_texts,
            facts=[name for source in shipped() for name in source.file.fact],
            parameters=Parameters.load(),
            sources=reference_keys(),
        )
    assert any(
        f"{folder / file}: " in line and problem in line and f"nearest: {near}" in line for line in texts(caught.value)
    ), texts(caught.value)


# ---- mistakes in the structure, each in a procedure of a few steps ----

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
