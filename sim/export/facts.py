"""What the descriptions of the model say, read from procedures, regimes, behaviour, parameters and results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from sim.agents.behaviour import Authorities
from sim.evidence.observed import observed
from sim.export.results import Results
from sim.files.toml import read_toml
from sim.procedures.schema import Step
from sim.procedures.traits import FLAGS, LEVELS

RATIONALE: Final = Path(__file__).with_name("rationale.toml")


@cache
def rationale() -> Mapping[str, str]:
    """Return the texts that only a person can write, by name, each on one line."""
    return {name: " ".join(str(text).split()) for name, text in read_toml(RATIONALE).items()}


def written(name: str) -> str:
    """Return such a text as a paragraph that says that it is one."""
    return f"{rationale()[name]} *(written by hand)*\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def steps_of(results: Results) -> dict[str, Step]:
    """Return every step of any regime, with the text of the first regime that has it."""
    found: dict[str, Step] = {}
    for regime in results.loaded.values():
        for name, versions in regime.versions.items():
            found.setdefault(name, versions[0].step)
    return found


def steps_table(results: Results) -> str:
    """Return the steps: who acts, how long, what kind, from which source, how well it was read."""
    rows = [
        (
            f"`{name}`",
            step.title.en,
            step.by or step.actor,
            step.takes or "",
            step.kind.value,
            _listed(step.law),
            step.status,
        )
        for name, step in steps_of(results).items()
    ]
    return table(("step", "title", "who", "duration", "kind", "law", "status"), rows)


def tracks_table(results: Results) -> str:
    """Return the tracks of persons and networks, with how many steps each has."""
    tracks = {name: track for regime in results.loaded.values() for name, track in regime.tracks.items()}
    count = Counter(
        step.track if "." in step.track else f"{name.partition('.')[0]}.{step.track}"
        for name, step in steps_of(results).items()
    )
    rows = [(f"`{name}`", track.title.en, track.entity, count[name]) for name, track in tracks.items()]
    return table(("track", "title", "of", "steps"), rows)


def pools_table() -> str:
    """Return the pools of the authorities."""
    rows = [
        (f"`{name}`", pool.title.en, pool.kind, f"`{pool.capacity}`") for name, pool in Authorities.load().pool.items()
    ]
    return table(("pool", "title", "kind", "capacity"), rows)


def traits_text() -> str:
    """Return the traits and levels of a person."""
    return f"Traits (yes or no): {_names(FLAGS)}. Levels (0 to 1): {_names(LEVELS)}.\n"


def regimes_table(results: Results) -> str:
    """Return the regimes that were compared, layer by layer."""
    rows = [
        (
            f"`{name}`",
            layer.title.en,
            layer.instrument,
            layer.in_force or "from the start",
            _listed(layer.law),
            layer.status,
        )
        for name, regime in results.loaded.items()
        for layer in regime.layers
    ]
    return table(("regime", "layer", "instrument", "in force", "law", "status"), rows)


def readings_table(results: Results) -> str:
    """Return the answers to open legal questions under each regime."""
    names = list(results.loaded)
    questions = list(dict.fromkeys(q for regime in results.loaded.values() for q in regime.readings))
    rows = [
        (f"`{question}`", *(results.loaded[name].readings.get(question, "") for name in names))
        for question in questions
    ]
    return table(("question", *names), rows)


def decisions_table(results: Results) -> str:
    """Return the decisions: who, where, in which form, weighing what."""
    rows = [
        (f"`{name}`", decision.who, _names(decision.at), decision.form, _names(decision.factors))
        for name, decision in results.scenario.behaviour.decision.items()
    ]
    return table(("decision", "who", "at", "form", "weighs"), rows)


def hazards_table(results: Results) -> str:
    """Return the hazards: from where to where, at which rate, made faster or slower by what."""
    rows = [
        (
            f"`{name}`",
            hazard.who,
            _names(hazard.at),
            f"`{hazard.to}`",
            f"`{hazard.per_year}`",
            _names(hazard.times),
        )
        for name, hazard in results.scenario.behaviour.hazard.items()
    ]
    return table(("hazard", "who", "at", "to", "rate", "times"), rows)


def evidence_table(results: Results) -> str:
    """Return how many parameters have which evidence; of a run, of its scenario."""
    parameters = results.scenario.parameter_values().table()
    counts = Counter(zip(parameters["grade"].astype(str), parameters["status"].astype(str), strict=True))
    return table(("grade", "status", "parameters"), [(*key, number) for key, number in sorted(counts.items())])


def observed_text() -> str:
    """Return how many published figures there are, in how many series."""
    figures = observed()
    return f"{len(figures)} published figures in {figures['series'].nunique()} series (`sim/evidence/observed.csv`).\n"


def run_table(results: Results) -> str:
    """Return what was run."""
    receipt = results.receipt
    keys = (
        "scenario", "period", "people", "regimes", "hypotheses", "throughout", "seed", "replicates", "replicate",
        "transitions", "version", "source_hash", "scenario_hash", "python", "packages",
    )  # fmt: skip
    rows = [(key, _said(receipt[key])) for key in keys if key in receipt]
    return table(("what", "value"), rows)


def measures_text(results: Results) -> str:
    """Return what is measured, by area."""
    areas: dict[str, list[str]] = {}
    for measure, area in results.catalogue[["measure", "area"]].drop_duplicates().itertuples(index=False, name=None):
        areas.setdefault(area, []).append(measure)
    return "".join(f"- {area}: {_names(names)}\n" for area, names in areas.items())


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {said}" for key, said in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _names(names: Iterable[object]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _listed(keys: Iterable[str]) -> str:
    return "; ".join(keys)


def _cell(cell: object) -> str:
    return str(cell).replace("|", "\\|").replace("\n", " ")
