"""The manual: its commands, Python and files run; its tables, names and links are right; its words are neutral.

Each page is worked through from top to bottom in an empty folder, with a small scenario under the name of the shipped
one. ``python tests/project/test_docs.py`` writes the tables between ``<!-- table: NAME -->`` and ``<!-- end -->`` anew.
"""

from __future__ import annotations

import functools
import importlib
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sim.agents.behaviour import Authorities, Behaviour
from sim.cli import app, main
from sim.evidence.parameters import Parameters
from sim.evidence.passport import WEAKEST_FIRST
from sim.outcomes.groups import OUTCOMES, RULE_GROUPS, Groups
from sim.outcomes.measures import Measures
from sim.outcomes.recorded import Period, recorded_measures
from sim.policies.library import COMMAND, aliases, find, readings, shipped_layers, shipped_regimes
from sim.policies.regime import Regime
from sim.procedures.rulebook import Rulebook
from sim.procedures.traits import FLAGS, LEVELS, SHOCKS
from sim.report.phrases import GROUP_TITLES
from sim.scenarios.presets import shipped_hypotheses
from sim.scenarios.scenario import Scenario

PROJECT = Path(__file__).resolve().parents[2]
RECORDED = recorded_measures(Period(Scenario.load("netherlands").start, Scenario.load("netherlands").end))
DOCS = PROJECT / "docs"
PAGES = [
    PROJECT / "README.md",
    PROJECT / "CHANGELOG.md",
    *sorted(DOCS.glob("*.md")),
    *sorted(DOCS.glob("decisions/*.md")),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
FILE_NAME = re.compile(r"# ([\w.-]+\.toml)\n")
IN_CODE = re.compile(r"`([^`\n]+)`")
FILE_ENDINGS = (".html", ".toml", ".csv", ".json")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    text: str
    line: int


def page_id(page: Path) -> str:
    return str(page.relative_to(PROJECT))


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(m[1], m[2], text.count("\n", 0, m.start()) + 1) for m in FENCE.finditer(text)]


def lines_of(language: str) -> Iterator[str]:
    for page in PAGES:
        for block in blocks(page):
            if block.language == language:
                yield from block.text.splitlines()


every_page = pytest.mark.parametrize("page", PAGES, ids=page_id)
pages_that_run = pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=page_id)


# ---- what can be run ----


