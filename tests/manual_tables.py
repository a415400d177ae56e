"""The tables of the manual that are made from the shipped law, parameters, measures, scenarios and decisions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from manual_pages import DOCS, PROJECT

from sim.evidence.parameters import Parameters
from sim.evidence.passport import WEAKEST_FIRST
from sim.outcomes.groups import RULE_GROUPS, Groups
from sim.outcomes.measures import Measures
from sim.outcomes.recorded import Period, recorded_measures
from sim.policies.library import COMMAND, aliases, find, readings, shipped_layers, shipped_regimes
from sim.procedures.conditions import StepId
from sim.procedures.rulebook import Rulebook
from sim.report.phrases import GROUP_TITLES
from sim.scenarios.presets import shipped_hypotheses
from sim.scenarios.scenario import Scenario

RECORDED = recorded_measures(Period(Scenario.load("netherlands").start, Scenario.load("netherlands").end))
TABLE = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


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
        text += [head.mechanism, "", f"*What would show it*: {head.signature}", ""]
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


STATUSES = ("read", "secondary", "assumed")


def counted(statuses: list[str]) -> tuple[int, ...]:
    return len(statuses), *(statuses.count(status) for status in STATUSES)


def law_status_table() -> str:
    steps = Rulebook.load().steps
    procedures = dict.fromkeys(step.procedure for step in map(StepId, steps))
    rows: list[tuple[Any, ...]] = []
    for procedure in procedures:
        of_it = [step.status for name, step in steps.items() if StepId(name).procedure == procedure]
        rows.append((f"steps of {code(procedure)}", *counted(of_it)))
    rows.append(("**all steps**", *counted([step.status for step in steps.values()])))
    amendments: list[str] = []
    for name in (*shipped_regimes(), *shipped_layers()):
        of_it = [status for _, _, status, _ in amendments_of(name)]
        amendments += of_it
        if of_it:
            rows.append((f"amendments of {code(name)}", *counted(of_it)))
    rows.append(("**all amendments**", *counted(amendments)))
    rows.append(("**open questions**", *counted([reading.status for reading in readings().values()])))
    return table("what|number|read|secondary|assumed", rows)


def amendments_of(name: str) -> list[tuple[str, str, str, str]]:
    """Return what a regime or layer changes: the target, what is done, the status, why; new steps too."""
    file = find(name, COMMAND).file
    found = [(change.target, "amended", change.status or file.head.status, change.why) for change in file.amend]
    return found + [(step, "new", new.status, new.title.en) for step, new in file.step.items()]


def law_not_read_table() -> str:
    rows = [
        (code(name), step.title.en, step.article, step.status)
        for name, step in Rulebook.load().steps.items()
        if step.status != "read"
    ]
    return table("step|title|article|status", rows)


def amendments_not_read_table() -> str:
    rows = []
    for name in (*shipped_regimes(), *shipped_layers()):
        if not aliases_of(name).startswith("P"):
            rows += [
                (code(name), code(target), why, status)
                for target, _, status, why in amendments_of(name)
                if status != "read"
            ]
    return table("regime|what|why|status", rows)


def aliases_of(name: str) -> str:
    return next(iter(find(name, COMMAND).file.head.aliases), "")


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
    "law_status": law_status_table,
    "law_not_read": law_not_read_table,
    "amendments_not_read": amendments_not_read_table,
    "hypotheses": hypotheses_table,
    "decisions": decisions_table,
}