@pytest.fixture
def small_netherlands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the name of the shipped scenario mean fewer people, years and replicates, and start in an empty folder."""
    small = Scenario.load("netherlands").replace(
        start=Scenario.load("netherlands").start.replace(year=2019),
        end=Scenario.load("netherlands").end.replace(year=2020),
        inflow={"scale": 0.05},
        replicates=2,
    )
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "netherlands.toml").write_text(small.text(), encoding="utf-8")
    monkeypatch.setattr("sim.scenarios.reading.shipped_scenarios_dir", lambda: shipped)
    shutil.copytree(DOCS / "example_study", tmp_path / "empty" / "docs" / "example_study")
    monkeypatch.chdir(tmp_path / "empty")


@pages_that_run
@pytest.mark.usefixtures("small_netherlands")
def test_every_block_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {"__name__": page.stem}
    for block in blocks(page):
        where = f"{page_id(page)}, line {block.line}"
        if block.language == "sh":
            for line in block.text.splitlines():
                run_line(line, where, monkeypatch)
        elif block.language == "python":
            exec(compile("\n" * block.line + block.text, str(page), "exec"), names)
        elif block.language == "toml":
            run_toml(block.text)
        else:
            pytest.fail(f"{where}: a block in {block.language or 'no language'} that nothing tests")


def run_line(line: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = shlex.split(line)
    if words[0] == "make":
        targets = re.findall(r"^(\w+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert set(words[1:]) <= set(targets), where
        return
    assert words[0] == "b8sim", f"{where}: {line}: only b8sim and make"
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code in (0, None), f"{where}: {line}"


def run_toml(text: str) -> None:
    """Check a file if it has a name in its first line, and keep it; else see that it is TOML."""
    from sim.cli.checking import check

    named = FILE_NAME.match(text)
    if named:
        Path(named[1]).write_text(text, encoding="utf-8")
        assert check([named[1]])[0].endswith(": ok")
    else:
        assert tomllib.loads(text)


def test_every_command_is_in_the_manual() -> None:
    shown = {shlex.split(line)[1] for line in lines_of("sh") if line.startswith("b8sim ")}
    assert shown == {command.name for command in app.registered_commands}


def test_quoted_models_are_the_shipped_ones() -> None:
    shipped = tomllib.loads((PROJECT / "sim/agents/behaviour.toml").read_text(encoding="utf-8"))
    quoted = 0
    for block in blocks(DOCS / "behaviour.md"):
        if block.language == "toml":
            for kind, models in tomllib.loads(block.text).items():
                for name, model in models.items():
                    assert model == shipped[kind][name]
                    quoted += 1
    assert quoted == 3


# ---- what the pages promise to list in full ----


@pytest.mark.usefixtures("small_netherlands")
def test_every_file_and_column_of_results_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    explained = set(IN_CODE.findall(prose(DOCS / "results.md")))
    run_line("b8sim compare netherlands --quiet --out compared", "", monkeypatch)
    run_line("b8sim run netherlands --regime vc_2018 --out run", "", monkeypatch)
    traits = {*FLAGS, *LEVELS}
    for folder in (Path("compared"), Path("run")):
        for file in folder.iterdir():
            name = file.name + ("/" if file.is_dir() else "")
            assert name in explained or name.replace(".parquet", ".csv") in explained
            if file.suffix == ".csv":
                assert set(pd.read_csv(file, nrows=0).columns) - traits <= explained
    import json

    for folder in (Path("compared"), Path("run")):
        assert json.loads((folder / "receipt.json").read_text(encoding="utf-8")).keys() <= explained
    assert {*OUTCOMES, *RULE_GROUPS} <= explained


def test_every_key_of_a_scenario_is_explained() -> None:
    from sim.scenarios.scenario import DatedCapacity, Event, Header, Inflow, Programme, ScenarioFile, Switches

    example = next(block.text for block in blocks(DOCS / "scenarios.md") if block.language == "toml")
    content = tomllib.loads(example)
    keys = {field.alias or name for name, field in ScenarioFile.model_fields.items()}
    assert content.keys() == {*keys, "extends"} - {"hypotheses_included"}, "which b8sim writes, and nobody else"
    for model, table in (
        (Header, content["scenario"] | {"own": "on a page of its own"}),
        (Inflow, content["inflow"] | {"persons": "instead of scale"}),
        (Event, content["shock"][0]),
        (Programme, content["programme"][0]),
        (Switches, content["switches"]),
        (DatedCapacity, content["capacity"]["avim.report"][0]),
    ):
        assert table.keys() == {field.alias or name for name, field in model.model_fields.items()}
    explained = set(IN_CODE.findall(prose(DOCS / "scenarios.md")))
    assert {f"scenario.{name}" for name in Header.model_fields} <= explained
    assert {f"inflow.{name}" for name in Inflow.model_fields} <= explained
    assert {"word_of_mouth", "capacity_times"} <= explained
    assert {*keys - {"scenario", "inflow"}, "extends", *SHOCKS} <= explained


def test_every_key_of_a_regime_is_explained() -> None:
    from sim.policies.schema import KEYS, AppliesTo, Fact, Head, NewBranch, NewStep

    page = (DOCS / "regimes.md").read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", page))
    keys = {key for kind in KEYS.values() for key in kind}
    keys |= {*Head.model_fields, *AppliesTo.model_fields, *NewBranch.model_fields, *Fact.model_fields}
    keys |= {"counted_in", "left_by", "reading", "period", "layer"}
    assert {"counted_in", "left_by", "reading"} <= NewStep.model_fields.keys()
    assert keys - words == set()


def test_every_unit_and_grade_is_explained() -> None:
    from typing import get_args

    from sim.evidence.passport import Grade, Passport, Status, Unit

    explained = set(IN_CODE.findall(prose(DOCS / "parameters.md")))
    assert {*get_args(Unit), *get_args(Grade), *get_args(Status), *Passport.model_fields} <= explained


def test_most_parameters_are_assumptions_or_judgements() -> None:
    grades = [Parameters.load().passport(name).grade for name in Parameters.load()]
    weak = sum(grade in ("assumption", "judgement") for grade in grades)
    assert weak > len(grades) / 2, "README.md says that most numbers are"


def test_a_row_is_as_small_as_the_manual_says() -> None:
    from sim.engine.state import State
    from sim.runs.world import make_world, people_of, population_of

    scenario = Scenario.load("netherlands").replace(inflow={"scale": 0.001})
    for name in shipped_regimes():
        world = make_world(scenario, Regime.load(name))
        people = population_of(scenario, people_of(scenario), 1, 0)
        assert State(world.tables, world.catalogue, people.entities).rows.itemsize < 300


def test_picture_is_small_and_made_by_the_program() -> None:
    picture = (DOCS / "picture.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert b"Software\0b8sim" in picture
    assert len(picture) < 200_000


# ---- tables ----


@every_page
def test_tables_are_right(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert with_tables(text) == text, "python tests/project/test_docs.py writes the tables anew"


def test_every_table_is_shown() -> None:
    shown = [m[2] for page in PAGES for m in TABLE.finditer(page.read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(TABLES)


def with_tables(text: str) -> str:
    return TABLE.sub(lambda m: f"{m[1]}\n{TABLES[m[2]]()}\n{m[4]}", text)


def table(head: str, rows: list[tuple[Any, ...]]) -> str:
    """Write a table; ``head`` has the columns with bars between them."""
    columns = head.split("|")
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def code(name: str) -> str:
    return f"`{name}`"


def regimes_table() -> str:
    short = {name: alias for alias, name in aliases().items()}
    rows = []
    for name in shipped_regimes():
        file = find(name, COMMAND).file
        head = file.head
        amends = code(head.amends) if head.amends else "a calendar" if file.period else "the base text"
        rows.append((code(name), short[name], head.title.en, head.in_force or "", amends, head.status))
    return table("name|alias|title|in force|amends|status", rows)


def layers_table() -> str:
    heads = [(name, find(name, COMMAND).file.head) for name in shipped_layers()]
    rows = [(code(name), head.title.en, head.in_force, head.status) for name, head in heads]
    return table("name|title|in force|status", rows)


def readings_table() -> str:
    rows = []
    for question, reading in readings().items():
        options = [
            f"**{code(name)}**: {option.title.en}" if name == reading.default else f"{code(name)}: {option.title.en}"
            for name, option in reading.options.items()
        ]
        rows.append((question, reading.question.en, "; ".join(options)))
    return table("id|question|answers", rows)


def grades_table() -> str:
    grades = [Parameters.load().passport(name).grade for name in Parameters.load()]
    rows = [(code(grade), grades.count(grade)) for grade in reversed(WEAKEST_FIRST)]
    return table("grade|parameters", rows)


def scenarios_table() -> str:
    files = sorted((PROJECT / "scenarios").glob("*.toml"))
    scenarios = [Scenario.load(file) for file in files]
    rows = [(code(s.name), s.title, s.document.scenario.description) for s in scenarios]
    return table("name|title|what it is", rows)


def groups_table() -> str:
    rows = [(code(name), GROUP_TITLES[name]) for name in (*Groups.load().names, *RULE_GROUPS)]
    return table("group|who", rows)


def measures_table() -> str:
    rows = [(m.area, code(name), m.title.en, m.unit) for name, m in Measures.load().measure.items()]
    return table("area|measure|title|unit", rows)


def recorded_table() -> str:
    return table("measure|title|unit", [(code(name), title, unit) for name, (unit, title) in RECORDED.items()])


def hypotheses_table() -> str:
    text = []
    for preset in shipped_hypotheses():
        head, changes = preset.document.hypothesis, preset.changes
        text += [f"## {head.id}. {head.title}", "", f"`{preset.name}`, held by: {'; '.join(head.holder)}.", ""]
        text += [head.mechanism, "", f"*How one would know*: {head.signature}", ""]
        text += ["*What it cannot reproduce*:", "", *(f"- {fact}" for fact in head.fails), ""]
        if changes.pop("parameters", None):
            rows = [_changed(name, value) for name, value in preset.document.parameters.items()]
            text += [table("parameter|here|else|range|unit", rows)]
        for kind, value in changes.items():
            said = [f"{key} = {setting}" for key, setting in value.items()] if isinstance(value, dict) else value
            text += [f"`{kind}`: {', '.join(said) or 'none'}", ""]
        text += [f"Sources: {', '.join(head.law)}", ""]
    return "\n".join(text)


def _changed(name: str, value: float) -> tuple[str, ...]:
    passport = Parameters.load().passport(name)
    return code(name), f"{value:g}", f"{passport.value:g}", f"{passport.low:g} to {passport.high:g}", passport.unit


def steps_table() -> str:
    rows = []
    for name, step in Rulebook.load().steps.items():
        rows.append((code(name), step.title.en, step.title.nl, step.actor, ", ".join(step.id)))
    return table("step|English|Dutch|who acts|id", rows)


def decisions_table() -> str:
    rows = []
    for page in sorted(DOCS.glob("decisions/0*.md")):
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        number, _, words = title.partition(". ")
        assert page.name.startswith(f"{int(number):04d}-")
        rows.append((number, f"[{words}]({page.name})"))
    return table("|decision", rows)


TABLES: dict[str, Callable[[], str]] = {
    "regimes": regimes_table,
    "layers": layers_table,
    "readings": readings_table,
    "grades": grades_table,
    "scenarios": scenarios_table,
    "groups": groups_table,
    "measures": measures_table,
    "recorded": recorded_table,
    "steps": steps_table,
    "hypotheses": hypotheses_table,
    "decisions": decisions_table,
}


# ---- names, links, words ----


@functools.cache
def known_names() -> frozenset[str]:
    """Return the dotted names that a page can mean: steps, tracks, parameters, pools, parts of files."""
    names = {step for regime in shipped_regimes() for step in Regime.load(regime).versions}
    names |= {step for name in shipped_regimes() for step in find(name, COMMAND).file.step}  # under any reading
    names |= {*Rulebook.load().tracks, *Parameters.load(), *Authorities.load().pool}
    from sim.scenarios.scenario import Header, Inflow

    names |= {f"scenario.{key}" for key in Header.model_fields}
    return frozenset(names | {f"inflow.{key}" for key in Inflow.model_fields})


@functools.cache
def known_words() -> frozenset[str]:
    """Return names without a dot that a page can mean: conditions, decisions, traits, facts, measures, ..."""
    behaviour = Behaviour.load()
    words = {*Rulebook.load().conditions, *behaviour.decision, *behaviour.hazard, *FLAGS, *LEVELS, *SHOCKS}
    words |= {*Measures.load().measure, *RECORDED, *Groups.load().names, *RULE_GROUPS, *OUTCOMES}
    words |= {*shipped_regimes(), *shipped_layers(), *aliases()}
    for name in shipped_regimes():
        words |= {*find(name, COMMAND).file.fact}
    return frozenset(words)


@every_page
def test_names_exist(page: Path) -> None:
    areas = "|".join({name.partition(".")[0] for name in known_names()})
    for name in IN_CODE.findall(prose(page)):
        if re.fullmatch(rf"({areas})\.[a-z_0-9A-Z]+", name) and not name.endswith(FILE_ENDINGS):
            assert name in known_names(), name
        elif re.fullmatch(r"sim(\.\w+)+", name):
            assert import_works(name), name
        elif re.fullmatch(r"(sim|scenarios|docs|tests)/\S+", name):
            assert list(PROJECT.glob(name)), name


def import_works(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(module), attribute)
    return True


def test_names_of_the_glossary_exist() -> None:
    text = prose(DOCS / "glossary.md")
    rows = [line for line in TABLE.sub("", text).splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in IN_CODE.findall(row.split("|")[1])]
    assert len(named) > 60
    assert set(named) <= known_names() | known_words()


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads], link


def test_every_page_can_be_reached() -> None:
    reached, waiting = set(), [PROJECT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            links = [link.partition("#")[0] for link in LINK.findall(prose(page)) if ".md" in link]
            waiting += [(page.parent / link).resolve() for link in links if not link.startswith("https:")]
    assert set(PAGES) <= reached


UNWANTED = re.compile(
    r"\b(significan\w*|illegal\w*|bogus|fraud\w*|abus\w*|alien (?!s)|obviously|simply|todo|tbd|fixme"
    r"|better|worse|proves?|prevents? misuse)\b|/work/|/tmp/|/home/|/root/",
    re.IGNORECASE,
)


@every_page
def test_words_are_neutral_and_say_nothing_of_a_machine(page: Path) -> None:
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        found = UNWANTED.search(line)
        assert not found, f"{page_id(page)}, line {number}: {found[0] if found else ''}"


if __name__ == "__main__":
    for changed in PAGES:
        before = changed.read_text(encoding="utf-8")
        after = with_tables(before)
        if after != before:
            changed.write_text(after, encoding="utf-8")
            print(page_id(changed))
